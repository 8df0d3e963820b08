"""What a batch of requests would store, worked out on the head as the writer knows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.ballots import BoxChange, WithBox
from domain.erasure import PersonalDataErased
from domain.event import LIVES
from domain.refusal import Kind, Refusal
from ledger.almanac import ANNOUNCED
from ledger.asked import MIDDLE, Asked
from ledger.clock import Clock, datetime_of, parse
from ledger.codec import encode_members, instant, key_of, members
from ledger.contract import Accepted, Head, Outcome, Refused, RequestRow, Row
from ledger.decider import Decider, Stale, fault
from ledger.ids import demonstration_id, stream_id
from ledger.keys import Doomed
from ledger.leaf import check_size
from ledger.randomness import Randomness
from ledger.sealing import Closed, close, seals
from ledger.streams import Stream, Streams

NO_LEAF: Final = b""
"""Leaves are made where events are stored (`ledger.storing`), beside the next plan."""
RequestKey = tuple[str, bytes]

_tuple: Final[Any] = tuple.__new__
"""Makes a NamedTuple in half the time its own constructor takes; three are made per event."""


class Replay(NamedTuple):
    """A retry of a request stored earlier; its answer is read once the batch is done."""

    request: RequestRow


class Repeat(NamedTuple):
    """A retry of an earlier request of the same batch."""

    of: int


Answer = Outcome | Replay | Repeat


class Planner:
    """Holds what one attempt gathers. The streams carry the decided states and are kept or dropped by the writer."""

    def __init__(
        self,
        head: Head,
        known: Mapping[RequestKey, RequestRow],
        held: Mapping[str, bytes],
        *,
        streams: Streams,
        decider: Decider,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        self._known = known
        self._held = held
        self._streams = streams
        self._decider = decider
        self._clock = clock
        self._randomness = randomness
        self.now = clock.start(head.recorded_at)
        self.after = head
        self._position, self._recorded_at = head
        self.events: list[Row] = []
        streams.plan(self.events)
        self.requests: list[RequestRow] = []
        self.closed: list[Closed] = []
        self.claimed: dict[str, bytes] = {}
        self.freed: set[str] = set()
        self.passed: set[str] = set()
        """Names claimed and let go again, which the database therefore never sees."""
        self.doomed: list[Doomed] = []
        self.box_changes: list[BoxChange] = []
        self.announces = False
        """It changes the calendar or the limits, which counts for what is decided once it is stored."""
        self._repeats: dict[RequestKey, tuple[int, bytes]] = {}
        self._moments: dict[int, tuple[datetime, bytes]] = {}
        self._told: dict[str, tuple[datetime, bytes]] = {}

    @property
    def head(self) -> Head:
        """After the last event planned."""
        return Head(self._position, self._recorded_at)

    def plan(self, batch: Sequence[Asked | Refused]) -> list[Answer]:
        return [one if isinstance(one, Refused) else self._answer(n, one) for n, one in enumerate(batch)]

    def _answer(self, n: int, asked: Asked) -> Answer:
        try:
            if asked.key:
                key = (asked.submission.client, asked.key)
                earlier = self._known.get(key)
                if earlier is not None:
                    return replayed(asked, earlier)
                repeat = self._repeats.get(key)
                if repeat is not None:
                    return Repeat(repeat[0]) if repeat[1] == asked.body_hash else KEY_REUSED
            accepted = self._accept(asked)
            if asked.key:
                self.requests.append(_tuple(RequestRow, (*key, asked.body_hash, accepted.position, accepted.count)))
                self._repeats[key] = (n, asked.body_hash)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as error:  # noqa: BLE001 - one faulty decision must not fail the others
            return refused(fault(error, asked.spec.name))
        return accepted

    def _accept(self, asked: Asked) -> Accepted:
        submission = asked.submission
        recorded_at = self._clock.at(submission.simulated_at, self.now, self._recorded_at)
        now, now_text = self._moments.get(recorded_at) or self._moment(recorded_at)
        occurred_at, occurred_text = (now, now_text) if asked.occurred_at is None else self._occurred(asked.occurred_at)
        name = submission.stream or self._new_name(asked, now)
        before, decided = self._decider.decide(asked, name, now, occurred_at)
        happened: Sequence[Any] = decided.events if isinstance(decided, WithBox) else decided
        key, version, state = (key_of(name), 0, None) if before is None else before
        old_state = state
        position = self._position
        closed: list[Closed] = []
        opening, closing = asked.envelope
        rows = []
        for event in happened:
            position += 1
            version += 1
            kind = KINDS.get(type(event)) or _kind(type(event))
            stored = close(event, position, self._randomness, closed) if kind.seals else event
            state = kind.evolve(state, stored)
            written = b"".join(
                (
                    b'{"data":',
                    encode_members(kind.members(stored)),
                    b',"meta":',
                    opening,
                    self._randomness.event_id(),
                    MIDDLE,
                    occurred_text,
                    closing,
                    b"}",
                )
            )
            check_size(kind.written, written)
            rows.append(_tuple(Row, (position, key, version, recorded_at, kind.name, written, NO_LEAF)))
        if state is not old_state:
            if asked.command.OF in ANNOUNCED:
                self.announces = True
            self._claim(old_state, state, key)
        if isinstance(decided, WithBox):
            self.box_changes.append(decided.change)
        self.events += rows
        self.closed += closed
        if kind.erases:
            self.doomed += [Doomed(key, row.version, event.subject) for row, event in zip(rows, happened, strict=True)]
        self._position, self._recorded_at = position, recorded_at
        self._streams.decide(name, _tuple(Stream, (key, version, state)))
        return Accepted(name, position, version, len(rows), recorded_at)

    def _claim(self, before: Any, after: Any, stream: bytes) -> None:
        """Takes names this request newly holds and lets others go. Raises Refusal when another stream holds one."""
        new: tuple[str, ...] = getattr(after, "claims", ())
        old: tuple[str, ...] = getattr(before, "claims", ())
        if new == old:
            return
        claimed = [claim for claim in new if claim not in old]
        for claim in claimed:
            holder = self.claimed.get(claim) or (None if claim in self.freed else self._held.get(claim))
            if holder is not None and holder != stream:
                raise Refusal(
                    "already_held",
                    "同一编号、名称或事项已登记，且尚未办结或注销",
                    "the same number, name or matter is registered already and still open",
                    kind=Kind.CONFLICT,
                )
        self.claimed |= dict.fromkeys(claimed, stream)
        for claim in old:
            if claim not in new:
                (self.freed if self.claimed.pop(claim, None) is None else self.passed).add(claim)

    def _new_name(self, asked: Asked, now: datetime) -> str:
        submission = asked.submission
        if submission.simulated_at is not None and submission.key:
            return demonstration_id(now, submission.client, submission.key)
        return stream_id(now, self._randomness.take(10))

    def _moment(self, at: int) -> tuple[datetime, bytes]:
        moment = datetime_of(at)
        found = self._moments[at] = (moment, instant(moment).encode())
        return found

    def _occurred(self, told: str) -> tuple[datetime, bytes]:
        found = self._told.get(told)
        if found is None:
            moment = parse(told, "occurred_at")
            found = self._told[told] = (moment, instant(moment).encode())
        return found


class EventKind(NamedTuple):
    """What storing an event needs to know of its class."""

    name: str
    written: bytes
    seals: bool
    erases: bool
    evolve: Callable[[Any, Any], Any]
    members: Callable[[Any], dict[str, Any]]


KINDS: dict[type[Any], EventKind] = {}


def _kind(of: Any) -> EventKind:
    made = EventKind(
        of.NAME, of.NAME.encode(), bool(seals(of)), of is PersonalDataErased, LIVES[of].evolve, members(of)
    )
    KINDS[of] = made
    return made


def replayed(asked: Asked, earlier: RequestRow) -> Answer:
    """The answer to a request whose key was accepted before."""
    return Replay(earlier) if earlier.body_hash == asked.body_hash else KEY_REUSED


def refused(refusal: Refusal) -> Refused:
    return Refused(
        refusal.rule,
        refusal.zh,
        refusal.en,
        refusal.kind,
        refusal.field,
        refusal.state,
        refusal.allowed,
        refusal.version if isinstance(refusal, Stale) else None,
    )


KEY_REUSED: Final = refused(
    Refusal(
        "key_reused",
        "这个幂等键已用于另一内容的请求",
        "this idempotency key came with another body before",
        kind=Kind.REUSED,
        field="key",
    )
)
