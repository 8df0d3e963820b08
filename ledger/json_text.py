"""What a JSON text from outside must be before anything else is said about it. Nothing takes one that is not, so it is
only looked at when something is wrong: then every door finds the same fault first."""

import re
from typing import Final

import msgspec

from domain.refusal import Refusal

DEEPEST: Final = 64
"""Levels of objects and arrays; commands have five at the most."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ALIKE = bytes.maketrans(b"{}", b"[]")
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))


def check(text: bytes | msgspec.Raw) -> None:
    """Raises Refusal (`invalid_json`) on what is no JSON or is nested more than 64 levels deep."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, RecursionError) as error:
        raise no_json(error) from None
    written = bytes(text)
    if written.count(b"[") + written.count(b"{") <= DEEPEST:
        return
    brackets = _STRING.sub(b"", written).translate(_ALIKE, _OTHERS)
    # Each time round takes the innermost level away.
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise _too_deep()


def no_json(error: Exception) -> Refusal:
    """The refusal for what no JSON parser could read."""
    if isinstance(error, UnicodeDecodeError):
        return Refusal("invalid_json", "内容不是有效的UTF-8编码", "the text is not valid UTF-8")
    if isinstance(error, RecursionError):
        return _too_deep()
    return Refusal("invalid_json", "内容不是有效的JSON", "the text is not valid JSON")


def _too_deep() -> Refusal:
    return Refusal(
        "invalid_json", f"JSON嵌套不能超过{DEEPEST}层", f"the JSON is nested more than {DEEPEST} levels deep"
    )
