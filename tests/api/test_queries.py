"""Queries over HTTP: which moment, which page, which tag, and refusals instead of empty lists."""

import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from served_ledger import Served

from api.examples import story

TOLD = story()
ROAD = TOLD.ids["road"]
MOMENT = {"position", "on", "known_on", "forecast"}


def got(served: Served, path: str, **headers: str) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers=headers)

    answer: httpx.Response = served.run(work)
    return answer


def json(served: Served, path: str) -> Any:
    answer = got(served, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


LISTS = [
    "/v1/commitments",
    f"/v1/commitments/{ROAD}",
    f"/v1/commitments/{ROAD}/history",
    f"/v1/commitments/{ROAD}/deadline",
    "/v1/scoreboard",
    "/v1/figures/headline?year=2011",
    "/v1/figures/headline/field_visits/events?year=2011",
    "/v1/requests",
    "/v1/requests/counts",
    f"/v1/requests/{TOLD.ids['lamps']}",
    "/v1/conclusions",
    "/v1/supervision/counts",
    "/v1/appraisals",
    "/v1/publications",
    f"/v1/publications/{TOLD.ids['publication']}",
    "/v1/units",
    "/v1/policies",
    "/v1/partners",
    "/v1/persons",
]


def with_(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


@pytest.mark.parametrize("path", LISTS)
def test_every_answer_says_which_moment_it_is_about(told_on_both: Served, path: str):
    now = json(told_on_both, path)
    assert now.keys() >= MOMENT
    head = told_on_both.store.head().position
    assert (now["position"], now["forecast"]) == (head, False)
    then = json(told_on_both, with_(path, f"as_of={head - 2}&on=2012-01-31"))
    assert (then["position"], then["on"], then["forecast"]) == (head - 2, "2012-01-31", True)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("as_of=yesterday", "as_of_malformed"),
        ("as_of=2011-02-30T00:00:00Z", "as_of_malformed"),
        ("as_of=2011-03-01T00:00:00", "as_of_malformed"),
        ("as_of=999999999", "as_of_in_future"),
        ("as_of=2010-01-01T00:00:00Z", "as_of_before_start"),
        ("on=2011-13-01", "on_malformed"),
        ("on=0000-01-01", "on_malformed"),
        ("on=0001-01-01", "on_out_of_range"),
        ("on=1999-12-31", "on_out_of_range"),
        ("on=2201-01-01", "on_out_of_range"),
        ("on=9999-12-31", "on_out_of_range"),
        ("colour=red", "unknown_field"),
        ("wait_for=x", "wrong_type"),
        ("wait_for=999999999", "wait_for_in_future"),
    ],
)
def test_what_cannot_be_asked_is_refused(told: Served, path: str, query: str, rule: str):
    answer = got(told, with_(path, query))
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{rule}")


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/v1/commitments?cursor=nonsense", "cursor_malformed"),
        ("/v1/units?cursor=nonsense", "cursor_malformed"),
        ("/v1/commitments?limit=0", "wrong_type"),
        ("/v1/commitments?limit=201", "wrong_type"),
        ("/v1/commitments?stage=lost", "wrong_type"),
        ("/v1/commitments?lamp=blue", "wrong_type"),
        ("/v1/commitments?sort=title", "wrong_type"),
        ("/v1/commitments?unit=x", "id_malformed"),
        ("/v1/commitments?overdue=perhaps", "wrong_type"),
        ("/v1/figures/headline", "missing_field"),
        ("/v1/figures/headline?year=1999", "year_out_of_range"),
        ("/v1/figures/headline?year=2201", "year_out_of_range"),
        ("/v1/figures/headline/projects/events?year=99999999999999999999", "year_out_of_range"),
        ("/v1/figures/headline/happiness/events?year=2011", "figure_unknown"),
        ("/v1/commitments/x", "id_malformed"),
        ("/v1/events?limit=1001", "wrong_type"),
        ("/v1/events?after=-1", "wrong_type"),
        ("/v1/events?colour=red", "unknown_field"),
        ("/v1/events?after=99999", "position_in_future"),
    ],
)
def test_bad_parameters_are_never_an_empty_list(told: Served, path: str, rule: str):
    answer = got(told, path)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{rule}")


def test_what_was_not_there_then_is_not_found(told: Served):
    born = told.store.stream(bytes.fromhex(ROAD.replace("-", "")))[0].position
    assert got(told, f"/v1/commitments/{ROAD}?as_of={born - 1}").json()["type"] == "/problems/unknown_commitment"
    assert got(told, f"/v1/commitments/{ROAD}?as_of={born}").status_code == 200


def test_pages_make_up_the_whole_and_keep_their_moment(told: Served):
    whole = json(told, "/v1/partners?limit=200")
    path, pages = "/v1/partners?limit=2", []
    while path:
        page = json(told, path)
        pages.append(page)
        path = page["next"]
    assert [item for page in pages for item in page["items"]] == whole["items"]
    assert {page["total"] for page in pages} == {len(whole["items"])}
    assert len(pages) == (len(whole["items"]) + 1) // 2

    first = json(told, "/v1/commitments?limit=1&sort=-proposed&as_of=86")
    following = parse_qs(urlsplit(first["next"]).query)
    assert (following["sort"], following["as_of"]) == (["-proposed"], ["86"])
    second = json(told, first["next"])
    assert second["position"] == 86
    assert first["items"] + second["items"] == json(told, "/v1/commitments?sort=-proposed&as_of=86")["items"][:2]


def test_a_cursor_serves_its_own_query_only(told: Served):
    cursor = parse_qs(urlsplit(json(told, "/v1/units?limit=1")["next"]).query)["cursor"][0]
    answer = got(told, f"/v1/persons?limit=1&cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/cursor_of_other_query")


def test_tags_spare_what_the_client_has(told: Served):
    answer = got(told, "/v1/scoreboard")
    tag = answer.headers["etag"]
    again = got(told, "/v1/scoreboard", **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert got(told, "/v1/scoreboard?on=2011-03-01", **{"If-None-Match": tag}).status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"


def test_the_tag_of_one_thing_is_its_version(served: Served):
    """Read, decide, write: what a client read is what its If-Match names."""
    served.tell_story()
    bus = TOLD.ids["bus"]
    version = len([step for step in TOLD.steps if step.made == bus])

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        read = await client.get(f"/v1/commitments/{bus}")
        assert read.json()["version"] == version
        headers = served.headers(TOLD.ids["vetter"], If_Match=read.headers["etag"])
        body = {"wording": "公交线路另行公告。"}
        return await client.post(f"/v1/commitments/{bus}/publication", json=body, headers=headers)

    # It is terminated: the version is right, the turn is not.
    assert served.run(work).json()["type"] == "/problems/out_of_turn"


def test_the_headline_opens_to_its_events(told: Served):
    # While everything still counted: before the withdrawals of the story.
    step = TOLD.first("withdraw_visit")
    at = 4 + TOLD.steps.index(step)
    headline = json(told, f"/v1/figures/headline?year=2011&as_of={at}")
    figures = {"field_visits", "problems_solved", "partners", "activities", "projects", "funds_fen"}
    assert headline.keys() == figures | MOMENT | {"links", "year"}
    assert headline["links"].keys() == figures
    assert headline["field_visits"] == 3
    assert headline["problems_solved"].keys() == {"at_least"}
    assert headline["partners"].keys() == headline["links"]["partners"].keys() == {"village", "community", "enterprise"}
    behind = json(told, headline["links"]["field_visits"])
    assert (behind["position"], behind["value"], sum(item["amount"] for item in behind["items"])) == (at, 3, 3)
    event = json(told, f"/v1/events/{behind['items'][0]['position']}")
    assert (event["name"], event["stream"]) == ("visit_recorded.2", TOLD.ids["visit"])
    assert json(told, "/v1/figures/headline?year=2011")["field_visits"] == 0


def test_a_promise_opens_to_its_request_and_back(told: Served):
    bridge, promise = TOLD.ids["bridge"], TOLD.ids["new bridge"]
    assert json(told, f"/v1/commitments/{promise}")["answers"] == [bridge]
    history = json(told, f"/v1/commitments/{promise}/history")["entries"]
    assert (history[1]["event"], history[1]["data"]["requests"]) == ("requests_taken_up.1", [bridge])
    asked = json(told, f"/v1/requests/{bridge}")
    assert asked["particulars"]["commitment"] == promise
    assert (asked["entries"][-1]["event"], asked["entries"][-1]["data"]["commitment"]) == (
        "request_promised.1",
        promise,
    )
    assert (asked["request"]["stage"], asked["request"]["due_at"][:10]) == ("promised", "2011-12-20")


def test_one_reads_ones_own_write(served_sqlite: Served):
    served = served_sqlite
    served.follow()
    unit = {"code": "A", "title": "示例单位", "unit_class": "town", "region": "320585"}

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        made = await client.post("/v1/units", json=unit, headers=served.headers())
        following = threading.Thread(target=served.follow)
        following.start()
        answer = await client.get(f"/v1/units?wait_for={made.json()['position']}")
        following.join()
        return answer

    assert [item["title"] for item in served.run(work).json()["items"]] == ["示例单位"]


def test_waiting_is_bounded(served_sqlite: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.answering.PATIENCE", 0.01)
    answer = got(served_sqlite, "/v1/units?wait_for=4")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/view_behind")
    assert answer.headers["retry-after"] == "1"


def test_events_come_page_by_page_as_they_were_hashed(told: Served):
    path, positions = "/v1/events?limit=30", []
    while path:
        page = json(told, path)
        positions += [event["position"] for event in page["events"]]
        path = page.get("next")
    head = told.store.head().position
    assert positions == list(range(1, head + 1))
    row = told.store.read(4, 1)[0]
    answer = got(told, "/v1/events/5")
    assert row.state in answer.content
    assert answer.json()["leaf"] == row.leaf.hex()
    assert "immutable" in answer.headers["cache-control"]


def test_events_show_no_personal_data(told: Served):
    problem = TOLD.first("raise_problem").body
    text = got(told, "/v1/events?limit=1000").text
    for secret in (problem["detail"], problem["contact_name"], "示例户", "示例村一组"):
        assert secret not in text
    names = json(told, "/v1/persons?limit=200")["items"]
    assert {item["title"] for item in names} >= {"督查科科员", "系统管理员"}
    assert not [item for item in names if "督查员甲" in str(item)]


def test_no_title_holds_a_control_character(told_on_both: Served):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/v1/commitments", params={"q": "\x00"})

    answer = told_on_both.run(work)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/text_control")
