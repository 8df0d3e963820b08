"""Queries: rounds of appraisal, and publications with all they ever said and those that are
to be amended."""

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
from projections.publications import PublicationDuty, PublicationShown, outstanding, publication_at


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublicationDuties(Moment):
    items: tuple[PublicationDuty, ...]


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

    @made.get(
        "/v1/publication-duties",
        operation_id="list_publication_duties",
        summary="依据已更正、待公开修改或撤下的公示 Publications that rest on a corrected record",
        response_class=Response,
        responses={200: {"model": PublicationDuties}},
    )
    def list_publication_duties(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        at = answering.moment(asked)
        return answer(request, at, {**moment_of(at), "items": outstanding(reader, views.issued(at), at)})

    return made
