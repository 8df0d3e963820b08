"""The OpenAPI description: what FastAPI finds out by itself, and what it cannot know of commands.

Every command has its headers, its body's schema and an example that works (`api.examples`); every answer may be a
problem document.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import bulk, hot
from api.ballots import Ballot
from api.commands import Door, Noun, Receipt
from api.examples import DIGEST, FILE, Story, story
from api.openapi_parts import (
    BULK_EXAMPLE_COUNT,
    DESCRIPTION,
    HEADERS,
    IF_MATCH,
    PROBLEM,
    SCHEMAS,
    SECURITY,
    bulk_operation,
    hot_operation,
)
from api.openings import OpeningRequest
from api.routes_keys import KeyRequest

REF = "#/components/schemas/{model}"
PLAIN = ("/healthz", "/readyz", "/metrics", "/problems", "/problems/{rule}")


def install(app: FastAPI, nouns: tuple[Noun, ...]) -> None:
    """Makes `/openapi.json` of it, once, when it is first asked for."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(describe(app, nouns))
        return made

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI, nouns: tuple[Noun, ...]) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    told = story()
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    bodies: list[type[BaseModel]] = [door.model for noun in nouns for door in noun.doors]
    bodies += KeyRequest, OpeningRequest, Ballot
    refs, defined = models_json_schema(
        [*((body, "validation") for body in bodies), (Receipt, "serialization")], ref_template=REF
    )
    schemas.update(defined["$defs"])
    schemas.update(SCHEMAS)
    document["components"]["securitySchemes"] = SECURITY
    document["components"]["responses"] = {"Problem": PROBLEM}
    document["components"]["parameters"] = HEADERS
    document["tags"] = [{"name": noun.tag} for noun in nouns]
    document["security"] = [{"key": []}, {}]
    for operation in _operations(document):
        operation.get("responses", {}).pop("422", None)
        operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    for noun in nouns:
        for door in noun.doors:
            schema = refs[door.model, "validation"]
            _command(document["paths"][door.path]["post"], door, schema, told)
    document["paths"][hot.PATH] = {"post": hot_operation(told.first("record_follow_up"))}
    document["paths"][bulk.PATH] = {"post": bulk_operation(told.steps[:BULK_EXAMPLE_COUNT])}
    _read_examples(document["paths"], told)
    for path in PLAIN:
        for operation in document["paths"].get(path, {}).values():
            operation["security"] = []
    return document


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _command(operation: dict[str, Any], door: Door, schema: dict[str, Any], told: Story) -> None:
    step = told.first(door.command.NAME)
    values = {
        "IdempotencyKey": step.key,
        "LuoshiPerson": step.person,
        "LuoshiSimulatedAt": step.at.isoformat(),
    }
    parameters: list[dict[str, Any]] = []
    if step.stream:
        parameters.append(
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": step.stream}
        )
    for name, header in HEADERS.items():
        if name == "IfMatch":
            if step.stream:
                example = {"example": f'"{step.if_version}"'} if door.versioned else {}
                parameters.append({**IF_MATCH, "required": door.versioned, **example})
        elif name in values:
            parameters.append({**header, "example": values[name]})
        else:
            parameters.append({"$ref": f"#/components/parameters/{name}"})
    operation["parameters"] = parameters
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": schema, "example": dict(step.body)}},
    }
    operation["responses"]["201"] = {
        "description": "已登记，不会丢失 Stored and durable",
        "headers": {
            "ETag": {"schema": {"type": "string"}, "description": "新版本，供 If-Match 使用。The new version."},
            "Location": {"schema": {"type": "string"}},
            "Idempotency-Replayed": {"schema": {"type": "string", "enum": ["true"]}},
        },
        "content": {"application/json": {"schema": {"$ref": REF.format(model="Receipt")}}},
    }
    operation["security"] = [{"key": []}]


def _read_examples(paths: dict[str, Any], told: Story) -> None:
    """Values for the parameters of queries that name what the examples made."""
    commitment = told.first("propose_commitment").made
    matter = told.first("report_conduct")
    handler = told.first("conclude_matter").person
    values = {
        ("/v1/commitments/{id}", "id"): commitment,
        ("/v1/commitments/{id}/history", "id"): commitment,
        ("/v1/commitments/{id}/deadline", "id"): commitment,
        ("/v1/ratings/{id}", "id"): told.first("receive_rating").made,
        ("/v1/requests/{id}", "id"): told.first("raise_request").made,
        ("/v1/matters/{id}", "id"): matter.made,
        ("/v1/matters/{id}", "luoshi-person"): handler,
        ("/v1/matters", "luoshi-person"): handler,
        ("/v1/publications/{id}", "id"): told.first("issue_publication").made,
        ("/v1/supervision/{id}/history", "id"): told.first("issue_conclusion").made,
        ("/v1/appraisals/{id}", "id"): told.first("open_appraisal").made,
        ("/v1/figures/headline/{figure}/events", "figure"): "field_visits",
        ("/v1/events/{position}", "position"): 5,
        ("/v1/evidence/{digest}", "digest"): DIGEST,
        ("/problems/{rule}", "rule"): "out_of_turn",
        ("/v1/figures/headline", "year"): 2011,
        ("/v1/resources/{id}/history", "id"): told.first("make_offer").made,
        ("/v1/figures/ratings", "year"): 2011,
        ("/v1/figures/ratings/{figure}/events", "figure"): "rectification",
        ("/v1/figures/ratings/{figure}/events", "year"): 2011,
        ("/v1/figures/channels", "year"): 2011,
        ("/v1/figures/services", "year"): 2011,
        ("/v1/figures/benefits", "year"): 2011,
        ("/v1/figures/assessment", "year"): 2011,
        ("/v1/figures/assessment/{part}/events", "part"): "benefit",
        ("/v1/figures/assessment/{part}/events", "year"): 2011,
        ("/v1/figures/assessment/{part}/events", "unit"): told.first("assess_unit").body["unit"],
        ("/v1/figures/records/{kind}/events", "kind"): "use",
        ("/v1/figures/records/{kind}/events", "year"): 2011,
        ("/v1/figures/headline/{figure}/events", "year"): 2011,
    }
    for (path, name), value in values.items():
        for parameter in paths[path]["get"]["parameters"]:
            if parameter["name"] == name:
                parameter["example"] = value
    content = paths["/v1/evidence"]["post"]["requestBody"]["content"]
    content["text/plain"] = {"schema": {"type": "string"}, "example": FILE.decode()}
