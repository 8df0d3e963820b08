"""A ballot is cast with a code and nothing else; nothing is to be seen before the close."""

import asyncio
import sqlite3
from typing import Any

import httpx
import orjson
import pytest
from served_ledger import Served, submission

from api.examples import FILES, MEDIA_TYPE, Step, story
from api.examples_appraisal import CODES
from ledger.contract import Accepted, Outcome
from ledger.database import locate
from ledger.evidence import Evidence

STEPS = story().steps


def until(command: str) -> list[Step]:
    """The story up to the first step of that command, with it."""
    return STEPS[: next(n for n, step in enumerate(STEPS) if step.command == command) + 1]


def step_of(command: str) -> Step:
    return next(step for step in STEPS if step.command == command)


def address() -> str:
    return f"/v1/appraisals/{step_of('fix_frame').stream}"


def unit() -> str:
    found: str = step_of("open_appraisal").body["units"][0]
    return found


def live(served: Served, steps: list[Step]) -> None:
    for file in FILES:
        Evidence(served.settings.evidence, served.subjects).lodge([file], MEDIA_TYPE)
    for step in steps:
        tell(served, step)
    served.follow()


async def _submit(served: Served, step: Step) -> Outcome:
    return await served.gate.submit(submission(step))


def tell(served: Served, step: Step) -> None:
    outcome = asyncio.run(_submit(served, step))
    assert isinstance(outcome, Accepted), (step.command, outcome)


async def send(client: httpx.AsyncClient, code: str, **answers: str) -> httpx.Response:
    client.headers.pop("Authorization", None)
    body = {"code": code, "answers": {unit(): answers} if answers else {}}
    return await client.post(f"{address()}/ballots", json=body)


def test_a_code_votes_once_without_a_key(served: Served):
    live(served, until("open_voting"))
    head = served.store.head()

    async def work(client: httpx.AsyncClient) -> list[tuple[int, Any]]:
        answers = [
            await send(client, CODES["residents"][0].lower(), satisfaction="satisfied"),
            await send(client, CODES["residents"][0], satisfaction="satisfied"),
            await send(client, CODES["residents"][0], satisfaction="dissatisfied"),
            await send(client, "NOSU-CHCO-DE00-0000", satisfaction="satisfied"),
            await send(client, CODES["enterprises"][0]),
            await send(client, CODES["enterprises"][0], review="very_satisfied"),
            await send(client, CODES["enterprises"][0], review="unknown"),
        ]
        assert answers[0].headers["cache-control"] == "no-store"
        assert answers[0].json() == answers[6].json() == {"taken": True}
        return [(answer.status_code, answer.json().get("type")) for answer in answers]

    assert served.run(work) == [
        (201, None),
        (409, "/problems/code_used"),
        (409, "/problems/code_used"),
        (404, "/problems/code_unknown"),
        (422, "/problems/ballot_empty"),
        (422, "/problems/answer_unknown"),
        (201, None),
    ]
    # Nothing of it is in the ledger before the close.
    assert served.store.head() == head
    for step in STEPS[len(until("open_voting")) : len(until("tally_appraisal"))]:
        tell(served, step)

    async def late(client: httpx.AsyncClient) -> tuple[int, Any]:
        answer = await send(client, CODES["residents"][1], satisfaction="satisfied")
        return answer.status_code, answer.json()["type"]

    assert served.run(late) == (409, "/problems/voting_closed")


def test_no_vote_before_or_outside_a_round(served_sqlite: Served):
    live(served_sqlite, until("issue_codes"))

    async def work(client: httpx.AsyncClient) -> list[tuple[int, Any]]:
        answers = [
            await send(client, CODES["residents"][0], satisfaction="satisfied"),
            await client.post(f"/v1/appraisals/{unit()}/ballots", json={"code": "A", "answers": {}}),
            await client.post("/v1/appraisals/none/ballots", json={"code": "A", "answers": {}}),
            await client.post(f"{address()}/ballots", json={"code": "A", "answers": {}, "name": "某某"}),
        ]
        return [(answer.status_code, answer.json()["type"]) for answer in answers]

    assert served_sqlite.run(work) == [
        (409, "/problems/voting_closed"),
        (404, "/problems/unknown_appraisal"),
        (404, "/problems/unknown_appraisal"),
        (422, "/problems/unknown_field"),
    ]


def test_no_code_and_no_answer_is_written_anywhere_but_in_the_box(served_sqlite: Served):
    live(served_sqlite, until("open_voting"))

    async def work(client: httpx.AsyncClient) -> None:
        assert (await send(client, CODES["residents"][0], satisfaction="very_dissatisfied")).status_code == 201

    served_sqlite.run(work)
    place = locate(served_sqlite.settings.database)
    assert place.file is not None
    box = next(place.file.parent.glob("*.ballots"))
    with sqlite3.connect(box) as connection:
        [(contents,)] = connection.execute("SELECT contents FROM ballot_box").fetchall()
    [frame] = orjson.loads(contents)["frames"]["residents"].values()
    assert (len(frame["used"]), len(frame["unused"]), frame["ballots"]) == (1, 1, ["E-"])
    for path in place.file.parent.rglob("*"):
        if path.is_file():
            assert CODES["residents"][0].encode() not in path.read_bytes(), path
            assert path == box or frame["used"][0].encode() not in path.read_bytes(), path


@pytest.mark.parametrize("published", [False, True])
def test_a_round_shows_its_results_once_they_are_published(served_sqlite: Served, published: bool):
    live(served_sqlite, until("publish_appraisal" if published else "tally_appraisal"))

    async def work(client: httpx.AsyncClient) -> Any:
        answer = await client.get(address())
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"].startswith(f'"{answer.json()["version"]}.')
        return answer.json()["appraisal"]

    found = served_sqlite.run(work)
    assert found["stage"] == ("published" if published else "tallied")
    assert found["seed"] == "03 11 17 22 28 31 + 09"
    assert found["frame"] == step_of("fix_frame").body["frame"]
    assert [(one["frame"], one["ballots"]) for one in found["votes"]] == [("residents", None), ("enterprises", None)]
    assert len(found["results"]) == (4 if published else 0)
    assert found["standings"] == {}
    assert "示例市交通局" in found["history"][0]["zh"] or found["history"][0]["event"] == "appraisal_opened.1"


def test_a_round_as_it_stood(served_sqlite: Served):
    live(served_sqlite, until("publish_appraisal"))

    async def work(client: httpx.AsyncClient) -> list[tuple[int, Any]]:
        day = step_of("open_appraisal").at.date().isoformat()
        now = await client.get(address(), params={"on": day})
        before = await client.get(address(), params={"on": "2011-01-04"})
        other = await client.get(f"/v1/appraisals/{unit()}")
        return [
            (now.status_code, now.json()["appraisal"]["stage"]),
            (before.status_code, None),
            (other.status_code, None),
        ]

    assert served_sqlite.run(work) == [(200, "framed"), (404, None), (404, None)]
