"""Writing batches of view rows into one schema of PostgreSQL, here or in a process of its own.

When a view is far behind, a second process writes one batch while the next is folded: a thread would have to wait for
the interpreter at every piece it sends. Run as `python -m projections.postgresql_writer` it takes jobs as
`projections.jobs` says, the database in `LUOSHI_DATABASE` and the schema in `LUOSHI_GENERATION`.
"""

import os
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from ledger.postgres_arrays import bigints, register
from projections.jobs import serve

FEW: Final = 300  # rows below which one INSERT is quicker than COPY


class Job(NamedTuple):
    """One batch. All of it is stored, or nothing."""

    pointer: tuple[str, str] | None
    """(shape, name): the generation must still be the one that is served for its shape."""
    moves: Sequence[tuple[int, str, int]]
    """(new position, view, position it must be at)."""
    changes: Sequence[tuple[str, Sequence[Sequence[int]]]]
    """(UPDATE from arrays, an array for each of its parameters)."""
    inserts: Sequence[tuple[str, Sequence[str], Sequence[Any]]]
    """(table, types of its columns, rows)."""


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, application_name="luoshi views")


def connect_for_writing(url: str, schema: str) -> psycopg.Connection[Any]:
    connection = connect(url)
    register(connection)
    # What is lost in a crash is lost rows and position together: the follower does it again.
    connection.execute("SET synchronous_commit = off")
    # The server takes reading a whole table for the quicker way until it is a hundred times as long as a batch.
    connection.execute("SET enable_hashjoin = off; SET enable_mergejoin = off")
    connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
    return connection


def write(connection: psycopg.Connection[Any], job: Job) -> bool:
    """Stores a batch; False, with nothing stored, when another process was faster or another generation is served."""
    with connection.transaction() as transaction:
        if not _may(connection, job):
            raise psycopg.Rollback(transaction)
        for statement, arrays in job.changes:
            connection.execute(statement, list(map(bigints, arrays)))
        for table, kinds, rows in job.inserts:
            _insert(connection, table, kinds, rows)
        return True
    return False


def _may(connection: psycopg.Connection[Any], job: Job) -> bool:
    if job.pointer is not None:
        found = connection.execute(
            "SELECT 1 FROM views.pointer WHERE shape = %s AND served = %s FOR SHARE", job.pointer
        )
        if found.fetchone() is None:
            return False
    move = "UPDATE view SET position = %s, error = NULL WHERE name = %s AND position = %s"
    return all(connection.execute(move, moved).rowcount == 1 for moved in job.moves)


def _insert(connection: psycopg.Connection[Any], table: str, kinds: Sequence[str], rows: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        if len(rows) < FEW:
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(kinds))})", rows)  # noqa: S608
            return
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(kinds)
            for row in rows:
                copy.write_row(row)


def main() -> None:
    connection = connect_for_writing(os.environ["LUOSHI_DATABASE"], os.environ["LUOSHI_GENERATION"])
    serve(lambda job: write(connection, Job(*job)), psycopg.Error)


if __name__ == "__main__":
    main()
