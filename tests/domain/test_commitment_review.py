"""Is it true: two hands, the beneficiary's answer, the site check."""

from dataclasses import replace

import pytest
from field import CALLER, HEAD, HOUSEHOLD, SECOND_SUPERVISOR, SUPERVISOR, UNIT, VILLAGE
from given import Given, person
from matter import MATTER, SECOND_UNIT, THIRD_SUPERVISOR, UNIT_CALLER, at, photo, state, step

from domain.actor import Role
from domain.commitment import Review, Stage
from domain.commitment_events import (
    CallBackRecorded,
    CommitmentEscalated,
    CommitmentVerified,
    RedoOrdered,
    SiteChecked,
)
from domain.commitment_review import OrderRedo, RecordCallBack, RecordSiteCheck, VerifyCommitment
from domain.commitment_terms import Answer, Finding, Means
from domain.refusal import Kind
from domain.rules import DEFAULT
from domain.sealed import Sealed

REPORTER = person("head", Role.SUPERVISOR, Role.UNIT_HEAD, unit=UNIT)
"""The head of the unit, who is also a supervisor."""
SOLVED, UNSOLVED, UNREACHABLE = (RecordCallBack(answer=answer) for answer in Answer)
AS_REPORTED = RecordSiteCheck(finding=Finding.AS_REPORTED, note="属实")
NOT_AS_REPORTED = RecordSiteCheck(finding=Finding.NOT_AS_REPORTED, note="不属实")
VERIFY = VerifyCommitment(quantity=120)


def review(given: Given) -> Review:
    found = state(given).review
    assert found is not None
    return found


def call(given: Given, *calls: RecordCallBack) -> None:
    for one in calls:
        given.when(one, MATTER, by=CALLER)


@pytest.fixture
def reported() -> Given:
    """For a household."""
    return at(Stage.REPORTED)


@pytest.fixture
def collective() -> Given:
    """For a village."""
    return at(Stage.REPORTED, beneficiary=VILLAGE)


def test_a_redo_goes_back_to_work(reported: Given):
    assert reported.when(OrderRedo(reason=" 两户未完工 "), MATTER, by=SUPERVISOR) == [RedoOrdered(reason="两户未完工")]
    matter = state(reported)
    assert (matter.stage, matter.review, matter.redos, matter.escalated) == (Stage.IN_PROGRESS, None, 1, False)


def test_the_third_redo_escalates_once(reported: Given):
    step(reported, "order_redo", "report_fulfilment")
    assert step(reported, "order_redo") == [RedoOrdered(reason="两户未完工")]
    step(reported, "report_fulfilment")
    assert step(reported, "order_redo") == [RedoOrdered(reason="两户未完工"), CommitmentEscalated(redos=3)]
    assert (state(reported).redos, state(reported).escalated) == (3, True)
    step(reported, "report_fulfilment")
    assert step(reported, "order_redo") == [RedoOrdered(reason="两户未完工")]


def test_a_stricter_rule_escalates_at_the_next_redo(reported: Given):
    step(reported, "order_redo", "report_fulfilment", "order_redo", "report_fulfilment")
    reported.rules = replace(DEFAULT, redo_escalates_at=2)
    assert step(reported, "order_redo")[1] == CommitmentEscalated(redos=3)


def test_the_reporter_does_not_order_the_redo(reported: Given):
    refusal = reported.refused(OrderRedo(reason="重办"), MATTER, by=REPORTER)
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)


def test_the_beneficiary_is_called_back(reported: Given):
    assert reported.when(UNREACHABLE, MATTER, by=CALLER) == [
        CallBackRecorded(attempt=1, answer=Answer.UNREACHABLE, comment=None)
    ]
    solved = RecordCallBack(answer=Answer.SOLVED, comment=" 修好了 ")
    assert reported.when(solved, MATTER, by=CALLER) == [
        CallBackRecorded(attempt=2, answer=Answer.SOLVED, comment=Sealed(HOUSEHOLD, "修好了"))
    ]
    assert (review(reported).attempts, review(reported).answer) == (2, Answer.SOLVED)
    assert state(reported).stage is Stage.REPORTED


@pytest.mark.parametrize("answer", [SOLVED, UNSOLVED])
def test_an_answer_is_final(reported: Given, answer: RecordCallBack):
    call(reported, answer)
    for again in (SOLVED, UNSOLVED, UNREACHABLE):
        refusal = reported.refused(again, MATTER, by=CALLER)
        assert (refusal.rule, refusal.kind, refusal.state) == ("answered_already", Kind.OUT_OF_TURN, "reported")
        assert "record_call_back" not in refusal.allowed
        assert "order_redo" in refusal.allowed


def test_attempts_go_on_until_there_is_an_answer(reported: Given):
    call(reported, *[UNREACHABLE] * 5, SOLVED)
    assert review(reported).attempts == 6


def test_a_new_report_asks_anew(reported: Given):
    call(reported, UNSOLVED)
    step(reported, "order_redo", "report_fulfilment")
    call(reported, SOLVED)
    assert review(reported).attempts == 1


def test_neither_the_lead_nor_a_supporting_unit_calls():
    given = at(Stage.IN_PROGRESS)
    step(given, "add_supporting_unit", "report_fulfilment")
    for caller in (UNIT_CALLER, person("third-caller", Role.CALLER, unit="third-unit")):
        refusal = given.refused(SOLVED, MATTER, by=caller)
        assert (refusal.rule, refusal.kind) == ("own_call_back", Kind.FORBIDDEN)
    assert given.decide(SOLVED, MATTER, by=person("other-caller", Role.CALLER, unit=SECOND_UNIT))


def test_without_a_beneficiary_there_is_nobody_to_call():
    given = at(Stage.REPORTED, beneficiary=None)
    refusal = given.refused(SOLVED, MATTER, by=CALLER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("no_beneficiary", Kind.OUT_OF_TURN, "reported")
    assert "record_call_back" not in refusal.allowed
    assert "record_site_check" in refusal.allowed


def test_a_comment_is_not_empty(reported: Given):
    refusal = reported.refused(RecordCallBack(answer=Answer.SOLVED, comment=" "), MATTER, by=CALLER)
    assert (refusal.rule, refusal.field) == ("text_empty", "comment")


def test_the_site_is_checked_where_nobody_is_asked():
    given = at(Stage.REPORTED, beneficiary=None)
    evidence = (photo(given),)
    command = RecordSiteCheck(finding=Finding.AS_REPORTED, note=" 属实 ", evidence=evidence)
    assert given.when(command, MATTER, by=SECOND_SUPERVISOR) == [
        SiteChecked(
            finding=Finding.AS_REPORTED,
            note="属实",
            evidence=evidence,
            filed_at=given.now,
            by=SECOND_SUPERVISOR.person,
        )
    ]
    assert (review(given).checked_by, review(given).finding) == (SECOND_SUPERVISOR.person, Finding.AS_REPORTED)
    assert state(given).stage is Stage.REPORTED


def test_for_a_village_both_ways_are_open(collective: Given):
    assert collective.decide(SOLVED, MATTER, by=CALLER)
    assert collective.decide(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)


def test_the_site_is_checked_after_three_attempts(reported: Given):
    for _ in range(3):
        refusal = reported.refused(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
        assert (refusal.rule, refusal.kind, refusal.state) == ("call_back_first", Kind.OUT_OF_TURN, "reported")
        assert "3" in refusal.zh
        assert "3" in refusal.en
        assert "record_site_check" not in refusal.allowed
        assert "record_call_back" in refusal.allowed
        call(reported, UNREACHABLE)
    assert reported.when(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)


@pytest.mark.parametrize("answer", [SOLVED, UNSOLVED])
def test_no_site_check_against_an_answer(reported: Given, answer: RecordCallBack):
    call(reported, UNREACHABLE, UNREACHABLE, UNREACHABLE, answer)
    refusal = reported.refused(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("answered_already", Kind.OUT_OF_TURN)
    assert "record_site_check" not in refusal.allowed


def test_the_site_is_checked_once(collective: Given):
    collective.when(NOT_AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    refusal = collective.refused(AS_REPORTED, MATTER, by=THIRD_SUPERVISOR)
    assert (refusal.rule, refusal.kind, refusal.state) == ("checked_already", Kind.OUT_OF_TURN, "reported")
    assert "record_site_check" not in refusal.allowed


def test_a_site_check_says_what_was_found(collective: Given):
    refusal = collective.refused(RecordSiteCheck(finding=Finding.AS_REPORTED, note=" "), MATTER, by=SECOND_SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("text_empty", "note")


def test_the_answer_verifies(reported: Given):
    call(reported, SOLVED)
    command = VerifyCommitment(quantity=118, note=" 属实 ")
    assert reported.when(command, MATTER, by=SUPERVISOR) == [
        CommitmentVerified(quantity=118, means=Means.ANSWER, note="属实", by=SUPERVISOR.person)
    ]
    assert (review(reported).quantity, review(reported).verified_by) == (118, SUPERVISOR.person)


def test_the_site_check_verifies_and_is_shown_apart(collective: Given):
    collective.when(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    assert collective.when(VERIFY, MATTER, by=SUPERVISOR) == [
        CommitmentVerified(quantity=120, means=Means.SITE_CHECK, note="", by=SUPERVISOR.person)
    ]


def test_the_site_check_verifies_a_household_nobody_reached(reported: Given):
    call(reported, UNREACHABLE, UNREACHABLE, UNREACHABLE)
    reported.when(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    assert reported.decide(VERIFY, MATTER, by=SUPERVISOR)[0].means is Means.SITE_CHECK
    call(reported, SOLVED)
    assert reported.decide(VERIFY, MATTER, by=SUPERVISOR)[0].means is Means.ANSWER


def unconfirmed(given: Given) -> None:
    refusal = given.refused(VERIFY, MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.kind, refusal.state) == ("not_confirmed", Kind.OUT_OF_TURN, "reported")
    assert "verify_commitment" not in refusal.allowed
    assert "order_redo" in refusal.allowed


@pytest.mark.parametrize("calls", [(), (UNREACHABLE,), (UNREACHABLE,) * 3, (UNSOLVED,)])
def test_nothing_else_verifies(reported: Given, calls: tuple[RecordCallBack, ...]):
    call(reported, *calls)
    unconfirmed(reported)


def test_a_bad_finding_does_not_verify(collective: Given):
    collective.when(NOT_AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    unconfirmed(collective)
    call(collective, UNREACHABLE)
    unconfirmed(collective)


def test_unsolved_outweighs_the_site_check(collective: Given):
    collective.when(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    call(collective, UNSOLVED)
    unconfirmed(collective)


def test_no_more_is_verified_than_was_reported(reported: Given):
    call(reported, SOLVED)
    for quantity, rule in ((121, "more_than_reported"), (-1, "number_out_of_range")):
        refusal = reported.refused(VerifyCommitment(quantity=quantity), MATTER, by=SUPERVISOR)
        assert (refusal.rule, refusal.field) == (rule, "quantity")
    assert reported.decide(VerifyCommitment(quantity=0), MATTER, by=SUPERVISOR)


PERSONS = {
    "reporter": REPORTER,
    "site checker": person("second-supervisor", Role.SUPERVISOR),
    "someone else": SUPERVISOR,
}


@pytest.mark.parametrize("who", PERSONS)
@pytest.mark.parametrize("means", Means)
def test_two_hands_at_verification(who: str, means: Means):
    """Reporter, site checker and verifier, cell by cell; a person with two roles is one person."""
    given = at(Stage.REPORTED, beneficiary=VILLAGE)
    if means is Means.SITE_CHECK:
        given.when(AS_REPORTED, MATTER, by=SECOND_SUPERVISOR)
    else:
        call(given, SOLVED)
    barred = who == "reporter" or (who == "site checker" and means is Means.SITE_CHECK)
    if barred:
        refusal = given.refused(VERIFY, MATTER, by=PERSONS[who])
        assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    else:
        assert given.when(VERIFY, MATTER, by=PERSONS[who])


def test_the_reporter_does_not_check_the_site(collective: Given):
    assert collective.refused(AS_REPORTED, MATTER, by=REPORTER).rule == "same_person"
    assert HEAD.person == REPORTER.person


def test_a_redo_needs_a_reason(reported: Given):
    refusal = reported.refused(OrderRedo(reason=" "), MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("text_empty", "reason")
