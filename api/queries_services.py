"""Queries: counts per channel and programme, shares of what lasts and what builds, input against confirmed benefit, and
the parts of the yearly assessment. Every number opens to the things behind it."""

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, Moment, answer, moment_of, next_page, pinned
from api.queries import AskedYear, AskedYearPage
from ledger.contract import Reader
from projections.answers import HistoryEntry
from projections.asof import AsOf
from projections.service_history import served
from projections.service_views import (
    PARTS,
    ChannelLine,
    RecordItem,
    ServiceViews,
    UnitBalance,
    UnitParts,
    UnitServices,
)

F = TypeVar("F", bound=Callable[..., Any])
UnitId = Annotated[str, Query(description="责任单位编号。Unit.")]


class AskedRecords(AskedYearPage):
    """Which records of a kind."""

    unit: Annotated[str | None, Query(description="责任单位编号。Unit.")] = None
    channel: Annotated[str | None, Query(max_length=32, description="渠道。Channel.")] = None
    programme: Annotated[
        str | None, Query(max_length=40, description="服务载体；空为没有。Platform; empty for none.")
    ] = None


class AskedPart(AskedYear):
    """Whose part."""

    unit: UnitId


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChannelsAnswer(Moment):
    year: int
    items: tuple[ChannelLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ServicesAnswer(Moment):
    year: int
    units: tuple[UnitServices, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BenefitsAnswer(Moment):
    """Sums of funds in 分."""

    year: int
    units: tuple[UnitBalance, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitAssessed:
    figures: UnitParts
    links: dict[str, str]
    """Part → where it opens to what it counts, pinned to this answer's moment."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AssessmentsAnswer(Moment):
    year: int
    units: tuple[UnitAssessed, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PartAnswer(Moment):
    year: int
    part: str
    items: tuple[RecordItem, ...]
    excluded: tuple[RecordItem, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecordsAnswer(Moment):
    year: int
    kind: str
    items: tuple[RecordItem, ...]
    next: str | None
    """Address of the next page."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ServiceHistoryAnswer(Moment):
    id: str
    version: int
    """For If-Match."""
    entries: tuple[HistoryEntry, ...]


def part_links(at: AsOf, year: int, unit: str) -> dict[str, str]:
    return {part: f"/v1/figures/assessment/{part}/events?year={year}&unit={unit}&{pinned(at)}" for part in PARTS}


def router(answering: Answering, reader: Reader, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    views = ServiceViews(answering.views)

    def get(path: str, operation_id: str, summary: str, model: Any) -> Callable[[F], F]:
        return made.get(
            path, operation_id=operation_id, summary=summary, response_class=Response, responses={200: {"model": model}}
        )

    @get("/v1/figures/channels", "get_channels", "各渠道和载体的记录数 Records per channel", ChannelsAnswer)
    def get_channels(request: Request, asked: Annotated[AskedYear, Query()]) -> Response:
        at = answering.moment(asked)
        items = views.channels(at, asked.year)
        return answer(request, at, {**moment_of(at), "year": asked.year, "items": items})

    @get("/v1/figures/services", "get_services", "长效与造血 What lasts and what builds", ServicesAnswer)
    def get_services(request: Request, asked: Annotated[AskedYear, Query()]) -> Response:
        at = answering.moment(asked)
        units = views.services(at, asked.year)
        return answer(request, at, {**moment_of(at), "year": asked.year, "units": units})

    @get("/v1/figures/benefits", "get_benefits", "投入与实效 Input and confirmed benefit", BenefitsAnswer)
    def get_benefits(request: Request, asked: Annotated[AskedYear, Query()]) -> Response:
        at = answering.moment(asked)
        units = views.balances(at, asked.year)
        return answer(request, at, {**moment_of(at), "year": asked.year, "units": units})

    @get("/v1/figures/assessment", "get_assessment_figures", "年度考核各项指标 Assessment parts", AssessmentsAnswer)
    def get_assessment_figures(request: Request, asked: Annotated[AskedYear, Query()]) -> Response:
        at = answering.moment(asked)
        units = [
            UnitAssessed(figures=one, links=part_links(at, asked.year, one.unit))
            for one in views.assessments(at, asked.year)
        ]
        return answer(request, at, {**moment_of(at), "year": asked.year, "units": units})

    @get("/v1/figures/assessment/{part}/events", "list_assessment_events", "指标背后的事件 Behind a part", PartAnswer)
    def list_assessment_events(request: Request, part: str, asked: Annotated[AskedPart, Query()]) -> Response:
        at = answering.moment(asked)
        page = views.part(at, asked.year, asked.unit, part)
        content = {"year": asked.year, "part": part, "items": page.items, "excluded": page.excluded}
        return answer(request, at, {**moment_of(at), **content})

    @get("/v1/figures/records/{kind}/events", "list_records", "某类记录 Records of a kind", RecordsAnswer)
    def list_records(request: Request, kind: str, asked: Annotated[AskedRecords, Query()]) -> Response:
        at = answering.moment(asked)
        narrowed = asked.model_dump(exclude={"as_of", "on", "wait_for", "year"})
        page = views.records(at, asked.year, kind, **narrowed)
        content = {"year": asked.year, "kind": kind, "items": page.items, "next": next_page(request, page.next)}
        return answer(request, at, {**moment_of(at), **content})

    @get(
        "/v1/resources/{id}/history",
        "get_resource_history",
        "供需和考核过程 History of a need, an offer, an assessment or a commendation list",
        ServiceHistoryAnswer,
    )
    def get_resource_history(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        found = served(reader, answering.views.names(at, "unit", "partner", "person"), id, at)
        content = {**moment_of(at), "id": id, "version": found.version, "entries": found.entries}
        return answer(request, at, content, found.version)

    return made
