"""The end of it: close, re-check, terminate."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from field import CALLER, DISPATCHER, HOUSEHOLD, LEADER, OFFICER, SECOND_SUPERVISOR, SUPERVISOR, UNIT
from given import Given, person
from matter import DUE, INSPECTOR, MATTER, PROPOSAL, SECOND_LEADER, SECOND_UNIT, at, photo, state, step, steps

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_closing import CloseCommitment, RecheckCommitment, TerminateCommitment
from domain.commitment_events import (
    CommitmentArchived,
    CommitmentClosed,
    CommitmentContinued,
    CommitmentReopened,
    CommitmentTerminated,
)
from domain.commitment_review import VerifyCommitment
from domain.commitment_terms import Outcome
from domain.ids import CommitmentId
from domain.refusal import Kind
from domain.rules import DEFAULT
from domain.sealed import Sealed

CLOSE = CloseCommitment(outcome=Outcome.FULFILLED)
KEPT = RecheckCommitment(kept=True, note=" 良好 ")
NEWER = CommitmentId("newer")
AGAIN = date(2011, 12, 31)


def rebound(**more: Any) -> RecheckCommitment:
    return RecheckCommitment(kept=False, note=" 反弹 ", **more)


def verified(quantity: int) -> Given:
    given = at(Stage.REPORTED)
    step(given, "record_call_back")
    given.when(VerifyCommitment(quantity=quantity), MATTER, by=SUPERVISOR)
    return given


@pytest.fixture
def due() -> Given:
    """Closed 30 days ago: the first day of the re-check."""
    given = at(Stage.CLOSED)
    given.later(days=30)
    return given


@pytest.mark.parametrize("by", [LEADER, SECOND_LEADER, SECOND_SUPERVISOR])
def test_a_second_approver_closes(by):
    given = verified(120)
    command = CloseCommitment(outcome=Outcome.FULFILLED, note=" 同意 ")
    assert given.when(command, MATTER, by=by) == [
        CommitmentClosed(
            outcome=Outcome.FULFILLED,
            note="同意",
            recheck_from=date(2011, 7, 15),
            recheck_until=date(2011, 9, 13),
            by=by.person,
        )
    ]
    matter = state(given)
    assert (matter.stage, matter.claims) == (Stage.CLOSED, ())
    assert matter.review is not None
    assert matter.review.closed_by == by.person


@pytest.mark.parametrize(
    ("who", "barred"), [("supervisor", True), ("head", True), ("second-supervisor", False), ("officer", False)]
)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEADER])
def test_two_hands_at_closing(who: str, barred: bool, role: Role):
    """Neither the verifier (supervisor) nor the reporter (head), in whichever role."""
    given = verified(120)
    by = person(who, role)
    if barred:
        refusal = given.refused(CLOSE, MATTER, by=by)
        assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    else:
        assert given.when(CLOSE, MATTER, by=by)


@pytest.mark.parametrize("outcome", Outcome)
def test_fulfilled_means_the_whole_target(outcome: Outcome):
    assert verified(120).when(CloseCommitment(outcome=outcome), MATTER, by=LEADER)[0].outcome is outcome
    short = verified(119)
    command = CloseCommitment(outcome=outcome)
    if outcome is Outcome.FULFILLED:
        refusal = short.refused(command, MATTER, by=LEADER)
        assert (refusal.rule, refusal.field) == ("quantity_short", "outcome")
    else:
        assert short.when(command, MATTER, by=LEADER)


def test_the_recheck_keeps_the_rules_of_its_closing():
    given = verified(120)
    given.rules = replace(DEFAULT, recheck_after_days=10, recheck_before_days=20)
    given.when(CLOSE, MATTER, by=LEADER)
    given.rules = DEFAULT
    given.later(days=10)
    assert given.when(KEPT, MATTER, by=INSPECTOR)


def test_kept_is_archived(due: Given):
    evidence = (photo(due),)
    assert due.when(replace(KEPT, evidence=evidence), MATTER, by=INSPECTOR) == [
        CommitmentArchived(note="良好", evidence=evidence, filed_at=due.now)
    ]
    assert (state(due).stage, state(due).claims) == (Stage.ARCHIVED, ())


def test_a_rebound_reopens_the_same_commitment(due: Given):
    evidence = (photo(due),)
    assert due.when(rebound(due_on=AGAIN, evidence=evidence), MATTER, by=INSPECTOR) == [
        CommitmentReopened(note="反弹", evidence=evidence, filed_at=due.now, due_on=AGAIN)
    ]
    matter = state(due)
    assert (matter.stage, matter.due_on, matter.terms.original_due_on) == (Stage.IN_PROGRESS, AGAIN, DUE)
    assert matter.review is None
    assert matter.claims == ("commitment policy policy housing household unit",)
    step(due, "report_fulfilment", "record_call_back", "verify_commitment", "close_commitment")
    assert state(due).stage is Stage.CLOSED


def test_a_rebound_is_claimed_for_the_unit_that_leads_now():
    given = at(Stage.ASSIGNED)
    step(given, "reassign_commitment")
    officer = person("second-officer", Role.UNIT_OFFICER, Role.UNIT_HEAD, unit=SECOND_UNIT)
    for name, by in (
        ("acknowledge_commitment", officer),
        ("report_fulfilment", officer),
        ("record_call_back", CALLER),
        ("verify_commitment", SUPERVISOR),
        ("close_commitment", LEADER),
    ):
        command, _ = steps(given)[name]
        given.when(command, MATTER, by=by)
    given.later(days=30)
    given.when(rebound(due_on=AGAIN), MATTER, by=INSPECTOR)
    assert state(given).claims == ("commitment policy policy housing household second-unit",)


@pytest.mark.parametrize(("days", "timely"), [(0, False), (29, False), (30, True), (60, True), (90, True), (91, False)])
def test_the_recheck_lies_thirty_to_ninety_days_later(days: int, timely: bool):
    given = at(Stage.CLOSED)
    given.later(days=days)
    for command in (KEPT, rebound(due_on=AGAIN)):
        if timely:
            assert given.decide(command, MATTER, by=INSPECTOR)
        else:
            refusal = given.refused(command, MATTER, by=INSPECTOR)
            assert (refusal.rule, refusal.kind, refusal.state) == ("recheck_window", Kind.OUT_OF_TURN, "closed")
            assert refusal.allowed == ()
            for said in (refusal.zh, refusal.en):
                assert "2011-07-15" in said
                assert "2011-09-13" in said


@pytest.mark.parametrize(
    ("who", "barred"),
    [("head", True), ("supervisor", True), ("second-leader", True), ("inspector", False), ("caller", False)],
)
def test_two_hands_at_the_recheck(due: Given, who: str, barred: bool):
    """Nobody who reported, verified or closed it."""
    by = person(who, Role.INSPECTOR)
    for command in (KEPT, rebound(due_on=AGAIN)):
        if barred:
            refusal = due.refused(command, MATTER, by=by)
            assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
        else:
            assert due.decide(command, MATTER, by=by)


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (replace(KEPT, due_on=AGAIN), "not_applicable", "due_on"),
        (replace(KEPT, successor=NEWER), "not_applicable", "successor"),
        (replace(KEPT, ruling="并案"), "not_applicable", "ruling"),
        (replace(KEPT, note=" "), "text_empty", "note"),
        (rebound(), "due_on_missing", "due_on"),
        (rebound(due_on=AGAIN, ruling="并案"), "not_applicable", "ruling"),
        (rebound(due_on=AGAIN, successor=NEWER, ruling="并案"), "not_applicable", "due_on"),
        (rebound(due_on=date(2011, 7, 14)), "not_ahead", "due_on"),
        (rebound(due_on=date(2021, 7, 16)), "term_too_long", "due_on"),
    ],
)
def test_each_finding_has_its_fields(due: Given, command: RecheckCommitment, rule: str, field: str):
    refusal = due.refused(command, MATTER, by=INSPECTOR)
    assert (refusal.rule, refusal.field) == (rule, field)


@pytest.mark.parametrize("day", [date(2011, 7, 15), date(2021, 7, 15)])
def test_the_new_date_runs_from_today_to_ten_years(due: Given, day: date):
    assert due.decide(rebound(due_on=day), MATTER, by=INSPECTOR)[0].due_on == day


def test_evidence_of_a_recheck_is_checked(due: Given):
    refusal = due.refused(replace(KEPT, evidence=(photo(due, days=1),)), MATTER, by=INSPECTOR)
    assert refusal.rule == "captured_later"


def test_a_newer_holder_of_the_target_carries_it_on(due: Given):
    due.when(PROPOSAL, NEWER, by=SUPERVISOR)
    evidence = (photo(due),)
    command = rebound(successor=NEWER, ruling=" 并入新事项 ", evidence=evidence)
    assert due.when(command, MATTER, by=INSPECTOR) == [
        CommitmentContinued(note="反弹", evidence=evidence, filed_at=due.now, successor=NEWER, ruling="并入新事项")
    ]
    assert (state(due).stage, state(due).claims) == (Stage.ARCHIVED, ())


@pytest.mark.parametrize("ruling", [None, " "])
def test_the_newer_holder_needs_a_ruling(due: Given, ruling: str | None):
    due.when(PROPOSAL, NEWER, by=SUPERVISOR)
    refusal = due.refused(rebound(successor=NEWER, ruling=ruling), MATTER, by=INSPECTOR)
    assert (refusal.rule, refusal.field) == ("text_empty", "ruling")


@pytest.mark.parametrize("case", ["other unit", "ended", "itself"])
def test_only_a_holder_of_the_same_target_carries_it_on(due: Given, case: str):
    unit = SECOND_UNIT if case == "other unit" else UNIT
    due.when(replace(PROPOSAL, lead_unit=unit), NEWER, by=SUPERVISOR)
    if case == "ended":
        due.when(TerminateCommitment(ground="撤销", told_on=due.today), NEWER, by=DISPATCHER)
    successor = CommitmentId(MATTER) if case == "itself" else NEWER
    refusal = due.refused(rebound(successor=successor, ruling="并案"), MATTER, by=INSPECTOR)
    assert (refusal.rule, refusal.kind, refusal.field) == ("not_successor", Kind.CONFLICT, "successor")


def test_it_is_terminated_and_the_person_told():
    given = at(Stage.IN_PROGRESS)
    command = TerminateCommitment(ground=" 政策调整 ", told_on=given.today, told_note=" 电话告知 ")
    assert given.when(command, MATTER, by=DISPATCHER) == [
        CommitmentTerminated(ground="政策调整", told_on=given.today, told_note=Sealed(HOUSEHOLD, "电话告知"))
    ]
    assert (state(given).stage, state(given).claims) == (Stage.TERMINATED, ())


def test_the_person_must_be_told_by_today():
    given = at(Stage.IN_PROGRESS)
    refusal = given.refused(TerminateCommitment(ground="调整"), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("not_told", "told_on")
    tomorrow = given.today + timedelta(days=1)
    refusal = given.refused(TerminateCommitment(ground="调整", told_on=tomorrow), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("date_in_future", "told_on")
    refusal = given.refused(TerminateCommitment(ground=" ", told_on=given.today), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("text_empty", "ground")
    refusal = given.refused(
        TerminateCommitment(ground="调整", told_on=given.today, told_note=" "), MATTER, by=DISPATCHER
    )
    assert (refusal.rule, refusal.field) == ("text_empty", "told_note")


def test_where_there_is_nobody_nobody_is_told():
    given = at(Stage.IN_PROGRESS, beneficiary=None)
    assert given.decide(TerminateCommitment(ground="调整"), MATTER, by=DISPATCHER)[0].told_on is None
    told = TerminateCommitment(ground="调整", told_on=given.today, told_note="公告")
    assert given.decide(told, MATTER, by=DISPATCHER)[0].told_note == Sealed(MATTER, "公告")


def test_a_terminated_matter_takes_nothing():
    given = at(Stage.TERMINATED)
    assert given.refused(steps(given)["record_follow_up"][0], MATTER, by=OFFICER).allowed == ()
