"""Generations as PostgreSQL schemas, and the schema `views` with the row that says which is served.

A save holds a shared lock on that row, a switch an exclusive one. Readers take neither: pointer and rows are of one
snapshot, and a schema is dropped only when nobody reads it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from projections.generations import PREFIX, VIEWS, Generation
from projections.postgresql_generations import TABLES, PostgresqlGeneration
from projections.postgresql_writer import connect

T = TypeVar("T")

SCHEMA: Final = """
    CREATE SCHEMA IF NOT EXISTS views;
    CREATE SEQUENCE IF NOT EXISTS views.made;
    CREATE TABLE IF NOT EXISTS views.pointer (shape text PRIMARY KEY, served text NOT NULL, building text);
"""
CREATION: Final = 0x76696577  # advisory lock: whoever makes, switches or drops generations holds it
DROP_PATIENCE: Final = "100ms"  # a reader still at work: dropped at the next sweep
READERS: Final = 8  # connections of one process
ROOM: Final = "ALTER TABLE commitment_version SET (fillfactor = 50)"
"""Nearly every row is changed once, by its successor: with room beside it and no index on what changes, the server
leaves the indexes alone. The room is what the changed row would take anyway."""
SERVED: Final = text("SELECT served FROM views.pointer WHERE shape = :shape")


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
        with connect(self._url) as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (CREATION,))
            if not self._ready:
                connection.execute(SCHEMA)
                self._ready = True
            yield connection

    def _pointer(self, column: str) -> str | None:
        with connect(self._url) as connection:
            if connection.execute("SELECT to_regclass('views.pointer')").fetchone() == (None,):
                return None
            query = sql.SQL("SELECT {} FROM views.pointer WHERE shape = %s").format(sql.Identifier(column))
            found = connection.execute(query, (PREFIX,)).fetchone()
            return None if found is None else found[0]

    def _make(self, connection: psycopg.Connection[Any], name: str) -> str:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(name)))
        for statement in (*TABLES, ROOM):
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
        with connect(self._url) as held:
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
                with connect(self._url) as connection, connection.transaction():
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
