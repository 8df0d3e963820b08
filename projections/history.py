"""The history of one commitment and what its own page shows, folded from its stream: the ledger itself is the view,
so nothing is kept twice and nothing can lag."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple, get_args

import msgspec

from domain.commitment_answering import RequestsTakenUp
from domain.commitment_events import (
    CommitmentAssigned,
    CommitmentProposed,
    CommitmentPublished,
    CommitmentPublished2,
    SupportingUnitJoined,
    SupportingUnitLeft,
    WordingAmended,
    WordingAmended2,
    WordingWithdrawn,
)
from domain.correction import CORRECTIONS, RULINGS, EventCorrected, settled
from domain.sealed import Sealed
from domain.urge import UrgeEvent
from ledger.codec import Recorded, decode, name_of
from ledger.contract import Reader
from projections import commitments
from projections.answers import Amendment, Change, HistoryEntry
from projections.asof import AsOf
from projections.bitemporal import CONTENT
from projections.commitments import BLANK, Mark
from projections.days import civil_day, day_or_none, instant, moment
from projections.sentences import Sentence, Title, sentence
from projections.sentences_anywhere import ANYWHERE
from projections.sentences_urge import urge_sentence

URGES: Final = frozenset(get_args(UrgeEvent))


class Told(NamedTuple):
    """An event in its place in the order of occurrence."""

    recorded: Recorded
    at: int
    odd: bool
    now: Any
    """The event as corrected at P; None for one that was retracted and for a correction."""
    amendments: tuple[Amendment, ...]

    @property
    def told(self) -> Any:
        """The event as corrected, or the correction; None for what was retracted."""
        return self.recorded.event if type(self.recorded.event) in CORRECTIONS else self.now


def stream_at(reader: Reader, stream: bytes, at: AsOf) -> list[Told]:
    """The events of a stream that count at (P, D), in order of occurrence."""
    last = at.on.toordinal()
    known = [decode(row) for row in reader.stream(stream, upto=at.position)]
    now = {one.position: one.event for one in settled(known)}
    amendments: dict[int, list[Amendment]] = {}
    for one in known:
        if type(one.event) in RULINGS:
            amendments.setdefault(one.event.position, []).append(_amendment(one))
    events = [(moment(one.meta.occurred_at), one) for one in known]
    told: list[Told] = []
    earliest_later = None
    # From the end, so that for each event the earliest position behind it is known.
    for happened_at, one in sorted(events, key=lambda pair: (pair[0], pair[1].position), reverse=True):
        if civil_day(happened_at) > last:
            continue
        counts = one.position in now
        odd = counts and earliest_later is not None and earliest_later < one.position
        amended = tuple(amendments.get(one.position, ()))
        told.append(Told(one, happened_at, odd, now.get(one.position), amended))
        if counts:
            earliest_later = one.position if earliest_later is None else min(earliest_later, one.position)
    return told[::-1]


def with_ladder(told: list[Told], reader: Reader, commitment: str, at: AsOf) -> list[Told]:
    """The events of a commitment together with those of its ladder (催办), in order of occurrence."""
    # A ladder holds its claim for ever, so who holds it now has held it at every position.
    ladders = reader.claims((f"ladder {commitment}",)).values()
    urged = [one for ladder in ladders for one in stream_at(reader, ladder, at)]
    return sorted([*told, *urged], key=lambda one: (one.at, one.recorded.position)) if urged else told


def _amendment(ruling: Recorded) -> Amendment:
    told = ruling.event
    of_field = isinstance(told, EventCorrected)
    return Amendment(
        position=ruling.position,
        field=told.field if of_field else None,
        before=told.old if of_field else None,
        after=told.new if of_field else None,
        reason=told.reason,
        proposed_by=told.proposed_by,
        approved_by=told.by,
    )


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


def entries(told: Sequence[Told], unit: Title, person: Title) -> Iterator[HistoryEntry]:
    fold = commitments.Fold()
    row: list[Any] = [0] * CONTENT + list(BLANK)
    for one in told:
        before = row[:]
        if one.now is not None and type(one.now) not in URGES:
            fold(row, one.now, civil_day(one.at))
        yield entry(one, partial(_said, unit=unit), person, tuple(_changes(before, row)))


def entry(one: Told, say: Callable[[Any], Sentence], person: Title, changes: tuple[Change, ...] = ()) -> HistoryEntry:
    """One event of any stream as it is shown; `say` makes its sentence."""
    recorded, meta = one.recorded, one.recorded.meta
    was = say(recorded.event)
    said = was if one.now is None or not one.amendments else say(one.now)
    return HistoryEntry(
        position=recorded.position,
        link=f"/v1/events/{recorded.position}",
        stream=recorded.stream,
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
        changes=changes,
        retracted=one.now is None and type(recorded.event) not in CORRECTIONS,
        before_zh=None if said is was else was.zh,
        before_en=None if said is was else was.en,
        amendments=one.amendments,
    )


def _said(event: Any, unit: Title) -> Sentence:
    if type(event) in ANYWHERE:
        return ANYWHERE[type(event)](event)
    return urge_sentence(event, unit) if type(event) in URGES else sentence(event, unit)


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
    answers: tuple[str, ...] = ()
    supporting: list[str] = field(default_factory=list)
    wording: str | None = None


def particulars(told: Sequence[Told]) -> Particulars:
    found = Particulars()
    for one in told:
        match one.now:
            case CommitmentProposed(basis=basis, requests=requests):
                found.basis, found.requests = basis, requests
            case RequestsTakenUp(requests=answers):
                found.answers = answers
            case CommitmentAssigned(supporting=supporting):
                found.supporting = list(supporting)
            case SupportingUnitJoined(unit=unit):
                found.supporting.append(unit)
            case SupportingUnitLeft(unit=unit):
                found.supporting = [other for other in found.supporting if other != unit]
            case CommitmentPublished2() | CommitmentPublished() | WordingAmended2() | WordingAmended():
                found.wording = one.now.wording
            case WordingWithdrawn():
                found.wording = None
            case _:
                pass
    return found
