"""The views there are, each with its fold."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from domain.commitment_events import CommitmentEvent, CommitmentProposed
from domain.correction import EventCorrected, settled
from domain.matter import MatterRecorded
from ledger.contract import Reader, Row
from projections import cases, commitments, facts, matters, names, records
from projections.days import moment
from projections.folding import CORRECTING, Moment, Rows, VersionsView, View, by_stream, decoder, named
from projections.generations import Generation
from projections.record_kinds import Came
from projections.tables import (
    CASE,
    CASE_UNIT,
    CASE_VERSION,
    COMMITMENT,
    FACT,
    MATTER_VERSION,
    NAME,
    RECORD,
    SERVED,
    VERSION,
)

CORRECTED: Final = named(EventCorrected)
PROPOSED: Final = named(CommitmentProposed)


class Envelope(Moment, frozen=True):
    """What the records need of it beside."""

    channel: str
    programme: str | None = None


class CommitmentsView(VersionsView):
    """The commitment list and the unit scoreboard."""

    def __init__(self, generation: Generation, reader: Reader) -> None:
        super().__init__("commitments", generation, reader, VERSION, commitments.THING, named(CommitmentEvent))
        self._promised: dict[bytes, list[list[Any]]] = {}
        """Stream → rows of this batch, the newest last."""
        self._served: list[list[Any]] = []

    def _created(self, row: Row, event: CommitmentProposed) -> None:
        self._promised[row.stream] = [commitments.promised(row.stream, row.position, event, row.position)]
        self._served += commitments.served(row.stream, event)

    def fold(self, rows: Sequence[Row]) -> Rows:
        self._promised, self._served = {}, []
        found = super().fold(rows)
        found.changes[COMMITMENT] = [last for row in rows for last in self._corrected(row)]
        found.inserts |= {COMMITMENT: list(chain.from_iterable(self._promised.values())), SERVED: self._served}
        return found

    def _corrected(self, row: Row) -> Iterator[list[Any]]:
        """A correction of the proposal: what was promised reads otherwise from here on. Yields the stored row that
        ends with it."""
        if row.name not in CORRECTED or decoder(row.name)(row.state).data.event not in PROPOSED:
            return
        fresh = self._promised.setdefault(row.stream, [])
        stored = [] if fresh else self._generation.live(COMMITMENT, row.stream)
        last = (fresh or stored)[-1]
        last[commitments.KNOWN_UNTIL] = row.position
        first = settled(by_stream(self._reader, [row.stream], row.position)[row.stream])[0]
        fresh.append(commitments.promised(row.stream, first.position, first.event, row.position))
        yield from stored


class CasesView(VersionsView):
    """Requests, matters of supervision, rounds of appraisal and publications."""

    def __init__(self, generation: Generation, reader: Reader) -> None:
        super().__init__("cases", generation, reader, CASE_VERSION, cases.THING, named(cases.CaseEvent))
        self._begun: list[list[Any]] = []
        self._units: list[list[Any]] = []

    def _created(self, row: Row, event: Any) -> None:
        begun, units = cases.begun(row.stream, row.position, event)
        self._begun.append(begun)
        self._units += units

    def fold(self, rows: Sequence[Row]) -> Rows:
        self._begun, self._units = [], []
        found = super().fold(rows)
        found.inserts |= {CASE: self._begun, CASE_UNIT: self._units}
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


def views(generation: Generation, reader: Reader) -> dict[str, View]:
    made: Iterable[View] = (
        CommitmentsView(generation, reader),
        VersionsView("names", generation, reader, NAME, names.THING, named(names.NamedEvent)),
        FactsView(reader),
        RecordsView(reader),
        CasesView(generation, reader),
        VersionsView("matters", generation, reader, MATTER_VERSION, matters.THING, named(MatterRecorded)),
    )
    return {view.name: view for view in made}
