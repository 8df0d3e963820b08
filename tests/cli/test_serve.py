"""`luoshi serve` on a database that does not exist yet: a real ledger with three administrators and one key."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.settings import settings
from cli.opening import NewLedger, make_ready
from ledger.database import open_reader, open_store
from ledger.keys import Keys
from ledger.opening import TITLES, marker, open_ledger

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 120.0


@pytest.fixture
def base(tmp_path, database_url) -> Iterator[Callable[[], str]]:
    """Starts the servers when called, after ending those that ran before; the address they answer at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running: list[subprocess.Popen[bytes]] = []

    def end() -> None:
        if running:
            process = running.pop()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0

    def start() -> str:
        end()
        command = [sys.executable, "-m", "cli", "serve", "--database", database_url, "--port", str(port)]
        environment = os.environ | {"LUOSHI_PORT": "1"}  # the option wins
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL))
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + PATIENCE
        while not ready(address):
            assert time.monotonic() < deadline
            assert running[-1].poll() is None
            time.sleep(0.05)
        return address

    yield start
    end()


def ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def held(tmp_path: Path) -> dict[str, Any]:
    (path,) = tmp_path.glob("*.credentials.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return json.loads(path.read_text())


def test_a_new_database_is_opened_once_as_a_real_ledger(base, tmp_path, database_url):
    at = base()
    first = held(tmp_path)
    reader = open_reader(database_url)
    opened = marker(reader)
    assert opened is not None
    assert not opened.demonstration
    assert reader.head().position == 4  # the marker and three administrators
    reader.close()
    assert sorted(person["role"] for person in first["persons"]) == ["auditor", "security_admin", "system_admin"]
    assert len({person["person"] for person in first["persons"]}) == 3

    key = {"Authorization": f"Bearer {first['keys']['administration']}"}
    assert httpx.get(f"{at}/v1/scoreboard").status_code == 401
    assert httpx.get(f"{at}/v1/scoreboard", headers=key).status_code == 200

    administrator = next(one["person"] for one in first["persons"] if one["role"] == "system_admin")
    unit = {"code": "MZ", "title": "民政局", "unit_class": "department", "region": "320585"}
    spoken = key | {"Luoshi-Person": administrator, "Idempotency-Key": "the first unit"}
    answer = httpx.post(
        f"{at}/v1/units", json=unit, headers=spoken | {"Luoshi-Simulated-At": "2011-01-04T09:00:00+08:00"}
    )
    assert answer.json()["type"] == "/problems/simulated_time_not_allowed"
    assert httpx.post(f"{at}/v1/units", json=unit, headers=spoken).status_code == 201

    at = base()
    assert held(tmp_path) == first
    assert httpx.get(f"{at}/v1/scoreboard", headers=key).status_code == 200


def test_a_first_key_is_made_when_a_death_came_between(tmp_path, database_url):
    """The ledger is open, but its first key was not written down yet."""
    chosen = settings({"database": database_url})
    store, keys = open_store(database_url, create=True), Keys(chosen.keys)
    enrolled = open_ledger(store, keys, demonstration=False, title="台账", region="320585", administrators=dict(TITLES))
    opened = make_ready(chosen, NewLedger("另一个名称", "320585"))
    assert not opened.new
    assert opened.marker.title == "台账"
    assert opened.administrators == enrolled
    first = held(tmp_path)
    assert [row.client for row in store.api_keys()] == ["administration"]
    assert make_ready(chosen, NewLedger("台账", "320585")).administrators == enrolled
    assert held(tmp_path) == first
    assert len(store.api_keys()) == 1
    keys.close()
    store.close()
