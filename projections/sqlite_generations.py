"""One generation as a SQLite file."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, QueuePool, Table, create_engine, event
from sqlalchemy.dialects import sqlite

from projections import sqlite_writer
from projections.ahead_process import AheadProcess
from projections.days import FOREVER
from projections.definitions import definitions
from projections.generations import (
    VIEWS,
    Save,
    Standing,
    Superseded,
    columns,
    ends,
    key,
)
from projections.jobs import packed
from projections.sqlite_writer import Job, connect, connect_for_writing, write

READ_CACHE_KIB: Final = 16_384
MANY: Final = 500  # keys one query asks for
READERS: Final = 16  # connections of one process
TABLES, INDEXES = definitions(sqlite.dialect())


class SqliteGeneration:
    """One file, written through one connection."""

    def __init__(self, path: Path, served: Path | None, used: int | None) -> None:
        """`served` is the pointer to look at, `used` the descriptor with the shared lock."""
        self.name = path.stem
        self._path = path
        self._served = served
        self._used = used
        self._connection = connect_for_writing(path)
        self._ahead: AheadProcess | None = None

    @contextmanager
    def ahead(self) -> Iterator[None]:
        self._ahead = AheadProcess(sqlite_writer.__name__, {"LUOSHI_GENERATION": str(self._path)})
        try:
            yield
            self._settle()
        finally:
            self._ahead.close()
            self._ahead = None

    def _settle(self) -> None:
        if self._ahead is not None:
            self._ahead.settle()

    def standings(self) -> dict[str, Standing]:
        rows = self._connection.execute("SELECT name, position, error FROM view").fetchall()
        return {name: Standing(position, error) for name, position, error in rows}

    def newest(self, table: Table, streams: Sequence[bytes]) -> list[list[Any]]:
        self._settle()
        found: list[list[Any]] = []
        wanted = sorted(streams)
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            rows = self._connection.execute(
                f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream IN ({','.join('?' * len(some))}) "  # noqa: S608 - names from the tables
                "AND next_since = ? AND until = ? AND valid_to = ?",
                (*some, FOREVER, FOREVER, FOREVER),
            )
            found += map(list, rows)
        return found

    def live(self, table: Table, stream: bytes) -> list[list[Any]]:
        self._settle()
        rows = self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream = ? AND until = ?",  # noqa: S608
            (stream, FOREVER),
        )
        return list(map(list, rows))

    def save(self, save: Save, *, served: bool) -> None:
        writes: list[tuple[str, Sequence[Any]]] = []
        for table, rows in save.changes.items():
            at = [*(columns(table).index(name) for name in ends(table)), 0]
            new = ", ".join(f"{name} = ?" for name in ends(table))
            writes.append((f"UPDATE {table.name} SET {new} WHERE id = ?", list(map(itemgetter(*at), rows))))  # noqa: S608
        for table, rows in save.inserts.items():
            writes.append((f"INSERT INTO {table.name} VALUES ({','.join('?' * len(table.columns))})", rows))  # noqa: S608
        job = Job(
            pointer=(str(self._served), self.name) if served else None,
            moves=[(after, view, before) for view, (before, after) in save.moves.items()],
            writes=[(statement, rows) for statement, rows in writes if rows],
        )
        if self._ahead is not None:
            self._ahead.save(packed(job))
        elif not write(self._connection, job):
            raise Superseded

    def index(self) -> None:
        self._settle()
        for statement in INDEXES:
            self._connection.execute(statement)

    def stop(self, view: str, error: str) -> None:
        self._settle()
        self._connection.execute("UPDATE view SET error = ? WHERE name = ?", (error, view))

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        yield from self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} ORDER BY {', '.join(key(table))}"  # noqa: S608
        )

    def close(self) -> None:
        self._connection.close()
        if self._used is not None:
            os.close(self._used)
            self._used = None


def create_file(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    for statement in TABLES:
        connection.execute(statement)
    connection.executemany("INSERT INTO view (name, position) VALUES (?, 0)", [(view,) for view in VIEWS])
    connection.execute("COMMIT")
    connection.close()


def engine_of(path: Path) -> Engine:
    def opened() -> sqlite3.Connection:
        connection = connect(path)
        connection.execute(f"PRAGMA cache_size = -{READ_CACHE_KIB}")
        connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine(
        "sqlite+pysqlite://", creator=opened, poolclass=QueuePool, pool_size=READERS, max_overflow=READERS
    )
    # sqlite3 does not open a transaction for a SELECT by itself.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine
