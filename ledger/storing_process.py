"""The process that stores what a writer decided: `python -m ledger.storing_process`, the ledger in `LUOSHI_DATABASE`.

Batches come on standard input and each gets an answer on standard output, both as frames of a 32-bit big-endian
length and msgpack. It ends when its input does; a batch cut short is not begun.
"""

import gc
import os
import signal
import sys
from struct import Struct
from typing import BinaryIO, Final, NamedTuple

import msgspec

from ledger.contract import Batch, HeadMoved, Malformed, Store, Taken
from ledger.database import WrongDatabase, open_store
from ledger.leaf import with_leaves

_LENGTH: Final = Struct(">I")
COLLECT: Final = (100_000, 50, 100)
"""A batch makes thousands of objects and hardly a cycle."""


class Answer(NamedTuple):
    """Of one batch: stored when `raised` is empty, else the name of what `append` raised, and its words."""

    raised: str = ""
    why: str = ""


def write_frame(stream: BinaryIO, written: bytes) -> None:
    stream.write(_LENGTH.pack(len(written)))
    stream.write(written)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """None at the end, also when it comes in the middle of a frame."""
    opening = stream.read(_LENGTH.size)
    if len(opening) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(opening)
    written = stream.read(length)
    return None if len(written) < length else written


def serve(store: Store, batches: BinaryIO, answers: BinaryIO) -> None:
    decode = msgspec.msgpack.Decoder(Batch).decode
    encode = msgspec.msgpack.Encoder().encode
    while (written := read_frame(batches)) is not None:
        write_frame(answers, encode(_stored(store, decode(written))))


def _stored(store: Store, batch: Batch) -> Answer:
    try:
        store.append(with_leaves(batch))
    except (HeadMoved, Taken, Malformed) as refused:
        return Answer(type(refused).__name__, str(refused))
    except Exception as error:  # noqa: BLE001 - the writer answers for it; the words may quote values
        return Answer("Failed", type(error).__name__)
    return Answer()


def main() -> int:
    # Whoever signals the group means the writer, which ends this process by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        store = open_store(os.environ["LUOSHI_DATABASE"])
    except WrongDatabase as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201 - for the operator
        return 2
    gc.freeze()
    gc.set_threshold(*COLLECT)
    try:
        serve(store, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        return 0
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
