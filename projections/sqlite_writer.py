"""Writing batches of view rows into one SQLite file, here or in a process of its own.

When a view is far behind, folding and writing take about as long as each other, so a second process writes one batch
while the next is folded. It is started as `python sqlite_writer.py FILE`, imports nothing of this program, takes jobs
on standard input and answers each with a line. It ends when its input does; a job cut short is not begun.
"""

import gc
import marshal
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

PATIENCE: Final = 30.0  # seconds another process may hold a file
WRITE_CACHE_KIB: Final = 32_768
STORED: Final = b"stored\n"
SUPERSEDED: Final = b"superseded\n"
MOVE: Final = "UPDATE view SET position = ?, error = NULL WHERE name = ? AND position = ?"


class Job(NamedTuple):
    """One batch. All of it is stored, or nothing."""

    pointer: tuple[str, str] | None
    """(file, what it must hold): the generation must still be the one that is served."""
    moves: Sequence[tuple[int, str, int]]
    """(new position, view, position it must be at)."""
    writes: Sequence[tuple[str, Sequence[Any]]]
    """(statement, rows)."""


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def connect_for_writing(path: Path) -> sqlite3.Connection:
    """NORMAL may lose the last batches in a power cut, rows and position together: the follower does them again."""
    connection = connect(path)
    for pragma in (
        "synchronous = NORMAL",
        f"cache_size = -{WRITE_CACHE_KIB}",
        "wal_autocheckpoint = 16000",
        f"journal_size_limit = {80 << 20}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write(connection: sqlite3.Connection, job: Job) -> bool:
    """Stores a batch; False, with nothing stored, when another process was faster or another generation is served."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _may(connection, job):
            for statement, rows in job.writes:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")
            return True
        connection.execute("ROLLBACK")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return False


def _may(connection: sqlite3.Connection, job: Job) -> bool:
    if job.pointer is not None:
        file, name = job.pointer
        if Path(file).read_text() != name:
            return False
    return all(connection.execute(MOVE, move).rowcount == 1 for move in job.moves)


def serve(path: Path, jobs: BinaryIO, answers: BinaryIO) -> None:
    connection = connect_for_writing(path)
    for job in _jobs(jobs):
        try:
            answer = STORED if write(connection, job) else SUPERSEDED
        except sqlite3.Error as error:
            answer = f"{type(error).__name__}: {error}".replace("\n", " ").encode() + b"\n"
        answers.write(answer)
        answers.flush()


def _jobs(jobs: BinaryIO) -> Iterable[Job]:
    while len(size := jobs.read(8)) == 8:  # noqa: PLR2004
        length = int.from_bytes(size, "big")
        packed = jobs.read(length)
        if len(packed) < length:
            return
        yield Job(*marshal.loads(packed))  # noqa: S302 - from the process that started this one


def packed(job: Job) -> bytes:
    """A job as the other process reads it."""
    data = marshal.dumps((job.pointer, job.moves, job.writes))  # type: ignore[arg-type]
    return len(data).to_bytes(8, "big") + data


if __name__ == "__main__":
    # Batches are lists of lists and no cycles: looking for some would cost an eighth of the writing.
    gc.disable()
    serve(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
