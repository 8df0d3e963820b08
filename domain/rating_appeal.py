"""How a bad rating comes not to count: the unit appeals (申诉), another person rules (裁定、剔除)."""

from domain.actor import Role
from domain.command import Context, command
from domain.deadline import in_working_days
from domain.evidence import Evidence, evidence
from domain.guards import in_turn
from domain.rating import TURNS, Rating, barred
from domain.rating_events import AppealGround, RatingAppealed, RatingAppealRefused, RatingEvent, RatingExcluded
from domain.text import text
from domain.two_hands import Relation


@command(of=Rating, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class AppealRating:
    """The rated unit asks that a bad rating not count, with ground and evidence: once, and not after it claimed to have
    put it right. The limit of the rectification runs on meanwhile."""

    ground: AppealGround
    reason: str
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        name = "appeal_rating"
        in_turn(state.stage, name, TURNS)
        if state.appealed_by is not None:
            raise barred(state, name, "appealed_already", "同一差评只能申诉一次", "a bad rating is appealed once only")
        if state.redos:
            raise barred(
                state,
                name,
                "rectified_already",
                "已报送整改，不得再申诉",
                "what was claimed to be put right is not appealed",
            )
        return [
            RatingAppealed(
                unit=state.responsible,
                ground=self.ground,
                reason=text(self.reason, "reason"),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                rule_by=in_working_days(ctx, "rating_appeal_working_days", ctx.rules.rating_appeal_working_days),
                by=ctx.actor.person,
            )
        ]


@command(
    of=Rating,
    by=(Role.SUPERVISOR, Role.LEADER),
    not_by=(Relation.APPELLANT, Relation.RATING_CHECKER, Relation.RATED_UNIT),
)
class RuleOnRatingAppeal:
    """Excludes the rating, or refuses the appeal; not by who appealed, who checked it, or a person of the rated unit.
    What is excluded leaves every rate and stays to be read, with its number beside the rate."""

    granted: bool
    reason: str

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        in_turn(state.stage, "rule_on_rating_appeal", TURNS)
        assert state.ground is not None
        reason = text(self.reason, "reason")
        if self.granted:
            return [RatingExcluded(ground=state.ground, reason=reason, by=ctx.actor.person)]
        return [RatingAppealRefused(reason=reason, by=ctx.actor.person)]
