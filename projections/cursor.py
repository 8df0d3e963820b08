"""Cursors of paged lists: where a page ended, at which moment, and of which query. Opaque to clients."""

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import msgspec

from domain.refusal import Refusal
from projections.asof import AsOf

MAX_PAGE: Final = 200


class _Form(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    query: bytes
    position: int
    on: date
    known_on: date
    after: tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last item of a page: its sort value and its stream."""

    at: AsOf
    query: bytes
    after: tuple[int, bytes]

    def __str__(self) -> str:
        form = _Form(self.query, self.at.position, self.at.on, self.at.known_on, self.after)
        return base64.urlsafe_b64encode(msgspec.msgpack.encode(form)).rstrip(b"=").decode()


def query_digest(*parts: Any) -> bytes:
    """Tells one query from another."""
    return hashlib.sha256(repr(parts).encode()).digest()[:8]


def read_cursor(given: str) -> Cursor:
    """Refuses with `cursor_malformed`."""
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        form = msgspec.msgpack.decode(raw, type=_Form)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise Refusal("cursor_malformed", "翻页标记无效", "this is no cursor", field="cursor") from None
    at = AsOf(position=form.position, on=form.on, known_on=form.known_on, forecast=form.on > form.known_on)
    return Cursor(at, form.query, form.after)


def moved(cursor: Cursor, position: int) -> Cursor:
    """The same page of the same list, known at another position at which nothing of it differs."""
    return replace(cursor, at=replace(cursor.at, position=position))


def resumed(given: str | None, at: AsOf, query: bytes) -> tuple[int, bytes] | None:
    """Where a page goes on; refuses the cursor of another query or moment with `cursor_of_other_query`."""
    if given is None:
        return None
    cursor = read_cursor(given)
    if cursor.query != query or (cursor.at.position, cursor.at.on) != (at.position, at.on):
        raise Refusal(
            "cursor_of_other_query",
            "翻页标记属于另一个查询",
            "this cursor belongs to another query",
            field="cursor",
        )
    return cursor.after


def check_limit(limit: int) -> None:
    """Refuses with `limit_out_of_range`."""
    if not 1 <= limit <= MAX_PAGE:
        raise Refusal("limit_out_of_range", "每页须为1至200条", "a page has 1 to 200 items", field="limit")
