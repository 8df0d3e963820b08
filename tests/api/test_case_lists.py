"""Lists, counts and histories of requests, supervision, appraisals and publications over HTTP."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from served_ledger import Served

from api.examples import story

TOLD = story()
LAMPS, SAME = TOLD.ids["lamps"], TOLD.ids["same lamps"]
LISTS = ("inspections", "conclusions", "rectifications", "listings", "talks", "circulars")


def got(served: Served, path: str, **headers: str) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers=headers)

    answer: httpx.Response = served.run(work)
    return answer


def json(served: Served, path: str) -> Any:
    answer = got(served, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def before(served: Served, command: str) -> int:
    """The position just before the first step of that command."""
    step = TOLD.first(command)
    return next(
        row.position - 1
        for row in served.store.stream(bytes.fromhex(step.made.replace("-", "")))
        if row.version == step.if_version + 1
    )


def test_a_request_is_listed_as_it_was_known_then(told_on_both: Served):
    at = before(told_on_both, "answer_request")
    [line] = [
        one for one in json(told_on_both, f"/v1/requests?as_of={at}&stage=in_hand")["items"] if one["id"] == LAMPS
    ]
    assert (line["unit_title"], line["resolution"], line["confirmed"]) == ("示例市交通局", None, False)
    assert line["due_at"] is not None
    late = json(told_on_both, f"/v1/requests?as_of={at}&on=2012-12-31&overdue=true")
    assert LAMPS in {one["id"] for one in late["items"]}
    assert late["forecast"]
    now = next(one for one in json(told_on_both, "/v1/requests")["items"] if one["id"] == LAMPS)
    assert (now["stage"], now["resolution"], now["confirmed"], now["due_at"]) == ("closed", "solved", True, None)


def test_counts_are_those_of_the_list_they_name(told_on_both: Served):
    at = before(told_on_both, "answer_request")
    for query in (f"?as_of={at}&on=2012-12-31", ""):
        answer = json(told_on_both, f"/v1/requests/counts{query}")
        counts, address = answer["counts"], answer["list"]
        whole = json(told_on_both, f"{address}&limit=200")
        assert counts["total"] + counts["withdrawn"] == whole["total"] == len(whole["items"])
        assert counts["overdue"] == json(told_on_both, f"{address}&overdue=true")["total"]
        for stage, number in counts["stages"].items():
            assert json(told_on_both, f"{address}&stage={stage}")["total"] == number
        standing = [one for one in whole["items"] if one["stage"] != "withdrawn"]
        for word, column in (("kinds", "kind"), ("channels", "channel")):
            for value, number in counts[word].items():
                assert sum(one[column] == value for one in standing) == number
        for unit in counts["units"]:
            assert sum(one["unit"] == unit["unit"] for one in standing) == unit["total"]


def test_channel_counts_include_requests(told_on_both: Served):
    found = json(told_on_both, "/v1/figures/channels?year=2011")["items"]
    by_channel = {one["channel"]: one["records"] for one in found if one["kind"] == "request"}
    counts = json(told_on_both, "/v1/requests/counts")["counts"]
    assert by_channel == {channel: number for channel, number in counts["channels"].items() if number}
    behind = json(told_on_both, "/v1/figures/records/request/events?year=2011")["items"]
    assert len(behind) == counts["total"]


def test_a_request_is_told_in_sentences_that_lead_to_their_events(told_on_both: Served):
    answer = got(told_on_both, f"/v1/requests/{LAMPS}")
    found = answer.json()
    assert len(found["entries"]) == found["version"] == TOLD.versions["lamps"]
    assert answer.headers["etag"].startswith(f'"{found["version"]}.')
    assert all(entry["zh"] and entry["en"] for entry in found["entries"])
    assert found["particulars"]["protection"] == "confidential"
    for entry in found["entries"]:
        event = json(told_on_both, entry["link"])
        assert (event["position"], event["name"]) == (entry["position"], entry["event"])
    raised = TOLD.first("raise_request").body
    assert raised["detail"] not in answer.text
    assert raised["name"] not in answer.text
    assert json(told_on_both, f"/v1/requests/{SAME}")["particulars"]["main"] == LAMPS


def test_pages_of_requests_make_up_the_whole(told: Served):
    whole = json(told, "/v1/requests?sort=-begun")["items"]
    path, items = "/v1/requests?sort=-begun&limit=1", []
    while path:
        page = json(told, path)
        items += page["items"]
        path = page["next"]
    assert items == whole
    assert len(items) > 2
    cursor = parse_qs(urlsplit(json(told, "/v1/requests?limit=1")["next"]).query)["cursor"][0]
    answer = got(told, f"/v1/requests?limit=1&sort=begun&cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/cursor_of_other_query")


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_supervision(told_on_both: Served, name: str):
    found = json(told_on_both, f"/v1/{name}")
    assert found["total"] == len(found["items"]) > 0
    for line in found["items"]:
        history = json(told_on_both, f"/v1/supervision/{line['id']}/history")
        assert history["entries"][0]["position"] == line["position"]
        assert line["title"]
        unit = line["units"][0]["id"]
        assert line["id"] in {one["id"] for one in json(told_on_both, f"/v1/{name}?unit={unit}")["items"]}
        same = json(told_on_both, f"/v1/{name}?stage={line['stage']}")["items"]
        assert line in same
        assert {one["stage"] for one in same} == {line["stage"]}
    counts = json(told_on_both, "/v1/supervision/counts")
    kind = next(one for one in counts["counts"]["kinds"] if counts["lists"][one["kind"]].startswith(f"/v1/{name}?"))
    assert kind["total"] == found["total"]


def test_an_order_is_overdue_once_its_day_is_over(told_on_both: Served):
    due = TOLD.first("order_rectification").body["due_on"]
    at = before(told_on_both, "submit_rectification")
    order = TOLD.first("order_rectification").made

    def late(on: str) -> bool:
        items = json(told_on_both, f"/v1/rectifications?as_of={at}&on={on}")["items"]
        return next(bool(one["overdue"]) for one in items if one["id"] == order)

    assert not late(due)
    assert late((date.fromisoformat(due) + timedelta(days=1)).isoformat())


def test_rounds_of_appraisal(told_on_both: Served):
    first = TOLD.first("open_appraisal")
    found = json(told_on_both, f"/v1/appraisals?unit={first.body['units'][0]}")["items"]
    assert first.made in {one["id"] for one in found}
    [line] = [one for one in json(told_on_both, "/v1/appraisals?stage=published")["items"] if one["id"] == first.made]
    assert json(told_on_both, f"/v1/appraisals/{line['id']}")["appraisal"]["title"] == line["title"]


def test_a_withdrawn_publication_shows_its_reason_and_all_it_ever_said(told_on_both: Served):
    step = TOLD.first("issue_publication")
    answer = json(told_on_both, f"/v1/publications/{step.made}")
    words = answer["words"]
    assert (answer["publication"]["stage"], words["shown"]) == ("withdrawn", None)
    assert words["withdrawal"]["reason"] == TOLD.first("withdraw_publication").body["reason"]
    first, second = words["wordings"]
    assert (first["reason"], second["reason"]) == (None, TOLD.first("amend_publication").body["reason"])
    assert len(second["items"]) == len(first["items"]) + 1
    for item in second["items"]:
        assert json(told_on_both, f"/v1/events/{item['position']}")["name"] == item["event"]
    at = before(told_on_both, "withdraw_publication")
    then = json(told_on_both, f"/v1/publications/{step.made}?as_of={at}")
    assert (then["publication"]["stage"], then["words"]["shown"]) == ("issued", second)
    assert then["words"]["withdrawal"] is None
    assert [one["id"] for one in json(told_on_both, "/v1/publications?stage=withdrawn")["items"]] == [step.made]


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("/v1/requests?stage=lost", 422, "wrong_type"),
        ("/v1/requests?channel=post", 422, "wrong_type"),
        ("/v1/requests?unit=x", 422, "id_malformed"),
        ("/v1/requests?sort=title", 422, "wrong_type"),
        ("/v1/requests?colour=red", 422, "unknown_field"),
        ("/v1/requests/counts?stage=raised", 422, "unknown_field"),
        ("/v1/requests/x", 422, "id_malformed"),
        (f"/v1/requests/{TOLD.ids['road']}", 404, "unknown_request"),
        (f"/v1/requests/{TOLD.ids['matter']}", 404, "unknown_request"),
        (f"/v1/requests/{LAMPS}?as_of=5", 404, "unknown_request"),
        ("/v1/listings?stage=planned", 422, "wrong_type"),
        ("/v1/inspections?kind=x", 422, "unknown_field"),
        (f"/v1/publications/{LAMPS}", 404, "unknown_publication"),
    ],
)
def test_what_cannot_be_asked_is_refused(told: Served, path: str, status: int, rule: str):
    answer = got(told, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{rule}")
