"""What a batch of requests would store, worked out on the head as the writer knows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.erasure import PersonalDataErased
from domain.refusal import Kind, Refusal
from ledger.asked import Asked, meta
from ledger.clock import Clock, datetime_of, parse
from ledger.codec import encode_data, instant, key_of, state_of
from ledger.contract import Accepted, Head, Outcome, Refused, RequestRow, Row
from ledger.decider import Decider, Decision, Stale, fault
from ledger.ids import demonstration_id, stream_id
from ledger.keys import Doomed
from ledger.leaf import leaf_hash
from ledger.randomness import Randomness
from ledger.sealing import Closed, close, seals
from ledger.streams import Stream, Streams, fold

RequestKey = tuple[str, bytes]


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
        self.head = head
        """After the last event planned."""
        self.events: list[Row] = []
        self.requests: list[RequestRow] = []
        self.closed: list[Closed] = []
        self.claimed: dict[str, bytes] = {}
        self.freed: set[str] = set()
        self.doomed: list[Doomed] = []
        self._repeats: dict[RequestKey, tuple[int, bytes]] = {}
        self._moments: dict[str | int, tuple[datetime, str]] = {}

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
                self.requests.append(
                    RequestRow(asked.submission.client, asked.key, asked.body_hash, accepted.position, accepted.count)
                )
                self._repeats[key] = (n, asked.body_hash)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as error:  # noqa: BLE001 - one faulty decision must not fail the others
            return refused(fault(error, asked.spec.name))
        return accepted

    def _accept(self, asked: Asked) -> Accepted:
        submission = asked.submission
        recorded_at = self._clock.at(submission.simulated_at, self.now, self.head.recorded_at)
        now, now_text = self._moment(recorded_at)
        occurred_at, occurred_text = (now, now_text) if asked.occurred_at is None else self._moment(asked.occurred_at)
        name = submission.stream or self._new_name(asked, now)
        decision = self._decider.decide(asked, name, now, occurred_at)
        sealed = len(self.closed)
        try:
            rows, stream = self._store(decision, asked, recorded_at, occurred_text)
            claimed, freed = self._claims(decision.before, stream)
        except BaseException:
            del self.closed[sealed:]
            raise
        self.claimed |= claimed
        for claim in freed:
            if self.claimed.pop(claim, None) is None:
                self.freed.add(claim)
        self.events += rows
        self.head = Head(rows[-1].position, recorded_at)
        self._streams.decide(name, stream)
        return Accepted(name, self.head.position, stream.version, len(rows), recorded_at)

    def _store(self, decision: Decision, asked: Asked, recorded_at: int, occurred_at: str) -> tuple[list[Row], Stream]:
        before = decision.before
        key, version, state = (key_of(decision.stream), 0, None) if before is None else before
        position = self.head.position
        rows = []
        for happened in decision.events:
            position += 1
            version += 1
            kind: Any = type(happened)
            event = close(happened, position, self._randomness, self.closed) if seals(kind) else happened
            state = fold(state, event)
            written = state_of(encode_data(event), meta(asked.envelope, self._randomness.event_id(), occurred_at))
            stored_name = kind.NAME
            leaf = leaf_hash(key, version, recorded_at, stored_name.encode(), written)
            rows.append(Row(position, key, version, recorded_at, stored_name, written, leaf))
            if kind is PersonalDataErased:
                self.doomed.append(Doomed(key, version, happened.subject))  # type: ignore[attr-defined]
        return rows, Stream(key, version, state)

    def _claims(self, before: Stream | None, after: Stream) -> tuple[dict[str, bytes], list[str]]:
        """Names this request newly holds, and those it lets go. Raises Refusal when another stream holds one."""
        new: tuple[str, ...] = getattr(after.state, "claims", ())
        old: tuple[str, ...] = () if before is None else getattr(before.state, "claims", ())
        if new == old:
            return {}, []
        claimed = {claim: after.key for claim in new if claim not in old}
        for claim in claimed:
            holder = self.claimed.get(claim) or (None if claim in self.freed else self._held.get(claim))
            if holder is not None and holder != after.key:
                raise Refusal(
                    "already_held",
                    f"已被占用：{claim}",
                    f"another record holds this: {claim}",
                    kind=Kind.CONFLICT,
                )
        return claimed, [claim for claim in old if claim not in new]

    def _new_name(self, asked: Asked, now: datetime) -> str:
        submission = asked.submission
        if submission.simulated_at is not None and submission.key:
            return demonstration_id(now, submission.client, submission.key)
        return stream_id(now, self._randomness.take(10))

    def _moment(self, at: str | int) -> tuple[datetime, str]:
        found = self._moments.get(at)
        if found is None:
            moment = parse(at, "occurred_at") if isinstance(at, str) else datetime_of(at)
            found = self._moments[at] = (moment, instant(moment))
        return found


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
