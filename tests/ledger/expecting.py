"""What a single submission should come to, worked out slowly from the stored events alone: they are folded anew from
the rows of the ledger, and the command is decided on that."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from domain.actor import Actor
from domain.ballots import WithBox
from domain.calendar_year import CalendarYear, with_years
from domain.command import Command, Context, authorise
from domain.confidence import exists_for
from domain.editions import RuleEdition, with_editions
from domain.event import LIVES, REFERENCES
from domain.ids import PersonId
from domain.person import Person
from domain.refusal import Refusal
from domain.rules import DEFAULT
from domain.written import Written
from ledger.announced import announced
from ledger.clock import parse
from ledger.codec import decode
from ledger.commands import Spec, read
from ledger.contract import Store, Submission
from ledger.decider import ZONE
from ledger.ids import demonstration_id


class Expected(NamedTuple):
    """The rule it is refused with, or the names of the events that happen."""

    rule: str | None = None
    events: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


class Replayed:
    """Streams folded from what is stored."""

    def __init__(self, store: Store, file: Callable[[str], bytes]) -> None:
        self._store = store
        self._file = file
        self.position = 0
        self.states: dict[str, Any] = {}
        self.versions: dict[str, int] = {}
        self.kinds: defaultdict[type[Any], list[str]] = defaultdict(list)
        """State class → its streams, in the order they began."""
        self._written: defaultdict[str, list[Written]] = defaultdict(list)

    def follow(self) -> list[str]:
        """Folds what was stored since; returns the names of those events."""
        names = []
        for row in self._store.read(self.position, 100_000):
            one = decode(row)
            assert row.position == self.position + 1
            assert one.version == self.versions.get(one.stream, 0) + 1
            state = LIVES[type(one.event)].evolve(self.states.get(one.stream), one.event)
            if one.stream not in self.states:
                for kind in type(state).__mro__:
                    self.kinds[kind].append(one.stream)
            self.states[one.stream] = state
            self._written[one.stream].append(Written(one.position, one.meta.event_id, one.event))
            self.position, self.versions[one.stream] = row.position, one.version
            names.append(row.name)
        return names

    def expected(self, asked: Submission, lodged: str) -> Expected:
        """For a submission at a simulated time, on its own."""
        try:
            return Expected(events=self._decided(asked, lodged))
        except Refusal as refusal:
            return Expected(refusal.rule, allowed=refusal.allowed)

    def _decided(self, asked: Submission, lodged: str) -> tuple[str, ...]:
        spec, _, command = read(asked.command, asked.body)
        kind = spec.command
        if kind.CREATES and asked.stream:
            raise Refusal("stream_not_allowed", "", "")
        assert asked.simulated_at is not None
        now = parse(asked.simulated_at, "simulated_at")
        actor = self._actor(asked.person)
        state = None if kind.CREATES else self.states.get(asked.stream)
        written = self._written.__getitem__
        if not (isinstance(state, kind.OF) and exists_for(state, asked.stream, actor.person, written)):
            state = None
        name = asked.stream or demonstration_id(now, asked.client, asked.key)
        authorise(kind, state, actor, name)
        self._refer(spec, command, lodged)
        if state is None and not kind.CREATES:
            raise Refusal("unknown_stream", "", "")
        if asked.if_version is not None and asked.if_version != (self.versions[name] if state else 0):
            raise Refusal("stale_version", "", "")
        decided = command.decide(state, self._context(actor, now, name))
        events = list(decided.events if isinstance(decided, WithBox) else decided)
        if not events:
            raise Refusal("unchanged", "", "")
        self._unclaimed(name, state, events)
        return tuple(event.NAME for event in events)

    def _refer(self, spec: Spec, command: Command, lodged: str) -> None:
        for field, of, named in spec.references:
            for one in named(command):
                if of is None:
                    if one != lodged:
                        raise Refusal("unknown_evidence", "", "", field=field)
                elif not isinstance(self.states.get(one), of):
                    raise Refusal("unknown_reference", "", "", field=field)

    def _actor(self, person: str) -> Actor:
        state = self.states.get(person)
        if not isinstance(state, REFERENCES[PersonId]):
            raise Refusal("unknown_person", "", "")
        assert isinstance(state, Person)
        if state.left:
            raise Refusal("person_left", "", "")
        return Actor(person=PersonId(person), roles=state.roles, unit=state.unit)

    def _context(self, actor: Actor, now: datetime, name: str) -> Context:
        editions = with_editions(DEFAULT, [self.states[one] for one in self.kinds[RuleEdition]])
        return Context(
            actor=actor,
            now=now,
            occurred_at=now,
            stream=name,
            look=self.states.get,
            rules=editions.at(now.astimezone(ZONE).date()),
            calendar=with_years(announced(), [self.states[year] for year in self.kinds[CalendarYear]]),
            zone=ZONE,
            file=self._file,
            written=self._written.__getitem__,
            editions=editions,
        )

    def _unclaimed(self, name: str, state: Any, events: list[Any]) -> None:
        for event in events:
            state = LIVES[type(event)].evolve(state, event)
        mine = getattr(state, "claims", ())
        if not mine:
            return
        taken = {claim for other, one in self.states.items() if other != name for claim in getattr(one, "claims", ())}
        if not taken.isdisjoint(mine):
            raise Refusal("already_held", "", "")
