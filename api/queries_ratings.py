"""Queries: 满意率, 差评整改率 and 实名差评回访率, each with the ratings behind it."""

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Moment, answer, moment_of, next_page, pinned
from api.queries import AskedYear, AskedYearPage
from projections.asof import AsOf
from projections.rating_figures import COUNTING, Rate, RatingFigure, RatingFigures, UnitRates
from projections.service_views import RecordItem

F = TypeVar("F", bound=Callable[..., Any])


class AskedRatings(AskedYearPage):
    """Whose ratings."""

    unit: Annotated[str | None, Query(description="被评价单位编号。Rated unit.")] = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingLinks:
    """Where a figure opens to the ratings it is of, and to those excluded from it, pinned to this answer's moment."""

    events: str
    excluded: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingRatesAnswer(Moment):
    year: int
    all: dict[str, Rate]
    units: tuple[UnitRates, ...]
    links: dict[str, RatingLinks]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingEventsAnswer(Moment):
    year: int
    figure: str
    items: tuple[RecordItem, ...]
    next: str | None
    """Address of the next page."""


def rating_links(at: AsOf, year: int) -> dict[str, RatingLinks]:
    asked = f"year={year}&{pinned(at)}"
    return {
        figure.value: RatingLinks(
            events=f"/v1/figures/ratings/{figure}/events?{asked}",
            excluded=f"/v1/figures/records/{COUNTING[figure].excluded}/events?{asked}",
        )
        for figure in RatingFigure
    }


def router(answering: Answering, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    figures = RatingFigures(answering.views)

    def get(path: str, operation_id: str, summary: str, model: Any) -> Callable[[F], F]:
        return made.get(
            path, operation_id=operation_id, summary=summary, response_class=Response, responses={200: {"model": model}}
        )

    @get("/v1/figures/ratings", "get_rating_figures", "满意率和差评整改、回访率 Rates of ratings", RatingRatesAnswer)
    def get_rating_figures(request: Request, asked: Annotated[AskedYear, Query()]) -> Response:
        at = answering.moment(asked)
        found = figures.rates(at, asked.year)
        content = {
            "year": asked.year,
            "all": found.all,
            "units": found.units,
            "links": rating_links(at, asked.year),
        }
        return answer(request, at, {**moment_of(at), **content})

    @get(
        "/v1/figures/ratings/{figure}/events", "list_rating_events", "指标背后的评价 Behind a rate", RatingEventsAnswer
    )
    def list_rating_events(request: Request, figure: str, asked: Annotated[AskedRatings, Query()]) -> Response:
        at = answering.moment(asked)
        page = figures.behind(at, asked.year, figure, unit=asked.unit, limit=asked.limit, cursor=asked.cursor)
        content = {"year": asked.year, "figure": figure, "items": page.items, "next": next_page(request, page.next)}
        return answer(request, at, {**moment_of(at), **content})

    return made
