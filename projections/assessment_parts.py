"""The parts of a unit's yearly assessment that the views count, and the things behind each, as of any moment.

A year is that of a thing's own day (`projections.record_kinds.RecordKind`), for commitments of the original due date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, select

from domain.assessment_score import Figure, Part
from domain.commitment import Stage
from domain.commitment_terms import Outcome
from domain.service import Aid, Recurrence
from projections.asof import AsOf
from projections.record_kinds import SERVICES, RecordKind
from projections.services import Item, balances, classes, first, last, records
from projections.tables import COMMITMENT, VERSION, promised, visible

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


@dataclass(slots=True)
class _Counted:
    numerator: int = 0
    denominator: int = 0
    excluded: int = 0


@dataclass(slots=True)
class Behind:
    """What a part of an assessment counts: all of it, which of it counts in favour, and what is left out."""

    items: list[Item] = field(default_factory=list)
    favour: set[bytes] = field(default_factory=set)
    excluded: list[Item] = field(default_factory=list)


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
    until = min(last(year), at.on.toordinal())
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
            COMMITMENT.c.original_due.between(first(year), until),
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
