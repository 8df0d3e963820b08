"""Queries: the commitment list, one commitment and its history, the scoreboard, the headline figures."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, AskedPage, Moment, answer, moment_of, next_page, pinned
from domain.commitment import Stage
from domain.explanation import Line
from projections.answers import (
    AtLeast,
    CommitmentLine,
    FigureItem,
    HistoryEntry,
    Partners,
    TargetServed,
    UnitScore,
)
from projections.asof import AsOf
from projections.days import FIRST_YEAR, LAST_YEAR
from projections.deadlines import Clock
from projections.figures import DISTINCT, SUMMED
from projections.lamps import Lamp

F = TypeVar("F", bound=Callable[..., Any])


class AskedCommitments(AskedPage):
    """Which commitments, in which order."""

    unit: Annotated[str | None, Query(description="责任单位编号。Responsible unit.")] = None
    stage: Annotated[Stage | None, Query(description="状态。Stage.")] = None
    lamp: Annotated[Lamp | None, Query(description="灯色。Lamp.")] = None
    policy: Annotated[str | None, Query(description="政策编号。Policy.")] = None
    overdue: Annotated[bool | None, Query(description="是否逾期。Overdue or not.")] = None
    q: Annotated[str | None, Query(max_length=50, description="标题中的字。Words in the title.")] = None
    sort: Annotated[
        Literal["due", "-due", "proposed", "-proposed"], Query(description="排序。Order: due day or proposal.")
    ] = "due"


Year = Annotated[
    int,
    Query(
        description="年份。Year.",
        examples=[2011],
        # Tells clients the range; the views say in words what is wrong with another.
        json_schema_extra={"minimum": FIRST_YEAR, "maximum": LAST_YEAR},
    ),
]


class AskedYear(Asked):
    year: Year


class AskedYearPage(AskedPage):
    year: Year


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommitmentList(Moment):
    items: tuple[CommitmentLine, ...]
    total: int
    """Of the whole list."""
    next: str | None
    """Address of the next page."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommitmentAnswer(Moment):
    commitment: CommitmentLine
    basis: str
    targets: tuple[TargetServed, ...]
    requests: tuple[str, ...]
    answers: tuple[str, ...]
    """Requests of residents it is promised in answer to."""
    supporting: tuple[str, ...]
    wording: str | None
    version: int
    """For If-Match."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class HistoryAnswer(Moment):
    id: str
    entries: tuple[HistoryEntry, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadlineAnswer(Moment):
    id: str
    due_on: date
    original_due_on: date
    provisional: bool
    """It reaches past the announced calendar."""
    lines: tuple[Line, ...]
    clocks: tuple[Clock, ...]
    """Its limits of assignment and acknowledgement."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreboardAnswer(Moment):
    units: tuple[UnitScore, ...]
    all: UnitScore


@dataclasses.dataclass(frozen=True, kw_only=True)
class PartnerLinks:
    village: str
    community: str
    enterprise: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeadlineLinks:
    """Where each figure opens to what it is made of, pinned to this answer's moment."""

    field_visits: str
    problems_solved: str
    partners: PartnerLinks
    activities: str
    projects: str
    funds_fen: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeadlineAnswer(Moment):
    year: int
    field_visits: int
    problems_solved: AtLeast
    partners: Partners
    activities: int
    projects: int
    funds_fen: int
    links: HeadlineLinks


@dataclasses.dataclass(frozen=True, kw_only=True)
class FigureAnswer(Moment):
    year: int
    figure: str
    value: int
    items: tuple[FigureItem, ...]
    next: str | None


def headline_links(at: AsOf, year: int) -> HeadlineLinks:
    def link(figure: str) -> str:
        return f"/v1/figures/headline/{figure}/events?year={year}&{pinned(at)}"

    partners = {kind.value: link(figure) for figure, kind in DISTINCT.items()}
    return HeadlineLinks(partners=PartnerLinks(**partners), **{figure: link(figure) for figure in SUMMED})


def router(answering: Answering, access: Access) -> APIRouter:
    made = APIRouter(tags=["查询 Queries"], dependencies=[Depends(access)])
    views = answering.views

    def get(path: str, operation_id: str, summary: str, model: Any) -> Callable[[F], F]:
        return made.get(
            path, operation_id=operation_id, summary=summary, response_class=Response, responses={200: {"model": model}}
        )

    @get("/v1/commitments", "list_commitments", "承诺事项清单 Commitments", CommitmentList)
    def list_commitments(request: Request, asked: Annotated[AskedCommitments, Query()]) -> Response:
        at = answering.moment(asked)
        narrowed = asked.model_dump(exclude={"as_of", "on", "wait_for"})
        page = views.commitments(at, **narrowed)
        following = next_page(request, page.next)
        return answer(request, at, {**moment_of(at), "items": page.items, "total": page.total, "next": following})

    @get("/v1/commitments/{id}", "get_commitment", "一项承诺 One commitment", CommitmentAnswer)
    def get_commitment(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        found = views.commitment(at, id)
        content = {
            **moment_of(at),
            "commitment": found.line,
            "basis": found.basis,
            "targets": found.targets,
            "requests": found.requests,
            "answers": found.answers,
            "supporting": found.supporting,
            "wording": found.wording,
            "version": found.version,
        }
        return answer(request, at, content, found.version)

    @get("/v1/commitments/{id}/history", "get_history", "办理过程 History", HistoryAnswer)
    def get_history(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        found = views.history(at, id)
        return answer(request, at, {**moment_of(at), "id": found.id, "entries": found.entries})

    @get("/v1/commitments/{id}/deadline", "get_deadline", "期限说明 Why it is due then", DeadlineAnswer)
    def get_deadline(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        found = views.deadline(at, id)
        content = {
            **moment_of(at),
            "id": id,
            "due_on": found.due_on,
            "original_due_on": found.original_due_on,
            "provisional": found.provisional,
            "lines": found.lines,
            "clocks": found.clocks,
        }
        return answer(request, at, content)

    @get("/v1/scoreboard", "get_scoreboard", "单位记分板 Scoreboard of units", ScoreboardAnswer)
    def get_scoreboard(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        at = answering.moment(asked)
        found = views.scoreboard(at)
        return answer(request, at, {**moment_of(at), "units": found.units, "all": found.all})

    @get("/v1/figures/headline", "get_headline", "年度主要数字 Headline figures", HeadlineAnswer)
    def get_headline(request: Request, asked: Annotated[AskedYear, Query()]) -> Response:
        at = answering.moment(asked)
        found = views.headline(at, asked.year)
        content = {
            "field_visits": found.field_visits,
            "problems_solved": found.problems_solved,
            "partners": found.partners,
            "activities": found.activities,
            "projects": found.projects,
            "funds_fen": found.funds_fen,
            "links": headline_links(at, asked.year),
            "year": found.year,
            **moment_of(at),
        }
        return answer(request, at, content)

    @get(
        "/v1/figures/headline/{figure}/events",
        "list_headline_events",
        "数字背后的事件 Events behind a figure",
        FigureAnswer,
    )
    def list_headline_events(request: Request, figure: str, asked: Annotated[AskedYearPage, Query()]) -> Response:
        at = answering.moment(asked)
        page = views.headline_events(at, asked.year, figure, cursor=asked.cursor, limit=asked.limit)
        content = {
            **moment_of(at),
            "year": page.year,
            "figure": page.figure,
            "value": page.value,
            "items": page.items,
            "next": next_page(request, page.next),
        }
        return answer(request, at, content)

    return made
