"""Reading the ledger in one SQLite file."""

import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from ledger.contract import ApiKeyRow, Head, Row, SealedRow
from ledger.sqlite_schema import connect

COLUMNS = "position, stream, version, recorded_at, name, state, leaf"
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

    def read(self, after: int, limit: int, *, upto: int | None = None, names: Sequence[str] = ()) -> list[Row]:
        """With `names`, only events stored under one of them."""
        named = f"AND name IN ({','.join('?' * len(names))})" if names else ""
        rows = self._all(
            f"SELECT {COLUMNS} FROM event WHERE position > ? AND position <= ? {named} ORDER BY position LIMIT ?",  # noqa: S608
            (after, NO_LIMIT if upto is None else upto, *names, limit),
        )
        return list(map(Row._make, rows))

    def stream(self, stream: bytes, *, after: int = 0, upto: int | None = None) -> list[Row]:
        rows = self._all(
            f"SELECT {COLUMNS} FROM event WHERE stream = ? AND version > ? AND position <= ? ORDER BY version",  # noqa: S608
            (stream, after, NO_LIMIT if upto is None else upto),
        )
        return list(map(Row._make, rows))

    def versions(self, stream: bytes, gt: int, lte: int, limit: int, *, newest_first: bool) -> list[Row]:
        """Of one stream, versions in (gt, lte]."""
        rows = self._all(
            f"SELECT {COLUMNS} FROM event WHERE stream = ? AND version > ? AND version <= ? "  # noqa: S608
            f"ORDER BY version {'DESC' if newest_first else 'ASC'} LIMIT ?",
            (stream, gt, lte, limit),
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

    def written(self, streams: Sequence[bytes]) -> Iterator[tuple[bytes, list[tuple[int, str, bytes]]]]:
        wanted = sorted(set(streams))
        if len(wanted) == 1:
            # The usual case, and its rows need not say which stream they are of.
            sql = "SELECT version, name, state FROM event WHERE stream = ? ORDER BY version"
            if events := self._all(sql, wanted):
                yield wanted[0], events
            return
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            rows = self._all(
                f"SELECT stream, version, name, state FROM event WHERE stream IN ({','.join('?' * len(some))}) "  # noqa: S608
                "ORDER BY stream, version",
                some,
            )
            for stream, of_it in groupby(rows, itemgetter(0)):
                yield stream, [row[1:] for row in of_it]

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
                "AND NOT erased ORDER BY position, path",
                some,
            )
            found += map(SealedRow._make, rows)
        return found

    def claims(self, names: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        wanted = sorted(set(names))
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            found.update(self._all(f"SELECT name, stream FROM claim WHERE name IN ({','.join('?' * len(some))})", some))  # noqa: S608
        return found

    def api_key(self, key_id: str) -> ApiKeyRow | None:
        rows = self._all(f"{API_KEY} WHERE id = ?", (key_id,))
        return _api_key(rows[0]) if rows else None

    def api_keys(self) -> list[ApiKeyRow]:
        rows = self._all(f"{API_KEY} ORDER BY created, id")
        return [_api_key(row) for row in rows]

    def tracked(self, application: str) -> int | None:
        rows = self._all("SELECT notification_id FROM tracking WHERE application = ?", (application,))
        return int(rows[0][0]) if rows else None


def _api_key(row: Sequence[Any]) -> ApiKeyRow:
    return ApiKeyRow._make(row)._replace(scopes=tuple(row[3].split()))
