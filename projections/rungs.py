"""Which rungs of the ladder (催办) a commitment's history calls for, as it is known now.

A rung falls due at the beginning of its day, if the clock then runs towards its due date: what happens on the day
itself comes after it. That is read off the same timeline in order of occurrence from which lamps are lit, so a
back-dated fact changes it, and an extension moves what lies ahead.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from domain.calendar import Calendar
from domain.correction import RULINGS, settled
from domain.editions import Editions
from domain.urge import Overtaken
from domain.urge_rungs import Colour, rung_day
from projections.bitemporal import CONTENT, Happened, Segment, timeline
from projections.commitments import PAUSED_TO, RED_FROM, STAGE, THING
from projections.days import FOREVER, civil_day

_ENDED: Final = frozenset({"closed", "archived", "terminated"})


class Due(NamedTuple):
    """A rung that falls on a day, if nothing more happens. Days are ordinals."""

    due: int
    colour: Colour
    day: int


class Cause(NamedTuple):
    """What overtook a rung."""

    why: Overtaken
    day: int
    """From which it held."""


def _stands(content: Sequence[Any], day: int) -> bool:
    """A pause holds the clock on that day."""
    return bool(content[PAUSED_TO - CONTENT] >= day)


class Rungs:
    """Holds what days are counted by. A ladder is climbed by the limits in force on its due date."""

    def __init__(self, calendar: Calendar, editions: Editions) -> None:

        @cache
        def days(due: int) -> tuple[tuple[Colour, int], ...]:
            day = date.fromordinal(due)
            return tuple((rung.colour, rung_day(rung, day, calendar).toordinal()) for rung in editions.at(day).rungs)

        @cache
        def rolled(due: int) -> int:
            return calendar.roll(date.fromordinal(due)).toordinal()

        self._days = days
        self._rolled = rolled

    def timeline(self, events: Iterable[Happened]) -> list[Segment]:
        return timeline(THING, events)

    def due(self, segments: Iterable[Segment]) -> Iterator[Due]:
        """Every rung that fell due or, after the last event, will; each due date and colour once."""
        for segment in segments:
            due = self._due(segment.content)
            if due is None:
                continue
            for colour, day in self._days(due):
                if segment.start < day <= segment.end and not _stands(segment.content, day):
                    yield Due(due, colour, day)

    def overtaken(self, events: Sequence[Happened], rung: Due, recorded_at: int) -> Cause | None:
        """Why a rung recorded at that position was not due after all; None when it was. `events` are those of the
        commitment, all of them or up to a position."""
        if self._stood(events, rung):
            return None
        days = {one.position: civil_day(one.at) for one in events}
        # The first fact recorded since that makes the difference is the one to name.
        for last in sorted((one for one in events if one.position > recorded_at), key=lambda one: one.position):
            known = [one for one in events if one.position <= last.position]
            if not self._stood(known, rung):
                # A correction says what held from the day of the event it corrects.
                told = last.event.position if type(last.event) in RULINGS else last.position
                return Cause(self._why(known, rung), days[told])
        return None

    def _due(self, content: Sequence[Any]) -> int | None:
        """The due day, once no pause holds the clock any more; None where no clock runs at all."""
        red_from = content[RED_FROM - CONTENT]
        if red_from == FOREVER:
            return None
        return self._rolled(red_from - 1) if content[PAUSED_TO - CONTENT] else int(red_from) - 1

    def _before(self, events: Sequence[Happened], rung: Due) -> list[Segment]:
        """The timeline of what occurred before the day of the rung."""
        return self.timeline(one for one in settled(events) if civil_day(one.at) < rung.day)

    def _stood(self, events: Sequence[Happened], rung: Due) -> bool:
        segments = self._before(events, rung)
        if not segments or _stands(segments[-1].content, rung.day):
            return False
        return self._due(segments[-1].content) == rung.due

    def _why(self, known: Sequence[Happened], rung: Due) -> Overtaken:
        segments = self._before(known, rung)
        content = segments[-1].content if segments else None
        if content is None or content[STAGE - CONTENT] in _ENDED:
            return Overtaken.ENDED
        if _stands(content, rung.day):
            return Overtaken.PAUSED
        return Overtaken.COMPLETED if self._due(content) is None else Overtaken.EXTENDED
