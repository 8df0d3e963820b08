"""Civil dates as whole numbers, so that both databases compare them alike and fast.

A day is a proleptic Gregorian ordinal (`date.toordinal`); a moment is µs since 1970, UTC. Civil dates are those of
Asia/Shanghai.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FOREVER = 2**31 - 1
"""Later than any position or day. A small number, because views store it in every row: a ledger whose views reach two
billion events needs a greater one, and a new shape."""
FIRST_YEAR, LAST_YEAR = 2000, 2200
"""What may be asked about: no record is older, and no date that anyone promised lies later."""
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
_OFFSET = 8 * 3_600_000_000
_ALWAYS_EIGHT = int(datetime(1991, 9, 15, tzinfo=UTC).timestamp()) * 1_000_000
"""Since then the zone is UTC+8 without summer time (tz database, Asia/Shanghai)."""


def moment(at: datetime) -> int:
    """µs since 1970 of an aware datetime."""
    return (at - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    """The aware datetime (UTC) of a moment."""
    return EPOCH + at * MICROSECOND


def civil_day(at: int) -> int:
    """The day in Asia/Shanghai on which a moment lies."""
    if at >= _ALWAYS_EIGHT:
        return (at + _OFFSET) // _DAY + _EPOCH_DAY
    return instant(at).astimezone(ZONE).date().toordinal()


def civil_date(at: int) -> date:
    return date.fromordinal(civil_day(at))


def day_end(day: int) -> int:
    """The moment at which a civil day is over."""
    return moment(datetime.combine(date.fromordinal(day + 1), time(), ZONE))


def day_or_none(day: int) -> date | None:
    """The date of a day, None of `FOREVER`."""
    return None if day == FOREVER else date.fromordinal(day)
