"""Confidence: what exists for whom, and which sealed fields a unit may never open.

One place for every door and every reader; nothing else decides it.
"""

from typing import Any, Final

from domain.event import EVENTS
from domain.ids import PersonId
from domain.matter import Matter, MatterRecorded
from domain.rating_events import RatingReceived
from domain.request_events import Protection, RequestRaised

WITHHELD: Final = frozenset(name for name, kind in EVENTS.items() if kind is MatterRecorded)
"""Stored names of events whose very existence is withheld from units: a position that only they hold is none."""


def exists_for(state: Any, person: PersonId) -> bool:
    """Whether a stream exists for that person: a confidential matter does for its handlers only."""
    return not isinstance(state, Matter) or person in state.handlers


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
