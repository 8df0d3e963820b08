"""How stored events become rows of a view: one batch at a time, each view on its own. The views themselves stand in
`projections/folds.py`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol, get_args

import msgspec
from sqlalchemy import Table

from domain.correction import RULINGS
from domain.event import EVENTS
from domain.recounting import DeadlineRecalculated
from domain.sealed import Sealed
from ledger.contract import Reader, Row
from projections.bitemporal import LAST_AT, Happened, Thing, VersionRow, Versions
from projections.days import moment
from projections.generations import Generation

MOST_KNOWN: Final = 50_000
"""Newest rows a view keeps in memory between batches."""


class UnknownEvent(Exception):  # noqa: N818
    """The ledger holds an event this program does not know: it is older than the ledger."""


class Moment(msgspec.Struct, frozen=True):
    """All that a fold needs of the envelope."""

    occurred_at: datetime


def _unopened(_kind: Any, _value: Any) -> Any:
    return UNOPENED


UNOPENED: Final = Sealed[Any]("")
"""Stands for every sealed value: no view looks into one."""


@cache
def decoder(name: str, meta: type[Moment] = Moment) -> Callable[[bytes], Any]:
    """From a state to an object with `data` (the event) and `meta.occurred_at`, or more of `meta`."""
    if name not in EVENTS:
        raise UnknownEvent(name)
    form = msgspec.defstruct("State", [("data", EVENTS[name]), ("meta", meta)], frozen=True)
    return msgspec.json.Decoder(form, dec_hook=_unopened).decode


class Rows:
    """What a view has to store of a batch."""

    def __init__(self) -> None:
        self.inserts: dict[Table, list[Any]] = {}
        self.changes: dict[Table, list[Any]] = {}


class View(Protocol):
    """Folds batches of one generation, in order."""

    name: str

    def fold(self, rows: Sequence[Row]) -> Rows:
        """`rows` are all events past the position the view is at. Keeps what it knows only once `done` is called."""

    def forget(self) -> None:
        """The batch was not stored: what is known is what is stored."""


def named(*events: Any) -> frozenset[str]:
    """Stored names of event unions."""
    return frozenset(cls.NAME for union in events for cls in (get_args(union) or (union,)))


CORRECTING: Final = named(*RULINGS)
"""Events of any stream that change what those before them say."""


ANYWHERE: Final = named(DeadlineRecalculated)
"""Events of any stream that are passed over where the view does not hold the thing."""


class VersionsView:
    """A view of things with versions in one table."""

    def __init__(  # noqa: PLR0917 - each once
        self, name: str, generation: Generation, reader: Reader, table: Table, thing: Thing, names: frozenset[str]
    ) -> None:
        self.name = name
        self._generation = generation
        self._reader = reader
        self._table = table
        self._names = names | CORRECTING
        self._versions = Versions(thing)

    def forget(self) -> None:
        self._versions.known.clear()

    def _created(self, row: Row, event: Any) -> None:
        """Hook for what is stored once for each stream."""

    def fold(self, rows: Sequence[Row]) -> Rows:
        versions = self._versions
        versions.begin(rows[0].position - 1)
        wanted = self._names
        mine = [row for row in rows if row.name in wanted]
        self._learn({row.stream for row in mine}, {row.stream for row in mine if row.version == 1})
        known, advance, create = versions.known, versions.advance, versions.create
        late: dict[bytes, list[int]] = {}
        decoders = {name: decoder(name) for name in {row.name for row in mine}}
        for row in mine:
            position, stream, version, _, name, state, _ = row
            if stream in late:
                late[stream].append(position)
                continue
            if name in CORRECTING:
                if stream in known:
                    late[stream] = [position]
                continue
            decoded = decoders[name](state)
            at = moment(decoded.meta.occurred_at)
            if version == 1:
                create(stream, position, at, decoded.data)
                self._created(row, decoded.data)
                continue
            newest = known.get(stream)
            if newest is None and name in ANYWHERE:
                continue
            assert newest is not None
            if at >= newest[LAST_AT]:
                advance(newest, position, at, decoded.data)
            else:
                late[stream] = [position]
        if late:
            self._revise(late, rows[-1].position)
        found = Rows()
        found.inserts[self._table] = versions.fresh
        found.changes[self._table] = list(versions.changed.values())
        return found

    def _learn(self, streams: set[bytes], born: set[bytes]) -> None:
        known = self._versions.known
        missing = [stream for stream in streams if stream not in known and stream not in born]
        if len(known) + len(streams) > MOST_KNOWN:
            for stream in [stream for stream in known if stream not in streams]:
                del known[stream]
        if missing:
            for found in self._generation.newest(self._table, missing):
                known[found[1]] = found

    def _revise(self, late: dict[bytes, list[int]], upto: int) -> None:
        versions = self._versions
        fresh: dict[bytes, list[VersionRow]] = {stream: [] for stream in late}
        for row in versions.fresh:
            if row[1] in fresh:
                fresh[row[1]].append(row)
        streams = by_stream(self._reader, list(late), upto)
        for stream, pending in late.items():
            stored = [versions.changed.get(row[0], row) for row in self._generation.live(self._table, stream)]
            newest = versions.known[stream]
            live = [newest if row[0] == newest[0] else row for row in stored] + fresh[stream]
            versions.revise(live, streams[stream], pending)


def by_stream(reader: Reader, streams: Sequence[bytes], upto: int) -> dict[bytes, list[Happened]]:
    """The events of some streams up to a position, by version."""
    found: dict[bytes, list[Happened]] = {stream: [] for stream in streams}
    for row in reader.streams(streams, upto=upto):
        found[row.stream].append(happened(row))
    return found


def happened(row: Row) -> Happened:
    decoded = decoder(row.name)(row.state)
    return Happened(row.position, row.stream, row.version, moment(decoded.meta.occurred_at), decoded.data)


def unknown(rows: Sequence[Row], events: Mapping[str, Any] = EVENTS) -> None:
    """Raises UnknownEvent for a stored name this program has no class for."""
    for name in {row.name for row in rows}:
        if name not in events:
            raise UnknownEvent(name)
