"""Command routes. Each noun lists its doors in `routes_*.py`; here a door becomes a FastAPI route.

A request body is checked by pydantic against the command's own dataclass (unknown fields and wrong types refused,
nothing coerced) and then forwarded as it came: the writer decodes, authorises and decides.
"""

import dataclasses
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, get_type_hints

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive
from starlette.types import Scope as AsgiScope

from api.headers import submission_fields
from api.keys import Keys, Scope
from api.problems import Problem, disconnected, invalid, refused
from api.reading import no_parameters
from ledger.commands import read
from ledger.contract import Accepted, Gate, Refused, Submission

MAX_COMMAND = 1 << 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclasses.dataclass(frozen=True)
class Door:
    """One command's address. `versioned`: several people may act on the same thing, so `If-Match` is required."""

    path: str
    command: type[Any]
    """Made by `@domain.command.command`."""
    zh: str
    en: str
    versioned: bool = False

    @cached_property
    def model(self) -> type[BaseModel]:
        """The command's dataclass as a strict pydantic model that forbids unknown fields, nested ones included."""
        hints = get_type_hints(self.command)
        made: dict[str, Any] = {}
        for field in dataclasses.fields(self.command):
            if field.default is not dataclasses.MISSING:
                default = field.default
            elif field.default_factory is not dataclasses.MISSING:
                default = field.default_factory()
            else:
                default = ...
            made[field.name] = (hints[field.name], default)
        config = ConfigDict(extra="forbid", strict=True)
        return create_model(self.command.__name__, __config__=config, __doc__=self.text, **made)

    @property
    def text(self) -> str:
        """What the domain says of the command."""
        return inspect.cleandoc(self.command.__doc__ or "")


@dataclasses.dataclass(frozen=True, slots=True)
class Noun:
    """The commands on one kind of thing. `shown_at`: address of the thing itself, if it can be read."""

    zh: str
    en: str
    doors: tuple[Door, ...]
    shown_at: str | None = None

    @property
    def tag(self) -> str:
        return f"{self.zh} {self.en}"


class Receipt(BaseModel):
    """What an accepted command is answered with: durable once you read it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "012d3a4e-8c00-7b1f-9a2c-5d6e7f809112",
                "position": 12,
                "version": 1,
                "recorded_at": "2011-01-04T01:00:00.000000Z",
                "count": 1,
            }
        }
    )

    id: str
    """Stream the events went to."""
    position: int
    """Of the last event; pass it as `wait_for` to read your own write."""
    version: int
    """Of the stream now; pass it as `If-Match`."""
    recorded_at: datetime
    count: int
    """Events that happened."""


def rfc3339(microseconds: int) -> str:
    """µs since 1970 as RFC 3339 in UTC, always with six digits."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{_second(seconds)}.{rest:06}Z"


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    # What is answered now was mostly recorded within the same second.
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def receipt(accepted: Accepted, shown_at: str | None = None) -> Response:
    """201 with the version as entity tag; a repeated request gets the first answer again, marked."""
    where = shown_at.format(id=accepted.stream) if shown_at else f"/v1/events/{accepted.position}"
    headers = {"ETag": f'"{accepted.version}"', "Location": where}
    if accepted.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(receipt_bytes(accepted), 201, headers, "application/json")


def receipt_bytes(accepted: Accepted) -> bytes:
    return (
        f'{{"id":"{accepted.stream}","position":{accepted.position},"version":{accepted.version},'
        f'"recorded_at":"{rfc3339(accepted.recorded_at)}","count":{accepted.count}}}'
    ).encode()


async def body_of(receive: Receive, limit: int = MAX_COMMAND) -> bytes:
    """The whole body; 413 as soon as it is known to be over the limit."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        if len(body) > limit:
            raise too_large()
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise disconnected()
    if len(body) > limit:
        raise too_large()
    return body


def too_large() -> Problem:
    return Problem("too_large", "一条命令不能超过 1 MiB", "a command must not exceed 1 MiB", status=413)


def check(door: Door, body: bytes) -> None:
    """Refuses a body that is not the command's. Where the ledger's reader finds fault too, its words are used, so
    that every door answers alike."""
    try:
        door.model.__pydantic_validator__.validate_json(body)
    except ValidationError as fault:
        read(door.command.NAME, body)
        raise invalid(fault.errors(include_input=False, include_url=False)) from None


def required(found: dict[str, Any], *, versioned: bool) -> None:
    """Raises what `missing` finds."""
    problem = missing(found, versioned=versioned)
    if problem is not None:
        raise problem


def missing(found: dict[str, Any], *, versioned: bool) -> Problem | None:
    """What a command lacks that every command needs, whatever the door."""
    if not found.get("key"):
        return Problem(
            "idempotency_key_missing",
            "缺少 Idempotency-Key",
            "Idempotency-Key is missing",
            status=400,
            field="Idempotency-Key",
        )
    if not found.get("person"):
        return Problem(
            "person_missing", "缺少 Luoshi-Person", "Luoshi-Person is missing", status=400, field="Luoshi-Person"
        )
    if versioned and "if_version" not in found:
        return Problem(
            "if_match_missing",
            "须用 If-Match 注明所依据的版本",
            "If-Match must name the version you read",
            status=428,
            field="If-Match",
        )
    return None


def _endpoint(door: Door, shown_at: str | None, gate: Gate, keys: Keys) -> Callable[[Request], Awaitable[Response]]:
    name = door.command.NAME

    async def answer(request: Request) -> Response:
        found = submission_fields(request.scope["headers"])
        holder = await keys.holder(found.pop("authorization", None), Scope.COMMAND)
        no_parameters(request.scope)
        required(found, versioned=door.versioned)
        body = await body_of(request.receive)
        check(door, body)
        stream = request.path_params.get("id", "")
        submission = Submission(client=holder.client, command=name, stream=stream, body=msgspec.Raw(body), **found)
        outcome = await gate.submit(submission)
        if isinstance(outcome, Refused):
            raise refused(outcome)
        return receipt(outcome, shown_at)

    return answer


class DoorRoute(APIRoute):
    """A route that looks at the end of an address before its regular expression does, for there are many doors, and
    whose endpoint takes the request as it is: there are no dependencies to solve."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._ending = path[path.rfind("}") + 1 :]

    def matches(self, scope: AsgiScope) -> tuple[Match, AsgiScope]:
        return super().matches(scope) if scope["path"].endswith(self._ending) else (Match.NONE, {})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


def add_doors(app: FastAPI, nouns: tuple[Noun, ...], gate: Gate, keys: Keys) -> None:
    """One POST route per door; what OpenAPI says of its headers, body and answers is added by `api.openapi`."""
    for noun in nouns:
        for door in noun.doors:
            app.router.add_api_route(
                door.path,
                _endpoint(door, noun.shown_at, gate, keys),
                methods=["POST"],
                status_code=201,
                operation_id=door.command.NAME,
                summary=f"{door.zh} {door.en}",
                description=f"{door.zh}。\n\n{door.text}",
                tags=[noun.tag],
                response_model=None,
                route_class_override=DoorRoute,
            )
