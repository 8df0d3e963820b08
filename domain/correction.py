"""Mistakes in records (更正、撤销): what is wrong is named, put right by a second person, and stays to be read.

Nothing stored is ever edited. `EventCorrected` says that a field of an earlier event of the same stream reads another
value, `EventRetracted` that an earlier event did not happen. Both follow a proposal by one person and the ruling of
another; `domain/correction_table.py` says what may be corrected and by whom. A view folds the events as corrected
(`settled`), so it answers as if the record had been right from the start, at every position that knows of the
correction; positions before it go on showing the mistake.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, TypeAlias, TypeVar, get_args, get_type_hints

from domain.event import EVENTS, event
from domain.ids import PersonId
from domain.two_hands import Related, Relation, related

Value: TypeAlias = str | int | None
"""What a field held or is to hold, as JSON writes it: a date as YYYY-MM-DD, a choice by its word."""


@event("correction_proposed.1")
class CorrectionProposed:
    """`field` of the event `event_id` should read `new`; `event` is its stored name. Waits for a second person."""

    event_id: str
    position: int
    event: str
    field: str
    old: Value
    new: Value
    reason: str
    by: PersonId


@event("retraction_proposed.1")
class RetractionProposed:
    """The event `event_id` did not happen and should count no longer. Waits for a second person."""

    event_id: str
    position: int
    event: str
    reason: str
    by: PersonId


@event("event_corrected.1")
class EventCorrected:
    """From here on `field` of the event `event_id` reads `new`. `proposed_by` and `by` are two persons."""

    event_id: str
    position: int
    event: str
    field: str
    old: Value
    new: Value
    reason: str
    proposed_by: PersonId
    by: PersonId


@event("event_retracted.1")
class EventRetracted:
    """From here on the event `event_id` counts as never having happened. `proposed_by` and `by` are two persons."""

    event_id: str
    position: int
    event: str
    reason: str
    proposed_by: PersonId
    by: PersonId


@event("correction_refused.1")
class CorrectionRefused:
    """The record stands as it is."""

    reason: str
    by: PersonId


CorrectionEvent: TypeAlias = (
    CorrectionProposed | RetractionProposed | EventCorrected | EventRetracted | CorrectionRefused
)
CORRECTIONS = frozenset(get_args(CorrectionEvent))
RULINGS = frozenset({EventCorrected, EventRetracted})
"""Those that change what the events before them say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correctable:
    """What every state has whose stream takes corrections: the proposal that waits for a second person."""

    correction: CorrectionProposed | RetractionProposed | None = None


@related(of=Correctable)
def _related(state: Correctable) -> Related:
    return {Relation.CORRECTION_PROPOSER: (None if state.correction is None else state.correction.by,)}


class _Placed(Protocol):
    @property
    def position(self) -> int: ...
    @property
    def event(self) -> Any: ...
    def _replace(self, *, event: Any) -> Any: ...


P = TypeVar("P", bound=_Placed)


def settled(events: Iterable[P]) -> list[P]:
    """The events as corrected by those among them, in the same order, without the corrections themselves. Each has a
    `position` and an `event`; the corrections take effect in order of their positions."""
    told = list(events)
    changes: dict[int, dict[str, Value]] = {}
    gone: set[int] = set()
    for one in sorted((one for one in told if type(one.event) in RULINGS), key=lambda one: one.position):
        if isinstance(one.event, EventCorrected):
            changes.setdefault(one.event.position, {})[one.event.field] = one.event.new
        else:
            gone.add(one.event.position)
    found = []
    for one in told:
        if one.position in gone or type(one.event) in CORRECTIONS:
            continue
        change = changes.get(one.position)
        found.append(one if change is None else one._replace(event=corrected(one.event, change)))
    return found


def corrected(happened: Any, fields: dict[str, Value]) -> Any:
    """The event with those values in its fields."""
    hints = _hints(happened.NAME)
    return replace(happened, **{name: _typed(hints[name], value) for name, value in fields.items()})


def plain(value: Any) -> Value:
    """A field's value as a correction names it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


@cache
def _hints(name: str) -> dict[str, Any]:
    return get_type_hints(EVENTS[name])


def _typed(hint: Any, value: Value) -> Any:
    if isinstance(value, str):
        for part in get_args(hint) or (hint,):
            if part is date:
                return date.fromisoformat(value)
            if isinstance(part, type) and issubclass(part, StrEnum):
                return part(value)
    return value
