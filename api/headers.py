"""Command headers to `Submission` fields. Values may be raw or percent-encoded UTF-8 (`%E8%90%BD%E5%AE%9E`)."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from api.problems import Problem

FIELDS = {
    b"authorization": "authorization",
    b"idempotency-key": "key",
    b"luoshi-person": "person",
    b"if-match": "if_version",
    b"luoshi-occurred-at": "occurred_at",
    b"luoshi-simulated-at": "simulated_at",
    b"luoshi-channel": "channel",
    b"luoshi-programme": "programme",
    b"luoshi-on-behalf-of": "on_behalf_of",
    b"luoshi-correlation": "correlation",
    b"luoshi-causation": "causation",
}
MAX_VALUE = 512
VERSION = re.compile(r'"([1-9][0-9]{0,17})(?:\.[0-9.-]*)?"')
"""An entity tag of this API starts with the stream's version; what follows names the reading (`"7.120.2011-12-31"`)."""

Headers = Iterable[tuple[bytes, bytes]]


def submission_fields(headers: Headers) -> dict[str, Any]:
    """Fields of `ledger.contract.Submission` that the headers give, and `authorization` as it came (bytes). A field
    that no header gives is absent."""
    found: dict[str, Any] = {}
    for name, raw in headers:
        field = FIELDS.get(name)
        if field is None:
            continue
        if field in found:
            raise _twice(name)
        if field == "authorization":
            found[field] = raw
        else:
            text = _text(name, raw)
            found[field] = version_of(text) if field == "if_version" else text
    return found


def authorization_of(headers: Headers) -> bytes | None:
    """`Authorization` as it came. Raises Problem (400) when it or the person is given twice, for then it is open who
    asks."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in (b"authorization", b"luoshi-person"):
            if name in found:
                raise _twice(name)
            found[name] = value
    return found.get(b"authorization")


def version_of(tag: str) -> int:
    """The stream version an `If-Match` names. Raises Problem (400) on `*`, a weak tag, or a tag of no stream."""
    match = VERSION.fullmatch(tag)
    if match is None:
        raise Problem(
            "if_match_malformed",
            'If-Match 应为版本号，例如 "3"',
            'If-Match must be a version such as "3"',
            status=400,
            field="If-Match",
        )
    return int(match[1])


def _text(name: bytes, raw: bytes) -> str:
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    if len(raw) > MAX_VALUE:
        raise _malformed(name, "标头过长", "header is too long")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise _malformed(name, "标头不是有效的 UTF-8", "header is not valid UTF-8") from None
    if not text.isprintable():
        raise _malformed(name, "标头含有控制字符", "header holds control characters")
    return text


def _twice(name: bytes) -> Problem:
    return _malformed(name, "标头重复", "header given twice")


def _malformed(name: bytes, zh: str, en: str) -> Problem:
    return Problem("header_malformed", f"标头有误：{zh}", f"bad header: {en}", status=400, field=name.decode().title())
