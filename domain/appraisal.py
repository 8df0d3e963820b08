"""A round of appraisal: what its decisions know, and what follows what.

opened → frame fixed → seeded → drawn → voting → closed → tallied → published, and objections after that. It may be
abandoned until it is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never

from domain.appraisal_draw import Frame
from domain.appraisal_events import (
    AppraisalAbandoned,
    AppraisalClosed,
    AppraisalCodesIssued,
    AppraisalDrawn,
    AppraisalEvent,
    AppraisalFrameFixed,
    AppraisalObjectionDecided,
    AppraisalObjectionRaised,
    AppraisalOpened,
    AppraisalPublished,
    AppraisalSeedGiven,
    AppraisalTallied,
    AppraisalVotingOpened,
)
from domain.appraisal_form import Form, Question, questions
from domain.appraisal_tally import Result
from domain.deadline import Deadline
from domain.event import evolves
from domain.ids import AppraisalId, PersonId, UnitId
from domain.recounting import Timed
from domain.two_hands import Related, Relation, related


class AppraisalStage(StrEnum):
    OPENED = "opened"
    FRAMED = "framed"
    SEEDED = "seeded"
    DRAWN = "drawn"
    VOTING = "voting"
    CLOSED = "closed"
    TALLIED = "tallied"
    PUBLISHED = "published"
    ABANDONED = "abandoned"


TURNS: Final[Mapping[AppraisalStage, tuple[str, ...]]] = {
    AppraisalStage.OPENED: ("fix_frame", "abandon_appraisal"),
    AppraisalStage.FRAMED: ("give_seed", "abandon_appraisal"),
    AppraisalStage.SEEDED: ("draw_invitations", "abandon_appraisal"),
    AppraisalStage.DRAWN: ("issue_codes", "open_voting", "abandon_appraisal"),
    AppraisalStage.VOTING: ("close_voting", "abandon_appraisal"),
    AppraisalStage.CLOSED: ("tally_appraisal", "abandon_appraisal"),
    AppraisalStage.TALLIED: ("publish_appraisal", "abandon_appraisal"),
    AppraisalStage.PUBLISHED: ("object_to_appraisal", "decide_objection"),
    AppraisalStage.ABANDONED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal(Timed):
    stage: AppraisalStage
    title: str
    year: int
    units: tuple[UnitId, ...]
    forms: tuple[Form, ...]
    invitations: Mapping[Frame, int]
    claims: tuple[str, ...]
    """A unit is appraised in one round a year."""
    opened: AppraisalOpened
    framed: AppraisalFrameFixed | None = None
    seeded: AppraisalSeedGiven | None = None
    drawn: AppraisalDrawn | None = None
    codes: Mapping[Frame, AppraisalCodesIssued]
    voting: AppraisalVotingOpened | None = None
    closed: AppraisalClosed | None = None
    results: tuple[Result, ...] = ()
    tallied_by: PersonId | None = None
    published_by: PersonId | None = None
    clocks: tuple[Deadline, ...] = ()
    """Of objections."""
    objections: Mapping[UnitId, bool | None]
    """Unit → upheld or not; None while open."""

    @property
    def object_until(self) -> datetime | None:
        return self.clocks[0].due if self.clocks else None

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(questions(self.units, self.forms))

    @property
    def lists(self) -> Mapping[str, str]:
        """Frame → digest of the codes that may vote."""
        return {frame.value: issued.digest for frame, issued in self.codes.items()}

    @property
    def counting(self) -> tuple[Result, ...]:
        """Published results, without those set aside; what the yearly assessment may use."""
        if self.stage is not AppraisalStage.PUBLISHED:
            return ()
        return tuple(one for one in self.results if not self.objections.get(one.unit))


@evolves(AppraisalEvent, named=AppraisalId)
def evolve(state: Appraisal | None, happened: AppraisalEvent) -> Appraisal:  # noqa: C901, PLR0911, PLR0912 - a case an event
    if isinstance(happened, AppraisalOpened):
        return Appraisal(
            stage=AppraisalStage.OPENED,
            title=happened.title,
            year=happened.year,
            units=happened.units,
            forms=happened.forms,
            invitations={Frame.RESIDENTS: happened.residents, Frame.ENTERPRISES: happened.enterprises},
            claims=tuple(f"appraisal {happened.year} {unit}" for unit in happened.units),
            opened=happened,
            codes={},
            objections={},
        )
    assert state is not None
    match happened:
        case AppraisalFrameFixed():
            return replace(state, stage=AppraisalStage.FRAMED, framed=happened)
        case AppraisalSeedGiven():
            return replace(state, stage=AppraisalStage.SEEDED, seeded=happened)
        case AppraisalDrawn():
            return replace(state, stage=AppraisalStage.DRAWN, drawn=happened)
        case AppraisalCodesIssued():
            return replace(state, codes={**state.codes, happened.frame: happened})
        case AppraisalVotingOpened():
            return replace(state, stage=AppraisalStage.VOTING, voting=happened)
        case AppraisalClosed():
            return replace(state, stage=AppraisalStage.CLOSED, closed=happened)
        case AppraisalTallied():
            return replace(state, stage=AppraisalStage.TALLIED, results=happened.results, tallied_by=happened.by)
        case AppraisalPublished():
            return replace(
                state,
                stage=AppraisalStage.PUBLISHED,
                published_by=happened.by,
                clocks=(happened.object_by,),
            )
        case AppraisalObjectionRaised():
            return replace(state, objections={**state.objections, happened.unit: None})
        case AppraisalObjectionDecided():
            return replace(state, objections={**state.objections, happened.unit: happened.upheld})
        case AppraisalAbandoned():
            return replace(state, stage=AppraisalStage.ABANDONED, claims=())
        case _:
            assert_never(happened)


@related(of=Appraisal)
def who(state: Appraisal) -> Related:
    return {
        Relation.FRAME_FIXER: (None if state.framed is None else state.framed.by,),
        Relation.TALLIER: (state.tallied_by,),
        Relation.PUBLISHER: (state.published_by,),
    }
