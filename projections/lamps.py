"""Lamps (DOMAIN §4): green on track, yellow near the end or behind plan, red overdue. Never stored: a version row holds
the days of its clock, and what those mean on a day D is told by the calendar and the limits as they were known at P. So
a year that is announced, or a limit that is changed, changes no row.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Table, case, or_

from domain.calendar import Calendar
from domain.commitment import Stage
from domain.rules import Rules
from projections.days import FOREVER


class Lamp(StrEnum):
    GREEN = "green"  # 正常
    YELLOW = "yellow"  # 临期或落后于序时进度
    RED = "red"  # 逾期
    PAUSED = "paused"  # 挂账、中止，停表
    OFF = "off"  # 尚未立项，或已反馈、核验、办结


RUNNING: Final = frozenset({Stage.REGISTERED, Stage.ASSIGNED, Stage.RETURN_ASKED, Stage.IN_PROGRESS})
"""The clock of the due date runs. It stops with the report of fulfilment and runs again after a redo."""
PAUSED: Final = frozenset({Stage.DEFERRED, Stage.SUSPENDED})


PARTS: Final = 100
"""Of a day, and of a quantity: the tolerance is in per cent."""
UNPLANNED: Final = PARTS * FOREVER


def planned_at(starts: int, due: int, quantity: int, progress: int) -> int:
    """When the straight line from (starts, 0) to (due, quantity) reaches `progress`, in hundredths of a day, rounded
    down; UNPLANNED where there is no line. Days are ordinals."""
    if due <= starts:
        return UNPLANNED
    return PARTS * starts + PARTS * progress * (due - starts) // quantity


class Lamps:
    """As they burn on one day. A row's `red_from` is the day after the due day; where a pause has moved that day
    (`paused_to` is set), it still has to move off days off, as a resumption would move it."""

    def __init__(self, day: date, calendar: Calendar, rules: Rules) -> None:
        self.day = day
        self.calendar = calendar
        self._day = day.toordinal()
        # Rolling keeps the order of days: a rolled day lies before a day if the unrolled one lies no later than the
        # last working day before it.
        self._rolled_day = _worked_before(calendar, day) + 1
        distant = calendar.add_working_days(day, rules.yellow_working_days + 1)
        self._near = distant.toordinal()
        self._rolled_near = _worked_before(calendar, distant) + 1
        self._tolerance = rules.plan_tolerance_percent

    def of(self, paused_to: int, planned: int, starts: int, red_from: int) -> Lamp:
        if paused_to >= self._day:
            return Lamp.PAUSED
        if red_from == FOREVER:
            return Lamp.OFF
        if red_from <= (self._rolled_day if paused_to else self._day):
            return Lamp.RED
        near = red_from <= (self._rolled_near if paused_to else self._near)
        # The line runs more than so many per cent of the quantity above the progress once so many per cent of its
        # length have passed since it reached it.
        behind = planned + self._tolerance * (red_from - 1 - starts) < PARTS * self._day
        return Lamp.YELLOW if near or behind else Lamp.GREEN

    def column(self, table: Table) -> ColumnElement[str]:
        """The same in SQL."""
        row = table.c
        moved = row.paused_to != 0
        return case(
            (row.paused_to >= self._day, Lamp.PAUSED.value),
            (row.red_from == FOREVER, Lamp.OFF.value),
            (row.red_from <= case((moved, self._rolled_day), else_=self._day), Lamp.RED.value),
            (
                or_(
                    row.planned_at + self._tolerance * (row.red_from - 1 - row.starts) < PARTS * self._day,
                    row.red_from <= case((moved, self._rolled_near), else_=self._near),
                ),
                Lamp.YELLOW.value,
            ),
            else_=Lamp.GREEN.value,
        )

    def due(self, paused_to: int, red_from: int) -> date | None:
        """The due day towards which the clock runs; None while it stands."""
        if paused_to >= self._day or red_from == FOREVER:
            return None
        due = date.fromordinal(red_from - 1)
        return self.calendar.roll(due) if paused_to else due


def _worked_before(calendar: Calendar, day: date) -> int:
    """The last working day before a day."""
    return calendar.add_working_days(day, -1).toordinal()
