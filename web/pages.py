"""The pages people read: dashboard, list, one commitment, what is behind a figure, one record.

Read-only, server-rendered, without a script and without a request to another host.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query
from fastapi.params import Depends
from starlette.exceptions import HTTPException
from starlette.responses import Response

from domain.commitment import Commitment
from domain.event import LIVES
from domain.unit import UnitClass
from ledger.codec import decode
from ledger.contract import Reader
from projections.answers import CommitmentLine, Headline, Name
from projections.asof import AsOf
from projections.days import instant
from projections.figures import FIGURES, value
from projections.views import Views
from web.asked import ListQuery, Page, YearPage
from web.failure import page_route
from web.frame import Frame, count, money, static
from web.reading import holds_sealed, lag_words, planned_share, why
from web.wording import BENEFICIARIES, MEASURES, Language, said

LONGEST_OVERDUE = 10
PER_PAGE = 50
LARGEST = 2**63 - 1


class Pages:
    """Answers the page routes from the views."""

    def __init__(self, views: Views, reader: Reader) -> None:
        self._views = views
        self._reader = reader
        self.frame = Frame(reader)

    def dashboard(self, asked: Annotated[YearPage, Query()]) -> Response:
        ask, at = asked.ask(), self._at(asked)
        year = at.on.year if asked.year is None else asked.year
        headline = self._views.headline(at, year)
        board = self._views.scoreboard(at)
        order = [kind.value for kind in UnitClass]
        units = sorted(board.units, key=lambda score: order.index(score.unit_class))
        return self.frame.page(
            "dashboard.html",
            "/",
            ask,
            at=at,
            year=year,
            figures=[_figure(headline, name, ask.lang) for name in FIGURES],
            board=board,
            classes=[(kind, list(scores)) for kind, scores in groupby(units, key=lambda score: score.unit_class)],
            overdue=self._views.commitments(at, lamp="red", sort="due", limit=LONGEST_OVERDUE),
        )

    def commitments(self, asked: Annotated[ListQuery, Query()]) -> Response:
        ask, at = asked.ask(), self._at(asked)
        page = self._views.commitments(
            at,
            unit=asked.unit,
            stage=asked.stage,
            lamp=asked.lamp,
            q=asked.q,
            sort=asked.sort,
            limit=PER_PAGE,
            cursor=asked.cursor,
        )
        return self.frame.page(
            "commitments.html",
            "/commitments",
            ask,
            at=at,
            page=page,
            filters=asked,
            units=self._views.scoreboard(at).units,
            more=self._more(asked, "/commitments", at, page.next),
        )

    def commitment(self, commitment: str, asked: Annotated[Page, Query()]) -> Response:
        ask, at = asked.ask(), self._at(asked)
        detail = self._views.commitment(at, commitment)
        names = self._views.names(at, "unit", "partner")
        line = detail.line
        return self.frame.page(
            "commitment.html",
            f"/commitments/{line.id}",
            ask,
            at=at,
            detail=detail,
            line=line,
            why=why(line, at, ask.lang),
            planned=planned_share(line, at),
            supporting=[names[unit].title for unit in detail.supporting if unit in names],
            beneficiary=_beneficiary(line, names, ask.lang),
            entries=self._views.history(at, commitment).entries,
            lag=lambda seconds: lag_words(seconds, ask.lang),
            sealed=holds_sealed,
        )

    def figure(self, figure: str, asked: Annotated[YearPage, Query()]) -> Response:
        ask, at = asked.ask(), self._at(asked)
        year = at.on.year if asked.year is None else asked.year
        page = self._views.headline_events(at, year, figure, cursor=asked.cursor, limit=PER_PAGE)
        shown = money if figure == "funds_fen" else count
        return self.frame.page(
            "figure.html",
            f"/figures/{figure}",
            ask,
            at=at,
            year=year,
            page=page,
            value=shown(page.value),
            shown=shown,
            more=self._more(asked, f"/figures/{figure}", at, page.next),
        )

    def event(self, position: Annotated[int, Path(ge=1, le=LARGEST)], asked: Annotated[Page, Query()]) -> Response:
        rows = self._reader.read(position - 1, 1)
        if not rows:
            raise HTTPException(404)
        recorded = decode(rows[0])
        person = self._views.names(self._at(asked), "person").get(recorded.meta.actor)
        return self.frame.page(
            "event.html",
            f"/events/{position}",
            asked.ask(),
            row=rows[0],
            stream=recorded.stream,
            of_commitment=LIVES[type(recorded.event)].state is Commitment,
            recorded_at=instant(recorded.recorded_at),
            meta=recorded.meta,
            who="" if person is None else person.title,
            state=orjson.dumps(orjson.loads(rows[0].state), option=orjson.OPT_INDENT_2).decode(),
        )

    def _at(self, asked: Page) -> AsOf:
        ledger = self.frame.ledger()
        # On a demonstration ledger "today" is what its own last record says.
        now = datetime.now(UTC) if ledger is not None and not ledger.demonstration else None
        return self._views.at(asked.known_at(), asked.on, cursor=asked.cursor, now=now)

    def _more(self, asked: Page, path: str, at: AsOf, cursor: str | None) -> str | None:
        """The next page shows the same moment, however much is recorded meanwhile."""
        if cursor is None:
            return None
        ask = asked.ask()
        return ask.href(path, **{**ask.rest, "as_of": at.position, "on": at.on, "cursor": cursor})


def _figure(headline: Headline, name: str, lang: Language) -> dict[str, str]:
    number = value(headline, name)
    shown = money(number) if name == "funds_fen" else count(number)
    if name == "problems_solved":
        shown = f"≥{shown}"
    return {"name": name, "value": shown, "measure": said(MEASURES, name, lang)}


def _beneficiary(line: CommitmentLine, names: Mapping[str, Name], lang: Language) -> str:
    if line.beneficiary is None:
        return said(BENEFICIARIES, "nobody", lang)
    name = names.get(line.beneficiary)
    # The name of a household is sealed.
    return name.title if name is not None and name.title else said(BENEFICIARIES, "sealed", lang)


def router(views: Views, reader: Reader, *, dependencies: Sequence[Depends] = ()) -> APIRouter:
    """The page routes and their files. `dependencies` run before every page (such as the check of a key on a ledger
    that is no demonstration); what they raise with `zh`, `en`, `status` and `field` becomes a page."""
    pages = Pages(views, reader)
    made = APIRouter(include_in_schema=False)
    shown = APIRouter(route_class=page_route(pages.frame), dependencies=list(dependencies))
    for path, page in (
        ("/", pages.dashboard),
        ("/commitments", pages.commitments),
        ("/commitments/{commitment}", pages.commitment),
        ("/figures/{figure}", pages.figure),
        ("/events/{position}", pages.event),
    ):
        shown.add_api_route(path, page, methods=["GET"], response_model=None)

    @made.get("/static/{name}", response_model=None)
    def file(name: str) -> Response:
        found = static(name)
        if found is None:
            raise HTTPException(404)
        return found

    made.include_router(shown)
    return made
