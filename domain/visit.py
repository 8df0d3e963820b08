"""Field visits (下基层): officials go to a village, community, enterprise or household and listen. Counted in 人次."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn, own_unit
from domain.ids import CommitmentId, PartnerId, PersonId, ProblemId, RequestId, UnitId, VisitId
from domain.partner import PartnerKind, partner_on
from domain.refusal import Refusal
from domain.sealed import Sealed
from domain.service import Aid, Recurrence
from domain.text import line, text
from domain.two_hands import Related, Relation, related

MOST_PERSONS = 1_000
"""More than a thousand officials on one visit is a slip of the keyboard."""


@event("visit_recorded.1")
class VisitRecorded:
    """As it was stored before visits were classed.

    `persons` is 人次: how many officials went, each counted once. `purpose` is official wording without personal
    data; `heard` is what residents said, sealed under the household's key, or the visit's own elsewhere."""

    unit: UnitId
    partner: PartnerId
    partner_kind: PartnerKind
    visited_on: date
    persons: int
    purpose: str
    heard: Sealed[str] | None
    commitment: CommitmentId | None
    problem: ProblemId | None
    by: PersonId


@event("visit_recorded.2")
class VisitRecorded2(VisitRecorded):
    """A visit is a service and classed like one (DOMAIN §1, M8). `request` is the one it followed up; a request raised
    on the visit names the visit instead."""

    recurrence: Recurrence
    aid: Aid
    request: RequestId | None


@event("visit_withdrawn.1")
class VisitWithdrawn:
    """It did not take place or was entered twice: its persons count no longer. By a second person."""

    reason: str
    by: PersonId


VisitEvent: TypeAlias = VisitRecorded | VisitRecorded2 | VisitWithdrawn


class VisitStage(StrEnum):
    RECORDED = "recorded"
    WITHDRAWN = "withdrawn"


TURNS = {VisitStage.RECORDED: ("withdraw_visit",), VisitStage.WITHDRAWN: ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Correctable):
    stage: VisitStage
    unit: UnitId
    by: PersonId


@evolves(VisitEvent, named=VisitId)
def evolve(state: Visit | None, happened: VisitEvent) -> Visit:
    match happened:
        case VisitRecorded():
            return Visit(stage=VisitStage.RECORDED, unit=happened.unit, by=happened.by)
        case VisitWithdrawn():
            assert state is not None
            return replace(state, stage=VisitStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Visit)
def _related(state: Visit) -> Related:
    return {Relation.RECORDER: (state.by,)}


@command(of=Visit, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), creates=True)
class RecordVisit:
    """Records a visit that took place, and how it is classed: how often such a visit is paid, and whether it relieves
    or builds. `heard` (what residents said) is sealed; `purpose` is not and may hold no personal data. `commitment`,
    `problem` and `request` name what it was paid for; a request raised on the visit names the visit."""

    unit: UnitId
    partner: PartnerId
    visited_on: date
    persons: int
    purpose: str
    recurrence: Recurrence
    aid: Aid
    heard: str | None = None
    commitment: CommitmentId | None = None
    problem: ProblemId | None = None
    request: RequestId | None = None

    def decide(self, state: None, ctx: Context) -> list[VisitEvent]:
        own_unit(self.unit, ctx, field="unit")
        visited_on = happened_on(self.visited_on, "visited_on", ctx)
        if not 1 <= self.persons <= MOST_PERSONS:
            raise Refusal(
                "number_out_of_range",
                f"人次须在1至{MOST_PERSONS}之间",
                f"persons must be 1 to {MOST_PERSONS}",
                field="persons",
            )
        kind = partner_on(self.partner, visited_on, ctx).kind
        subject = self.partner if kind is PartnerKind.HOUSEHOLD else ctx.stream
        return [
            VisitRecorded2(
                unit=self.unit,
                partner=self.partner,
                partner_kind=kind,
                visited_on=visited_on,
                persons=self.persons,
                purpose=line(self.purpose, "purpose"),
                heard=None if self.heard is None else Sealed(subject, text(self.heard, "heard")),
                commitment=self.commitment,
                problem=self.problem,
                recurrence=self.recurrence,
                aid=self.aid,
                request=self.request,
                by=ctx.actor.person,
            )
        ]


@command(of=Visit, by=(Role.UNIT_HEAD, Role.SUPERVISOR), not_by=(Relation.RECORDER,))
class WithdrawVisit:
    """Takes back a visit; not by the person who recorded it."""

    reason: str

    def decide(self, state: Visit, ctx: Context) -> list[VisitEvent]:
        own_unit(state.unit, ctx, unless=frozenset({Role.SUPERVISOR}))
        in_turn(state.stage, "withdraw_visit", TURNS)
        return [VisitWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
