"""A limit counted anew when the calendar it was counted over is announced or amended. What is past stays, and none is
moved to a moment that is past.

Of any life whose limits are counted in working days, or moved off days off at their end: the same command and the same
event in every such stream. Due dates of commitments have their own (`domain/commitment_recalculating.py`).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from domain.actor import Role
from domain.calendar import DAY, DayOff
from domain.calendar_year import CalendarYear, CalendarYearId
from domain.command import Context, command
from domain.counting import Span, counted
from domain.deadline import Deadline, Skipped
from domain.event import event, evolves
from domain.ids import TimedId
from domain.rule_book import span_of

CALENDRICAL = frozenset({Span.DAYS, Span.WORKING_DAYS})
"""What hangs on days off; hours run through them."""


@event("deadline_recalculated.1")
class DeadlineRecalculated:
    """The calendar of days that a limit running in this stream was counted over has been announced or amended. The
    limit is that of `deadline.rule`; `number` is the notice."""

    deadline: Deadline
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What every state has against which limits run."""

    @property
    def clocks(self) -> tuple[Deadline, ...]:
        """Those that run now, one of a rule; a field in each state."""
        return ()

    def clock(self, rule: str) -> Deadline | None:
        return next((one for one in self.clocks if one.rule == rule), None)


@evolves(DeadlineRecalculated, named=TimedId)
def evolve(state: Timed | None, happened: DeadlineRecalculated) -> Timed:
    assert state is not None
    made: Any = state
    recounted: Timed = replace(
        made,
        clocks=tuple(happened.deadline if one.rule == happened.deadline.rule else one for one in state.clocks),
    )
    return recounted


def counted_anew(deadline: Deadline, ctx: Context) -> Deadline:
    """Over as many days from the same start, by the calendar in force; the same where nothing hangs on it."""
    span = span_of(deadline.rule.partition(".")[0])
    if span not in CALENDRICAL:
        return deadline
    start = deadline.start.astimezone(ctx.zone).date()
    last = deadline.due.astimezone(ctx.zone).date() - DAY
    # Every day between them was counted, or is told to have been skipped.
    days = (last - start).days - len(deadline.skipped)
    period = counted(ctx.calendar, start, days, span)
    return replace(
        deadline,
        due=datetime.combine(period.last + timedelta(days=1), time(), ctx.zone).astimezone(UTC),
        skipped=tuple(Skipped(day=one.day, why=DayOff(one.why)) for one in (*period.passed, *period.rolled)),
        provisional=not ctx.calendar.is_announced(period.last),
    )


@command(of=Timed, by=(Role.SUPERVISOR, Role.DISPATCHER, Role.URGER))
class RecalculateDeadlines:
    """Counts the limits that run anew by the calendar in force, on the notice of the year `notice`: those of
    acknowledgement, answer, objection, review, rectification and appeal. Where none changes it is refused with
    `unchanged`."""

    notice: CalendarYearId

    def decide(self, state: Timed, ctx: Context) -> list[DeadlineRecalculated]:
        year: CalendarYear = ctx.look(self.notice)
        found = []
        for running in state.clocks:
            anew = counted_anew(running, ctx)
            moved = (anew.due, anew.provisional) != (running.due, running.provisional)
            if moved and ctx.now < min(anew.due, running.due):
                found.append(DeadlineRecalculated(deadline=anew, number=year.number))
        return found
