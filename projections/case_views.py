"""Questions about cases (办件): lists of requests, matters of supervision, rounds of appraisal and publications, one
request, and counts. Each is asked through `Views`, in its snapshots."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, Row

from domain.publication import PublicationStage
from domain.refusal import Kind, Refusal
from projections import case_lists
from projections.asof import AsOf
from projections.case_answers import (
    Names,
    PublicationLine,
    RatingLine,
    RequestLine,
    RoundLine,
    SupervisionLine,
    publication_line,
    rating_line,
    request_line,
    round_line,
    supervision_line,
)
from projections.case_counts import RequestCounts, SupervisionCounts, request_counts, supervision_counts
from projections.case_lists import SORTS, Filter
from projections.case_rows import CaseKind
from projections.cursor import MAX_PAGE, Cursor, check_limit, query_digest, resumed
from projections.keys import asked_key
from projections.requests import unknown_request
from projections.views import Views

T = TypeVar("T")

SUPERVISION: Final = (
    CaseKind.INSPECTION,
    CaseKind.CONCLUSION,
    CaseKind.RECTIFICATION,
    CaseKind.LISTING,
    CaseKind.TALK,
    CaseKind.CIRCULAR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is narrowed to and where it goes on. `unit` is an id, `order` one of `case_lists.SORTS`, `limit` 1
    to 200; stages and kinds are words that the caller has checked."""

    stage: str | None = None
    unit: str | None = None
    kind: str | None = None
    channel: str | None = None
    overdue: bool | None = None
    order: str = "due"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    total: int
    """Of the whole list, whatever the page."""
    next: str | None
    """Cursor of the next page; it keeps the moment of this one."""


class CaseViews:
    def __init__(self, views: Views) -> None:
        self._views = views

    def requests(self, at: AsOf, asked: Asked) -> Page[RequestLine]:
        return self._page(
            at,
            CaseKind.REQUEST,
            asked,
            lambda _, names, rows: [request_line(row, names) for row in rows],
        )

    def request(self, at: AsOf, request: str) -> RequestLine:
        """Refuses with `unknown_request` what did not exist at (P, D)."""
        return self._one(at, CaseKind.REQUEST, request, request_line, unknown_request())

    def request_counts(self, at: AsOf) -> RequestCounts:
        return self._views.ask(
            at,
            lambda connection, names: request_counts(case_lists.cells(connection, at, [CaseKind.REQUEST]), names),
            "cases",
        )

    def supervision(self, at: AsOf, kind: CaseKind, asked: Asked) -> Page[SupervisionLine]:
        def made(connection: Connection, names: Names, rows: Sequence[Row[Any]]) -> Iterable[SupervisionLine]:
            units = case_lists.units(connection, (row.stream for row in rows))
            titles = case_lists.titles(connection, at, (row.about for row in rows))
            return (supervision_line(row, names, units, titles) for row in rows)

        return self._page(at, kind, asked, made)

    def supervision_counts(self, at: AsOf) -> SupervisionCounts:
        def ask(connection: Connection, names: Names) -> SupervisionCounts:
            whole = case_lists.cells(connection, at, SUPERVISION)
            return supervision_counts(whole, case_lists.cells(connection, at, SUPERVISION, shared=True), names)

        return self._views.ask(at, ask, "cases")

    def rounds(self, at: AsOf, asked: Asked) -> Page[RoundLine]:
        def made(connection: Connection, names: Names, rows: Sequence[Row[Any]]) -> Iterable[RoundLine]:
            units = case_lists.units(connection, (row.stream for row in rows))
            return (round_line(row, names, units) for row in rows)

        return self._page(at, CaseKind.APPRAISAL, asked, made)

    def ratings(self, at: AsOf, asked: Asked) -> Page[RatingLine]:
        return self._page(at, CaseKind.RATING, asked, lambda _, names, rows: (rating_line(row, names) for row in rows))

    def publications(self, at: AsOf, asked: Asked) -> Page[PublicationLine]:
        return self._page(at, CaseKind.PUBLICATION, asked, lambda _, __, rows: map(publication_line, rows))

    def issued(self, at: AsOf) -> Iterator[PublicationLine]:
        """Every publication that is shown, the oldest first."""
        asked = Asked(stage=PublicationStage.ISSUED.value, order="begun", limit=MAX_PAGE)
        while True:
            page = self.publications(at, asked)
            yield from page.items
            if page.next is None:
                return
            asked = replace(asked, cursor=page.next)

    def publication(self, at: AsOf, publication: str) -> PublicationLine:
        """Refuses with `unknown_publication` what did not exist at (P, D)."""
        return self._one(
            at, CaseKind.PUBLICATION, publication, lambda row, _: publication_line(row), _unknown_publication()
        )

    def _page(
        self,
        at: AsOf,
        kind: CaseKind,
        asked: Asked,
        made: Callable[[Connection, Names, Sequence[Row[Any]]], Iterable[T]],
    ) -> Page[T]:
        if asked.order not in SORTS:
            raise Refusal("sort_unknown", "没有这个选项", "no such choice", field="sort", allowed=tuple(SORTS))
        check_limit(asked.limit)
        given = Filter(
            kind=kind,
            stage=asked.stage,
            unit=None if asked.unit is None else asked_key(asked.unit, "unit"),
            sort=asked.kind,
            channel=asked.channel,
            overdue=asked.overdue,
        )
        query = query_digest("cases", given, asked.order)
        after = resumed(asked.cursor, at, query)

        def ask(connection: Connection, names: Names) -> Page[T]:
            found, total = case_lists.lines(
                connection, at, given, order=asked.order, after=after, limit=asked.limit + 1
            )
            shown, more = found[: asked.limit], None
            if len(found) > asked.limit:
                more = str(Cursor(at, query, (case_lists.sort_value(shown[-1], asked.order), shown[-1].stream)))
            return Page(items=tuple(made(connection, names, shown)), total=total, next=more)

        return self._views.ask(at, ask, "cases")

    def _one(self, at: AsOf, kind: CaseKind, stream: str, made: Callable[[Row[Any], Names], T], absent: Refusal) -> T:
        key = asked_key(stream)

        def ask(connection: Connection, names: Names) -> T:
            row = case_lists.one(connection, at, kind, key)
            if row is None:
                raise absent
            return made(row, names)

        return self._views.ask(at, ask, "cases")


def _unknown_publication() -> Refusal:
    return Refusal(
        "unknown_publication",
        "当时没有这项公示",
        "there was no such publication at that moment",
        kind=Kind.NOT_FOUND,
        field="id",
    )
