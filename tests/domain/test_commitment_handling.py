"""Follow-ups, extensions, and the report of fulfilment."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import HEAD, HOUSEHOLD, OFFICER, SUPERVISOR
from given import person
from matter import DUE, MATTER, at, move_to, photo, state, step

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_events import (
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    FollowUpRecorded,
    FulfilmentReported,
)
from domain.commitment_handling import AskExtension, RecordFollowUp, ReportFulfilment, RuleOnExtension
from domain.refusal import Kind
from domain.rules import DEFAULT
from domain.sealed import Sealed

LATER = date(2011, 12, 31)
ASK = AskExtension(due_on=LATER, reason="雨季停工")
GRANT, REFUSE = RuleOnExtension(granted=True, reason=" 属实 "), RuleOnExtension(granted=False, reason=" 理由不足 ")


@pytest.mark.parametrize("by", [OFFICER, HEAD])
def test_a_follow_up_records_the_total_reached(by):
    given = at(Stage.IN_PROGRESS)
    before = state(given)
    evidence = (photo(given, "a", days=-1), photo(given, "b"))
    command = RecordFollowUp(note=" 完成三十户 ", quantity=30, resident_note=" 张家已搬 ", evidence=evidence)
    assert given.when(command, MATTER, by=by) == [
        FollowUpRecorded(
            quantity=30,
            note="完成三十户",
            resident_note=Sealed(HOUSEHOLD, "张家已搬"),
            evidence=evidence,
            filed_at=given.now,
        )
    ]
    assert state(given) == before


def test_a_follow_up_may_only_say_something():
    given = at(Stage.IN_PROGRESS)
    (event,) = given.when(RecordFollowUp(note="已进场"), MATTER, by=OFFICER)
    assert (event.quantity, event.resident_note, event.evidence) == (None, None, ())


def test_without_a_beneficiary_the_matter_has_its_own_key():
    given = at(Stage.IN_PROGRESS, beneficiary=None)
    (event,) = given.when(RecordFollowUp(note="走访", resident_note="李家有意见"), MATTER, by=OFFICER)
    assert event.resident_note == Sealed(MATTER, "李家有意见")


def test_a_wrong_figure_is_put_right_by_a_lower_one():
    given = at(Stage.IN_PROGRESS)
    given.when(RecordFollowUp(note="完成三十户", quantity=30), MATTER, by=OFFICER)
    assert given.when(RecordFollowUp(note="更正", quantity=0), MATTER, by=OFFICER)[0].quantity == 0


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (RecordFollowUp(note=" "), "text_empty", "note"),
        (RecordFollowUp(note="字" * 10_001), "text_too_long", "note"),
        (RecordFollowUp(note="完成", quantity=-1), "number_out_of_range", "quantity"),
        (RecordFollowUp(note="完成", resident_note=" "), "text_empty", "resident_note"),
        (RecordFollowUp(note="完成", resident_note="字" * 10_001), "text_too_long", "resident_note"),
    ],
)
def test_a_follow_up_is_checked(command: RecordFollowUp, rule: str, field: str):
    refusal = at(Stage.IN_PROGRESS).refused(command, MATTER, by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_evidence_is_captured_before_it_is_filed():
    given = at(Stage.IN_PROGRESS)
    on_the_edge = (photo(given, minutes=5),)
    assert (
        given.decide(RecordFollowUp(note="完成", evidence=on_the_edge), MATTER, by=OFFICER)[0].evidence == on_the_edge
    )
    beyond = photo(given)
    beyond = type(beyond)(digest=beyond.digest, captured_at=given.now + timedelta(minutes=5, microseconds=1))
    refusal = given.refused(RecordFollowUp(note="完成", evidence=(photo(given, "b"), beyond)), MATTER, by=OFFICER)
    assert (refusal.rule, refusal.field) == ("captured_later", "evidence.captured_at")


def test_evidence_has_at_most_fifty_files_and_none_twice():
    given = at(Stage.IN_PROGRESS)
    files = tuple(photo(given, f"{n:02}") for n in range(51))
    refusal = given.refused(RecordFollowUp(note="完成", evidence=files), MATTER, by=OFFICER)
    assert (refusal.rule, refusal.field) == ("evidence_too_many", "evidence")
    assert given.decide(RecordFollowUp(note="完成", evidence=files[:50]), MATTER, by=OFFICER)
    twice = (photo(given), photo(given, days=-1))
    refusal = given.refused(RecordFollowUp(note="完成", evidence=twice), MATTER, by=OFFICER)
    assert (refusal.rule, refusal.field) == ("evidence_twice", "evidence")


def test_an_extension_is_asked_and_granted():
    given = at(Stage.IN_PROGRESS)
    assert given.when(AskExtension(due_on=LATER, reason=" 雨季 "), MATTER, by=OFFICER) == [
        ExtensionAsked(due_on=LATER, reason="雨季", by=OFFICER.person)
    ]
    assert state(given).due_on == DUE
    assert given.when(GRANT, MATTER, by=SUPERVISOR) == [ExtensionGranted(due_on=LATER, reason="属实")]
    matter = state(given)
    assert (matter.stage, matter.due_on, matter.terms.original_due_on) == (Stage.IN_PROGRESS, LATER, DUE)
    assert matter.extension_asked is None


def test_it_is_granted_once():
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension", "rule_on_extension")
    refusal = given.refused(AskExtension(due_on=date(2012, 3, 1), reason="仍未完成"), MATTER, by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("extended_already", Kind.OUT_OF_TURN, "in_progress")
    assert "ask_extension" not in refusal.allowed
    assert "record_follow_up" in refusal.allowed


def test_the_rules_say_how_often():
    given = at(Stage.IN_PROGRESS)
    given.rules = replace(DEFAULT, extensions_max=2)
    for day in (date(2011, 10, 31), date(2011, 11, 30)):
        given.when(AskExtension(due_on=day, reason="雨季"), MATTER, by=OFFICER)
        given.when(GRANT, MATTER, by=SUPERVISOR)
    assert state(given).extensions == 2
    assert given.refused(ASK, MATTER, by=OFFICER).rule == "extended_already"


def test_not_granted_again_after_a_redo_or_another_unit():
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension", "rule_on_extension", "report_fulfilment", "order_redo")
    assert given.refused(AskExtension(due_on=date(2012, 3, 1), reason="仍未完成"), MATTER, by=OFFICER).rule == (
        "extended_already"
    )


def test_a_refused_one_may_be_asked_again():
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension")
    assert given.when(REFUSE, MATTER, by=SUPERVISOR) == [ExtensionRefused(reason="理由不足")]
    assert state(given).due_on == DUE
    assert given.when(ASK, MATTER, by=OFFICER)


def test_one_question_at_a_time_and_no_ruling_without_one():
    given = at(Stage.IN_PROGRESS)
    for ruling in (GRANT, REFUSE):
        refusal = given.refused(ruling, MATTER, by=SUPERVISOR)
        assert (refusal.rule, refusal.kind, refusal.state) == ("nothing_asked", Kind.OUT_OF_TURN, "in_progress")
        assert "rule_on_extension" not in refusal.allowed
        assert "ask_extension" in refusal.allowed
    step(given, "ask_extension")
    refusal = given.refused(ASK, MATTER, by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("asked_already", Kind.OUT_OF_TURN, "in_progress")
    assert "ask_extension" not in refusal.allowed
    assert "rule_on_extension" in refusal.allowed


def test_it_is_asked_on_the_due_date_but_not_after():
    given = at(Stage.IN_PROGRESS)
    move_to(given, DUE)
    assert given.decide(ASK, MATTER, by=OFFICER)
    move_to(given, DUE + timedelta(days=1))
    refusal = given.refused(ASK, MATTER, by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("past_due", Kind.OUT_OF_TURN, "in_progress")
    assert "ask_extension" not in refusal.allowed


def test_the_day_ends_in_shanghai():
    given = at(Stage.IN_PROGRESS)
    given.now = given.now.replace(month=9, day=30, hour=15, minute=59, second=59)
    assert given.decide(ASK, MATTER, by=OFFICER)
    given.now += timedelta(seconds=1)
    assert given.refused(ASK, MATTER, by=OFFICER).rule == "past_due"


def test_it_is_granted_on_the_due_date_but_not_after_and_refused_at_any_time():
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension")
    move_to(given, DUE)
    assert given.decide(GRANT, MATTER, by=SUPERVISOR)
    move_to(given, DUE + timedelta(days=1))
    refusal = given.refused(GRANT, MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("past_due", Kind.OUT_OF_TURN)
    assert "rule_on_extension" not in refusal.allowed
    assert given.when(REFUSE, MATTER, by=SUPERVISOR)


def test_the_new_date_is_later_and_within_ten_years():
    given = at(Stage.IN_PROGRESS)

    def refused(day: date) -> tuple[str, str | None]:
        refusal = given.refused(AskExtension(due_on=day, reason="雨季"), MATTER, by=OFFICER)
        return refusal.rule, refusal.field

    assert refused(DUE) == ("not_later", "due_on")
    assert given.decide(AskExtension(due_on=DUE + timedelta(days=1), reason="雨季"), MATTER, by=OFFICER)
    assert given.decide(AskExtension(due_on=date(2021, 6, 1), reason="雨季"), MATTER, by=OFFICER)
    assert refused(date(2021, 6, 2)) == ("term_too_long", "due_on")


@pytest.mark.parametrize("ruling", [GRANT, REFUSE])
def test_who_asked_does_not_rule_on_the_extension(ruling: RuleOnExtension):
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension")
    refusal = given.refused(ruling, MATTER, by=person("officer", Role.SUPERVISOR))
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)


@pytest.mark.parametrize(
    "ways",
    [
        ("suspend_commitment", "resume_commitment"),
        ("propose_deferral", "rule_on_deferral", "resume_commitment"),
        ("report_fulfilment", "order_redo"),
    ],
)
def test_the_question_lapses_when_work_stops(ways: tuple[str, ...]):
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension", *ways)
    assert state(given).stage is Stage.IN_PROGRESS
    assert given.refused(GRANT, MATTER, by=SUPERVISOR).rule == "nothing_asked"
    assert given.when(ASK, MATTER, by=OFFICER)


@pytest.mark.parametrize("granted", [True, False])
def test_extensions_need_reasons(granted: bool):
    given = at(Stage.IN_PROGRESS)
    refusal = given.refused(AskExtension(due_on=LATER, reason=" "), MATTER, by=OFFICER)
    assert (refusal.rule, refusal.field) == ("text_empty", "reason")
    step(given, "ask_extension")
    refusal = given.refused(RuleOnExtension(granted=granted, reason=" "), MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("text_empty", "reason")


def test_the_head_reports_fulfilment():
    given = at(Stage.IN_PROGRESS)
    evidence = (photo(given),)
    command = ReportFulfilment(quantity=118, note=" 完成 ", evidence=evidence)
    assert given.when(command, MATTER, by=HEAD) == [
        FulfilmentReported(quantity=118, note="完成", evidence=evidence, filed_at=given.now, by=HEAD.person)
    ]
    review = state(given).review
    assert review is not None
    assert (review.reported_by, review.quantity, review.attempts, review.answer, review.finding) == (
        HEAD.person,
        118,
        0,
        None,
        None,
    )


def test_a_report_needs_evidence_a_note_and_a_quantity():
    given = at(Stage.IN_PROGRESS)
    for command, rule, field in (
        (ReportFulfilment(quantity=120, note="完成", evidence=()), "evidence_missing", "evidence"),
        (ReportFulfilment(quantity=120, note=" ", evidence=(photo(given),)), "text_empty", "note"),
        (ReportFulfilment(quantity=-1, note="完成", evidence=(photo(given),)), "number_out_of_range", "quantity"),
    ):
        refusal = given.refused(command, MATTER, by=HEAD)
        assert (refusal.rule, refusal.field) == (rule, field)
    assert given.decide(ReportFulfilment(quantity=0, note="未能完成", evidence=(photo(given),)), MATTER, by=HEAD)
