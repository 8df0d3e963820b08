"""Lamps (DOMAIN §4): green on track, yellow near the end or behind plan, red overdue. Never stored as such: a version
row holds the days from which it is yellow and red, so at any D the lamp is a comparison."""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, Table, case

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


class Clock:
    """When a commitment turns yellow and red. Days are ordinals."""

    def __init__(self, calendar: Calendar, rules: Rules) -> None:
        self._tolerance = rules.plan_tolerance_percent
        near = rules.yellow_working_days

        @lru_cache(maxsize=10_000)
        def close_from(due: int) -> int:
            """The first day with at most so many working days after it up to `due`."""
            day, left = due, 0
            while True:
                left += calendar.is_working(date.fromordinal(day))
                if left > near:
                    return day
                day -= 1

        @lru_cache(maxsize=10_000)
        def rolled(due: int) -> int:
            return calendar.roll(date.fromordinal(due)).toordinal()

        self._close_from = close_from
        self._rolled = rolled

    def yellow_from(self, starts: int, due: int, quantity: int, progress: int) -> int:
        """The earlier of: few working days left; the straight line from (starts, 0) to (due, quantity) runs more than
        the tolerance above `progress`."""
        close = self._close_from(due)
        if due > starts:
            allowed = progress * 100 + quantity * self._tolerance
            behind = starts + allowed * (due - starts) // (quantity * 100) + 1
            if behind < close:
                return behind
        return close

    def after_pause(self, due: int, since: int, until: int) -> int:
        """The due day once a pause has run its full length, as a resumption would set it."""
        return self._rolled(due + until - since) if until > since else due


def lamp_of(day: int, paused_to: int, yellow_from: int, red_from: int) -> Lamp:
    if paused_to >= day:
        return Lamp.PAUSED
    if red_from <= day:
        return Lamp.RED
    if red_from == FOREVER:
        return Lamp.OFF
    return Lamp.YELLOW if yellow_from <= day else Lamp.GREEN


def lamp_column(table: Table, day: int) -> ColumnElement[str]:
    """The same in SQL."""
    row = table.c
    return case(
        (row.paused_to >= day, Lamp.PAUSED.value),
        (row.red_from <= day, Lamp.RED.value),
        (row.red_from == FOREVER, Lamp.OFF.value),
        (row.yellow_from <= day, Lamp.YELLOW.value),
        else_=Lamp.GREEN.value,
    )
