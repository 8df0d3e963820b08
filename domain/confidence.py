"""Confidence: what exists for whom, and which sealed fields a unit may never open.

One place for every door and every reader; nothing else decides it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from domain.event import EVENTS
from domain.ids import PersonId
from domain.matter import Matter, MatterRecorded, still_handles
from domain.rating_events import RatingReceived
from domain.request_events import Protection, RequestRaised
from domain.written import Written

WITHHELD: Final = frozenset(name for name, kind in EVENTS.items() if kind is MatterRecorded)
"""Stored names of events whose very existence is withheld from units: a position that only they hold is none."""


def exists_for(state: Any, stream: str, person: PersonId, written: Callable[[str], Sequence[Written]]) -> bool:
    """Whether a stream exists for that person: a confidential matter does for its handlers only, and for none who has
    moved to another unit since. `written` gives the events of a stream."""
    if not isinstance(state, Matter):
        return True
    return person in state.handlers and still_handles(written(stream), written(person))


def linked_to_nothing(state_class: type[Any]) -> bool:
    """Whether events of such streams may name nobody and nothing else in their envelope."""
    return state_class is Matter


def withheld_from_units(event: Any, path: str) -> bool:
    """Whether a sealed field stays closed to the unit that handles the matter or is rated: who asked for confidence."""
    return (
        isinstance(event, RequestRaised | RatingReceived)
        and event.protection is Protection.CONFIDENTIAL
        and path.partition(".")[0] == "source"
    )
