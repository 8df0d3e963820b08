"""When the clock stands: deferral with a plan (挂账), by two persons; suspension (中止); resumption.

The clock stands from the day of the grant to the resumption, but no longer than the date given: after it time counts
again, so that nobody stops a clock by forgetting. Days are calendar days, the first not counted (Civil Code art. 201).
"""

from datetime import date, timedelta

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS, Commitment
from domain.commitment_events import (
    CommitmentEvent,
    CommitmentResumed,
    CommitmentSuspended,
    DeferralGranted,
    DeferralProposed,
    DeferralRefused,
)
from domain.commitment_guards import asked, unasked, within_years
from domain.guards import in_turn
from domain.refusal import Refusal
from domain.rule_book import quoted
from domain.text import text
from domain.two_hands import Relation


def _ahead(until: date, ctx: Context) -> date:
    if until <= ctx.today:
        raise Refusal("not_ahead", "日期须晚于今天", "the date must lie ahead", field="until")
    return until


def _deferrable(until: date, ctx: Context) -> date:
    longest = ctx.rules.defer_max_days
    if (_ahead(until, ctx) - ctx.today).days > longest:
        zh, en = quoted(ctx.rules, "defer_max_days")
        raise Refusal(
            "deferral_too_long",
            f"一次挂账不能超过{longest}天{zh}",
            f"a deferral is at most {longest} days a grant{en}",
            field="until",
        )
    return until


@command(of=Commitment, by=(Role.DISPATCHER,))
class ProposeDeferral:
    """Proposes to defer what cannot be done now (挂账): with what measures, and until when (at most 90 days ahead, by
    the rules in force). A leader rules on it."""

    measures: str
    until: date

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "propose_deferral", TURNS)
        unasked(state.deferral_asked, state, "propose_deferral")
        until = _deferrable(self.until, ctx)
        return [DeferralProposed(measures=text(self.measures, "measures"), until=until, by=ctx.actor.person)]


@command(of=Commitment, by=(Role.LEADER,), not_by=(Relation.DEFERRAL_PROPOSER,))
class RuleOnDeferral:
    """Grants the deferral, while its date still lies ahead, or refuses it; not by the person who proposed it. The
    clock stands from today."""

    granted: bool
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "rule_on_deferral", TURNS)
        question = asked(state.deferral_asked, state, "rule_on_deferral")
        reason = text(self.reason, "reason")
        if not self.granted:
            return [DeferralRefused(reason=reason)]
        assert question.until is not None
        return [DeferralGranted(since=ctx.today, until=_deferrable(question.until, ctx), reason=reason)]


@command(of=Commitment, by=(Role.DISPATCHER,))
class SuspendCommitment:
    """Suspends the work (中止): on what ground, and until when. The clock stands from today."""

    ground: str
    until: date

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "suspend_commitment", TURNS)
        until = within_years(_ahead(self.until, ctx), ctx.today, "until")
        return [CommitmentSuspended(ground=text(self.ground, "ground"), since=ctx.today, until=until)]


@command(of=Commitment, by=(Role.DISPATCHER,))
class ResumeCommitment:
    """Goes on after a deferral or a suspension. The due date moves by the days the clock stood, and on to the next
    working day if it would end on a day off."""

    reason: str = ""

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "resume_commitment", TURNS)
        assert state.paused_since is not None
        assert state.paused_until is not None
        paused = (min(ctx.today, state.paused_until) - state.paused_since).days
        due_on = ctx.calendar.roll(state.due_on + timedelta(days=paused)) if paused else state.due_on
        return [
            CommitmentResumed(
                reason=text(self.reason, "reason", required=False),
                paused_days=paused,
                due_on=due_on,
                provisional=not ctx.calendar.is_announced(due_on),
            )
        ]
