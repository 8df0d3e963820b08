"""What a line of the table of corrections says, and the checks that many lines share."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias

from domain.actor import Role
from domain.command import Context
from domain.correction import Value
from domain.guards import happened_on
from domain.partner import partner_on
from domain.public_text import public
from domain.refusal import Refusal
from domain.text import line, positive, text
from domain.two_hands import Relation

FIELD: Final = "value"
"""The command's field in which the new value stands."""

Check: TypeAlias = Callable[[Value, Any, Any, Context], Value]
"""(value asked for, event as it reads now, state, context) → the value to be stored; raises Refusal. For a retraction
the value is None."""
Follow: TypeAlias = Callable[[Any, Value, Value], Any]
"""(state, old value, new value) → the state as it would be had the event been right from the start."""
Later: TypeAlias = tuple[type[Any], ...]


class Entry(NamedTuple):
    """One line: `event` may be retracted (`field` None) or have this field corrected, on a proposal by one of `by` (a
    unit's person: of that unit), once one of `second`, another person, approves. Not once one of `rests` has happened
    since; and by nobody who stands to the record in one of the relations `apart`."""

    event: type[Any]
    field: str | None
    by: frozenset[Role]
    second: frozenset[Role]
    rests: Later
    check: Check | None
    follow: Follow
    apart: tuple[Relation, ...] = ()


class OtherWay(NamedTuple):
    """One line: what is not corrected, or no longer, and why; `ways` are the commands by which it is put right."""

    zh: str
    en: str
    ways: tuple[str, ...]


OtherWays: TypeAlias = dict[tuple[type[Any], str | None], OtherWay]
WHOLE: Final = None
"""Stands for the whole event in place of a field."""

UNIT: Final = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})
WORK: Final = UNIT | {Role.SUPERVISOR}
SUPERVISOR: Final = frozenset({Role.SUPERVISOR})
OFFICE: Final = frozenset({Role.SUPERVISOR, Role.LEADER})
LEADER: Final = frozenset({Role.LEADER})
DESK: Final = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
ASKERS: Final = frozenset({Role.CALLER, Role.SUPERVISOR})
"""Who asks residents and enterprises."""
NOT_THE_UNIT: Final = (Relation.REPORTER, Relation.HANDLING_UNIT)
"""What a beneficiary answered is never corrected by those it is about."""


def instead(events: Iterable[type[Any]], fields: Iterable[str | None], way: OtherWay) -> OtherWays:
    """The same other way for fields of several events, where they have them."""
    return {
        (event, field): way
        for event in events
        for field in fields
        if field is WHOLE or field in event.__dataclass_fields__
    }


def same(state: Any, _old: Value, _new: Value) -> Any:
    """Decisions do not look at the field."""
    return state


def wrong(zh: str, en: str) -> Refusal:
    return Refusal("correction_value", zh, en, field=FIELD)


def number(value: Value) -> int:
    if not isinstance(value, int):
        raise wrong("须为整数", "must be a whole number")
    return value


def _words(value: Value) -> str:
    if not isinstance(value, str):
        raise wrong("须为文字", "must be a text")
    return public(value, FIELD)


def day(value: Value) -> date:
    try:
        return date.fromisoformat(_words(value))
    except ValueError:
        raise wrong("须为日期，如2011-06-30", "must be a date, such as 2011-06-30") from None


def count(value: Value, *_: Any) -> int:
    return positive(number(value), FIELD)


def amount(value: Value, *_: Any) -> int:
    return positive(number(value), FIELD, zero=True)


def prose(value: Value, *_: Any) -> str:
    return text(_words(value), FIELD)


def title(value: Value, *_: Any) -> str:
    return line(_words(value), FIELD)


def choice(kind: type[StrEnum]) -> Check:
    def check(value: Value, *_: Any) -> str:
        if value not in set(kind):
            raise Refusal("correction_value", "没有这个选项", "no such choice", field=FIELD, allowed=tuple(kind))
        return str(value)

    return check


def past_with_partner(value: Value, event: Any, _state: Any, ctx: Context) -> str:
    """A day that is past and on which the partner was there."""
    found = happened_on(day(value), FIELD, ctx)
    if event.partner is not None:
        partner_on(event.partner, found, ctx, FIELD)
    return found.isoformat()
