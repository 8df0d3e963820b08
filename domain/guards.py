"""Checks that many decisions share. Each refuses with a stable rule and returns nothing or the checked value."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from domain.actor import Role
from domain.command import Context
from domain.ids import UnitId
from domain.refusal import Kind, Refusal

EARLIEST = date(2000, 1, 1)
"""No record of the work is older; an earlier date is a slip of the keyboard."""

S = TypeVar("S", bound=StrEnum)


def not_before(day: date, start: date, field: str) -> date:
    """Refuses a date that lies before the thing it belongs to began."""
    if day < start:
        raise Refusal(
            "date_before_start",
            f"日期不能早于{start.isoformat()}",
            f"the date must not lie before {start.isoformat()}",
            field=field,
        )
    return day


def happened_on(day: date, field: str, ctx: Context, *, since: date = EARLIEST) -> date:
    """A civil date (Asia/Shanghai) on which something did happen: from `since` up to and including today."""
    if day > ctx.today:
        raise Refusal("date_in_future", "日期不能晚于今天", "the date must not lie in the future", field=field)
    return not_before(day, since, field)


def own_unit(unit: UnitId, ctx: Context, *, field: str | None = None, unless: frozenset[Role] = frozenset()) -> None:
    """Refuses a person of another unit, unless they hold one of the roles that act across units."""
    if ctx.actor.unit != unit and not unless & ctx.actor.roles:
        raise Refusal(
            "other_unit",
            "只能办理本单位的事项",
            "a unit officer may act for the own unit only",
            kind=Kind.FORBIDDEN,
            field=field,
        )


def in_turn(stage: S, command: str, turns: Mapping[S, tuple[str, ...]]) -> None:
    """Refuses a command that `turns` does not list for this stage, and says which ones it lists."""
    if command not in turns[stage]:
        raise Refusal(
            "out_of_turn",
            "当前状态不能执行该操作",
            "not possible in the present state",
            kind=Kind.OUT_OF_TURN,
            state=stage.value,
            allowed=turns[stage],
        )
