"""`verify`: the served views against a rebuild from the events, and the ledger against itself.

A difference is located to the row. The rebuild is made in a scratch place up to the very position that is served, while
one snapshot holds the served rows still; nothing is changed.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import orjson
from sqlalchemy import Connection, String, Table, collate, select

from ledger.contract import Reader
from ledger.database import open_reader
from projections.folds import views
from projections.follower import BATCH, Folder, Progress, describe
from projections.generations import Generation, Shelf, columns, key, open_shelf
from projections.tables import VIEW, VIEW_TABLES
from projections.verify_ledger import LedgerCheck, check_ledger

MOST_LISTED: Final = 100
"""Differences listed of one view; more are counted."""
CHUNK: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row that is not what the events say. `served` or `rebuilt` is None where there is no such row."""

    table: str
    key: dict[str, Any]
    served: dict[str, Any] | None
    rebuilt: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCheck:
    view: str
    position: int
    rows: int
    """Served ones."""
    served: str
    """SHA-256 over the rows, hex."""
    rebuilt: str
    differing: int
    differences: tuple[Difference, ...]
    error: str | None
    """Why the view stands, or could not be rebuilt."""

    @property
    def sound(self) -> bool:
        return self.served == self.rebuilt and not self.differing and self.error is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    ledger: LedgerCheck
    views: tuple[ViewCheck, ...]

    @property
    def sound(self) -> bool:
        return self.ledger.sound and all(view.sound for view in self.views)


def verify(
    url: str,
    *,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Verified:
    """Reads everything twice over. `progress` is called for the ledger first, then for the views."""
    reader, shelf = open_reader(url), open_shelf(url)
    try:
        ledger = check_ledger(url, reader, progress, batch)
        if ledger.events == 0:
            # Nothing was ever followed: on PostgreSQL there may be no generation at all.
            return Verified(ledger=ledger, views=())
        checked = _check_views(reader, shelf, progress, batch=batch)
        return Verified(ledger=ledger, views=checked)
    finally:
        shelf.close()
        reader.close()


def _check_views(reader: Reader, shelf: Shelf, progress: Progress | None, *, batch: int) -> tuple[ViewCheck, ...]:
    with shelf.scratch() as scratch:

        def compare(connection: Connection) -> tuple[ViewCheck, ...]:
            standings = {name: (position, error) for name, position, error in connection.execute(select(VIEW))}
            made = views(scratch, reader)
            errors: dict[str, str] = {}
            # Views that stand have positions of their own; all others share one.
            for position in sorted({standing[0] for standing in standings.values()}):
                only = {name: view for name, view in made.items() if standings[name][0] == position}
                folder = Folder(scratch, reader, served=False, batch=batch, only=only)
                folder.run(position, progress)
                errors |= {name: describe(error) for name, error in folder.stopped.items()}
            return tuple(
                _check_view(connection, scratch, name, position, error or errors.get(name))
                for name, (position, error) in sorted(standings.items())
            )

        return shelf.read(compare)


def _check_view(connection: Connection, scratch: Generation, view: str, position: int, error: str | None) -> ViewCheck:
    served, rebuilt = hashlib.sha256(), hashlib.sha256()
    found: list[Difference] = []
    rows = differing = 0
    for table in VIEW_TABLES[view]:
        for left, right in _side_by_side(_served(connection, table), scratch.rows(table), _key_of(table)):
            for row, digest in ((left, served), (right, rebuilt)):
                if row is not None:
                    digest.update(orjson.dumps([table.name, row], default=_plain))
            rows += left is not None
            if left != right:
                differing += 1
                if len(found) < MOST_LISTED:
                    found.append(_difference(table, left, right))
    return ViewCheck(
        view=view,
        position=position,
        rows=rows,
        served=served.hexdigest(),
        rebuilt=rebuilt.hexdigest(),
        differing=differing,
        differences=tuple(found),
        error=error,
    )


def _served(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    order: list[Any] = []
    for name in key(table):
        column = table.c[name]
        by_code_point = connection.dialect.name == "postgresql" and isinstance(column.type, String)
        order.append(collate(column, "C") if by_code_point else column)
    found = connection.execution_options(yield_per=CHUNK).execute(select(table).order_by(*order))
    return (tuple(row) for row in found)


def _key_of(table: Table) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """The key of a row, comparable as the database compares it: SQLite keeps whatever type a damaged row has, and
    orders numbers before text before bytes."""
    at = [columns(table).index(name) for name in key(table)]
    return lambda row: tuple((isinstance(row[n], str) + 2 * isinstance(row[n], bytes), row[n]) for n in at)


def _side_by_side(
    left: Iterator[tuple[Any, ...]],
    right: Iterator[tuple[Any, ...]],
    key_of: Callable[[tuple[Any, ...]], tuple[Any, ...]],
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Rows of the same key together, both sides being in order of the key."""
    end = [None]
    lefts, rights = chain(left, end), chain(right, end)
    a, b = next(lefts), next(rights)
    while a is not None or b is not None:
        if b is None or (a is not None and key_of(a) < key_of(b)):
            yield a, None
            a = next(lefts)
        elif a is None or key_of(b) < key_of(a):
            yield None, b
            b = next(rights)
        else:
            yield a, b
            a, b = next(lefts), next(rights)


def _difference(table: Table, left: tuple[Any, ...] | None, right: tuple[Any, ...] | None) -> Difference:
    def named(row: tuple[Any, ...] | None) -> dict[str, Any] | None:
        if row is None:
            return None
        return {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in zip(columns(table), row, strict=True)
        }

    one = named(left) or named(right) or {}
    return Difference(
        table=table.name, key={name: one[name] for name in key(table)}, served=named(left), rebuilt=named(right)
    )


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)
