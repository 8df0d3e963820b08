"""A ledger filled straight through its store, with events nobody decided: what views make of a history depends on
the events alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import rule_edition
from domain.calendar_year import CalendarAnnounced, claim_of
from domain.commitment_events import (
    CommitmentAcknowledged,
    CommitmentAssigned,
    CommitmentProposed,
    CommitmentRegistered,
    FollowUpRecorded,
    PolicyTarget,
)
from domain.commitment_terms import Mandate, Urgency
from domain.deadline import Deadline
from domain.event import LIVES
from domain.partner import PartnerKind, PartnerRegistered
from domain.policy import PolicyIssued, Target
from domain.rule_edition import RuleEditionIssued
from domain.service import Aid, Recurrence
from domain.unit import UnitClass, UnitRegistered
from ledger.codec import encode, key_of
from ledger.contract import Batch, Head, Meta, Row
from ledger.database import open_store
from ledger.leaf import leaf_hash
from projections.days import moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2011, 1, 4, 1, 0, tzinfo=UTC)


def stream(number: int) -> str:
    """A time-ordered id, the same in every run."""
    return str(UUID(int=(0x012D4 << 108) | (7 << 76) | (2 << 62) | number))


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def limit(due: datetime = START) -> Deadline:
    return Deadline(rule="test", edition="1", start=due, due=due)


class World:
    """Rows in order of position; `store()` puts those not stored yet into a ledger."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.events: list[tuple[int, str, datetime, datetime, Any]] = []
        """(position, stream, occurred_at, recorded_at, event)"""
        self._versions: dict[str, int] = {}
        self._stored = 0

    def record(self, name: str, event: Any, occurred_at: datetime, recorded_at: datetime | None = None) -> int:
        """Appends an event; without `recorded_at` it is recorded when it happened, or with the event before."""
        last = self.events[-1][3] if self.events else START
        recorded_at = max(recorded_at or occurred_at, last)
        position = len(self.rows) + 1
        version = self._versions[name] = self._versions.get(name, 0) + 1
        meta = Meta(
            event_id=str(UUID(int=position | 4 << 76)),
            occurred_at=occurred_at,
            actor=stream(1),
            client="test",
            channel="window",
        )
        state = encode(event, meta)
        key, recorded = key_of(name), moment(recorded_at)
        leaf = leaf_hash(key, version, recorded, type(event).NAME.encode(), state)
        self.rows.append(Row(position, key, version, recorded, type(event).NAME, state, leaf))
        self.events.append((position, name, occurred_at, recorded_at, event))
        return position

    def claims(self) -> list[tuple[str, bytes]]:
        """What the states of a legal history hold at its end."""
        states: dict[str, Any] = {}
        for _, name, _, _, event in self.events:
            states[name] = LIVES[type(event)].evolve(states.get(name), event)
        return [(claim, key_of(name)) for name, state in states.items() for claim in getattr(state, "claims", ())]

    def store(self, url: str, upto: int | None = None, *, claimed: Sequence[tuple[str, bytes]] = ()) -> None:
        rows = self.rows[self._stored : upto]
        if not rows:
            return
        announced = {}
        for _, name, _, _, event in self.events[self._stored : upto]:
            if isinstance(event, CalendarAnnounced):
                announced[claim_of(event.year)] = key_of(name)
            if isinstance(event, RuleEditionIssued):
                announced[rule_edition.claim_of(event.number)] = key_of(name)
        after = Head(0, 0) if not self._stored else Head(self._stored, self.rows[self._stored - 1].recorded_at)
        store = open_store(url, create=True)
        store.append(Batch(after=after, events=rows, claimed=[*({**announced, **dict(claimed)}).items()]))
        store.close()
        self._stored += len(rows)


def unit(number: int, title: str | None = None) -> UnitRegistered:
    return UnitRegistered(
        code=f"U{number}", title=title or f"第{number}局", unit_class=UnitClass.DEPARTMENT, region="320585"
    )


def policy(issuer: str) -> PolicyIssued:
    return PolicyIssued(
        number="太政发〔2011〕1号",
        title="惠民实事",
        issuer=issuer,
        effective_on=date(2011, 1, 1),
        expires_on=None,
        summary="……",
        targets=(Target(key="1", text="危房改造", quantity=100, measure="户"),),
        by=stream(1),
    )


def partner(kind: PartnerKind, title: str) -> PartnerRegistered:
    return PartnerRegistered(kind=kind, title=title, region="320585", credit_code=None)


def proposed(
    lead_unit: str, policy_: str, *, due_on: date, quantity: int = 100, starts_on: date = date(2011, 1, 1), title="承诺"
) -> CommitmentProposed:
    return CommitmentProposed(
        title=title,
        targets=(PolicyTarget(policy=policy_, target="1"),),
        requests=(),
        lead_unit=lead_unit,
        quantity=quantity,
        measure="户",
        starts_on=starts_on,
        due_on=due_on,
        basis="太政发〔2011〕1号",
        mandate=Mandate.GOVERNMENT,
        urgency=Urgency.GENERAL,
        recurrence=Recurrence.ONE_OFF,
        aid=Aid.CAPACITY,
        region="320585",
        beneficiary=None,
        beneficiary_kind=None,
        by=stream(1),
    )


def registered() -> CommitmentRegistered:
    return CommitmentRegistered(note="", assign_by=limit())


def assigned(to: str) -> CommitmentAssigned:
    return CommitmentAssigned(unit=to, supporting=(), instruction="", acknowledge_by=limit())


def acknowledged(by: str) -> CommitmentAcknowledged:
    return CommitmentAcknowledged(unit=by)


def follow_up(quantity: int | None, note: str = "推进中") -> FollowUpRecorded:
    return FollowUpRecorded(quantity=quantity, note=note, resident_note=None, evidence=(), filed_at=START)


def in_progress(world: World, name: str, lead: str, policy_: str, *, day: date, due_on: date) -> None:
    """Proposed, registered, assigned and acknowledged on one day."""
    steps: Sequence[Any] = (proposed(lead, policy_, due_on=due_on), registered(), assigned(lead), acknowledged(lead))
    for minute, event in enumerate(steps):
        world.record(name, event, at(day, 9, minute))


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]
