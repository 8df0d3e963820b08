"""Evidence in and out: what comes back is what went in; what breaks off leaves nothing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served

from api.access_log import AccessLog
from api.keys import Scope
from ledger.evidence import MAX_EVIDENCE, Evidence
from ledger.keys import Keys

PATH = "/v1/evidence"
PDF = {"Content-Type": "application/pdf"}


def files(served: Served) -> list[Path]:
    return [path for path in served.settings.evidence.rglob("*") if path.is_file()]


async def parts(content: bytes, size: int = 70_001) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


@pytest.mark.parametrize("size", [1, 65_536, 3_000_001])
def test_what_comes_back_is_what_went_in(served_sqlite: Served, size: int):
    served = served_sqlite
    content = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    digest = hashlib.sha256(content).hexdigest()

    async def work(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        lodged = await client.post(PATH, content=parts(content), headers=PDF)
        return lodged, await client.get(lodged.headers["location"])

    lodged, fetched = served.run(work)
    assert (lodged.status_code, lodged.json()) == (201, {"digest": digest, "size": size})
    assert (fetched.status_code, fetched.content == content) == (200, True)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-length"] == str(size)
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert fetched.headers["content-security-policy"].startswith("default-src 'none'")
    assert not any(content[:64] in path.read_bytes() for path in files(served) if size > 64)


def test_the_same_file_twice_is_one(served_sqlite: Served):
    async def work(client: httpx.AsyncClient) -> list[Any]:
        return [(await client.post(PATH, content=b"same", headers=PDF)).json() for _ in range(2)]

    first, second = served_sqlite.run(work)
    assert first == second
    assert len(files(served_sqlite)) == 1


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "streamed"])
def test_over_fifty_megabytes_is_refused(served_sqlite: Served, declared: bool):
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken <= MAX_EVIDENCE + (8 << 20):
            taken += 1 << 20
            yield b"x" * (1 << 20)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        length = {"Content-Length": str(MAX_EVIDENCE + 1)} if declared else {}
        return await client.post(PATH, content=endless(), headers=PDF | length)

    answer = served_sqlite.run(work)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/evidence_too_large")
    assert files(served_sqlite) == []
    if declared:
        assert taken <= 1 << 20, "it was read although it was known to be too large"


@pytest.mark.parametrize(
    ("content", "media_type", "rule"),
    [(b"", "application/pdf", "evidence_empty"), (b"x", "", "media_type"), (b"x", "no type", "media_type")],
)
def test_what_is_no_file_is_refused(served_sqlite: Served, content: bytes, media_type: str, rule: str):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(PATH, content=content, headers={"Content-Type": media_type})

    answer = served_sqlite.run(work)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{rule}")
    assert files(served_sqlite) == []


def test_an_upload_that_breaks_off_leaves_nothing(served_sqlite: Served):
    served = served_sqlite
    messages = [
        {"type": "http.request", "body": b"x" * 2_000_000, "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "root_path": "",
        "headers": [(b"authorization", f"Bearer {served.key}".encode()), (b"content-type", b"application/pdf")],
    }
    answered: list[Any] = []

    async def work() -> None:
        async def receive() -> Any:
            return messages.pop(0)

        async def send(message: Any) -> None:
            answered.append(message)

        await served.app(scope, receive, send)

    asyncio.run(work())
    assert answered[0]["status"] == 400
    assert files(served) == []


def test_what_was_erased_or_never_lodged_is_not_found(served_sqlite: Served):
    served = served_sqlite
    keys = Keys(served.settings.keys)
    evidence = Evidence(served.settings.evidence, keys)
    digest = evidence.lodge([b"to be erased"], "text/plain").digest

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        found = [await client.get(f"{PATH}/{digest}")]
        evidence.erase(digest)
        return [*found, await client.get(f"{PATH}/{digest}"), await client.get(f"{PATH}/{'0' * 64}")]

    there, erased, never = served.run(work)
    keys.close()
    assert there.status_code == 200
    for answer in (erased, never):
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown_evidence")


def test_a_digest_is_no_path(served_sqlite: Served):
    async def work(client: httpx.AsyncClient) -> list[int]:
        asked = ["..%2F..%2Fluoshi.keys", "A" * 64, "0" * 63]
        return [(await client.get(f"{PATH}/{one}")).status_code for one in asked]

    assert set(served_sqlite.run(work)) <= {404, 422}


def test_it_takes_a_key_for_evidence(served_sqlite: Served):
    async def work(client: httpx.AsyncClient) -> list[int]:
        return [
            (await client.post(PATH, content=b"x", headers=PDF)).status_code,
            (await client.get(f"{PATH}/{'0' * 64}")).status_code,
        ]

    assert served_sqlite.run(work, key=served_sqlite.new_key(Scope.COMMAND)) == [403, 403]


def test_every_download_is_in_the_access_log(served_sqlite: Served):
    served = served_sqlite
    digest = Evidence(served.settings.evidence, served.subjects).lodge([b"a page"], "text/plain").digest

    async def work(client: httpx.AsyncClient) -> None:
        head = await client.head(f"{PATH}/{digest}")
        assert (head.status_code, head.headers["content-length"]) == (200, "6")
        await client.get(f"{PATH}/{digest}")
        await client.get(f"{PATH}/{'0' * 64}")

    served.run(work)
    [entry] = map(orjson.loads, served.settings.access_log.read_bytes().splitlines())
    assert (entry["client"], entry["outcome"], entry["evidence"]) == ("test", "downloaded", digest)
    assert list(AccessLog(served.settings.access_log).check()) == []
