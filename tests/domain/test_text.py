"""Limits of texts and numbers, at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusal import Refusal
from domain.text import MAX_LINE, MAX_TEXT, code, line, positive, text


def rule(check, value, **named: bool) -> str:
    with pytest.raises(Refusal) as caught:
        check(value, "f", **named)
    assert caught.value.field == "f"
    return caught.value.rule


@pytest.mark.parametrize(("check", "limit"), [(text, MAX_TEXT), (line, MAX_LINE)])
@pytest.mark.parametrize("character", ["a", "落", "𠮷", "👍"])
def test_a_character_is_a_character(check, limit: int, character: str):
    assert check(character * limit, "f") == character * limit
    assert rule(check, character * (limit + 1)) == "text_too_long"


def test_the_documented_limits():
    assert (MAX_TEXT, MAX_LINE) == (10_000, 200)


def test_blanks_around_do_not_count():
    assert text("\n " + "a" * MAX_TEXT + "\u3000\n", "f") == "a" * MAX_TEXT


@pytest.mark.parametrize("check", [text, line])
@pytest.mark.parametrize("value", ["", " ", "\n\t", "\u3000", "\u200b", "\u2060\ufeff"])
def test_nothing_to_see(check, value: str):
    assert rule(check, value) == "text_empty"


def test_an_empty_text_where_none_is_needed():
    assert text(" ", "f", required=False) == ""


@pytest.mark.parametrize(
    "character", [*"\u061c\u200e\u200f", *map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])]
)
@pytest.mark.parametrize("check", [text, line])
def test_marks_of_direction(check, character: str):
    assert rule(check, f"已办结{character}未办结") == "text_control"


def test_a_line_holds_no_tab():
    assert rule(line, "一\t二") == "text_control"


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u00a0", "\u200b", "\ufeff"])
def test_a_code_holds_no_blanks(blank: str):
    assert code(" 民政-01 ", "f") == "民政-01"
    assert rule(code, f"MZ{blank}J") == "code_blank"


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x9f", "\ud800"])
@pytest.mark.parametrize("check", [text, line])
def test_control_characters(check, character: str):
    assert rule(check, f"a{character}b") == "text_control"


def test_lines_within_a_text():
    assert text("一\r\n二\n\t三", "f") == "一\r\n二\n\t三"


@pytest.mark.parametrize("separator", ["\n", "\r", "\r\n", "\u2028", "\u2029"])
def test_one_line_is_one_line(separator: str):
    assert rule(line, f"一{separator}二") == "text_not_one_line"


@given(st.text(max_size=300))
def test_what_passes_can_be_stored_and_stays(value: str):
    try:
        kept = text(value, "f")
    except Refusal:
        return
    assert kept.encode()
    assert text(kept, "f") == kept


@pytest.mark.parametrize("value", [1, 10**15])
def test_positive_numbers(value: int):
    assert positive(value, "f") == value


@pytest.mark.parametrize("value", [0, -1, 10**15 + 1])
def test_other_numbers(value: int):
    assert rule(positive, value) == "number_out_of_range"


def test_zero_where_it_means_something():
    assert positive(0, "f", zero=True) == 0
    assert rule(positive, -1, zero=True) == "number_out_of_range"
    for value, zero, words in ((0, False, "positive"), (-1, True, "not be negative")):
        with pytest.raises(Refusal) as caught:
            positive(value, "f", zero=zero)
        assert words in caught.value.en
        assert ("非负" in caught.value.zh) == zero
