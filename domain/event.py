"""Events: facts in the past tense, each with a stored name that never changes (`unit_registered.1`).

`@event(name)` makes a frozen keyword-only dataclass and enters it in `EVENTS`, from which the codec, the reference
and the tests take their list: nothing else is edited when a type is added.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar, dataclass_transform, get_args, get_type_hints

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


class Life(NamedTuple):
    """How one kind of stream folds."""

    state: type[Any]
    evolve: Callable[[Any, Any], Any]


EVENTS: dict[str, type[Any]] = {}
"""Stored name → class."""
LIVES: dict[type[Any], Life] = {}
"""Event class → the life it belongs to."""
REFERENCES: dict[Any, type[Any]] = {}
"""Id type (`UnitId`) → state class of the stream it names (`Unit`)."""


class Event(Protocol):
    """Any class made by `@event`."""

    NAME: ClassVar[str]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str) -> Callable[[C], C]:
    """Makes an event class stored under `name` (`snake_case.version`, unique for ever)."""

    def make(cls: C) -> C:
        made: Any = dataclass(frozen=True, kw_only=True, slots=True)(cls)
        if name in EVENTS:
            raise TypeError(f"event name {name} is taken by {EVENTS[name]}")
        made.NAME = name
        EVENTS[name] = made
        return made  # type: ignore[no-any-return]

    return make


def evolves(events: Any, *, named: Any) -> Callable[[F], F]:
    """Marks `evolve(state | None, event) -> state` as the fold of the union `events`, whose streams are named by ids
    of type `named`. The fold never refuses: what is stored has happened."""

    def mark(fold: F) -> F:
        life = Life(get_type_hints(fold)["return"], fold)
        for cls in get_args(events) or (events,):
            LIVES[cls] = life
        REFERENCES[named] = life.state
        return fold

    return mark
