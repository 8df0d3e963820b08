"""Who does it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from field import DISPATCHER, HEAD, OFFICER, UNIT
from given import Given, noon, person
from matter import MATTER, SECOND_UNIT, THIRD_UNIT, at, state, step

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_assignment import (
    AcknowledgeCommitment,
    AddSupportingUnit,
    AskReturn,
    AssignCommitment,
    ReassignCommitment,
    RemoveSupportingUnit,
    RuleOnReturn,
)
from domain.commitment_events import (
    CommitmentAcknowledged,
    CommitmentAssigned,
    CommitmentReassigned,
    ReturnAccepted,
    ReturnAsked,
    ReturnRefused,
    SupportingUnitJoined,
    SupportingUnitLeft,
)
from domain.commitment_terms import Urgency
from domain.deadline import DayOff, Deadline, Skipped
from domain.ids import UnitId
from domain.refusal import Kind

SECOND_OFFICER = person("second-officer", Role.UNIT_OFFICER, unit=SECOND_UNIT)
NEXT_WORKING_DAY = Deadline(
    rule="acknowledge_working_days",
    edition="1",
    start=datetime(2011, 6, 15, 4, tzinfo=UTC),
    due=datetime(2011, 6, 16, 16, tzinfo=UTC),  # 24:00 of the 16th in Shanghai
)


def units(count: int) -> tuple[UnitId, ...]:
    return tuple(UnitId(f"unit-{n}") for n in range(count))


def test_it_is_assigned_to_its_lead_unit():
    given = at(Stage.REGISTERED)
    command = AssignCommitment(supporting=(SECOND_UNIT, THIRD_UNIT), instruction=" 抓紧 ")
    assert given.when(command, MATTER, by=DISPATCHER) == [
        CommitmentAssigned(
            unit=UNIT,
            supporting=(SECOND_UNIT, THIRD_UNIT),
            instruction="抓紧",
            acknowledge_by=NEXT_WORKING_DAY,
        )
    ]
    assert state(given).supporting == (SECOND_UNIT, THIRD_UNIT)
    assert state(given).responsible == UNIT


def test_an_urgent_one_is_acknowledged_within_two_hours():
    given = at(Stage.REGISTERED, urgency=Urgency.URGENT)
    (event,) = given.when(AssignCommitment(), MATTER, by=DISPATCHER)
    assert event.instruction == ""
    assert event.acknowledge_by == Deadline(
        rule="acknowledge_hours.urgent",
        edition="1",
        start=given.now,
        due=given.now + timedelta(hours=2),
    )


def test_utilities_have_a_working_day():
    given = at(Stage.REGISTERED, urgency=Urgency.UTILITIES)
    (event,) = given.when(AssignCommitment(), MATTER, by=DISPATCHER)
    assert event.acknowledge_by == NEXT_WORKING_DAY


def test_the_days_skipped_are_named():
    given = at(Stage.REGISTERED)
    given.now = noon(date(2011, 4, 1))  # a Friday; 4 and 5 April were days off (清明), 2 April a working Saturday
    (event,) = given.decide(AssignCommitment(), MATTER, by=DISPATCHER)
    assert event.acknowledge_by.due == datetime(2011, 4, 2, 16, tzinfo=UTC)
    assert event.acknowledge_by.skipped == ()
    given.now = noon(date(2011, 4, 2))
    (event,) = given.decide(AssignCommitment(), MATTER, by=DISPATCHER)
    assert event.acknowledge_by.due == datetime(2011, 4, 6, 16, tzinfo=UTC)
    assert [skipped.day.day for skipped in event.acknowledge_by.skipped] == [3, 4, 5]
    assert event.acknowledge_by.skipped[1] == Skipped(day=date(2011, 4, 4), why=DayOff.HOLIDAY)
    assert not event.acknowledge_by.provisional
    given.now = noon(date(2011, 6, 17))
    (event,) = given.decide(AssignCommitment(), MATTER, by=DISPATCHER)
    assert event.acknowledge_by.skipped == (
        Skipped(day=date(2011, 6, 18), why=DayOff.WEEKEND),
        Skipped(day=date(2011, 6, 19), why=DayOff.WEEKEND),
    )


def test_a_deadline_past_the_announced_calendar_is_provisional():
    given = at(Stage.REGISTERED)
    last = given.context(MATTER, DISPATCHER).calendar.last
    given.now = noon(last)
    (event,) = given.decide(AssignCommitment(), MATTER, by=DISPATCHER)
    assert event.acknowledge_by.provisional


@pytest.mark.parametrize("supporting", [(UNIT,), (SECOND_UNIT, UNIT), (SECOND_UNIT, SECOND_UNIT)])
def test_no_unit_is_named_twice(supporting: tuple[UnitId, ...]):
    given = at(Stage.REGISTERED)
    refusal = given.refused(AssignCommitment(supporting=supporting), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("supporting_twice", "supporting")


def test_at_most_twenty_units_support():
    given = at(Stage.REGISTERED)
    refusal = given.refused(AssignCommitment(supporting=units(21)), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("too_many_supporting", "supporting")
    given.when(AssignCommitment(supporting=units(19)), MATTER, by=DISPATCHER)
    given.when(AddSupportingUnit(unit=SECOND_UNIT, reason="协办"), MATTER, by=DISPATCHER)
    refusal = given.refused(AddSupportingUnit(unit=THIRD_UNIT, reason="协办"), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("too_many_supporting", "unit")


@pytest.mark.parametrize("by", [OFFICER, HEAD])
def test_the_lead_unit_acknowledges(by):
    given = at(Stage.ASSIGNED)
    assert given.when(AcknowledgeCommitment(), MATTER, by=by) == [CommitmentAcknowledged(unit=UNIT)]


def test_a_return_is_accepted_and_another_unit_leads():
    given = at(Stage.REGISTERED)
    given.when(AssignCommitment(supporting=(SECOND_UNIT, THIRD_UNIT)), MATTER, by=DISPATCHER)
    assert given.when(AskReturn(reason=" 非本单位职责 "), MATTER, by=OFFICER) == [
        ReturnAsked(reason="非本单位职责", by=OFFICER.person)
    ]
    asked = state(given).return_asked
    assert asked is not None
    assert asked.by == OFFICER.person
    command = RuleOnReturn(reason=" 同意 ", unit=SECOND_UNIT)
    assert given.when(command, MATTER, by=DISPATCHER) == [
        ReturnAccepted(unit=SECOND_UNIT, reason="同意", acknowledge_by=NEXT_WORKING_DAY)
    ]
    matter = state(given)
    assert (matter.stage, matter.responsible, matter.supporting) == (Stage.ASSIGNED, SECOND_UNIT, (THIRD_UNIT,))
    assert matter.claims == ("commitment policy policy housing household second-unit",)
    assert matter.return_asked is None
    assert not matter.designated
    assert given.refused(AcknowledgeCommitment(), MATTER, by=OFFICER).rule == "other_unit"
    assert given.when(AskReturn(reason="也非我单位职责"), MATTER, by=SECOND_OFFICER)


def test_a_refused_return_designates_the_unit():
    given = at(Stage.RETURN_ASKED)
    assert given.when(RuleOnReturn(reason=" 属职责 "), MATTER, by=DISPATCHER) == [
        ReturnRefused(reason="属职责", acknowledge_by=NEXT_WORKING_DAY)
    ]
    matter = state(given)
    assert (matter.stage, matter.responsible, matter.designated) == (Stage.ASSIGNED, UNIT, True)
    assert matter.return_asked is None
    refusal = given.refused(AskReturn(reason="再次申请"), MATTER, by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("designated", Kind.OUT_OF_TURN, "assigned")
    assert "acknowledge_commitment" in refusal.allowed
    assert "ask_return" not in refusal.allowed
    assert given.when(AcknowledgeCommitment(), MATTER, by=OFFICER)


def test_designation_ends_when_another_unit_leads():
    given = at(Stage.RETURN_ASKED)
    step(given, "rule_on_return", "reassign_commitment")
    assert not state(given).designated
    assert given.when(AskReturn(reason="非本单位职责"), MATTER, by=SECOND_OFFICER)


def test_a_return_goes_to_another_unit():
    given = at(Stage.RETURN_ASKED)
    refusal = given.refused(RuleOnReturn(reason="同意", unit=UNIT), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("same_unit", Kind.CONFLICT, "unit")


@pytest.mark.parametrize("unit", [None, SECOND_UNIT])
def test_who_asked_does_not_rule_on_the_return(unit):
    given = at(Stage.RETURN_ASKED)
    both = person("officer", Role.DISPATCHER)
    assert given.refused(RuleOnReturn(reason="同意", unit=unit), MATTER, by=both).rule == "same_person"


@pytest.mark.parametrize("stage", [Stage.ASSIGNED, Stage.IN_PROGRESS])
def test_it_is_reassigned(stage: Stage):
    given = at(stage)
    step(given, "add_supporting_unit")
    assert given.when(ReassignCommitment(unit=THIRD_UNIT, reason=" 调整 "), MATTER, by=DISPATCHER) == [
        CommitmentReassigned(unit=THIRD_UNIT, reason="调整", acknowledge_by=NEXT_WORKING_DAY)
    ]
    matter = state(given)
    assert (matter.stage, matter.responsible, matter.supporting) == (Stage.ASSIGNED, THIRD_UNIT, ())
    assert matter.claims == ("commitment policy policy housing household third-unit",)


def test_reassigning_drops_what_the_old_unit_asked():
    given = at(Stage.IN_PROGRESS)
    step(given, "ask_extension", "propose_deferral", "reassign_commitment")
    assert (state(given).extension_asked, state(given).deferral_asked) == (None, None)


def test_it_is_reassigned_to_another_unit():
    given = at(Stage.IN_PROGRESS)
    refusal = given.refused(ReassignCommitment(unit=UNIT, reason="调整"), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("same_unit", Kind.CONFLICT, "unit")


def test_supporting_units_join_and_leave():
    given = at(Stage.IN_PROGRESS)
    join = AddSupportingUnit(unit=SECOND_UNIT, reason=" 协办 ")
    leave = RemoveSupportingUnit(unit=SECOND_UNIT, reason=" 完成 ")
    refusal = given.refused(leave, MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("supports_not", Kind.CONFLICT, "unit")
    assert given.when(join, MATTER, by=DISPATCHER) == [SupportingUnitJoined(unit=SECOND_UNIT, reason="协办")]
    step(given, "add_supporting_unit")
    assert state(given).supporting == (SECOND_UNIT, THIRD_UNIT)
    refusal = given.refused(join, MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("supports_already", Kind.CONFLICT, "unit")
    assert given.when(leave, MATTER, by=DISPATCHER) == [SupportingUnitLeft(unit=SECOND_UNIT, reason="完成")]
    assert state(given).supporting == (THIRD_UNIT,)
    refusal = given.refused(AddSupportingUnit(unit=UNIT, reason="协办"), MATTER, by=DISPATCHER)
    assert refusal.rule == "same_unit"


@pytest.mark.parametrize(
    ("stage", "command", "by"),
    [
        (Stage.ASSIGNED, AskReturn(reason=" "), OFFICER),
        (Stage.RETURN_ASKED, RuleOnReturn(reason=" "), DISPATCHER),
        (Stage.RETURN_ASKED, RuleOnReturn(reason=" ", unit=SECOND_UNIT), DISPATCHER),
        (Stage.ASSIGNED, ReassignCommitment(unit=SECOND_UNIT, reason=" "), DISPATCHER),
        (Stage.ASSIGNED, AddSupportingUnit(unit=SECOND_UNIT, reason=" "), DISPATCHER),
    ],
)
def test_a_reason_is_required(stage: Stage, command, by):
    refusal = at(stage).refused(command, MATTER, by=by)
    assert (refusal.rule, refusal.field) == ("text_empty", "reason")


def test_leaving_needs_a_reason():
    given: Given = at(Stage.ASSIGNED)
    step(given, "add_supporting_unit")
    refusal = given.refused(RemoveSupportingUnit(unit=THIRD_UNIT, reason=" "), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("text_empty", "reason")
