"""Checks that several decisions of supervision (督查) share."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from domain.command import Context
from domain.guards import S
from domain.ids import UnitId
from domain.refusal import Kind, Refusal

MAX_NAMED = 100
MAX_YEARS = 10

T = TypeVar("T")


def ahead(day: date, field: str, ctx: Context) -> date:
    """A day from today on, at most ten years away."""
    if day < ctx.today:
        raise Refusal("not_ahead", "日期不能早于今天", "the date must not lie in the past", field=field)
    if (day.year - ctx.today.year, day.month, day.day) > (MAX_YEARS, ctx.today.month, ctx.today.day):
        raise Refusal("term_too_long", "期限不能超过十年", "a term is at most ten years", field=field)
    return day


def named_once(items: Sequence[T], field: str, *, required: bool = True) -> tuple[T, ...]:
    """Each thing is named once, and at most 100 are; at least one if required."""
    if required and not items:
        raise Refusal("nothing_named", "至少填写一项", "name at least one", field=field)
    if len(items) > MAX_NAMED:
        raise Refusal("too_many_named", f"最多{MAX_NAMED}项", f"at most {MAX_NAMED}", field=field)
    if len(set(items)) < len(items):
        raise Refusal("named_twice", "同一项重复", "the same is named twice", field=field)
    return tuple(items)


def not_of_unit(unit: UnitId, ctx: Context) -> None:
    """A person of the unit inspected has no part in what begins about it (回避); for commands that make a stream, to
    which nobody stands in a relation yet."""
    if ctx.actor.unit == unit:
        raise Refusal(
            "own_inspection",
            "被督查单位人员应当回避",
            "a person of an inspected unit must stand aside",
            kind=Kind.FORBIDDEN,
        )


def barred(stage: S, name: str, turns: Mapping[S, tuple[str, ...]], *, rule: str, zh: str, en: str) -> Refusal:
    """The stage would take the command, but something else that happened forbids it; says what is left."""
    return Refusal(
        rule,
        zh,
        en,
        kind=Kind.OUT_OF_TURN,
        state=stage.value,
        allowed=tuple(other for other in turns[stage] if other != name),
    )
