"""What both stores promise when threads and processes compete, and when one of them is killed."""

import multiprocessing
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest
from batches import batch, request, stream_key

from ledger.contract import HeadMoved, Store, Taken
from ledger.database import open_store

spawn = multiprocessing.get_context("spawn")


def append_until_taken(store: Store, stream: int, version: int, key: bytes) -> str:
    """A writer without look-ups: plans on the head it sees, again and again."""
    while True:
        head = store.head()
        try:
            store.append(batch(head, (stream, version), requests=[request(head.position + 1, key)]))
        except HeadMoved:
            continue
        except Taken:
            return "taken"
        return "accepted"


def gapless(store: Store) -> bool:
    rows = store.read(0, 100_000)
    reached: dict[bytes, int] = {}
    for position, r in enumerate(rows, 1):
        if r.position != position or r.version != reached.get(r.stream, 0) + 1:
            return False
        reached[r.stream] = r.version
    times = [r.recorded_at for r in rows]
    return times == sorted(times) and store.head() == ((rows[-1].position, times[-1]) if rows else (0, 0))


def test_of_sixty_appends_of_one_version_exactly_one_is_accepted(database_url):
    stores = [open_store(database_url, create=True) for _ in range(6)]
    with ThreadPoolExecutor(60) as threads:
        for version in range(1, 6):
            together = threading.Barrier(60)

            def one(n: int, version: int = version, together: threading.Barrier = together) -> str:
                together.wait()
                return append_until_taken(stores[n % 6], 1, version, b"%d/%d" % (version, n))

            answers = list(threads.map(one, range(60)))
            assert sorted(answers) == ["accepted"] + ["taken"] * 59
            assert stores[0].head().position == version
    assert gapless(stores[0])
    # Each acceptance kept its own request, and nothing of the refused ones stayed.
    keys = [("window", b"%d/%d" % (version, n)) for version in range(1, 6) for n in range(60)]
    assert sorted(answer.position for answer in stores[0].requests(keys).values()) == [1, 2, 3, 4, 5]
    for store in stores:
        store.close()


def test_one_request_sent_sixty_times_is_stored_once(database_url):
    stores = [open_store(database_url, create=True) for _ in range(6)]
    with ThreadPoolExecutor(60) as threads:
        together = threading.Barrier(60)

        def one(n: int) -> str:
            together.wait()
            return append_until_taken(stores[n % 6], n + 1, 1, b"the same key")

        answers = list(threads.map(one, range(60)))
    assert sorted(answers) == ["accepted"] + ["taken"] * 59
    assert stores[0].head().position == 1
    for store in stores:
        store.close()


def test_creating_at_once_makes_one_ledger(database_url):
    together = threading.Barrier(12)

    def one(n: int) -> str:
        together.wait()
        store = open_store(database_url, create=True)
        answer = append_until_taken(store, n + 1, 1, b"%d" % n)
        store.close()
        return answer

    with ThreadPoolExecutor(12) as threads:
        assert set(threads.map(one, range(12))) == {"accepted"}
    store = open_store(database_url)
    assert store.head().position == 12
    assert gapless(store)
    store.close()


def compete(url: str, mine: int, rounds: int, ready: Connection) -> None:
    """Another process: its own stream, and one that all of them want."""
    store = open_store(url, create=True)
    ready.send("ready")
    ready.recv()
    won = 0
    for version in range(1, rounds + 1):
        assert append_until_taken(store, mine, version, b"%d:%d" % (mine, version)) == "accepted"
        won += append_until_taken(store, 99, version, b"%d:99:%d" % (mine, version)) == "accepted"
    ready.send(won)
    store.close()


def test_competing_processes_share_one_gapless_ledger(database_url):
    rounds, names = 40, (1, 2, 3)
    ends, processes = [], []
    for mine in names:
        here, there = spawn.Pipe()
        process = spawn.Process(target=compete, args=(database_url, mine, rounds, there))
        process.start()
        ends.append(here)
        processes.append(process)
    assert [end.recv() for end in ends] == ["ready"] * 3
    for end in ends:
        end.send("go")
    won = [end.recv() for end in ends]
    for process in processes:
        process.join()
        assert process.exitcode == 0
    store = open_store(database_url)
    assert gapless(store)
    assert [len(store.stream(stream_key(mine))) for mine in names] == [rounds] * 3
    assert len(store.stream(stream_key(99))) == rounds == sum(won)
    store.close()


def append_for_ever(url: str, tell: Connection) -> None:
    store = open_store(url, create=True)
    version = 0
    while True:
        version += 1
        head = store.head()
        store.append(batch(head, (1, version), (2, version), (3, version), requests=[request(head.position + 3)]))
        tell.send(head.position + 3)


@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_a_killed_writer_loses_nothing_acknowledged_and_leaves_no_gap(database_url, acknowledged):
    here, there = spawn.Pipe()
    process = spawn.Process(target=append_for_ever, args=(database_url, there))
    process.start()
    there.close()
    for _ in range(acknowledged):
        here.recv()
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    last = acknowledged * 3
    try:
        while True:
            last = here.recv()
    except EOFError:
        pass
    store = open_store(database_url)
    assert gapless(store)
    assert store.head().position in {last, last + 3}, "at most the batch under way came on top"
    wanted = [("window", request(position).key) for position in range(3, last + 1, 3)]
    assert len(store.requests(wanted)) == len(wanted)
    assert append_until_taken(store, 4, 1, b"afterwards") == "accepted"
    store.close()
