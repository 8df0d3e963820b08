"""A database by its address: what is taken, what is refused in one clear line, and where companions lie."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from batches import NOTHING, batch

from ledger import sqlite_schema
from ledger.database import WrongDatabase, locate, open_reader, open_store
from projections.generations import open_shelf


def test_companions_lie_beside_a_sqlite_file():
    place = locate("sqlite:///data/taicang.db")
    assert place.file == Path("data/taicang.db")
    assert place.keys == Path("data/taicang.keys")
    assert place.evidence == Path("data/taicang.evidence")
    assert place.views == Path("data/taicang.db.views")
    assert locate("sqlite:////srv/ledger").keys == Path("/srv/ledger.keys")


def test_companions_of_postgres_come_from_the_environment(monkeypatch):
    monkeypatch.delenv("LUOSHI_KEYS", raising=False)
    monkeypatch.setenv("LUOSHI_EVIDENCE", "")
    place = locate("postgresql://luoshi@db/luoshi")
    assert (place.file, place.views) == (None, None)
    assert (place.keys, place.evidence) == (Path("data/luoshi.keys"), Path("data/evidence"))
    monkeypatch.setenv("LUOSHI_KEYS", "/safe/k")
    monkeypatch.setenv("LUOSHI_EVIDENCE", "/safe/e")
    place = locate("postgresql://luoshi@db/luoshi")
    assert (place.keys, place.evidence) == (Path("/safe/k"), Path("/safe/e"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "luoshi.db",
        "mysql://root:secret@db/luoshi",
        "sqlite://luoshi.db",
        "sqlite:///",
        "sqlite:///data/",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro",
        "sqlite:///a\0b",
        "postgresql+psycopg://db/x",
    ],
)
def test_other_addresses_are_refused_in_one_line(url):
    with pytest.raises(WrongDatabase) as refused:
        locate(url)
    assert refused.value.zh
    assert refused.value.en
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def refused_in_one_line(url: str, *, create: bool = False) -> str:
    with pytest.raises(WrongDatabase) as refused:
        open_store(url, create=create)
    assert "\n" not in str(refused.value)
    if not create:
        with pytest.raises(WrongDatabase):
            open_reader(url)
    return refused.value.en


def test_nothing_there_is_refused_and_nothing_is_made(tmp_path):
    assert "no database file" in refused_in_one_line(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_something_else_is_refused_and_kept(tmp_path):
    letter = tmp_path / "letter.db"
    letter.write_text("尊敬的督查室" * 1_000)
    before = letter.read_bytes()
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE head (x)")
    connection.close()
    kept = other.read_bytes()
    for create in (False, True):
        refused_in_one_line(f"sqlite:///{letter}", create=create)
        assert "not a Luoshi ledger" in refused_in_one_line(f"sqlite:///{other}", create=create)
    assert letter.read_bytes() == before
    assert other.read_bytes() == kept
    refused_in_one_line(f"sqlite:///{letter}/below.db", create=True)
    refused_in_one_line(f"sqlite:///{tmp_path}")


def test_a_postgres_without_a_ledger_or_without_a_server_is_refused(postgresql_url):
    assert "no Luoshi ledger" in refused_in_one_line(postgresql_url)
    assert "cannot reach" in refused_in_one_line(
        "postgresql://luoshi:secret@127.0.0.1:1/x?connect_timeout=2", create=True
    )
    assert "cannot reach" in refused_in_one_line("postgresql://?nonsense=1")


def test_directories_are_made_and_the_file_is_marked(tmp_path):
    url = f"sqlite:///{tmp_path}/a/b/luoshi.db"
    open_store(url, create=True).close()
    with sqlite3.connect(tmp_path / "a/b/luoshi.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_new_database_is_its_owners_alone(tmp_path):
    before = os.umask(0o022)
    try:
        url = f"sqlite:///{tmp_path}/luoshi.db"
        store = open_store(url, create=True)
        store.append(batch(NOTHING, (1, 1)))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        store.close()
        open_shelf(url).close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("luoshi.db", "luoshi.db-wal", "luoshi.db-shm"), 0o600)
    assert (tmp_path / "luoshi.db.views").stat().st_mode & 0o777 == 0o700


def test_the_log_shrinks_again_after_a_long_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_schema, "CHECKPOINT_PAGES", 20)
    monkeypatch.setattr(sqlite_schema, "LOG_BYTES", 200_000)
    store = open_store(f"sqlite:///{tmp_path}/luoshi.db", create=True)
    log = tmp_path / "luoshi.db-wal"
    with closing(sqlite3.connect(tmp_path / "luoshi.db", isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM head").fetchall()
        for start in range(0, 3_000, 100):
            store.append(batch(store.head(), *((n, 1) for n in range(start, start + 100))))
        grown = log.stat().st_size
        reading.execute("COMMIT")
    for stream in range(3_000, 3_003):
        store.append(batch(store.head(), (stream, 1)))
    assert log.stat().st_size <= 200_000 < grown
    store.close()


def test_durability_is_not_left_to_the_servers_default(postgresql_url):
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        name = other.info.dbname
        other.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    store = open_store(postgresql_url, create=True)
    with store._writing() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    store.close()


def test_sqlite_syncs_every_commit(sqlite_url):
    store = open_store(sqlite_url, create=True)
    with store._writing() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()
