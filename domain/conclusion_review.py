"""Objection (异议) and review (复核) of a conclusion, 政府督查工作条例 arts. 17 and 18."""

from enum import StrEnum

from domain.actor import Role
from domain.command import Context, command
from domain.conclusion import TURNS, Conclusion
from domain.conclusion_events import (
    ConclusionAmended,
    ConclusionEvent,
    ConclusionObjected,
    ConclusionRevoked,
    ConclusionUpheld,
    ReviewerRecused,
)
from domain.conclusion_terms import Wording, checked, in_days
from domain.evidence import Evidence, evidence
from domain.guards import in_turn
from domain.refusal import Kind, Refusal
from domain.text import text
from domain.two_hands import Relation


class ReviewDecision(StrEnum):
    UPHELD = "upheld"  # 维持
    AMENDED = "amended"  # 变更
    REVOKED = "revoked"  # 撤销


@command(of=Conclusion, by=(Role.UNIT_HEAD,), own_unit=True)
class ObjectToConclusion:
    """The unit's head objects within 30 days of receipt (law)."""

    grounds: str
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Conclusion, ctx: Context) -> list[ConclusionEvent]:
        in_turn(state.stage, "object_to_conclusion", TURNS)
        object_by = state.clock("objection_days")
        assert object_by is not None
        if ctx.now >= object_by.due:
            raise Refusal(
                "objection_late",
                "法定异议期限已过",
                "the days within which the law allows an objection have passed",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=tuple(other for other in TURNS[state.stage] if other != "object_to_conclusion"),
            )
        return [
            ConclusionObjected(
                grounds=text(self.grounds, "grounds"),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                decide_by=in_days(ctx, "review_days", ctx.rules.review_days, ctx.today),
                by=ctx.actor.person,
            )
        ]


@command(of=Conclusion, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.RECUSED,))
class RecuseFromReview:
    """Whoever issues it stands aside (回避) from the review under way, with the reason (no personal data)."""

    reason: str

    def decide(self, state: Conclusion, ctx: Context) -> list[ConclusionEvent]:
        in_turn(state.stage, "recuse_from_review", TURNS)
        return [ReviewerRecused(reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(
    of=Conclusion,
    by=(Role.SUPERVISOR, Role.LEADER),
    not_by=(Relation.AUTHOR, Relation.OBJECTOR, Relation.RECUSED, Relation.INSPECTED_UNIT),
)
class DecideReview:
    """Upholds, amends or revokes the conclusion; by nobody who took part in making it (law), who objected, who stood
    aside or who belongs to the unit. `amended` needs the new `wording`. A decision after 30 days is marked late."""

    decision: ReviewDecision
    reason: str
    wording: Wording | None = None

    def decide(self, state: Conclusion, ctx: Context) -> list[ConclusionEvent]:
        in_turn(state.stage, "decide_review", TURNS)
        decide_by = state.clock("review_days")
        assert decide_by is not None
        reason, late, by = text(self.reason, "reason"), ctx.now >= decide_by.due, ctx.actor.person
        if (self.wording is not None) is not (self.decision is ReviewDecision.AMENDED):
            raise Refusal(
                "wording_if_amended",
                "变更结论须填新的结论，维持或撤销则不填",
                "a new wording goes with an amendment, and only with one",
                field="wording",
            )
        if self.wording is not None:
            return [ConclusionAmended(wording=checked(self.wording), reason=reason, late=late, by=by)]
        if self.decision is ReviewDecision.UPHELD:
            return [ConclusionUpheld(reason=reason, late=late, by=by)]
        return [ConclusionRevoked(reason=reason, late=late, by=by)]
