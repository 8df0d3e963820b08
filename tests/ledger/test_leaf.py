"""The leaf layout, worked out by hand."""

from hashlib import sha256

import pytest

from domain.refusal import Refusal
from ledger.leaf import MAX_LEAF, check_size, leaf_bytes, leaf_hash

STREAM = bytes.fromhex("0133b6e28c007b1f9a2c5d6e7f809112")
STATE = b'{"data":{},"meta":{}}'
RECORDED_AT = 1_293_843_600_000_000  # 2011-01-01T01:00:00Z
WORKED = (
    "6c756f7368692d6c6561662f763100"  # "luoshi-leaf/v1", zero
    "0133b6e28c007b1f9a2c5d6e7f809112"  # stream
    "0000000000000003"  # version 3
    "000498be702c4400"  # recorded_at
    "0011"  # 17 bytes of name
    "756e69745f726567697374657265642e31"  # "unit_registered.1"
    "00000015"  # 21 bytes of state
    "7b2264617461223a7b7d2c226d657461223a7b7d7d"
)
HASH = "e1428b44dca0ab3aa4f50ae78b497be4bcce56732c47b444e8d9bab54ed22aae"


def test_worked_example():
    assert RECORDED_AT.to_bytes(8, "big").hex() in WORKED
    assert leaf_bytes(STREAM, 3, RECORDED_AT, "unit_registered.1", STATE).hex() == WORKED
    assert leaf_hash(STREAM, 3, RECORDED_AT, b"unit_registered.1", STATE).hex() == HASH
    assert sha256(b"\x00" + bytes.fromhex(WORKED)).hexdigest() == HASH


def test_a_name_beyond_ascii_counts_in_bytes():
    leaf = leaf_bytes(STREAM, 1, 0, "立项.1", STATE)
    assert leaf[47:49] == b"\x00\x08"
    assert leaf_hash(STREAM, 1, 0, "立项.1".encode(), STATE) == sha256(b"\x00" + leaf).digest()


def test_the_longest_leaf():
    room = MAX_LEAF - len(leaf_bytes(STREAM, 1, 0, "a.1", b""))
    longest = leaf_bytes(STREAM, 1, 0, "a.1", b"x" * room)
    assert len(longest) == 65_535
    assert leaf_hash(STREAM, 1, 0, b"a.1", b"x" * room) == sha256(b"\x00" + longest).digest()
    with pytest.raises(ValueError, match="too large"):
        leaf_bytes(STREAM, 1, 0, "a.1", b"x" * (room + 1))
    check_size(b"a.1", b"x" * room)
    with pytest.raises(Refusal) as caught:
        check_size(b"a.1", b"x" * (room + 1))
    assert caught.value.rule == "leaf_too_large"
