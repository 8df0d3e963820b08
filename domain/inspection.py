"""Inspections (督查): what one is about, whom it covers, and how far it is.

No second inspection covers the same matter and unit without a stated reason (严禁重复督查、多头督查). Each pair of
matter and unit has two places, kept by unique rows. An inspection holds both. When a leader admits a second one, with
the reason, it holds only its own, and the second, planned `beside` it, takes the other. So whichever of the two ends
first, a third one still meets the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from domain.correction import Correctable
from domain.event import evolves
from domain.ids import InspectionId, PersonId, UnitId
from domain.inspection_events import (
    InspectionAmended,
    InspectionApproved,
    InspectionCancelled,
    InspectionClosed,
    InspectionEvent,
    InspectionNoticeGiven,
    InspectionPlanned,
    InspectionPlanned2,
    InspectionRefused,
    InspectionVisitRecorded,
    Method,
    SecondInspectionAdmitted,
    SelfCheckSubmitted,
)
from domain.two_hands import Related, Relation, related

BOTH = (1, 2)
"""The places of a pair of matter and unit."""


class InspectionStage(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    REFUSED = "refused"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN = frozenset({InspectionStage.PLANNED, InspectionStage.APPROVED})
TURNS = {
    InspectionStage.PLANNED: (
        "approve_inspection",
        "refuse_inspection",
        "amend_inspection",
        "admit_second_inspection",
        "cancel_inspection",
    ),
    InspectionStage.APPROVED: (
        "give_inspection_notice",
        "submit_self_check",
        "record_inspection_visit",
        "amend_inspection",
        "admit_second_inspection",
        "close_inspection",
        "cancel_inspection",
    ),
    InspectionStage.REFUSED: (),
    InspectionStage.CLOSED: (),
    InspectionStage.CANCELLED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection(Correctable):
    stage: InspectionStage
    matters: tuple[str, ...]
    """Ids of the commitments, policies and requests."""
    units: tuple[UnitId, ...]
    shared: frozenset[UnitId]
    slot: int
    team: frozenset[PersonId]
    methods: frozenset[Method]
    starts_on: date
    ends_on: date
    planned_by: PersonId
    amended_by: PersonId | None = None
    """Who last changed the plan."""
    admitted: bool = False
    """A second inspection of the same matters and units."""
    notified: Mapping[UnitId, date | None]
    """Unit → last day for its self-check, None when none was asked."""
    self_checked: frozenset[UnitId] = frozenset()
    visited: frozenset[UnitId] = frozenset()

    @property
    def claims(self) -> tuple[str, ...]:
        """Both places of each pair, or only its own where another inspection was admitted."""
        if self.stage not in OPEN:
            return ()
        return tuple(
            f"inspection {matter} {unit} {slot}"
            for unit in self.units
            for matter in self.matters
            for slot in ((self.slot,) if self.admitted or unit in self.shared else BOTH)
        )


def _matters(happened: InspectionPlanned | InspectionAmended) -> tuple[str, ...]:
    requests = happened.requests if isinstance(happened, InspectionPlanned2 | InspectionAmended) else ()
    return (*happened.commitments, *happened.policies, *requests)


@evolves(InspectionEvent, named=InspectionId)
def evolve(state: Inspection | None, happened: InspectionEvent) -> Inspection:  # noqa: C901, PLR0911 - one case an event
    if isinstance(happened, InspectionPlanned):
        return Inspection(
            stage=InspectionStage.PLANNED,
            matters=_matters(happened),
            units=happened.units,
            shared=frozenset(happened.shared),
            slot=happened.slot,
            team=frozenset(happened.team),
            methods=frozenset(happened.methods),
            starts_on=happened.starts_on,
            ends_on=happened.ends_on,
            planned_by=happened.by,
            notified={},
        )
    assert state is not None
    match happened:
        case InspectionAmended():
            return replace(
                state,
                stage=InspectionStage.PLANNED,
                matters=_matters(happened),
                team=frozenset(happened.team),
                methods=frozenset(happened.methods),
                starts_on=happened.starts_on,
                ends_on=happened.ends_on,
                amended_by=happened.by,
            )
        case InspectionApproved():
            return replace(state, stage=InspectionStage.APPROVED)
        case InspectionRefused():
            return replace(state, stage=InspectionStage.REFUSED)
        case SecondInspectionAdmitted():
            return replace(state, admitted=True)
        case InspectionNoticeGiven():
            return replace(state, notified={**state.notified, happened.unit: happened.self_check_by})
        case SelfCheckSubmitted():
            return replace(state, self_checked=state.self_checked | {happened.unit})
        case InspectionVisitRecorded():
            return replace(state, visited=state.visited | {happened.unit})
        case InspectionClosed():
            return replace(state, stage=InspectionStage.CLOSED)
        case InspectionCancelled():
            return replace(state, stage=InspectionStage.CANCELLED)
        case _:
            assert_never(happened)


@related(of=Inspection)
def _related(state: Inspection) -> Related:
    return {Relation.PROPOSER: (state.planned_by, state.amended_by), Relation.INSPECTED_UNIT: state.units}
