"""Commendation lists: proposed with reasons, approved by a leader, never automatic."""

from dataclasses import replace

import pytest
from field import LEADER, OTHER_UNIT, SECOND_SUPERVISOR, SUPERVISOR, UNIT, the_field
from given import TODAY, Given, person

from domain.actor import Role
from domain.assessment import AssessmentPublished, AssessmentWithdrawn, UnitAssessed
from domain.assessment_score import Figure, Part, score
from domain.commendation import (
    ApproveCommendation,
    CommendationApproved,
    CommendationProposed,
    CommendationRefused,
    CommendationRevoked,
    CommendationStage,
    Nominated,
    Nominee,
    ProposeCommendation,
    RefuseCommendation,
    RevokeCommendation,
)
from domain.refusal import Kind
from domain.rules import DEFAULT

FIRST, SECOND = Nominee(assessment="a1", reason="按期兑现"), Nominee(assessment="a2", reason="群众认可")
PROPOSE = ProposeCommendation(year=2011, title="先进单位", nominees=(FIRST, SECOND))
APPROVE = ApproveCommendation(note="同意")
REFUSE = RefuseCommendation(reason="再议")
REVOKE = RevokeCommendation(reason="考核有误")
PROPOSED = ((PROPOSE, SUPERVISOR),)
APPROVED = (*PROPOSED, (APPROVE, LEADER))
REFUSED = (*PROPOSED, (REFUSE, LEADER))
REVOKED = (*APPROVED, (REVOKE, LEADER))


def assessed(given: Given, name: str, unit=UNIT, *, year: int = 2011, counted: bool = True, published: bool = True):
    figures = (Figure(part=Part.SOLVED, numerator=1, denominator=2),) if counted else ()
    given.happened(
        name,
        UnitAssessed(
            unit=unit,
            year=year,
            known_at=1,
            figures_on=TODAY,
            result=score(figures, DEFAULT),
            edition="1",
            by=SUPERVISOR.person,
        ),
    )
    if published:
        given.happened(name, AssessmentPublished(by=SECOND_SUPERVISOR.person))


def after(steps=()) -> Given:
    given = the_field()
    assessed(given, "a1")
    assessed(given, "a2", OTHER_UNIT)
    for command, by in steps:
        given.when(command, "list", by=by)
    return given


def test_a_list_is_proposed_with_reasons():
    given = after()
    assert given.when(PROPOSE, "list", by=SUPERVISOR) == [
        CommendationProposed(
            year=2011,
            title="先进单位",
            nominated=(
                Nominated(assessment="a1", unit=UNIT, score=5_000, reason="按期兑现"),
                Nominated(assessment="a2", unit=OTHER_UNIT, score=5_000, reason="群众认可"),
            ),
            by=SUPERVISOR.person,
        )
    ]
    assert given.states["list"].claims == ("commendation 2011 先进单位",)
    assert given.states["list"].stage is CommendationStage.PROPOSED


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"nominees": ()}, "nominees", "nominees"),
        ({"nominees": (FIRST, FIRST)}, "nominees", "nominees"),
        ({"nominees": (FIRST,) * 101}, "nominees", "nominees"),
        ({"nominees": (replace(FIRST, reason=""),)}, "text_empty", "nominees.reason"),
        ({"title": ""}, "text_empty", "title"),
        ({"year": 2010}, "assessment_of_other_year", "nominees.assessment"),
        ({"nominees": (replace(FIRST, assessment="draft"),)}, "assessment_not_published", "nominees.assessment"),
        ({"nominees": (replace(FIRST, assessment="empty"),)}, "score_missing", "nominees.assessment"),
    ],
)
def test_what_is_no_list(changes, rule: str, field: str):
    given = after()
    assessed(given, "draft", published=False)
    assessed(given, "empty", counted=False)
    refusal = given.refused(replace(PROPOSE, **changes), "list", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_one_unit_is_a_list():
    [proposed] = after().when(replace(PROPOSE, nominees=(FIRST,)), "list", by=SUPERVISOR)
    assert [one.assessment for one in proposed.nominated] == ["a1"]


def test_a_unit_without_a_score_is_not_nominated_yet():
    given = after()
    assessed(given, "empty", counted=False)
    refusal = given.refused(replace(PROPOSE, nominees=(replace(FIRST, assessment="empty"),)), "list", by=SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("score_missing", Kind.CONFLICT)


def test_a_leader_approves_it():
    given = after(PROPOSED)
    assert given.refused(replace(APPROVE, note=""), "list", by=LEADER).field == "note"
    assert given.when(APPROVE, "list", by=LEADER) == [CommendationApproved(note="同意", by=LEADER.person)]
    assert given.states["list"].claims


def test_only_while_every_assessment_is_published():
    given = after(PROPOSED)
    given.happened("a2", AssessmentWithdrawn(reason="有误", by=LEADER.person))
    refusal = given.refused(APPROVE, "list", by=LEADER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("assessment_not_published", Kind.CONFLICT, "withdrawn")


def test_not_by_the_proposer_and_not_by_a_nominee():
    given = after(PROPOSED)
    proposer = person("supervisor", Role.LEADER)
    for command in (APPROVE, REFUSE):
        assert given.refused(command, "list", by=proposer).rule == "same_person"
    assert after(APPROVED).refused(REVOKE, "list", by=proposer).rule == "same_person"
    for unit in (UNIT, OTHER_UNIT):
        refusal = given.refused(APPROVE, "list", by=person("leader", Role.LEADER, unit=unit))
        assert (refusal.rule, refusal.kind) == ("own_commendation", Kind.FORBIDDEN)
    assert given.when(APPROVE, "list", by=person("leader", Role.LEADER, unit="third"))


def test_a_leader_refuses_it():
    given = after(PROPOSED)
    assert given.refused(replace(REFUSE, reason=""), "list", by=LEADER).field == "reason"
    assert given.when(REFUSE, "list", by=LEADER) == [CommendationRefused(reason="再议", by=LEADER.person)]
    assert (given.states["list"].stage, given.states["list"].claims) == (CommendationStage.REFUSED, ())


def test_a_leader_revokes_it():
    given = after(APPROVED)
    assert given.refused(replace(REVOKE, reason=""), "list", by=LEADER).field == "reason"
    assert given.when(REVOKE, "list", by=LEADER) == [CommendationRevoked(reason="考核有误", by=LEADER.person)]
    assert (given.states["list"].stage, given.states["list"].claims) == (CommendationStage.REVOKED, ())


IN_TURN = {
    CommendationStage.PROPOSED: ("approve_commendation", "refuse_commendation"),
    CommendationStage.APPROVED: ("revoke_commendation",),
    CommendationStage.REFUSED: (),
    CommendationStage.REVOKED: (),
}


@pytest.mark.parametrize("steps", [PROPOSED, APPROVED, REFUSED, REVOKED], ids=lambda steps: steps[-1][0].NAME)
@pytest.mark.parametrize("command", [APPROVE, REFUSE, REVOKE], ids=lambda command: command.NAME)
def test_out_of_turn(steps, command):
    given = after(steps)
    stage = given.states["list"].stage
    if command.NAME in IN_TURN[stage]:
        assert given.decide(command, "list", by=LEADER)
        return
    refusal = given.refused(command, "list", by=LEADER)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", stage.value, IN_TURN[stage])
