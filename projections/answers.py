"""What the views answer: plain dataclasses, ready for orjson. Ids are UUID text, dates civil dates of Asia/Shanghai,
moments aware datetimes in UTC, money whole 分."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from projections.asof import AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentLine:
    """One commitment as it stood at (P, D). `stage` is a `domain.commitment.Stage`, `lamp` a `lamps.Lamp`."""

    id: str
    title: str
    unit: str
    unit_title: str
    stage: str
    lamp: str
    overdue: bool
    due_on: date
    original_due_on: date
    working_days_left: int | None
    """After D up to and including the due day, negative when overdue; None when no clock runs."""
    provisional: bool
    """`due_on` lies past the announced calendar."""
    paused_until: date | None
    """Last day of the pause, while it lasts."""
    progress: int
    quantity: int
    measure: str
    starts_on: date
    reported_on: date | None
    outcome: str | None
    mandate: str
    urgency: str
    recurrence: str
    aid: str
    region: str
    beneficiary: str | None
    extensions: int
    extension_asked: bool
    redos: int
    reopened: int
    published: bool
    escalated: bool
    odd: bool
    """In order of occurrence some event stands before one that was recorded earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentPage:
    at: AsOf
    items: tuple[CommitmentLine, ...]
    total: int
    """Of the whole list, whatever the page."""
    next: str | None
    """Cursor of the next page; it keeps the moment of this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetServed:
    policy: str
    policy_title: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDetail:
    """One commitment with what only its own page shows."""

    at: AsOf
    line: CommitmentLine
    basis: str
    targets: tuple[TargetServed, ...]
    requests: tuple[str, ...]
    answers: tuple[str, ...]
    """Ids of the requests of residents it is promised in answer to."""
    supporting: tuple[str, ...]
    """Ids of the supporting units."""
    wording: str | None
    """The public wording, as last amended."""
    version: int
    """Of the stream at P, for If-Match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an event changed, in terms of a CommitmentLine."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A correction of an event, or its retraction, by two persons."""

    position: int
    """Of the correction."""
    field: str | None
    """None: the whole event was retracted."""
    before: str | int | None
    after: str | int | None
    reason: str
    proposed_by: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    position: int
    link: str | None
    """Address of the event itself; None for a unit's program, which may not read it."""
    stream: str
    """The commitment's, or that of its ladder of notices (催办)."""
    version: int
    event: str
    """Stored name."""
    event_id: str
    zh: str
    en: str
    occurred_at: datetime
    recorded_at: datetime
    lag_seconds: int
    back_dated: bool
    """Recorded on a later civil day than it happened."""
    odd: bool
    """Stands before an event that was recorded earlier."""
    person: str
    person_title: str
    client: str
    channel: str
    programme: str | None
    on_behalf_of: str | None
    causation: str | None
    data: dict[str, Any]
    """Fields of the event as it was recorded; a sealed one is `{"sealed": true}`."""
    changes: tuple[Change, ...]
    """What it changed, as corrected."""
    retracted: bool
    before_zh: str | None
    before_en: str | None
    """What it said before it was corrected; None unless it was."""
    amendments: tuple[Amendment, ...]
    """Known at P, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    at: AsOf
    id: str
    entries: tuple[HistoryEntry, ...]
    """In order of occurrence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitScore:
    unit: str
    unit_title: str
    unit_class: str
    total: int
    stages: dict[str, int]
    """Every stage, zero included."""
    lamps: dict[str, int]
    """Every lamp, zero included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard:
    """Units that hold a commitment, by title; the sums of their rows are `all`."""

    at: AsOf
    units: tuple[UnitScore, ...]
    all: UnitScore


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """Distinct partners with a pairing that ran on some day of the year."""

    village: int
    community: int
    enterprise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    at: AsOf
    year: int
    field_visits: int
    problems_solved: AtLeast
    partners: Partners
    activities: int
    projects: int
    funds_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureItem:
    """One thing behind a figure."""

    position: int
    """Of the event that made it count."""
    id: str
    kind: str
    day: date
    """That decides the year: of the visit, the confirmation, the agreement, …"""
    unit: str | None
    unit_title: str
    partner: str | None
    partner_title: str
    amount: int
    """What it adds to a count or a sum; for partners 1, and distinct `partner`s count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    at: AsOf
    year: int
    figure: str
    value: int
    """The figure of `Headline`; the whole list counts, sums or distinct-counts up to it."""
    items: tuple[FigureItem, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """`kind`: unit, policy, partner or person; `detail`: class of a unit, number of a policy, kind of a partner. The
    title of a person is the post, that of a household empty: their names are sealed."""

    kind: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    view: str
    position: int
    head: int
    error: str | None
    """Why the view stands, if it does."""
