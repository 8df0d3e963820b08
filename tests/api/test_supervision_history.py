"""The history of matters of supervision over HTTP."""

from typing import Any

import httpx
import pytest
from served_ledger import Served

from api.examples import story
from domain.command import COMMANDS
from domain.event import EVENTS, LIVES, REFERENCES
from domain.ids import CircularId, ConclusionId, InspectionId, ListingId, RectificationId, TalkId
from projections.sentences_consequences import SENTENCES

TOLD = story()
KINDS = tuple(REFERENCES[one] for one in (InspectionId, ConclusionId, RectificationId, ListingId, TalkId, CircularId))
MATTERS = sorted({step.made for step in TOLD.steps if COMMANDS[step.command].OF in KINDS})


def got(served: Served, path: str) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path)

    answer: httpx.Response = served.run(work)
    return answer


def history(served: Served, name: str, query: str = "") -> dict[str, Any]:
    answer = got(served, f"/v1/supervision/{TOLD.ids[name]}/history{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_event_of_supervision_has_its_sentence():
    assert set(SENTENCES) == {event for event in EVENTS.values() if LIVES[event].state in KINDS}


@pytest.mark.parametrize("stream", MATTERS)
def test_every_matter_of_the_story_is_shown(told: Served, stream: str):
    answer = got(told, f"/v1/supervision/{stream}/history")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert len(found["entries"]) == found["version"] == TOLD.versions[name_of(stream)]
    assert answer.headers["etag"].startswith(f'"{found["version"]}.')
    assert all(entry["zh"] and entry["en"] for entry in found["entries"])


def name_of(stream: str) -> str:
    return next(name for name, made in TOLD.ids.items() if made == stream)


def test_a_conclusion_is_told_from_its_issue_to_its_use(told: Served):
    entries = history(told, "conclusion")["entries"]
    assert [entry["event"] for entry in entries] == [
        "conclusion_issued.1",
        "conclusion_delivered.1",
        "conclusion_objected.1",
        "reviewer_recused.1",
        "conclusion_amended.1",
        "result_used.1",
    ]
    assert entries[0]["zh"].startswith("对示例市交通局作出督查结论（部分落实），须整改2项")
    assert entries[1]["en"].endswith("the unit may object up to 2011-06-13.")
    assert entries[4]["person_title"] == "示例市副市长"


def test_what_a_resident_said_is_not_shown(told: Served):
    answer = got(told, f"/v1/supervision/{TOLD.ids['inspection']}/history")
    visit = next(one for one in answer.json()["entries"] if one["event"] == "inspection_visit_recorded.1")
    assert visit["data"]["resident_note"] == {"sealed": True}
    assert "雨后积水" not in answer.text


def test_it_is_told_as_it_was_known_then(told: Served):
    entries = history(told, "conclusion")["entries"]
    before = history(told, "conclusion", f"?as_of={entries[2]['position'] - 1}")
    assert [entry["event"] for entry in before["entries"]] == ["conclusion_issued.1", "conclusion_delivered.1"]
    assert before["version"] == 2


@pytest.mark.parametrize(("id_", "status", "rule"), [("road", 404, "unknown_supervision"), ("", 422, "id_malformed")])
def test_what_is_no_matter_of_supervision(told: Served, id_: str, status: int, rule: str):
    answer = got(told, f"/v1/supervision/{TOLD.ids.get(id_, 'no-id')}/history")
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{rule}")
