"""Events to stored bytes and back. The bytes are written once and hashed; nothing is ever re-serialised."""

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


def _plain(value: object) -> object:
    if isinstance(value, Sealed):
        return {"sealed": value.commitment, "subject": value.subject}
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _typed(_kind: Any, value: Any) -> Any:
    form = msgspec.convert(value, SealedForm)
    return Sealed(form.subject, commitment=form.sealed)


@cache
def _decoder(name: str) -> msgspec.json.Decoder[Any]:
    state = msgspec.defstruct("State", [("data", EVENTS[name]), ("meta", Meta)], frozen=True)
    return msgspec.json.Decoder(state, dec_hook=_typed)


def encode(event: Event, meta: Meta) -> bytes:
    """The state of one event: JSON, keys sorted, UTF-8. Sealed fields must carry their commitments by now."""
    return orjson.dumps({"data": event, "meta": meta}, default=_plain, option=orjson.OPT_SORT_KEYS)


def decode(row: Row) -> Recorded:
    state = _decoder(row.name).decode(row.state)
    return Recorded(row.position, name_of(row.stream), row.version, row.recorded_at, state.data, state.meta)


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
