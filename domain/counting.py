"""Periods counted day by day (Civil Code art. 200–204), with every day that did not count and why.

The first day does not count; hours run at once. Days on which the clock stands do not count. A last day on a day off
moves to the next working day. A period in days ends with its last day in Asia/Shanghai (art. 203: 24:00).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import DAY, Calendar, DayOff, add_months


class Span(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Halt(StrEnum):
    """Why the clock stands."""

    DEFERRED = "deferred"  # 挂账
    SUSPENDED = "suspended"  # 中止


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stands after `since` up to and including `until`; the day on which it is stopped still counts, as the
    first day of any period does not (art. 201)."""

    since: date
    until: date
    why: Halt

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    def covers(self, day: date) -> bool:
        return self.since < day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A day that was not counted."""

    day: date
    why: DayOff | Halt


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`last` is the last day. `ends` is where the count itself ended, before it moved off days off; `passed` are the
    days not counted before `ends`, `rolled` those it then moved over, both in the order they were met."""

    start: date
    ends: date
    last: date
    passed: tuple[Passed, ...]
    rolled: tuple[Passed, ...]

    def announced_in(self, calendar: Calendar) -> bool:
        """Whether every day that was counted or moved over lies in announced years."""
        if self.last == self.start:
            return calendar.is_announced(self.last)
        nearest = self.start + (DAY if self.last > self.start else -DAY)
        return calendar.is_announced(nearest) and calendar.is_announced(self.last)


def counted(calendar: Calendar, start: date, amount: int, span: Span, pauses: Sequence[Pause] = ()) -> Period:
    """A period of `amount` days, working days or months after `start`; working days also backwards, with a negative
    amount. Raises OverflowError when it leaves the years 1 to 9999."""
    assert span is not Span.HOURS, "hours run from a moment, not from a day"
    assert amount >= 0 or span is Span.WORKING_DAYS, "only working days are counted backwards"
    if span is Span.MONTHS:
        amount = (add_months(start, amount) - start).days
    working = span is Span.WORKING_DAYS
    passed: list[Passed] = []
    day, left, step = start, abs(amount), DAY if amount >= 0 else -DAY
    while left:
        day += step
        why = _halted(day, pauses) or (calendar.day_off(day) if working else None)
        if why is None:
            left -= 1
        else:
            passed.append(Passed(day=day, why=why))
    last, rolled = (day, ()) if working else rolled_on(calendar, day)
    return Period(start=start, ends=day, last=last, passed=tuple(passed), rolled=rolled)


def rolled_on(calendar: Calendar, day: date) -> tuple[date, tuple[Passed, ...]]:
    """The day itself, or the next working day after it (art. 203), and the days off in between."""
    rolled: list[Passed] = []
    while (why := calendar.day_off(day)) is not None:
        rolled.append(Passed(day=day, why=why))
        day += DAY
    return day, tuple(rolled)


def _halted(day: date, pauses: Sequence[Pause]) -> Halt | None:
    return next((pause.why for pause in pauses if pause.covers(day)), None)
