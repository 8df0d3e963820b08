"""Deadlines that explain themselves (DOMAIN §4). The result is stored in the event, so that a later change of the
rules or the calendar never rewrites it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.calendar import DayOff
from domain.command import Context
from domain.counting import Span, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    day: date
    why: DayOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """`due` is the last instant in time (UTC); a deadline in working days ends with its last day in Shanghai.
    `provisional`: it reaches past the announced calendar."""

    rule: str
    """Name of the limit, such as `dispatch_hours.urgent`."""
    edition: str
    """Version of the rules it was taken from."""
    start: datetime
    due: datetime
    skipped: tuple[Skipped, ...] = ()
    provisional: bool = False


def in_hours(ctx: Context, rule: str, hours: int) -> Deadline:
    """Hours run at once, nights and holidays included (Civil Code art. 201)."""
    return Deadline(rule=rule, edition=ctx.rules.version, start=ctx.now, due=ctx.now + timedelta(hours=hours))


def in_working_days(ctx: Context, rule: str, days: int) -> Deadline:
    """The end of the `days`-th working day after today; today does not count (Civil Code art. 201, 203)."""
    period = counted(ctx.calendar, ctx.today, days, Span.WORKING_DAYS)
    return Deadline(
        rule=rule,
        edition=ctx.rules.version,
        start=ctx.now,
        due=datetime.combine(period.last + timedelta(days=1), time(), ctx.zone).astimezone(UTC),
        skipped=tuple(Skipped(day=passed.day, why=DayOff(passed.why)) for passed in period.passed),
        provisional=not ctx.calendar.is_announced(period.last),
    )
