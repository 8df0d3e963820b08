"""Queries of cases (办件): lists, one, and counts, each in the snapshot of the connection it is given.

Days are whole ones: on D a case is overdue when its clock ended before D began, so a clock that ends in the course of D
is overdue from the next day on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)

from domain.conclusion import ConclusionStage
from projections.asof import AsOf
from projections.case_rows import CaseKind
from projections.days import day_end
from projections.tables import CASE, CASE_UNIT, CASE_VERSION, visible

SORTS: Final[dict[str, tuple[ColumnElement[int], bool]]] = {
    "due": (CASE_VERSION.c.due, False),
    "-due": (CASE_VERSION.c.due, True),
    "begun": (CASE.c.position, False),
    "-begun": (CASE.c.position, True),
}
"""Name → sort value and whether the greatest comes first; what has no clock is due last."""
SEVERAL: Final = frozenset({CaseKind.INSPECTION, CaseKind.CIRCULAR, CaseKind.APPRAISAL})
"""Kinds with several units from the start."""
RIGHTS: Final = (ConclusionStage.DELIVERED.value,)
"""Stages whose clock ends a right (to object), not a duty: nothing is overdue when it has run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; None does not narrow."""

    kind: CaseKind
    stage: str | None = None
    unit: bytes | None = None
    sort: str | None = None
    channel: str | None = None
    overdue: bool | None = None


class Cell(NamedTuple):
    """So many cases that are alike."""

    kind: str
    stage: str
    unit: bytes | None
    sort: str
    channel: str
    overdue: bool
    number: int


def overdue_at(at: AsOf) -> ColumnElement[bool]:
    due = CASE_VERSION.c.due <= day_end(at.on.toordinal() - 1)
    return and_(due, CASE_VERSION.c.stage.not_in(RIGHTS))


def _where(at: AsOf, given: Filter) -> ColumnElement[bool]:
    parts = [visible(CASE_VERSION, at.position, at.on.toordinal()), CASE_VERSION.c.kind == given.kind.value]
    if given.stage is not None:
        parts.append(CASE_VERSION.c.stage == given.stage)
    if given.unit is not None and given.kind in SEVERAL:
        parts.append(exists().where(CASE_UNIT.c.unit == given.unit, CASE_UNIT.c.stream == CASE_VERSION.c.stream))
    elif given.unit is not None:
        parts.append(CASE_VERSION.c.unit == given.unit)
    if given.sort is not None:
        parts.append(CASE_VERSION.c.sort == given.sort)
    if given.channel is not None:
        parts.append(CASE_VERSION.c.channel == given.channel)
    if given.overdue is not None:
        parts.append(overdue_at(at) if given.overdue else not_(overdue_at(at)))
    return and_(*parts)


_JOINED: Final = CASE_VERSION.join(CASE, CASE.c.stream == CASE_VERSION.c.stream)


def _lines(at: AsOf) -> Select[Any]:
    return select(CASE_VERSION, CASE, overdue_at(at).label("overdue")).select_from(_JOINED)


def lines(
    connection: Connection, at: AsOf, given: Filter, *, order: str, after: tuple[int, bytes] | None, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """Up to `limit` rows past `after` (sort value, stream), and how many the whole list has."""
    value, down = SORTS[order]
    where = _where(at, given)
    beyond: ColumnElement[bool] = true()
    if after is not None:
        past = value < after[0] if down else value > after[0]
        beyond = or_(past, and_(value == after[0], CASE_VERSION.c.stream > after[1]))
    ordered = _lines(at).where(where, beyond).order_by(value.desc() if down else value, CASE_VERSION.c.stream)
    counted = select(func.count()).select_from(CASE_VERSION)
    return connection.execute(ordered.limit(limit)).all(), connection.execute(counted.where(where)).scalar_one()


def one(connection: Connection, at: AsOf, kind: CaseKind, stream: bytes) -> Row[Any] | None:
    where = and_(_where(at, Filter(kind=kind)), CASE_VERSION.c.stream == stream)
    return connection.execute(_lines(at).where(where)).one_or_none()


def sort_value(row: Row[Any], order: str) -> int:
    return int(row.due if order.endswith("due") else row.position)


def units(connection: Connection, streams: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """Case → its units, of those that have several."""
    found: dict[bytes, list[bytes]] = {}
    query = select(CASE_UNIT.c.stream, CASE_UNIT.c.unit).where(CASE_UNIT.c.stream.in_(list(streams)))
    for stream, unit in connection.execute(query.order_by(CASE_UNIT.c.unit)):
        found.setdefault(stream, []).append(unit)
    return found


def titles(connection: Connection, at: AsOf, streams: Iterable[bytes | None]) -> dict[bytes, str]:
    """Case → its title at (P, D)."""
    wanted = {stream for stream in streams if stream is not None}
    query = select(CASE_VERSION.c.stream, CASE_VERSION.c.title).where(
        visible(CASE_VERSION, at.position, at.on.toordinal()), CASE_VERSION.c.stream.in_(wanted)
    )
    return {one.stream: one.title for one in connection.execute(query)}


def cells(connection: Connection, at: AsOf, kinds: Iterable[CaseKind], *, shared: bool = False) -> list[Cell]:
    """Counts at (P, D). A case with several units counts once, with no unit; with `shared`, once for each of them."""
    row = CASE_VERSION.c
    unit: ColumnElement[Any] = row.unit
    whence: FromClause = CASE_VERSION
    if shared:
        whence = CASE_VERSION.outerjoin(CASE_UNIT, CASE_UNIT.c.stream == row.stream)
        unit = func.coalesce(CASE_UNIT.c.unit, unit)
    # Grouped outside: PostgreSQL takes a parameter in SELECT and the same in GROUP BY for two.
    within = (
        select(
            row.kind,
            row.stage,
            unit.label("unit"),
            CASE_VERSION.c.sort,
            CASE_VERSION.c.channel,
            case((overdue_at(at), 1), else_=0).label("overdue"),
        )
        .select_from(whence)
        .where(visible(CASE_VERSION, at.position, at.on.toordinal()), row.kind.in_([kind.value for kind in kinds]))
        .subquery()
    )
    by = [within.c[name] for name in Cell._fields[:-1]]
    found = connection.execute(select(*by, func.count()).group_by(*by))
    return [Cell(*one[:5], overdue=bool(one.overdue), number=one[-1]) for one in found]
