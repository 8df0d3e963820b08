"""A commitment promised in answer to a request, and the request that follows it."""

from dataclasses import replace
from datetime import date

import pytest
from field import CALLER, DISPATCHER, LEADER, OFFICER, SUPERVISOR, UNIT
from given import Given, person
from requests_of_residents import (
    ANSWER,
    ANSWERED,
    AT,
    CALL_BACK,
    CLOSED,
    COMMITMENT,
    IN_HAND,
    LINKED,
    MAIN,
    PROMISE,
    PROMISED,
    PROPOSE,
    REDO,
    WITHDRAWN,
    at,
    promise,
    propose,
)

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_answering import RequestsTakenUp
from domain.commitment_closing import TerminateCommitment
from domain.commitment_events import CommitmentProposed
from domain.request import RequestStage
from domain.request_events import RequestPromised
from domain.sealed import Sealed

TERMINATE = TerminateCommitment(ground="并入农村公路改造")


def promised() -> Given:
    given = at(IN_HAND)
    promise(given)
    return given


def test_a_commitment_names_the_request_and_the_request_follows_it():
    given = promised()
    proposed, taken_up, _ = given.history[COMMITMENT]
    assert isinstance(proposed, CommitmentProposed)
    assert (proposed.targets, proposed.requests) == ((), ())
    assert taken_up == RequestsTakenUp(requests=(AT,))
    assert given.states[COMMITMENT].claims == (f"commitment request {AT} - {UNIT}",)
    assert given.when(PROMISE, AT, by=DISPATCHER) == [
        RequestPromised(
            commitment=COMMITMENT,
            due_on=date(2011, 12, 20),
            reply=Sealed(AT, "年内整体改造"),
            by=DISPATCHER.person,
        )
    ]
    assert given.states[AT].stage is RequestStage.PROMISED


@pytest.mark.parametrize("stage", [LINKED, CLOSED, WITHDRAWN], ids=lambda stage: stage[0])
def test_nothing_is_promised_for_a_request_that_needs_no_answer(stage):
    given = at(stage)
    refusal = given.refused(PROPOSE, COMMITMENT, by=SUPERVISOR)
    assert (refusal.rule, refusal.field, refusal.state) == ("request_over", "answers", stage[0].value)


def test_the_unit_answers_when_the_commitment_has_ended():
    given = at(PROMISED)
    refusal = given.refused(ANSWER, AT, by=OFFICER)
    assert (refusal.rule, refusal.allowed) == ("promise_running", ("withdraw_request",))
    given.when(TERMINATE, COMMITMENT, by=DISPATCHER)
    assert given.states[COMMITMENT].stage is Stage.TERMINATED
    given.when(ANSWER, AT, by=OFFICER)
    given.when(CALL_BACK, AT, by=CALLER)
    given.when(REDO, AT, by=SUPERVISOR)
    assert given.states[AT].commitment is None
    # A redo is answered by the clock of requests again.
    given.when(ANSWER, AT, by=OFFICER)


def test_it_follows_what_is_registered_and_open():
    given = at(IN_HAND)
    propose(given)
    refusal = given.refused(PROMISE, AT, by=SUPERVISOR)
    assert (refusal.rule, refusal.field, refusal.state) == ("promise_not_open", "commitment", "proposed")
    ended = promised()
    ended.when(TERMINATE, COMMITMENT, by=DISPATCHER)
    assert ended.refused(PROMISE, AT, by=SUPERVISOR).state == "terminated"


def test_it_follows_a_commitment_that_names_it():
    given = at(ANSWERED)
    other = promised()
    other.happened("stranger", *given.history[AT][:-1])
    assert other.refused(PROMISE, "stranger", by=SUPERVISOR).rule == "promise_of_another"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DISPATCHER])
def test_the_unit_does_not_lengthen_its_own_clock(role: Role):
    assert promised().refused(PROMISE, AT, by=person("own", role, unit=UNIT)).rule == "own_call_back"
    assert promised().refused(PROMISE, AT, by=OFFICER).rule == "role_not_allowed"
    assert promised().refused(PROMISE, AT, by=LEADER).rule == "role_not_allowed"


def test_what_the_person_is_told_is_needed():
    refusal = promised().refused(replace(PROMISE, reply=" "), AT, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("text_empty", "reply")


def test_a_request_is_named_once_and_open_at_one_commitment_of_a_unit():
    given = at(IN_HAND)
    assert given.refused(replace(PROPOSE, answers=(AT, AT)), COMMITMENT, by=SUPERVISOR).rule == "served_twice"
    assert given.refused(replace(PROPOSE, answers=()), COMMITMENT, by=SUPERVISOR).rule == "serves_count"
    propose(given)
    given.when(replace(PROPOSE, answers=(AT, MAIN)), "again", by=SUPERVISOR)
    assert set(given.states[COMMITMENT].claims) < set(given.states["again"].claims)
