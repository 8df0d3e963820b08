"""A rating entered in error: retracted by two persons, neither of the rated unit."""

from dataclasses import replace

import pytest
import requests_of_residents as residents
from field import CALLER, LEADER, SUPERVISOR, UNIT
from given import person
from ratings import AT, CLOSED, EXCLUDED, RECEIVE, RECEIVED, at

from domain.actor import Role
from domain.correcting import ProposeRetraction, RuleOnCorrection
from domain.rating import RatingStage
from domain.request_events import Protection

RETRACT = ProposeRetraction(version=1, reason="录入错误")
APPROVE = RuleOnCorrection(approved=True, reason="核对无误")


def test_frees_the_request():
    asked = replace(RECEIVE, unit=None, service="", request=residents.AT, protection=Protection.CONFIDENTIAL)
    given = residents.at(residents.ANSWERED)
    given.when(asked, AT, by=CALLER)
    given.when(RETRACT, AT, by=SUPERVISOR)
    given.when(APPROVE, AT, by=LEADER)
    state = given.states[AT]
    assert (state.stage, state.claims) == (RatingStage.WITHDRAWN, ())


@pytest.mark.parametrize("stage", [CLOSED, EXCLUDED], ids=lambda stage: stage[0])
def test_not_once_it_is_settled(stage):
    assert at(stage).refused(RETRACT, AT, by=SUPERVISOR).rule == "rested_upon"


def test_not_in_the_rated_unit():
    given = at(RECEIVED)
    assert given.refused(RETRACT, AT, by=person("x", Role.SUPERVISOR, unit=UNIT)).rule == "own_rating"
    given.when(RETRACT, AT, by=SUPERVISOR)
    assert given.refused(APPROVE, AT, by=person("y", Role.LEADER, unit=UNIT)).rule == "own_rating"
