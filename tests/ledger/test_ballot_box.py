"""The ballot box: one ballot a code, no order, no time, durable before it is called taken."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ballots import CloseBox, Contents, PutCodes, list_of_codes
from ledger.ballot_box import BallotBox, Cast, to_bytes
from ledger.ballot_boxes import Boxes, open_boxes
from ledger.database import locate, open_store

ROUND = "013090eb-55c0-7001-8001-000000000001"
CODES = [f"{n:064x}" for n in range(8)]
BALLOTS = ["AB", "BA", "AA", "E-", "-A", "CC", "AB", "DD"]


@pytest.fixture
def boxes(database_url: str):
    open_store(database_url, create=True).close()
    return open_boxes(database_url)


def put(frame: str, hashes: list[str]) -> PutCodes:
    return PutCodes(ROUND, frame, list_of_codes(hashes), tuple(hashes))


ALL = {"residents": list_of_codes(CODES)}
TWO = {"residents": list_of_codes(CODES[:2]), "enterprises": list_of_codes(CODES[2:4])}


def close(boxes: Boxes, lists: dict[str, str]) -> Contents:
    """As one who decides and stores does."""
    found = boxes.read(ROUND, lists)
    assert boxes.apply(CloseBox(ROUND, lists, found))
    return found


def test_a_code_votes_once(boxes):
    boxes.apply(put("residents", CODES[:2]))
    boxes.apply(put("enterprises", CODES[2:4]))
    assert boxes.cast(ROUND, TWO, CODES[0], "AB") is Cast.TAKEN
    assert boxes.cast(ROUND, TWO, CODES[0], "AB") is Cast.USED
    assert boxes.cast(ROUND, TWO, CODES[0], "EE") is Cast.USED
    assert boxes.cast(ROUND, TWO, CODES[7], "EE") is Cast.UNKNOWN
    assert boxes.cast(ROUND, TWO, CODES[2], "CD") is Cast.TAKEN
    found = close(boxes, TWO)
    assert (found.cast, found.columns) == (
        {"residents": 1, "enterprises": 1},
        {"residents": ("A", "B"), "enterprises": ("C", "D")},
    )


def test_a_closed_box_takes_nothing_and_reads_the_same_again(boxes, database_url: str):
    boxes.apply(put("residents", CODES))
    for code, ballot in zip(CODES, BALLOTS, strict=True):
        boxes.cast(ROUND, ALL, code, ballot)
    found = close(boxes, ALL)
    assert found.columns == {"residents": tuple("".join(sorted(column)) for column in zip(*BALLOTS, strict=True))}
    boxes.apply(put("residents", CODES))
    assert boxes.cast(ROUND, ALL, CODES[0], "AB") is Cast.CLOSED
    assert open_boxes(database_url).read(ROUND, ALL) == found
    assert open_boxes(database_url).apply(CloseBox(ROUND, ALL, found))
    assert len(found.blind) == 64


def test_a_box_is_not_closed_on_what_was_found_before_another_ballot_came(boxes):
    boxes.apply(put("residents", CODES))
    found = boxes.read(ROUND, ALL)
    assert boxes.cast(ROUND, ALL, CODES[0], "AB") is Cast.TAKEN
    assert not boxes.apply(CloseBox(ROUND, ALL, found))
    assert boxes.cast(ROUND, ALL, CODES[1], "AB") is Cast.TAKEN
    assert close(boxes, ALL).cast == {"residents": 2}


def test_a_frame_whose_codes_are_not_there_is_missing(boxes):
    assert boxes.read(ROUND, ALL) == ({}, {}, "")
    boxes.apply(put("enterprises", CODES))
    assert boxes.read(ROUND, ALL).cast == {}


def test_only_the_list_that_counts_votes_and_the_others_go_with_the_first_ballot(boxes):
    first, second = CODES[:2], CODES[2:4]
    boxes.apply(put("residents", first))
    boxes.apply(put("residents", second))
    lists = {"residents": list_of_codes(second)}
    assert boxes.cast(ROUND, lists, first[0], "AB") is Cast.UNKNOWN
    assert boxes.read(ROUND, {"residents": list_of_codes(first)}).cast == {"residents": 0}
    assert boxes.cast(ROUND, lists, second[0], "AB") is Cast.TAKEN
    boxes.apply(put("residents", second))
    assert boxes.cast(ROUND, lists, second[0], "AB") is Cast.USED
    assert boxes.read(ROUND, {"residents": list_of_codes(first)}).cast == {}


def test_of_many_who_use_one_code_at_once_one_votes(boxes):
    boxes.apply(put("residents", CODES))
    answers: list[Cast] = []
    voters = [threading.Thread(target=lambda: answers.append(boxes.cast(ROUND, ALL, CODES[0], "AB"))) for _ in range(6)]
    for voter in voters:
        voter.start()
    for voter in voters:
        voter.join()
    assert sorted(answers) == [Cast.TAKEN, *[Cast.USED] * 5]
    assert close(boxes, ALL).cast == {"residents": 1}


class Plain:
    """Chance that always gives the same."""

    def randbytes(self, size: int) -> bytes:
        return bytes(size)


@given(st.permutations(list(zip(CODES, BALLOTS, strict=True))))
def test_the_order_of_voting_leaves_no_trace(order):
    def after(votes) -> tuple[bytes, Contents]:
        box = BallotBox()
        box.apply(put("residents", CODES), Plain())
        for code, ballot in votes:
            box.cast(ALL, code, ballot)
        return to_bytes(box), box.read(ALL)

    assert after(order) == after(zip(CODES, BALLOTS, strict=True))


def test_columns_do_not_say_which_answers_stood_together():
    def columns(ballots: list[str]) -> tuple[str, ...]:
        box = BallotBox()
        box.apply(put("residents", CODES), Plain())
        for code, ballot in zip(CODES, ballots, strict=False):
            box.cast(ALL, code, ballot)
        return box.read(ALL).columns["residents"]

    assert columns(["AA", "AB", "BC"]) == columns(["BA", "AC", "AB"]) == ("AAB", "ABC")


def test_the_file_is_its_owners_and_keeps_no_log(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/luoshi.db"
    boxes = open_boxes(url)
    boxes.apply(put("residents", CODES))
    for code in CODES:
        boxes.cast(ROUND, ALL, code, "secret")
    path = locate(url).keys.with_suffix(".ballots")
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().count(b"secret") == len(CODES)
    close(boxes, ALL)
    assert b"secret" not in path.read_bytes()
    assert not any(code.encode() in path.read_bytes() for code in CODES)
