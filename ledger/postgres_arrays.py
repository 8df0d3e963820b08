"""Parameters of a batch, encoded whole: arrays for `unnest`, and rows for COPY, both in PostgreSQL's binary format.

One join over thousands of values instead of a call for each; the formats are those of `array_send` and of
"Binary Format" under COPY in PostgreSQL's manual.
"""

from collections.abc import Iterable, Sequence
from itertools import repeat
from struct import Struct

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from ledger.contract import Row

_ARRAY = Struct("!iiIii")  # dimensions, has nulls, element type, length, lower bound
_EMPTY = Struct("!iiI")
_LENGTH = Struct("!i")
_ITEM = Struct("!ii")  # length, value
_LONG_ITEM = Struct("!iq")
_BEFORE_STREAM = Struct("!hiqi")  # columns, length, position, length
_AFTER_STREAM = Struct("!iiiqi")  # length, version, length, recorded_at, length
_BIGINT, _INTEGER, _BYTEA, _TEXT = 20, 23, 17, 25
COPY_HEADER = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"
COPY_TRAILER = b"\xff\xff"


class BigintArray(bytes):
    """An encoded bigint[]."""


class IntegerArray(bytes):
    """An encoded integer[]."""


class ByteaArray(bytes):
    """An encoded bytea[]."""


class TextArray(bytes):
    """An encoded text[]."""


class _Encoded(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer:
        return obj


def register(context: AdaptContext) -> None:
    """Lets a connection take the four kinds as parameters."""
    for kind, oid in ((BigintArray, 1016), (IntegerArray, 1007), (ByteaArray, 1001), (TextArray, 1009)):
        context.adapters.register_dumper(kind, type(f"{kind.__name__}Dumper", (_Encoded,), {"oid": oid}))


def _header(element: int, length: int) -> bytes:
    return _ARRAY.pack(1, 0, element, length, 1) if length else _EMPTY.pack(0, 0, element)


def bigints(values: Sequence[int]) -> BigintArray:
    return BigintArray(_header(_BIGINT, len(values)) + b"".join(map(_LONG_ITEM.pack, repeat(8), values)))


def integers(values: Sequence[int]) -> IntegerArray:
    return IntegerArray(_header(_INTEGER, len(values)) + b"".join(map(_ITEM.pack, repeat(4), values)))


def byteas(values: Sequence[bytes]) -> ByteaArray:
    return ByteaArray(_header(_BYTEA, len(values)) + _joined(values))


def texts(values: Sequence[str]) -> TextArray:
    return TextArray(_header(_TEXT, len(values)) + _joined([value.encode() for value in values]))


def _joined(values: Sequence[bytes]) -> bytes:
    parts = [b""] * (2 * len(values))
    parts[::2] = map(_LENGTH.pack, map(len, values))
    parts[1::2] = values
    return b"".join(parts)


def copied(events: Iterable[Row]) -> bytes:
    """Rows of the event table for `COPY … FROM STDIN BINARY`, with header and trailer."""
    parts = [COPY_HEADER]
    for position, stream, version, recorded_at, name, state, leaf in events:
        text = name.encode()
        parts += (
            _BEFORE_STREAM.pack(7, 8, position, len(stream)),
            stream,
            _AFTER_STREAM.pack(4, version, 8, recorded_at, len(text)),
            text,
            _LENGTH.pack(len(state)),
            state,
            _LENGTH.pack(len(leaf)),
            leaf,
        )
    parts.append(COPY_TRAILER)
    return b"".join(parts)
