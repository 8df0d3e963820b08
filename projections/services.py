"""Questions about records and services (`tables.RECORD`): counts per channel and programme, shares of what lasts and of
what builds, what went in against what was confirmed, and the parts of a unit's yearly assessment, each as of any moment
and each with the things it counts.

A year is that of a thing's own day (`projections.record_kinds.RecordKind`), for commitments of the original due date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from domain.assessment_score import Figure, Part
from domain.commitment import Stage
from domain.commitment_terms import Outcome
from domain.service import Aid, Recurrence
from projections.asof import AsOf
from projections.record_kinds import RECORDS, SERVICES, RecordKind
from projections.tables import COMMITMENT, RECORD, VERSION, promised, visible

ACCEPTED: Final = frozenset({Stage.VERIFIED.value, Stage.CLOSED.value, Stage.ARCHIVED.value})
LASTING: Final = frozenset({Recurrence.RECURRING.value, Recurrence.STANDING.value})
PAIRS: Final = {
    Part.SOLVED: (RecordKind.CLAIMED, RecordKind.CONFIRMED),
    Part.BENEFIT: (RecordKind.USE, RecordKind.BENEFIT),
}
"""Part → what it counts, and which of that counts in its favour."""
SHARES: Final = (Part.LASTING, Part.CAPACITY)
PROMISES: Final = (Part.FULFILMENT, Part.ON_TIME)
COUNTED: Final = (*PROMISES, *PAIRS, *SHARES)
"""Parts the views count; the appraisal's standing comes from the appraisal itself."""
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


@dataclass(slots=True)
class _Counted:
    numerator: int = 0
    denominator: int = 0
    excluded: int = 0


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


@dataclass(slots=True)
class Behind:
    """What a part of an assessment counts: all of it, which of it counts in favour, and what is left out."""

    items: list[Item] = field(default_factory=list)
    favour: set[bytes] = field(default_factory=set)
    excluded: list[Item] = field(default_factory=list)


def _first(year: int) -> int:
    return date(year, 1, 1).toordinal()


def _last(year: int) -> int:
    return date(year, 12, 31).toordinal()


def _known(at: AsOf, year: int, kinds: Iterable[RecordKind]) -> ColumnElement[bool]:
    return and_(
        RECORD.c.position <= at.position,
        RECORD.c.outcome <= at.on.toordinal(),
        RECORD.c.cohort.between(_first(year), _last(year)),
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


def parts(connection: Connection, at: AsOf, year: int) -> dict[bytes, tuple[Figure, ...]]:
    """Unit → the parts of its assessment that the views count; a part without data has a zero denominator."""
    found: dict[bytes, dict[Part, _Counted]] = {}

    def part(unit: bytes, which: Part) -> _Counted:
        return found.setdefault(unit, {}).setdefault(which, _Counted())

    for row in _promised(connection, at, year):
        for which in PROMISES:
            one = part(row.unit, which)
            if row.stage == Stage.TERMINATED.value:
                one.excluded += 1
            else:
                one.denominator += 1
                one.numerator += _kept(row, which)
    for unit, balance in balances(connection, at, year).items():
        for which, (all_, good) in PAIRS.items():
            one = part(unit, which)
            one.denominator = getattr(balance, all_.value)
            one.numerator = getattr(balance, good.value)
    for unit, classed in classes(connection, at, year).items():
        for which in SHARES:
            part(unit, which).denominator = classed.services
        part(unit, Part.LASTING).numerator = classed.recurring + classed.standing
        part(unit, Part.CAPACITY).numerator = classed.capacity
    return {unit: tuple(_figures(counted)) for unit, counted in found.items()}


def _figures(counted: Mapping[Part, _Counted]) -> Iterable[Figure]:
    for part in COUNTED:
        one = counted.get(part, _Counted())
        yield Figure(part=part, numerator=one.numerator, denominator=one.denominator, excluded=one.excluded)


def _promised(connection: Connection, at: AsOf, year: int, unit: bytes | None = None) -> Sequence[Any]:
    """Commitments whose original due date lies in the year and not after D; those only proposed are none yet."""
    last = min(_last(year), at.on.toordinal())
    query = (
        select(
            VERSION.c.stream,
            VERSION.c.since,
            VERSION.c.unit,
            VERSION.c.stage,
            VERSION.c.outcome,
            VERSION.c.reported_on,
            COMMITMENT.c.original_due,
            COMMITMENT.c.recurrence,
            COMMITMENT.c.aid,
        )
        .join(COMMITMENT, promised(at.position))
        .where(
            visible(VERSION, at.position, at.on.toordinal()),
            VERSION.c.stage != Stage.PROPOSED.value,
            COMMITMENT.c.original_due.between(_first(year), last),
        )
        .order_by(COMMITMENT.c.original_due, VERSION.c.stream)
    )
    return connection.execute(query if unit is None else query.where(VERSION.c.unit == unit)).all()


def _kept(row: Any, part: Part) -> bool:
    """Whether a commitment counts in favour: closed as fulfilled, or an accepted report on or before the original due
    date."""
    if part is Part.FULFILMENT:
        return bool(row.outcome == Outcome.FULFILLED.value)
    return row.stage in ACCEPTED and row.reported_on is not None and row.reported_on <= row.original_due


def behind(connection: Connection, at: AsOf, year: int, unit: bytes, part: Part) -> Behind:
    """The things a part counts for a unit, by day and id."""
    found = Behind()
    if part in PROMISES:
        for row in _promised(connection, at, year, unit):
            item = Item(
                position=row.since,
                subject=row.stream,
                kind=RecordKind.COMMITMENT.value,
                day=row.original_due,
                unit=row.unit,
                partner=None,
                channel=None,
                programme=None,
                recurrence=row.recurrence,
                aid=row.aid,
                amount=1,
            )
            if row.stage == Stage.TERMINATED.value:
                found.excluded.append(item)
                continue
            found.items.append(item)
            if _kept(row, part):
                found.favour.add(row.stream)
    elif part in PAIRS:
        all_, good = PAIRS[part]
        found.items = records(connection, at, year, (all_,), unit=unit)
        found.favour = {one.subject for one in records(connection, at, year, (good,), unit=unit)}
    else:
        found.items = [one for one in records(connection, at, year, SERVICES, unit=unit) if one.recurrence is not None]
        lasts = part is Part.LASTING
        found.favour = {
            one.subject
            for one in found.items
            if (one.recurrence in LASTING if lasts else one.aid == Aid.CAPACITY.value)
        }
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
