"""Bulk: any number of lines, each its own command and its own result, whatever the pace of either side."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served

from api.bulk import BulkRoute
from api.keys import Keys
from api.lines import MAX_LINES
from api.metrics import Metrics
from domain.actor import Role
from ledger.contract import Accepted, Outcome, Submission

PATH = "/v1/commands/bulk"


def line(served: Served, code: str, **more: Any) -> dict[str, Any]:
    unit = {"code": code, "title": f"示例单位{code}", "unit_class": "department", "region": "320585"}
    made = {
        "command": "register_unit",
        "person": served.administrators[Role.SYSTEM_ADMIN],
        "key": f"bulk-{next(served.numbers)}",
        "body": unit,
    }
    return made | more


def written(*lines: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in lines)


def results(answer: httpx.Response) -> list[dict[str, Any]]:
    return [orjson.loads(one) for one in answer.content.splitlines()]


def posted(served: Served, content: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(PATH, content=content, headers=headers)

    return served.run(work)


def test_each_line_has_its_result(served: Served):
    good, bad, after = line(served, "A"), line(served, "A"), line(served, "B")
    content = written(good) + b"\n" + written(bad) + b"\xff\xfe\n" + b'{"no":1}\n' + written(after)[:-1]
    answer = posted(served, content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jsonl")
    found = results(answer)
    assert [one["line"] for one in found] == [1, 3, 4, 5, 6]
    assert [one["status"] for one in found] == [201, 409, 422, 422, 201]
    assert [one.get("type", "").removeprefix("/problems/") for one in found] == [
        "",
        "already_held",
        "invalid_json",
        "unknown_field",
        "",
    ]
    assert found[0].keys() == {"line", "status", "id", "position", "version", "recorded_at", "count"}
    assert found[4]["position"] == found[0]["position"] + 1 == served.store.head().position


def test_retried_lines_get_their_first_answers(served: Served):
    content = written(*(line(served, str(n)) for n in range(20)))
    first, second = results(posted(served, content)), results(posted(served, content))
    assert all(one.pop("replayed") for one in second)
    assert second == first
    assert served.store.head().position == first[-1]["position"]


def test_many_lines_rest_on_those_before(served: Served):
    """A unit and its renaming, over and over, further than one piece to the writer reaches."""
    lines = []
    for number in range(MAX_LINES):
        moment = f"2011-02-01T01:{number // 60:02}:{number % 60:02}Z"
        made = line(served, f"C{number}", simulated_at=moment)
        lines.append(made)
    content = written(*lines)
    found = results(posted(served, content))
    renames = [
        line(
            served,
            "",
            command="rename_unit",
            stream=one["id"],
            if_version=version,
            body={"title": f"更名{version}", "reason": "试"},
        )
        for one in found
        for version in (1, 2)
    ]
    answered = results(posted(served, written(*renames)))
    assert [one["status"] for one in answered] == [201] * 2 * MAX_LINES
    assert [one["version"] for one in answered] == [2, 3] * MAX_LINES
    assert [one["line"] for one in answered] == list(range(1, 2 * MAX_LINES + 1))


def test_headers_are_defaults(served_sqlite: Served):
    served = served_sqlite
    made = line(served, "A")
    person = made.pop("person")
    answer = posted(served, written(made), {"Luoshi-Person": person, "Luoshi-Channel": "window"})
    assert results(answer)[0]["status"] == 201
    assert b'"channel":"window"' in served.store.read(served.store.head().position - 1, 1)[0].state


@pytest.mark.parametrize(("name", "value"), [("Idempotency-Key", "one-for-all"), ("If-Match", '"1"')])
def test_what_belongs_to_each_line_is_no_header(served_sqlite: Served, name: str, value: str):
    answer = posted(served_sqlite, written(line(served_sqlite, "A")), {name: value})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/given_per_line")


def test_a_line_over_a_mebibyte_is_skipped_as_it_comes(served_sqlite: Served):
    served = served_sqlite

    async def content() -> AsyncIterator[bytes]:
        yield written(line(served, "A"))
        for _ in range(40):
            yield b"x" * (1 << 18)
        yield b"\n" + written(line(served, "B"))

    found = results(posted(served, content()))
    assert [(one["line"], one["status"]) for one in found] == [(1, 201), (2, 413), (3, 201)]


def test_a_torn_last_line_is_nobodys_command(served_sqlite: Served):
    served = served_sqlite
    route = BulkRoute(served.gate, Keys(served.store), Metrics())
    whole, torn = written(line(served, "A")), written(line(served, "B"))[:-1]
    messages = [
        {"type": "http.request", "body": whole + torn, "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[dict[str, Any]] = []

    async def work() -> None:
        async def receive() -> Any:
            return messages.pop(0)

        async def send(message: Any) -> None:
            answered.append(message)

        scope = {"type": "http", "headers": [(b"authorization", f"Bearer {served.key}".encode())]}
        await route(scope, receive, send)

    head = served.store.head().position
    asyncio.run(work())
    assert served.store.head().position == head + 1


class SlowGate:
    """Decides nothing until it is let; counts the bytes it was given."""

    def __init__(self) -> None:
        self.given = 0
        self.open = asyncio.Event()

    async def submit(self, submission: Submission) -> Outcome:
        raise NotImplementedError

    async def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome]:
        self.given += sum(len(one.body) for one in submissions)
        await self.open.wait()
        return [Accepted("s", 1, 1, 1, 0)] * len(submissions)


def test_a_slow_writer_slows_the_reading(served_sqlite: Served):
    """Of 64 MiB only a few are read while the writer does not get on."""
    part = (b'{"command":"x","key":"k","person":"p","body":"' + b"y" * 1000 + b'"}\n') * 64
    parts = (64 << 20) // len(part)
    taken = 0
    sent = 0

    async def work() -> tuple[int, int]:
        nonlocal taken
        gate = SlowGate()
        route = BulkRoute(gate, Keys(served_sqlite.store), Metrics())
        idle = asyncio.Event()

        async def receive() -> Any:
            nonlocal taken
            taken += 1
            if taken > parts:
                return {"type": "http.request", "body": b"", "more_body": False}
            return {"type": "http.request", "body": part, "more_body": True}

        async def send(message: Any) -> None:
            nonlocal sent
            sent += len(message.get("body", b""))

        scope = {"type": "http", "headers": [(b"authorization", f"Bearer {served_sqlite.key}".encode())]}
        running = asyncio.create_task(route(scope, receive, send))
        before = -1
        while taken != before or not gate.given:
            before = taken
            for _ in range(50):
                await asyncio.sleep(0)
        held = taken * len(part)
        gate.open.set()
        await running
        idle.set()
        return held, gate.given

    held, given = asyncio.run(work())
    assert held < 8 << 20
    assert given > 60 << 20
    assert sent > parts * 64


def test_a_client_that_reads_late_does_not_stop_it(served_sqlite: Served):
    """The whole request is taken although nothing of the answer is: no two sides wait for each other."""
    served = served_sqlite
    lines = b'{"no":1}\n' * 40_000
    pieces = [lines[at : at + 65_536] for at in range(0, len(lines), 65_536)]
    answer = bytearray()

    async def work() -> int:
        route = BulkRoute(served.gate, Keys(served.store), Metrics())
        all_taken = asyncio.Event()

        async def receive() -> Any:
            if len(pieces) == 1:
                all_taken.set()
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            await all_taken.wait()
            answer.extend(message.get("body", b""))

        scope = {"type": "http", "headers": [(b"authorization", f"Bearer {served.key}".encode())]}
        async with asyncio.timeout(60):
            await route(scope, receive, send)
        return answer.count(b"\n")

    assert asyncio.run(work()) == 40_000


def test_lines_are_counted(served_sqlite: Served):
    served = served_sqlite

    async def work(client: httpx.AsyncClient) -> str:
        await client.post(PATH, content=written(line(served, "A"), line(served, "A"), line(served, "B")))
        return (await client.get("/metrics")).text

    text = served.run(work)
    assert 'luoshi_bulk_lines_total{status="201"} 2.0' in text
    assert 'luoshi_bulk_lines_total{status="409"} 1.0' in text
    assert 'luoshi_http_requests_total{method="POST",route="/v1/commands/bulk",status="200"} 1.0' in text
