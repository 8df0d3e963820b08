"""The limits in force and the editions that set them (规则), as of any moment."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, Moment, answer, moment_of
from ledger.contract import Reader
from projections.editions import RulesShown, rules_at


@dataclasses.dataclass(frozen=True, kw_only=True)
class RulesAnswer(Moment):
    rules: RulesShown


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])

    @made.get(
        "/v1/rules",
        operation_id="get_rules",
        summary="现行规则与各版本 Limits in force and their editions",
        response_class=Response,
        responses={200: {"model": RulesAnswer}},
    )
    def get_rules(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        at = answering.moment(asked)
        found = rules_at(reader, answering.views.editions(at), answering.views.names(at, "person"), at)
        return answer(request, at, {**moment_of(at), "rules": found})

    return made
