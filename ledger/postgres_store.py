"""The ledger in PostgreSQL. The head row is the lock: whoever moves it from the position it planned on has the turn."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from psycopg import errors

from ledger.contract import LAST, ApiKeyRow, Batch, Head, HeadMoved, Malformed, RequestRow, Row, Taken
from ledger.postgres_arrays import bigints, byteas, copied, integers, register, texts
from ledger.postgres_reader import COLUMNS, PostgresReader
from ledger.postgres_schema import connect
from ledger.wellformed import check

# A stream's first version in the batch needs its predecessor in the table; `check` has seen that the rest follow on.
# Nothing moves when one is missing, and the caller finds out which of the two it was. Looking costs as much as a third
# of the insert (the index entry leads to a row far off), so what this store has seen stored is not looked for again:
# rows are never taken back.
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
MOST_STREAMS = 200_000  # about 30 MB
COPY_FROM = 400  # rows from which COPY's extra round trips pay
TRACK = """
    INSERT INTO ledger.tracking (application, notification_id) VALUES (%s, %s)
    ON CONFLICT (application) DO UPDATE SET notification_id = excluded.notification_id
    WHERE tracking.notification_id < excluded.notification_id
"""


class PostgresStore(PostgresReader):
    """Appends too, through one connection of its own, renewed when it breaks."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._lock = Lock()
        self._stored: dict[bytes, int] = {}
        """A version of each stream that is known to be stored."""
        self._connection = self._connected()

    def _connected(self) -> psycopg.Connection[Any]:
        connection = connect(self.url)
        register(connection)
        self._stored.clear()  # another server may answer now
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

    def append(self, batch: Batch, *, lowest: int = 1) -> None:
        """`lowest` is the version a stream may begin with."""
        versions = check(batch, lowest=lowest)
        after, events = batch.after, batch.events
        with self._writing() as connection:
            stored = self._stored
            unseen = {stream: version for stream, version in versions.before.items() if stored.get(stream, 0) < version}
            parameters = _parameters(batch, unseen)
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
            self._note(versions.last)

    def stream(self, stream: bytes, *, after: int = 0, upto: int | None = None) -> list[Row]:
        rows = super().stream(stream, after=after, upto=upto)
        if rows:
            self._note({stream: rows[-1].version})
        return rows

    def streams(self, streams: Sequence[bytes], *, upto: int | None = None) -> Iterator[Row]:
        for row in super().streams(streams, upto=upto):
            self._stored[row.stream] = row.version
            yield row
        self._note({})

    def written(self, streams: Sequence[bytes]) -> Iterator[tuple[bytes, list[tuple[int, str, bytes]]]]:
        for stream, events in super().written(streams):
            self._stored[stream] = events[-1][0]
            yield stream, events
        self._note({})

    def _note(self, versions: Mapping[bytes, int]) -> None:
        if len(self._stored) > MOST_STREAMS:
            self._stored.clear()
        self._stored.update(versions)

    def requests(self, keys: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], RequestRow]:
        wanted = sorted(set(keys))
        rows = self._all(
            "SELECT client, key, body_hash, position, size FROM unnest(%s, %s) AS wanted (c, k) "
            "JOIN ledger.request ON client = c AND key = k",
            (texts([client for client, _ in wanted]), byteas([key for _, key in wanted])),
        )
        return {(row[0], row[1]): RequestRow._make(row) for row in rows}

    def erase(self, subject: str, upto: int = LAST) -> int:
        """The rows are gone for every reader at once. Their bytes, which are ciphertext, stay in the table's file
        until VACUUM and a later row overwrite them, and in the write-ahead log until it is recycled: on PostgreSQL
        it is the destroyed key that erases."""
        with self._writing() as connection:
            return connection.execute(
                "DELETE FROM ledger.sealed WHERE subject = %s AND position <= %s", (subject, upto)
            ).rowcount

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

    def track(self, application: str, notification_id: int) -> bool:
        """Notes how far an application has come; False when it has come that far already."""
        with self._writing() as connection:
            return connection.execute(TRACK, (application, notification_id)).rowcount == 1


def _parameters(batch: Batch, unseen: Mapping[bytes, int]) -> tuple[Any, ...]:
    after, events, requests, sealed, claimed = batch.after, batch.events, batch.requests, batch.sealed, batch.claimed
    last = Head(events[-1].position, events[-1].recorded_at) if events else after
    return (
        *last,
        *after,
        byteas(list(unseen)),
        integers(list(unseen.values())),
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
