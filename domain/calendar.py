"""Working days. The Chinese calendar is data: weekly rest days, announced holidays and make-up working days."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SATURDAY, SUNDAY = 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})
DAY = timedelta(days=1)
DECEMBER = 12
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class DayOff(StrEnum):
    """Why a day is not worked."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`holidays` are days off whatever the weekday, `make_ups` working rest days (调休), both as announced by the
    State Council; `first` and `last` bound the announced years. A day after `last` is counted by weekday alone,
    and a deadline that reaches there is provisional. `rest_days` are weekdays as `date.weekday` counts them, never
    all seven, or no day would ever be worked."""

    holidays: AbstractSet[date]
    make_ups: AbstractSet[date]
    first: date
    last: date
    rest_days: AbstractSet[int] = WEEKEND

    def is_working(self, day: date) -> bool:
        return day in self.make_ups or (day.weekday() not in self.rest_days and day not in self.holidays)

    def day_off(self, day: date) -> DayOff | None:
        """Why it is not worked; None for a working day."""
        if self.is_working(day):
            return None
        return DayOff.HOLIDAY if day in self.holidays else DayOff.WEEKEND

    def is_announced(self, day: date) -> bool:
        return self.first <= day <= self.last

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`, or before it when `days` is negative; the first day does not count
        (Civil Code art. 201). Zero days give `start`, worked or not."""
        step = DAY if days > 0 else -DAY
        day, left = start, abs(days)
        while left > 0:
            day += step
            if self.is_working(day):
                left -= 1
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def roll(self, day: date) -> date:
        """A last day on a day off moves to the next working day (Civil Code art. 203)."""
        while not self.is_working(day):
            day += DAY
        return day


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months on, or the last of that month where it has no such day (Civil Code
    art. 202). Raises OverflowError beyond the year 9999."""
    year, month = divmod(day.year * DECEMBER + day.month - 1 + months, DECEMBER)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    leap = month == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month + 1, min(day.day, LENGTHS[month] + leap))
