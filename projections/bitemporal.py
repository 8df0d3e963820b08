"""Versions of things in two times, kept as events come.

One general rule: the events of a stream, ordered by (occurred_at, position) and folded, give a *timeline* of segments
of days; whatever differs from the timeline known before closes at the new event's position and opens anew. An event
that occurred no earlier than all before it changes the end of the timeline only, and that case needs no look at the
stream. A correction or a retraction says what earlier events are: the timeline is drawn anew from the events as
corrected.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from domain.correction import RULINGS, settled
from projections.days import FOREVER, civil_day

ID: Final = 0
STREAM: Final = 1
SINCE: Final = 2
UNTIL: Final = 3
VALID_FROM: Final = 4
VALID_TO: Final = 5
NEXT_SINCE: Final = 6
NEXT_FROM: Final = 7
LAST_AT: Final = 8
CONTENT: Final = 9
"""First column of what the fold writes."""
NUMBERS: Final = 16
"""Bits of an id for the rows of one position."""
ODD: Final = 1
"""Bit of the marks: in order of occurrence, some event stands before one that was recorded earlier."""

VersionRow = list[Any]


class Happened(NamedTuple):
    """What a fold needs of a stored event."""

    position: int
    stream: bytes
    version: int
    at: int
    """occurred_at, µs."""
    event: Any


class Segment(NamedTuple):
    """Days `start` ≤ D < `end` with one content."""

    start: int
    end: int
    content: list[Any]


class Thing(NamedTuple):
    """One kind of thing that has versions."""

    blank: tuple[Any, ...]
    """Content before anything happened."""
    fold: Callable[[VersionRow, Any, int], None]
    """Writes an event that occurred on a civil day into the content of a row; never refuses."""
    born: Callable[[VersionRow], bool]
    """Whether the content is that of a thing that exists."""
    marks: int
    """Column of the marks."""


def timeline(thing: Thing, events: Iterable[Happened]) -> list[Segment]:
    """Segments in order of days, the last without an end; neighbours differ. None before the thing exists, and one
    that covers no day if it never did. The events count as corrected by those among them."""
    row: VersionRow = [0] * CONTENT + list(thing.blank)
    starts: list[tuple[int, list[Any]]] = []
    newest = 0
    for happened in sorted(settled(events), key=lambda one: (one.at, one.position)):
        day = civil_day(happened.at)
        thing.fold(row, happened.event, day)
        if happened.position < newest:
            row[thing.marks] |= ODD
        newest = max(newest, happened.position)
        if not thing.born(row):
            continue
        if starts and starts[-1][0] == day:
            starts.pop()
        content = row[CONTENT:]
        if not starts or starts[-1][1] != content:
            starts.append((day, content))
    if not starts:
        # What founded it was retracted: it was there on no day.
        return [Segment(FOREVER, FOREVER, list(thing.blank))]
    ends = [day for day, _ in starts[1:]] + [FOREVER]
    return [Segment(day, end, content) for (day, content), end in zip(starts, ends, strict=True)]


class Versions:
    """The newest version of each thing, folded forward over one batch of events after another.

    `known` is filled by the caller with the newest rows of the streams a batch touches; rows to insert and rows to
    change in the database come out of `take`.
    """

    def __init__(self, thing: Thing) -> None:
        self.thing = thing
        self.known: dict[bytes, VersionRow] = {}
        self.fresh: list[VersionRow] = []
        self.changed: dict[int, VersionRow] = {}
        self._stored_below = 0

    def begin(self, after: int) -> None:
        """A batch of events past position `after` follows."""
        self._stored_below = (after + 1) << NUMBERS
        self.fresh = []
        self.changed = {}

    def create(self, stream: bytes, position: int, at: int, event: Any) -> None:
        """The first event of a stream."""
        day = civil_day(at)
        row = [position << NUMBERS, stream, position, FOREVER, day, FOREVER, FOREVER, FOREVER, at, *self.thing.blank]
        self.thing.fold(row, event, day)
        self.known[stream] = row
        self.fresh.append(row)

    def advance(self, row: VersionRow, position: int, at: int, event: Any) -> None:
        """An event in order: `at` is no earlier than the newest row's LAST_AT."""
        day = civil_day(at)
        new = row[:]
        self.thing.fold(new, event, day)
        new[LAST_AT] = at
        if row[ID] < self._stored_below:
            self.changed[row[ID]] = row
        if new[CONTENT:] == row[CONTENT:]:
            row[LAST_AT] = at
            return
        row[NEXT_SINCE] = position
        row[NEXT_FROM] = day
        new[ID] = position << NUMBERS
        new[SINCE] = position
        new[VALID_FROM] = day
        self.known[row[STREAM]] = new
        self.fresh.append(new)

    def revise(self, live: list[VersionRow], events: Sequence[Happened], pending: Sequence[int]) -> None:
        """Events at the positions `pending` of one stream, some of them back-dated or corrections. `events` is the
        whole stream up to the last of them; `live` every row of it that none of those has closed, those of this batch
        included."""
        for position in pending:
            seen = [one for one in events if one.position <= position]
            happened = seen[-1]
            row = self.known[happened.stream]
            if happened.at >= row[LAST_AT] and type(happened.event) not in RULINGS:
                self.advance(row, position, happened.at, happened.event)
                newest = self.known[happened.stream]
                if newest is not row:
                    live.append(newest)
                continue
            live = self._redraw(live, timeline(self.thing, seen), happened.stream, position, row[LAST_AT])

    def _redraw(
        self, live: list[VersionRow], segments: list[Segment], stream: bytes, position: int, last_at: int
    ) -> list[VersionRow]:
        shown = {
            (row[VALID_FROM], min(row[VALID_TO], row[NEXT_FROM])): row
            for row in live
            if row[VALID_FROM] < min(row[VALID_TO], row[NEXT_FROM])
        }
        kept: list[VersionRow] = []
        number = 0
        for segment in segments:
            row = shown.get((segment.start, segment.end))
            if row is not None and row[CONTENT:] == segment.content:
                del shown[segment.start, segment.end]
            else:
                row = [
                    (position << NUMBERS) + number,
                    stream,
                    position,
                    FOREVER,
                    segment.start,
                    segment.end,
                    FOREVER,
                    FOREVER,
                    last_at,
                    *segment.content,
                ]
                number += 1
                self.fresh.append(row)
            kept.append(row)
        for row in shown.values():
            row[UNTIL] = position
            if row[ID] < self._stored_below:
                self.changed[row[ID]] = row
        self.known[stream] = kept[-1]
        return kept
