"""What the ledger takes and gives. Both databases and both kinds of writer keep these shapes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from domain.refusal import Kind

LAST = 2**63 - 1
"""No position is greater."""


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """The envelope every event carries in its state."""

    event_id: str
    """Made by the server, 122 random bits (UUID version 4); also blinds the leaf."""
    occurred_at: datetime
    """Aware; when it happened, by the client's word."""
    actor: str
    """Person (stream id)."""
    client: str
    """The program whose key was used."""
    channel: str
    """window, hotline, network, station, visit, system, …"""
    programme: str | None = None
    """Platform (服务载体) such as 连心桥."""
    on_behalf_of: str | None = None
    correlation: str | None = None
    """Keyed digest of what the client gave, hex; never its own words."""
    causation: str | None = None
    """event_id of the event this one answers to."""


class Row(NamedTuple):
    """One stored event. `state` is the exact JSON text that was hashed: `{"data": {…}, "meta": {…}}`."""

    position: int
    stream: bytes  # 16 bytes
    version: int  # 1, 2, 3, … within the stream
    recorded_at: int  # µs since 1970, UTC, never decreasing
    name: str
    state: bytes
    leaf: bytes  # SHA-256 per RFC 6962 §2.1 over the leaf layout


class Head(NamedTuple):
    position: int  # 0 on an empty ledger
    recorded_at: int


class Submission(msgspec.Struct, array_like=True, kw_only=True):
    """One command on its way to a decision. The door has checked the key and nothing else."""

    client: str
    key: str
    """Idempotency key, scoped to the client; '' when the door allows none."""
    person: str
    command: str
    stream: str
    """'' for a creating command."""
    body: msgspec.Raw
    """JSON object with the command's own fields."""
    if_version: int | None = None
    occurred_at: str | None = None
    """RFC 3339 with an offset."""
    simulated_at: str | None = None
    """RFC 3339 with an offset; only a demonstration ledger takes it."""
    channel: str = "system"
    programme: str | None = None
    on_behalf_of: str | None = None
    correlation: str | None = None
    causation: str | None = None


class Accepted(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """Stored and durable. `position` and `version` are those of the last event."""

    stream: str
    position: int
    version: int
    count: int
    recorded_at: int
    replayed: bool = False
    """True when the same key and body were accepted before: this is that first answer."""


class Refused(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """Not stored. The fields of `domain.refusal.Refusal`, on the way to a problem document."""

    rule: str
    zh: str
    en: str
    kind: Kind
    field: str | None = None
    state: str | None = None
    allowed: tuple[str, ...] = ()
    version: int | None = None
    """Current version, when a stale one was given."""


Outcome = Accepted | Refused


class Gate(Protocol):
    """The one way in. In tests the writer's thread; in production the socket of the writer process."""

    async def submit(self, submission: Submission) -> Outcome:
        """Durable once it returns Accepted. Raises `Unavailable` when the writer cannot answer; whether the command
        was stored is then unknown, and a retry with the same key is safe."""

    async def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Bulk: one outcome each, in order; each is its own atomic command. What is given in one call is decided before
        what is given in a later one, also when that does not wait for it. The gate may change what it was given."""


class Unavailable(Exception):  # noqa: N818
    """The writer is down, or appends stand still after a clock jump; `args[0]` says which, in Chinese and English."""


class RequestRow(NamedTuple):
    """An accepted request, kept for ever so that a retry gets its first answer."""

    client: str
    key: bytes
    """0x01 ‖ the 16 bytes of a UUID key, else 0x02 ‖ 16 bytes of a keyed digest: never the client's own words."""
    body_hash: bytes
    position: int  # of its last event
    size: int  # events it made


class SealedRow(NamedTuple):
    """The encrypted half of a sealed field: AES-256-GCM of value and blinding under the key of `subject`."""

    position: int
    path: str
    subject: str
    box: bytes  # nonce ‖ ciphertext ‖ tag; the whole row goes when it is erased


class ApiKeyRow(NamedTuple):
    """What the ledger's database keeps of an API key. Never in a leaf."""

    id: str
    hash: bytes
    """SHA-256 of the secret."""
    client: str
    """The program it is bound to."""
    scopes: tuple[str, ...]
    created: int  # µs since 1970, UTC, real time
    expires: int | None = None
    revoked: int | None = None


class Reader(Protocol):
    """Reading, safe from any process and thread."""

    def head(self) -> Head: ...

    def read(self, after: int, limit: int, *, upto: int | None = None) -> list[Row]:
        """By position, ascending, positions in (after, upto]."""

    def stream(self, stream: bytes, *, after: int = 0, upto: int | None = None) -> list[Row]:
        """One stream by version; `upto` is a position."""

    def streams(self, streams: Sequence[bytes], *, upto: int | None = None) -> Iterator[Row]:
        """Many streams, each by version, in any order of streams."""

    def written(self, streams: Sequence[bytes]) -> Iterator[tuple[bytes, list[tuple[int, str, bytes]]]]:
        """The same, but only what folding needs: each stream that exists, with version, name and state of its events
        by version."""

    def position_at(self, recorded_at: int) -> int:
        """The last position recorded at or before that µs; 0 when there is none."""

    def wait(self, after: int, timeout: float) -> int:
        """Blocks until the head is past `after` or the seconds are over; returns the head position."""

    def sealed(self, positions: Sequence[int]) -> list[SealedRow]:
        """The encrypted fields of those events that are not erased, by position and path."""

    def claims(self, names: Sequence[str]) -> dict[str, bytes]:
        """Who holds those unique names now: name → stream, for those that are held."""

    def api_key(self, key_id: str) -> ApiKeyRow | None: ...

    def api_keys(self) -> list[ApiKeyRow]:
        """All of them, revoked ones too, oldest first."""

    def close(self) -> None:
        """Gives connections back; what reads or appends afterwards fails."""


class Batch(NamedTuple):
    """Everything one commit stores. `events` are gapless from `after.position + 1`."""

    after: Head
    events: Sequence[Row]
    requests: Sequence[RequestRow] = ()
    sealed: Sequence[SealedRow] = ()
    claimed: Sequence[tuple[str, bytes]] = ()  # (claim, stream)
    freed: Sequence[str] = ()


class HeadMoved(Exception):  # noqa: N818
    """Another writer appended after `batch.after`: nothing was stored, plan again."""


class Taken(Exception):  # noqa: N818
    """A request key, stream version or claim of the batch exists already: nothing stored, plan again with look-ups."""


class Malformed(ValueError):  # noqa: N818
    """The batch itself breaks the ledger: a gap in positions or versions, or a clock going back. A fault in whoever
    planned it; nothing stored."""


class Store(Reader, Protocol):
    """Writing, by one writer at a time; several processes may compete and one of them gets HeadMoved."""

    def append(self, batch: Batch) -> None:
        """All or nothing, durable on return. Raises HeadMoved, Taken or Malformed, each with nothing stored; after
        anything else (a lost connection) look the request keys up before trying again, for it may be stored."""

    def requests(self, keys: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], RequestRow]: ...

    def erase(self, subject: str, upto: int = LAST) -> int:
        """Drops every sealed row of a subject up to a position; returns how many."""

    def add_api_key(self, row: ApiKeyRow) -> None:
        """Raises Taken when the id exists."""

    def revoke_api_key(self, key_id: str, at: int) -> bool:
        """From that µs on; False when there is no such key or it is revoked already."""
