"""What all queries share: which moment they are about, waiting for one's own write, entity tags."""

import dataclasses
from datetime import UTC, date, datetime
from typing import Annotated, Any

import orjson
from fastapi import Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from api.access import demonstration
from api.events import LARGEST
from api.problems import Problem
from ledger.contract import Reader
from projections.asof import AsOf
from projections.views import Views

PATIENCE = 5.0
"""Seconds a query waits for the views to reach `wait_for`."""
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
AS_OF = f"^([1-9][0-9]{{0,17}}|{DAY}T{TIME})$"
"""Tells clients the form; the views say in words what is wrong with another."""
HEADERS = {"Cache-Control": "private, no-cache"}


class Asked(BaseModel):
    """Parameters of every query. Others are refused."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[
        str | None,
        Query(
            description="当时所知：位置或登记时间（带时区）。Known at: a position or a recorded time with its offset.",
            examples=["120", "2011-06-30T17:00:00+08:00"],
            json_schema_extra={"pattern": AS_OF},
        ),
    ] = None
    on: Annotated[
        str | None,
        Query(
            description="截至哪一天（北京时间）。True on this day (Beijing).",
            examples=["2011-06-30"],
            json_schema_extra={"format": "date"},
        ),
    ] = None
    wait_for: Annotated[
        int | None,
        Query(ge=1, le=LARGEST, description="等视图到达此位置，最多 5 秒。Wait for the views, up to 5 s."),
    ] = None


class AskedPage(Asked):
    """Parameters of every list."""

    limit: Annotated[int, Query(ge=1, le=200, description="每页条数。Items a page.")] = 50
    cursor: Annotated[
        str | None, Query(max_length=200, description="上一页的 next。From `next` of the page before.")
    ] = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moment:
    """The moment an answer is about: known at `position`, true on `on`."""

    position: int
    on: date
    known_on: date
    """Civil date at which the position was the newest."""
    forecast: bool
    """`on` lies later: true if nothing more happens."""


class Answering:
    """Blocking; for the thread pool."""

    def __init__(self, reader: Reader, views: Views) -> None:
        self.views = views
        self._reader = reader
        self._demonstration: bool | None = None

    def moment(self, asked: Asked) -> AsOf:
        """Raises Refusal or Problem. On a real ledger today is today; a demonstration ledger has its own time."""
        if asked.wait_for is not None and asked.wait_for > self._reader.head().position:
            raise Problem(
                "wait_for_in_future",
                "台账还没有这个位置",
                "the ledger has no such position yet",
                status=422,
                field="wait_for",
            )
        if asked.wait_for is not None and not self.views.wait(asked.wait_for, PATIENCE):
            raise Problem(
                "view_behind",
                "视图尚未更新到该位置，请稍后再试",
                "the view has not reached this position yet; try again shortly",
                status=503,
                field="wait_for",
                headers={"Retry-After": "1"},
            )
        if self._demonstration is None:
            self._demonstration = demonstration(self._reader)
        now = None if self._demonstration else datetime.now(UTC)
        cursor = asked.cursor if isinstance(asked, AskedPage) else None
        return self.views.at(asked.as_of, asked.on, cursor=cursor, now=now)


def moment_of(at: AsOf) -> dict[str, Any]:
    """The fields of Moment."""
    return {"position": at.position, "on": at.on, "known_on": at.known_on, "forecast": at.forecast}


def pinned(at: AsOf) -> str:
    """The query string that gives the same answer for ever."""
    return f"as_of={at.position}&on={at.on.isoformat()}"


def answer(request: Request, at: AsOf, content: Any, version: int | None = None) -> Response:
    """200, or 304 when the client has it. The tag of a single thing begins with its version, so that it serves as
    `If-Match`."""
    tag = f"{at.position}.{at.on.isoformat()}"
    tag = f'"{tag}"' if version is None else f'"{version}.{tag}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(orjson.dumps(content), 200, headers, "application/json")


def next_page(request: Request, cursor: str | None) -> str | None:
    """The address of the page that follows: the same query with another cursor, which keeps the moment."""
    if cursor is None:
        return None
    return str(
        request.url.include_query_params(cursor=cursor).remove_query_params("wait_for").replace(scheme="", netloc="")
    )
