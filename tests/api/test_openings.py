"""Sealed fields are opened for those who may, and every request is in the access log first."""

import hmac
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served

from api.access_log import FIRST, AccessLog, Entry
from api.examples import story
from api.keys import Scope
from domain.actor import Role
from ledger.codec import key_of

PATH = "/v1/openings"
TOLD = story()
PROBLEM = TOLD.first("raise_problem")


def position_of(served: Served, name: str, version: int = 1) -> int:
    return served.store.stream(key_of(TOLD.ids[name]))[version - 1].position


def lines(served: Served) -> list[dict[str, Any]]:
    log = served.settings.access_log
    return [orjson.loads(line) for line in log.read_bytes().splitlines()] if log.exists() else []


def opened(
    served: Served, by: str, *positions: int, reason: str = "核实来电", key: str | None = None
) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        body = {"positions": list(positions), "reason": reason}
        return await client.post(PATH, json=body, headers={"Luoshi-Person": TOLD.ids.get(by, by)})

    return served.run(work, key=key)


def test_a_supervisor_opens_and_the_log_says_so(told_on_both: Served):
    served = told_on_both
    before = len(lines(served))
    position = position_of(served, "problem")
    answer = opened(served, "supervisor", position)
    assert answer.status_code == 200, answer.text
    found = {one["path"]: one for one in answer.json()["opened"]}
    assert {path: one["value"] for path, one in found.items()} == {
        "detail": PROBLEM.body["detail"],
        "contact_name": PROBLEM.body["contact_name"],
    }
    for path, one in found.items():
        # Anyone can check what was opened against the leaf.
        value, place = one["value"].encode(), path.encode()
        message = len(place).to_bytes(4, "big") + place + len(value).to_bytes(4, "big") + value
        assert hmac.digest(bytes.fromhex(one["r"]), message, "sha256").hex() == one["commitment"]
        assert one["commitment"].encode() in served.store.read(position - 1, 1)[0].state
    [entry] = lines(served)[before:]
    assert (entry["client"], entry["person"], entry["positions"]) == ("test", TOLD.ids["supervisor"], [position])
    assert (entry["reason"], entry["outcome"], entry["hash"]) == ("核实来电", "opened", answer.json()["logged"])


@pytest.mark.parametrize(
    ("by", "name", "status", "rule"),
    [
        ("officer", "problem", 200, "opened"),  # the unit that took it on
        ("caller", "problem", 200, "opened"),
        ("inspector", "household", 200, "opened"),
        ("officer", "household", 403, "other_unit"),
        ("leader", "problem", 403, "role_not_allowed"),
        ("leaving", "problem", 403, "role_not_allowed"),
        ("00000000-0000-7000-8000-000000000000", "problem", 403, "unknown_person"),
        ("not a name", "problem", 403, "unknown_person"),
    ],
)
def test_who_may_open_what(told: Served, by: str, name: str, status: int, rule: str):
    answer = opened(told, by, position_of(told, name))
    assert answer.status_code == status, answer.text
    assert lines(told)[-1]["outcome"] == rule
    if status != 200:
        assert answer.json()["type"] == f"/problems/{rule}"
        assert "opened" not in answer.json()


def test_what_was_erased_reads_so(told: Served):
    answer = opened(told, "supervisor", position_of(told, "household"), position_of(told, "household", 2))
    assert [(one["value"], one["r"], one["erased"]) for one in answer.json()["opened"]] == [("已删除", None, True)] * 4


def test_an_event_without_sealed_fields_opens_to_nothing(told: Served):
    assert opened(told, "supervisor", 1).json()["opened"] == []


@pytest.mark.parametrize(
    ("body", "rule", "field"),
    [
        ({"positions": [], "reason": "x"}, "wrong_type", "positions"),
        ({"positions": ["1"], "reason": "x"}, "wrong_type", "positions.0"),
        ({"positions": [0], "reason": "x"}, "wrong_type", "positions.0"),
        ({"positions": [1]}, "missing_field", "reason"),
        ({"positions": [1], "reason": " "}, "text_empty", "reason"),
        ({"positions": [1], "reason": "x", "more": 1}, "unknown_field", "more"),
    ],
)
def test_what_is_no_request(told: Served, body: dict[str, Any], rule: str, field: str):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(PATH, json=body, headers={"Luoshi-Person": TOLD.ids["supervisor"]})

    answer = told.run(work)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{rule}")
    assert answer.json()["field"] == field
    entry = lines(told)[-1]
    positions = [one for one in body["positions"] if isinstance(one, int) and one > 0]
    assert (entry["outcome"], entry["person"], entry["positions"]) == (rule, TOLD.ids["supervisor"], positions)
    assert entry["reason"] == ""


@pytest.mark.parametrize("path", [PATH, "/v1/keys"])
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "invalid_json"),
        (b'{"positions":', "invalid_json"),
        (b'{"positions":"\xff"}', "invalid_json"),
        (b"[" * 100_000, "invalid_json"),
        (b'{"positions":' + b"[" * 64 + b"]" * 64 + b"}", "invalid_json"),
        (b"[1]", "wrong_type"),
    ],
)
def test_what_is_no_json_is_refused_as_everywhere(told: Served, path: str, body: bytes, rule: str):
    person = told.administrators[Role.SYSTEM_ADMIN]
    before = lines(told)

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        nobody = await client.post(path, content=body)
        return [nobody, await client.post(path, content=body, headers={"Luoshi-Person": person})]

    nobody, answer = told.run(work)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{rule}")
    # Who names neither a person nor an event asked for nothing that could be opened.
    added = lines(told)[len(before) :]
    assert [(one["person"], one["outcome"]) for one in added] == ([(person, rule)] if path == PATH else [])
    assert nobody.status_code in {403, 422}


def test_a_key_is_checked_before_the_body(told: Served):
    async def work(client: httpx.AsyncClient) -> list[int]:
        bad = {"Authorization": "Bearer ls_00_x"}
        return [(await client.post(path, content=b"{", headers=bad)).status_code for path in (PATH, "/v1/keys")]

    assert told.run(work) == [401, 401]


def test_a_position_ahead_of_the_ledger(told: Served):
    answer = opened(told, "supervisor", 10**9)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown_event")
    assert lines(told)[-1]["outcome"] == "unknown_event"


def test_it_takes_a_key_that_may_open(told: Served):
    before = len(lines(told))
    answer = opened(told, "supervisor", 1, key=told.new_key(Scope.READ, Scope.COMMAND))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope_missing")
    assert len(lines(told)) == before


# --- the log itself --------------------------------------------------------------------------------------------------


def entry(number: int) -> Entry:
    return Entry("client", "person", f"理由{number}", (number,), "opened")


def test_the_chain_holds(tmp_path: Path):
    log = AccessLog(tmp_path / "access.log")
    hashes = [log.write(entry(number)) for number in range(300)]
    assert list(log.check()) == []
    found = [orjson.loads(line) for line in (tmp_path / "access.log").read_bytes().splitlines()]
    assert [line["previous"] for line in found] == [FIRST, *hashes[:-1]]
    assert (tmp_path / "access.log").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("harm", ["change", "remove", "swap", "tear"])
def test_the_chain_shows_harm(tmp_path: Path, harm: str):
    path = tmp_path / "access.log"
    log = AccessLog(path)
    for number in range(5):
        log.write(entry(number))
    written = path.read_bytes().splitlines(keepends=True)
    match harm:
        case "change":
            written[2] = written[2].replace("理由2".encode(), "理由9".encode())
        case "remove":
            del written[2]
        case "swap":
            written[1], written[2] = written[2], written[1]
        case "tear":
            written[2] = written[2][:40] + b"\n"
    path.write_bytes(b"".join(written))
    assert list(log.check())


def test_a_torn_end_does_not_stop_the_log(tmp_path: Path):
    path = tmp_path / "access.log"
    log = AccessLog(path)
    log.write(entry(1))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"client":"cl')
    log.write(entry(2))
    assert list(log.check()) == ["line 2 is torn"]
    found = path.read_bytes().splitlines()
    assert orjson.loads(found[2])["previous"] == orjson.loads(found[0])["hash"]


def test_what_is_no_id_of_a_person_is_not_logged(told: Served):
    answer = opened(told, "0512-00001234", position_of(told, "problem"))
    assert answer.status_code == 403
    assert lines(told)[-1]["outcome"] == "unknown_person"
    assert b"0512" not in told.settings.access_log.read_bytes()
