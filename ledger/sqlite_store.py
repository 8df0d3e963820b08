"""The ledger in one SQLite file."""

import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from ledger.contract import ApiKeyRow, Batch, Head, HeadMoved, Malformed, RequestRow, Row, SealedRow, Taken
from ledger.sqlite_schema import connect
from ledger.wellformed import check

COLUMNS = "position, stream, version, recorded_at, name, state, leaf"
INSERT_EVENT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
INSERT_REQUEST = "INSERT INTO request (client, key, body_hash, position, size) VALUES (?, ?, ?, ?, ?)"
INSERT_SEALED = "INSERT INTO sealed (position, path, subject, box) VALUES (?, ?, ?, ?)"
MOVE_HEAD = "UPDATE head SET position = ?, recorded_at = ? WHERE position = ? AND recorded_at = ?"
POSITION_AT = """
    WITH RECURSIVE search (low, high) AS (
        SELECT 0, position FROM head
        UNION ALL
        SELECT CASE WHEN recorded_at <= ?1 THEN position ELSE low END,
               CASE WHEN recorded_at <= ?1 THEN high ELSE position - 1 END
        FROM search JOIN event ON position = (low + high + 1) / 2
        WHERE low < high
    )
    SELECT low FROM search WHERE low = high
"""
API_KEY = "SELECT id, hash, client, scopes, created, expires, revoked FROM api_key"
INSERT_API_KEY = (
    "INSERT INTO api_key (id, hash, client, scopes, created, expires, revoked) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
NO_LIMIT = 2**63 - 1
MANY = 500  # keys one query asks for
PAGE = 2_000  # rows taken from a cursor at a time
FIRST_PAUSE, LONGEST_PAUSE = 0.000_5, 0.01  # seconds between looks at an unmoved head


class SqliteReader:
    """Reads beside any writer, from any thread; connections are pooled and see only what is committed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._closed = False

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._closed:
            raise ValueError("the ledger is closed")
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self.path, writing=False)
        try:
            yield connection
        finally:
            self._idle.append(connection)
            if self._closed:
                self._drain()

    def _drain(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def close(self) -> None:
        self._closed = True
        self._drain()

    def _all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    def head(self) -> Head:
        return Head(*self._all("SELECT position, recorded_at FROM head")[0])

    def read(self, after: int, limit: int, *, upto: int | None = None) -> list[Row]:
        rows = self._all(
            f"SELECT {COLUMNS} FROM event WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",  # noqa: S608
            (after, NO_LIMIT if upto is None else upto, limit),
        )
        return list(map(Row._make, rows))

    def stream(self, stream: bytes, *, after: int = 0, upto: int | None = None) -> list[Row]:
        rows = self._all(
            f"SELECT {COLUMNS} FROM event WHERE stream = ? AND version > ? AND position <= ? ORDER BY version",  # noqa: S608
            (stream, after, NO_LIMIT if upto is None else upto),
        )
        return list(map(Row._make, rows))

    def streams(self, streams: Sequence[bytes], *, upto: int | None = None) -> Iterator[Row]:
        # Sorted, because neighbouring ids lie on neighbouring index pages.
        wanted = sorted(set(streams))
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            marks = ",".join("?" * len(some))
            with self._reading() as connection:
                cursor = connection.execute(
                    f"SELECT {COLUMNS} FROM event WHERE stream IN ({marks}) AND +position <= ? "  # noqa: S608
                    "ORDER BY stream, version",
                    (*some, NO_LIMIT if upto is None else upto),
                )
                try:
                    while rows := cursor.fetchmany(PAGE):
                        yield from map(Row._make, rows)
                finally:
                    cursor.close()

    def position_at(self, recorded_at: int) -> int:
        return int(self._all(POSITION_AT, (recorded_at,))[0][0])

    def wait(self, after: int, timeout: float) -> int:
        """SQLite tells no other process of a commit; a look costs a few µs and shows it at most 10 ms late."""
        deadline = time.monotonic() + timeout
        pause = FIRST_PAUSE
        with self._reading() as connection:
            while True:
                position = int(connection.execute("SELECT position FROM head").fetchone()[0])
                left = deadline - time.monotonic()
                if position > after or left <= 0 or self._closed:
                    return position
                time.sleep(min(pause, left))
                pause = min(pause * 2, LONGEST_PAUSE)

    def sealed(self, positions: Sequence[int]) -> list[SealedRow]:
        wanted = sorted(set(positions))
        found: list[SealedRow] = []
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            rows = self._all(
                f"SELECT position, path, subject, box FROM sealed WHERE position IN ({','.join('?' * len(some))}) "  # noqa: S608
                "ORDER BY position, path",
                some,
            )
            found += map(SealedRow._make, rows)
        return found

    def api_key(self, key_id: str) -> ApiKeyRow | None:
        rows = self._all(f"{API_KEY} WHERE id = ?", (key_id,))
        return _api_key(rows[0]) if rows else None

    def api_keys(self) -> list[ApiKeyRow]:
        rows = self._all(f"{API_KEY} ORDER BY created, id")
        return [_api_key(row) for row in rows]


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

    def append(self, batch: Batch) -> None:
        check(batch)
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

    def erase(self, subject: str) -> int:
        """The rows are overwritten with zeros (`secure_delete`) and the write-ahead log is emptied, so that their
        bytes are in neither file; raises TimeoutError when a reader holds the log for half a minute."""
        with self._writing() as connection:
            erased = connection.execute("DELETE FROM sealed WHERE subject = ?", (subject,)).rowcount
        with self._lock:
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise TimeoutError("the write-ahead log is held by a reader and could not be emptied")
        return erased

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


def _api_key(row: Sequence[Any]) -> ApiKeyRow:
    return ApiKeyRow._make(row)._replace(scopes=tuple(row[3].split()))
