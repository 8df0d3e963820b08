"""The tables of a generation in SQL."""

from typing import NamedTuple

from sqlalchemy import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.tables import FOLDED_WITH, METADATA


class Definitions(NamedTuple):
    tables: list[str]
    """With the indexes the fold needs."""
    indexes: list[str]
    """Those for readers; making one that exists does nothing."""


def definitions(dialect: Dialect) -> Definitions:
    made = Definitions([], [])
    for table in METADATA.sorted_tables:
        made.tables.append(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            statement = str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))
            (made.tables if index.name in FOLDED_WITH else made.indexes).append(statement)
    return made
