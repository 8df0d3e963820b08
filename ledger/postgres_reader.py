"""Reading the ledger in PostgreSQL."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from threading import BoundedSemaphore
from typing import Any

import psycopg

from ledger.contract import ApiKeyRow, Head, Row, SealedRow
from ledger.postgres_arrays import bigints, byteas, register, texts
from ledger.postgres_head import HeadWatch
from ledger.postgres_schema import connect

COLUMNS = "position, stream, version, recorded_at, name, state, leaf"
POSITION_AT = """
    WITH RECURSIVE search (low, high) AS (
        SELECT 0::bigint, position FROM ledger.head
        UNION ALL
        SELECT CASE WHEN recorded_at <= %(at)s THEN position ELSE low END,
               CASE WHEN recorded_at <= %(at)s THEN high ELSE position - 1 END
        FROM search JOIN ledger.event ON position = (low + high + 1) / 2
        WHERE low < high
    )
    SELECT low FROM search WHERE low = high
"""
API_KEY = "SELECT id, hash, client, scopes, created, expires, revoked FROM ledger.api_key"
NO_LIMIT = 2**63 - 1
MANY = 500  # streams one query asks for
PAGE = 2_000  # rows taken from the server at a time
MOST_READERS = 16  # connections one process reads through


class PostgresReader:
    """Reads from any thread, through at most 16 connections. A read that meets a broken connection is tried once
    more on a new one, so a restarted server is noticed only while it is down."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: deque[psycopg.Connection[Any]] = deque()
        self._free = BoundedSemaphore(MOST_READERS)
        self._closed = False
        self._watch = HeadWatch(url)

    @contextmanager
    def _reading(self) -> Iterator[psycopg.Connection[Any]]:
        if self._closed:
            raise ValueError("the ledger is closed")
        with self._free:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = connect(self.url)
                register(connection)
            try:
                yield connection
            finally:
                if self._closed or connection.closed or connection.broken:
                    connection.close()
                else:
                    self._idle.append(connection)

    def close(self) -> None:
        self._closed = True
        self._watch.close()
        while self._idle:
            self._idle.pop().close()

    def _all(self, sql: str, parameters: Any = ()) -> list[Any]:
        for last in (False, True):
            try:
                with self._reading() as connection:
                    return connection.execute(sql, parameters, binary=True).fetchall()
            except psycopg.OperationalError:
                if last or self._closed:
                    raise
                # Connections broken by the same restart are of no more use than this one.
                while self._idle:
                    self._idle.pop().close()
        raise AssertionError

    def head(self) -> Head:
        return Head(*self._all("SELECT position, recorded_at FROM ledger.head")[0])

    def read(self, after: int, limit: int, *, upto: int | None = None, names: Sequence[str] = ()) -> list[Row]:
        """With `names`, only events stored under one of them."""
        named, wanted = ("AND name = ANY(%s)", [texts(names)]) if names else ("", [])
        rows = self._all(
            f"SELECT {COLUMNS} FROM ledger.event WHERE position > %s::bigint AND position <= %s::bigint {named} "  # noqa: S608
            "ORDER BY position LIMIT %s::bigint",
            (after, NO_LIMIT if upto is None else upto, *wanted, limit),
        )
        return list(map(Row._make, rows))

    def stream(self, stream: bytes, *, after: int = 0, upto: int | None = None) -> list[Row]:
        rows = self._all(
            f"SELECT {COLUMNS} FROM ledger.event WHERE stream = %s AND version > %s::integer "  # noqa: S608
            "AND position <= %s::bigint ORDER BY version",
            (stream, after, NO_LIMIT if upto is None else upto),
        )
        return list(map(Row._make, rows))

    def versions(self, stream: bytes, gt: int, lte: int, limit: int, *, newest_first: bool) -> list[Row]:
        """Of one stream, versions in (gt, lte]."""
        rows = self._all(
            f"SELECT {COLUMNS} FROM ledger.event WHERE stream = %s AND version > %s::bigint "  # noqa: S608
            f"AND version <= %s::bigint ORDER BY version {'DESC' if newest_first else 'ASC'} LIMIT %s::bigint",
            (stream, gt, lte, limit),
        )
        return list(map(Row._make, rows))

    def streams(self, streams: Sequence[bytes], *, upto: int | None = None) -> Iterator[Row]:
        with self._reading() as connection, connection.cursor(binary=True) as cursor:
            rows = cursor.stream(
                f"SELECT {COLUMNS} FROM ledger.event WHERE stream = ANY(%s) AND position <= %s::bigint "  # noqa: S608
                "ORDER BY stream, version",
                (byteas(sorted(set(streams))), NO_LIMIT if upto is None else upto),
                size=PAGE,
            )
            yield from map(Row._make, rows)

    def written(self, streams: Sequence[bytes]) -> Iterator[tuple[bytes, list[tuple[int, str, bytes]]]]:
        wanted = sorted(set(streams))
        if len(wanted) == 1:
            # The usual case, and its rows need not say which stream they are of.
            sql = "SELECT version, name, state FROM ledger.event WHERE stream = %s ORDER BY version"
            if events := self._all(sql, wanted):
                yield wanted[0], events
            return
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            rows = self._all(
                "SELECT stream, version, name, state FROM ledger.event WHERE stream = ANY(%s) ORDER BY stream, version",
                (byteas(some),),
            )
            for stream, of_it in groupby(rows, itemgetter(0)):
                yield stream, [row[1:] for row in of_it]

    def position_at(self, recorded_at: int) -> int:
        return int(self._all(POSITION_AT, {"at": recorded_at})[0][0])

    def wait(self, after: int, timeout: float) -> int:
        """Woken by NOTIFY; a notice that is lost costs at most a second."""
        position = self.head().position
        if position > after or timeout <= 0:
            return position
        self._watch.wait(after, timeout)
        return self.head().position

    def sealed(self, positions: Sequence[int]) -> list[SealedRow]:
        rows = self._all(
            "SELECT position, path, subject, box FROM ledger.sealed WHERE position = ANY(%s) ORDER BY position, path",
            (bigints(sorted(set(positions))),),
        )
        return list(map(SealedRow._make, rows))

    def claims(self, names: Sequence[str]) -> dict[str, bytes]:
        sql = "SELECT name, stream FROM ledger.claim WHERE name = ANY(%s)"
        return dict(self._all(sql, (texts(sorted(set(names))),)))

    def api_key(self, key_id: str) -> ApiKeyRow | None:
        rows = self._all(f"{API_KEY} WHERE id = %s", (key_id,))
        return _api_key(rows[0]) if rows else None

    def api_keys(self) -> list[ApiKeyRow]:
        return [_api_key(row) for row in self._all(f"{API_KEY} ORDER BY created, id")]

    def tracked(self, application: str) -> int | None:
        rows = self._all("SELECT notification_id FROM ledger.tracking WHERE application = %s", (application,))
        return int(rows[0][0]) if rows else None


def _api_key(row: Sequence[Any]) -> ApiKeyRow:
    return ApiKeyRow._make(row)._replace(scopes=tuple(row[3].split()))
