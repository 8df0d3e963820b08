"""One generation as a PostgreSQL schema."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from projections import postgresql_writer
from projections.ahead_process import AheadProcess
from projections.days import FOREVER
from projections.definitions import definitions
from projections.generations import PREFIX, Save, Standing, Superseded, columns, ends, key
from projections.jobs import packed
from projections.postgresql_writer import Job, connect_for_writing, write


class PostgresqlGeneration:
    """One schema, written through one connection."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._url = url
        self._connection = connect_for_writing(url, name)
        self._ahead: AheadProcess | None = None

    @contextmanager
    def ahead(self) -> Iterator[None]:
        settings = {"LUOSHI_DATABASE": self._url, "LUOSHI_GENERATION": self.name}
        self._ahead = AheadProcess(postgresql_writer.__name__, settings)
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
        job = Job(
            pointer=(PREFIX, self.name) if served else None,
            moves=[(after, view, before) for view, (before, after) in save.moves.items()],
            changes=[_change(table, rows) for table, rows in save.changes.items() if rows],
            inserts=[(str(table.name), kinds(table), rows) for table, rows in save.inserts.items() if rows],
        )
        if self._ahead is not None:
            self._ahead.save(packed(job))
        elif not write(self._connection, job):
            raise Superseded

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


def _change(table: Table, rows: Sequence[Sequence[Any]]) -> tuple[str, list[list[int]]]:
    at = [0, *(columns(table).index(name) for name in ends(table))]
    statement = (
        f"UPDATE {table.name} AS t SET {', '.join(f'{name} = n.{name}' for name in ends(table))} "  # noqa: S608
        f"FROM unnest({', '.join(['%s'] * len(at))}) AS n (id, {', '.join(ends(table))}) "
        "WHERE t.id = n.id"
    )
    return statement, [[row[n] for row in rows] for n in at]


@cache
def kinds(table: Table) -> list[str]:
    """The types of the columns by the names COPY knows them by."""
    found = [str(column.type.compile(DIALECT)).lower() for column in table.columns]
    return [KINDS.get(kind, kind) for kind in found]


DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]
KINDS: Final = {"bigint": "int8", "smallint": "int2", "varchar": "text"}
TABLES, INDEXES = definitions(DIALECT)
