"""Conclusions (督查结论): one for each unit of an inspection.

Law: 政府督查工作条例 (State Council decree 733) arts. 17 and 18. The unit may object within 30 days of receipt; a
review is decided within 30 days, its authors recused. A conclusion is final when the days for an objection have passed
or the review has upheld or amended it; only then is it used, praised or blamed for.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from domain.command import Context
from domain.conclusion_events import (
    ConclusionAmended,
    ConclusionDelivered,
    ConclusionEvent,
    ConclusionIssued,
    ConclusionObjected,
    ConclusionRevoked,
    ConclusionUpheld,
    ResultUsed,
    ReviewerRecused,
)
from domain.conclusion_terms import Verdict
from domain.correction import Correctable
from domain.deadline import Deadline
from domain.event import evolves
from domain.ids import ConclusionId, InspectionId, PersonId, UnitId
from domain.recounting import Timed
from domain.two_hands import Related, Relation, related


class ConclusionStage(StrEnum):
    ISSUED = "issued"
    DELIVERED = "delivered"
    OBJECTED = "objected"
    UPHELD = "upheld"
    AMENDED = "amended"
    REVOKED = "revoked"


TURNS = {
    ConclusionStage.ISSUED: ("deliver_conclusion",),
    ConclusionStage.DELIVERED: ("object_to_conclusion", "use_result"),
    ConclusionStage.OBJECTED: ("recuse_from_review", "decide_review"),
    ConclusionStage.UPHELD: ("use_result",),
    ConclusionStage.AMENDED: ("use_result",),
    ConclusionStage.REVOKED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion(Correctable, Timed):
    stage: ConclusionStage
    inspection: InspectionId
    responsible: UnitId
    """The unit it is about."""
    verdict: Verdict
    items: tuple[str, ...]
    """What the unit has to put right."""
    authors: tuple[PersonId, ...]
    issued_on: date
    objected_by: PersonId | None = None
    recused: tuple[PersonId, ...] = ()
    clocks: tuple[Deadline, ...] = ()
    """Of the objection, then of the review."""
    claims: tuple[str, ...]
    """One conclusion for each unit of an inspection, for ever."""


@evolves(ConclusionEvent, named=ConclusionId)
def evolve(state: Conclusion | None, happened: ConclusionEvent) -> Conclusion:  # noqa: PLR0911 - one case an event
    if isinstance(happened, ConclusionIssued):
        return Conclusion(
            stage=ConclusionStage.ISSUED,
            inspection=happened.inspection,
            responsible=happened.unit,
            verdict=happened.wording.verdict,
            items=happened.wording.items,
            authors=happened.authors,
            issued_on=happened.issued_on,
            claims=(f"conclusion {happened.inspection} {happened.unit}",),
        )
    assert state is not None
    match happened:
        case ConclusionDelivered():
            return replace(state, stage=ConclusionStage.DELIVERED, clocks=(happened.object_by,))
        case ConclusionObjected():
            clocks = (happened.decide_by,)
            return replace(state, stage=ConclusionStage.OBJECTED, objected_by=happened.by, clocks=clocks)
        case ReviewerRecused():
            return replace(state, recused=(*state.recused, happened.by))
        case ConclusionUpheld():
            return replace(state, stage=ConclusionStage.UPHELD, clocks=())
        case ConclusionAmended():
            return replace(
                state,
                stage=ConclusionStage.AMENDED,
                verdict=happened.wording.verdict,
                items=happened.wording.items,
                clocks=(),
            )
        case ConclusionRevoked():
            return replace(state, stage=ConclusionStage.REVOKED, clocks=())
        case ResultUsed():
            return state
        case _:
            assert_never(happened)


@related(of=Conclusion)
def _related(state: Conclusion) -> Related:
    return {
        Relation.AUTHOR: state.authors,
        Relation.OBJECTOR: (state.objected_by,),
        Relation.RECUSED: state.recused,
        Relation.INSPECTED_UNIT: (state.responsible,),
    }


def is_final(state: Conclusion, ctx: Context) -> bool:
    """Nothing can be brought against it any more."""
    if state.stage is ConclusionStage.DELIVERED:
        object_by = state.clock("objection_days")
        assert object_by is not None
        return ctx.now >= object_by.due
    return state.stage in {ConclusionStage.UPHELD, ConclusionStage.AMENDED}
