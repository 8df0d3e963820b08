"""Queries: the list of requests, how many there are, one request with all that has happened to it."""

import dataclasses
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, AskedPage, Moment, answer, moment_of, next_page, pinned
from domain.request import RequestStage
from domain.request_events import RequestKind, Way
from ledger.contract import Reader
from projections import case_views
from projections.answers import HistoryEntry
from projections.case_answers import RequestLine
from projections.case_counts import RequestCounts
from projections.requests import RequestParticulars, request_particulars, request_timeline

Order = Annotated[
    Literal["due", "-due", "begun", "-begun"],
    Query(description="排序：期限或登记先后。Order: end of the clock that runs, or the first event."),
]


class AskedRequests(AskedPage):
    """Which requests, in which order."""

    stage: Annotated[RequestStage | None, Query(description="状态。Stage.")] = None
    unit: Annotated[str | None, Query(description="现由其负责的单位编号。The unit it is with.")] = None
    kind: Annotated[RequestKind | None, Query(description="类别。Kind.")] = None
    channel: Annotated[Way | None, Query(description="来源渠道。How it came in.")] = None
    overdue: Annotated[bool | None, Query(description="是否逾期。Overdue or not.")] = None
    sort: Order = "due"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestList(Moment):
    items: tuple[RequestLine, ...]
    total: int
    """Of the whole list."""
    next: str | None
    """Address of the next page."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestCountsAnswer(Moment):
    counts: RequestCounts
    list: str
    """The list these numbers count, pinned to this answer's moment; it narrows by the same words."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestAnswer(Moment):
    request: RequestLine
    particulars: RequestParticulars
    version: int
    """For If-Match."""
    entries: tuple[HistoryEntry, ...]
    """In order of occurrence."""


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    views = case_views.CaseViews(answering.views)

    @made.get(
        "/v1/requests",
        operation_id="list_requests",
        summary="诉求清单 Requests",
        response_class=Response,
        responses={200: {"model": RequestList}},
    )
    def list_requests(request: Request, asked: Annotated[AskedRequests, Query()]) -> Response:
        at = answering.moment(asked)
        page = views.requests(at, narrowed(asked))
        following = next_page(request, page.next)
        return answer(request, at, {**moment_of(at), "items": page.items, "total": page.total, "next": following})

    @made.get(
        "/v1/requests/counts",
        operation_id="count_requests",
        summary="诉求统计 Counts of requests",
        response_class=Response,
        responses={200: {"model": RequestCountsAnswer}},
    )
    def count_requests(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        at = answering.moment(asked)
        found = views.request_counts(at)
        return answer(request, at, {**moment_of(at), "counts": found, "list": f"/v1/requests?{pinned(at)}"})

    @made.get(
        "/v1/requests/{id}",
        operation_id="get_request",
        summary="一项诉求及办理过程 One request and its history",
        response_class=Response,
        responses={200: {"model": RequestAnswer}},
    )
    def get_request(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        line = views.request(at, id)
        told = request_timeline(reader, answering.views.names(at, "unit", "person"), id, at)
        content = {
            **moment_of(at),
            "request": line,
            "particulars": request_particulars(reader, id, at),
            "version": told.version,
            "entries": told.entries,
        }
        return answer(request, at, content, told.version)

    return made


def narrowed(asked: AskedPage) -> case_views.Asked:
    """What a list is narrowed to, of all that is asked."""
    given = asked.model_dump(exclude={"as_of", "on", "wait_for"}, mode="json")
    return case_views.Asked(order=given.pop("sort", "-begun"), **given)
