"""Confidential matters, for their handlers only: which are whose, and how far each is. Nothing here counts or lists a
matter for anybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from domain.matter import MatterRecorded
from ledger.codec import name_of
from projections.asof import AsOf
from projections.bitemporal import CONTENT, Thing, VersionRow
from projections.days import FOREVER
from projections.keys import key_of
from projections.tables import MATTER_VERSION, visible

STAGE, HANDLERS, MARKS = range(CONTENT, CONTENT + 3)
"""Columns of `tables.MATTER_VERSION` after the bitemporal ones."""
KEY: Final = 16
"""Bytes of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """One confidential matter as it stood at (P, D), as a handler may see it."""

    id: str
    stage: str
    handlers: tuple[str, ...]
    since: date
    """The day from which this held."""


def fold(row: VersionRow, happened: MatterRecorded, _day: int) -> None:
    row[STAGE] = happened.stage.value
    row[HANDLERS] = b"".join(map(key_of, happened.handlers))


THING: Final = Thing(blank=("", b"", 0), fold=fold, born=lambda row: row[STAGE] != "", marks=MARKS)


def of_handler(connection: Connection, at: AsOf, person: str) -> list[MatterLine]:
    """Those that stood at (P, D) and of which the person is a handler in the end, whatever moment is asked about; by
    id. Whether they exist for the person is for `domain.confidence` to say."""
    row = MATTER_VERSION.c
    newest = select(row.stream, row.handlers).where(
        row.until == FOREVER, row.next_since == FOREVER, row.valid_to == FOREVER
    )
    mine = {stream for stream, handlers in connection.execute(newest) if key_of(person) in _apart(handlers)}
    if not mine:
        return []
    query = (
        select(row.stream, row.stage, row.handlers, row.valid_from)
        .where(visible(MATTER_VERSION, at.position, at.on.toordinal()), row.stream.in_(mine))
        .order_by(row.stream)
    )
    return [
        MatterLine(
            id=name_of(stream),
            stage=stage,
            handlers=tuple(map(name_of, _apart(handlers))),
            since=date.fromordinal(since),
        )
        for stream, stage, handlers, since in connection.execute(query)
    ]


def _apart(handlers: bytes) -> Iterable[bytes]:
    return [handlers[n : n + KEY] for n in range(0, len(handlers), KEY)]
