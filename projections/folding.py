"""Stored events into rows of the views: one batch at a time, each view on its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol, get_args

import msgspec
from sqlalchemy import Table

from domain.calendar import Calendar
from domain.commitment_events import CommitmentEvent, CommitmentProposed
from domain.correction import RULINGS
from domain.event import EVENTS
from domain.rules import Rules
from domain.sealed import Sealed
from ledger.contract import Reader, Row
from projections import commitments, facts, names, records
from projections.bitemporal import LAST_AT, Happened, Thing, VersionRow, Versions
from projections.days import moment
from projections.generations import Generation
from projections.lamps import Clock
from projections.records import Came
from projections.tables import COMMITMENT, FACT, NAME, RECORD, SERVED, VERSION

MOST_KNOWN: Final = 100_000
"""Newest rows a view keeps in memory between batches."""


class UnknownEvent(Exception):  # noqa: N818
    """The ledger holds an event this program does not know: it is older than the ledger."""


class Moment(msgspec.Struct, frozen=True):
    """All that a fold needs of the envelope."""

    occurred_at: datetime


class Envelope(Moment, frozen=True):
    """What the records need of it beside."""

    channel: str
    programme: str | None = None


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


class VersionsView:
    """A view of things with versions in one table."""

    def __init__(
        self, generation: Generation, reader: Reader, table: Table, thing: Thing, names: frozenset[str]
    ) -> None:
        self._generation = generation
        self._reader = reader
        self._table = table
        self._names = names | CORRECTING
        self._versions = Versions(thing)

    def forget(self) -> None:
        self._versions.known.clear()

    def _created(self, row: Row, event: Any) -> None:
        """Hook for what is stored once for each stream."""

    def _fold(self, rows: Sequence[Row], found: Rows) -> None:
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
            newest = known[stream]
            if at >= newest[LAST_AT]:
                advance(newest, position, at, decoded.data)
            else:
                late[stream] = [position]
        if late:
            self._revise(late, rows[-1].position)
        found.inserts[self._table] = versions.fresh
        found.changes[self._table] = list(versions.changed.values())

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


class CommitmentsView(VersionsView):
    """The commitment list and the unit scoreboard."""

    name = "commitments"

    def __init__(self, generation: Generation, reader: Reader, calendar: Calendar, rules: Rules) -> None:
        thing = commitments.thing(Clock(calendar, rules))
        super().__init__(generation, reader, VERSION, thing, named(CommitmentEvent))
        self._promised: list[list[Any]] = []
        self._served: list[list[Any]] = []

    def _created(self, row: Row, event: CommitmentProposed) -> None:
        self._promised.append(commitments.promised(row.stream, row.position, event))
        self._served += commitments.served(row.stream, event)

    def fold(self, rows: Sequence[Row]) -> Rows:
        found = Rows()
        self._promised, self._served = [], []
        self._fold(rows, found)
        found.inserts |= {COMMITMENT: self._promised, SERVED: self._served}
        return found


class NamesView(VersionsView):
    """What things are called."""

    name = "names"

    def __init__(self, generation: Generation, reader: Reader) -> None:
        super().__init__(generation, reader, NAME, names.THING, named(names.NamedEvent))

    def fold(self, rows: Sequence[Row]) -> Rows:
        found = Rows()
        self._fold(rows, found)
        return found


class FactsView:
    """Signed facts of the headline figures."""

    name = "facts"

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._counted = named(facts.CountedEvent)
        self._names = (self._counted - named(*facts.SILENT)) | CORRECTING

    def forget(self) -> None:
        """Nothing is kept between batches."""

    def fold(self, rows: Sequence[Row]) -> Rows:
        found = Rows()
        wanted = self._names
        new: list[list[Any]] = []
        later: dict[bytes, list[int]] = {}
        for row in rows:
            if row.name in wanted:
                if row.version == 1:
                    decoded = decoder(row.name)(row.state)
                    new += facts.begun(row.position, row.stream, moment(decoded.meta.occurred_at), decoded.data)
                else:
                    later.setdefault(row.stream, []).append(row.position)
        if later:
            for stream, events in by_stream(self._reader, list(later), rows[-1].position).items():
                if events[0].event.NAME in self._counted:
                    new += facts.revised(events, later[stream])
        found.inserts[FACT] = new
        return found


class RecordsView:
    """Signed facts of records and services."""

    name = "records"

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._names = (named(records.RecordEvent) - named(*records.SILENT)) | CORRECTING

    def forget(self) -> None:
        """Nothing is kept between batches."""

    def fold(self, rows: Sequence[Row]) -> Rows:
        found = Rows()
        new: list[list[Any]] = []
        later: dict[bytes, list[int]] = {}
        for row in rows:
            if row.name in self._names:
                if row.version == 1:
                    new += records.begun(came(row))
                else:
                    later.setdefault(row.stream, []).append(row.position)
        events: dict[bytes, list[Came]] = {stream: [] for stream in later}
        if later:
            for row in self._reader.streams(list(later), upto=rows[-1].position):
                if row.name in self._names:
                    events[row.stream].append(came(row))
        for stream, pending in later.items():
            new += records.revised(events[stream], pending)
        found.inserts[RECORD] = new
        return found


def came(row: Row) -> Came:
    decoded = decoder(row.name, Envelope)(row.state)
    meta = decoded.meta
    return Came(row.position, row.stream, moment(meta.occurred_at), decoded.data, meta.channel, meta.programme)


def by_stream(reader: Reader, streams: Sequence[bytes], upto: int) -> dict[bytes, list[Happened]]:
    """The events of some streams up to a position, by version."""
    found: dict[bytes, list[Happened]] = {stream: [] for stream in streams}
    for row in reader.streams(streams, upto=upto):
        found[row.stream].append(happened(row))
    return found


def happened(row: Row) -> Happened:
    decoded = decoder(row.name)(row.state)
    return Happened(row.position, row.stream, row.version, moment(decoded.meta.occurred_at), decoded.data)


def views(generation: Generation, reader: Reader, calendar: Calendar, rules: Rules) -> dict[str, View]:
    made: Iterable[View] = (
        CommitmentsView(generation, reader, calendar, rules),
        NamesView(generation, reader),
        FactsView(reader),
        RecordsView(reader),
    )
    return {view.name: view for view in made}


def unknown(rows: Sequence[Row], events: Mapping[str, Any] = EVENTS) -> None:
    """Raises UnknownEvent for a stored name this program has no class for."""
    for name in {row.name for row in rows}:
        if name not in events:
            raise UnknownEvent(name)
