"""What every test may ask for."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import KINDS, fresh_database
from demo_server import demo as demo  # noqa: PLC0414 - a fixture for all
from spread import pytest_collection_modifyitems as pytest_collection_modifyitems  # noqa: PLC0414 - hooks
from spread import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler  # noqa: PLC0414

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A job in the background is started deaf to Ctrl-C, and so would be the programs that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database, once on SQLite and once on PostgreSQL. Companion files lie in the test's own
    directory on both."""
    monkeypatch.setenv("LUOSHI_KEYS", str(tmp_path / "luoshi.keys"))
    monkeypatch.setenv("LUOSHI_EVIDENCE", str(tmp_path / "luoshi.evidence"))
    with fresh_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/luoshi.db"


@pytest.fixture
def postgresql_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("LUOSHI_KEYS", str(tmp_path / "luoshi.keys"))
    monkeypatch.setenv("LUOSHI_EVIDENCE", str(tmp_path / "luoshi.evidence"))
    with fresh_database("postgresql", tmp_path) as url:
        yield url
