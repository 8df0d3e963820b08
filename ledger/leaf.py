"""The bytes a leaf of the Merkle tree is made of, and their hash.

Layout, big-endian, no padding (worked examples in `tests/ledger/test_leaf.py`)::

    15  "luoshi-leaf/v1" and a zero byte
    16  stream id
     8  version of the event within its stream, from 1
     8  recorded_at, microseconds since 1970-01-01T00:00:00Z
     2  length of the name, then the stored name (UTF-8)
     4  length of the state, then the state: the JSON text exactly as stored

The position is not in the leaf: the tree binds it (leaf index = position − 1).
"""

from hashlib import sha256
from struct import Struct
from typing import Any, Final

from domain.refusal import Refusal
from ledger.contract import Batch, Row

PREFIX = b"luoshi-leaf/v1\0"
MAX_LEAF = 65_535
"""Longest leaf in bytes: an entry of a tlog-tiles bundle has a 16-bit length."""

_tuple: Final[Any] = tuple.__new__
_NODE = b"\0" + PREFIX  # RFC 6962 §2.1: a leaf is hashed after a zero byte
_FIXED = Struct(">16sQQH")
_LENGTH = Struct(">I")
_OVERHEAD = len(PREFIX) + _FIXED.size + _LENGTH.size


def leaf_bytes(stream: bytes, version: int, recorded_at: int, name: str, state: bytes) -> bytes:
    """The leaf of one event; `stream` is 16 bytes. Raises ValueError on more than MAX_LEAF bytes."""
    written = name.encode()
    leaf = b"".join(
        (PREFIX, _FIXED.pack(stream, version, recorded_at, len(written)), written, _LENGTH.pack(len(state)), state)
    )
    if len(leaf) > MAX_LEAF:
        raise ValueError("leaf is too large")
    return leaf


def check_size(written: bytes, state: bytes) -> None:
    """Raises Refusal `leaf_too_large` when name and state make too long a leaf: what is longer belongs in an evidence
    file."""
    if _OVERHEAD + len(written) + len(state) > MAX_LEAF:
        raise Refusal(
            "leaf_too_large",
            f"一条记录不能超过{MAX_LEAF}字节，较长的材料请作为附件提交",
            f"one record is at most {MAX_LEAF} bytes; lodge longer material as an evidence file",
        )


def leaf_hash(stream: bytes, version: int, recorded_at: int, written: bytes, state: bytes) -> bytes:
    """SHA-256 of a zero byte and the leaf (RFC 6962 §2.1); `written` is the stored name in UTF-8. The
    size is what `check_size` allows."""
    return sha256(
        b"".join(
            (
                _NODE,
                _FIXED.pack(stream, version, recorded_at, len(written)),
                written,
                _LENGTH.pack(len(state)),
                state,
            )
        )
    ).digest()


def with_leaves(batch: Batch) -> Batch:
    """The batch with the leaf of every event made."""
    rows = [
        _tuple(Row, (position, stream, version, at, name, state, leaf_hash(stream, version, at, name.encode(), state)))
        for position, stream, version, at, name, state, _ in batch.events
    ]
    return batch._replace(events=rows)
