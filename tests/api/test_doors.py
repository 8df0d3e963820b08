"""What may not be is refused alike through every door, as a problem document, and nothing is stored."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served

from api.app import NOUNS
from api.examples import Story, story
from domain.command import COMMANDS
from ledger.evidence import Evidence
from ledger.keys import Keys

PATHS = {door.command.NAME: door.path for noun in NOUNS for door in noun.doors}
TOLD = story()
NOBODY = "00000000-0000-7000-8000-000000000000"
MIB = 1 << 20


@dataclass
class Case:
    """One request that must be refused. `body` is what goes over the wire, when it is no JSON object."""

    command: str
    by: str
    status: int
    rule: str
    of: str = ""
    change: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    body: bytes | None = None
    named: str | None = None
    if_version: int | None = None
    key: str | None = None
    state: str | None = None

    def content(self) -> bytes:
        if self.body is not None:
            return self.body
        body = {**TOLD.first(self.command).body, **self.change}
        return orjson.dumps({name: value for name, value in body.items() if name not in self.without})


LONG = "长" * 10_001
PROPOSE, ISSUE, FUNDS = "propose_commitment", "issue_policy", "make_contribution"


def nested(levels: int) -> bytes:
    """A body with brackets in texts too, which are no levels."""
    return b'{"summary":"' + b"[" * 100 + b'","title":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


NO_QUANTITY = [{"key": "a", "text": "硬化道路", "measure": "公里"}]

CASES = {
    "unknown field": Case(PROPOSE, "supervisor", 422, "unknown_field", change={"colour": 1}, named="colour"),
    "unknown field within": Case(
        ISSUE, "supervisor", 422, "unknown_field", change={"targets": [{"colour": 1}]}, named="targets.colour"
    ),
    "missing field": Case(PROPOSE, "supervisor", 422, "missing_field", without=("measure",), named="measure"),
    "text for a number": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"quantity": "12"}, named="quantity"),
    "half for a number": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"quantity": 1.5}, named="quantity"),
    "1.0 for a number": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"quantity": 1.0}, named="quantity"),
    "1e3 for a number": Case(FUNDS, "officer", 422, "wrong_type", body=b'{"amount_fen": 1e3}', named="amount_fen"),
    "true for a number": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"quantity": True}, named="quantity"),
    "number for a text": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"title": 7}, named="title"),
    "unknown choice": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"mandate": "whim"}, named="mandate"),
    "no such day": Case(PROPOSE, "supervisor", 422, "wrong_type", change={"due_on": "2011-02-30"}, named="due_on"),
    "time without offset": Case(
        "record_follow_up",
        "officer",
        422,
        "wrong_type",
        of="road",
        change={"evidence": [{"digest": "0" * 64, "captured_at": "2011-03-01T08:00:00"}]},
        named="evidence.captured_at",
    ),
    "date before the start": Case(
        PROPOSE, "supervisor", 422, "date_before_start", change={"due_on": "2011-02-28"}, named="due_on"
    ),
    "target without a quantity": Case(
        ISSUE, "supervisor", 422, "missing_field", change={"targets": NO_QUANTITY}, named="targets.quantity"
    ),
    "commitment without a quantity": Case(
        PROPOSE, "supervisor", 422, "missing_field", without=("quantity",), named="quantity"
    ),
    "text too long": Case(ISSUE, "supervisor", 422, "text_too_long", change={"summary": LONG}, named="summary"),
    "invalid UTF-8": Case(ISSUE, "supervisor", 422, "invalid_json", body=b'{"title":"\xff\xfe"}'),
    "no JSON": Case(ISSUE, "supervisor", 422, "invalid_json", body=b'{"title":'),
    "torn JSON": Case(ISSUE, "supervisor", 422, "invalid_json", body=b'{"title":[['),
    "64 levels": Case(ISSUE, "supervisor", 422, "wrong_type", body=nested(64), named="title"),
    "65 levels": Case(ISSUE, "supervisor", 422, "invalid_json", body=nested(65)),
    "300 levels": Case(ISSUE, "supervisor", 422, "invalid_json", body=nested(300)),
    "100,000 levels": Case(ISSUE, "supervisor", 422, "invalid_json", body=nested(100_000)),
    "no object": Case(ISSUE, "supervisor", 422, "wrong_type", body=b"[1]"),
    "negative amount": Case(
        FUNDS,
        "officer",
        422,
        "number_out_of_range",
        change={"amount_fen": -1, "partner": TOLD.ids["village"]},
        without=("project",),
        named="amount_fen",
    ),
    "unknown unit": Case(
        PROPOSE, "supervisor", 422, "unknown_reference", change={"lead_unit": NOBODY}, named="lead_unit"
    ),
    "a partner for a unit": Case(
        PROPOSE,
        "supervisor",
        422,
        "unknown_reference",
        change={"lead_unit": TOLD.ids["village"]},
        named="lead_unit",
    ),
    "unknown evidence": Case(
        "report_fulfilment",
        "head",
        422,
        "unknown_evidence",
        of="road",
        change={"evidence": [{"digest": "0" * 64, "captured_at": "2011-03-01T08:00:00+08:00"}]},
        named="evidence.digest",
    ),
    "out of turn": Case("verify_commitment", "supervisor", 409, "out_of_turn", of="bus", state="terminated"),
    "unknown stream": Case("rename_unit", "system_admin", 404, "unknown_stream", of="village"),
    "stale version": Case("publish_commitment", "vetter", 412, "stale_version", of="bus", if_version=1),
    "wrong role": Case(PROPOSE, "officer", 403, "role_not_allowed"),
    "another unit": Case(FUNDS, "officer", 403, "other_unit", change={"unit": TOLD.ids["civil"]}, named="unit"),
    "the same person": Case("withdraw_policy", "supervisor", 403, "same_person", of="policy"),
    "one who left": Case(FUNDS, "leaving", 403, "person_left", named="person"),
    "taken already": Case("register_unit", "system_admin", 409, "already_held", change={"code": "MZ"}),
    "a key used before": Case(PROPOSE, "supervisor", 422, "key_reused", key="reused", change={"title": "另一标题"}),
    "an invisible title": Case(PROPOSE, "supervisor", 422, "text_empty", change={"title": "  "}, named="title"),
}


def fields(case: Case, told: Story, served: Served) -> dict[str, Any]:
    version = None
    if case.of:
        version = case.if_version or len([step for step in told.steps if step.made == told.ids[case.of]])
    return {
        "stream": told.ids[case.of] if case.of else "",
        "person": told.ids[case.by],
        "key": case.key or f"refused-{next(served.numbers)}",
        "if_version": version,
    }


async def by_route(client: httpx.AsyncClient, case: Case, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    headers = {"Luoshi-Person": asked["person"], "Idempotency-Key": asked["key"]}
    if asked["if_version"] is not None:
        headers["If-Match"] = f'"{asked["if_version"]}"'
    path = PATHS[case.command].replace("{id}", asked["stream"])
    answer = await client.post(path, content=case.content(), headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()


def written(case: Case, asked: dict[str, Any]) -> bytes:
    told = json.dumps({"command": case.command, **asked}).encode()
    return told[:-1] + b',"body":' + case.content().replace(b"\n", b"") + b"}"


async def by_hot(client: httpx.AsyncClient, case: Case, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/v1/commands", content=written(case, asked))
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()


async def by_bulk(client: httpx.AsyncClient, case: Case, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/v1/commands/bulk", content=written(case, asked) + b"\n")
    assert answer.status_code == 200
    result = orjson.loads(answer.content)
    assert result.pop("line") == 1
    return result["status"], result


DOORS = {"route": by_route, "hot": by_hot, "bulk": by_bulk}


async def use_up(client: httpx.AsyncClient, key: str) -> None:
    """Sends another proposal under the key."""
    targets = [{"policy": TOLD.ids["policy"], "target": "bus"}]
    headers = {"Luoshi-Person": TOLD.ids["supervisor"], "Idempotency-Key": key}
    answer = await client.post(PATHS[PROPOSE], json={**TOLD.first(PROPOSE).body, "targets": targets}, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("name", CASES)
def test_every_door_refuses_alike(told_on_both: Served, name: str):
    served, case = told_on_both, CASES[name]

    async def work(client: httpx.AsyncClient) -> list[tuple[int, dict[str, Any]]]:
        if case.key is not None:
            await use_up(client, case.key)
        head = served.store.head()
        answers = [await door(client, case, fields(case, TOLD, served)) for door in DOORS.values()]
        assert served.store.head() == head, "something was stored"
        return answers

    answers = served.run(work)
    for status, problem in answers:
        assert (status, problem["type"]) == (case.status, f"/problems/{case.rule}"), problem
        assert problem["status"] == status
        assert problem["title"]
        assert problem["detail"]
        assert problem["detail_en"].isascii() or "“" in problem["detail_en"]
        if case.named is not None:
            assert problem["field"] == case.named
        if case.state is not None:
            assert problem["state"] == case.state
        if case.status == 412:
            assert (
                problem["current_version"]
                == fields(Case(case.command, case.by, 0, "", of=case.of), TOLD, served)["if_version"]
            )
    route, hot, bulk = (problem for _, problem in answers)
    assert route == hot == bulk


@pytest.mark.parametrize("version", [1.0, -1, 10**18, 10**30])
def test_a_version_is_a_whole_number(told: Served, version: float):
    case = Case(PROPOSE, "supervisor", 422, "wrong_type", of="road")
    asked = {**fields(case, TOLD, told), "if_version": version}

    async def work(client: httpx.AsyncClient) -> list[tuple[int, dict[str, Any]]]:
        return [await door(client, case, asked) for door in (by_hot, by_bulk)]

    for status, problem in told.run(work):
        assert (status, problem["type"], problem["field"]) == (422, "/problems/wrong_type", "if_version")


ENVELOPE = ("channel", "occurred_at", "simulated_at", "programme", "on_behalf_of", "correlation", "causation")


@pytest.mark.parametrize("name", ENVELOPE)
def test_what_is_empty_is_not_left_out(told: Served, name: str):
    case = Case(FUNDS, "officer", 422, "wrong_type", change={"partner": TOLD.ids["village"]}, without=("project",))
    header = {f"Luoshi-{name.replace('_', '-')}": ""}

    async def work(client: httpx.AsyncClient) -> list[dict[str, Any]]:
        head = told.store.head()
        answers = [(await door(client, case, {**fields(case, TOLD, told), name: ""}))[1] for door in (by_hot, by_bulk)]
        asked = fields(case, TOLD, told)
        given = {"Luoshi-Person": asked["person"], "Idempotency-Key": asked["key"]}
        answers.append((await client.post(PATHS[FUNDS], content=case.content(), headers=given | header)).json())
        paths = ("/v1/commands", "/v1/commands/bulk")
        answers += [(await client.post(path, content=written(case, asked), headers=header)).json() for path in paths]
        assert told.store.head() == head, "something was stored"
        return answers

    for problem in told.run(work):
        problem.pop("line", None)
        assert (problem["status"], problem["type"], problem["field"]) == (422, "/problems/wrong_type", name)


@pytest.mark.parametrize(
    ("name", "value", "status", "rule"),
    [
        ("person", "", 400, "person_missing"),
        ("key", None, 400, "idempotency_key_missing"),
        ("command", "", 422, "missing_field"),
    ],
)
def test_what_every_command_needs_may_not_be_empty(told: Served, name: str, value: str | None, status: int, rule: str):
    case = Case(FUNDS, "officer", status, rule)
    header = {"Luoshi-Person": TOLD.ids["officer"]}

    async def work(client: httpx.AsyncClient) -> list[dict[str, Any]]:
        asked = json.loads(written(case, fields(case, TOLD, told))) | {name: value}
        paths = ("/v1/commands", "/v1/commands/bulk")
        return [(await client.post(path, json=asked, headers=header)).json() for path in paths]

    for problem in told.run(work):
        assert (problem["status"], problem["type"]) == (status, f"/problems/{rule}")


def test_out_of_turn_says_what_is_possible(told: Served):
    case = Case("register_commitment", "leader", 409, "out_of_turn", of="road")

    async def work(client: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
        return await by_route(client, case, fields(case, TOLD, told))

    status, problem = told.run(work)
    assert (status, problem["state"]) == (409, "archived")
    assert "allowed" not in problem or set(problem["allowed"]) <= set(COMMANDS)


def test_a_command_over_a_mebibyte_is_refused_by_every_door(told_on_both: Served):
    served = told_on_both
    case = Case(ISSUE, "supervisor", 413, "too_large", change={"summary": "x" * MIB})

    async def work(client: httpx.AsyncClient) -> list[tuple[int, dict[str, Any]]]:
        return [await door(client, case, fields(case, TOLD, served)) for door in DOORS.values()]

    head = served.store.head()
    answers = served.run(work)
    assert [(status, problem["type"]) for status, problem in answers] == [(413, "/problems/too_large")] * 3
    assert served.store.head() == head


def test_a_problem_never_repeats_what_was_sent(told: Served):
    secret = "一三八〇〇〇〇"
    case = Case(PROPOSE, "supervisor", 422, "wrong_type", change={"quantity": secret, "due_on": secret})

    async def work(client: httpx.AsyncClient) -> list[str]:
        asked = fields(case, TOLD, told)
        return [str(await door(client, case, asked)) for door in DOORS.values()]

    assert not [said for said in told.run(work) if secret in said]


def test_evidence_of_the_story_is_there(told: Served):
    keys = Keys(told.settings.keys)
    assert Evidence(told.settings.evidence, keys).lodged(TOLD.first("record_follow_up").body["evidence"][0]["digest"])
    keys.close()
