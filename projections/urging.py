"""The process manager of the ladder (催办): as time passes, it has every rung recorded that falls due.

It keeps nothing but what it can read again: the ledger says which rungs are recorded, the histories of commitments say
which are due, and what is due but not recorded is asked for through the gate like anything else. So it may be killed,
be away for a week, or run twice. Whether a notice still goes out is decided by the writer on the matter as it then
stands; a rung is recorded once because its ladder holds it, and because a command sent twice has one idempotency key.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from heapq import heappop, heappush
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from domain import urge
from domain.actor import Role
from domain.calendar import Calendar
from domain.commitment_events import (
    CallBackRecorded,
    CommitmentEvent,
    CommitmentProposed,
    CommitmentPublished,
    FollowUpRecorded,
    SiteChecked,
    WordingAmended,
    WordingWithdrawn,
)
from domain.person import PersonEnrolled, PersonEvent, PersonLeft, PersonMoved, RolesChanged
from domain.rules import Rules
from domain.urge import Ladder, Mark, UrgeEvent
from ledger.almanac import Almanac
from ledger.codec import decode_event, name_of
from ledger.contract import Accepted, Gate, Outcome, Reader, Row, Submission
from projections.bitemporal import Happened
from projections.days import ZONE, civil_day
from projections.folding import CORRECTING, by_stream, named
from projections.keys import key_of
from projections.rungs import Due, Rungs

CLIENT: Final = "luoshi-ladder"
READ: Final = 10_000
TOGETHER: Final = 1_000
"""Commitments looked at, and commands sent, in one go."""
AGAIN: Final = frozenset({"rung_not_due", "simulated_time_backwards"})
"""What a writer answers whose clock differs a little: asked again in the next turn."""
_COMMITMENTS: Final = named(CommitmentEvent) - named(
    CallBackRecorded | CommitmentPublished | FollowUpRecorded | SiteChecked | WordingAmended | WordingWithdrawn
)
"""Those that may start, stop or move the clock; what comes often and does not is passed over."""
_BORN: Final = named(CommitmentProposed)
_LADDERS: Final = named(UrgeEvent)
_PERSONS: Final = named(PersonEvent)

log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """The ladder of one commitment as it is recorded."""

    stream: str
    state: Ladder
    recorded: dict[tuple[int, str], int]
    """(due day, colour) → position of the record."""


class Wish(NamedTuple):
    """A command to send on the ladder of a commitment."""

    commitment: bytes
    command: str
    key: str
    body: dict[str, Any]


class Urging:
    """For one thread at a time. `calendar` is the one before any year was announced by an event. `simulated`: the
    ledger tells its own time, and commands carry the one they are for."""

    def __init__(self, reader: Reader, gate: Gate, calendar: Calendar, rules: Rules, *, simulated: bool) -> None:
        self._reader = reader
        self._gate = gate
        self._almanac = Almanac(calendar)
        self._rules = rules
        self._rungs = Rungs(calendar, rules)
        self._simulated = simulated
        self._position = 0
        self._urgers: dict[bytes, None] = {}
        """Persons who hold the role now, in the order in which they got it."""
        self._since: int | None = None
        """The day on which the first one was appointed: no rung before it was anybody's to send."""
        self._ladders: dict[bytes, Kept] = {}
        self._of: dict[bytes, bytes] = {}
        """Ladder → commitment."""
        self._touched: set[bytes] = set()
        """Commitments to look at."""
        self._agenda: list[tuple[int, bytes]] = []
        """Heap of the days on which a commitment is to be looked at though nothing happens to it."""

    @property
    def appointed(self) -> bool:
        """Somebody holds the role; otherwise nothing can be recorded."""
        return bool(self._urgers)

    @property
    def position(self) -> int:
        """How far the ledger has been read."""
        return self._position

    async def turn(self, now: datetime) -> int:
        """Has everything recorded that is due at `now`; returns how many events that made. Raises Unavailable when the
        writer is away: what was not recorded is asked for again in the next turn."""
        self._read()
        today = now.astimezone(ZONE).date().toordinal()
        while self._agenda and self._agenda[0][0] <= today:
            self._touched.add(heappop(self._agenda)[1])
        if not self.appointed:
            return 0
        made = 0
        for some in _together(sorted(self._touched)):
            made += await self._climb(some, today, now)
        self._read()
        return made

    def _read(self) -> None:
        while rows := self._reader.read(self._position, READ):
            for row in rows:
                if row.name in _COMMITMENTS or (row.name in CORRECTING and self._is_commitment(row)):
                    self._touched.add(row.stream)
                elif row.name in _LADDERS:
                    self._keep(row)
                elif row.name in _PERSONS:
                    self._meet(row)
            self._position = rows[-1].position
            if self._almanac.learn(rows):
                self._count_anew()

    def _count_anew(self) -> None:
        """A year was announced: what lies ahead may fall on other days."""
        self._rungs = Rungs(self._almanac.newest, self._rules)
        self._touched.update(commitment for _, commitment in self._agenda)
        self._agenda.clear()

    def _is_commitment(self, row: Row) -> bool:
        return self._reader.stream(row.stream, upto=row.position)[0].name in _BORN

    def _keep(self, row: Row) -> None:
        event = decode_event(row.name, row.state)
        if isinstance(event, urge.LadderOpened):
            self._of[row.stream] = key_of(event.commitment)
            self._ladders[key_of(event.commitment)] = Kept(name_of(row.stream), urge.evolve(None, event), {})
            return
        commitment = self._of[row.stream]
        kept = self._ladders[commitment]
        self._ladders[commitment] = kept._replace(state=urge.evolve(kept.state, event))
        if isinstance(event, urge.UrgeSent | urge.UrgeMissed):
            kept.recorded[event.due_on.toordinal(), event.colour] = row.position

    def _meet(self, row: Row) -> None:
        event: PersonEvent = decode_event(row.name, row.state)
        if isinstance(event, PersonMoved):
            return
        if not isinstance(event, PersonLeft):
            assert isinstance(event, PersonEnrolled | RolesChanged)
            if Role.URGER in event.roles:
                self._urgers.setdefault(row.stream)
                if self._since is None:
                    self._since = civil_day(row.recorded_at)
                return
        self._urgers.pop(row.stream, None)

    async def _climb(self, commitments: Sequence[bytes], today: int, now: datetime) -> int:
        wishes: list[Wish] = []
        for commitment, events in by_stream(self._reader, commitments, self._position).items():
            wishes += self._wishes(commitment, events, today)
        unopened = sorted({wish.commitment for wish in wishes} - self._ladders.keys())
        made = await self._open(unopened, now)
        sent = [self._submission(wish, now) for wish in wishes if wish.commitment in self._ladders]
        outcomes = await self._gate.submit_many(sent) if sent else []
        asked = [wish for wish in wishes if wish.commitment in self._ladders]
        self._touched.difference_update(commitments)
        for wish, outcome in zip(asked, outcomes, strict=True):
            made += self._answered(wish.commitment, outcome, today)
        return made

    def _answered(self, commitment: bytes, outcome: Outcome, today: int) -> int:
        if isinstance(outcome, Accepted):
            return 0 if outcome.replayed else outcome.count
        if outcome.rule in AGAIN:
            self._touched.add(commitment)
        else:
            # The matter moved on before the writer came to it, or another process was faster. Tomorrow tells.
            log.info("a rung was refused: %s", outcome.rule)
            heappush(self._agenda, (today + 1, commitment))
        return 0

    async def _open(self, commitments: Sequence[bytes], now: datetime) -> int:
        """Opens ladders; those of them that are open afterwards are known on return."""
        if not commitments:
            return 0
        outcomes = await self._gate.submit_many(
            [
                self._command("open_ladder", "", f"{name_of(one)} ladder", {"commitment": name_of(one)}, now)
                for one in commitments
            ]
        )
        self._read()
        return sum(outcome.count for outcome in outcomes if isinstance(outcome, Accepted) and not outcome.replayed)

    def _wishes(self, commitment: bytes, events: Sequence[Happened], today: int) -> Iterator[Wish]:
        kept = self._ladders.get(commitment)
        recorded = {} if kept is None else kept.recorded
        ahead: int | None = None
        assert self._since is not None
        for rung in self._rungs.due(self._rungs.timeline(events)):
            if rung.day > today:
                ahead = rung.day if ahead is None else min(ahead, rung.day)
            elif rung.day >= self._since and (rung.due, rung.colour) not in recorded:
                yield _wish(commitment, "record_rung", rung)
        if ahead is not None:
            heappush(self._agenda, (ahead, commitment))
        if kept is not None:
            yield from self._overtaken(commitment, kept, events)

    def _overtaken(self, commitment: bytes, kept: Kept, events: Sequence[Happened]) -> Iterator[Wish]:
        for record in kept.state.records:
            if record.mark is Mark.WITHDRAWN:
                continue
            rung = Due(record.due_on.toordinal(), record.colour, record.day.toordinal())
            cause = self._rungs.overtaken(events, rung, kept.recorded[rung.due, rung.colour])
            if cause is not None:
                more = {"cause": cause.why, "occurred_on": date.fromordinal(cause.day)}
                yield _wish(commitment, "withdraw_rung", rung, **more)

    def _submission(self, wish: Wish, now: datetime) -> Submission:
        return self._command(wish.command, self._ladders[wish.commitment].stream, wish.key, wish.body, now)

    def _command(self, command: str, stream: str, key: str, body: dict[str, Any], now: datetime) -> Submission:
        return Submission(
            client=CLIENT,
            key=key,
            person=name_of(next(iter(self._urgers))),
            command=command,
            stream=stream,
            body=msgspec.Raw(msgspec.json.encode(body)),
            simulated_at=now.isoformat() if self._simulated else None,
        )


def _wish(commitment: bytes, command: str, rung: Due, **more: Any) -> Wish:
    due_on = date.fromordinal(rung.due)
    key = f"{name_of(commitment)} {due_on} {rung.colour} {command}"
    return Wish(commitment, command, key, {"colour": rung.colour, "due_on": due_on, **more})


def _together(found: Iterable[bytes]) -> Iterator[list[bytes]]:
    left = iter(found)
    while some := list(islice(left, TOGETHER)):
        yield some
