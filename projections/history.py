"""The history of one commitment and what its own page shows, folded from its stream: the ledger itself is the view,
so nothing is kept twice and nothing can lag."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from domain.commitment_events import (
    CommitmentAssigned,
    CommitmentProposed,
    CommitmentPublished,
    SupportingUnitJoined,
    SupportingUnitLeft,
    WordingAmended,
)
from domain.sealed import Sealed
from ledger.codec import Recorded, decode, name_of
from ledger.contract import Reader
from projections import commitments
from projections.answers import Change, HistoryEntry
from projections.asof import AsOf
from projections.bitemporal import CONTENT
from projections.commitments import BLANK, Mark
from projections.days import civil_day, day_or_none, instant, moment
from projections.lamps import Clock
from projections.sentences import Title, sentence


class Told(NamedTuple):
    """An event in its place in the order of occurrence."""

    recorded: Recorded
    at: int
    odd: bool


def stream_at(reader: Reader, stream: bytes, at: AsOf) -> list[Told]:
    """The events of a stream that count at (P, D), in order of occurrence."""
    last = at.on.toordinal()
    events = [(moment(one.meta.occurred_at), one) for one in map(decode, reader.stream(stream, upto=at.position))]
    told: list[Told] = []
    earliest_later = None
    # From the end, so that for each event the earliest position behind it is known.
    for happened_at, one in sorted(events, key=lambda pair: (pair[0], pair[1].position), reverse=True):
        if civil_day(happened_at) > last:
            continue
        told.append(Told(one, happened_at, earliest_later is not None and earliest_later < one.position))
        earliest_later = one.position if earliest_later is None else min(earliest_later, one.position)
    return told[::-1]


SHOWN: Final[dict[str, tuple[int, Callable[[Any], Any]]]] = {
    "stage": (commitments.STAGE, lambda value: value or None),
    "unit": (commitments.UNIT, lambda value: name_of(value) if value else None),
    "due_on": (commitments.DUE, lambda value: date.fromordinal(value) if value else None),
    "paused_until": (commitments.PAUSED_TO, lambda value: day_or_none(value) if value else None),
    "progress": (commitments.PROGRESS, int),
    "outcome": (commitments.OUTCOME, lambda value: value),
    "published": (commitments.MARKS, lambda value: bool(value & Mark.PUBLISHED)),
    "escalated": (commitments.MARKS, lambda value: bool(value & Mark.ESCALATED)),
}
"""Field of a CommitmentLine → its column and how it is shown."""


def entries(told: Sequence[Told], clock: Clock, unit: Title, person: Title) -> Iterator[HistoryEntry]:
    fold = commitments.Fold(clock)
    row: list[Any] = [0] * CONTENT + list(BLANK)
    for one in told:
        recorded, meta = one.recorded, one.recorded.meta
        before = row[:]
        fold(row, recorded.event, civil_day(one.at))
        said = sentence(recorded.event, unit)
        yield HistoryEntry(
            position=recorded.position,
            version=recorded.version,
            event=recorded.event.NAME,
            event_id=meta.event_id,
            zh=said.zh,
            en=said.en,
            occurred_at=instant(one.at),
            recorded_at=instant(recorded.recorded_at),
            lag_seconds=(recorded.recorded_at - one.at) // 1_000_000,
            back_dated=civil_day(recorded.recorded_at) > civil_day(one.at),
            odd=one.odd,
            person=meta.actor,
            person_title=person(meta.actor),
            client=meta.client,
            channel=meta.channel,
            programme=meta.programme,
            on_behalf_of=meta.on_behalf_of,
            causation=meta.causation,
            data=msgspec.to_builtins(recorded.event, enc_hook=_closed),
            changes=tuple(_changes(before, row)),
        )


def _changes(before: list[Any], after: list[Any]) -> Iterator[Change]:
    for name, (column, shown) in SHOWN.items():
        was, is_ = shown(before[column]), shown(after[column])
        if was != is_:
            yield Change(field=name, before=was, after=is_)


def _closed(value: Any) -> Any:
    if isinstance(value, Sealed):
        return {"sealed": True}
    raise TypeError(f"{type(value).__name__} is not shown")


@dataclass(slots=True, kw_only=True)
class Particulars:
    """What only the commitment's own page shows."""

    basis: str = ""
    requests: tuple[str, ...] = ()
    supporting: list[str] = field(default_factory=list)
    wording: str | None = None


def particulars(told: Sequence[Told]) -> Particulars:
    found = Particulars()
    for one in told:
        match one.recorded.event:
            case CommitmentProposed(basis=basis, requests=requests):
                found.basis, found.requests = basis, requests
            case CommitmentAssigned(supporting=supporting):
                found.supporting = list(supporting)
            case SupportingUnitJoined(unit=unit):
                found.supporting.append(unit)
            case SupportingUnitLeft(unit=unit):
                found.supporting = [other for other in found.supporting if other != unit]
            case CommitmentPublished(wording=wording) | WordingAmended(wording=wording):
                found.wording = wording
            case _:
                pass
    return found
