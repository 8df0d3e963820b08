"""What has happened in a matter of supervision."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, Moment, answer, moment_of
from ledger.contract import Reader
from projections.answers import HistoryEntry
from projections.supervision import supervised


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupervisionAnswer(Moment):
    id: str
    version: int
    """For If-Match."""
    entries: tuple[HistoryEntry, ...]


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])

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
