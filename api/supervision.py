"""Queries on supervision: lists of inspections, conclusions, rectifications, listings, talks and circulars, how many of
them there are, and what has happened in one."""

import dataclasses
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, AskedPage, Moment, answer, moment_of, next_page, pinned
from api.queries_requests import Order, narrowed
from ledger.contract import Reader
from projections.answers import HistoryEntry
from projections.case_answers import SupervisionLine
from projections.case_counts import STAGES, SupervisionCounts
from projections.case_rows import CaseKind
from projections.case_views import CaseViews
from projections.supervision import supervised

LISTS = {
    CaseKind.INSPECTION: ("inspections", "督查清单 Inspections"),
    CaseKind.CONCLUSION: ("conclusions", "督查结论清单 Conclusions"),
    CaseKind.RECTIFICATION: ("rectifications", "整改清单 Rectifications"),
    CaseKind.LISTING: ("listings", "挂牌督办清单 Listings"),
    CaseKind.TALK: ("talks", "约谈清单 Talks"),
    CaseKind.CIRCULAR: ("circulars", "通报清单 Circulars"),
}


class AskedMatters(AskedPage):
    """Which matters of supervision, in which order. Each kind has stages of its own."""

    unit: Annotated[str | None, Query(description="所涉单位编号。Unit.")] = None
    overdue: Annotated[bool | None, Query(description="是否逾期。Overdue or not.")] = None
    sort: Order = "due"


def with_stages(kind: CaseKind, stages: type[StrEnum]) -> type[AskedMatters]:
    stage: Any = (Annotated[stages | None, Query(description="状态。Stage.")], None)
    return create_model(f"Asked{kind.value.title()}s", __base__=AskedMatters, stage=stage)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupervisionList(Moment):
    items: tuple[SupervisionLine, ...]
    total: int
    """Of the whole list."""
    next: str | None
    """Address of the next page."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupervisionCountsAnswer(Moment):
    counts: SupervisionCounts
    lists: dict[str, str]
    """Kind → the list its numbers count, pinned to this answer's moment."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupervisionAnswer(Moment):
    id: str
    version: int
    """For If-Match."""
    entries: tuple[HistoryEntry, ...]


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    views = CaseViews(answering.views)

    def add(kind: CaseKind, name: str, summary: str, asking: type[AskedMatters]) -> None:
        @made.get(
            f"/v1/{name}",
            operation_id=f"list_{name}",
            summary=summary,
            response_class=Response,
            responses={200: {"model": SupervisionList}},
        )
        def list_matters(request: Request, asked: Annotated[asking, Query()]) -> Response:  # type: ignore[valid-type]
            at = answering.moment(asked)
            page = views.supervision(at, kind, narrowed(asked))
            following = next_page(request, page.next)
            return answer(request, at, {**moment_of(at), "items": page.items, "total": page.total, "next": following})

    for kind, (name, summary) in LISTS.items():
        add(kind, name, summary, with_stages(kind, STAGES[kind]))

    @made.get(
        "/v1/supervision/counts",
        operation_id="count_supervision",
        summary="督查统计 Counts of matters of supervision",
        response_class=Response,
        responses={200: {"model": SupervisionCountsAnswer}},
    )
    def count_supervision(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        at = answering.moment(asked)
        lists = {kind.value: f"/v1/{name}?{pinned(at)}" for kind, (name, _) in LISTS.items()}
        return answer(request, at, {**moment_of(at), "counts": views.supervision_counts(at), "lists": lists})

    @made.get(
        "/v1/supervision/{id}/history",
        operation_id="get_supervision_history",
        summary="督查过程 History of an inspection, conclusion, rectification, listing, talk or circular",
        response_class=Response,
        responses={200: {"model": SupervisionAnswer}},
    )
    def get_history(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        found = supervised(reader, answering.views.names(at, "unit", "person"), id, at)
        content = {**moment_of(at), "id": id, "version": found.version, "entries": found.entries}
        return answer(request, at, content, found.version)

    return made
