"""Jobs as one process hands them to another that writes: packed on its standard input, a line for each in answer.

The writing process ends when its input does; a job cut short is not begun.
"""

import gc
import marshal
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

STORED: Final = b"stored\n"
SUPERSEDED: Final = b"superseded\n"
SIZE: Final = 8  # bytes of the length before a job


def packed(job: tuple[Any, ...]) -> bytes:
    """A job of plain values as the other process reads it."""
    data = marshal.dumps(tuple(job))
    return len(data).to_bytes(SIZE, "big") + data


def unpacked(jobs: BinaryIO) -> Iterator[tuple[Any, ...]]:
    while len(size := jobs.read(SIZE)) == SIZE:
        length = int.from_bytes(size, "big")
        data = jobs.read(length)
        if len(data) < length:
            return
        yield marshal.loads(data)  # noqa: S302 - from the process that started this one


def serve(write: Callable[[tuple[Any, ...]], bool], failures: type[Exception]) -> None:
    """Writes the jobs of standard input. `write` tells whether it stored one; of `failures` the words are answered."""
    # Whoever signals the group means the process that started this one, which ends it by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Batches are lists of lists and no cycles: looking for some would cost an eighth of the writing.
    gc.disable()
    for job in unpacked(sys.stdin.buffer):
        try:
            answer = STORED if write(job) else SUPERSEDED
        except failures as error:
            answer = f"{type(error).__name__}: {error}".replace("\n", " ").encode() + b"\n"
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
