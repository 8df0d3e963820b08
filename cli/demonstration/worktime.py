"""Office hours of 2011 in Taicang: 8:30–11:30 and 13:30–17:00 on working days."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ledger.announced import announced

ZONE = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2011, 1, 4, 8, 0, tzinfo=ZONE)
"""The ledger opens on the first working day."""
END = datetime(2011, 12, 31, 17, 0, tzinfo=ZONE)
"""The last second of the story; the Saturday is a make-up working day."""

_DAYS = [day for n in range(363) if announced().is_working(day := date(2011, 1, 4) + timedelta(days=n))]
FIRST, LAST = _DAYS[0], _DAYS[-1]


def from_day(day: date) -> date:
    """The day itself or the next working day; the last one at the latest."""
    return _DAYS[min(bisect_left(_DAYS, day), len(_DAYS) - 1)]


def days_on(day: date, count: int) -> date | None:
    """`count` working days after `day`; None when that lies past the year."""
    found = bisect_right(_DAYS, day) - 1 + count
    return _DAYS[found] if found < len(_DAYS) else None


def day_in(random: Random, first: date, last: date) -> date:
    """Some working day from `first` to `last`."""
    return _DAYS[random.randrange(bisect_left(_DAYS, first), bisect_right(_DAYS, last))]


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), ZONE)


def office_moment(random: Random, day: date) -> datetime:
    """Some moment of the office hours of a day."""
    seconds = random.randrange(390 * 60)
    start = at(day, 8, 30) if seconds < 180 * 60 else at(day, 13, 30) - timedelta(minutes=180)
    return start + timedelta(seconds=seconds, milliseconds=random.randrange(1000))


def after(random: Random, moment: datetime, low: float, high: float) -> datetime | None:
    """A moment `low` to `high` office hours later; None when that lies past the year."""
    return later(moment, timedelta(hours=random.uniform(low, high)))


def later(moment: datetime, work: timedelta) -> datetime | None:
    """`work` of office time after a moment; None when that lies past the year."""
    day = from_day(moment.date())
    if day != moment.date():
        moment = at(day, 8, 30)
    while True:
        for opens, closes in ((at(day, 8, 30), at(day, 11, 30)), (at(day, 13, 30), at(day, 17))):
            moment = max(moment, opens)
            if moment + work <= closes:
                return moment + work
            if moment < closes:
                work -= closes - moment
        following = days_on(day, 1)
        if following is None:
            return None
        day = following


def noon(random: Random, day: date) -> datetime:
    """When the departments' system sends what it has."""
    return at(day, 12) + timedelta(milliseconds=random.randrange(20 * 60_000))


def past_noon(random: Random, day: date) -> datetime:
    """When the hotline sends what it has, after the departments."""
    return at(day, 12, 20) + timedelta(milliseconds=random.randrange(10 * 60_000))


def entered_after(random: Random, day: date) -> date:
    """The working day on which something of `day` is entered: mostly the next ones, now and then weeks later."""
    lag = random.choices((1, 2, 3, 5, 9, 16), weights=(40, 25, 15, 10, 7, 3))[0]
    return days_on(from_day(day), lag) or LAST
