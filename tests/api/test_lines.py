"""Lines out of a stream of bytes, against a slow reading of the whole."""

from hypothesis import given
from hypothesis import strategies as st

from api.lines import MAX_LINE, MAX_LINES, Line, Splitter, take

LIMIT = 6


def slowly(whole: bytes) -> list[Line]:
    """What the splitter must give, from the whole text at once."""
    lines = whole.split(b"\n")
    found = []
    for number, line in enumerate(lines, 1):
        if len(line) > LIMIT:
            found.append(Line(number, None))
        elif line.strip(b" \t\r"):
            found.append(Line(number, line))
    return found


@given(st.lists(st.text(alphabet="ab \n\r", max_size=9).map(str.encode), max_size=12))
def test_lines_do_not_depend_on_how_the_bytes_arrive(parts: list[bytes]):
    splitter = Splitter(LIMIT)
    found = [line for part in parts for line in splitter.feed(part)] + splitter.finish()
    assert found == slowly(b"".join(parts))


def test_a_long_line_is_not_kept():
    splitter = Splitter(LIMIT)
    for _ in range(1000):
        assert splitter.feed(b"x" * 1000) == []
    assert len(splitter._rest) <= LIMIT
    assert splitter.feed(b"\nok\n") == [Line(1, None), Line(2, b"ok")]


@given(st.lists(st.sampled_from([None, 1, 10, MAX_LINE // 3, MAX_LINE]), max_size=2 * MAX_LINES))
def test_pieces_are_bounded_and_lose_nothing(sizes: list[int | None]):
    text = b"x" * MAX_LINE
    lines = [Line(number, None if size is None else text[:size]) for number, size in enumerate(sizes, 1)]
    waiting, taken = list(lines), []
    while waiting:
        piece = take(waiting)
        assert 1 <= len(piece) <= MAX_LINES
        assert len(piece) == 1 or all(line.text is not None for line in piece)
        assert len(piece) == 1 or sum(len(line.text or b"") + 1 for line in piece) <= MAX_LINE
        taken += piece
    assert taken == lines


def test_a_piece_has_at_most_a_thousand_lines():
    waiting = [Line(number, b"{}") for number in range(1, 2502)]
    assert [len(take(waiting)) for _ in range(3)] == [1000, 1000, 501]
