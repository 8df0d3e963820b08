"""GB 32100 against python-stdnum, which was written by others."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from domain.credit_code import ALPHABET, credit_code, is_credit_code
from domain.refusal import Refusal

# stdnum wants digits in the first two places, the standard allows letters there (N2, Y1): these are tested below.
BODIES = st.builds(
    lambda authority, region, body: authority + region + body,
    st.text("0123456789", min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@given(BODIES, st.sampled_from(ALPHABET))
@example("91110000600037341", "L")
def test_the_check_character_is_stdnums(body: str, check: str):
    assert is_credit_code(body + uscc.calc_check_digit(body))
    assert is_credit_code(body + check) == uscc.is_valid(body + check)


@given(st.text(ALPHABET + "IOSVZ０九", min_size=16, max_size=19))
def test_any_text_is_a_code_only_with_stdnums_check(code: str):
    if is_credit_code(code):
        assert uscc.calc_check_digit(code[:17]) == code[17]
    else:
        assert not uscc.is_valid(code)


@given(st.sampled_from(["N2", "Y1", "A1"]), BODIES)
def test_letters_may_name_the_authority(authority: str, body: str):
    body = authority + body[2:]
    assert is_credit_code(body + uscc.calc_check_digit(body))


@given(st.integers(2, 7), st.sampled_from(ALPHABET[10:]), BODIES)
def test_the_division_code_is_digits(place: int, letter: str, body: str):
    body = body[:place] + letter + body[place + 1 :]
    assert not is_credit_code(body + uscc.calc_check_digit(body))


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_single_slip_is_seen(body: str, place: int, slip: str):
    code = body + uscc.calc_check_digit(body)
    assume(code[place] != slip)
    assert not is_credit_code(code[:place] + slip + code[place + 1 :])


@pytest.mark.parametrize(
    "code",
    ["", "9111000060003734", "91110000600037341", "91110000600037341LL", "9111A000600037341L", "91110000I00037341L"],
)
def test_wrong_forms(code: str):
    assert not is_credit_code(code)


def test_capitals_and_blanks():
    assert credit_code(" 91110000600037341l ", "credit_code") == "91110000600037341L"
    with pytest.raises(Refusal) as caught:
        credit_code("91110000600037341K", "credit_code")
    assert (caught.value.rule, caught.value.field) == ("credit_code", "credit_code")
