"""The calendar as it was known at any position: what the program brings, with the years announced by events."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple, get_args

from domain.calendar import Calendar
from domain.calendar_year import LAST_YEAR, CalendarEvent, CalendarYear, claim_of, evolve, with_years
from ledger.codec import decode
from ledger.contract import Reader, Row

NAMES: Final = frozenset(cls.NAME for cls in get_args(CalendarEvent))

AHEAD: Final = 8
"""Years looked for in one go."""


class Edition(NamedTuple):
    """Known from this position on, until the next edition."""

    since: int
    calendar: Calendar


class Almanac:
    """`base` is the calendar before any event. For one thread."""

    def __init__(self, base: Calendar) -> None:
        self._base = base
        self._years: dict[bytes, CalendarYear] = {}
        self._editions = [Edition(0, base)]

    @property
    def newest(self) -> Calendar:
        return self._editions[-1].calendar

    def at(self, position: int) -> Calendar:
        """As known at that position; what is known must reach there."""
        return self._editions[bisect_right(self._editions, position, key=lambda one: one.since) - 1].calendar

    def learn(self, rows: Iterable[Row]) -> bool:
        """Takes in events, ascending; those that are no calendar's are passed over, and known ones too. Whether
        anything is new."""
        learnt = False
        for row in rows:
            if row.name in NAMES and row.position > self._editions[-1].since:
                self._years[row.stream] = evolve(self._years.get(row.stream), decode(row).event)
                self._editions.append(Edition(row.position, with_years(self._base, self._years.values())))
                learnt = True
        return learnt

    def read(self, reader: Reader, upto: int | None = None) -> None:
        """Everything anew, as stored up to a position."""
        streams: list[bytes] = []
        self._years, self._editions = {}, [Edition(0, self._base)]
        # After those the program brings, years follow one another: the first missing one is the last to ask for.
        first, last = self._base.first.year, self._base.last.year
        while first <= LAST_YEAR:
            found = reader.claims([claim_of(year) for year in range(first, last + AHEAD + 1)])
            streams += found.values()
            if claim_of(last + AHEAD) not in found:
                break
            first, last = last + AHEAD + 1, last + AHEAD
        if streams:
            self.learn(sorted(reader.streams(streams, upto=upto), key=lambda row: row.position))


def almanac_of(reader: Reader, base: Calendar, upto: int | None = None) -> Almanac:
    made = Almanac(base)
    made.read(reader, upto)
    return made


class Known:
    """The calendar at any position, for those who ask about many. Safe from any thread."""

    def __init__(self, reader: Reader, base: Calendar) -> None:
        self._reader = reader
        self._base = base
        self._read = (-1, Almanac(base))

    def known(self, position: int) -> Almanac:
        """What reaches at least to that position."""
        upto, almanac = self._read
        if position > upto:
            upto = self._reader.head().position
            almanac = almanac_of(self._reader, self._base, upto)
            self._read = (upto, almanac)
        return almanac

    def at(self, position: int) -> Calendar:
        return self.known(position).at(position)
