"""Sealed fields: the commitment a leaf holds, and the encrypted half beside it (`domain/sealed.py` says why).

commitment = HMAC-SHA256(r, u32 length ‖ path ‖ u32 length ‖ value), lengths big-endian, texts in UTF-8, a value that
is no text as JSON with sorted keys; r is 32 fresh random bytes. The path is the field's place in the event's data
(`name`, `contacts.0.phone`). Box = 12-byte nonce ‖ AES-256-GCM of r ‖ kind ‖ value, under the key of the subject, with
u64 position ‖ path as associated data, so that a box moved to another row does not open.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from struct import Struct
from typing import Any, NamedTuple, get_args, get_type_hints

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.event import Event
from domain.sealed import Sealed
from ledger.contract import SealedRow
from ledger.keys import Keys
from ledger.randomness import Randomness

BLINDING = 32
NONCE = 12
TEXT, JSON = b"t", b"j"
_LENGTH = Struct(">I")
_POSITION = Struct(">Q")


class Tampered(Exception):  # noqa: N818
    """A box does not open, or what it holds is not what the leaf committed to."""


class Erased:
    """What an erased value reads as; `str()` of it is 已删除."""

    def __str__(self) -> str:
        return "已删除"

    def __repr__(self) -> str:
        return "ERASED"


ERASED = Erased()


class Closed(NamedTuple):
    """A sealed value on its way into its box."""

    position: int
    path: str
    subject: str
    plain: bytes


def commitment(r: bytes, path: str, value: bytes) -> str:
    """Hex, 64 digits."""
    place = path.encode()
    message = b"".join((_LENGTH.pack(len(place)), place, _LENGTH.pack(len(value)), value))
    return hmac.digest(r, message, "sha256").hex()


@cache
def seals(kind: type[Any]) -> tuple[str, ...]:
    """The fields of an event class that may hold sealed values at any depth."""
    hints = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if _may_hold(hints[field.name]))


def _may_hold(hint: Any) -> bool:
    if hint is Sealed or getattr(hint, "__origin__", None) is Sealed:
        return True
    if isinstance(hint, type) and is_dataclass(hint):
        return bool(seals(hint))
    return any(_may_hold(part) for part in get_args(hint))


def close(event: Event, position: int, randomness: Randomness, into: list[Closed]) -> Event:
    """The event with commitments in place of values, which are added to `into`."""
    changed = {}
    for name in seals(type(event)):
        value = getattr(event, name)
        if value is not None and value != ():
            changed[name] = _close(value, name, position, randomness, into)
    return replace(event, **changed) if changed else event  # type: ignore[type-var]


def _close(value: Any, path: str, position: int, randomness: Randomness, into: list[Closed]) -> Any:
    if isinstance(value, Sealed):
        if value.value is None:
            return value
        if not value.subject:
            raise ValueError("a sealed field has no subject")
        words, kind = (value.value.encode(), TEXT) if isinstance(value.value, str) else (_json(value.value), JSON)
        r = randomness.take(BLINDING)
        into.append(Closed(position, path, value.subject, b"".join((r, kind, words))))
        return Sealed(value.subject, commitment=commitment(r, path, words))
    if isinstance(value, tuple):
        return tuple(_close(item, f"{path}.{n}", position, randomness, into) for n, item in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                name: _close(getattr(value, name), f"{path}.{name}", position, randomness, into)
                for name in seals(type(value))
            },
        )
    return value


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def boxes(closed: Iterable[Closed], keys: Mapping[str, bytes], randomness: Randomness) -> list[SealedRow]:
    """The rows to store, encrypted under the subjects' keys."""
    ciphers = {subject: AESGCM(key) for subject, key in keys.items()}
    rows = []
    for position, path, subject, plain in closed:
        nonce = randomness.take(NONCE)
        box = nonce + ciphers[subject].encrypt(nonce, plain, _bound(position, path))
        rows.append(SealedRow(position, path, subject, box))
    return rows


def _bound(position: int, path: str) -> bytes:
    return _POSITION.pack(position) + path.encode()


class Opened(NamedTuple):
    """A value and its blinding: all that is needed to check the commitment without us."""

    value: Any
    r: bytes


def open_row(row: SealedRow, keys: Keys, committed: str) -> Opened | Erased:
    """The value of one box, checked against the commitment its leaf holds. Raises Tampered."""
    key = keys.get(row.subject)
    if key is None:
        return ERASED
    try:
        plain = AESGCM(key).decrypt(row.box[:NONCE], row.box[NONCE:], _bound(row.position, row.path))
    except InvalidTag:
        raise Tampered(f"position {row.position}, {row.path}: the box does not open") from None
    r, kind, words = plain[:BLINDING], plain[BLINDING : BLINDING + 1], plain[BLINDING + 1 :]
    if not hmac.compare_digest(commitment(r, row.path, words), committed):
        raise Tampered(f"position {row.position}, {row.path}: the box holds something else than was committed to")
    return Opened(words.decode() if kind == TEXT else orjson.loads(words), r)


def sealed_fields(event: Event) -> list[tuple[str, Sealed[Any]]]:
    """(path, field) of every sealed value of a stored event."""
    found: list[tuple[str, Sealed[Any]]] = []
    for name in seals(type(event)):
        _walk(getattr(event, name), name, found)
    return found


def _walk(value: Any, path: str, found: list[tuple[str, Sealed[Any]]]) -> None:
    if isinstance(value, Sealed):
        found.append((path, value))
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            _walk(item, f"{path}.{n}", found)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in seals(type(value)):
            _walk(getattr(value, name), f"{path}.{name}", found)


class Unsealed(NamedTuple):
    """A sealed field of a stored event and what was in it; ERASED without a blinding where key or row is gone."""

    field: Sealed[Any]
    value: Any
    r: bytes | None


def open_event(position: int, event: Event, rows: Sequence[SealedRow], keys: Keys) -> dict[str, Unsealed]:
    """Every sealed field of one event by path. `rows` may hold those of other events too. Raises Tampered."""
    held = {row.path: row for row in rows if row.position == position}
    found = {}
    for path, field in sealed_fields(event):
        row = held.get(path)
        opened = ERASED if row is None or row.subject != field.subject else open_row(row, keys, field.commitment)
        found[path] = Unsealed(field, ERASED, None) if isinstance(opened, Erased) else Unsealed(field, *opened)
    return found
