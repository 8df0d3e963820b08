"""The process manager of the ladder (催办): as time passes, it has every rung recorded that falls due.

It keeps nothing but what it can read again: the ledger says which rungs are recorded, the histories of commitments say
which are due, and what is due but not recorded is asked for through the gate like anything else. So it may be killed,
be away for a week, or run twice. Whether a notice still goes out is decided by the writer on the matter as it then
stands; a rung is recorded once because its ladder holds it, and because a command sent twice has one idempotency key.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from domain import urge
from domain.calendar import Calendar
from domain.commitment_events import (
    CallBackRecorded,
    CommitmentEvent,
    CommitmentProposed,
    CommitmentPublished,
    CommitmentPublished2,
    FollowUpRecorded,
    SiteChecked,
    WordingAmended,
    WordingAmended2,
    WordingWithdrawn,
)
from domain.rules import Rules
from domain.urge import Ladder, Mark
from ledger.almanac import Almanac
from ledger.codec import decode_event, name_of
from ledger.contract import Accepted, Gate, Reader, Row, Unavailable
from projections.agenda import Agenda
from projections.bitemporal import Happened
from projections.days import ZONE
from projections.folding import CORRECTING, by_stream, named
from projections.rungs import Due, Rungs
from projections.urgers import Urgers

READ: Final = 2_000
TOGETHER: Final = 1_000
"""Commitments looked at, and commands sent, in one go."""
AGAIN: Final = frozenset({"rung_not_due", "simulated_time_backwards"})
"""What a writer answers whose clock differs a little: asked again in the next turn."""
_COMMITMENTS: Final = named(CommitmentEvent) - named(
    CallBackRecorded
    | CommitmentPublished
    | CommitmentPublished2
    | FollowUpRecorded
    | SiteChecked
    | WordingAmended
    | WordingAmended2
    | WordingWithdrawn
)
"""Those that may start, stop or move the clock; what comes often and does not is passed over."""
_BORN: Final = named(CommitmentProposed)
AT_ONCE: Final = 0
"""A day before all others."""

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
    """For one thread at a time. `calendar` and `rules` are those before any event changed them. `simulated`: the ledger
    tells its own time, and commands carry the one they are for."""

    def __init__(self, reader: Reader, gate: Gate, calendar: Calendar, rules: Rules, *, simulated: bool) -> None:
        self._reader = reader
        self._gate = gate
        self._almanac = Almanac(calendar, rules)
        self._rungs = Rungs(calendar, self._almanac.editions)
        self._position = 0
        self._urgers = Urgers(simulated=simulated)
        self._agenda = Agenda()
        """Commitments to look at, at once or on a day on which nothing may happen to them."""

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
        if not self.appointed:
            return 0
        today = now.astimezone(ZONE).date().toordinal()
        made, again = 0, list[bytes]()
        try:
            while some := self._agenda.take(today, TOGETHER):
                made += await self._climb(some, today, now, again)
        except Unavailable:
            again += some
            raise
        finally:
            self._agenda.put(AT_ONCE, again)
        self._read()
        return made

    def _read(self) -> None:
        while rows := self._reader.read(self._position, READ):
            touched: list[bytes] = []
            for row in rows:
                if row.name in _COMMITMENTS or (row.name in CORRECTING and self._is_commitment(row)):
                    touched.append(row.stream)
                else:
                    self._urgers.meet(row)
            self._agenda.put(AT_ONCE, touched)
            self._position = rows[-1].position
            if self._almanac.learn(rows):
                # What lies ahead may fall on other days.
                self._rungs = Rungs(self._almanac.newest, self._almanac.editions)
                self._agenda.repeat(AT_ONCE, AT_ONCE)

    def _is_commitment(self, row: Row) -> bool:
        return self._reader.stream(row.stream, upto=row.position)[0].name in _BORN

    def _kept(self, commitments: Iterable[bytes]) -> dict[bytes, Kept]:
        """The ladders of those that have one."""
        claims = {f"ladder {name_of(one)}": one for one in commitments}
        of = {ladder: claims[claim] for claim, ladder in self._reader.claims(list(claims)).items()}
        found: dict[bytes, Kept] = {}
        for row in self._reader.streams(list(of)):
            event = decode_event(row.name, row.state)
            before = found.get(of[row.stream])
            state = urge.evolve(before and before.state, event)
            kept = Kept(name_of(row.stream), state, before.recorded if before else {})
            if isinstance(event, urge.UrgeSent | urge.UrgeMissed):
                kept.recorded[event.due_on.toordinal(), event.colour] = row.position
            found[of[row.stream]] = kept
        return found

    async def _climb(self, commitments: Sequence[bytes], today: int, now: datetime, again: list[bytes]) -> int:
        ladders = self._kept(commitments)
        wishes: list[Wish] = []
        for commitment, events in by_stream(self._reader, commitments, self._position).items():
            wishes += self._wishes(commitment, ladders.get(commitment), events, today)
        unopened = sorted({wish.commitment for wish in wishes} - ladders.keys())
        made = await self._open(unopened, now)
        ladders |= self._kept(unopened)
        asked = [wish for wish in wishes if wish.commitment in ladders]
        sent = [
            self._urgers.command(wish.command, ladders[wish.commitment].stream, wish.key, wish.body, now)
            for wish in asked
        ]
        outcomes = await self._gate.submit_many(sent) if sent else []
        for wish, outcome in zip(asked, outcomes, strict=True):
            if isinstance(outcome, Accepted):
                made += 0 if outcome.replayed else outcome.count
            elif outcome.rule in AGAIN:
                again.append(wish.commitment)
            else:
                # The matter moved on before the writer came to it, or another process was faster. Tomorrow tells.
                log.info("a rung was refused: %s", outcome.rule)
                self._agenda.put(today + 1, [wish.commitment])
        return made

    async def _open(self, commitments: Sequence[bytes], now: datetime) -> int:
        if not commitments:
            return 0
        outcomes = await self._gate.submit_many(
            [
                self._urgers.command("open_ladder", "", f"{name_of(one)} ladder", {"commitment": name_of(one)}, now)
                for one in commitments
            ]
        )
        return sum(outcome.count for outcome in outcomes if isinstance(outcome, Accepted) and not outcome.replayed)

    def _wishes(self, commitment: bytes, kept: Kept | None, events: Sequence[Happened], today: int) -> Iterator[Wish]:
        recorded = {} if kept is None else kept.recorded
        ahead: int | None = None
        since = self._urgers.since
        assert since is not None
        for rung in self._rungs.due(self._rungs.timeline(events)):
            if rung.day > today:
                ahead = rung.day if ahead is None else min(ahead, rung.day)
            elif rung.day >= since and (rung.due, rung.colour) not in recorded:
                yield _wish(commitment, "record_rung", rung)
        if ahead is not None:
            self._agenda.put(ahead, [commitment])
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


def _wish(commitment: bytes, command: str, rung: Due, **more: Any) -> Wish:
    due_on = date.fromordinal(rung.due)
    key = f"{name_of(commitment)} {due_on} {rung.colour} {command}"
    return Wish(commitment, command, key, {"colour": rung.colour, "due_on": due_on, **more})
