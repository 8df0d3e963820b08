"""When the clock stands."""

from datetime import date, timedelta

import pytest
from field import DISPATCHER, LEADER
from given import Given, person
from matter import DUE, MATTER, at, move_to, state, step

from domain.actor import Role
from domain.calendar_year import CalendarYear, CalendarYearId, with_years
from domain.commitment import Stage
from domain.commitment_events import (
    CommitmentResumed,
    CommitmentSuspended,
    DeferralGranted,
    DeferralProposed,
    DeferralRefused,
    DueRecalculated,
    ExtensionGranted,
)
from domain.commitment_pausing import ProposeDeferral, ResumeCommitment, RuleOnDeferral, SuspendCommitment
from domain.commitment_recalculating import RecalculateDue
from domain.refusal import Kind
from ledger.announced import announced

TODAY = date(2011, 6, 15)
GRANT, REFUSE = RuleOnDeferral(granted=True, reason=" 同意 "), RuleOnDeferral(granted=False, reason=" 不同意 ")
RESUME = ResumeCommitment(reason=" 条件具备 ")


def propose(days: int) -> ProposeDeferral:
    return ProposeDeferral(measures=" 分期实施 ", until=TODAY + timedelta(days=days))


def suspend(days: int) -> SuspendCommitment:
    return SuspendCommitment(ground=" 等待规划 ", until=TODAY + timedelta(days=days))


def test_a_deferral_takes_a_dispatcher_and_a_leader():
    given = at(Stage.IN_PROGRESS)
    assert given.when(propose(60), MATTER, by=DISPATCHER) == [
        DeferralProposed(measures="分期实施", until=date(2011, 8, 14), by=DISPATCHER.person)
    ]
    assert state(given).stage is Stage.IN_PROGRESS
    given.later(days=2)
    assert given.when(GRANT, MATTER, by=LEADER) == [
        DeferralGranted(since=date(2011, 6, 17), until=date(2011, 8, 14), reason="同意")
    ]
    matter = state(given)
    assert (matter.stage, matter.paused_since, matter.paused_until) == (
        Stage.DEFERRED,
        date(2011, 6, 17),
        date(2011, 8, 14),
    )
    assert matter.due_on == DUE
    assert matter.deferral_asked is None


def test_the_leader_refuses():
    given = at(Stage.IN_PROGRESS)
    step(given, "propose_deferral")
    assert given.when(REFUSE, MATTER, by=LEADER) == [DeferralRefused(reason="不同意")]
    assert (state(given).stage, state(given).deferral_asked) == (Stage.IN_PROGRESS, None)
    assert given.when(propose(1), MATTER, by=DISPATCHER)


@pytest.mark.parametrize("ruling", [GRANT, REFUSE])
def test_who_proposed_does_not_rule(ruling: RuleOnDeferral):
    given = at(Stage.IN_PROGRESS)
    step(given, "propose_deferral")
    refusal = given.refused(ruling, MATTER, by=person("dispatcher", Role.LEADER))
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)


def test_a_deferral_is_at_most_ninety_days_and_ahead():
    given = at(Stage.IN_PROGRESS)
    assert given.decide(propose(90), MATTER, by=DISPATCHER)
    assert given.decide(propose(1), MATTER, by=DISPATCHER)
    refusal = given.refused(propose(91), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field, refusal.kind) == ("deferral_too_long", "until", Kind.INVALID)
    assert "90" in refusal.zh
    assert "90" in refusal.en
    refusal = given.refused(propose(0), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("not_ahead", "until")


def test_it_is_granted_only_while_its_end_lies_ahead():
    given = at(Stage.IN_PROGRESS)
    given.when(propose(10), MATTER, by=DISPATCHER)
    given.later(days=9)
    assert given.decide(GRANT, MATTER, by=LEADER)
    given.later(days=1)
    assert given.refused(GRANT, MATTER, by=LEADER).rule == "not_ahead"
    assert given.when(REFUSE, MATTER, by=LEADER)


def test_one_proposal_at_a_time_and_no_ruling_without_one():
    given = at(Stage.IN_PROGRESS)
    for ruling in (GRANT, REFUSE):
        refusal = given.refused(ruling, MATTER, by=LEADER)
        assert (refusal.rule, refusal.kind, refusal.state) == ("nothing_asked", Kind.OUT_OF_TURN, "in_progress")
        assert "rule_on_deferral" not in refusal.allowed
    step(given, "propose_deferral")
    refusal = given.refused(propose(1), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.kind) == ("asked_already", Kind.OUT_OF_TURN)
    assert "propose_deferral" not in refusal.allowed
    assert "rule_on_deferral" in refusal.allowed


@pytest.mark.parametrize("ways", [("suspend_commitment", "resume_commitment"), ("report_fulfilment", "order_redo")])
def test_the_proposal_lapses_when_work_stops(ways: tuple[str, ...]):
    given = at(Stage.IN_PROGRESS)
    step(given, "propose_deferral", *ways)
    assert given.refused(GRANT, MATTER, by=LEADER).rule == "nothing_asked"


def test_the_dispatcher_suspends():
    given = at(Stage.IN_PROGRESS)
    assert given.when(suspend(30), MATTER, by=DISPATCHER) == [
        CommitmentSuspended(ground="等待规划", since=TODAY, until=date(2011, 7, 15))
    ]
    matter = state(given)
    assert (matter.stage, matter.paused_since, matter.paused_until) == (Stage.SUSPENDED, TODAY, date(2011, 7, 15))


def test_a_suspension_ends_ahead_and_within_ten_years():
    given = at(Stage.IN_PROGRESS)
    refusal = given.refused(suspend(0), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("not_ahead", "until")
    assert given.decide(suspend(1), MATTER, by=DISPATCHER)
    ten_years = (date(2021, 6, 15) - TODAY).days
    assert given.decide(suspend(ten_years), MATTER, by=DISPATCHER)
    refusal = given.refused(suspend(ten_years + 1), MATTER, by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("term_too_long", "until")


@pytest.fixture(params=[Stage.DEFERRED, Stage.SUSPENDED])
def paused(request: pytest.FixtureRequest) -> Given:
    """The clock stands from 15 June to 14 August (deferred) or 15 July (suspended)."""
    return at(request.param)


def test_the_due_date_moves_by_the_days_the_clock_stood(paused: Given):
    paused.later(days=12)
    assert paused.when(RESUME, MATTER, by=DISPATCHER) == [
        CommitmentResumed(reason="条件具备", paused_days=12, due_on=date(2011, 10, 12), provisional=False)
    ]
    matter = state(paused)
    assert (matter.stage, matter.due_on, matter.terms.original_due_on) == (Stage.IN_PROGRESS, date(2011, 10, 12), DUE)
    assert (matter.paused_since, matter.paused_until) == (None, None)


def test_resumed_the_same_day_nothing_moves(paused: Given):
    (event,) = paused.when(RESUME, MATTER, by=DISPATCHER)
    assert (event.paused_days, event.due_on) == (0, DUE)


def test_a_date_that_was_chosen_is_not_moved_off_its_holiday():
    given = at(Stage.IN_PROGRESS, due_on=date(2011, 10, 1))
    step(given, "suspend_commitment")
    assert given.when(RESUME, MATTER, by=DISPATCHER)[0].due_on == date(2011, 10, 1)


def test_a_moved_date_on_a_day_off_goes_to_the_next_working_day(paused: Given):
    paused.later(days=1)
    (event,) = paused.when(RESUME, MATTER, by=DISPATCHER)
    assert event.paused_days == 1
    assert event.due_on == date(2011, 10, 8), "1–7 October are days off, 8 October a working Saturday"


@pytest.mark.parametrize(("stage", "longest"), [(Stage.DEFERRED, 60), (Stage.SUSPENDED, 30)])
def test_the_clock_stands_no_longer_than_was_granted(stage: Stage, longest: int):
    given = at(stage)
    given.later(days=longest)
    assert given.decide(RESUME, MATTER, by=DISPATCHER)[0].paused_days == longest
    given.later(days=1)
    assert given.decide(RESUME, MATTER, by=DISPATCHER)[0].paused_days == longest
    given.later(days=200)
    (event,) = given.decide(RESUME, MATTER, by=DISPATCHER)
    assert event.paused_days == longest
    assert event.due_on < given.today, "an overdue matter stays overdue"


def test_pauses_add_up():
    given = at(Stage.SUSPENDED)
    given.later(days=12)
    given.when(RESUME, MATTER, by=DISPATCHER)
    given.when(ProposeDeferral(measures="分期", until=given.today + timedelta(days=90)), MATTER, by=DISPATCHER)
    given.when(GRANT, MATTER, by=LEADER)
    given.later(days=5)
    (event,) = given.when(RESUME, MATTER, by=DISPATCHER)
    assert event.due_on == DUE + timedelta(days=17)


def test_a_date_past_the_announced_calendar_is_provisional():
    last = at(Stage.PROPOSED).context(MATTER, DISPATCHER).calendar.last
    given = at(Stage.IN_PROGRESS, starts_on=date(2020, 1, 1), due_on=last)
    step(given, "suspend_commitment")
    assert not given.decide(RESUME, MATTER, by=DISPATCHER)[0].provisional
    given.later(days=1)
    assert given.decide(RESUME, MATTER, by=DISPATCHER)[0].provisional


def test_an_overdue_matter_stays_overdue_after_a_pause():
    given = at(Stage.IN_PROGRESS)
    move_to(given, DUE + timedelta(days=10))
    given.when(SuspendCommitment(ground="等待", until=given.today + timedelta(days=30)), MATTER, by=DISPATCHER)
    given.later(days=11)
    (event,) = given.when(RESUME, MATTER, by=DISPATCHER)
    assert event.due_on == date(2011, 10, 11)
    assert event.due_on < given.today


def moved_over_a_year() -> Given:
    """Due on the first day not announced, because a pause of a day moved it there."""
    last = at(Stage.PROPOSED).context(MATTER, DISPATCHER).calendar.last
    given = at(Stage.IN_PROGRESS, starts_on=date(2020, 1, 1), due_on=last)
    move_to(given, last - timedelta(days=30))
    given.when(SuspendCommitment(ground="等待", until=last - timedelta(days=29)), MATTER, by=DISPATCHER)
    given.later(days=1)
    (event,) = given.when(RESUME, MATTER, by=DISPATCHER)
    assert (event.due_on, event.provisional) == (date(2027, 1, 1), True)
    return given


def announce(given: Given, *holidays: date) -> RecalculateDue:
    state = CalendarYear(year=2027, holidays=holidays, make_ups=(), number="示例〔2026〕9号")
    given.states["2027"] = state
    given.calendar = with_years(announced(), [state])
    return RecalculateDue(notice=CalendarYearId("2027"))


def test_a_provisional_date_is_counted_anew_when_the_year_is_announced():
    given = moved_over_a_year()
    recalculate = announce(given, date(2027, 1, 1))
    found = DueRecalculated(due_on=date(2027, 1, 4), provisional=False, number="示例〔2026〕9号")
    assert given.when(recalculate, MATTER, by=DISPATCHER) == [found]
    assert given.states[MATTER].due_on == date(2027, 1, 4)
    assert given.decide(recalculate, MATTER, by=DISPATCHER) == []
    # It is counted from where the pause had moved it, not from where the first count ended.
    shorter = announce(given, date(2027, 1, 2))
    assert given.when(shorter, MATTER, by=DISPATCHER)[0].due_on == date(2027, 1, 1)


def test_a_pause_that_moves_nothing_changes_nothing_of_the_count():
    given = moved_over_a_year()
    given.when(SuspendCommitment(ground="等待", until=given.today + timedelta(days=9)), MATTER, by=DISPATCHER)
    given.when(RESUME, MATTER, by=DISPATCHER)
    (event,) = given.when(announce(given, date(2027, 1, 1)), MATTER, by=DISPATCHER)
    assert event.due_on == date(2027, 1, 4)


def test_a_date_that_stays_is_no_longer_provisional():
    given = moved_over_a_year()
    (event,) = given.when(announce(given, date(2027, 5, 1)), MATTER, by=DISPATCHER)
    assert (event.due_on, event.provisional) == (date(2027, 1, 1), False)
    assert given.states[MATTER].provisional is False


def test_a_chosen_date_is_not_counted_anew():
    given = at(Stage.IN_PROGRESS)
    assert given.refused(announce(given), MATTER, by=DISPATCHER).rule == "due_chosen"
    given = moved_over_a_year()
    given.happened(MATTER, ExtensionGranted(due_on=date(2027, 3, 6), reason="r"))
    assert given.refused(announce(given), MATTER, by=DISPATCHER).rule == "due_chosen"


def test_a_date_that_is_past_stays():
    given = moved_over_a_year()
    move_to(given, date(2027, 1, 1))
    assert given.decide(announce(given, date(2027, 1, 1)), MATTER, by=DISPATCHER)
    move_to(given, date(2027, 1, 2))
    assert given.refused(announce(given, date(2027, 1, 1)), MATTER, by=DISPATCHER).rule == "due_past"


def test_a_paused_date_is_not_counted_anew():
    given = at(Stage.SUSPENDED)
    assert given.refused(announce(given), MATTER, by=DISPATCHER).rule == "out_of_turn"


@pytest.mark.parametrize(
    ("command", "by", "field"),
    [
        (ProposeDeferral(measures=" ", until=date(2011, 7, 1)), DISPATCHER, "measures"),
        (SuspendCommitment(ground=" ", until=date(2011, 7, 1)), DISPATCHER, "ground"),
        (RuleOnDeferral(granted=True, reason=" "), LEADER, "reason"),
        (RuleOnDeferral(granted=False, reason=" "), LEADER, "reason"),
    ],
)
def test_grounds_are_required(command, by, field: str):
    given = at(Stage.IN_PROGRESS)
    if isinstance(command, RuleOnDeferral):
        step(given, "propose_deferral")
    refusal = given.refused(command, MATTER, by=by)
    assert (refusal.rule, refusal.field) == ("text_empty", field)


def test_resuming_needs_no_words(paused: Given):
    assert paused.decide(ResumeCommitment(), MATTER, by=DISPATCHER)[0].reason == ""
