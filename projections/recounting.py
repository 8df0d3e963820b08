"""The process manager of announced years: once a year's calendar is announced or amended, it has every running deadline
that rests on it counted anew.

Like the ladder (`projections/urging.py`), it keeps nothing but what it can read again, and asks through the gate: what
differs from the calendar in force is asked for, and once recorded it differs no more. So it may be killed, be away for
a week, or run twice. What would come of it is found with the decision itself; the writer's is the one that counts.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.actor import Actor, Role
from domain.calendar import Calendar
from domain.calendar_year import CalendarYear, evolve
from domain.command import Context
from domain.commitment import Commitment
from domain.commitment_events import CommitmentResumed, DueRecalculated, RedoOrdered
from domain.commitment_recalculating import RecalculateDue
from domain.event import LIVES, Event
from domain.ids import PersonId
from domain.recounting import CALENDRICAL, RecalculateDeadlines, Timed
from domain.refusal import Refusal
from domain.rule_book import span_of
from domain.rules import Rules
from ledger.almanac import YEARS, Almanac
from ledger.codec import decode_event, name_of
from ledger.contract import Accepted, Gate, Outcome, Reader, Row, Submission, Unavailable
from ledger.streams import Stream, folded
from projections.agenda import Agenda
from projections.days import ZONE
from projections.folding import named
from projections.urgers import Urgers
from projections.urging import AGAIN, AT_ONCE, READ, TOGETHER

RECALCULATES: Final[Mapping[type[Any], Any]] = {Commitment: RecalculateDue, Timed: RecalculateDeadlines}
"""Kind of state → the command that counts its deadlines anew."""
_COUNTED: Final = named(CommitmentResumed | DueRecalculated)
"""Events that set a day which rests on the calendar."""
_LIMITS: Final = {
    cls.NAME: tuple(one.name for one in fields(cls) if "Deadline" in str(one.type))
    for cls, life in LIVES.items()
    if issubclass(life.state, Timed)
}
"""Name of an event → its fields that may start the clock of a limit."""
_RUNNING: Final = named(CommitmentResumed | RedoOrdered)
"""Those after which a clock runs again that stood while a year was announced."""

log = logging.getLogger(__name__)


class Notice(NamedTuple):
    """Of a year, as it was recorded."""

    position: int
    name: str
    """Of the year's stream."""
    year: CalendarYear


class Wish(NamedTuple):
    """A command to send on a stream."""

    stream: Stream
    command: Any
    notice: Notice


class Recounting:
    """For one thread at a time. `calendar` is the one before any year was announced by an event. `simulated`: the
    ledger tells its own time, and commands carry the one they are for."""

    def __init__(self, reader: Reader, gate: Gate, calendar: Calendar, rules: Rules, *, simulated: bool) -> None:
        self._reader = reader
        self._gate = gate
        self._almanac = Almanac(calendar)
        self._rules = rules
        self._position = 0
        self._urgers = Urgers(simulated=simulated)
        self._notices: list[Notice] = []
        self._years: dict[bytes, CalendarYear] = {}
        self._agenda = Agenda()
        """Streams under the day after their deadline, until which a notice may still move it; or to look at once."""

    @property
    def position(self) -> int:
        """How far the ledger has been read."""
        return self._position

    async def turn(self, now: datetime) -> int:
        """Has everything counted anew that rests on an older calendar; returns how many events that made. Raises
        Unavailable when the writer is away: what was not recorded is asked for again in the next turn."""
        today = now.astimezone(ZONE).date().toordinal()
        self._read(today)
        if not self._urgers or not self._notices:
            return 0
        made, again = 0, list[bytes]()
        try:
            while some := self._agenda.take(today, TOGETHER):
                made += await self._count(some, today, now, again)
        except Unavailable:
            again += some
            raise
        finally:
            self._agenda.put(AT_ONCE, again)
        return made

    def _read(self, today: int) -> None:
        while rows := self._reader.read(self._position, READ):
            running: list[bytes] = []
            for row in rows:
                if row.name in _COUNTED or _LIMITS.get(row.name):
                    day = _last_day(decode_event(row.name, row.state))
                    if day >= today:
                        self._agenda.put(day + 1, [row.stream])
                elif row.name in YEARS:
                    self._take_notice(row)
                else:
                    self._urgers.meet(row)
                if row.name in _RUNNING:
                    running.append(row.stream)
            self._agenda.put(AT_ONCE, running)
            self._position = rows[-1].position
            if self._almanac.learn(rows):
                self._agenda.repeat(AT_ONCE, AT_ONCE)

    def _take_notice(self, row: Row) -> None:
        year = evolve(self._years.get(row.stream), decode_event(row.name, row.state))
        self._years[row.stream] = year
        self._notices.append(Notice(row.position, name_of(row.stream), year))

    async def _count(self, streams: Sequence[bytes], today: int, now: datetime, again: list[bytes]) -> int:
        wishes = []
        for stream in folded(self._reader, streams):
            for kind, command in RECALCULATES.items():
                if isinstance(stream.state, kind):
                    notice = self._moved_by(stream, command, now)
                    if notice is not None:
                        wishes.append(Wish(stream, command, notice))
        sent = [self._submission(wish, now) for wish in wishes]
        outcomes: list[Outcome] = await self._gate.submit_many(sent) if sent else []
        made = 0
        for wish, outcome in zip(wishes, outcomes, strict=True):
            if isinstance(outcome, Accepted):
                made += 0 if outcome.replayed else outcome.count
            elif outcome.rule in AGAIN:
                again.append(wish.stream.key)
            else:
                # The matter moved on before the writer came to it, or another process was faster. Tomorrow tells.
                log.info("a deadline was not counted anew: %s", outcome.rule)
                self._agenda.put(today + 1, [wish.stream.key])
        return made

    def _submission(self, wish: Wish, now: datetime) -> Submission:
        command, name = wish.command.NAME, name_of(wish.stream.key)
        key = f"{name} {wish.stream.version} {command}"
        return self._urgers.command(command, name, key, {"notice": wish.notice.name}, now)

    def _moved_by(self, stream: Stream, command: Any, now: datetime) -> Notice | None:
        """The notice since which its deadlines are other days than recorded; None when they are the same."""
        wanted = self._decided(stream, command, self._almanac.newest, now)
        found = None
        for notice in reversed(self._notices):
            if not wanted or self._decided(stream, command, self._almanac.at(notice.position), now) != wanted:
                break
            found = notice
        return found

    def _decided(self, stream: Stream, command: Any, calendar: Calendar, now: datetime) -> Sequence[Event]:
        year = self._notices[-1].year
        context = Context(
            actor=Actor(person=PersonId(""), roles=frozenset({Role.URGER})),
            now=now,
            occurred_at=now,
            stream=name_of(stream.key),
            look=lambda _: year,
            rules=self._rules,
            calendar=calendar,
            zone=ZONE,
        )
        try:
            return command(notice="").decide(stream.state, context)  # type: ignore[no-any-return]
        except Refusal:
            return ()


def _last_day(happened: Any) -> int:
    """The last day on which a notice may still move what the event set; 0 for a limit in hours or none."""
    if happened.NAME in _COUNTED:
        return int(happened.due_on.toordinal())
    limits = (getattr(happened, name) for name in _LIMITS[happened.NAME])
    counted = (one for one in limits if one is not None and span_of(one.rule.partition(".")[0]) in CALENDRICAL)
    return max((one.due.astimezone(ZONE).toordinal() for one in counted), default=0)
