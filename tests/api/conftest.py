"""A served demonstration ledger for every test that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from served_ledger import Served, serve


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """A demonstration ledger, once on each database."""
    made = serve(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def served_sqlite(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """The same on SQLite only, where the database makes no difference."""
    made = serve(sqlite_url, tmp_path)
    yield made
    made.close()
