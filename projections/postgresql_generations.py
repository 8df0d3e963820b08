"""One generation as a PostgreSQL schema."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from ledger.postgres_arrays import bigints, register
from projections.ahead import Ahead
from projections.days import FOREVER
from projections.definitions import definitions
from projections.generations import END_COLUMNS, PREFIX, Save, Standing, Superseded, columns, key

FEW: Final = 300  # rows below which one INSERT is quicker than COPY


class Job(NamedTuple):
    """One batch."""

    save: Save
    served: bool


class PostgresqlGeneration:
    """One schema, written through one connection."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._connection = connect(url)
        register(self._connection)
        self._ahead: Ahead[Job] | None = None
        # What is lost in a crash is lost rows and position together: the follower does it again.
        self._connection.execute("SET synchronous_commit = off")
        # The server takes reading a whole table for the quicker way until it is a hundred times as long as a batch.
        self._connection.execute("SET enable_hashjoin = off; SET enable_mergejoin = off")
        self._connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(name)))

    @contextmanager
    def ahead(self) -> Iterator[None]:
        self._ahead = Ahead(self._store)
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
        found = self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream = ANY(%s) "  # noqa: S608 - names from the tables
            "AND next_since = %s AND until = %s AND valid_to = %s",
            (sorted(streams), FOREVER, FOREVER, FOREVER),
        )
        return list(map(list, found))

    def live(self, table: Table, stream: bytes) -> list[list[Any]]:
        self._settle()
        found = self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream = %s AND until = %s",  # noqa: S608
            (stream, FOREVER),
        )
        return list(map(list, found))

    def save(self, save: Save, *, served: bool) -> None:
        if self._ahead is None:
            self._store(Job(save, served))
            return
        # The fold goes on with the same rows.
        inserts, changes = (
            {table: list(map(tuple, rows)) for table, rows in changed.items()}
            for changed in (save.inserts, save.changes)
        )
        self._ahead.save(Job(Save(save.moves, inserts, changes), served))

    def _store(self, job: Job) -> None:
        save, served = job
        connection = self._connection
        with connection.transaction():
            if served:
                found = connection.execute(
                    "SELECT 1 FROM views.pointer WHERE shape = %s AND served = %s FOR SHARE", (PREFIX, self.name)
                )
                if found.fetchone() is None:
                    raise Superseded
            for view, (before, after) in save.moves.items():
                moved = connection.execute(
                    "UPDATE view SET position = %s, error = NULL WHERE name = %s AND position = %s",
                    (after, view, before),
                )
                if moved.rowcount != 1:
                    raise Superseded
            for table, rows in save.changes.items():
                if rows:
                    self._change(table, rows)
            for table, rows in save.inserts.items():
                if rows:
                    self._insert(table, rows)

    def _change(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        at = [0, *(columns(table).index(name) for name in END_COLUMNS)]
        self._connection.execute(
            f"UPDATE {table.name} AS t SET {', '.join(f'{name} = n.{name}' for name in END_COLUMNS)} "  # noqa: S608
            f"FROM unnest({', '.join(['%s'] * len(at))}) AS n (id, {', '.join(END_COLUMNS)}) "
            "WHERE t.id = n.id",
            [bigints([row[n] for row in rows]) for n in at],
        )

    def _insert(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            if len(rows) < FEW:
                marks = ", ".join(["%s"] * len(table.columns))
                cursor.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)  # noqa: S608
                return
            kinds = [str(column.type.compile(DIALECT)).lower() for column in table.columns]
            with cursor.copy(f"COPY {table.name} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([KINDS.get(kind, kind) for kind in kinds])
                for row in rows:
                    copy.write_row(row)

    def index(self) -> None:
        self._settle()
        for statement in INDEXES:
            self._connection.execute(statement)

    def stop(self, view: str, error: str) -> None:
        self._settle()
        self._connection.execute("UPDATE view SET error = %s WHERE name = %s", (error, view))

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        # Byte order, as SQLite and Python have it, whatever the database's collation.
        by = ", ".join(f'{name} COLLATE "C"' if table.c[name].type.python_type is str else name for name in key(table))
        with self._connection.transaction(), self._connection.cursor(name="rows") as cursor:
            cursor.itersize = 10_000
            cursor.execute(f"SELECT {', '.join(columns(table))} FROM {table.name} ORDER BY {by}")  # noqa: S608
            yield from cursor

    def close(self) -> None:
        self._connection.close()


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, application_name="luoshi views")


DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]
KINDS: Final = {"bigint": "int8", "smallint": "int2", "varchar": "text"}
TABLES, INDEXES = definitions(DIALECT)
