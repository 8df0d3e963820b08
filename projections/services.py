"""Questions about records and services (`tables.RECORD`): counts per channel and programme, shares of what lasts and of
what builds, and what went in against what was confirmed, each as of any moment and with the things it counts.

A year is that of a thing's own day (`projections.record_kinds.RecordKind`), for commitments of the original due date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from projections.asof import AsOf
from projections.record_kinds import RECORDS, SERVICES, RecordKind
from projections.tables import RECORD

INPUT: Final = (RecordKind.FUNDS_GIVEN, RecordKind.FUNDS_USED, RecordKind.USE)
CONFIRMED: Final = (RecordKind.FUNDS_CONFIRMED, RecordKind.BENEFIT)
ANSWERED: Final = (RecordKind.CLAIMED, RecordKind.CONFIRMED)


class ChannelCount(NamedTuple):
    """Records of a kind that came one way."""

    kind: str
    channel: str
    programme: str | None
    records: int


@dataclass(slots=True)
class Classed:
    """Services by class; each is in one of the first three and one of the last two."""

    services: int = 0
    one_off: int = 0
    recurring: int = 0
    standing: int = 0
    relief: int = 0
    capacity: int = 0

    def add(self, recurrence: str, aid: str, count: int) -> None:
        self.services += count
        setattr(self, recurrence, getattr(self, recurrence) + count)
        setattr(self, aid, getattr(self, aid) + count)


@dataclass(slots=True)
class Balance:
    """What a unit put in, by its own word, against what the beneficiaries confirmed. Sums of funds in 分."""

    funds_given: int = 0
    funds_used: int = 0
    funds_confirmed: int = 0
    use: int = 0
    benefit: int = 0
    claimed: int = 0
    confirmed: int = 0


class Item(NamedTuple):
    """One thing behind a figure."""

    position: int
    """Of the event that made it count as it does."""
    subject: bytes
    kind: str
    day: int
    unit: bytes | None
    partner: bytes | None
    channel: str | None
    programme: str | None
    recurrence: str | None
    aid: str | None
    amount: int


def first(year: int) -> int:
    return date(year, 1, 1).toordinal()


def last(year: int) -> int:
    return date(year, 12, 31).toordinal()


def _known(at: AsOf, year: int, kinds: Iterable[RecordKind]) -> ColumnElement[bool]:
    return and_(
        RECORD.c.position <= at.position,
        RECORD.c.outcome <= at.on.toordinal(),
        RECORD.c.cohort.between(first(year), last(year)),
        RECORD.c.kind.in_([kind.value for kind in kinds]),
    )


def sums(
    connection: Connection, at: AsOf, year: int, kinds: Iterable[RecordKind], *by: ColumnElement[Any]
) -> list[tuple[Any, ...]]:
    """What holds of some kinds at (P, D), summed by those columns."""
    total = func.sum(RECORD.c.amount)
    query = select(*by, total).where(_known(at, year, kinds)).group_by(*by).having(total != 0)
    # PostgreSQL sums bigints to a decimal.
    return [(*row[:-1], int(row[-1])) for row in connection.execute(query)]


def channels(connection: Connection, at: AsOf, year: int) -> list[ChannelCount]:
    """By kind, channel and programme; what came under no programme first."""
    found = sums(connection, at, year, RECORDS, RECORD.c.kind, RECORD.c.channel, RECORD.c.programme)
    return sorted((ChannelCount(*row) for row in found), key=lambda one: (one.kind, one.channel, one.programme or ""))


def classes(connection: Connection, at: AsOf, year: int) -> dict[bytes, Classed]:
    """Unit → its services by class."""
    found: dict[bytes, Classed] = {}
    by = (RECORD.c.unit, RECORD.c.recurrence, RECORD.c.aid)
    for unit, recurrence, aid, count in sums(connection, at, year, SERVICES, *by):
        if recurrence is None:
            continue
        found.setdefault(unit, Classed()).add(recurrence, aid, count)
    return found


def balances(connection: Connection, at: AsOf, year: int) -> dict[bytes, Balance]:
    """Unit → what it put in and what was confirmed."""
    found: dict[bytes, Balance] = {}
    kinds = (*INPUT, *CONFIRMED, *ANSWERED)
    for unit, kind, total in sums(connection, at, year, kinds, RECORD.c.unit, RECORD.c.kind):
        setattr(found.setdefault(unit, Balance()), kind, total)
    return found


def records(
    connection: Connection,
    at: AsOf,
    year: int,
    kinds: Iterable[RecordKind],
    *,
    unit: bytes | None = None,
    channel: str | None = None,
    programme: str | None = None,
    after: tuple[int, bytes] | None = None,
    limit: int | None = None,
) -> list[Item]:
    """What holds of some kinds at (P, D), by day and id, past `after`. `programme` '' is none."""
    columns = RECORD.c
    by = (
        columns.subject,
        columns.kind,
        columns.cohort,
        columns.unit,
        columns.partner,
        columns.channel,
        columns.programme,
        columns.recurrence,
        columns.aid,
    )
    total = func.sum(columns.amount)
    query = (
        select(func.max(case((columns.amount > 0, columns.position), else_=0)), *by, total)
        .where(_known(at, year, kinds))
        .group_by(*by)
        .having(total != 0)
        .order_by(columns.cohort, columns.subject)
    )
    if unit is not None:
        query = query.where(columns.unit == unit)
    if channel is not None:
        query = query.where(columns.channel == channel)
    if programme is not None:
        query = query.where(columns.programme == programme if programme else columns.programme.is_(None))
    if after is not None:
        day, subject = after
        query = query.where(or_(columns.cohort > day, and_(columns.cohort == day, columns.subject > subject)))
    return [Item._make((*row[:-1], int(row[-1]))) for row in connection.execute(query.limit(limit))]
