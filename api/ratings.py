"""One rating, with its limits explained and what has happened."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, Moment, answer, moment_of
from ledger.contract import Reader
from projections.lists import NOBODY
from projections.ratings import RatingShown, rating_at


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingAnswer(Moment):
    rating: RatingShown


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])

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
