"""A real ledger behind real servers, filled through the bulk route as any client would."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from api.keys import new_key
from domain.actor import Role
from ledger.database import locate, open_store
from ledger.keys import Keys
from ledger.opening import ADMINISTRATORS, open_ledger

UNITS, POLICIES, TARGETS = 50, 200, 100
"""A million commitments can be open at once: one for each policy target and lead unit."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def key() -> str:
    """A time-ordered idempotency key, as clients are advised to send."""
    now = time.time_ns()
    return str(UUID(bytes=(now // 10**6).to_bytes(6, "big") + b"\x70\x00\x80" + os.urandom(7)))


@dataclass
class World:
    """A served ledger. `people` holds person ids by role, `officers` one for each of `units`."""

    url: str
    port: int
    secret: str
    people: dict[str, str]
    units: list[str]
    officers: list[str]
    policies: list[str]
    processes: list[subprocess.Popen[bytes]]

    def bulk(self, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Sends JSON Lines, chunked; the results in order. Raises on the first line that was not accepted."""
        body = b"".join(json.dumps({"key": key(), **line}).encode() + b"\n" for line in lines)
        results = [json.loads(line) for line in self.bulk_raw(body).splitlines()]
        for result in results:
            if result["status"] != 201:
                raise RuntimeError(str(result))
        return results

    def bulk_raw(self, body: bytes) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", "/v1/commands/bulk", body, self.headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(text.decode())
        return text

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/jsonl"}

    def proposal(self, n: int) -> dict[str, Any]:
        unit, rest = n % UNITS, n // UNITS
        return {
            "command": "propose_commitment",
            "person": self.people["supervisor"],
            "body": {
                "title": f"第{n}项惠民承诺：改造老旧小区供水管网",
                "targets": [{"policy": self.policies[rest // TARGETS % POLICIES], "target": f"t{rest % TARGETS}"}],
                "lead_unit": self.units[unit],
                "quantity": 1_000_000_000,
                "measure": "户",
                "starts_on": "2026-01-01",
                "due_on": "2027-12-31",
                "basis": "年度惠民实事项目计划",
                "mandate": "promise",
                "urgency": "general",
                "recurrence": "one_off",
                "aid": "capacity",
                "region": "320585",
            },
        }

    def follow_up(self, commitment: str, n: int, quantity: int) -> dict[str, Any]:
        """`n`: the number its proposal had."""
        return {
            "command": "record_follow_up",
            "stream": commitment,
            "person": self.officers[n % UNITS],
            "body": {"quantity": quantity, "note": "已完成入户核查，施工队进场，本周更换管道三百米"},
        }

    def lives(self, numbers: Iterable[int]) -> list[str]:
        """Commitments in progress, one for each number; their ids."""
        numbers = list(numbers)
        ids = [answer["id"] for answer in self.bulk(map(self.proposal, numbers))]
        for command, role in (("register_commitment", "leader"), ("assign_commitment", "dispatcher")):
            self.bulk({"command": command, "stream": i, "person": self.people[role], "body": {}} for i in ids)
        self.bulk(
            {"command": "acknowledge_commitment", "stream": i, "person": self.officers[n % UNITS], "body": {}}
            for n, i in zip(numbers, ids, strict=True)
        )
        return ids

    @contextmanager
    def no_views(self) -> Iterator[None]:
        """Follower and ladder stand still until the end of the block."""
        readers = self.processes[-2:]
        for reader in readers:
            reader.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for reader in readers:
                reader.send_signal(signal.SIGCONT)

    def settle(self) -> None:
        """Until the writer and the views have nothing left to do."""
        while not ready(self.port, caught_up=True):
            time.sleep(0.2)


def ready(port: int, *, caught_up: bool = False) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read()
    except OSError:
        return False
    if answer.status != 200:
        return False
    return not caught_up or not any(view["lag"] for view in json.loads(body)["views"].values())


@contextmanager
def servers(url: str, directory: Path) -> Iterator[tuple[int, list[subprocess.Popen[bytes]]]]:
    """Writer, HTTP, ladder and follower of the ledger at `url`, and the port; they may not be ready yet."""
    environment = {
        **os.environ,
        "LUOSHI_DATABASE": url,
        "LUOSHI_KEYS": str(directory / "bench.keys"),
        "LUOSHI_EVIDENCE": str(directory / "evidence"),
        "LUOSHI_SOCKET": str(directory / "writer.sock"),
        "LUOSHI_ACCESS_LOG": str(directory / "access.log"),
        "LUOSHI_HOST": "127.0.0.1",
        "LUOSHI_PORT": str(port := free_port()),
    }
    modules = ("ledger.writer_process", "api.server", "projections.ladder_process", "projections.follower")
    processes = [subprocess.Popen([sys.executable, "-m", module], env=environment) for module in modules]
    try:
        yield port, processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


@contextmanager
def world(url: str, directory: Path) -> Iterator[World]:
    """A new ledger at `url`, served until the end of the block."""
    store, keys = open_store(locate(url).url, create=True), Keys(directory / "bench.keys")
    administrators = open_ledger(
        store,
        keys,
        demonstration=False,
        title="基准台账",
        region="320585",
        administrators=dict.fromkeys(ADMINISTRATORS, "某某某"),
    )
    secret, row = new_key("bench", ("command", "read", "admin"), time.time_ns() // 1000)
    store.add_api_key(row)
    store.close()
    keys.close()
    with servers(url, directory) as (port, processes):
        while not ready(port):
            if any(process.poll() is not None for process in processes):
                raise RuntimeError("a server ended")
            time.sleep(0.05)
        made = World(url, port, secret, {}, [], [], [], processes)
        _settle_in(made, administrators)
        yield made


def _settle_in(made: World, administrators: dict[Role, str]) -> None:
    """Units, people and policies."""
    system, security = administrators[Role.SYSTEM_ADMIN], administrators[Role.SECURITY_ADMIN]
    made.units = [
        answer["id"]
        for answer in made.bulk(
            {
                "command": "register_unit",
                "person": system,
                "body": {"code": f"U{n}", "title": f"第{n}单位", "unit_class": "department", "region": "320585"},
            }
            for n in range(UNITS)
        )
    ]
    roles: list[tuple[str, str | None]] = [("supervisor", None), ("leader", None), ("dispatcher", None)]
    roles += [("unit_officer", unit) for unit in made.units]
    enrolled = made.bulk(
        {
            "command": "enrol_person",
            "person": security,
            "body": {"name": "某某某", "title": "科员", "roles": [role], **({"unit": unit} if unit else {})},
        }
        for role, unit in roles
    )
    ids = [answer["id"] for answer in enrolled]
    made.people = {role: i for (role, _), i in zip(roles[:3], ids[:3], strict=True)}
    made.officers = ids[3:]
    made.policies = [
        answer["id"]
        for answer in made.bulk(
            {
                "command": "issue_policy",
                "person": made.people["supervisor"],
                "body": {
                    "number": f"太政发〔2026〕{n}号",
                    "title": f"惠民政策{n}",
                    "issuer": made.units[0],
                    "effective_on": "2026-01-01",
                    "summary": "改善民生的年度实事",
                    "targets": [
                        {"key": f"t{t}", "text": f"目标{t}", "quantity": 1000, "measure": "户"} for t in range(TARGETS)
                    ],
                },
            }
            for n in range(POLICIES)
        )
    ]
