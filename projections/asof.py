"""The one moment a query is about: known at position P, true on civil date D."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from domain.refusal import Kind, Refusal
from ledger.contract import Reader
from projections.days import FIRST_YEAR, LAST_YEAR, civil_date, moment

POSITION = re.compile(r"[0-9]{1,18}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d([.,]\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """Answers take the events with position ≤ `position` that occurred by the end of `on` (Asia/Shanghai), in the
    order (occurred_at, position)."""

    position: int
    on: date
    known_on: date
    """The civil date at which `position` was the newest: of the moment asked for, else of its recorded time."""
    forecast: bool
    """`on` lies after `known_on`: true if nothing more happens."""


def as_of(reader: Reader, given: str | None, on: str | None, *, served: int, now: datetime | None = None) -> AsOf:
    """`given` is a position or an RFC 3339 time (recorded time); without it `served`, the view's own position.
    `on` is an ISO date; without it the date at which the position was the newest.

    `now` is the reader's clock; without it the ledger's own, its last recorded time, which is what "today" means
    on a demonstration ledger. Refuses with `as_of_malformed`, `as_of_in_future`, `as_of_before_start`,
    `on_malformed`, `on_out_of_range` or `ledger_empty`.
    """
    head = reader.head()
    if head.position == 0:
        raise Refusal("ledger_empty", "台账尚无记录", "the ledger is empty", kind=Kind.NOT_FOUND)
    clock = max(head.recorded_at, moment(now)) if now is not None else head.recorded_at
    if given is None:
        position = min(served, head.position)
        known_on = civil_date(clock if position == head.position else _recorded_at(reader, position))
    elif POSITION.fullmatch(given):
        position = int(given)
        if position > head.position:
            raise _in_future()
        if position == 0:
            raise _before_start()
        known_on = civil_date(clock if position == head.position else _recorded_at(reader, position))
    else:
        at = _moment(given)
        if at > clock:
            raise _in_future()
        position = reader.position_at(at)
        if position == 0:
            raise _before_start()
        known_on = civil_date(at)
    day = known_on if on is None else _date(on)
    return AsOf(position=position, on=day, known_on=known_on, forecast=day > known_on)


def _recorded_at(reader: Reader, position: int) -> int:
    # Nothing is served yet at 0: the time of the first event is as good as any.
    return reader.read(max(position, 1) - 1, 1)[0].recorded_at


def _moment(given: str) -> int:
    if not MOMENT.fullmatch(given):
        raise Refusal(
            "as_of_malformed",
            "as_of 须为位置号（正整数）或带时区的时间，如 2011-06-30T17:00:00+08:00",
            "as_of is a position or a time with an offset, such as 2011-06-30T17:00:00+08:00",
            field="as_of",
        )
    try:
        # Python reads at most six decimals.
        return moment(datetime.fromisoformat(re.sub(r"([.,]\d{6})\d+", r"\1", given.upper())))
    except (ValueError, OverflowError):
        raise Refusal("as_of_malformed", "as_of 不是有效的时间", "as_of is no such time", field="as_of") from None


def _date(given: str) -> date:
    try:
        if not DATE.fullmatch(given):
            raise ValueError  # noqa: TRY301 - one answer for both
        day = date.fromisoformat(given)
    except ValueError:
        raise Refusal(
            "on_malformed", "on 须为日期，如 2011-06-30", "on is a date, such as 2011-06-30", field="on"
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(
            "on_out_of_range", "on 须在2000年至2200年之间", "on must lie in the years 2000 to 2200", field="on"
        )
    return day


def _in_future() -> Refusal:
    return Refusal("as_of_in_future", "as_of 不能晚于现在", "as_of lies in the future", field="as_of")


def _before_start() -> Refusal:
    return Refusal("as_of_before_start", "as_of 早于第一条记录", "as_of lies before the first event", field="as_of")
