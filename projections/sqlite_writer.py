"""Writing batches of view rows into one SQLite file, here or in a process of its own.

When a view is far behind, folding and writing take about as long as each other, so a second process writes one batch
while the next is folded. Run as `python -m projections.sqlite_writer` it takes jobs as `projections.jobs` says, the
file in `LUOSHI_GENERATION`.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from projections.jobs import serve

PATIENCE: Final = 30.0  # seconds another process may hold a file
WRITE_CACHE_KIB: Final = 32_768
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


def main() -> None:
    connection = connect_for_writing(Path(os.environ["LUOSHI_GENERATION"]))
    serve(lambda job: write(connection, Job(*job)), sqlite3.Error)


if __name__ == "__main__":
    main()
