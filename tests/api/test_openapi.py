"""The OpenAPI document is true: what it promises of queries holds for inputs nobody thought of."""

import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import positive_data_acceptance
from served_ledger import Served

READS = [
    "/v1/commitments",
    "/v1/commitments/{id}",
    "/v1/commitments/{id}/history",
    "/v1/commitments/{id}/deadline",
    "/v1/scoreboard",
    "/v1/figures/headline",
    "/v1/figures/headline/{figure}/events",
    "/v1/appraisals/{id}",
    "/v1/ratings",
    "/v1/ratings/{id}",
    "/v1/figures/ratings",
    "/v1/figures/ratings/{figure}/events",
    "/v1/requests",
    "/v1/requests/counts",
    "/v1/requests/{id}",
    "/v1/matters",
    "/v1/matters/{id}",
    "/v1/inspections",
    "/v1/conclusions",
    "/v1/rectifications",
    "/v1/listings",
    "/v1/talks",
    "/v1/circulars",
    "/v1/supervision/counts",
    "/v1/supervision/{id}/history",
    "/v1/appraisals",
    "/v1/publication-duties",
    "/v1/publications",
    "/v1/publications/{id}",
    "/v1/resources/{id}/history",
    "/v1/figures/channels",
    "/v1/figures/services",
    "/v1/figures/benefits",
    "/v1/figures/assessment",
    "/v1/figures/assessment/{part}/events",
    "/v1/figures/records/{kind}/events",
    "/v1/rules",
    "/v1/units",
    "/v1/policies",
    "/v1/partners",
    "/v1/persons",
    "/v1/events",
    "/v1/events/{position}",
    "/v1/evidence/{digest}",
    "/problems",
    "/problems/{rule}",
    "/healthz",
    "/readyz",
]


@pytest.mark.parametrize("path", READS)
def test_queries_keep_what_the_document_says(told: Served, path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.answering.PATIENCE", 0.01)
    operation = schemathesis.openapi.from_asgi("/openapi.json", told.app)[path]["GET"]

    @settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def attempt(case: Case) -> None:
        # That a well-formed moment or cursor can lie in the future or belong elsewhere is no schema's business.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {told.key}"}, excluded_checks=[positive_data_acceptance]
        )

    attempt()


def test_every_query_is_tried(told: Served):
    queries = {path for path, operations in told.app.openapi()["paths"].items() if "get" in operations}
    assert queries - set(READS) == {"/v1/stream", "/v1/keys", "/metrics"}


def test_the_document_is_whole(told: Served):
    document = told.app.openapi()
    assert document["openapi"].startswith("3.1")
    text = json.dumps(document)
    for kind, name in re.findall(r'"#/components/(\w+)/([\w.-]+)"', text):
        assert name in document["components"][kind]
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) > 80
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert not operation["summary"].isascii(), "Chinese first"
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
            assert "422" not in operation["responses"]


def test_nothing_is_loaded_from_elsewhere(told: Served):
    assert not [route for route in told.app.routes if getattr(route, "path", "") in {"/docs", "/redoc"}]
    addresses = re.findall(r"https?://[^\s\"']+", json.dumps(told.app.openapi()))
    assert addresses == []


def test_unknown_fields_are_forbidden_in_every_body(told: Served):
    schemas = told.app.openapi()["components"]["schemas"]
    for path, operations in told.app.openapi()["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert schemas[name]["additionalProperties"] is False, path
