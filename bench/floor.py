"""Floors: the best each database does with the very same rows when nothing decides anything.

`bare_insert` stores event, request and sealed rows as a ledger holds them, in its own tables and indexes, so many
events a transaction, durable. Each database is given its fastest way: one `executemany` with foreign keys off on
SQLite; on PostgreSQL binary COPY or typed `unnest` arrays, whichever was faster.
"""

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import psycopg

from ledger import postgres_arrays as arrays
from ledger import postgres_schema, sqlite_schema
from ledger.contract import RequestRow, Row, SealedRow
from ledger.sqlite_store import INSERT_EVENT, INSERT_REQUEST, INSERT_SEALED


class Rows(NamedTuple):
    """What a ledger holds, each kind in position order."""

    events: Sequence[Row]
    requests: Sequence[RequestRow]
    sealed: Sequence[SealedRow]


def bare_insert(url: str, rows: Rows, *, group: int, timed: int) -> float:
    """Events a second over the last `timed` events, inserted after all the others into the empty ledger at `url`."""
    first = len(rows.events) - timed
    groups = _groups(rows, first)[:1] + _groups(rows, group, first) if first else _groups(rows, group)
    if url.startswith("sqlite"):
        return _sqlite(Path(url.removeprefix("sqlite:///")), groups, skip=bool(first))
    return max(
        _postgres(url, groups, copy=False, skip=bool(first)), _postgres(url, groups, copy=True, skip=bool(first))
    )


def _groups(rows: Rows, size: int, first: int = 0) -> list[Rows]:
    """The rows from the `first` event on, cut where the events are cut."""
    events, requests, sealed = rows
    groups: list[Rows] = []
    before = events[first - 1].position if first else 0
    r = bisect_right(requests, before, key=attrgetter("position"))
    s = bisect_right(sealed, before, key=attrgetter("position"))
    for start in range(first, len(events), size):
        some = events[start : start + size]
        last = some[-1].position
        r_end, s_end = r, s
        while r_end < len(requests) and requests[r_end].position <= last:
            r_end += 1
        while s_end < len(sealed) and sealed[s_end].position <= last:
            s_end += 1
        groups.append(Rows(some, requests[r:r_end], sealed[s:s_end]))
        r, s = r_end, s_end
    return groups


def _timed(groups: Sequence[Rows], insert: Callable[[Rows], None], *, skip: bool) -> float:
    for group in groups[:skip]:
        insert(group)
    started = time.perf_counter()
    for group in groups[skip:]:
        insert(group)
    return sum(len(group.events) for group in groups[skip:]) / (time.perf_counter() - started)


def _sqlite(path: Path, groups: list[Rows], *, skip: bool) -> float:
    sqlite_schema.create(path)
    connection = sqlite_schema.connect(path, writing=True)
    connection.execute("PRAGMA foreign_keys = OFF")

    def insert(rows: Rows) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT_EVENT, rows.events)
        connection.executemany(INSERT_REQUEST, rows.requests)
        connection.executemany(INSERT_SEALED, rows.sealed)
        connection.execute("COMMIT")

    rate = _timed(groups, insert, skip=skip)
    connection.close()
    return rate


UNNEST = """
    WITH e AS (
        INSERT INTO ledger.event (position, stream, version, recorded_at, name, state, leaf)
        SELECT * FROM unnest(%s, %s, %s, %s, %s, %s, %s)
    ), r AS (
        INSERT INTO ledger.request (client, key, body_hash, position, size) SELECT * FROM unnest(%s, %s, %s, %s, %s)
    )
    INSERT INTO ledger.sealed (position, path, subject, box) SELECT * FROM unnest(%s, %s, %s, %s)
"""
TABLES = "TRUNCATE ledger.event, ledger.request, ledger.sealed"
REQUEST_COLUMNS = ("text", "bytea", "bytea", "int8", "int4")
SEALED_COLUMNS = ("int8", "text", "text", "bytea")


def _postgres(url: str, groups: list[Rows], *, copy: bool, skip: bool) -> float:
    postgres_schema.create(url)
    with postgres_schema.connect(url) as connection:
        arrays.register(connection)
        connection.execute(TABLES)

        def insert(rows: Rows) -> None:
            with connection.transaction():
                (_copy if copy else _unnest)(connection, *rows)

        rate = _timed(groups, insert, skip=skip)
        connection.execute(TABLES)
    return rate


def _copy(
    connection: psycopg.Connection,
    events: Sequence[Row],
    requests: Sequence[RequestRow],
    sealed: Sequence[SealedRow],
) -> None:
    cursor = connection.cursor()
    columns = "position, stream, version, recorded_at, name, state, leaf"
    with cursor.copy(f"COPY ledger.event ({columns}) FROM STDIN BINARY") as stream:
        stream.write(arrays.copied(events))
    for table, types, rows in (("request", REQUEST_COLUMNS, requests), ("sealed", SEALED_COLUMNS, sealed)):
        if rows:
            with cursor.copy(f"COPY ledger.{table} FROM STDIN BINARY") as stream:
                stream.set_types(types)
                for row in rows:
                    stream.write_row(row)


def _unnest(
    connection: psycopg.Connection,
    events: Sequence[Row],
    requests: Sequence[RequestRow],
    sealed: Sequence[SealedRow],
) -> None:
    position, stream, version, recorded_at, name, state, leaf = zip(*events, strict=True)
    client, key, body_hash, last, size = zip(*requests, strict=True) if requests else ((),) * 5
    at, path, subject, box = zip(*sealed, strict=True) if sealed else ((),) * 4
    connection.execute(
        UNNEST,
        (
            arrays.bigints(position),
            arrays.byteas(stream),
            arrays.integers(version),
            arrays.bigints(recorded_at),
            arrays.texts(name),
            arrays.byteas(state),
            arrays.byteas(leaf),
            arrays.texts(client),
            arrays.byteas(key),
            arrays.byteas(body_hash),
            arrays.bigints(last),
            arrays.integers(size),
            arrays.bigints(at),
            arrays.texts(path),
            arrays.texts(subject),
            arrays.byteas(box),
        ),
    )
