"""Where views are kept: generations, of which one is served, and the pointer that says which.

A rebuild fills a new generation beside the served one and then moves the pointer. A generation is written by one
process at a time: every save names the position it goes on from, and fails with `Superseded` when another process
was faster. On SQLite a generation is a file, on PostgreSQL a schema.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection, Table

from ledger.database import locate
from projections.tables import SHAPE, VIEW_TABLES

T = TypeVar("T")

PREFIX: Final = f"g{SHAPE}_"
"""Names of generations of the shape this program writes and reads; others are left to the program that made them
until a generation of this shape is served."""
VIEWS: Final = tuple(VIEW_TABLES)
END_COLUMNS: Final = ("until", "next_since", "next_from", "last_at")
"""What changes in a stored version row."""


class Superseded(Exception):  # noqa: N818 - an answer
    """Another process moved this generation on, or another generation is served now: nothing was saved."""


class Standing(NamedTuple):
    """How far a view is. `error` says why it stands."""

    position: int
    error: str | None


class Save(NamedTuple):
    """What one batch changed. All of it is stored, or nothing."""

    moves: Mapping[str, tuple[int, int]]
    """View → the position it was at, the position it is at now."""
    inserts: Mapping[Table, Sequence[Sequence[Any]]]
    changes: Mapping[Table, Sequence[Sequence[Any]]]
    """Stored version rows whose END_COLUMNS changed, whole."""


class Generation(Protocol):
    """One generation, open for writing. Not for several threads at once."""

    name: str

    def standings(self) -> dict[str, Standing]: ...

    def newest(self, table: Table, streams: Sequence[bytes]) -> list[list[Any]]:
        """The newest version row of each of the streams that has one."""

    def live(self, table: Table, stream: bytes) -> list[list[Any]]:
        """The version rows of a stream that no back-dated event has closed."""

    def save(self, save: Save, *, served: bool) -> None:
        """Raises Superseded. With `served`, also when the pointer names another generation by now."""

    def ahead(self) -> AbstractContextManager[None]:
        """In its block `save` may return before the batch is stored, so that the next is folded meanwhile. Batches
        are stored in order; a failure is raised by a later call or at the end of the block."""

    def index(self) -> None:
        """Makes the indexes for readers, which a generation does without until it has come to the head once. Doing it
        again does nothing."""

    def stop(self, view: str, error: str) -> None:
        """Notes why a view does not go on."""

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """All rows by primary key."""

    def close(self) -> None: ...


class Shelf(Protocol):
    """The generations of one ledger."""

    def served(self) -> str:
        """Name of the served generation; makes an empty one if there is none of this shape."""

    def building(self) -> str | None:
        """Name of the generation a rebuild is filling or has left half filled."""

    def start_building(self) -> str:
        """The half-filled generation, or a new one."""

    def stop_building(self, name: str) -> None:
        """Gives up a half-filled generation; a sweep removes it."""

    def open(self, name: str) -> Generation:
        """For writing. Raises Superseded when it has been removed."""

    def scratch(self) -> AbstractContextManager[Generation]:
        """A generation nobody else sees, gone afterwards."""

    def switch(self, name: str, catch_up: Callable[[int], None]) -> None:
        """Serves `name` from now on. While no other process can move the served generation, `catch_up(position)` has
        to bring `name` to at least that position, so that no reader ever sees a view go back."""

    def sweep(self) -> list[str]:
        """Removes generations that are neither served nor being built and have no reader left; returns their names."""

    def read(self, query: Callable[[Connection], T]) -> T:
        """Runs `query` on the served generation; everything it reads is of one snapshot. Thread-safe."""

    def close(self) -> None: ...


def open_shelf(url: str) -> Shelf:
    """The generations beside a ledger. Takes the addresses `ledger.database.locate` takes."""
    place = locate(url)
    if place.views is None:
        from projections.postgresql_shelf import PostgresqlShelf  # noqa: PLC0415 - psycopg only where needed

        return PostgresqlShelf(url)
    from projections.sqlite_shelf import SqliteShelf  # noqa: PLC0415

    return SqliteShelf(place.views)


def columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def ends(table: Table) -> list[str]:
    """The columns that change in its stored rows."""
    return [name for name in END_COLUMNS if name in table.columns]


def key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]
