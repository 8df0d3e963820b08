"""The HTTP process as it is run: real sockets, the writer beside it, and an orderly end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from served_ledger import Served, serve

from domain.actor import Role

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    def __init__(self, served: Served, port: int, http: "subprocess.Popen[bytes]") -> None:
        self.served = served
        self.url = f"http://127.0.0.1:{port}"
        self.http = http


@contextmanager
def running(url: str, directory: Path) -> Iterator[Running]:
    served = serve(url, directory)
    served.gate.close()
    port = free_port()
    environment = os.environ | {
        "LUOSHI_DATABASE": url,
        "LUOSHI_KEYS": str(served.settings.keys),
        "LUOSHI_EVIDENCE": str(served.settings.evidence),
        "LUOSHI_ACCESS_LOG": str(served.settings.access_log),
        "LUOSHI_SOCKET": str(directory / "s"),
        "LUOSHI_PORT": str(port),
    }
    modules = ("ledger.writer_process", "projections.follower", "api.server")
    processes = [
        subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        for module in modules
    ]
    try:
        found = Running(served, port, processes[-1])
        until_ready(found.url)
        yield found
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)
        served.views.close()
        served.subjects.close()
        served.store.close()


def until_ready(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, "it never got ready"
        time.sleep(0.02)


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Running]:
    with running(database_url, tmp_path) as found:
        yield found


def command(served: Served, code: str) -> dict[str, object]:
    unit = {"code": code, "title": f"示例单位{code}", "unit_class": "department", "region": "320585"}
    person = served.administrators[Role.SYSTEM_ADMIN]
    return {"command": "register_unit", "person": person, "key": f"process-{code}", "body": unit}


def test_it_serves_and_ends_in_order(site: Running):
    served = site.served

    async def work() -> None:
        headers = {"Authorization": f"Bearer {served.key}"}
        async with httpx.AsyncClient(base_url=site.url, headers=headers, timeout=PATIENCE) as client:
            posts = (client.post("/v1/commands", json=command(served, str(n))) for n in range(100))
            answers = await asyncio.gather(*posts)
            assert {answer.status_code for answer in answers} == {201}
            positions = sorted(answer.json()["position"] for answer in answers)
            assert positions == list(range(5, 105))
            units = await client.get(f"/v1/units?limit=200&wait_for={positions[-1]}")
            assert units.json()["total"] == 100
            kept = answers[0].headers
            assert "server" not in kept
            assert "content-security-policy" in kept

            async with client.stream("GET", "/v1/stream?after=100") as live:
                lines = live.aiter_lines()
                seen = [line async for line in take_ids(lines, 4)]
                assert seen == ["id: 101", "id: 102", "id: 103", "id: 104"]
                site.http.send_signal(signal.SIGTERM)
                # The open stream ends with the server, not by a broken connection.
                assert [line async for line in lines if line.startswith("id")] == []

    asyncio.run(work())
    assert site.http.wait(PATIENCE) == 0


async def take_ids(lines, count: int):
    async for line in lines:
        if line.startswith("id: "):
            yield line
            count -= 1
        if not count:
            return


def test_a_long_bulk_request_may_be_sent_whole_before_it_is_read(tmp_path: Path):
    """Results overtake what sockets can hold; the client reads them only after its last byte."""
    lines = 60_000
    request = b'{"no":1}\n' * lines
    with running(f"sqlite:///{tmp_path}/luoshi.db", tmp_path) as site:
        head = (
            f"POST /v1/commands/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {site.served.key}\r\n"
            f"Content-Length: {len(request)}\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])), timeout=PATIENCE) as connection:
            connection.sendall(head.encode() + request)
            answer = bytearray()
            while part := connection.recv(1 << 20):
                answer += part
        assert answer.count(b'"status":422') == lines


@pytest.mark.parametrize(
    ("setting", "value"),
    [("LUOSHI_DATABASE", "mysql://x"), ("LUOSHI_PORT", "none"), ("LUOSHI_DATABASE", "sqlite:///not/there.db")],
)
def test_a_wrong_setting_is_one_line(tmp_path: Path, setting: str, value: str):
    done = subprocess.run(
        [sys.executable, "-m", "api.server"],
        cwd=ROOT,
        env=os.environ | {"LUOSHI_DATABASE": f"sqlite:///{tmp_path}/l.db", setting: value},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("luoshi: ")
    assert done.stderr.count("\n") == 1
