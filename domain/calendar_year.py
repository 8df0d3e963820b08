"""The working calendar of a year, as the State Council's notice announces it (节假日安排). Each year is a stream; a
notice that changes one already announced amends it. What was decided under an earlier calendar keeps its result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NewType, TypeAlias, assert_never

from domain.actor import Role
from domain.calendar import DECEMBER, Calendar
from domain.command import Context, command
from domain.event import event, evolves
from domain.refusal import Kind, Refusal
from domain.text import line, text

CalendarYearId = NewType("CalendarYearId", str)
MOST_DAYS = 100
"""Days a notice may name of either kind; the longest so far named 33."""
LAST_YEAR = 2200


@event("calendar_announced.1")
class CalendarAnnounced:
    """`holidays` and `make_ups` are all the days the notice names, ascending; some may lie in the December before."""

    year: int
    holidays: tuple[date, ...]
    make_ups: tuple[date, ...]
    number: str
    """Of the notice (文号), its source."""


@event("calendar_amended.1")
class CalendarAmended:
    """A later notice names these instead."""

    holidays: tuple[date, ...]
    make_ups: tuple[date, ...]
    number: str
    reason: str


CalendarEvent: TypeAlias = CalendarAnnounced | CalendarAmended


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    year: int
    holidays: tuple[date, ...]
    make_ups: tuple[date, ...]
    number: str

    @property
    def claims(self) -> tuple[str, ...]:
        """A year is announced once."""
        return (claim_of(self.year),)


def claim_of(year: int) -> str:
    """The name a year's stream holds."""
    return f"calendar {year}"


@evolves(CalendarEvent, named=CalendarYearId)
def evolve(state: CalendarYear | None, happened: CalendarEvent) -> CalendarYear:
    match happened:
        case CalendarAnnounced():
            return CalendarYear(
                year=happened.year, holidays=happened.holidays, make_ups=happened.make_ups, number=happened.number
            )
        case CalendarAmended():
            assert state is not None
            return replace(state, holidays=happened.holidays, make_ups=happened.make_ups, number=happened.number)
        case _:
            assert_never(happened)


def with_years(calendar: Calendar, years: Iterable[CalendarYear]) -> Calendar:
    """The calendar with those years announced, the earliest first. A year's notice says of all its days and of those it
    names in the December before; the others keep what they had."""
    for year in sorted(years, key=lambda one: one.year):
        named = {*year.holidays, *year.make_ups}
        holidays = {day for day in calendar.holidays if day.year != year.year and day not in named}
        make_ups = {day for day in calendar.make_ups if day.year != year.year and day not in named}
        calendar = replace(
            calendar,
            holidays=frozenset(holidays | set(year.holidays)),
            make_ups=frozenset(make_ups | set(year.make_ups)),
            last=max(calendar.last, date(year.year, DECEMBER, 31)),
        )
    return calendar


def _days(days: Sequence[date], year: int, field: str) -> tuple[date, ...]:
    if len(days) > MOST_DAYS:
        raise Refusal("too_many_days", f"不能超过{MOST_DAYS}天", f"at most {MOST_DAYS} days", field=field)
    for day in days:
        if day.year != year and (day.year, day.month) != (year - 1, DECEMBER):
            raise Refusal(
                "day_outside_year",
                f"日期须在{year}年内或上一年12月",
                f"the day must lie in {year} or the December before",
                field=field,
            )
    return tuple(sorted(days))


def _checked(
    holidays: Sequence[date], make_ups: Sequence[date], year: int, ctx: Context
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    off, worked = _days(holidays, year, "holidays"), _days(make_ups, year, "make_ups")
    if not off:
        raise Refusal("no_holidays", "通知须列明放假日期", "a notice names the days off", field="holidays")
    if len({*off, *worked}) != len(off) + len(worked):
        raise Refusal("day_named_twice", "同一日期重复出现", "a day is named twice", field="make_ups")
    if any(day.weekday() not in ctx.calendar.rest_days for day in worked):
        raise Refusal(
            "make_up_on_working_day",
            "调休上班日须为周休息日",
            "a make-up working day must fall on a weekly rest day",
            field="make_ups",
        )
    return off, worked


@command(of=CalendarYear, by=(Role.SYSTEM_ADMIN,), creates=True)
class AnnounceCalendar:
    """Takes in the official notice of a year's holidays (`holidays`) and make-up working days (`make_ups`, 调休上班),
    all days it names, those in the December before included. Years follow one another: the next one, or one the
    program brings, which the notice then replaces."""

    year: int
    holidays: tuple[date, ...]
    make_ups: tuple[date, ...] = ()
    number: str

    def decide(self, state: None, ctx: Context) -> list[CalendarEvent]:
        following = ctx.calendar.last.year + 1
        if not ctx.calendar.first.year <= self.year <= min(following, LAST_YEAR):
            raise Refusal(
                "year_not_next",
                f"应先公布{following}年的安排",
                f"the next year to announce is {following}",
                kind=Kind.CONFLICT,
                field="year",
            )
        off, worked = _checked(self.holidays, self.make_ups, self.year, ctx)
        return [CalendarAnnounced(year=self.year, holidays=off, make_ups=worked, number=line(self.number, "number"))]


@command(of=CalendarYear, by=(Role.SYSTEM_ADMIN,))
class AmendCalendar:
    """Takes in a later notice that changes an announced year, such as a longer Spring Festival: again all days it then
    has."""

    holidays: tuple[date, ...]
    make_ups: tuple[date, ...] = ()
    number: str
    reason: str

    def decide(self, state: CalendarYear, ctx: Context) -> list[CalendarEvent]:
        off, worked = _checked(self.holidays, self.make_ups, state.year, ctx)
        if (off, worked) == (state.holidays, state.make_ups):
            return []
        number, reason = line(self.number, "number"), text(self.reason, "reason")
        return [CalendarAmended(holidays=off, make_ups=worked, number=number, reason=reason)]
