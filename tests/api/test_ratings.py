"""Ratings (好差评) over HTTP: the list, one of them, the rates, and what the rated unit may not open."""

from typing import Any

import httpx
import pytest
from served_ledger import Served

from api.examples import story

TOLD = story()
RATING, MISTAKEN, GOOD = (TOLD.ids[name] for name in ("rating", "mistaken rating", "good rating"))


def got(served: Served, path: str) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path)

    answer: httpx.Response = served.run(work)
    return answer


def read(served: Served, path: str) -> dict[str, Any]:
    answer = got(served, path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_one_is_told_from_its_receipt_to_its_end(told: Served):
    answer = got(told, f"/v1/ratings/{RATING}")
    found = answer.json()["rating"]
    assert (found["stage"], found["grade"], found["redos"], found["overdue"]) == ("closed", "dissatisfied", 1, False)
    assert found["unit"] == TOLD.ids["roads"]
    assert [entry["event"] for entry in found["entries"]] == [
        "rating_received.1",
        "rating_checked.1",
        "rating_rectified.1",
        "rater_called_back.1",
        "rating_redo_ordered.1",
        "rating_rectified.1",
        "rater_called_back.1",
        "rating_closed.1",
    ]
    assert answer.headers["etag"].startswith('"8.')
    assert "三趟" not in answer.text
    assert "示例群众" not in answer.text


def test_its_limits_explain_themselves(told: Served):
    first, again = read(told, f"/v1/ratings/{RATING}")["rating"]["limits"]
    assert first["rule"] == again["rule"] == "rating_rectify_working_days"
    # Monday 2011-05-23 and fifteen working days: to the end of Tuesday 14 June, over three weekends and 端午节.
    assert first["due"] == "2011-06-14T16:00:00+00:00"
    assert "差评整改时限 15个工作日" in first["lines"][0]["zh"]
    assert "国办发〔2019〕51号" in first["lines"][0]["zh"]
    assert any("2011-06-06" in line["zh"] and "节假日" in line["zh"] for line in first["lines"])


def test_it_was_waiting_before_it_was_closed(told: Served):
    entries = read(told, f"/v1/ratings/{RATING}")["rating"]["entries"]
    before = read(told, f"/v1/ratings/{RATING}?as_of={entries[4]['position']}&on=2011-07-01")["rating"]
    assert (before["stage"], before["overdue"], before["version"]) == ("checked", True, 5)


def test_the_list_narrows(told: Served):
    every = read(told, "/v1/ratings")
    assert (every["total"], {one["id"] for one in every["items"]}) == (3, {RATING, MISTAKEN, GOOD})
    for asked, wanted in (
        ("grade=very_satisfied", GOOD),
        ("stage=excluded", MISTAKEN),
        ("channel=hotline", GOOD),
        ("grade=dissatisfied&overdue=false", RATING),
    ):
        [one] = read(told, f"/v1/ratings?{asked}")["items"]
        assert one["id"] == wanted
    assert read(told, "/v1/ratings?overdue=true")["items"] == []
    good = next(one for one in every["items"] if one["id"] == GOOD)
    assert (good["about"], good["unit"], good["stage"]) == (TOLD.ids["lamps"], TOLD.ids["roads"], "good")


def test_the_rates_open_to_what_they_count(told: Served):
    found = read(told, "/v1/figures/ratings?year=2011")
    assert found["all"] == {
        "satisfaction": {"numerator": 1, "denominator": 2, "excluded": 1, "rate": 5000},
        "satisfaction_strict": {"numerator": 1, "denominator": 2, "excluded": 1, "rate": 5000},
        "rectification": {"numerator": 1, "denominator": 1, "excluded": 1, "rate": 10000},
        "call_back": {"numerator": 1, "denominator": 1, "excluded": 0, "rate": 10000},
    }
    [unit] = found["units"]
    assert unit["rates"] == found["all"]
    for figure, rate in found["all"].items():
        items = read(told, found["links"][figure]["events"])["items"]
        assert (sum(item["counts"] for item in items), len(items)) == (rate["numerator"], rate["denominator"])
        assert len(read(told, found["links"][figure]["excluded"])["items"]) == rate["excluded"]


@pytest.mark.parametrize(
    ("by", "paths"), [("officer", {"words"}), ("supervisor", {"words", "source.name", "source.phone"})]
)
def test_who_asked_for_confidence_is_closed_to_the_rated_unit(told: Served, by: str, paths: set[str]):
    position = read(told, f"/v1/ratings/{RATING}")["rating"]["entries"][0]["position"]

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        body = {"positions": [position], "reason": "核实差评"}
        return await client.post("/v1/openings", json=body, headers={"Luoshi-Person": TOLD.ids[by]})

    answer: httpx.Response = told.run(work)
    assert answer.status_code == 200, answer.text
    assert {one["path"] for one in answer.json()["opened"]} == paths


def test_nothing_rated_is_no_rate(told: Served):
    assert read(told, "/v1/figures/ratings?year=2010")["all"]["satisfaction"]["rate"] is None


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        (f"/v1/ratings/{TOLD.ids['road']}", 404, "unknown_rating"),
        ("/v1/ratings/no-id", 422, "id_malformed"),
        ("/v1/figures/ratings/nothing/events?year=2011", 422, "figure_unknown"),
    ],
)
def test_what_is_no_question(told: Served, path: str, status: int, rule: str):
    answer = got(told, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{rule}")
