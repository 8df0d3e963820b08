"""Working days. The Chinese calendar is data: weekends, announced holidays and make-up working days."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`holidays` are days off whatever the weekday, `make_ups` working weekends (调休), both as announced by the
    State Council; `first` and `last` bound the announced years. A day after `last` is counted by weekday alone,
    and a deadline that reaches there is provisional."""

    holidays: AbstractSet[date]
    make_ups: AbstractSet[date]
    first: date
    last: date

    def is_working(self, day: date) -> bool:
        return day in self.make_ups or (day.weekday() < SATURDAY and day not in self.holidays)

    def is_announced(self, day: date) -> bool:
        return self.first <= day <= self.last

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; the first day does not count (Civil Code art. 201)."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            if self.is_working(day):
                days -= 1
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def roll(self, day: date) -> date:
        """A last day on a day off moves to the next working day (Civil Code art. 203)."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day
