"""Problem documents: one shape for everything that can go wrong, each with an address that explains it."""

import asyncio
import re

import httpx
import pytest
from served_ledger import Served
from test_doors import CASES

from api.catalogue import ROOT, explanations
from api.problems import STATUS, TITLES
from domain.refusal import Kind


@pytest.mark.parametrize(
    ("method", "path", "status", "rule"),
    [
        ("GET", "/v1/nothing", 404, "no_such_address"),
        ("GET", "/v1/commitments/", 404, "no_such_address"),
        ("DELETE", "/v1/commitments", 405, "method_not_allowed"),
        ("GET", "/v1/commands", 405, "method_not_allowed"),
        ("PUT", "/v1/units", 405, "method_not_allowed"),
        ("GET", "/problems/no_such_rule", 404, "unknown_rule"),
        ("GET", "/v1/events/999999", 404, "unknown_event"),
        ("GET", "/v1/events/x", 422, "wrong_type"),
        ("GET", "/v1/commitments?colour=red", 422, "unknown_field"),
    ],
)
def test_whatever_goes_wrong_has_one_shape(told: Served, method: str, path: str, status: int, rule: str):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.request(method, path)

    answer = told.run(work)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == (f"/problems/{rule}", status)
    assert (problem["title"], problem["title_en"]) == TITLES[status]
    assert problem["detail"]
    assert problem["detail_en"]
    if status == 405:
        assert "POST" in answer.headers["allow"]


def test_every_kind_has_a_status_and_a_title():
    assert STATUS.keys() == set(Kind)
    assert set(STATUS.values()) <= TITLES.keys()


def test_a_problem_leads_to_its_explanation(told: Served):
    async def work(client: httpx.AsyncClient) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
        problem = (await client.get("/v1/nothing")).json()
        return problem, (await client.get(problem["type"])).json(), (await client.get("/problems")).json()

    problem, explained, every = told.run(work)
    assert explained["statuses"] == [404]
    assert {"zh": problem["detail"], "en": problem["detail_en"]} in explained["sentences"]
    assert explained in every["problems"]


def test_every_rule_that_is_raised_is_explained():
    """Read another way than the catalogue reads: a word that stands before a Chinese sentence."""
    before_a_sentence = re.compile(r'"([a-z][a-z_]+)",\s+f?"[^"]*[\u4e00-\u9fff]')
    rooms = ("domain", "ledger", "projections", "api")
    raising = re.compile(r"Refusal\(|Problem\(|barred\(")
    texts = [path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py")]
    raised = {rule for text in texts if raising.search(text) for rule in before_a_sentence.findall(text)}
    fields = {"channel", "causation", "programme", "on_behalf_of", "correlation"}
    described = {name for name in raised if name.startswith(("list_", "get_"))} | {"stream", "command"}
    assert len(raised) > 100
    assert raised - fields - described <= explanations().keys()


@pytest.mark.parametrize("rule", sorted({case.rule for case in CASES.values()}))
def test_rules_that_were_met_are_explained(rule: str):
    explained = explanations()[rule]
    assert explained.sentences
    assert {case.status for case in CASES.values() if case.rule == rule} <= set(explained.statuses)


def test_a_fault_says_nothing_of_itself(told: Served, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the database")

    monkeypatch.setattr(told.views, "scoreboard", fail)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/v1/scoreboard")

    answer = told.run(work)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal_error")
    assert "secret" not in answer.text


def test_every_answer_is_hardened(told: Served):
    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [
            await client.get("/v1/commitments"),
            await client.get("/v1/nothing"),
            await client.post("/v1/commands", content=b"{}"),
            await client.post("/v1/commands/bulk", content=b""),
            await client.get("/healthz"),
        ]

    for answer in told.run(work):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] in {"no-store", "private, no-cache"}
        assert "server" not in answer.headers


def test_a_fault_is_logged_without_its_words(
    told: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_: object) -> None:
        raise RuntimeError("0512-00001234")

    monkeypatch.setattr(told.views, "scoreboard", fail)

    async def work() -> list[httpx.Response]:
        # Raised again, it would reach the server, which prints it whole.
        transport = httpx.ASGITransport(told.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://luoshi.test") as client:
            found = [await client.get(path) for path in ("/v1/scoreboard", "/")]
            return [*found, await client.get("/metrics")]

    api, page, metrics = asyncio.run(work())
    assert (api.status_code, page.status_code) == (500, 500)
    assert "frame-ancestors 'none'" in api.headers["content-security-policy"]
    assert re.search(r'route="/v1/scoreboard",status="500"', metrics.text)
    assert caplog.text.count("RuntimeError at api/test_problems.py") == 2
    assert "0512" not in caplog.text


@pytest.mark.parametrize("path", ["/nothing", "/v1/nothing", "/static/none.css"])
def test_a_wrong_link_in_a_browser_leads_to_a_page(told: Served, path: str):
    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        return [await client.get(path, headers=browser), await client.get(path, headers={"Accept": "*/*"})]

    page, problem = told.run(work)
    assert (page.status_code, problem.status_code) == (404, 404)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "没有这个地址" in page.text
    assert problem.headers["content-type"] == "application/problem+json"
