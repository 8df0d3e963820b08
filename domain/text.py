"""Limits every text and amount keeps, at every door, because the decision checks them."""

import unicodedata

from domain.refusal import Refusal

MAX_TEXT = 10_000
MAX_LINE = 200
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Unseen characters that turn the direction of writing (Unicode UAX 9): with them a text reads as what it is not."""


def text(value: str, field: str, *, limit: int = MAX_TEXT, required: bool = True) -> str:
    """The value stripped of outer blanks. Refuses one without a visible character (if required), one over `limit`
    characters, and one with control characters other than tab and newline, marks of direction or half a surrogate
    pair."""
    value = value.strip()
    if required and not any(map(str.isprintable, value)):
        raise Refusal("text_empty", "内容不能为空", "text must not be empty", field=field)
    if len(value) > limit:
        raise Refusal("text_too_long", f"内容不能超过{limit}字", f"text is over {limit} characters", field=field)
    if not value.isprintable() and any(_controls(character) for character in value):
        raise _control(field)
    return value


def _controls(character: str) -> bool:
    if character in DIRECTIONS:
        return True
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r"


def _control(field: str) -> Refusal:
    return Refusal(
        "text_control",
        "内容含有控制字符或改变文字方向的符号",
        "text holds control characters or marks of direction",
        field=field,
    )


def line(value: str, field: str) -> str:
    """A title or name: one line of at most 200 characters, without tabs."""
    value = text(value, field, limit=MAX_LINE)
    if len(value.splitlines()) > 1:
        raise Refusal("text_not_one_line", "只能填写一行", "must be one line", field=field)
    if "\t" in value:
        raise _control(field)
    return value


def code(value: str, field: str) -> str:
    """A short code: one line without blanks or characters that can't be seen, so that codes that look alike are."""
    value = line(value, field)
    if not value.isprintable() or any(map(str.isspace, value)):
        raise Refusal("code_blank", "代码中不能有空白", "a code holds no blanks", field=field)
    return value


def positive(value: int, field: str, *, zero: bool = False) -> int:
    """A count or an amount; zero only where it means something. At most 10^15."""
    if value < (0 if zero else 1) or value > 10**15:
        raise Refusal(
            "number_out_of_range",
            "数值必须为非负数" if zero else "数值必须大于零",
            "number must not be negative" if zero else "number must be positive",
            field=field,
        )
    return value
