"""Events to stored bytes and back. The bytes are written once and hashed; nothing is ever re-serialised.

A state is `{"data": {…}, "meta": {…}}` in UTF-8 without blanks, keys sorted at every level, times in UTC with a Z.
Members of `meta` that are None are left out.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
import orjson

from domain.event import EVENTS, Event
from domain.sealed import Sealed
from ledger.contract import Meta, Row


class Recorded(NamedTuple):
    """A stored event, decoded. Sealed fields hold commitments only."""

    position: int
    stream: str
    version: int
    recorded_at: int  # µs since 1970, UTC
    event: Any
    meta: Meta


class SealedForm(msgspec.Struct, frozen=True):
    """What a leaf holds of a sealed field."""

    sealed: str
    subject: str


# orjson sorts the keys of dicts but not the fields of dataclasses, so those go through `members`.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS


@cache
def members(kind: type[Any]) -> Callable[[Any], dict[str, Any]]:
    """A function giving the fields of a dataclass as a dict in sorted order."""
    names = sorted(field.name for field in fields(kind))
    if not names:
        return lambda _: {}
    body = ", ".join(f"{name!r}: e.{name}" for name in names)
    # A literal per class is several times faster than a loop over names; the names are our own identifiers.
    made: Callable[[Any], dict[str, Any]] = eval(f"lambda e: {{{body}}}")  # noqa: S307
    return made


def _plain(value: object) -> object:
    if isinstance(value, Sealed):
        return {"sealed": value.commitment, "subject": value.subject}
    if is_dataclass(value) and not isinstance(value, type):
        return members(type(value))(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _typed(_kind: Any, value: Any) -> Any:
    form = msgspec.convert(value, SealedForm)
    return Sealed(form.subject, commitment=form.sealed)


@cache
def _decoder(name: str) -> msgspec.json.Decoder[Any]:
    state = msgspec.defstruct("State", [("data", EVENTS[name]), ("meta", Meta)], frozen=True)
    return msgspec.json.Decoder(state, dec_hook=_typed)


@cache
def data_decoder(name: str) -> Callable[[bytes], Any]:
    """A function giving, for a state stored under that name, an object whose `data` is the event."""
    # Nothing ever refers back to one of these, so the collector of cycles need not look at them.
    data = msgspec.defstruct("Data", [("data", EVENTS[name])], frozen=True, gc=False)
    return msgspec.json.Decoder(data, dec_hook=_typed).decode


def encode_data(event: Event) -> bytes:
    """The JSON object of an event's own fields. Sealed fields must carry their commitments by now."""
    return encode_members(members(type(event))(event))


def encode_members(held: dict[str, Any]) -> bytes:
    """The same, from what `members` gives."""
    return orjson.dumps(held, _plain, _OPTIONS)


def instant(at: datetime) -> str:
    """RFC 3339 in UTC with a Z, as `meta` holds it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def encode_meta(meta: Meta) -> bytes:
    held = {key: value for key, value in msgspec.structs.asdict(meta).items() if value is not None}
    return orjson.dumps(held | {"occurred_at": instant(meta.occurred_at)}, option=orjson.OPT_SORT_KEYS)


def state_of(data: bytes, meta: bytes) -> bytes:
    """The state from its two halves."""
    return b'{"data":%b,"meta":%b}' % (data, meta)


def encode(event: Event, meta: Meta) -> bytes:
    """The state of one event. Sealed fields must carry their commitments by now."""
    return state_of(encode_data(event), encode_meta(meta))


def decode(row: Row) -> Recorded:
    state = _decoder(row.name).decode(row.state)
    return Recorded(row.position, name_of(row.stream), row.version, row.recorded_at, state.data, state.meta)


def decode_event(name: str, state: bytes) -> Any:
    """Only the event, for folding."""
    return data_decoder(name)(state).data


def name_of(stream: bytes) -> str:
    """Canonical text of a stream id."""
    h = stream.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def key_of(stream: str) -> bytes:
    """The 16 bytes of a stream id; raises ValueError on anything but 32 hex digits with optional dashes."""
    key = bytes.fromhex(stream.replace("-", ""))
    if len(key) != 16:  # noqa: PLR2004 - a UUID
        raise ValueError("not a stream id")
    return key
