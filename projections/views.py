"""Every question the API and the pages ask, each answered as of any moment. See `projections.answers` for what
comes back."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import Connection, select

from domain.calendar import Calendar
from domain.commitment import Stage
from domain.editions import Editions
from domain.refusal import Kind, Refusal
from domain.text import text
from ledger.almanac import Known
from ledger.announced import announced
from ledger.codec import key_of, name_of
from ledger.database import open_reader
from projections import figures, lists
from projections.answers import (
    CommitmentDetail,
    CommitmentPage,
    FigureItem,
    FigurePage,
    Headline,
    History,
    Lag,
    Name,
    Scoreboard,
    TargetServed,
)
from projections.asof import AsOf, as_of
from projections.cursor import Cursor, check_limit, query_digest, read_cursor, resumed
from projections.deadlines import DueExplained, explained
from projections.generations import VIEWS, open_shelf
from projections.history import entries, particulars, stream_at, with_ladder
from projections.keys import asked_key
from projections.lamps import Lamp, Lamps
from projections.lists import NOBODY, SORTS, Filter
from projections.tables import NAME, VIEW, visible

T = TypeVar("T")

PATIENCE: Final = 2.0
"""Seconds a query about a position waits for a view that is not there yet."""
FIRST_PAUSE: Final = 0.001
LONGEST_PAUSE: Final = 0.02


class Views:
    """Safe from any thread. Opens the ledger for reading and the served views beside it; raises
    `ledger.database.WrongDatabase` when there is no ledger."""

    def __init__(self, url: str, *, calendar: Calendar | None = None) -> None:
        self._reader = open_reader(url)
        self._shelf = open_shelf(url)
        self._almanac = Known(self._reader, calendar or announced())

    def close(self) -> None:
        self._shelf.close()
        self._reader.close()

    def at(
        self,
        as_of_: str | None = None,
        on: str | None = None,
        *,
        cursor: str | None = None,
        now: datetime | None = None,
    ) -> AsOf:
        """The moment a query is about (`projections.asof.as_of`). With `cursor` and nothing else given, that of the
        page before. A position the views have not reached is waited for, up to 2 s, then refused with
        `view_behind`."""
        if cursor is not None and as_of_ is None and on is None:
            return read_cursor(cursor).at
        served = min(one.position for one in self.lag())
        at = as_of(self._reader, as_of_, on, served=served, now=now)
        if at.position > served and not self.wait(at.position, PATIENCE):
            raise _behind()
        return at

    def commitments(
        self,
        at: AsOf,
        *,
        unit: str | None = None,
        stage: str | None = None,
        lamp: str | None = None,
        policy: str | None = None,
        overdue: bool | None = None,
        q: str | None = None,
        sort: str = "due",
        limit: int = 50,
        cursor: str | None = None,
    ) -> CommitmentPage:
        """`unit` and `policy` are ids, `q` is looked for in titles, `sort` is due, -due, proposed or -proposed,
        `limit` 1 to 200."""
        given = Filter(
            unit=None if unit is None else asked_key(unit, "unit"),
            policy=None if policy is None else asked_key(policy, "policy"),
            stage=None if stage is None else _one_of(Stage, stage, "stage"),
            lamp=None if lamp is None else _one_of(Lamp, lamp, "lamp"),
            overdue=overdue,
            # PostgreSQL takes no NUL, and SQLite finds everything by it.
            q=None if q is None else text(q, "q", required=False),
        )
        if sort not in SORTS:
            raise _unknown("sort", tuple(SORTS))
        check_limit(limit)
        query = query_digest("commitments", given, sort)
        after, lamps = resumed(cursor, at, query), self._lamps(at)

        def ask(connection: Connection) -> CommitmentPage:
            _reached(connection, at, "commitments", "names")
            found, total = lists.lines(connection, at, given, lamps, sort=sort, after=after, limit=limit + 1)
            names = _names(connection, at, "unit")
            shown = found[:limit]
            items = tuple(lists.line(row, lamps, lambda key: names.get(key, NOBODY)) for row in shown)
            more = None
            if len(found) > limit:
                more = str(Cursor(at, query, (lists.sort_value(shown[-1], sort), shown[-1].stream)))
            return CommitmentPage(at=at, items=items, total=total, next=more)

        return self._shelf.read(ask)

    def commitment(self, at: AsOf, commitment: str) -> CommitmentDetail:
        """Refuses with `unknown_commitment` what did not exist at (P, D)."""
        key = asked_key(commitment)

        def ask(connection: Connection) -> CommitmentDetail:
            _reached(connection, at, "commitments", "names")
            row = lists.one(connection, at, key)
            if row is None:
                raise _no_commitment()
            names = _names(connection, at, "unit", "policy")
            told = stream_at(self._reader, key, at)
            found = particulars(told)
            return CommitmentDetail(
                at=at,
                line=lists.line(row, self._lamps(at), lambda one: names.get(one, NOBODY)),
                basis=found.basis,
                targets=tuple(
                    TargetServed(policy=name_of(policy), policy_title=names.get(policy, NOBODY).title, target=target)
                    for policy, target in lists.targets(connection, key)
                ),
                requests=tuple(found.requests),
                answers=tuple(found.answers),
                supporting=tuple(found.supporting),
                wording=found.wording,
                version=len(self._reader.stream(key, upto=at.position)),
            )

        return self._shelf.read(ask)

    def history(self, at: AsOf, commitment: str) -> History:
        """In order of occurrence. Refuses with `unknown_commitment` what did not exist at (P, D)."""
        key = asked_key(commitment)

        def ask(connection: Connection) -> History:
            _reached(connection, at, "commitments", "names")
            if lists.one(connection, at, key) is None:
                raise _no_commitment()
            names = _names(connection, at, "unit", "person")

            def title(stream: str) -> str:
                return names.get(key_of(stream), NOBODY).title

            told = with_ladder(stream_at(self._reader, key, at), self._reader, name_of(key), at)
            return History(at=at, id=name_of(key), entries=tuple(entries(told, title, title)))

        return self._shelf.read(ask)

    def deadline(self, at: AsOf, commitment: str) -> DueExplained:
        """Why it is due when it is. Refuses with `unknown_commitment` what did not exist at (P, D)."""
        key = asked_key(commitment)

        def ask(connection: Connection) -> DueExplained:
            _reached(connection, at, "commitments")
            if lists.one(connection, at, key) is None:
                raise _no_commitment()
            told = [(one.recorded.position, one.at, one.told) for one in stream_at(self._reader, key, at)]
            known = self._almanac.known(at.position)
            return explained(told, known.at, known.at(at.position), known.editions_at(at.position).named)

        return self._shelf.read(ask)

    def editions(self, at: AsOf) -> Editions:
        """Of the limits, as known at P; `editions(at).at(at.on)` are those in force on D."""
        return self._almanac.known(at.position).editions_at(at.position)

    def scoreboard(self, at: AsOf) -> Scoreboard:
        def ask(connection: Connection) -> Scoreboard:
            _reached(connection, at, "commitments", "names")
            return lists.scoreboard(connection, at, self._lamps(at), _names(connection, at, "unit"))

        return self._shelf.read(ask)

    def headline(self, at: AsOf, year: int) -> Headline:
        figures.check_year(year)

        def ask(connection: Connection) -> Headline:
            _reached(connection, at, "facts")
            return figures.headline(connection, at, year)

        return self._shelf.read(ask)

    def headline_events(
        self, at: AsOf, year: int, figure: str, *, cursor: str | None = None, limit: int = 50
    ) -> FigurePage:
        """What a figure is made of: `figure` is one of `figures.FIGURES`."""
        figures.check_year(year)
        figures.check_figure(figure)
        check_limit(limit)
        query = query_digest("headline", year, figure)
        after = resumed(cursor, at, query)

        def ask(connection: Connection) -> FigurePage:
            _reached(connection, at, "facts", "names")
            found = figures.behind(connection, at, year, figure, after=after, limit=limit + 1)
            names = _names(connection, at, "unit", "partner")
            shown = found[:limit]
            more = None
            if len(found) > limit:
                more = str(Cursor(at, query, (shown[-1].cohort, shown[-1].subject)))
            return FigurePage(
                at=at,
                year=year,
                figure=figure,
                value=figures.value(figures.headline(connection, at, year), figure),
                items=tuple(_item(one, names) for one in shown),
                next=more,
            )

        return self._shelf.read(ask)

    def names(self, at: AsOf, *kinds: str) -> dict[str, Name]:
        """Id → what it is called at (P, D); `kinds` narrows to unit, policy, partner, person."""

        def ask(connection: Connection) -> dict[str, Name]:
            _reached(connection, at, "names")
            return {name_of(key): name for key, name in _names(connection, at, *kinds).items()}

        return self._shelf.read(ask)

    def ask(self, at: AsOf, query: Callable[[Connection, Mapping[bytes, Name]], T], *views: str) -> T:
        """Runs a query of another module in a snapshot in which those views know everything up to the moment, with what
        units and partners are called."""

        def ask(connection: Connection) -> T:
            _reached(connection, at, *views, "names")
            return query(connection, _names(connection, at, "unit", "partner"))

        return self._shelf.read(ask)

    def _lamps(self, at: AsOf) -> Lamps:
        return Lamps(at.on, self._almanac.at(at.position), self._almanac.rules(at.position, at.on))

    def lag(self) -> tuple[Lag, ...]:
        """How far each view is and, if it stands, why."""

        def ask(connection: Connection) -> tuple[Lag, ...]:
            found = {name: (position, error) for name, position, error in connection.execute(select(VIEW))}
            # The head is read last, so that no view seems to be ahead of it.
            head = self._reader.head().position
            return tuple(Lag(view=name, position=found[name][0], head=head, error=found[name][1]) for name in VIEWS)

        return self._shelf.read(ask)

    def wait(self, position: int, timeout: float) -> bool:
        """Whether every view has reached `position` within so many seconds."""
        deadline = time.monotonic() + timeout
        pause = FIRST_PAUSE
        while min(one.position for one in self.lag()) < position:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(pause, left))
            pause = min(pause * 2, LONGEST_PAUSE)
        return True


def _names(connection: Connection, at: AsOf, *kinds: str) -> Mapping[bytes, Name]:
    query = select(NAME.c.stream, NAME.c.kind, NAME.c.title, NAME.c.detail).where(
        visible(NAME, at.position, at.on.toordinal())
    )
    if kinds:
        query = query.where(NAME.c.kind.in_(kinds))
    return {
        stream: Name(kind=kind, title=title, detail=detail) for stream, kind, title, detail in connection.execute(query)
    }


def _item(one: figures.Counted, names: Mapping[bytes, Name]) -> FigureItem:
    return FigureItem(
        position=one.position,
        id=name_of(one.subject),
        kind=one.kind,
        day=datetime.fromordinal(one.cohort).date(),
        unit=None if one.unit is None else name_of(one.unit),
        unit_title="" if one.unit is None else names.get(one.unit, NOBODY).title,
        partner=None if one.partner is None else name_of(one.partner),
        partner_title="" if one.partner is None else names.get(one.partner, NOBODY).title,
        amount=one.amount,
    )


def _reached(connection: Connection, at: AsOf, *views: str) -> None:
    """Refuses unless those views know everything up to the position, in this very snapshot."""
    query = select(VIEW.c.name).where(VIEW.c.name.in_(views), VIEW.c.position < at.position)
    if connection.execute(query).first() is not None:
        raise _behind()


def _behind() -> Refusal:
    return Refusal(
        "view_behind",
        "视图尚未更新到该位置，请稍后再试",
        "the view has not reached this position yet; try again shortly",
        kind=Kind.CONFLICT,
        field="as_of",
    )


def _no_commitment() -> Refusal:
    return Refusal(
        "unknown_commitment",
        "当时没有这项承诺",
        "there was no such commitment at that moment",
        kind=Kind.NOT_FOUND,
        field="id",
    )


def _one_of(kind: Callable[[str], T], given: str, field: str) -> T:
    try:
        return kind(given)
    except ValueError:
        raise _unknown(field, tuple(kind)) from None  # type: ignore[arg-type]


def _unknown(field: str, allowed: tuple[str, ...]) -> Refusal:
    return Refusal(f"{field}_unknown", "没有这个选项", "no such choice", field=field, allowed=allowed)
