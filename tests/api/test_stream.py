"""The live stream: complete, in order, resumable, bounded, and over when the server stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served, serve

from api import stream
from api.keys import Scope
from domain.actor import Role
from ledger.contract import Accepted, Submission


@pytest.fixture(autouse=True)
def _short_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stops waits for the last look at the ledger."""
    monkeypatch.setattr(stream, "WATCH", 0.05)


class Reading:
    """A client of the stream that takes what it wants, when it wants."""

    def __init__(self) -> None:
        self.status = 0
        self.text = b""
        self.ended = asyncio.Event()
        self.leave = asyncio.Event()
        self.pace = asyncio.Semaphore(10_000)
        self._came = asyncio.Event()

    async def send(self, message: Any) -> None:
        await self.pace.acquire()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"]
            if not message.get("more_body"):
                self.ended.set()
        self._came.set()

    async def wait(self, until: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not until():
                self._came.clear()
                await self._came.wait()

    async def until(self, count: int) -> list[dict[str, Any]]:
        """The first `count` events, once they have come."""
        await self.wait(lambda: len(self.events()) >= count)
        return self.events()

    def events(self) -> list[dict[str, Any]]:
        found = []
        for block in self.text.split(b"\n\n")[:-1]:
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if not line.startswith(b":"))
            if fields:
                data = orjson.loads(fields[b"data"])
                assert data["position"] == int(fields[b"id"])
                assert data["name"] == fields[b"event"].decode()
                found.append(data)
        return found


@asynccontextmanager
async def reading(served: Served, query: str = "", **headers: str) -> AsyncIterator[Reading]:
    client = Reading()
    first = True

    async def receive() -> Any:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await client.leave.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/v1/stream",
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    running = asyncio.create_task(served.app(scope, receive, client.send))
    yield client
    client.leave.set()
    async with asyncio.timeout(20):
        await running


async def happen(served: Served, count: int) -> None:
    for _ in range(count):
        number = next(served.numbers)
        body = {"code": f"S{number}", "title": "示例单位", "unit_class": "town", "region": "320585"}
        person = served.administrators[Role.SYSTEM_ADMIN]
        outcome = await served.gate.submit(
            Submission(client="t", key="", person=person, command="register_unit", stream="", body=orjson.dumps(body))
        )
        assert isinstance(outcome, Accepted)


def within(served: Served, work: Any) -> Any:
    async def run() -> Any:
        async with served.app.router.lifespan_context(served.app):
            return await work()

    return asyncio.run(run())


def test_what_happened_and_what_happens_comes_in_order(served: Served):
    async def work() -> list[int]:
        async with reading(served, "after=1") as client:
            await client.until(3)
            await happen(served, 5)
            return [event["position"] for event in await client.until(8)]

    assert within(served, work) == list(range(2, 10))


def test_without_a_position_it_begins_now(served_sqlite: Served):
    async def work() -> list[int]:
        async with reading(served_sqlite) as client:
            await client.wait(lambda: client.text != b"")
            await happen(served_sqlite, 2)
            return [event["position"] for event in await client.until(2)]

    assert within(served_sqlite, work) == [5, 6]


def test_a_client_that_comes_back_misses_nothing(served: Served):
    async def work() -> list[int]:
        seen = []
        async with reading(served, "after=0") as client:
            await happen(served, 3)
            seen += [event["position"] for event in await client.until(5)]
        await happen(served, 4)
        async with reading(served, "after=0", last_event_id=str(seen[-1])) as client:
            head = served.store.head().position
            seen += [event["position"] for event in await client.until(head - seen[-1])]
        return seen

    assert within(served, work) == list(range(1, served.store.head().position + 1))


def test_many_clients_get_the_same(served_sqlite: Served):
    async def work() -> list[bytes]:
        clients = [reading(served_sqlite, "after=4") for _ in range(3)]
        async with clients[0] as first, clients[1] as second, clients[2] as third:
            await happen(served_sqlite, 30)
            return [orjson.dumps(await client.until(30)) for client in (first, second, third)]

    assert len(set(within(served_sqlite, work))) == 1


def test_a_slow_client_catches_up_from_the_ledger(served_sqlite: Served, monkeypatch: pytest.MonkeyPatch):
    """It holds no queue: what has left the common tail is read again."""
    monkeypatch.setattr(stream, "TAIL", 5)
    served = serve(served_sqlite.settings.database.replace("luoshi.db", "slow.db"), served_sqlite.settings.keys.parent)

    async def work() -> list[int]:
        async with reading(served, "after=0") as slow, reading(served, "after=0") as quick:
            await slow.until(4)
            slow.pace = asyncio.Semaphore(0)
            await happen(served, 50)
            await quick.until(54)
            slow.pace.release()
            while len(slow.events()) < 54:
                slow.pace.release()
                await asyncio.sleep(0)
            return [event["position"] for event in slow.events()]

    assert within(served, work) == list(range(1, 55))
    served.close()


def test_silence_is_broken_by_heartbeats(served_sqlite: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)

    async def work() -> bytes:
        async with reading(served_sqlite) as client:
            await client.wait(lambda: client.text.count(b"\n:\n") >= 3)
            return client.text

    assert within(served_sqlite, work).startswith(b": luoshi\n\n:\n\n")


def test_streams_end_when_the_server_stops(served_sqlite: Served):
    async def work() -> bool:
        async with reading(served_sqlite, "after=0") as client:
            await client.until(4)
            served_sqlite.app.state.stop()
            async with asyncio.timeout(20):
                await client.ended.wait()
            return True

    assert within(served_sqlite, work)


def test_clients_are_counted_and_leave_nothing(served_sqlite: Served):
    async def work() -> tuple[str, str]:
        transport = httpx.ASGITransport(served_sqlite.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://luoshi.test") as client:
            async with reading(served_sqlite, "after=0") as one:
                await one.until(4)
                during = (await client.get("/metrics")).text
            return during, (await client.get("/metrics")).text

    during, afterwards = within(served_sqlite, work)
    assert "luoshi_stream_clients 1.0" in during
    assert "luoshi_stream_clients 0.0" in afterwards


def test_too_many_clients_are_turned_away(served_sqlite: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "MOST_CLIENTS", 1)

    async def work() -> int:
        async with reading(served_sqlite, "after=0") as one:
            await one.until(4)
            async with reading(served_sqlite, "after=0") as another:
                await another.ended.wait()
                return another.status

    assert within(served_sqlite, work) == 503


@pytest.mark.parametrize(
    ("query", "headers"), [("after=-1", {}), ("after=x", {}), ("from=1", {}), ("", {"last_event_id": "x"})]
)
def test_a_bad_position_is_refused(served_sqlite: Served, query: str, headers: dict[str, str]):
    async def work() -> int:
        async with reading(served_sqlite, query, **headers) as client:
            await client.ended.wait()
            return client.status

    assert within(served_sqlite, work) == 422


@pytest.mark.parametrize(
    ("query", "headers", "field"),
    [
        ("after=5", {}, "after"),
        ("", {"last_event_id": "5"}, "Last-Event-ID"),
        ("after=1", {"last_event_id": "999999999999999999"}, "Last-Event-ID"),
    ],
)
def test_a_position_ahead_of_the_ledger_is_refused(
    served_sqlite: Served, query: str, headers: dict[str, str], field: str
):
    async def work() -> tuple[int, dict[str, Any]]:
        async with reading(served_sqlite, query, **headers) as client:
            await client.ended.wait()
            return client.status, orjson.loads(client.text)

    status, problem = within(served_sqlite, work)
    assert (status, problem["type"], problem["field"]) == (422, "/problems/position_in_future", field)


def test_an_empty_last_event_id_counts_as_none(served_sqlite: Served):
    async def work() -> list[int]:
        async with reading(served_sqlite, "after=2", last_event_id="") as client:
            return [event["position"] for event in await client.until(2)]

    assert within(served_sqlite, work) == [3, 4]


def test_a_real_ledger_asks_for_a_key(tmp_path: Any):
    served = serve(f"sqlite:///{tmp_path}/luoshi.db", tmp_path, demonstration=False)

    async def work() -> list[int]:
        statuses = []
        for key in (None, served.new_key(Scope.COMMAND), served.new_key(Scope.READ)):
            headers = {} if key is None else {"authorization": f"Bearer {key}"}
            async with reading(served, "after=0", **headers) as client:
                if key is None or len(statuses) == 1:
                    await client.ended.wait()
                else:
                    await client.until(4)
                statuses.append(client.status)
        return statuses

    assert within(served, work) == [401, 403, 200]
    served.close()
