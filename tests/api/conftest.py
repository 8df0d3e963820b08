"""A served demonstration ledger for every test that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import KINDS, fresh_database
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


@pytest.fixture(scope="module", params=KINDS)
def told_on_both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The story of `api.examples` on each database; for tests that store nothing."""
    directory = tmp_path_factory.mktemp("told")
    with fresh_database(request.param, directory) as url:
        made = serve(url, directory)
        made.tell_story()
        yield made
        made.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A SQLite ledger in which everything of `api.examples` has happened; for tests that only read."""
    directory = tmp_path_factory.mktemp("told")
    made = serve(f"sqlite:///{directory}/luoshi.db", directory)
    made.tell_story()
    yield made
    made.close()
