"""The ladder as a process: it follows a ledger's own time, may be killed or run twice, and ends when told."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from urged import Urged, at, urged

from ledger.clock import micros_of
from ledger.codec import key_of

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
DUE, BLUE, YELLOW = date(2011, 5, 31), date(2011, 5, 26), date(2011, 6, 1)

Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def field(sqlite_url: str) -> Iterator[Urged]:
    with urged(sqlite_url) as made:
        made.day(date(2011, 5, 3))
        yield made


@pytest.fixture
def start(field: Urged, tmp_path: Path) -> Iterator[Start]:
    """Starts a module on the ledger; whatever still runs at the end has to end when asked."""
    environment = os.environ | {
        "LUOSHI_DATABASE": field.url,
        "LUOSHI_KEYS": str(field.keys_path),
        "LUOSHI_SOCKET": str(tmp_path / "s"),
    }
    running: list[subprocess.Popen[bytes]] = []

    def begin(module: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environment)
        running.append(process)
        return process

    yield begin
    left = [process for process in running if process.poll() is None]
    for process in left:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(PATIENCE) for process in left] == [0] * len(left)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_processes_one_of_them_killed_record_each_rung_once(field: Urged, start: Start):
    commitment = field.promise(DUE)
    start("ledger.writer_process")
    first = start("projections.ladder_process")
    start("projections.ladder_process")
    # Time goes on by what is told, not by itself.
    field.day(BLUE)
    field.promise(date(2011, 12, 30))
    until(lambda: len(field.records(commitment)) == 1)
    first.kill()
    first.wait(PATIENCE)
    head = field.store.head()
    field.day(YELLOW)
    field.promise(date(2011, 12, 30))
    until(lambda: len(field.records(commitment)) == 2)
    assert field.records(commitment) == [("sent", "blue", DUE, BLUE), ("sent", "yellow", DUE, YELLOW)]
    assert head.recorded_at == micros_of(at(BLUE))
    assert field.store.head().recorded_at == micros_of(at(YELLOW))


def test_without_a_ledger_it_says_so(tmp_path: Path):
    environment = os.environ | {"LUOSHI_DATABASE": f"sqlite:///{tmp_path}/none.db"}
    command = [sys.executable, "-m", "projections.ladder_process"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("luoshi: ")


def test_killed_and_twice_at_once_it_counts_anew_once_when_a_year_is_announced(field: Urged, start: Start):
    field.day(date(2026, 12, 1))
    commitments = [field.promise(date(2026, 12, 31)) for _ in range(20)]
    for commitment in commitments:
        field.take_up(commitment)
        field.suspend(commitment, date(2026, 12, 2))
    field.day(date(2026, 12, 2))
    for commitment in commitments:
        field.say("resume_commitment", "dispatcher", commitment)
    start("ledger.writer_process")
    first = start("projections.ladder_process")
    start("projections.ladder_process")
    body = {"year": 2027, "holidays": ["2027-01-01"], "number": "国办发明电〔2026〕1号"}
    field.say("announce_calendar", "system_admin", **body)

    def moved() -> list[bytes]:
        return [row.stream for row in field.store.read(0, 100_000) if row.name == "due_recalculated.1"]

    until(lambda: len(moved()) > 0)
    first.kill()
    first.wait(PATIENCE)
    until(lambda: len(moved()) == len(commitments))
    # One that begins anew finds nothing left to do.
    assert asyncio.run(field.new_recounting().turn(field.now)) == 0
    field.day(date(2026, 12, 30))
    field.promise(date(2027, 6, 30))
    until(lambda: len(field.records()) == len(commitments))
    assert sorted(moved()) == sorted(key_of(commitment) for commitment in commitments)
    assert {due for _, _, due, _ in field.records()} == {date(2027, 1, 4)}
