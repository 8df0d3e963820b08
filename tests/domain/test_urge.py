"""The ladder: each rung of a due date is recorded once, on its day or as missed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from given import Given, person
from matter import DUE, LEADER, MATTER, OFFICER, PROPOSAL, SUPERVISOR, UNIT, at, ledger, move_to, state, step

from domain.actor import Role
from domain.calendar import Calendar
from domain.commitment import Stage
from domain.refusal import Kind
from domain.rules import DEFAULT
from domain.urge import LadderOpened, Mark, Overtaken, UrgeMissed, UrgeSent, UrgeTalkOrdered, UrgeWithdrawn
from domain.urge_ladder import OpenLadder, RecordRung, WithdrawRung, clock_due
from domain.urge_rungs import RUNGS, Addressee, Colour, Form, Rung, rung_day
from ledger.announced import announced

URGER = person("urger", Role.URGER)
LADDER = "ladder"
BLUE_DAY, YELLOW_DAY = date(2011, 9, 27), date(2011, 10, 8)
"""DUE is Friday, 2011-09-30; the holiday runs to 7 October, and the weekend after it is worked."""
ORANGE_DAY, RED_DAY = date(2011, 10, 12), date(2011, 10, 19)
DAYS = {Colour.BLUE: BLUE_DAY, Colour.YELLOW: YELLOW_DAY, Colour.ORANGE: ORANGE_DAY, Colour.RED: RED_DAY}


def running(stage: Stage = Stage.IN_PROGRESS) -> Given:
    given = at(stage)
    given.when(OpenLadder(commitment=MATTER), LADDER, by=URGER)
    return given


def rung(colour: Colour, due_on: date = DUE) -> RecordRung:
    return RecordRung(colour=colour, due_on=due_on)


def sent(colour: Colour) -> Given:
    given = running()
    move_to(given, DAYS[colour])
    given.when(rung(colour), LADDER, by=URGER)
    return given


def test_a_ladder_is_opened_once_for_a_commitment():
    given = at(Stage.IN_PROGRESS)
    assert given.when(OpenLadder(commitment=MATTER), LADDER, by=URGER) == [LadderOpened(commitment=MATTER)]
    assert given.states[LADDER].claims == (f"ladder {MATTER}",)


@pytest.mark.parametrize(("colour", "day"), DAYS.items())
def test_rungs_fall_on_working_days_before_and_after(colour: Colour, day: date):
    (found,) = (one for one in RUNGS if one.colour is colour)
    assert rung_day(found, DUE, announced()) == day


def test_a_rung_may_be_counted_in_calendar_days():
    found = Rung(colour=Colour.YELLOW, days=1, form=Form.NOTICE, working=False)
    assert rung_day(found, DUE, announced()) == date(2011, 10, 1)
    assert rung_day(replace(found, days=-3), DUE, announced()) == date(2011, 9, 27)


@pytest.mark.parametrize(
    ("colour", "form", "copied_to", "talk"),
    [
        (Colour.BLUE, Form.NOTICE, (), False),
        (Colour.YELLOW, Form.NOTICE, (Addressee.DEPUTY_LEADER,), False),
        (Colour.ORANGE, Form.CIRCULAR, (Addressee.DEPUTY_LEADER,), False),
        (Colour.RED, Form.NOTICE, (Addressee.LEADER,), True),
    ],
)
def test_a_rung_is_sent_on_its_day(colour: Colour, form: Form, copied_to: tuple[Addressee, ...], talk: bool):
    given = running()
    move_to(given, DAYS[colour])
    assert given.when(rung(colour), LADDER, by=URGER) == [
        UrgeSent(
            colour=colour,
            due_on=DUE,
            day=DAYS[colour],
            unit=UNIT,
            form=form,
            copied_to=copied_to,
            talk=talk,
            edition="1",
            provisional=False,
        )
    ]


def test_the_day_before_it_is_not_due():
    given = running()
    move_to(given, BLUE_DAY - timedelta(days=1))
    refusal = given.refused(rung(Colour.BLUE), LADDER, by=URGER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("rung_not_due", Kind.OUT_OF_TURN, "colour")


@pytest.mark.parametrize("later", [1, 30])
def test_after_its_day_it_is_recorded_as_missed(later: int):
    given = running()
    move_to(given, BLUE_DAY + timedelta(days=later))
    assert given.when(rung(Colour.BLUE), LADDER, by=URGER) == [
        UrgeMissed(colour=Colour.BLUE, due_on=DUE, day=BLUE_DAY, edition="1", provisional=False)
    ]


def test_no_talk_follows_a_rung_that_was_missed():
    given = running()
    move_to(given, RED_DAY + timedelta(days=1))
    given.when(rung(Colour.RED), LADDER, by=URGER)
    assert given.states[LADDER].record(Colour.RED, DUE).talk is False
    assert sent(Colour.RED).states[LADDER].record(Colour.RED, DUE).talk is True


@pytest.mark.parametrize("later", [0, 1])
def test_each_rung_of_a_due_date_is_recorded_once(later: int):
    given = running()
    move_to(given, BLUE_DAY + timedelta(days=later))
    given.when(rung(Colour.BLUE), LADDER, by=URGER)
    refusal = given.refused(rung(Colour.BLUE), LADDER, by=URGER)
    assert (refusal.rule, refusal.kind, refusal.allowed) == ("rung_recorded", Kind.CONFLICT, ("withdraw_rung",))
    given.when(rung(Colour.BLUE, DUE - timedelta(days=30)), LADDER, by=URGER)


def test_a_rung_that_the_rules_do_not_have_is_refused():
    given = running()
    given.rules = replace(DEFAULT, rungs=RUNGS[:1])
    refusal = given.refused(rung(Colour.RED), LADDER, by=URGER)
    assert (refusal.rule, refusal.field) == ("no_such_rung", "colour")


def test_past_the_announced_calendar_the_day_is_provisional():
    due_on = date(2027, 1, 1)
    given = ledger()
    move_to(given, date(2026, 6, 1))
    given.when(replace(PROPOSAL, starts_on=date(2026, 6, 1), due_on=due_on), MATTER, by=SUPERVISOR)
    step(given, "register_commitment")
    given.when(OpenLadder(commitment=MATTER), LADDER, by=URGER)
    move_to(given, date(2026, 12, 29))
    (event,) = given.when(rung(Colour.BLUE, due_on), LADDER, by=URGER)
    assert (event.day, event.provisional) == (date(2026, 12, 29), True)
    move_to(given, date(2027, 1, 20))
    (event,) = given.when(rung(Colour.YELLOW, due_on), LADDER, by=URGER)
    assert (type(event), event.provisional) == (UrgeMissed, True)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.ARCHIVED])
def test_a_notice_goes_out_only_while_the_clock_runs(stage: Stage):
    given = running(stage)
    move_to(given, BLUE_DAY)
    # The pauses of the walk end in July and August; nobody resumed, and the due date has moved by their length.
    if stage in {Stage.REGISTERED, Stage.ASSIGNED, Stage.RETURN_ASKED, Stage.IN_PROGRESS}:
        assert isinstance(given.when(rung(Colour.BLUE), LADDER, by=URGER)[0], UrgeSent)
        return
    refusal = given.refused(rung(Colour.BLUE), LADDER, by=URGER)
    assert (refusal.rule, refusal.state, refusal.field) == ("clock_stands", stage.value, "due_on")


def test_not_towards_a_date_that_was_moved():
    given = running()
    step(given, "ask_extension", "rule_on_extension")
    move_to(given, BLUE_DAY)
    assert given.refused(rung(Colour.BLUE), LADDER, by=URGER).rule == "clock_stands"
    assert given.refused(rung(Colour.BLUE, date(2011, 12, 31)), LADDER, by=URGER).rule == "rung_not_due"


def test_the_clock_stands_to_the_last_day_of_a_pause_and_runs_on_by_itself():
    given = at(Stage.SUSPENDED)  # 30 days from 2011-06-15
    paused, last = state(given), given.today + timedelta(days=30)
    assert clock_due(paused, last, announced()) is None
    assert clock_due(paused, last + timedelta(days=1), announced()) == date(2011, 10, 31)  # 30 October is a Sunday
    never = replace(paused, paused_until=paused.paused_since)
    assert clock_due(never, last, announced()) == DUE
    weekend = Calendar(holidays=frozenset({DUE}), make_ups=frozenset(), first=DUE, last=DUE)
    assert clock_due(never, last, weekend) == DUE


def withdrawal(colour: Colour, occurred_on: date) -> WithdrawRung:
    return WithdrawRung(colour=colour, due_on=DUE, cause=Overtaken.COMPLETED, occurred_on=occurred_on)


@pytest.mark.parametrize("missed", [False, True])
def test_a_rung_overtaken_by_what_happened_before_is_withdrawn(missed: bool):
    given = running()
    move_to(given, BLUE_DAY + timedelta(days=missed))
    given.when(rung(Colour.BLUE), LADDER, by=URGER)
    before = BLUE_DAY - timedelta(days=1)
    assert given.when(withdrawal(Colour.BLUE, before), LADDER, by=URGER) == [
        UrgeWithdrawn(colour=Colour.BLUE, due_on=DUE, day=BLUE_DAY, cause=Overtaken.COMPLETED, occurred_on=before)
    ]
    again = given.refused(withdrawal(Colour.BLUE, before), LADDER, by=URGER)
    assert (again.rule, again.state) == ("rung_not_standing", "withdrawn")
    assert given.refused(rung(Colour.BLUE), LADDER, by=URGER).rule == "rung_recorded"


def test_what_happened_on_the_day_overtakes_nothing():
    refusal = sent(Colour.BLUE).refused(withdrawal(Colour.BLUE, BLUE_DAY), LADDER, by=URGER)
    assert (refusal.rule, refusal.field) == ("not_overtaken", "occurred_on")


def test_only_what_was_recorded_is_withdrawn():
    refusal = sent(Colour.BLUE).refused(withdrawal(Colour.RED, BLUE_DAY), LADDER, by=URGER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("rung_not_standing", Kind.OUT_OF_TURN, "not_recorded")
    assert refusal.field == "colour"


@pytest.mark.parametrize("by", [SUPERVISOR, OFFICER, LEADER])
@pytest.mark.parametrize("asked", [rung(Colour.BLUE), withdrawal(Colour.BLUE, DUE)])
def test_only_the_urger_keeps_the_ladder(asked: object, by: object):
    assert running().refused(asked, LADDER, by=by).rule == "role_not_allowed"


def test_what_is_said_of_one_due_date_leaves_the_others_alone():
    given = sent(Colour.RED)
    given.when(rung(Colour.RED, date(2011, 8, 31)), LADDER, by=URGER)
    ordered = {"talk_on": RED_DAY, "instruction": "请主要负责人到会", "by": LEADER.person}
    given.happened(LADDER, UrgeTalkOrdered(colour=Colour.RED, due_on=DUE, **ordered))
    given.when(withdrawal(Colour.RED, BLUE_DAY), LADDER, by=URGER)
    first, other = given.states[LADDER].records
    assert (first.mark, first.talk_ordered) == (Mark.WITHDRAWN, True)
    assert (other.mark, other.talk_ordered) == (Mark.MISSED, False)
