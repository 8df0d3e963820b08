"""States of streams in the writer's memory: what is stored, over it what is being stored, and over that what the
present batch has decided."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from domain.event import EVENTS, LIVES, Event
from domain.written import Written
from ledger.codec import data_decoder, decode, key_of, name_of
from ledger.contract import Reader, Row, Store

KEPT: Final = 100_000
"""Streams held at most; the demonstration year has about 5,000, a bench 50,000."""


class Stream(NamedTuple):
    key: bytes
    version: int
    state: Any


def fold(state: Any, event: Event) -> Any:
    return LIVES[type(event)].evolve(state, event)


def folded(reader: Reader, streams: Sequence[bytes]) -> Iterator[Stream]:
    """The streams as stored now; none for one that does not exist."""
    for key, events in reader.written(streams):
        state, version, known = None, 0, ""
        for version, name, written in events:  # noqa: B007 - the last one counts
            if name != known:  # the same kind often comes many times running
                known, decode, evolve = name, data_decoder(name), LIVES[EVENTS[name]].evolve
            state = evolve(state, decode(written).data)
        yield Stream(key, version, state)


def is_name(text: str) -> bool:
    """Whether it is a stream id in canonical form; only that form names a stream."""
    try:
        return name_of(key_of(text)) == text
    except ValueError:
        return False


class Streams:
    """For the writer's thread. What the batch decided is dropped or kept as a whole."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Least recently used, to within a generation: what is asked for moves to the young one, and when that is
        # full the old one goes. It costs one look-up where an ordered dict costs two moves.
        self._young: dict[str, Stream] = {}
        self._old: dict[str, Stream] = {}
        self._under_way: dict[str, Stream] = {}
        """What was decided and is being stored."""
        self._decided: dict[str, Stream] = {}
        self._batch: dict[str, Stream | None] = {}
        """What the batch has met so far, as decided so far; None for what does not exist."""
        self._stored: dict[str, Sequence[Row]] = {}
        """What was fetched for `written`."""
        self._sent: Sequence[Row] = ()
        self._planned: Sequence[Row] = ()

    def find(self, name: str) -> Stream | None:
        """The stream as decided so far, read from the database when it is not in memory; None when there is none."""
        try:
            return self._batch[name]
        except KeyError:
            self.load((name,))
            return self._batch[name]

    def load(self, names: Iterable[str]) -> None:
        """Reads streams that are not in memory, in one go."""
        batch, young = self._batch, self._young
        cold = []
        for name in names:
            if name in batch:
                continue
            found = self._under_way.get(name) or young.get(name)
            if found is None and (found := self._old.pop(name, None)) is not None:
                self._hold(name, found)
            batch[name] = found
            if found is None and is_name(name):
                cold.append(key_of(name))
        if not cold:
            return
        for stream in folded(self._store, cold):
            name = name_of(stream.key)
            batch[name] = stream
            self._hold(name, stream)

    def plan(self, rows: Sequence[Row]) -> None:
        """The batch's events will be in `rows`, as they are decided."""
        self._planned = rows

    def fetch(self, name: str) -> None:
        """Reads the events of a stream that a decision is going to ask for."""
        stream = self.find(name)
        if stream is not None and name not in self._stored:
            self._stored[name] = self._store.stream(stream.key)

    def written(self, name: str) -> Sequence[Written]:
        """The events of a fetched stream up to its version as decided so far."""
        stream = self.find(name)
        if stream is None:
            return ()
        rows = {row.version: row for row in self._stored[name]}
        for ahead in (self._sent, self._planned):
            rows |= {row.version: row for row in ahead if row.stream == stream.key}
        told = [decode(rows[version]) for version in range(1, stream.version + 1)]
        return [Written(one.position, one.meta.event_id, one.event) for one in told]

    def decide(self, name: str, stream: Stream) -> None:
        self._batch[name] = stream
        self._decided[name] = stream

    def send(self) -> None:
        """The batch is on its way into the database; the next one rests on it."""
        assert not self._under_way
        self._under_way, self._decided = self._decided, {}
        self._sent, self._planned = self._planned, ()
        self._batch.clear()
        self._stored.clear()

    def keep(self) -> None:
        """What was sent is stored."""
        for name in self._old.keys() & self._under_way.keys():
            del self._old[name]
        self._young |= self._under_way
        self._turn()
        self._under_way, self._sent = {}, ()

    def abandon(self) -> None:
        """What was sent is not stored, and what was decided since rests on it."""
        self._under_way, self._sent = {}, ()
        self.drop()

    def drop(self) -> None:
        """The batch is over, or is planned again."""
        self._decided.clear()
        self._planned = ()
        self._batch.clear()
        self._stored.clear()

    def forget(self, rows: Iterable[Row]) -> None:
        """Another writer stored these."""
        for name in {name_of(row.stream) for row in rows}:
            self._young.pop(name, None)
            self._old.pop(name, None)

    def forget_all(self) -> None:
        self._young.clear()
        self._old.clear()

    def _hold(self, name: str, stream: Stream) -> None:
        self._young[name] = stream
        self._turn()

    def _turn(self) -> None:
        if len(self._young) > KEPT // 2:
            self._old, self._young = self._young, {}
