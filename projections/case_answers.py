"""What lists of cases (办件) answer: plain dataclasses, ready for orjson, and how a row becomes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from ledger.codec import name_of
from projections.answers import Name
from projections.case_rows import NEVER, Mark
from projections.days import civil_date, instant
from projections.lists import NOBODY

Names = Mapping[bytes, Name]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request (诉求) as it stood at (P, D). `kind`, `channel`, `stage` and `resolution` are words of
    `domain.request_events` and `domain.request`."""

    id: str
    position: int
    """Of the event that raised it."""
    title: str
    kind: str
    channel: str
    stage: str
    unit: str | None
    """The one it was handed to; before that its first receiver, if any; None while it is linked to another."""
    unit_title: str
    first_receiver: str | None
    due_at: datetime | None
    """The instant at which the clock that runs ends: of dispatch, acknowledgement or answer."""
    due_on: date | None
    overdue: bool
    """The day in which it was due is over."""
    resolution: str | None
    """What the unit says has come of it."""
    confirmed: bool
    """The person, or a check, says so too."""
    escalated: bool
    odd: bool
    """In order of occurrence some event stands before one that was recorded earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnit:
    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLine:
    """One matter of supervision (督查) as it stood at (P, D)."""

    id: str
    position: int
    """Of its first event."""
    kind: str
    title: str
    """Of a conclusion that of its inspection; of a rectification the item; of a listing or talk its number."""
    detail: str
    """Of an inspection its mandate, of a circular its tone, of a listing what is listed."""
    about: str | None
    """Id of what it follows: the inspection, the conclusion, the commitment."""
    stage: str
    verdict: str | None
    """Of a conclusion, as last amended."""
    units: tuple[CaseUnit, ...]
    due_on: date | None
    """Last day of the inspection, to object, to decide the review, to put right; day of the talk."""
    overdue: bool
    odd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """One round of appraisal (群众评议) as it stood at (P, D)."""

    id: str
    position: int
    title: str
    year: int
    stage: str
    units: tuple[CaseUnit, ...]
    until: date | None
    """Last day of the vote, while it is open."""
    odd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingLine:
    """One rating (好差评) as it stood at (P, D). `grade`, `channel` and `stage` are words of `domain.rating_events` and
    `domain.rating`."""

    id: str
    position: int
    """Of the event that entered it."""
    grade: str
    channel: str
    about: str | None
    """Id of the commitment or request that is rated; None of a service."""
    service: str
    stage: str
    unit: str
    unit_title: str
    due_on: date | None
    """Last day to put it right, while the unit has to."""
    overdue: bool
    excluded_for: str | None
    """The ground on which it was excluded."""
    accepted: bool
    """Closed, and the rater or a look by another says that it is put right."""
    escalated: bool
    odd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationLine:
    """One publication (公示) as it stood at (P, D)."""

    id: str
    position: int
    title: str
    """As last amended."""
    record: str
    stage: str
    odd: bool


def due_on(row: Row[Any]) -> date | None:
    """The day in which the last instant lies."""
    return None if row.due == NEVER else civil_date(row.due - 1)


def request_line(row: Row[Any], names: Names) -> RequestLine:
    return RequestLine(
        id=name_of(row.stream),
        position=row.position,
        title=row.title,
        kind=row.sort,
        channel=row.channel,
        stage=row.stage,
        unit=_id(row.unit),
        unit_title=names.get(row.unit, NOBODY).title,
        first_receiver=_id(row.receiver),
        due_at=None if row.due == NEVER else instant(row.due),
        due_on=due_on(row),
        overdue=row.overdue,
        resolution=row.outcome,
        confirmed=bool(row.marks & Mark.CONFIRMED),
        escalated=bool(row.marks & Mark.ESCALATED),
        odd=bool(row.marks & Mark.ODD),
    )


def supervision_line(
    row: Row[Any], names: Names, units: Mapping[bytes, list[bytes]], titles: Mapping[bytes, str]
) -> SupervisionLine:
    return SupervisionLine(
        id=name_of(row.stream),
        position=row.position,
        kind=row.kind,
        title=row.title or titles.get(row.about, ""),
        detail=row.sort,
        about=_id(row.about),
        stage=row.stage,
        verdict=row.outcome,
        units=_units(row, names, units),
        due_on=due_on(row),
        overdue=row.overdue,
        odd=bool(row.marks & Mark.ODD),
    )


def round_line(row: Row[Any], names: Names, units: Mapping[bytes, list[bytes]]) -> RoundLine:
    return RoundLine(
        id=name_of(row.stream),
        position=row.position,
        title=row.title,
        year=int(row.sort),
        stage=row.stage,
        units=_units(row, names, units),
        until=due_on(row),
        odd=bool(row.marks & Mark.ODD),
    )


def rating_line(row: Row[Any], names: Names) -> RatingLine:
    return RatingLine(
        id=name_of(row.stream),
        position=row.position,
        grade=row.sort,
        channel=row.channel,
        about=_id(row.about),
        service=row.title,
        stage=row.stage,
        unit=name_of(row.unit),
        unit_title=names.get(row.unit, NOBODY).title,
        due_on=due_on(row),
        overdue=row.overdue,
        excluded_for=row.outcome,
        accepted=bool(row.marks & Mark.CONFIRMED),
        escalated=bool(row.marks & Mark.ESCALATED),
        odd=bool(row.marks & Mark.ODD),
    )


def publication_line(row: Row[Any]) -> PublicationLine:
    return PublicationLine(
        id=name_of(row.stream),
        position=row.position,
        title=row.title,
        record=name_of(row.about),
        stage=row.stage,
        odd=bool(row.marks & Mark.ODD),
    )


def _id(key: bytes | None) -> str | None:
    return name_of(key) if key else None


def _units(row: Row[Any], names: Names, units: Mapping[bytes, list[bytes]]) -> tuple[CaseUnit, ...]:
    keys = units.get(row.stream, [row.unit] if row.unit else [])
    found = [CaseUnit(id=name_of(key), title=names.get(key, NOBODY).title) for key in keys]
    return tuple(sorted(found, key=lambda one: (one.title, one.id)))
