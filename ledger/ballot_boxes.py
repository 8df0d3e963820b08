"""Where ballot boxes are kept: a SQLite file of their own (`X.ballots`, mode 600) beside a SQLite ledger, a table of
their own in PostgreSQL. A box is one row, rewritten whole with each ballot: a row per ballot would have a place and a
time in the file.

On SQLite the file has no write-ahead log, in which one ballot after the other could be read; its rollback journal is
deleted with each commit, and freed pages are overwritten with zeros. What else may tell (PostgreSQL's log, backups
taken while a vote runs) is said in ADR 0018.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import Any, Final, Protocol, TypeVar

import psycopg

from domain.ballots import BoxChange, Contents, Lists
from ledger import postgres_schema
from ledger.ballot_box import BallotBox, Cast, from_bytes, to_bytes
from ledger.codec import key_of
from ledger.database import locate

T = TypeVar("T")

PATIENCE: Final = 30.0  # seconds another process may hold the file
SQLITE_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS ballot_box (round BLOB PRIMARY KEY, contents BLOB NOT NULL) STRICT, WITHOUT ROWID"
)
POSTGRES_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS ledger.ballot_box (round bytea PRIMARY KEY, contents bytea NOT NULL)"
)


class Slot(Protocol):
    """One row, held by this transaction."""

    def load(self, box: bytes) -> bytes | None: ...

    def save(self, box: bytes, contents: bytes) -> None: ...


class Boxes:
    """Any process and thread may use it; each call is one durable transaction. Ids of boxes are UUID text."""

    def __init__(self, holding: Callable[[], AbstractContextManager[Slot]]) -> None:
        self._holding = holding
        self._chance = SystemRandom()

    def read(self, box: str, lists: Lists) -> Contents:
        return self._change(box, lambda held: held.read(lists))

    def apply(self, change: BoxChange) -> bool:
        """Durable when it returns True; False when a ballot came since the decision, which is then to be taken again.
        Ledger and box cannot change in one transaction, so the box goes first, and may go in vain."""
        return self._change(change.box, lambda held: held.apply(change, self._chance))

    def cast(self, box: str, lists: Lists, code_hash: str, ballot: str) -> Cast:
        """Durable when it returns TAKEN."""
        return self._change(box, lambda held: held.cast(lists, code_hash, ballot))

    def _change(self, box: str, change: Callable[[BallotBox], T]) -> T:
        key = key_of(box)
        with self._holding() as slot:
            stored = slot.load(key)
            held = BallotBox() if stored is None else from_bytes(stored)
            answer = change(held)
            contents = to_bytes(held)
            if contents != stored:
                slot.save(key, contents)
        return answer


class _SqliteSlot:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load(self, box: bytes) -> bytes | None:
        row = self._connection.execute("SELECT contents FROM ballot_box WHERE round = ?", (box,)).fetchone()
        return None if row is None else bytes(row[0])

    def save(self, box: bytes, contents: bytes) -> None:
        self._connection.execute(
            "INSERT INTO ballot_box VALUES (?1, ?2) ON CONFLICT DO UPDATE SET contents = ?2", (box, contents)
        )


def sqlite_boxes(path: Path) -> Boxes:
    """Makes the file when it is first used, for its owner alone."""

    @contextmanager
    def holding() -> Iterator[Slot]:
        with suppress(FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            # EXTRA: the journal's removal is on disk too before a ballot is called taken.
            for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(SQLITE_SCHEMA)
            try:
                yield _SqliteSlot(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    return Boxes(holding)


class _PostgresSlot:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def load(self, box: bytes) -> bytes | None:
        sql = "SELECT contents FROM ledger.ballot_box WHERE round = %s"
        row = self._connection.execute(sql, (box,)).fetchone()
        return None if row is None else bytes(row[0])

    def save(self, box: bytes, contents: bytes) -> None:
        self._connection.execute(
            "INSERT INTO ledger.ballot_box VALUES (%s, %s) "
            "ON CONFLICT (round) DO UPDATE SET contents = excluded.contents",
            (box, contents),
        )


def postgres_boxes(url: str) -> Boxes:
    """Makes the table when it is first used."""

    @contextmanager
    def holding() -> Iterator[Slot]:
        with postgres_schema.connect(url) as connection, connection.transaction():
            # One at a time, also for a box that has no row yet to be locked.
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (postgres_schema.CREATION + 1,))
            connection.execute(POSTGRES_SCHEMA, prepare=False)
            yield _PostgresSlot(connection)

    return Boxes(holding)


def open_boxes(url: str) -> Boxes:
    """Of the ledger at that address; raises WrongDatabase."""
    place = locate(url)
    if place.file is None:
        return postgres_boxes(url)
    return sqlite_boxes(place.keys.with_suffix(".ballots"))
