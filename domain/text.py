"""Limits every text and amount keeps, at every door, because the decision checks them."""

import unicodedata

from domain.refusal import Refusal

MAX_TEXT = 10_000
MAX_LINE = 200


def text(value: str, field: str, *, limit: int = MAX_TEXT, required: bool = True) -> str:
    """The value stripped of outer blanks. Refuses one without a visible character (if required), one over `limit`
    characters, and one with control characters other than tab and newline or with half a surrogate pair."""
    value = value.strip()
    if required and not any(map(str.isprintable, value)):
        raise Refusal("text_empty", "内容不能为空", "text must not be empty", field=field)
    if len(value) > limit:
        raise Refusal("text_too_long", f"内容不能超过{limit}字", f"text is over {limit} characters", field=field)
    if not value.isprintable() and any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n\r" for c in value):
        raise Refusal("text_control", "内容含有控制字符", "text holds control characters", field=field)
    return value


def line(value: str, field: str) -> str:
    """A title or name: one line of at most 200 characters."""
    value = text(value, field, limit=MAX_LINE)
    if len(value.splitlines()) > 1:
        raise Refusal("text_not_one_line", "只能填写一行", "must be one line", field=field)
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
