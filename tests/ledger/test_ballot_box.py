"""The ballot box: one ballot a code, no order, no time, durable before it is called taken."""

import stat
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ballot_box import BallotBox, Cast, to_bytes
from ledger.ballot_boxes import open_boxes
from ledger.database import locate, open_store

ROUND = "013090eb-55c0-7001-8001-000000000001"
CODES = [f"{n:064x}" for n in range(8)]
BALLOTS = ["AB", "BA", "AA", "E-", "-A", "CC", "AB", "DD"]


@pytest.fixture
def boxes(database_url: str):
    open_store(database_url, create=True).close()
    return open_boxes(database_url)


def test_a_code_votes_once(boxes):
    boxes.admit(ROUND, "residents", CODES[:2])
    boxes.admit(ROUND, "enterprises", CODES[2:4])
    assert boxes.cast(ROUND, CODES[0], "AB") is Cast.TAKEN
    assert boxes.cast(ROUND, CODES[0], "AB") is Cast.USED
    assert boxes.cast(ROUND, CODES[0], "EE") is Cast.USED
    assert boxes.cast(ROUND, CODES[7], "EE") is Cast.UNKNOWN
    assert boxes.cast(ROUND, CODES[2], "CD") is Cast.TAKEN
    poured = boxes.pour(ROUND)
    assert (poured.cast, poured.columns) == (
        {"residents": 1, "enterprises": 1},
        {"residents": ("A", "B"), "enterprises": ("C", "D")},
    )


def test_a_box_poured_is_closed_and_pours_the_same_again(boxes, database_url: str):
    boxes.admit(ROUND, "residents", CODES)
    for code, ballot in zip(CODES, BALLOTS, strict=True):
        boxes.cast(ROUND, code, ballot)
    poured = boxes.pour(ROUND)
    assert [Counter(column) for column in poured.columns["residents"]] == [
        Counter(column) for column in zip(*BALLOTS, strict=True)
    ]
    boxes.admit(ROUND, "residents", CODES)
    assert boxes.cast(ROUND, CODES[0], "AB") is Cast.CLOSED
    assert open_boxes(database_url).pour(ROUND) == poured
    assert len(poured.blind) == 64


def test_a_box_without_codes_is_empty(boxes):
    assert boxes.pour(ROUND)[:2] == ({}, {})


def test_codes_are_replaced_until_one_has_voted(boxes):
    boxes.admit(ROUND, "residents", CODES[:2])
    boxes.admit(ROUND, "residents", CODES[2:4])
    assert boxes.cast(ROUND, CODES[0], "AB") is Cast.UNKNOWN
    assert boxes.cast(ROUND, CODES[2], "AB") is Cast.TAKEN
    boxes.admit(ROUND, "residents", CODES[:2])
    assert boxes.cast(ROUND, CODES[2], "AB") is Cast.USED
    assert boxes.cast(ROUND, CODES[0], "AB") is Cast.UNKNOWN


def test_of_many_who_use_one_code_at_once_one_votes(boxes):
    boxes.admit(ROUND, "residents", CODES)
    answers: list[Cast] = []
    voters = [threading.Thread(target=lambda: answers.append(boxes.cast(ROUND, CODES[0], "AB"))) for _ in range(6)]
    for voter in voters:
        voter.start()
    for voter in voters:
        voter.join()
    assert sorted(answers) == [Cast.TAKEN, *[Cast.USED] * 5]
    assert boxes.pour(ROUND).cast == {"residents": 1}


@given(st.permutations(list(zip(CODES, BALLOTS, strict=True))))
def test_the_order_of_voting_leaves_no_trace(order):
    def after(votes) -> bytes:
        box = BallotBox()
        box.admit("residents", CODES)
        for code, ballot in votes:
            box.cast(code, ballot)
        return to_bytes(box)

    assert after(order) == after(zip(CODES, BALLOTS, strict=True))


def test_columns_are_shuffled_each_by_itself():
    class Reversing:
        """Chance that always reverses."""

        def shuffle(self, column: list[str]) -> None:
            turned.append("".join(column))
            column.reverse()

        def randbytes(self, size: int) -> bytes:
            return bytes(size)

    turned: list[str] = []
    box = BallotBox()
    box.admit("residents", CODES[:3])
    for code, ballot in zip(CODES, ("AA", "AB", "BC"), strict=False):
        box.cast(code, ballot)
    assert box.pour(Reversing()).columns["residents"] == ("BAA", "CBA")
    assert turned == ["AAB", "ABC"]


def test_the_file_is_its_owners_and_keeps_no_log(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/luoshi.db"
    boxes = open_boxes(url)
    boxes.admit(ROUND, "residents", CODES)
    for code in CODES:
        boxes.cast(ROUND, code, "secret")
    path = locate(url).keys.with_suffix(".ballots")
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().count(b"secret") == len(CODES)
    boxes.pour(ROUND)
    assert b"secret" not in path.read_bytes()
    assert not any(code.encode() in path.read_bytes() for code in CODES)
