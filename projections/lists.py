"""Queries of the commitment list and the unit scoreboard. Each runs in the snapshot of the connection it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select, true

from domain.commitment import Stage
from ledger.codec import name_of
from projections.answers import CommitmentLine, Name, Scoreboard, UnitScore
from projections.asof import AsOf
from projections.commitments import Mark
from projections.days import day_or_none
from projections.lamps import Lamp, Lamps
from projections.tables import COMMITMENT, SERVED, VERSION, promised, visible

SORTS: Final[dict[str, tuple[ColumnElement[int], bool]]] = {
    "due": (VERSION.c.due, False),
    "-due": (VERSION.c.due, True),
    "proposed": (COMMITMENT.c.position, False),
    "-proposed": (COMMITMENT.c.position, True),
}
"""Name → sort value and whether the greatest comes first."""
NOBODY: Final = Name(kind="", title="", detail="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; None does not narrow."""

    unit: bytes | None = None
    stage: Stage | None = None
    lamp: Lamp | None = None
    policy: bytes | None = None
    overdue: bool | None = None
    q: str | None = None


def _where(at: AsOf, given: Filter, lamps: Lamps) -> ColumnElement[bool]:
    lamp = lamps.column(VERSION)
    parts: list[ColumnElement[bool]] = [visible(VERSION, at.position, at.on.toordinal())]
    if given.unit is not None:
        parts.append(VERSION.c.unit == given.unit)
    if given.stage is not None:
        parts.append(VERSION.c.stage == given.stage.value)
    if given.lamp is not None:
        parts.append(lamp == given.lamp.value)
    if given.overdue is not None:
        parts.append((lamp == Lamp.RED.value) if given.overdue else (lamp != Lamp.RED.value))
    if given.policy is not None:
        parts.append(exists().where(SERVED.c.policy == given.policy, SERVED.c.stream == VERSION.c.stream))
    if given.q is not None:
        parts.append(COMMITMENT.c.title.contains(given.q, autoescape=True))
    return and_(*parts)


_PROMISED: Final = [column for column in COMMITMENT.c if column.name not in {"id", "stream", "since", "until"}]


def _lines(at: AsOf) -> Select[Any]:
    return select(VERSION, *_PROMISED).join(COMMITMENT, promised(at.position))


def lines(
    connection: Connection,
    at: AsOf,
    given: Filter,
    lamps: Lamps,
    *,
    sort: str,
    after: tuple[int, bytes] | None,
    limit: int,
) -> tuple[Sequence[Row[Any]], int]:
    """Up to `limit` rows past `after` (sort value, stream), and how many the whole list has."""
    value, down = SORTS[sort]
    where = _where(at, given, lamps)
    beyond: ColumnElement[bool] = true()
    if after is not None:
        past = value < after[0] if down else value > after[0]
        beyond = or_(past, and_(value == after[0], VERSION.c.stream > after[1]))
    order = value.desc() if down else value
    found = connection.execute(_lines(at).where(where, beyond).order_by(order, VERSION.c.stream).limit(limit)).all()
    counted = select(func.count()).select_from(VERSION)
    if given.q is not None:
        counted = counted.join(COMMITMENT, promised(at.position))
    return found, connection.execute(counted.where(where)).scalar_one()


def one(connection: Connection, at: AsOf, stream: bytes) -> Row[Any] | None:
    where = and_(VERSION.c.stream == stream, visible(VERSION, at.position, at.on.toordinal()))
    return connection.execute(_lines(at).where(where)).one_or_none()


def targets(connection: Connection, stream: bytes) -> list[tuple[bytes, str]]:
    query = select(SERVED.c.policy, SERVED.c.target).where(SERVED.c.stream == stream).order_by(SERVED.c.target)
    return [(policy, target) for policy, target in connection.execute(query)]


def sort_value(row: Row[Any], sort: str) -> int:
    return int(row.due if sort.endswith("due") else row.position)


def line(row: Row[Any], lamps: Lamps, names: Callable[[bytes], Name]) -> CommitmentLine:
    """The answer made of one row."""
    lamp, calendar = lamps.of(row.paused_to, row.planned_at, row.starts, row.red_from), lamps.calendar
    due = lamps.due(row.paused_to, row.red_from)
    due_on = date.fromordinal(row.due)
    return CommitmentLine(
        id=name_of(row.stream),
        title=row.title,
        unit=name_of(row.unit),
        unit_title=names(row.unit).title,
        stage=row.stage,
        lamp=lamp.value,
        overdue=lamp is Lamp.RED,
        due_on=due_on,
        original_due_on=date.fromordinal(row.original_due),
        working_days_left=None if due is None else calendar.working_days_between(lamps.day, due),
        provisional=not calendar.is_announced(due_on),
        paused_until=day_or_none(row.paused_to) if lamp is Lamp.PAUSED else None,
        progress=row.progress,
        quantity=row.quantity,
        measure=row.measure,
        starts_on=date.fromordinal(row.starts),
        reported_on=None if row.reported_on is None else date.fromordinal(row.reported_on),
        outcome=row.outcome,
        mandate=row.mandate,
        urgency=row.urgency,
        recurrence=row.recurrence,
        aid=row.aid,
        region=row.region,
        beneficiary=None if row.beneficiary is None else name_of(row.beneficiary),
        extensions=row.extensions,
        extension_asked=bool(row.marks & Mark.EXTENSION_ASKED),
        redos=row.redos,
        reopened=row.reopened,
        published=bool(row.marks & Mark.PUBLISHED),
        escalated=bool(row.marks & Mark.ESCALATED),
        odd=bool(row.marks & Mark.ODD),
    )


def scoreboard(connection: Connection, at: AsOf, lamps: Lamps, names: Mapping[bytes, Name]) -> Scoreboard:
    """Counts per unit, stage and lamp at (P, D)."""
    lamp = lamps.column(VERSION).label("lamp")
    query = (
        select(VERSION.c.unit, VERSION.c.stage, lamp, func.count())
        .where(visible(VERSION, at.position, at.on.toordinal()))
        .group_by(VERSION.c.unit, VERSION.c.stage, lamp)
    )
    counts: dict[bytes, list[tuple[str, str, int]]] = {}
    for unit, stage, colour, count in connection.execute(query):
        counts.setdefault(unit, []).append((stage, colour, count))
    units = [_score(unit, names.get(unit, NOBODY), cells) for unit, cells in counts.items()]
    units.sort(key=lambda score: (score.unit_title, score.unit))
    everything = _score(b"", NOBODY, [cell for cells in counts.values() for cell in cells])
    return Scoreboard(at=at, units=tuple(units), all=everything)


def _score(unit: bytes, name: Name, cells: Sequence[tuple[str, str, int]]) -> UnitScore:
    stages = dict.fromkeys((stage.value for stage in Stage), 0)
    lamps = dict.fromkeys((lamp.value for lamp in Lamp), 0)
    for stage, lamp, count in cells:
        stages[stage] += count
        lamps[lamp] += count
    return UnitScore(
        unit=name_of(unit) if unit else "",
        unit_title=name.title,
        unit_class=name.detail,
        total=sum(stages.values()),
        stages=stages,
        lamps=lamps,
    )
