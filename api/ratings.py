"""Ratings (好差评): the list of them, and one with its limits explained and what has happened."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, AskedPage, Moment, answer, moment_of, next_page
from api.queries_requests import Order
from domain.appraisal_form import Grade
from domain.rating import RatingStage
from domain.request_events import Way
from ledger.contract import Reader
from projections import case_views
from projections.case_answers import RatingLine
from projections.lists import NOBODY
from projections.ratings import RatingShown, rating_at


class AskedRatingList(AskedPage):
    """Which ratings, in which order."""

    stage: Annotated[RatingStage | None, Query(description="状态。Stage.")] = None
    unit: Annotated[str | None, Query(description="被评价单位编号。Rated unit.")] = None
    grade: Annotated[Grade | None, Query(description="等次。Grade.")] = None
    channel: Annotated[Way | None, Query(description="来源渠道。How it came in.")] = None
    overdue: Annotated[bool | None, Query(description="是否逾期。Overdue or not.")] = None
    sort: Order = "due"


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingList(Moment):
    items: tuple[RatingLine, ...]
    total: int
    """Of the whole list."""
    next: str | None
    """Address of the next page."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingAnswer(Moment):
    rating: RatingShown


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    views = case_views.CaseViews(answering.views)

    @made.get(
        "/v1/ratings",
        operation_id="list_ratings",
        summary="评价清单 Ratings",
        response_class=Response,
        responses={200: {"model": RatingList}},
    )
    def list_ratings(request: Request, asked: Annotated[AskedRatingList, Query()]) -> Response:
        at = answering.moment(asked)
        given = asked.model_dump(exclude={"as_of", "on", "wait_for"}, mode="json")
        order, kind = given.pop("sort"), given.pop("grade")
        page = views.ratings(at, case_views.Asked(order=order, kind=kind, **given))
        following = next_page(request, page.next)
        return answer(request, at, {**moment_of(at), "items": page.items, "total": page.total, "next": following})

    @made.get(
        "/v1/ratings/{id}",
        operation_id="get_rating",
        summary="一条评价 One rating",
        response_class=Response,
        responses={200: {"model": RatingAnswer}},
    )
    def get_rating(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        names = answering.views.names(at, "unit", "person")
        edition = answering.views.editions(at).named
        found = rating_at(reader, id, at, lambda one: names.get(one, NOBODY).title, edition)
        return answer(request, at, {**moment_of(at), "rating": found}, found.version)

    return made
