"""The stock ProjectionRunner keeping our own view tables: the same rows, the same indexes, one transaction an event.

What our follower stored for the n-th event of some commitments is stored for the n-th event the runner is given: the
rows it began and the end of the version it followed. The rows are looked up, not folded, and the events themselves
are the smaller stock ones; both are to the runner's advantage.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Any, TypeAlias

from eventsourcing.persistence import Tracking
from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

from bench.stock_projection import Stored
from ledger.codec import key_of
from ledger.database import open_reader
from projections.days import FOREVER
from projections.definitions import definitions
from projections.generations import END_COLUMNS, columns, open_shelf
from projections.postgresql_generations import DIALECT
from projections.tables import COMMITMENT, SERVED, VERSION

Statement: TypeAlias = tuple[str, Sequence[Any]]


def stored_as_ours(url: str, ids: Sequence[str], last: int) -> type[Stored]:
    """A projection that stores what the served views hold of the first `last` events of the commitments `ids`."""
    dialect = DIALECT if url.startswith("postgresql") else sqlite.dialect()
    made = statements(url, {key_of(i) for i in ids}, last)

    class Views(Stored):
        name = "views"
        tables = tuple(chain.from_iterable(definitions(dialect)))

        def process_event(self, _: Any, tracking: Tracking) -> None:
            self.view.write(tracking, *made.get(tracking.notification_id, ()))

    return Views


def statements(url: str, streams: set[bytes], last: int) -> dict[int, list[Statement]]:
    """1, 2, … `last` → what the event changed."""
    reader, shelf = open_reader(url), open_shelf(url)
    positions = sorted(row.position for row in reader.streams(list(streams)))[:last]
    if len(positions) < last:
        raise ValueError(f"{len(positions)} events, not {last}")
    number = {position: n for n, position in enumerate(positions, start=1)}
    generation = shelf.open(shelf.served())
    made: dict[int, list[Statement]] = defaultdict(list)
    end = f"UPDATE {VERSION.name} SET {', '.join(f'{name} = {{0}}' for name in END_COLUMNS)} WHERE id = {{0}}"
    promised: dict[bytes, int] = {}
    for row in generation.rows(COMMITMENT):
        held = dict(zip(columns(COMMITMENT), row, strict=True))
        if n := number.get(held["since"]):
            promised[held["stream"]] = n
            made[n].append((insert(COMMITMENT), row))
    for row in generation.rows(SERVED):
        if n := promised.get(row[2]):
            made[n].append((insert(SERVED), row))
    for row in generation.rows(VERSION):
        held = dict(zip(columns(VERSION), row, strict=True))
        if n := number.get(held["since"]):
            open_ends = dict.fromkeys(("until", "next_since", "next_from"), FOREVER)
            made[n].append((insert(VERSION), list((held | open_ends).values())))
        if n := number.get(held["next_since"]):
            made[n].append((end, [held[name] for name in (*END_COLUMNS, "id")]))
    generation.close()
    shelf.close()
    reader.close()
    return made


def insert(table: Table) -> str:
    return f"INSERT INTO {table.name} VALUES ({', '.join(['{0}'] * len(table.columns))})"
