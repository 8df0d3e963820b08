"""The ledger in PostgreSQL. The head row is the lock: whoever moves it from the position it planned on has the turn."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any

import psycopg
from psycopg import errors

from ledger.contract import ApiKeyRow, Batch, Head, HeadMoved, Malformed, RequestRow, Row, SealedRow, Taken
from ledger.postgres_arrays import bigints, byteas, copied, integers, register, texts
from ledger.postgres_head import HeadWatch
from ledger.postgres_schema import connect
from ledger.wellformed import check

COLUMNS = "position, stream, version, recorded_at, name, state, leaf"
# A stream's first version in the batch needs its predecessor in the table; `check` has seen that the rest follow on.
# Nothing moves when one is missing, and the caller finds out which of the two it was.
MOVE_HEAD = """
    UPDATE ledger.head SET position = %s, recorded_at = %s
    WHERE position = %s AND recorded_at = %s AND NOT EXISTS (
        SELECT FROM unnest(%s, %s) AS wanted (stream, version)
        WHERE NOT EXISTS (
            SELECT FROM ledger.event WHERE event.stream = wanted.stream AND event.version = wanted.version
        )
    )
    RETURNING position
"""
NOTIFY = "SELECT pg_notify('ledger_head', position::text) FROM h"
WITH_REST = f"""
    WITH h AS ({MOVE_HEAD}),
    r AS (
        INSERT INTO ledger.request (client, key, body_hash, position, size)
        SELECT rows.* FROM h, unnest(%s, %s, %s, %s, %s) AS rows
    ),
    s AS (
        INSERT INTO ledger.sealed (position, path, subject, box)
        SELECT rows.* FROM h, unnest(%s, %s, %s, %s) AS rows
    ),
    c AS (
        INSERT INTO ledger.claim (name, stream)
        SELECT rows.* FROM h, unnest(%s, %s) AS rows
    )
"""  # noqa: S608 - constants
WITH_EVENTS = f"""
    {WITH_REST},
    e AS (
        INSERT INTO ledger.event ({COLUMNS})
        SELECT rows.* FROM h, unnest(%s, %s, %s, %s, %s, %s, %s) AS rows
    )
"""  # noqa: S608
COPY = f"COPY ledger.event ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
COPY_FROM = 400  # rows from which COPY's extra round trips pay
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

    def read(self, after: int, limit: int, *, upto: int | None = None) -> list[Row]:
        rows = self._all(
            f"SELECT {COLUMNS} FROM ledger.event WHERE position > %s::bigint AND position <= %s::bigint "  # noqa: S608
            "ORDER BY position LIMIT %s::bigint",
            (after, NO_LIMIT if upto is None else upto, limit),
        )
        return list(map(Row._make, rows))

    def stream(self, stream: bytes, *, after: int = 0, upto: int | None = None) -> list[Row]:
        rows = self._all(
            f"SELECT {COLUMNS} FROM ledger.event WHERE stream = %s AND version > %s::integer "  # noqa: S608
            "AND position <= %s::bigint ORDER BY version",
            (stream, after, NO_LIMIT if upto is None else upto),
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

    def api_key(self, key_id: str) -> ApiKeyRow | None:
        rows = self._all(f"{API_KEY} WHERE id = %s", (key_id,))
        return _api_key(rows[0]) if rows else None

    def api_keys(self) -> list[ApiKeyRow]:
        return [_api_key(row) for row in self._all(f"{API_KEY} ORDER BY created, id")]


class PostgresStore(PostgresReader):
    """Appends too, through one connection of its own, renewed when it breaks."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._lock = Lock()
        self._connection = self._connected()

    def _connected(self) -> psycopg.Connection[Any]:
        connection = connect(self.url)
        register(connection)
        return connection

    def close(self) -> None:
        super().close()
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[psycopg.Connection[Any]]:
        if self._closed:
            raise ValueError("the ledger is closed")
        with self._lock:
            if self._connection.closed:
                self._connection = self._connected()
            try:
                yield self._connection
            except errors.UniqueViolation as error:
                raise Taken(error.diag.constraint_name) from error
            except (errors.CheckViolation, errors.NotNullViolation) as error:
                raise Malformed(error.diag.message_primary) from error

    def append(self, batch: Batch) -> None:
        parameters = _parameters(batch, check(batch))
        after, events = batch.after, batch.events
        with self._writing() as connection:
            if len(events) < COPY_FROM and not batch.freed:
                columns = _event_columns(events)
                moved = connection.execute(f"{WITH_EVENTS} {NOTIFY}", (*parameters, *columns)).rowcount
            else:
                with connection.transaction() as transaction:
                    if batch.freed:
                        connection.execute("DELETE FROM ledger.claim WHERE name = ANY(%s)", (texts(batch.freed),))
                    moved = connection.execute(f"{WITH_REST} {NOTIFY}", parameters).rowcount
                    if not moved:
                        raise psycopg.Rollback(transaction)
                    with connection.cursor().copy(COPY) as copy:
                        copy.write(copied(events))
            if not moved:
                head = connection.execute("SELECT position, recorded_at FROM ledger.head").fetchone()
                if head == tuple(after):
                    raise Malformed("a stream's versions leave a gap")
                raise HeadMoved

    def requests(self, keys: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], RequestRow]:
        wanted = sorted(set(keys))
        rows = self._all(
            "SELECT client, key, body_hash, position, size FROM unnest(%s, %s) AS wanted (c, k) "
            "JOIN ledger.request ON client = c AND key = k",
            (texts([client for client, _ in wanted]), byteas([key for _, key in wanted])),
        )
        return {(row[0], row[1]): RequestRow._make(row) for row in rows}

    def claims(self, names: Sequence[str]) -> dict[str, bytes]:
        sql = "SELECT name, stream FROM ledger.claim WHERE name = ANY(%s)"
        return dict(self._all(sql, (texts(sorted(set(names))),)))

    def erase(self, subject: str) -> int:
        """The rows are gone for every reader at once. Their bytes, which are ciphertext, stay in the table's file
        until VACUUM and a later row overwrite them, and in the write-ahead log until it is recycled: on PostgreSQL
        it is the destroyed key that erases."""
        with self._writing() as connection:
            return connection.execute("DELETE FROM ledger.sealed WHERE subject = %s", (subject,)).rowcount

    def add_api_key(self, row: ApiKeyRow) -> None:
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO ledger.api_key (id, hash, client, scopes, created, expires, revoked) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (*row[:3], " ".join(row.scopes), *row[4:]),
            )

    def revoke_api_key(self, key_id: str, at: int) -> bool:
        with self._writing() as connection:
            sql = "UPDATE ledger.api_key SET revoked = %s WHERE id = %s AND revoked IS NULL"
            return connection.execute(sql, (at, key_id)).rowcount == 1


def _parameters(batch: Batch, predecessors: Sequence[tuple[bytes, int]]) -> tuple[Any, ...]:
    after, events, requests, sealed, claimed = batch.after, batch.events, batch.requests, batch.sealed, batch.claimed
    last = Head(events[-1].position, events[-1].recorded_at) if events else after
    return (
        *last,
        *after,
        byteas([stream for stream, _ in predecessors]),
        integers([version for _, version in predecessors]),
        texts([row.client for row in requests]),
        byteas([row.key for row in requests]),
        byteas([row.body_hash for row in requests]),
        bigints([row.position for row in requests]),
        integers([row.size for row in requests]),
        bigints([row.position for row in sealed]),
        texts([row.path for row in sealed]),
        texts([row.subject for row in sealed]),
        byteas([row.box for row in sealed]),
        texts([name for name, _ in claimed]),
        byteas([stream for _, stream in claimed]),
    )


def _event_columns(events: Sequence[Row]) -> tuple[Any, ...]:
    return (
        bigints([row.position for row in events]),
        byteas([row.stream for row in events]),
        integers([row.version for row in events]),
        bigints([row.recorded_at for row in events]),
        texts([row.name for row in events]),
        byteas([row.state for row in events]),
        byteas([row.leaf for row in events]),
    )


def _api_key(row: Sequence[Any]) -> ApiKeyRow:
    return ApiKeyRow._make(row)._replace(scopes=tuple(row[3].split()))
