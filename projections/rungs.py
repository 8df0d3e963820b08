"""Which rungs of the ladder (催办) a commitment's history calls for, as it is known now.

A rung falls due at the beginning of its day, if the clock then runs towards its due date: what happens on the day
itself comes after it. That is read off the same timeline in order of occurrence from which lamps are lit, so a
back-dated fact changes it, and an extension moves what lies ahead.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from domain.calendar import Calendar
from domain.correction import RULINGS, settled
from domain.rules import Rules
from domain.urge import Overtaken
from domain.urge_rungs import Colour, rung_day
from projections.bitemporal import CONTENT, Happened, Segment, timeline
from projections.commitments import PAUSED_TO, RED_FROM, STAGE, thing
from projections.days import FOREVER, civil_day
from projections.lamps import Clock

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


def _due(content: Sequence[object], day: int) -> int | None:
    """The due day towards which the clock runs on `day`; None while it stands."""
    red_from, paused_to = content[RED_FROM - CONTENT], content[PAUSED_TO - CONTENT]
    assert isinstance(red_from, int)
    assert isinstance(paused_to, int)
    return None if red_from == FOREVER or paused_to >= day else red_from - 1


class Rungs:
    """Holds what days are counted by."""

    def __init__(self, calendar: Calendar, rules: Rules) -> None:
        self._thing = thing(Clock(calendar, rules))

        @cache
        def days(due: int) -> tuple[tuple[Colour, int], ...]:
            day = date.fromordinal(due)
            return tuple((rung.colour, rung_day(rung, day, calendar).toordinal()) for rung in rules.rungs)

        self._days = days

    def timeline(self, events: Iterable[Happened]) -> list[Segment]:
        return timeline(self._thing, events)

    def due(self, segments: Iterable[Segment]) -> Iterator[Due]:
        """Every rung that fell due or, after the last event, will; each due date and colour once."""
        for segment in segments:
            red_from = segment.content[RED_FROM - CONTENT]
            if red_from == FOREVER:
                continue
            for colour, day in self._days(red_from - 1):
                if segment.start < day <= segment.end and _due(segment.content, day) is not None:
                    yield Due(red_from - 1, colour, day)

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

    def _before(self, events: Sequence[Happened], rung: Due) -> list[Segment]:
        """The timeline of what occurred before the day of the rung."""
        return self.timeline(one for one in settled(events) if civil_day(one.at) < rung.day)

    def _stood(self, events: Sequence[Happened], rung: Due) -> bool:
        segments = self._before(events, rung)
        return bool(segments) and _due(segments[-1].content, rung.day) == rung.due

    def _why(self, known: Sequence[Happened], rung: Due) -> Overtaken:
        segments = self._before(known, rung)
        content = segments[-1].content if segments else None
        if content is None or content[STAGE - CONTENT] in _ENDED:
            return Overtaken.ENDED
        if content[PAUSED_TO - CONTENT] >= rung.day:
            return Overtaken.PAUSED
        return Overtaken.COMPLETED if _due(content, rung.day) is None else Overtaken.EXTENDED
