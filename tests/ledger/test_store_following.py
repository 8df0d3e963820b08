"""Waiting for the head to move: woken from any process, never missing, whatever happens to connections."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection

import psycopg
import pytest
from batches import batch

from ledger.contract import Reader
from ledger.database import open_reader, open_store
from ledger.postgres_reader import PostgresReader

spawn = multiprocessing.get_context("spawn")
PATIENCE = 20.0  # far more than it takes; a test that waits it out fails
LONG = 3 * PATIENCE


def woken(reader: Reader, after: int, act: Callable[[], object]) -> int:
    """What a wait answers that is under way when we act, and has far more time than we have patience: only a wake-up
    ends it."""
    threads = ThreadPoolExecutor(1)
    try:
        answer = threads.submit(reader.wait, after, LONG)
        if isinstance(reader, PostgresReader):
            while not reader._watch._moved._waiters and not answer.done():
                threading.Event().wait(0.001)
        act()
        return answer.result(PATIENCE)
    finally:
        threads.shutdown(wait=False)


def append_when_told(url: str, pipe: Connection) -> None:
    store = open_store(url)
    pipe.send("ready")
    for version in range(1, pipe.recv() + 1):
        pipe.recv()
        store.append(batch(store.head(), (1, version)))
    store.close()


@pytest.fixture
def store(database_url):
    store = open_store(database_url, create=True)
    yield store
    store.close()


def test_a_head_further_on_is_told_at_once(store):
    store.append(batch(store.head(), (1, 1), (1, 2)))
    assert store.wait(0, PATIENCE) == 2
    assert store.wait(1, PATIENCE) == 2


def test_time_runs_out_with_the_head_told(store):
    assert store.wait(0, 0.02) == 0
    store.append(batch(store.head(), (1, 1)))
    assert store.wait(1, 0.02) == 1
    assert store.wait(1, 0) == 1
    assert store.wait(7, 0.02) == 1


def test_every_append_of_another_process_wakes(store, database_url):
    here, there = spawn.Pipe()
    process = spawn.Process(target=append_when_told, args=(database_url, there))
    process.start()
    assert here.recv() == "ready"
    rounds = 20
    here.send(rounds)
    reader = open_reader(database_url)
    for position in range(1, rounds + 1):
        assert woken(reader, position - 1, lambda: here.send("append")) == position
    process.join()
    reader.close()


def test_many_waiters_are_all_woken(store, database_url):
    reader = open_reader(database_url)
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(reader.wait, 0, LONG) for _ in range(20)]
        store.append(batch(store.head(), (1, 1)))
        assert {answer.result(PATIENCE) for answer in waiting} == {1}
    reader.close()


def test_following_a_fast_writer_misses_nothing(store, database_url):
    total = 300
    seen: list[int] = []

    def follow() -> None:
        reader = open_reader(database_url)
        while len(seen) < total:
            assert reader.wait(len(seen), PATIENCE) > len(seen)
            seen.extend(row.position for row in reader.read(len(seen), 50))
        reader.close()

    follower = threading.Thread(target=follow)
    follower.start()
    for version in range(1, total + 1):
        store.append(batch(store.head(), (1, version)))
    follower.join(PATIENCE)
    assert seen == list(range(1, total + 1))


def test_closing_ends_a_wait(store, database_url):
    reader = open_reader(database_url)
    assert reader.wait(0, 0.02) == 0
    ended = threading.Event()

    def wait() -> None:
        try:
            reader.wait(0, 600)
        except ValueError as error:
            assert "closed" in str(error)  # noqa: PT017 - either way out is fine; staying is not
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    reader.close()
    assert ended.wait(PATIENCE)


def test_a_lost_notice_delays_but_loses_nothing(postgresql_url):
    """The head moved without NOTIFY, as after a fail-over that dropped the notice."""
    store = open_store(postgresql_url, create=True)
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        assert woken(store, 0, lambda: other.execute("UPDATE ledger.head SET position = 1")) == 1
    store.close()


def test_killed_connections_are_replaced(postgresql_url):
    store = open_store(postgresql_url, create=True)
    reader = open_reader(postgresql_url)
    for version in range(1, 4):
        assert reader.wait(version - 1, 0.02) == version - 1
        with psycopg.connect(postgresql_url, autocommit=True) as other:
            killed = other.execute(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        assert killed is not None
        assert killed[0] >= 2
        # A read is repeated, an append is not: whether it was stored is for the caller to find out.
        assert reader.head().position == version - 1
        with pytest.raises(psycopg.OperationalError):
            store.append(batch(reader.head(), (1, version)))
        assert reader.head().position == version - 1
        planned = batch(reader.head(), (1, version))
        assert woken(reader, version - 1, partial(store.append, planned)) == version
    reader.close()
    store.close()
