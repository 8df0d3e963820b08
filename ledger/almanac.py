"""The calendar and the limits as they were known at any position: what the program brings, with the years announced and
the editions put in force by events."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple, get_args

from domain import rule_edition
from domain.calendar import Calendar
from domain.calendar_year import CalendarEvent, CalendarYear, claim_of, evolve, with_years
from domain.editions import Editions, RuleEdition, with_editions
from domain.rule_edition import RuleEditionEvent
from domain.rules import DEFAULT, Rules
from ledger.codec import decode
from ledger.contract import Reader, Row

YEARS: Final = frozenset(cls.NAME for cls in get_args(CalendarEvent))
EDITIONS: Final = frozenset(cls.NAME for cls in get_args(RuleEditionEvent))
NAMES: Final = YEARS | EDITIONS
ANNOUNCED: Final = (CalendarYear, RuleEdition)
"""States whose events are taken in."""

AHEAD: Final = 8
"""Years, and editions, looked for in one go."""


class Page(NamedTuple):
    """Known from this position on, until the next page."""

    since: int
    calendar: Calendar
    editions: Editions


class Almanac:
    """`base` and `rules` are the calendar and the limits before any event. For one thread."""

    def __init__(self, base: Calendar, rules: Rules = DEFAULT) -> None:
        self._base = base
        self._rules = rules
        self._forget()

    def _forget(self) -> None:
        self._years: dict[bytes, CalendarYear] = {}
        self._issued: dict[bytes, RuleEdition] = {}
        self._pages = [Page(0, self._base, with_editions(self._rules, ()))]

    @property
    def newest(self) -> Calendar:
        return self._pages[-1].calendar

    @property
    def editions(self) -> Editions:
        """The newest."""
        return self._pages[-1].editions

    def at(self, position: int) -> Calendar:
        """As known at that position; what is known must reach there."""
        return self._page(position).calendar

    def editions_at(self, position: int) -> Editions:
        """As known at that position."""
        return self._page(position).editions

    def rules(self, position: int, day: date) -> Rules:
        """In force on a day, as known at that position."""
        return self._page(position).editions.at(day)

    def _page(self, position: int) -> Page:
        return self._pages[bisect_right(self._pages, position, key=lambda one: one.since) - 1]

    def learn(self, rows: Iterable[Row]) -> bool:
        """Takes in events, ascending; those that are not its own are passed over, and known ones too. Whether anything
        is new."""
        learnt = False
        for row in rows:
            if row.name in NAMES and row.position > self._pages[-1].since:
                self._turn(row)
                learnt = True
        return learnt

    def _turn(self, row: Row) -> None:
        _, calendar, editions = self._pages[-1]
        event = decode(row).event
        if row.name in YEARS:
            self._years[row.stream] = evolve(self._years.get(row.stream), event)
            calendar = with_years(self._base, self._years.values())
        else:
            self._issued[row.stream] = rule_edition.evolve(self._issued.get(row.stream), event)
            editions = with_editions(self._rules, self._issued.values())
        self._pages.append(Page(row.position, calendar, editions))

    def read(self, reader: Reader, upto: int | None = None) -> None:
        """Everything anew, as stored up to a position."""
        self._forget()
        streams = [
            *_held(reader, claim_of, self._base.first.year, self._base.last.year),
            *_held(reader, rule_edition.claim_of, 1, 0),
        ]
        if streams:
            self.learn(sorted(reader.streams(streams, upto=upto), key=lambda row: row.position))


def _held(reader: Reader, claim: Callable[[int], str], first: int, last: int) -> Iterator[bytes]:
    """Streams that hold a numbered claim. After `last` the numbers follow one another: the first one missing is the
    last to ask for."""
    while True:
        found = reader.claims([claim(number) for number in range(first, last + AHEAD + 1)])
        yield from found.values()
        if claim(last + AHEAD) not in found:
            return
        first, last = last + AHEAD + 1, last + AHEAD


def almanac_of(reader: Reader, base: Calendar, upto: int | None = None, *, rules: Rules = DEFAULT) -> Almanac:
    made = Almanac(base, rules)
    made.read(reader, upto)
    return made


class Known:
    """The calendar and the limits at any position, for those who ask about many. Safe from any thread."""

    def __init__(self, reader: Reader, base: Calendar, rules: Rules = DEFAULT) -> None:
        self._reader = reader
        self._base = base
        self._rules = rules
        self._read = (-1, Almanac(base, rules))

    def known(self, position: int) -> Almanac:
        """What reaches at least to that position."""
        upto, almanac = self._read
        if position > upto:
            upto = self._reader.head().position
            almanac = almanac_of(self._reader, self._base, upto, rules=self._rules)
            self._read = (upto, almanac)
        return almanac

    def at(self, position: int) -> Calendar:
        return self.known(position).at(position)

    def rules(self, position: int, day: date) -> Rules:
        """In force on a day, as known at that position."""
        return self.known(position).rules(position, day)
