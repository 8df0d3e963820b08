"""The ladder (催办) of one commitment: which rung was sent, missed or withdrawn for which due date.

It is a life of its own beside the commitment's, so that a notice never makes a unit's next command stale. It is kept
by a program in the name of an appointed person (催办员); whoever keeps it, each rung of a due date is recorded once.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.event import event, evolves
from domain.ids import CommitmentId, PersonId, UnitId, UrgeLadderId
from domain.urge_rungs import Addressee, Colour, Form


class Overtaken(StrEnum):
    """Why a notice should not have gone out, by what was recorded only later."""

    COMPLETED = "completed"  # 此前已反馈完成
    EXTENDED = "extended"  # 此前期限已变更
    PAUSED = "paused"  # 此前已停表
    ENDED = "ended"  # 此前已终止或销号


@event("ladder_opened.1")
class LadderOpened:
    """Before the first rung of a commitment is recorded."""

    commitment: CommitmentId


@event("urge_sent.1")
class UrgeSent:
    """On its day, while the clock ran towards `due_on`. `unit` was responsible then."""

    colour: Colour
    due_on: date
    day: date
    unit: UnitId
    form: Form
    copied_to: tuple[Addressee, ...]
    talk: bool
    """A leader may summon the unit to a talk on account of it."""
    edition: str
    """Version of the rules the day was counted by."""
    provisional: bool
    """Counted past the announced calendar."""


@event("urge_missed.1")
class UrgeMissed:
    """Its day passed while the service was down. No notice is sent afterwards under a day it did not go out on."""

    colour: Colour
    due_on: date
    day: date
    edition: str
    provisional: bool


@event("urge_withdrawn.1")
class UrgeWithdrawn:
    """Recorded, but what happened on `occurred_on` and was recorded later shows that it was not due. It stays visible;
    the causing event is named in the envelope."""

    colour: Colour
    due_on: date
    day: date
    cause: Overtaken
    occurred_on: date


@event("urge_talk_ordered.1")
class UrgeTalkOrdered:
    """As it was stored before the talk that follows a notice was a talk like any other (`talk_summoned.2`)."""

    colour: Colour
    due_on: date
    talk_on: date
    instruction: str
    by: PersonId


UrgeEvent: TypeAlias = LadderOpened | UrgeSent | UrgeMissed | UrgeWithdrawn | UrgeTalkOrdered


class Mark(StrEnum):
    """How a rung stands."""

    SENT = "sent"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One rung of one due date."""

    colour: Colour
    due_on: date
    day: date
    mark: Mark
    talk: bool = False
    """A talk may follow."""
    talk_ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    commitment: CommitmentId
    claims: tuple[str, ...]
    """One ladder a commitment."""
    records: tuple[Record, ...] = ()

    def record(self, colour: Colour, due_on: date) -> Record | None:
        return next((one for one in self.records if (one.colour, one.due_on) == (colour, due_on)), None)


def _recorded(state: Ladder, happened: UrgeSent | UrgeMissed, mark: Mark, *, talk: bool) -> Ladder:
    record = Record(colour=happened.colour, due_on=happened.due_on, day=happened.day, mark=mark, talk=talk)
    return replace(state, records=(*state.records, record))


@evolves(UrgeEvent, named=UrgeLadderId)
def evolve(state: Ladder | None, happened: UrgeEvent) -> Ladder:
    if isinstance(happened, LadderOpened):
        return Ladder(commitment=happened.commitment, claims=(f"ladder {happened.commitment}",))
    assert state is not None
    match happened:
        case UrgeSent():
            return _recorded(state, happened, Mark.SENT, talk=happened.talk)
        case UrgeMissed():
            return _recorded(state, happened, Mark.MISSED, talk=False)
        case UrgeWithdrawn() | UrgeTalkOrdered():
            changed = {"mark": Mark.WITHDRAWN} if isinstance(happened, UrgeWithdrawn) else {"talk_ordered": True}
            return replace(
                state,
                records=tuple(
                    replace(one, **changed) if (one.colour, one.due_on) == (happened.colour, happened.due_on) else one
                    for one in state.records
                ),
            )
        case _:
            assert_never(happened)
