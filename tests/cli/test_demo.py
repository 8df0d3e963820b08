"""`luoshi demo` with its real processes: one on SQLite that is killed half-way and run again, one on PostgreSQL beside
it at the same time."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from databases import fresh_database

from domain.actor import Role
from ledger.database import WrongDatabase, locate, open_reader

pytestmark = pytest.mark.xdist_group("two demos")  # the two years are loaded once

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 240.0
HALF_WAY = 3_000
HEADLINE = {
    "field_visits": 1541,
    "problems_solved": {"at_least": 430},
    "partners": {"village": 65, "community": 52, "enterprise": 62},
    "activities": 157,
    "projects": 77,
    "funds_fen": 181_900_000,
}


def until(true: Callable[[], Any], *, while_running: subprocess.Popen[bytes] | None = None) -> Any:
    """What it returned once it was true; fails the test when that takes too long or the process ends before."""
    deadline = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < deadline, "it never became true"
        assert while_running is None or while_running.poll() is None, "the process ended"
        time.sleep(0.02)
    return found


class Demo(NamedTuple):
    url: str
    home: Path
    port: int
    arguments: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    running: "list[subprocess.Popen[bytes]]"
    """The serving one, last."""

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "cli", "demo", "--port", str(self.port), *self.arguments, *more],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def serve(self) -> None:
        """Starts it and waits until it has said what to open once more than before."""
        before = self.explained()
        self.running.append(self.start())
        until(lambda: self.explained() > before, while_running=self.running[-1])

    def luoshi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments, "--database", self.url],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self) -> str:
        return self.log.read_text()

    def explained(self) -> int:
        """How often it said what to open."""
        return self.said().count("Press Ctrl-C") if self.log.exists() else 0

    def get(self, path: str) -> Any:
        answer = httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def position(self) -> int:
        """Of the last event; 0 before there is a ledger."""
        try:
            reader = open_reader(self.url)
        except WrongDatabase:
            return 0
        try:
            return reader.head().position
        finally:
            reader.close()

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def credentials(self) -> tuple[Path, dict[str, Any]]:
        (path,) = self.home.glob("*.credentials.json")
        return path, json.loads(path.read_text())


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def process_of(module: str, demo: Demo) -> int | None:
    """Process id of a server of this demo."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if module.encode() in command and f"LUOSHI_DATABASE={demo.url}\0".encode() in environment:
            return int(process.name)
    return None


@pytest.fixture(scope="module")
def demos(tmp_path_factory) -> Iterator[dict[str, Demo]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    with fresh_database("postgresql", tmp_path_factory.mktemp("server")) as url:
        one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
        kept = {"LUOSHI_KEYS": str(two / "two.keys"), "LUOSHI_EVIDENCE": str(two / "evidence")}
        data, database = ("--data", str(one)), ("--database", url)
        demos = {
            "sqlite": Demo(f"sqlite:///{one}/demo.db", one, free_port(), data, clean, one / "said.log", []),
            "postgresql": Demo(url, two, free_port(), database, clean | kept, two / "said.log", []),
        }
        try:
            with ThreadPoolExecutor() as pool:
                beside = pool.submit(demos["postgresql"].serve)
                killed_half_way(demos["sqlite"])
                demos["sqlite"].serve()
                beside.result()
            yield demos
        finally:
            running = [process for demo in demos.values() for process in demo.running]
            for process in running:
                process.terminate()
            codes = [process.wait(30) for process in running]
        assert set(codes) == {0}
        assert not any(demo.listens() for demo in demos.values())


def killed_half_way(demo: Demo) -> None:
    process = demo.start("--no-serve")
    until(lambda: demo.position() > HALF_WAY, while_running=process)
    process.kill()
    process.wait()
    # Its servers end by themselves, and free the port and the writer's socket.
    until(lambda: not process_of("cli.tether", demo))
    assert not demo.listens()


@pytest.fixture(params=["sqlite", "postgresql"])
def demo(request, demos) -> Demo:
    return demos[request.param]


def test_the_headline_over_http_is_exact(demo):
    found = demo.get("/v1/figures/headline?year=2011")
    assert {name: found[name] for name in HEADLINE} == HEADLINE
    listed, path = 0, found["links"]["field_visits"]
    while path:
        page = demo.get(path)
        listed += sum(item["amount"] for item in page["items"])
        path = page["next"]
    assert listed == HEADLINE["field_visits"]


def test_today_is_the_end_of_2011(demo):
    assert demo.get("/v1/figures/headline?year=2011")["on"] == "2011-12-31"


def test_an_interrupted_load_leaves_the_same_ledger(demos):
    def events(demo: Demo) -> list[tuple[str, int, int]]:
        reader = open_reader(demo.url)
        try:
            # What later tests add comes after the year.
            return [(row.name, row.version, row.recorded_at) for row in reader.read(0, 100_000)][:22_000]
        finally:
            reader.close()

    assert events(demos["sqlite"]) == events(demos["postgresql"])


def test_the_keys_are_where_it_says(demo):
    path, held = demo.credentials()
    assert str(path) in demo.said()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(held["keys"]) == {"administration", "supervision-office", "hotline-12345", "service-ledger"}
    roles = Counter(Role(person["role"]) for person in held["persons"])
    assert all(roles[role] >= 2 for role in Role)


def test_the_ledger_takes_commands_and_a_killed_writer_comes_back(demo):
    _, held = demo.credentials()
    supervisor = next(person["person"] for person in held["persons"] if person["role"] == "supervisor")
    before = until(lambda: process_of("ledger.writer_process", demo))
    os.kill(before, signal.SIGKILL)
    until(lambda: process_of("ledger.writer_process", demo) not in {None, before})
    body = {"kind": "village", "title": f"重启后{before}村", "region": "320585100299"}
    headers = {
        "Authorization": f"Bearer {held['keys']['supervision-office']}",
        "Luoshi-Person": supervisor,
        "Idempotency-Key": f"after the kill {before}",
    }

    def entered() -> dict[str, Any] | None:
        answer = httpx.post(f"http://127.0.0.1:{demo.port}/v1/partners", json=body, headers=headers, timeout=30)
        assert answer.status_code in {201, 503}, answer.text
        return answer.json() if answer.status_code == 201 else None

    # Simulated time runs on from the end of the year.
    assert until(entered)["recorded_at"] > "2011-12-31T09:00:00"
    until(lambda: "writer" in demo.said() and "signal 9" in demo.said())


def test_doctor_finds_everything_well(demo):
    found = demo.luoshi("doctor", "--port", str(demo.port))
    assert found.returncode == 0, found.stdout + found.stderr
    assert "✗" not in found.stdout
    assert "ready" in found.stdout
    assert all(line.startswith("✓") for line in found.stdout.splitlines())


def test_doctor_says_what_is_wrong(demos):
    demo = demos["sqlite"]
    path, _ = demo.credentials()
    database = locate(demo.url).file
    for file in (path, database):
        file.chmod(0o644)
    demo.environment["LUOSHI_DATABSE"] = "a slip"
    try:
        found = demo.luoshi("doctor", "--port", str(demo.port))
    finally:
        for file in (path, database):
            file.chmod(0o600)
        del demo.environment["LUOSHI_DATABSE"]
    assert found.returncode == 1
    wrong = [line for line in found.stdout.splitlines() if line.startswith("✗")]
    assert len(wrong) == 3, found.stdout
    assert "LUOSHI_DATABSE" in wrong[0]
    assert "644" in wrong[1]
    assert "644" in wrong[2]
    assert "数据库文件" in wrong[2]


def test_rebuild_then_verify_and_a_difference_is_found(demo):
    rebuilt = demo.luoshi("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    verified = demo.luoshi("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "✗" not in verified.stdout
    assert demo.get("/v1/figures/headline?year=2011")["field_visits"] == HEADLINE["field_visits"]


def test_verify_says_when_an_event_was_touched(demos, tmp_path):
    """On a copy: the evidence of one row's leaf hash."""
    copy = tmp_path / "copy.db"
    with sqlite3.connect(f"file:{demos['sqlite'].home}/demo.db?mode=ro", uri=True) as source:
        source.backup(sqlite3.connect(copy))
    touched = demos["sqlite"]._replace(url=f"sqlite:///{copy}")
    assert touched.luoshi("rebuild").returncode == 0
    with sqlite3.connect(copy) as database:
        database.execute("UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 7000")
    found = touched.luoshi("verify")
    assert found.returncode == 1
    assert "7000" in found.stdout


def test_a_second_one_on_the_same_data_says_why_it_cannot(tmp_path, demos):
    demo = demos["sqlite"]._replace(log=tmp_path / "said.log", port=free_port())
    process = demo.start("--no-serve")
    assert process.wait(PATIENCE) != 0
    assert "套接字" in demo.said()
    assert "Traceback" not in demo.said()


def test_a_second_run_starts_at_once_with_the_data_kept(demos):
    demo = demos["sqlite"]
    position = demo.position()
    demo.running[-1].send_signal(signal.SIGINT)
    assert demo.running[-1].wait(30) == 0
    assert not demo.listens()
    demo.serve()
    assert demo.position() == position
    assert demo.said().count("Loaded.") == 1
    assert demo.get("/v1/figures/headline?year=2011")["funds_fen"] == HEADLINE["funds_fen"]
