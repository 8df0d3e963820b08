"""The ledger in one SQLite file."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from ledger.contract import LAST, ApiKeyRow, Batch, Head, HeadMoved, Malformed, RequestRow, Taken
from ledger.sqlite_reader import COLUMNS, MANY, SqliteReader
from ledger.sqlite_schema import connect
from ledger.wellformed import check

INSERT_EVENT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
INSERT_REQUEST = "INSERT INTO request (client, key, body_hash, position, size) VALUES (?, ?, ?, ?, ?)"
INSERT_SEALED = "INSERT INTO sealed (position, path, subject, erased, box) VALUES (?, ?, ?, 0, ?)"
ERASE = "UPDATE sealed SET erased = 1, box = zeroblob(length(box)) WHERE subject = ? AND position <= ? AND NOT erased"
INSERT_API_KEY = (
    "INSERT INTO api_key (id, hash, client, scopes, created, expires, revoked) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
MOVE_HEAD = "UPDATE head SET position = ?, recorded_at = ? WHERE position = ? AND recorded_at = ?"
READERS_PATIENCE = 0.5  # seconds an erasure waits for readers at work
TRACK = """
    INSERT INTO tracking (application, notification_id) VALUES (?, ?)
    ON CONFLICT (application) DO UPDATE SET notification_id = excluded.notification_id
    WHERE notification_id < excluded.notification_id
"""


class SqliteStore(SqliteReader):
    """Appends too, through one connection of its own. `BEGIN IMMEDIATE` makes competing processes take turns."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._connection = connect(path, writing=True)
        self._lock = Lock()

    def close(self) -> None:
        super().close()
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def append(self, batch: Batch, *, lowest: int = 1) -> None:
        """`lowest` is the version a stream may begin with."""
        check(batch, lowest=lowest)
        after, events = batch.after, batch.events
        last = Head(events[-1].position, events[-1].recorded_at) if events else after
        try:
            with self._writing() as connection:
                if connection.execute(MOVE_HEAD, (*last, *after)).rowcount != 1:
                    raise HeadMoved
                connection.executemany(INSERT_EVENT, events)
                if batch.requests:
                    connection.executemany(INSERT_REQUEST, batch.requests)
                if batch.sealed:
                    connection.executemany(INSERT_SEALED, batch.sealed)
                if batch.freed:
                    connection.executemany("DELETE FROM claim WHERE name = ?", [(name,) for name in batch.freed])
                if batch.claimed:
                    connection.executemany("INSERT INTO claim (name, stream) VALUES (?, ?)", batch.claimed)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
                raise Taken(str(error)) from error
            raise Malformed(str(error)) from error

    def requests(self, keys: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], RequestRow]:
        found = {}
        wanted = sorted(set(keys))
        with self._lock:
            for start in range(0, len(wanted), MANY):
                some = wanted[start : start + MANY]
                rows = self._connection.execute(
                    f"WITH wanted (c, k) AS (VALUES {','.join(['(?,?)'] * len(some))}) "  # noqa: S608
                    "SELECT client, key, body_hash, position, size FROM wanted CROSS JOIN request "
                    "ON client = c AND key = k",
                    [part for key in some for part in key],
                )
                found.update({(row[0], row[1]): RequestRow._make(row) for row in rows})
        return found

    def claims(self, names: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        wanted = sorted(set(names))
        with self._lock:
            for start in range(0, len(wanted), MANY):
                some = wanted[start : start + MANY]
                found.update(
                    self._connection.execute(
                        f"SELECT name, stream FROM claim WHERE name IN ({','.join('?' * len(some))})",  # noqa: S608
                        some,
                    ).fetchall()
                )
        return found

    def erase(self, subject: str, upto: int = LAST) -> int:
        """Zeros over the boxes, and an emptied write-ahead log, so that their bytes are in neither file. Raises
        TimeoutError when a reader at work keeps the log from being emptied for half a second; the rows are erased by
        then, and asking again empties the log."""
        with self._writing() as connection:
            erased = connection.execute(ERASE, (subject, upto)).rowcount
        self._empty_log()
        return erased

    def _empty_log(self) -> None:
        deadline = time.monotonic() + READERS_PATIENCE
        with closing(connect(self.path, writing=True)) as connection:
            # A checkpoint that waited by itself would keep appends out meanwhile.
            connection.execute("PRAGMA busy_timeout = 0")
            while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise TimeoutError("a reader keeps the write-ahead log from being emptied")
                time.sleep(0.02)

    def add_api_key(self, row: ApiKeyRow) -> None:
        try:
            with self._writing() as connection:
                connection.execute(INSERT_API_KEY, (*row[:3], " ".join(row.scopes), *row[4:]))
        except sqlite3.IntegrityError as error:
            raise Taken(str(error)) from error

    def revoke_api_key(self, key_id: str, at: int) -> bool:
        with self._writing() as connection:
            sql = "UPDATE api_key SET revoked = ? WHERE id = ? AND revoked IS NULL"
            return connection.execute(sql, (at, key_id)).rowcount == 1

    def track(self, application: str, notification_id: int) -> bool:
        """Notes how far an application has come; False when it has come that far already."""
        with self._writing() as connection:
            return connection.execute(TRACK, (application, notification_id)).rowcount == 1
