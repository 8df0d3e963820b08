"""HEAD and parameters given twice, at every address that is read; no parameters where something is sent."""

import asyncio

import httpx
import pytest
from served_ledger import Served

from api.examples import DIGEST, story

TOLD = story()
COMMITMENT = TOLD.first("propose_commitment").made
PAGES = ["/", "/commitments", f"/commitments/{COMMITMENT}", "/figures/projects", "/events/5"]
PATHS = [
    *PAGES,
    "/v1/commitments",
    f"/v1/commitments/{COMMITMENT}",
    f"/v1/commitments/{COMMITMENT}/history",
    "/v1/scoreboard",
    "/v1/figures/headline?year=2011",
    "/v1/events",
    "/v1/events/5",
    f"/v1/evidence/{DIGEST}",
    "/problems",
    "/problems/out_of_turn",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/static/luoshi.css",
]


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_the_body(told: Served, path: str):
    async def work(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        return await client.get(path), await client.head(path)

    got, head = told.run(work)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.status_code == 200, got.text
    assert head.headers == got.headers


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/commands", 405), ("/v1/visits", 405), ("/no/such", 404), ("/v1/commitments/x", 422)]
)
def test_head_of_what_cannot_be_read(told: Served, path: str, status: int):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.head(path)

    answer = told.run(work)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_head_of_the_live_stream_ends(told: Served):
    async def work(client: httpx.AsyncClient) -> tuple[httpx.Response, str]:
        async with asyncio.timeout(20):
            answer = await client.head("/v1/stream")
            return answer, (await client.get("/metrics")).text

    answer, metrics = told.run(work)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert 'luoshi_http_requests_total{method="HEAD",route="/v1/stream",status="200"} 1.0' in metrics
    assert "luoshi_stream_clients 0.0" in metrics


@pytest.mark.parametrize("path", [path for path in PATHS if "?" not in path and path != "/openapi.json"])
def test_a_parameter_is_given_once(told: Served, path: str):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, params=[("limit", "1"), ("on", "2011-06-30"), ("limit", "2")])

    answer = told.run(work)
    assert answer.status_code == 422
    if path in PAGES:
        assert "同一参数只能给一次" in answer.text
        assert "limit" in answer.text
    else:
        assert (answer.json()["type"], answer.json()["field"]) == ("/problems/parameter_repeated", "limit")


def test_the_live_stream_takes_each_parameter_once(told: Served):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get("/v1/stream?after=1&after=1")

    assert told.run(work).json()["field"] == "after"


@pytest.mark.parametrize(
    "path", ["/v1/units", "/v1/commands", "/v1/commands/bulk", "/v1/evidence", "/v1/openings", "/v1/keys"]
)
def test_what_is_sent_takes_no_parameters(told: Served, path: str):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(f"{path}?dry_run=1", headers=told.headers(), json={})

    before = told.store.head()
    answer = told.run(work)
    assert (answer.status_code, answer.json()["type"], answer.json()["field"]) == (
        422,
        "/problems/unknown_field",
        "dry_run",
    )
    assert told.store.head() == before
