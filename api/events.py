"""Raw events by position. Sealed fields show their commitments only; `state` is the exact JSON that was hashed."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.access import Access
from api.commands import rfc3339
from api.problems import Problem
from ledger.codec import name_of
from ledger.contract import Reader, Row

MAX_PAGE = 1_000
LARGEST = 2**63 - 1


class Slice(BaseModel):
    """Which events."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Query(ge=0, le=LARGEST, description="此位置之后的事件。Events after this position.")] = 0
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="最多几条。At most so many.")] = 100


def document(row: Row) -> dict[str, Any]:
    """One event as the API shows it."""
    return {
        "position": row.position,
        "stream": name_of(row.stream),
        "version": row.version,
        "recorded_at": rfc3339(row.recorded_at),
        "name": row.name,
        "leaf": row.leaf.hex(),
        "state": orjson.Fragment(row.state),
    }


def reached(after: int, head: int, field: str = "after") -> None:
    """Raises Problem (422): nothing would tell a slip, or another ledger, from having read it all."""
    if after > head:
        raise Problem(
            "position_in_future",
            "台账还没有这个位置",
            "the ledger has no such position yet",
            status=422,
            field=field,
        )


def page(rows: Sequence[Row], head: int, after: int, limit: int) -> bytes:
    """A page whose `next` is absent at the end of the ledger."""
    made: dict[str, Any] = {"position": head, "events": [document(row) for row in rows]}
    last = rows[-1].position if rows else after
    if last < head:
        made["next"] = f"/v1/events?after={last}&limit={limit}"
    return orjson.dumps(made)


def router(reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["事件 Events"], dependencies=[Depends(access)])

    @made.get(
        "/v1/events",
        operation_id="list_events",
        summary="按位置列出事件 Events by position",
        response_class=Response,
        responses={200: {"content": {"application/json": {}}}},
    )
    def list_events(asked: Annotated[Slice, Query()]) -> Response:
        head = reader.head().position
        reached(asked.after, head)
        rows = reader.read(asked.after, asked.limit, upto=head)
        return Response(page(rows, head, asked.after, asked.limit), media_type="application/json")

    @made.get(
        "/v1/events/{position}",
        operation_id="get_event",
        summary="一个事件 One event",
        response_class=Response,
        responses={200: {"content": {"application/json": {}}}},
    )
    def get_event(position: Annotated[int, Path(ge=1, le=LARGEST)]) -> Response:
        rows = reader.read(position - 1, 1, upto=position)
        if not rows:
            raise Problem("unknown_event", "没有这个位置的事件", "there is no event at that position", status=404)
        # An event never changes.
        headers = {"ETag": f'"{rows[0].leaf.hex()}"', "Cache-Control": "private, max-age=31536000, immutable"}
        return Response(orjson.dumps(document(rows[0])), 200, headers, "application/json")

    return made
