"""Generations as PostgreSQL schemas, and the schema `views` with the row that says which is served.

A save holds a shared lock on that row, a switch an exclusive one. Readers take neither: pointer and rows are of one
snapshot, and a schema is dropped only when nobody reads it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, TypeVar
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Table, create_engine, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.days import FOREVER
from projections.generations import END_COLUMNS, PREFIX, VIEWS, Generation, Save, Standing, Superseded, columns, key
from projections.tables import METADATA

T = TypeVar("T")

SCHEMA: Final = """
    CREATE SCHEMA IF NOT EXISTS views;
    CREATE SEQUENCE IF NOT EXISTS views.made;
    CREATE TABLE IF NOT EXISTS views.pointer (shape text PRIMARY KEY, served text NOT NULL, building text);
"""
CREATION: Final = 0x76696577  # advisory lock: whoever makes, switches or drops generations holds it
DROP_PATIENCE: Final = "100ms"  # a reader still at work: dropped at the next sweep
FEW: Final = 300  # rows below which one INSERT is quicker than COPY
READERS: Final = 8  # connections of one process


class PostgresqlGeneration:
    """One schema, written through one connection."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._connection = _connect(url)
        # What is lost in a crash is lost rows and position together: the follower does it again.
        self._connection.execute("SET synchronous_commit = off")
        self._connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(name)))

    def standings(self) -> dict[str, Standing]:
        rows = self._connection.execute("SELECT name, position, error FROM view").fetchall()
        return {name: Standing(position, error) for name, position, error in rows}

    def newest(self, table: Table, streams: Sequence[bytes]) -> list[list[Any]]:
        found = self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream = ANY(%s) "  # noqa: S608 - names from the tables
            "AND next_since = %s AND until = %s AND valid_to = %s",
            (sorted(streams), FOREVER, FOREVER, FOREVER),
        )
        return list(map(list, found))

    def live(self, table: Table, stream: bytes) -> list[list[Any]]:
        found = self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream = %s AND until = %s",  # noqa: S608
            (stream, FOREVER),
        )
        return list(map(list, found))

    def save(self, save: Save, *, served: bool) -> None:
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
            f"FROM unnest({', '.join(['%s::bigint[]'] * len(at))}) AS n (id, {', '.join(END_COLUMNS)}) "
            "WHERE t.id = n.id",
            [[row[n] for row in rows] for n in at],
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

    def ahead(self) -> AbstractContextManager[None]:
        """The server writes in a process of its own anyway."""
        return nullcontext()

    def stop(self, view: str, error: str) -> None:
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


class PostgresqlShelf:
    """The schema `views` and its generations."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ready = False
        self._engine: Engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(url, application_name="luoshi views"),
            isolation_level="REPEATABLE READ",
            pool_size=READERS,
            max_overflow=READERS,
            pool_pre_ping=True,
        )

    @contextmanager
    def _alone(self) -> Iterator[psycopg.Connection[Any]]:
        """A transaction in which no other process makes, switches or drops."""
        with _connect(self._url) as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (CREATION,))
            if not self._ready:
                connection.execute(SCHEMA)
                self._ready = True
            yield connection

    def _pointer(self, column: str) -> str | None:
        with _connect(self._url) as connection:
            if connection.execute("SELECT to_regclass('views.pointer')").fetchone() == (None,):
                return None
            query = sql.SQL("SELECT {} FROM views.pointer WHERE shape = %s").format(sql.Identifier(column))
            found = connection.execute(query, (PREFIX,)).fetchone()
            return None if found is None else found[0]

    def _make(self, connection: psycopg.Connection[Any], name: str) -> str:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(name)))
        for statement in DDL:
            connection.execute(statement)
        for view in VIEWS:
            connection.execute("INSERT INTO view (name, position) VALUES (%s, 0)", (view,))
        return name

    def _next(self, connection: psycopg.Connection[Any]) -> str:
        found = connection.execute("SELECT nextval('views.made')").fetchone()
        assert found is not None
        return f"{PREFIX}{found[0]:06d}"

    def served(self) -> str:
        found = self._pointer("served")
        if found is not None:
            return found
        with self._alone() as connection:
            row = connection.execute("SELECT served FROM views.pointer WHERE shape = %s", (PREFIX,)).fetchone()
            if row is not None:
                return str(row[0])
            name = self._make(connection, self._next(connection))
            connection.execute("INSERT INTO views.pointer (shape, served) VALUES (%s, %s)", (PREFIX, name))
            return name

    def building(self) -> str | None:
        return self._pointer("building")

    def start_building(self) -> str:
        self.served()
        with self._alone() as connection:
            row = connection.execute("SELECT building FROM views.pointer WHERE shape = %s", (PREFIX,)).fetchone()
            assert row is not None
            if row[0] is not None:
                return str(row[0])
            name = self._make(connection, self._next(connection))
            connection.execute("UPDATE views.pointer SET building = %s WHERE shape = %s", (name, PREFIX))
            return name

    def stop_building(self, name: str) -> None:
        with self._alone() as connection:
            self._built(connection, name)

    def _built(self, connection: psycopg.Connection[Any], name: str) -> None:
        connection.execute(
            "UPDATE views.pointer SET building = NULL WHERE shape = %s AND building = %s", (PREFIX, name)
        )

    def open(self, name: str) -> Generation:
        return PostgresqlGeneration(self._url, name)

    @contextmanager
    def scratch(self) -> Iterator[Generation]:
        name = f"scratch_{uuid4().hex}"
        with _connect(self._url) as held:
            # The lock is gone with this connection, and then a sweep may drop what a killed process left.
            held.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
            with self._alone() as connection:
                self._make(connection, name)
            generation = PostgresqlGeneration(self._url, name)
            try:
                yield generation
            finally:
                generation.close()
                held.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))

    def switch(self, name: str, catch_up: Callable[[int], None]) -> None:
        with self._alone() as connection:
            row = connection.execute(
                "SELECT served FROM views.pointer WHERE shape = %s FOR UPDATE", (PREFIX,)
            ).fetchone()
            assert row is not None
            before = str(row[0])
            if before != name:
                reached = connection.execute(
                    sql.SQL("SELECT max(position) FROM {}.view").format(sql.Identifier(before))
                ).fetchone()
                assert reached is not None
                catch_up(int(reached[0]))
                connection.execute("UPDATE views.pointer SET served = %s WHERE shape = %s", (name, PREFIX))
            self._built(connection, name)

    def sweep(self) -> list[str]:
        removed: list[str] = []
        with self._alone() as connection:
            keep = connection.execute("SELECT served, building FROM views.pointer").fetchall()
            names = connection.execute(
                r"SELECT nspname FROM pg_namespace WHERE nspname ~ '^g[^_]*_\d{6,}$' "
                "OR (nspname ~ '^scratch_[0-9a-f]{32}$' AND pg_try_advisory_xact_lock(hashtext(nspname))) ORDER BY 1"
            ).fetchall()
        for (name,) in names:
            if any(name in pointers for pointers in keep):
                continue
            try:
                with _connect(self._url) as connection, connection.transaction():
                    connection.execute(f"SET LOCAL lock_timeout = '{DROP_PATIENCE}'")
                    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
            except (psycopg.errors.LockNotAvailable, psycopg.errors.InvalidSchemaName):
                continue
            removed.append(name)
        return removed

    def read(self, query: Callable[[Connection], T]) -> T:
        self._prepare()
        while True:
            try:
                with self._engine.connect() as connection, connection.begin():
                    name = connection.execute(SERVED, {"shape": PREFIX}).scalar_one()
                    connection.exec_driver_sql(f'SET LOCAL search_path = "{name}"')
                    return query(connection)
            except ProgrammingError as error:
                # The snapshot named a generation that was swept before we touched it; the next names another.
                if not isinstance(error.orig, psycopg.errors.UndefinedTable) or name == self.served():
                    raise

    def _prepare(self) -> None:
        if not self._ready:
            self.served()
            self._ready = True

    def close(self) -> None:
        self._engine.dispose()


SERVED: Final = text("SELECT served FROM views.pointer WHERE shape = :shape")


def _connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, application_name="luoshi views")


def _ddl() -> list[str]:
    statements: list[str] = []
    for table in METADATA.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=DIALECT)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=DIALECT)) for index in indexes]
    return statements


DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]
KINDS: Final = {"bigint": "int8", "smallint": "int2", "varchar": "text"}
DDL: Final = _ddl()
