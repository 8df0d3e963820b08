"""Rectification (整改): what a conclusion orders a unit to put right, one item at a time, until someone else than the
submitter has verified it.

It goes on during a review of the conclusion. When the review revokes or amends the conclusion, a leader may withdraw
the order; nothing is submitted or verified for a conclusion that was revoked.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.conclusion import TURNS as CONCLUDING
from domain.conclusion import Conclusion, ConclusionStage
from domain.correction import Correctable
from domain.event import event, evolves
from domain.evidence import Evidence, evidence
from domain.guards import in_turn
from domain.ids import ConclusionId, PersonId, RectificationId, UnitId
from domain.refusal import Kind, Refusal
from domain.supervision_guards import ahead, barred, not_of_unit
from domain.text import text
from domain.two_hands import Related, Relation, related


@event("rectification_ordered.1")
class RectificationOrdered:
    """`item` counts the conclusion's items from 1; `wording` is what that item said when it was ordered."""

    conclusion: ConclusionId
    unit: UnitId
    item: int
    wording: str
    due_on: date
    by: PersonId


@event("rectification_submitted.1")
class RectificationSubmitted:
    """The unit's claim."""

    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("rectification_verified.1")
class RectificationVerified:
    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("rectification_rejected.1")
class RectificationRejected:
    """Back to the unit, which has until `due_on`."""

    reason: str
    due_on: date
    by: PersonId


@event("rectification_withdrawn.1")
class RectificationWithdrawn:
    reason: str
    by: PersonId


RectificationEvent: TypeAlias = (
    RectificationOrdered
    | RectificationSubmitted
    | RectificationVerified
    | RectificationRejected
    | RectificationWithdrawn
)


class RectificationStage(StrEnum):
    ORDERED = "ordered"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


TURNS = {
    RectificationStage.ORDERED: ("submit_rectification", "withdraw_rectification"),
    RectificationStage.SUBMITTED: ("verify_rectification", "reject_rectification", "withdraw_rectification"),
    RectificationStage.VERIFIED: (),
    RectificationStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectification(Correctable):
    stage: RectificationStage
    conclusion: ConclusionId
    responsible: UnitId
    due_on: date
    submitted_by: PersonId | None = None
    claims: tuple[str, ...]
    """One order for each item of a conclusion, while it stands."""


@evolves(RectificationEvent, named=RectificationId)
def evolve(state: Rectification | None, happened: RectificationEvent) -> Rectification:
    if isinstance(happened, RectificationOrdered):
        return Rectification(
            stage=RectificationStage.ORDERED,
            conclusion=happened.conclusion,
            responsible=happened.unit,
            due_on=happened.due_on,
            claims=(f"rectification {happened.conclusion} {happened.item}",),
        )
    assert state is not None
    match happened:
        case RectificationSubmitted():
            return replace(state, stage=RectificationStage.SUBMITTED, submitted_by=happened.by)
        case RectificationVerified():
            return replace(state, stage=RectificationStage.VERIFIED)
        case RectificationRejected():
            return replace(state, stage=RectificationStage.ORDERED, due_on=happened.due_on)
        case RectificationWithdrawn():
            return replace(state, stage=RectificationStage.WITHDRAWN, claims=())
        case _:
            assert_never(happened)


@related(of=Rectification)
def _related(state: Rectification) -> Related:
    return {Relation.REPORTER: (state.submitted_by,), Relation.INSPECTED_UNIT: (state.responsible,)}


def _stands(state: Rectification, name: str, ctx: Context) -> None:
    """Nothing is put right for a conclusion that was revoked."""
    conclusion: Conclusion = ctx.look(state.conclusion)
    if conclusion.stage is ConclusionStage.REVOKED:
        raise barred(
            state.stage,
            name,
            TURNS,
            rule="conclusion_revoked",
            zh="该督查结论已撤销，整改要求只能撤回",
            en="the conclusion was revoked; the order can only be withdrawn",
        )


@command(of=Rectification, by=(Role.SUPERVISOR,), creates=True)
class OrderRectification:
    """Orders the unit to put one item of a delivered conclusion right; `item` counts from 1. Not by a person of that
    unit."""

    conclusion: ConclusionId
    item: int
    due_on: date

    def decide(self, state: None, ctx: Context) -> list[RectificationEvent]:
        conclusion: Conclusion = ctx.look(self.conclusion)
        not_of_unit(conclusion.responsible, ctx)
        if conclusion.stage in {ConclusionStage.ISSUED, ConclusionStage.REVOKED}:
            raise Refusal(
                "conclusion_not_in_force",
                "督查结论尚未送达或已撤销",
                "the conclusion is not delivered yet or was revoked",
                kind=Kind.OUT_OF_TURN,
                field="conclusion",
                state=conclusion.stage.value,
                allowed=CONCLUDING[conclusion.stage],
            )
        if not 1 <= self.item <= len(conclusion.items):
            raise Refusal("no_such_item", "结论没有这一项", "the conclusion has no such item", field="item")
        return [
            RectificationOrdered(
                conclusion=self.conclusion,
                unit=conclusion.responsible,
                item=self.item,
                wording=conclusion.items[self.item - 1],
                due_on=ahead(self.due_on, "due_on", ctx),
                by=ctx.actor.person,
            )
        ]


@command(of=Rectification, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class SubmitRectification:
    """The unit says it is put right, with evidence."""

    note: str
    evidence: tuple[Evidence, ...]

    def decide(self, state: Rectification, ctx: Context) -> list[RectificationEvent]:
        in_turn(state.stage, "submit_rectification", TURNS)
        _stands(state, "submit_rectification", ctx)
        return [
            RectificationSubmitted(
                note=text(self.note, "note"),
                evidence=evidence(self.evidence, ctx, required=True),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(of=Rectification, by=(Role.SUPERVISOR,), not_by=(Relation.REPORTER, Relation.INSPECTED_UNIT))
class VerifyRectification:
    """Someone of another unit than the submitter's has looked: it is put right (销号)."""

    note: str
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Rectification, ctx: Context) -> list[RectificationEvent]:
        in_turn(state.stage, "verify_rectification", TURNS)
        _stands(state, "verify_rectification", ctx)
        return [
            RectificationVerified(
                note=text(self.note, "note"),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(of=Rectification, by=(Role.SUPERVISOR,), not_by=(Relation.REPORTER, Relation.INSPECTED_UNIT))
class RejectRectification:
    """It is not put right: back to the unit, with the reason and a new due date."""

    reason: str
    due_on: date

    def decide(self, state: Rectification, ctx: Context) -> list[RectificationEvent]:
        in_turn(state.stage, "reject_rectification", TURNS)
        _stands(state, "reject_rectification", ctx)
        due_on = ahead(self.due_on, "due_on", ctx)
        return [RectificationRejected(reason=text(self.reason, "reason"), due_on=due_on, by=ctx.actor.person)]


@command(of=Rectification, by=(Role.LEADER,), not_by=(Relation.INSPECTED_UNIT,))
class WithdrawRectification:
    """Takes the order back after the review revoked or amended the conclusion."""

    reason: str

    def decide(self, state: Rectification, ctx: Context) -> list[RectificationEvent]:
        in_turn(state.stage, "withdraw_rectification", TURNS)
        conclusion: Conclusion = ctx.look(state.conclusion)
        if conclusion.stage not in {ConclusionStage.REVOKED, ConclusionStage.AMENDED}:
            raise barred(
                state.stage,
                "withdraw_rectification",
                TURNS,
                rule="conclusion_in_force",
                zh="督查结论仍然有效，整改要求不能撤回",
                en="the conclusion stands, so does the order",
            )
        return [RectificationWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
