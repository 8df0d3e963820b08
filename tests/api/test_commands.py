"""What a command is answered with: receipts, retries, versions, headers."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_ledger import Served, serve

from api.app import NOUNS
from domain.actor import Role
from domain.command import COMMANDS
from ledger.codec import decode

UNIT = {"code": "TC-MZ", "title": "示例市民政局", "unit_class": "department", "region": "320585"}


async def registered(client: httpx.AsyncClient, served: Served, code: str = "A") -> str:
    answer = await client.post("/v1/units", json={**UNIT, "code": code}, headers=served.headers())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_command_is_stored_and_answered(served: Served):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/units", json=UNIT, headers=served.headers())

    answer = served.run(work)
    assert answer.status_code == 201
    said = answer.json()
    assert said.keys() == {"id", "position", "version", "recorded_at", "count"}
    head = served.store.head()
    assert (said["position"], said["version"], said["count"]) == (head.position, 1, 1)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/v1/events/{head.position}"
    assert "idempotency-replayed" not in answer.headers


def test_every_command_has_one_door():
    doors = [door for noun in NOUNS for door in noun.doors]
    assert sorted(door.command.NAME for door in doors) == sorted(COMMANDS)
    assert len({door.path for door in doors}) == len(doors)
    for door in doors:
        assert ("{id}" not in door.path) == door.command.CREATES, door.path
        assert not (door.versioned and door.command.CREATES), door.path


@pytest.mark.parametrize("hot", [False, True], ids=["route", "hot"])
def test_a_retry_gets_the_first_answer(served: Served, hot: bool):
    headers = served.headers()
    body = {
        "command": "register_unit",
        "person": headers["Luoshi-Person"],
        "key": headers["Idempotency-Key"],
        "body": UNIT,
    }

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        if hot:
            return [await client.post("/v1/commands", json=body) for _ in range(2)]
        return [await client.post("/v1/units", json=UNIT, headers=headers) for _ in range(2)]

    first, second = served.run(work)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
    assert served.store.head().position == first.json()["position"]


def test_retries_side_by_side_are_one_command(served: Served):
    headers = served.headers()

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return await asyncio.gather(*(client.post("/v1/units", json=UNIT, headers=headers) for _ in range(20)))

    answers = served.run(work)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_keys_of_two_clients_are_apart(served_sqlite: Served):
    served = served_sqlite
    headers = served.headers()

    async def work(client: httpx.AsyncClient) -> list[int]:
        other = {"Authorization": f"Bearer {served.new_key('command', client='other')}"}
        answers = [
            await client.post("/v1/units", json=UNIT, headers=headers),
            await client.post("/v1/units", json={**UNIT, "code": "B"}, headers=headers | other),
        ]
        return [answer.status_code for answer in answers]

    assert served.run(work) == [201, 201]


def test_versions_are_asked_for_and_kept(served: Served):
    rename = {"title": "示例市民政和养老局", "reason": "机构改革"}

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        path = f"/v1/units/{await registered(client, served)}/name"

        async def attempt(title: str, *tag: str) -> httpx.Response:
            headers = served.headers(**({"If_Match": tag[0]} if tag else {}))
            return await client.post(path, json={**rename, "title": title}, headers=headers)

        return [
            await attempt("一"),
            await attempt("二", '"1"'),
            await attempt("三", '"1"'),
            await attempt("四", '"2.17.2011-01-04"'),
            await attempt("五", "*"),
            await attempt("六", 'W/"3"'),
            await attempt("七", '"0"'),
        ]

    missing, good, stale, long, anything, weak, none = served.run(work)
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/if_match_missing")
    assert (good.status_code, good.headers["etag"]) == (201, '"2"')
    assert (stale.status_code, stale.json()["current_version"], stale.headers["etag"]) == (412, 2, '"2"')
    assert (long.status_code, long.headers["etag"]) == (201, '"3"')
    for malformed in (anything, weak, none):
        assert (malformed.status_code, malformed.json()["type"]) == (400, "/problems/if_match_malformed")


def test_of_many_with_one_version_one_is_accepted(served: Served):
    async def work(client: httpx.AsyncClient) -> list[int]:
        path = f"/v1/units/{await registered(client, served)}/name"
        attempts = (
            client.post(path, json={"title": f"名称{n}", "reason": "试"}, headers=served.headers(If_Match='"1"'))
            for n in range(30)
        )
        return [answer.status_code for answer in await asyncio.gather(*attempts)]

    statuses = served.run(work)
    assert sorted(statuses) == [201] + [412] * 29


@pytest.mark.parametrize(
    ("missing", "status", "rule"),
    [("Idempotency-Key", 400, "idempotency_key_missing"), ("Luoshi-Person", 400, "person_missing")],
)
def test_headers_a_command_needs(served_sqlite: Served, missing: str, status: int, rule: str):
    served = served_sqlite

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        headers = served.headers()
        body = {"command": "register_unit", "person": headers["Luoshi-Person"], "key": "k", "body": UNIT}
        del headers[missing]
        del body["key" if missing == "Idempotency-Key" else "person"]
        return [
            await client.post("/v1/units", json=UNIT, headers=headers),
            await client.post("/v1/commands", json=body),
            await client.post("/v1/commands/bulk", json=body),
        ]

    head = served.store.head()
    for answer in served.run(work):
        problem = answer.json()
        assert (problem["status"], problem["type"]) == (status, f"/problems/{rule}")
    assert served.store.head() == head


def test_the_envelope_comes_from_the_headers(served: Served):
    sent = {
        "Luoshi-Occurred-At": "2011-01-03T16:00:00+08:00",
        "Luoshi-Simulated-At": "2011-02-01T09:00:00+08:00",
        "Luoshi-Channel": "hotline",
        "Luoshi-Programme": "%E8%BF%9E%E5%BF%83%E6%A1%A5",
        "Luoshi-On-Behalf-Of": served.administrators[Role.AUDITOR],
        "Luoshi-Correlation": "case-7",
    }

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/units", json=UNIT, headers=served.headers() | sent)

    answer = served.run(work)
    assert answer.status_code == 201, answer.text
    assert answer.json()["recorded_at"] == "2011-02-01T01:00:00.000000Z"
    meta = decode(served.store.read(answer.json()["position"] - 1, 1)[0]).meta
    assert (meta.client, meta.actor) == ("test", served.administrators[Role.SYSTEM_ADMIN])
    assert (meta.channel, meta.programme) == ("hotline", "连心桥")
    assert meta.occurred_at.isoformat() == "2011-01-03T08:00:00+00:00"
    assert meta.on_behalf_of == served.administrators[Role.AUDITOR]
    assert meta.correlation is not None
    assert "case-7" not in meta.correlation


def test_headers_are_defaults_on_the_hot_route(served_sqlite: Served):
    served = served_sqlite
    sent = {"Luoshi-Channel": "hotline", "Luoshi-Occurred-At": "2011-01-03T16:00:00+08:00"}
    rename = {"command": "rename_unit", "body": {"title": "新名", "reason": "试"}}

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        headers = served.headers() | sent
        made = await client.post("/v1/commands", json={"command": "register_unit", "body": UNIT}, headers=headers)
        again = await client.post("/v1/commands", json={"command": "register_unit", "body": UNIT}, headers=headers)
        on = {**rename, "stream": made.json()["id"], "channel": "window"}
        stale = await client.post("/v1/commands", json=on, headers=served.headers(If_Match='"7"') | sent)
        good = await client.post("/v1/commands", json=on, headers=served.headers(If_Match='"1"') | sent)
        told = await client.post("/v1/commands", json={**on, "if_version": 2}, headers=served.headers(If_Match='"1"'))
        return [made, again, stale, good, told]

    made, again, stale, good, told = served.run(work)
    assert (made.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert (stale.status_code, good.status_code) == (412, 201)
    # What the body says goes before what a header says; the title is the same, so that the version alone passed.
    assert (told.status_code, told.json()["type"]) == (409, "/problems/unchanged")
    metas = [decode(served.store.read(one.json()["position"] - 1, 1)[0]).meta for one in (made, good)]
    assert [meta.channel for meta in metas] == ["hotline", "window"]
    assert {meta.occurred_at.isoformat() for meta in metas} == {"2011-01-03T08:00:00+00:00"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/units"),
        ("POST", "/v1/commands"),
        ("POST", "/v1/commands/bulk"),
        ("POST", "/v1/openings"),
        ("POST", "/v1/evidence"),
        ("GET", "/v1/evidence/" + "0" * 64),
        ("GET", "/v1/keys"),
        ("POST", "/v1/keys"),
        ("POST", "/v1/keys/x/revocation"),
        ("GET", "/v1/commitments"),
        ("GET", "/v1/stream"),
    ],
)
def test_a_key_is_named_once(tmp_path: Path, method: str, path: str):
    real = serve(f"sqlite:///{tmp_path}/luoshi.db", tmp_path, demonstration=False)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        del client.headers["Authorization"]
        return await client.request(method, path, headers=[("Authorization", f"Bearer {real.key}")] * 2)

    answer = real.run(work)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/header_malformed")
    assert answer.json()["field"] == "Authorization"
    real.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Luoshi-Channel", b"\xff"),
        ("Luoshi-Programme", b"%FF"),
        ("Luoshi-Programme", b"%0A"),
        ("Idempotency-Key", b"k" * 513),
    ],
)
def test_headers_that_cannot_be_read(served_sqlite: Served, name: str, value: bytes):
    served = served_sqlite

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        headers: list[tuple[Any, Any]] = [(key, text) for key, text in served.headers().items() if key != name]
        return await client.post("/v1/units", json=UNIT, headers=[*headers, (name, value)])

    answer = served.run(work)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/header_malformed")
    assert answer.json()["field"] == name


def test_a_header_given_twice_is_refused(served_sqlite: Served):
    served = served_sqlite

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        headers = [*served.headers().items(), ("Luoshi-Person", "another")]
        return await client.post("/v1/units", json=UNIT, headers=headers)

    assert served.run(work).json()["type"] == "/problems/header_malformed"


def test_simulated_time_is_for_demonstrations(tmp_path: Any):
    served = serve(f"sqlite:///{tmp_path}/luoshi.db", tmp_path, demonstration=False)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        headers = served.headers() | {"Luoshi-Simulated-At": "2011-02-01T09:00:00+08:00"}
        return await client.post("/v1/units", json=UNIT, headers=headers)

    answer = served.run(work)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/simulated_time_not_allowed")
    served.close()


def test_when_the_writer_is_down_a_retry_is_invited(served_sqlite: Served):
    served = served_sqlite
    served.gate.close()
    body = {"command": "register_unit", "person": served.administrators[Role.SYSTEM_ADMIN], "key": "k", "body": UNIT}

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [
            await client.post("/v1/units", json=UNIT, headers=served.headers()),
            await client.post("/v1/commands", json=body),
        ]

    for answer in served.run(work):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert answer.headers["retry-after"] == "1"
