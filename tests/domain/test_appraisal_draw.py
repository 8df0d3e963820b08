"""The draw: it follows from frame and seed alone, in proportion to the strata."""

import hashlib
import hmac
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import appraisal_draw
from domain.appraisal_draw import Frame, draw, list_digest, listed, read_frame, share
from domain.refusal import Refusal

FRAME = "".join(
    f"{frame},{stratum},{stratum}{n}\n"
    for frame, stratum, size in (
        ("residents", "城厢", 60),
        ("residents", "浏河", 30),
        ("residents", "沙溪", 10),
        ("enterprises", "工业", 7),
        ("enterprises", "服务业", 3),
    )
    for n in range(size)
).encode()
INVITED = {Frame.RESIDENTS: 10, Frame.ENTERPRISES: 3}


def test_the_invited_are_those_with_the_least_rank_in_their_stratum():
    drawn = draw(read_frame(FRAME), "03 11 17", INVITED)
    # The same from the description in the docstring, without the code's own parts.
    expected = []
    for frame, stratum, wanted in (
        ("residents", "城厢", 6),
        ("residents", "浏河", 3),
        ("residents", "沙溪", 1),
        ("enterprises", "工业", 2),
        ("enterprises", "服务业", 1),
    ):
        members = [line for line in FRAME.decode().splitlines() if line.startswith(f"{frame},{stratum},")]
        ranked = sorted(
            members,
            key=lambda line: hmac.new(b"03 11 17", line.replace(",", "\n").encode(), hashlib.sha256).hexdigest(),
        )
        expected += ranked[:wanted]
    assert listed(drawn).decode().splitlines() == sorted(expected)
    assert list_digest(drawn) == hashlib.sha256("".join(f"{line}\n" for line in sorted(expected)).encode()).hexdigest()


def test_another_seed_and_another_frame_draw_others():
    first = list_digest(draw(read_frame(FRAME), "1", INVITED))
    assert first == list_digest(draw(read_frame(b"\n".join(reversed(FRAME.splitlines()))), "1", INVITED))
    assert first != list_digest(draw(read_frame(FRAME), "2", INVITED))


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 50), min_size=1, max_size=6).flatmap(
        lambda sizes: st.tuples(st.just(sizes), st.integers(1, sum(sizes.values())))
    )
)
def test_shares_are_in_proportion(given):
    sizes, wanted = given
    shares = share(sizes, wanted)
    assert sum(shares.values()) == wanted
    total = sum(sizes.values())
    for name, size in sizes.items():
        assert abs(Fraction(wanted * size, total) - shares[name]) < 1
        assert shares[name] <= size


def test_equal_remainders_go_by_name():
    assert share({"b": 1, "a": 1, "c": 1}, 2) == {"a": 1, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff", "UTF-8"),
        ("residents,城厢\n".encode(), "“frame,stratum,member”"),
        ("residents,城厢,1,2\n".encode(), "“frame,stratum,member”"),
        (b"residents,,1\n", "“frame,stratum,member”"),
        ("residents, 城厢,1\n".encode(), "“frame,stratum,member”"),
        (f"residents,{'长' * 41},1\n".encode(), "“frame,stratum,member”"),
        ("villages,城厢,1\n".encode(), "residents or enterprises"),
        ("residents,城厢,1\nresidents,浏河,1\n".encode(), "there already"),
        ("".join(f"residents,s{n},{n}\n" for n in range(201)).encode(), "200 strata"),
    ],
)
def test_what_is_no_frame(content: bytes, words: str):
    with pytest.raises(Refusal) as caught:
        read_frame(content)
    assert (caught.value.rule, caught.value.field) == ("frame_malformed", "frame")
    assert words in caught.value.en


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"\xff", 1), (b"residents,a,1\nresidents,a\n", 2), (b"residents,a,1\nresidents,a,2\nresidents,b,1\n", 3)],
)
def test_the_line_that_is_wrong_is_named(content: bytes, line: int):
    with pytest.raises(Refusal) as caught:
        read_frame(content)
    assert f"{line}" in caught.value.en
    assert f"{line}" in caught.value.zh


def test_a_frame_is_no_longer_than_it_may_be(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(appraisal_draw, "MOST_MEMBERS", 2)
    two = b"residents,a,1\nresidents,a,2\n"
    assert len(read_frame(two)) == 1
    with pytest.raises(Refusal) as caught:
        read_frame(two + b"residents,a,3\n")
    assert (caught.value.rule, caught.value.field) == ("frame_malformed", "frame")
    assert "3" in caught.value.en
    assert "at most 2 lines" in caught.value.en


def test_the_most_strata_and_the_longest_names_are_taken():
    strata = read_frame("".join(f"residents,{n:040},{n:040}\n" for n in range(200)).encode())
    assert len(strata) == 200


def test_one_number_may_stand_in_both_frames():
    assert len(read_frame(b"residents,a,1\nenterprises,a,1\n")) == 2
