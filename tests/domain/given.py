"""given / when / then for decisions: what happened, who asks for what, what follows or why not.

`Given` keeps the states of all streams as the ledger would: it folds what has happened, authorises, decides and folds
again. Nothing is stored.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from boxes import Boxes

from domain.actor import Actor, Role
from domain.ballots import WithBox
from domain.command import COMMANDS, Command, Context, authorise
from domain.editions import RuleEdition, with_editions
from domain.event import LIVES
from domain.ids import PersonId, UnitId
from domain.refusal import Kind, Refusal
from domain.rules import DEFAULT, Rules
from domain.written import Written
from ledger.announced import announced

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2011, 6, 15)
"""A Wednesday in the middle of the demonstration year."""
SECOND_HANDS = {name for name in COMMANDS if name.startswith("rule_on_")} | {"confirm_rule_edition"}
"""Commands refused also for a field of what was asked for before."""


def person(name: str, *roles: Role, unit: str | None = None) -> Actor:
    """Someone who acts; the same name is the same person."""
    return Actor(person=PersonId(name), roles=frozenset(roles), unit=None if unit is None else UnitId(unit))


def noon(day: date) -> datetime:
    """12:00 in Shanghai on that day, in UTC."""
    return datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)


@cache
def _never_none(kind: type[Any]) -> list[str]:
    hints = get_type_hints(kind)
    return [field.name for field in fields(kind) if NoneType not in (hints[field.name], *get_args(hints[field.name]))]


def whole(thing: Any) -> Any:
    """The event or the state; fails when it lacks what its type says it has."""
    assert [name for name in _never_none(type(thing)) if getattr(thing, name) is None] == []
    return thing


class Given:
    """The ledger before the command. `today` may be moved on by `later`."""

    def __init__(self, *, today: date = TODAY, rules: Rules = DEFAULT) -> None:
        self.now = noon(today)
        self.rules = rules
        self.calendar = announced()
        self.states: dict[str, Any] = {}
        self.history: dict[str, list[Any]] = {}
        self.files: dict[str, bytes] = {}
        self.boxes = Boxes()

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    def later(self, *, days: int = 0, hours: int = 0) -> None:
        self.now += timedelta(days=days, hours=hours)

    def happened(self, stream: str, *events: Any) -> str:
        """Folds events into a stream; returns its id."""
        for event in events:
            state = LIVES[type(event)].evolve(self.states.get(stream), event)
            self.states[stream] = whole(state)
            self.history.setdefault(stream, []).append(event)
        return stream

    def context(self, stream: str, by: Actor, occurred_at: datetime | None = None) -> Context:
        editions = with_editions(self.rules, [one for one in self.states.values() if isinstance(one, RuleEdition)])
        return Context(
            actor=by,
            now=self.now,
            occurred_at=occurred_at or self.now,
            stream=stream,
            look=self.states.get,
            rules=editions.at(self.today),
            calendar=self.calendar,
            zone=SHANGHAI,
            file=self.files.__getitem__,
            boxes=self.boxes,
            written=self.written,
            editions=editions,
        )

    def written(self, stream: str) -> list[Written]:
        """Each event's position is its version."""
        return [Written(version, f"{version}", one) for version, one in enumerate(self.history.get(stream, ()), 1)]

    def decide(self, command: Command, stream: str, *, by: Actor, occurred_at: datetime | None = None) -> Sequence[Any]:
        """Authorises and decides as the writer does, and changes nothing. For a creating command `stream` is new."""
        decided = self._decided(command, stream, by, occurred_at)
        return decided.events if isinstance(decided, WithBox) else decided

    def _decided(
        self, command: Command, stream: str, by: Actor, occurred_at: datetime | None
    ) -> Sequence[Any] | WithBox:
        kind = type(command)
        state = self.states.get(stream)
        assert (state is None) == kind.CREATES, f"{kind.NAME} on {stream}: {state}"
        assert state is None or isinstance(state, kind.OF)
        authorise(kind, state, by, stream)
        decided = command.decide(state, self.context(stream, by, occurred_at))
        for event in decided.events if isinstance(decided, WithBox) else decided:
            assert getattr(whole(event), "by", by.person) == by.person
        return decided

    def when(self, command: Command, stream: str, *, by: Actor, occurred_at: datetime | None = None) -> list[Any]:
        """What follows from the command; it has then happened."""
        events = self._decided(command, stream, by, occurred_at)
        if isinstance(events, WithBox):
            assert self.boxes.apply(events.change)
            events = events.events
        self.happened(stream, *events)
        return list(events)

    def refused(self, command: Command, stream: str, *, by: Actor, occurred_at: datetime | None = None) -> Refusal:
        """Why the command is refused; fails when it is not."""
        with pytest.raises(Refusal) as caught:
            self.decide(command, stream, by=by, occurred_at=occurred_at)
        refusal = caught.value
        assert refusal.zh
        assert refusal.en
        if refusal.kind is Kind.INVALID:
            assert refusal.field is not None, "it says what is wrong"
            assert refusal.state is None, "what depends on a state may be accepted another time"
        assert refusal.field is not None or command.NAME not in refusal.allowed
        if refusal.kind is Kind.OUT_OF_TURN and refusal.allowed:
            assert refusal.state is not None
        if refusal.field is not None and command.NAME not in SECOND_HANDS:
            assert refusal.field.partition(".")[0] in {field.name for field in fields(type(command))}  # type: ignore[arg-type]
        return refusal
