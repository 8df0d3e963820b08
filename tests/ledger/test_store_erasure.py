"""Erasing a person's sealed rows: gone for readers on both databases, and on SQLite gone from the files."""

import time
from pathlib import Path

import psycopg
import pytest
from batches import batch

from ledger.contract import SealedRow, Store
from ledger.database import open_reader, open_store

PATIENCE = 20.0
PEOPLE = ("wang", "li", "zhang")


def box_of(subject: str, number: int) -> bytes:
    return b"box:%s:%06d:" % (subject.encode(), number) + bytes(range(256))[: 40 + number % 150]


def lodge(store: Store, *, events: int) -> None:
    """Rows of three people, mixed, as they come in over time."""
    for start in range(0, events, 50):
        numbers = range(start + 1, start + 51)
        store.append(
            batch(
                store.head(),
                *((n, 1) for n in numbers),
                sealed=[
                    SealedRow(n, path, PEOPLE[n % 3], box_of(PEOPLE[n % 3], n))
                    for n in numbers
                    for path in ("data.name", "data.phone")
                ],
            )
        )


def bytes_beside(url: str) -> bytes:
    file = Path(url.removeprefix("sqlite:///"))
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


def test_the_rows_of_one_person_go_and_no_others(database_url):
    store = open_store(database_url, create=True)
    lodge(store, events=600)
    assert store.erase("wang") == 400
    assert store.erase("wang") == store.erase("nobody") == 0
    left = store.sealed(range(1, 601))
    assert {row.subject for row in left} == {"li", "zhang"}
    assert len(left) == 800
    assert left[0].box == box_of("li", 1)
    store.close()


def test_on_sqlite_no_byte_stays_in_any_file(sqlite_url):
    store = open_store(sqlite_url, create=True)
    lodge(store, events=3_000)
    reader = open_reader(sqlite_url)
    assert len(reader.sealed(range(1, 3_001))) == 6_000
    assert b"box:wang:" in bytes_beside(sqlite_url)
    store.erase("wang")
    assert b"box:wang:" not in bytes_beside(sqlite_url)
    assert b"box:li:002998" in bytes_beside(sqlite_url)
    store.erase("li")
    assert b"box:li:" not in bytes_beside(sqlite_url)
    for subject in ("zhang", "wang"):
        large = [SealedRow(store.head().position + 1, path, subject, box_of(subject, 9) * 90) for path in ("a", "b")]
        store.append(batch(store.head(), (9_000 + store.head().position, 1), sealed=large))
    store.erase("wang")
    assert b"box:wang:" not in bytes_beside(sqlite_url)
    assert len(store.sealed([3_001])) == 2
    reader.close()
    store.close()


def test_on_sqlite_a_reader_at_work_delays_the_proof_not_the_erasure(sqlite_url):
    """While another process reads an older snapshot the log cannot be emptied: erase says so instead of passing."""
    store = open_store(sqlite_url, create=True)
    lodge(store, events=600)
    store.append(batch(store.head(), *((1, version) for version in range(2, 3_000))))
    reader = open_reader(sqlite_url)
    reading = reader.streams([(1).to_bytes(16, "big")])
    next(reading)
    with pytest.raises(TimeoutError, match="reader"):
        store.erase("wang")
    assert {row.subject for row in store.sealed(range(1, 601))} == {"li", "zhang"}
    reading.close()
    assert store.erase("wang") == 0, "asked again, it empties the log"
    assert b"box:wang:" not in bytes_beside(sqlite_url)
    reader.close()
    store.close()


def test_on_postgres_the_table_file_is_clean_once_rewritten(postgresql_url):
    """The bytes outlast the rows until the table is rewritten, and in the log until it is recycled; the operator's
    handbook says so, and that the destroyed key is what erases."""
    store = open_store(postgresql_url, create=True)
    lodge(store, events=600)
    store.erase("wang")
    deadline = time.monotonic() + PATIENCE
    stored = b"box:wang:"
    # As long as any snapshot in the database is older than the erasure, a rewrite keeps the row.
    while b"box:wang:" in stored and time.monotonic() < deadline:
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            connection.execute("VACUUM FULL ledger.sealed")
            connection.execute("CHECKPOINT")
            place = connection.execute(
                "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('ledger.sealed')"
            ).fetchone()
        assert place is not None
        stored = Path(place[0]).read_bytes()
    assert b"box:li:" in stored
    assert b"box:wang:" not in stored
    store.close()
