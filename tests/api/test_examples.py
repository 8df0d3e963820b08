"""The examples in OpenAPI work: sent in order, they are one life of everything."""

from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served

from api.examples import CLIENT, FILE, FRAME, Step, Story, story
from api.keys import Scope
from domain.command import COMMANDS


def operations(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """operationId → (method, path, operation)."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def documented(document: dict[str, Any], command: str) -> tuple[str, dict[str, str], Any]:
    """Address, headers and body of a command, as its example in OpenAPI gives them."""
    _, path, operation = operations(document)[command]
    headers = {}
    for parameter in operation["parameters"]:
        if "example" not in parameter:
            continue
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", parameter["example"])
        else:
            headers[parameter["name"]] = parameter["example"]
    return path, headers, operation["requestBody"]["content"]["application/json"]["example"]


def asked(document: dict[str, Any], step: Step) -> tuple[str, dict[str, str], Any]:
    path = operations(document)[step.command][1].replace("{id}", step.stream)
    headers = {
        "Idempotency-Key": step.key,
        "Luoshi-Person": step.person,
        "Luoshi-Simulated-At": step.at.isoformat(),
        "If-Match": f'"{step.if_version}"',
    }
    if not step.stream:
        del headers["If-Match"]
    return path, headers, dict(step.body)


def test_every_command_has_a_step():
    assert {step.command for step in story().steps} == set(COMMANDS)


def test_commands_of_the_document_are_one_life(served: Served):
    document = served.app.openapi()
    told = story()

    async def work(client: httpx.AsyncClient) -> None:
        lodge = document["paths"]["/v1/evidence"]["post"]["requestBody"]["content"]["text/plain"]["example"]
        assert lodge.encode() == FILE
        answer = await client.post("/v1/evidence", content=lodge.encode(), headers={"Content-Type": "text/plain"})
        assert answer.status_code == 201
        await client.post("/v1/evidence", content=FRAME, headers={"Content-Type": "text/plain"})
        shown = set()
        for step in told.steps:
            # The first of each kind is sent exactly as the document has it.
            sent = asked(document, step) if step.command in shown else documented(document, step.command)
            shown.add(step.command)
            path, headers, body = sent
            answer = await client.post(path, headers=headers, json=body)
            assert answer.status_code == 201, (step.command, answer.text)
            assert (answer.json()["id"], answer.headers["etag"]) == (step.made, f'"{told_version(told, step)}"')

    served.run(work, key=served.new_key(*Scope, client=CLIENT))
    assert served.store.head().position == 4 + sum(told.versions.values())


def told_version(told: Story, step: Step) -> int:
    """Of the stream after the step: what the next step on it rests on."""
    later = (other.if_version for other in told.steps[told.steps.index(step) + 1 :] if other.made == step.made)
    return next(later, None) or next(told.versions[name] for name, made in told.ids.items() if made == step.made)


def test_queries_of_the_document_answer(told: Served):
    document = told.app.openapi()

    async def work(client: httpx.AsyncClient) -> dict[str, int]:
        statuses = {}
        for name, (method, path, operation) in operations(document).items():
            if method != "get" or name in {"stream", "list_keys"}:
                continue
            query, headers, address = {}, {}, path
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    address = address.replace("{" + parameter["name"] + "}", str(parameter["example"]))
                elif "example" in parameter:
                    (headers if parameter["in"] == "header" else query)[parameter["name"]] = parameter["example"]
            answer = await client.get(address, params=query, headers=headers)
            statuses[name] = answer.status_code
        return statuses

    statuses = told.run(work)
    assert statuses == dict.fromkeys(statuses, 200)
    assert len(statuses) >= 18


def test_the_bulk_example_works(served_sqlite: Served):
    document = served_sqlite.app.openapi()
    content = document["paths"]["/v1/commands/bulk"]["post"]["requestBody"]["content"]["application/jsonl"]

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/commands/bulk", content=content["example"].encode())

    answer = served_sqlite.run(work, key=served_sqlite.new_key(*Scope, client=CLIENT))
    lines = [orjson.loads(line) for line in answer.content.splitlines()]
    assert [line["status"] for line in lines] == [201, 201, 201]
    assert [line["id"] for line in lines] == [step.made for step in story().steps[:3]]


def test_the_hot_example_works_where_it_stands(served_sqlite: Served):
    document = served_sqlite.app.openapi()
    example = document["paths"]["/v1/commands"]["post"]["requestBody"]["content"]["application/json"]["example"]
    steps = story().steps
    place = next(n for n, step in enumerate(steps) if step.key == example["key"])

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        await client.post("/v1/evidence", content=FILE, headers={"Content-Type": "text/plain"})
        for step in steps[:place]:
            path, headers, body = asked(document, step)
            assert (await client.post(path, headers=headers, json=body)).status_code == 201
        return await client.post("/v1/commands", json=example)

    answer = served_sqlite.run(work, key=served_sqlite.new_key(*Scope, client=CLIENT))
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_described(told: Served, name: str):
    _, _, operation = operations(told.app.openapi())[name]
    assert operation["summary"]
    assert operation["description"].isascii() is False
    assert {"IdempotencyKey", "LuoshiPerson"} <= {
        "".join(part.title() for part in parameter.get("name", "").split("-")) for parameter in operation["parameters"]
    }
