"""The process that stores for a writer: as `Store.append`, and nothing is lost or doubled when it dies."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers import Ledger, opened, unit
from slicing import register, rename

from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.ballot_boxes import open_boxes
from ledger.contract import Accepted, Batch, HeadMoved, Malformed, Taken, Unavailable
from ledger.leaf import with_leaves
from ledger.opening import clock_of
from ledger.storing import Apart, StorerFailed
from ledger.writer import Writer


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    with opened(database_url) as ledger:
        yield ledger


@pytest.fixture
def apart(ledger: Ledger) -> Iterator[Apart]:
    made = Apart(ledger.url)
    yield made
    made.close()


def writer(ledger: Ledger, apart: Apart) -> Writer:
    clock, boxes = clock_of(ledger.store), open_boxes(ledger.url)
    return Writer(ledger.store, ledger.keys, DEFAULT, announced(), clock, ledger.evidence, boxes=boxes, storing=apart)


def copied(ledger: Ledger, stream: bytes | None = None, **rest: object) -> Batch:
    """The last event again, as the next of another stream."""
    head = ledger.store.head()
    (row,) = ledger.store.read(head.position - 1, 1)
    changed = {"stream": stream or bytes(16), "version": 1, "position": head.position + 1, "leaf": b""} | rest
    return Batch(head, [row._replace(**changed)])


def test_what_it_stores_is_there(ledger: Ledger, apart: Apart):
    batch = copied(ledger)
    apart.begin(batch)
    apart.finish()
    assert ledger.store.read(batch.after.position, 10) == with_leaves(batch).events


def test_it_raises_what_append_raises_and_goes_on(ledger: Ledger, apart: Apart):
    first = copied(ledger)
    apart.begin(first)
    apart.finish()
    apart.begin(first)
    with pytest.raises(HeadMoved):
        apart.finish()
    apart.begin(copied(ledger))
    with pytest.raises(Taken):
        apart.finish()
    apart.begin(copied(ledger, position=99))
    with pytest.raises(Malformed, match="missing"):
        apart.finish()
    last = copied(ledger, b"\1" * 16)
    apart.begin(last)
    apart.finish()
    assert ledger.store.read(first.after.position, 10) == [*with_leaves(first).events, *with_leaves(last).events]


def test_one_that_was_killed_is_started_again(ledger: Ledger, apart: Apart):
    killed = apart.pid
    os.kill(killed, signal.SIGSTOP)
    apart.begin(copied(ledger))
    os.kill(killed, signal.SIGKILL)
    with pytest.raises(StorerFailed):
        apart.finish()
    apart.begin(copied(ledger))
    apart.finish()
    assert apart.pid != killed


def test_it_ends_with_its_input_and_stores_what_was_begun(ledger: Ledger):
    apart = Apart(ledger.url)
    batch = copied(ledger)
    apart.begin(batch)
    apart.close()
    assert not Path(f"/proc/{apart.pid}").exists()
    assert ledger.store.read(batch.after.position, 10) == with_leaves(batch).events


def test_signals_to_the_group_leave_it_to_the_writer(ledger: Ledger, apart: Apart):
    apart.begin(copied(ledger))
    apart.finish()
    for signalled in (signal.SIGINT, signal.SIGTERM):
        os.kill(apart.pid, signalled)
    apart.begin(copied(ledger, b"\1" * 16))
    apart.finish()


def test_a_writer_answers_for_one_that_died_and_a_retry_finds_out(ledger: Ledger, apart: Apart):
    made, stream = writer(ledger, apart), ledger.unit("1")
    asked = [rename(ledger, stream, "甲", key="a"), register(ledger, "2", key="b")]
    given: list[object] = []
    os.kill(apart.pid, signal.SIGSTOP)
    made.begin(asked, given.append)
    os.kill(apart.pid, signal.SIGKILL)
    made.finish()
    assert [type(one) for one in given] == [Unavailable]
    first = made.commit(asked)
    assert [isinstance(one, Accepted) and one.replayed for one in first] == [False, False]
    again = made.commit([*asked, ledger.submission("register_unit", unit("3"))])
    assert [isinstance(one, Accepted) and one.replayed for one in again] == [True, True, False]


def test_batches_are_decided_ahead_and_answered_in_order(ledger: Ledger, apart: Apart):
    made, stream = writer(ledger, apart), ledger.unit("1")
    given: list[object] = []
    for n in range(20):
        made.begin([rename(ledger, stream, f"名{n}", if_version=n + 1), register(ledger, f"b{n}")], given.append)
        assert len(given) >= n
    made.finish()
    outcomes = [one for batch in given for one in batch]  # type: ignore[attr-defined]
    assert all(isinstance(one, Accepted) for one in outcomes)
    assert [one.position for one in outcomes] == sorted(one.position for one in outcomes)
    assert [one.version for one in outcomes[::2]] == list(range(2, 22))
