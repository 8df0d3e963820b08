"""Queries: rounds of appraisal, and publications with all they ever said."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, AskedPage, Moment, answer, moment_of, next_page
from api.queries_requests import narrowed
from domain.appraisal import AppraisalStage
from domain.publication import PublicationStage
from ledger.contract import Reader
from projections.case_answers import PublicationLine, RoundLine
from projections.case_views import CaseViews
from projections.publications import PublicationShown, publication_at


class AskedRounds(AskedPage):
    """Which rounds, the newest first."""

    stage: Annotated[AppraisalStage | None, Query(description="状态。Stage.")] = None
    unit: Annotated[str | None, Query(description="被评单位编号。Unit appraised.")] = None


class AskedPublications(AskedPage):
    """Which publications, the newest first."""

    stage: Annotated[PublicationStage | None, Query(description="状态。Stage.")] = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoundList(Moment):
    items: tuple[RoundLine, ...]
    total: int
    next: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublicationList(Moment):
    items: tuple[PublicationLine, ...]
    total: int
    next: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublicationAnswer(Moment):
    publication: PublicationLine
    words: PublicationShown
    version: int
    """For If-Match."""


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    views = CaseViews(answering.views)

    @made.get(
        "/v1/appraisals",
        operation_id="list_appraisals",
        summary="各轮评议 Rounds of appraisal",
        response_class=Response,
        responses={200: {"model": RoundList}},
    )
    def list_appraisals(request: Request, asked: Annotated[AskedRounds, Query()]) -> Response:
        at = answering.moment(asked)
        page = views.rounds(at, narrowed(asked))
        following = next_page(request, page.next)
        return answer(request, at, {**moment_of(at), "items": page.items, "total": page.total, "next": following})

    @made.get(
        "/v1/publications",
        operation_id="list_publications",
        summary="公示清单 Publications",
        response_class=Response,
        responses={200: {"model": PublicationList}},
    )
    def list_publications(request: Request, asked: Annotated[AskedPublications, Query()]) -> Response:
        at = answering.moment(asked)
        page = views.publications(at, narrowed(asked))
        following = next_page(request, page.next)
        return answer(request, at, {**moment_of(at), "items": page.items, "total": page.total, "next": following})

    @made.get(
        "/v1/publications/{id}",
        operation_id="get_publication",
        summary="一项公示及其修改 One publication with its amendments and withdrawal",
        response_class=Response,
        responses={200: {"model": PublicationAnswer}},
    )
    def get_publication(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        line = views.publication(at, id)
        words, version = publication_at(reader, id, at)
        return answer(request, at, {**moment_of(at), "publication": line, "words": words, "version": version}, version)

    return made
