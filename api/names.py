"""What units, policies, partners and persons are called. Persons and households show no names: those are sealed."""

import dataclasses
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, AskedPage, Moment, answer, moment_of, next_page
from projections.cursor import Cursor, query_digest, resumed

Kind = Literal["unit", "policy", "partner", "person"]
LISTS: tuple[tuple[str, Kind, str], ...] = (
    ("/v1/units", "unit", "单位名录 Units"),
    ("/v1/policies", "policy", "政策名录 Policies"),
    ("/v1/partners", "partner", "结对对象名录 Partners"),
    ("/v1/persons", "person", "人员职务名录 Posts of persons"),
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    id: str
    title: str
    detail: str
    """Class of a unit, number of a policy, kind of a partner."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class NameList(Moment):
    items: tuple[Named, ...]
    total: int
    next: str | None


def router(answering: Answering, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])

    def add(path: str, kind: Kind, summary: str) -> None:
        @made.get(
            path,
            operation_id=f"list_{path.rpartition('/')[2]}",
            summary=summary,
            response_class=Response,
            responses={200: {"model": NameList}},
        )
        def list_names(request: Request, asked: Annotated[AskedPage, Query()]) -> Response:
            at = answering.moment(asked)
            query = query_digest("names", kind)
            after = resumed(asked.cursor, at, query)
            start = 0 if after is None else after[0]
            found = answering.views.names(at, kind)
            ordered = sorted((name.title, id_, name.detail) for id_, name in found.items())
            items = tuple(
                Named(id=id_, title=title, detail=detail) for title, id_, detail in ordered[start : start + asked.limit]
            )
            end = start + len(items)
            more = str(Cursor(at, query, (end, b""))) if end < len(ordered) else None
            content = {**moment_of(at), "items": items, "total": len(ordered), "next": next_page(request, more)}
            return answer(request, at, content)

    for path, kind, summary in LISTS:
        add(path, kind, summary)
    return made
