"""Alive, ready, measured."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from served_ledger import Served

from projections.answers import Lag
from projections.tables import VIEW_TABLES


def got(served: Served, path: str) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        client.headers.pop("authorization")
        return await client.get(path)

    answer: httpx.Response = served.run(work)
    return answer


def test_it_is_ready_when_the_writer_answers_and_the_views_go_on(served: Served):
    head = served.store.head().position
    assert got(served, "/healthz").json() == {"status": "ok"}
    behind = got(served, "/readyz")
    assert behind.status_code == 200
    assert {view["lag"] for view in behind.json()["views"].values()} == {head}
    served.follow()
    ready = got(served, "/readyz").json()
    assert (ready["ready"], ready["reasons"], ready["position"]) == (True, [], head)
    assert ready["views"].keys() == VIEW_TABLES.keys()
    assert {view["lag"] for view in ready["views"].values()} == {0}
    assert served.store.head().position == head, "the question itself was stored"


def test_it_is_not_ready_without_its_writer(served_sqlite: Served):
    served_sqlite.gate.close()
    answer = got(served_sqlite, "/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert "写入进程" in answer.json()["reasons"][0]
    assert got(served_sqlite, "/healthz").status_code == 200


@pytest.mark.parametrize(
    ("lag", "said"),
    [
        (Lag(view="names", position=3, head=4, error="KeyError: 'x'"), "KeyError"),
        (Lag(view="names", position=3, head=10**6, error=None), "落后"),
    ],
)
def test_it_is_not_ready_when_a_view_stands(
    served_sqlite: Served, monkeypatch: pytest.MonkeyPatch, lag: Lag, said: str
):
    monkeypatch.setattr(served_sqlite.views, "lag", lambda: (lag,))
    answer = got(served_sqlite, "/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert said in answer.json()["reasons"][0]


def test_metrics_are_prometheus_and_hold_no_ids(told: Served):
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        await client.get("/v1/commitments/012d4e89-a680-74eb-9c74-6745825cf8e8")
        await client.get("/v1/no/such/address")
        await client.get("/v1/scoreboard")
        return await client.get("/metrics")

    answer = told.run(work)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    counted = {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for sample in families["luoshi_http_requests"].samples
        if sample.name.endswith("_total")
    }
    assert counted["/v1/commitments/{id}", "404"] == 1
    assert counted["-", "404"] == 1
    assert counted["/v1/scoreboard", "200"] == 1
    assert "012d4e89" not in answer.text
    lags = {sample.labels["view"]: sample.value for sample in families["luoshi_view_lag_events"].samples}
    assert lags == dict.fromkeys(VIEW_TABLES, 0)
    assert families["luoshi_position"].samples[0].value == told.store.head().position
    buckets = [
        sample.value
        for sample in families["luoshi_http_seconds"].samples
        if sample.name.endswith("_bucket") and sample.labels["route"] == "/v1/scoreboard"
    ]
    assert buckets == sorted(buckets)
    assert buckets[-1] == 1
