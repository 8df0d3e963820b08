"""Is it true: redo (重办), call back (回访), site check, verify (核验)."""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import Commitment
from domain.commitment_events import (
    CallBackRecorded,
    CommitmentEscalated,
    CommitmentEvent,
    CommitmentVerified,
    RedoOrdered,
    SiteChecked,
)
from domain.commitment_guards import barred, resident_words, review_in_turn
from domain.commitment_terms import Answer, Finding, Means
from domain.evidence import Evidence, evidence
from domain.refusal import Refusal
from domain.rule_book import quoted
from domain.text import positive, text
from domain.two_hands import Relation


@command(of=Commitment, by=(Role.SUPERVISOR,), not_by=(Relation.REPORTER,))
class OrderRedo:
    """Sends the report back (重办), with reasons; not by the reporter. The third time escalates (提级督办)."""

    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        review_in_turn(state, "order_redo")
        events: list[CommitmentEvent] = [RedoOrdered(reason=text(self.reason, "reason"))]
        redos = state.redos + 1
        if redos >= ctx.rules.redo_escalates_at and not state.escalated:
            events.append(CommitmentEscalated(redos=redos))
        return events


@command(of=Commitment, by=(Role.CALLER,), not_by=(Relation.HANDLING_UNIT,))
class RecordCallBack:
    """One attempt to ask the beneficiary whether it is solved (回访), by a person of no unit that leads or supports.
    `solved` and `unsolved` are final for this report: nobody is asked until the answer fits. `comment` is sealed."""

    answer: Answer
    comment: str | None = None

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        review = review_in_turn(state, "record_call_back")
        if state.terms.beneficiary is None:
            raise barred(
                state, "record_call_back", "no_beneficiary", "没有可回访的对象", "there is nobody to call back"
            )
        if review.answered:
            raise barred(
                state, "record_call_back", "answered_already", "本次反馈已有答复", "the beneficiary has answered"
            )
        return [
            CallBackRecorded(
                attempt=review.attempts + 1,
                answer=self.answer,
                comment=resident_words(self.comment, "comment", state, ctx),
            )
        ]


@command(of=Commitment, by=(Role.SUPERVISOR,), not_by=(Relation.REPORTER,))
class RecordSiteCheck:
    """A second supervisor goes and looks, where nobody answered after three attempts or there is no individual
    beneficiary (household or enterprise). Once a report; not by the reporter."""

    finding: Finding
    note: str
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        review = review_in_turn(state, "record_site_check")
        if review.answered:
            raise barred(
                state, "record_site_check", "answered_already", "本次反馈已有答复", "the beneficiary has answered"
            )
        if review.finding is not None:
            raise barred(
                state, "record_site_check", "checked_already", "本次反馈已实地核查", "the site has been checked"
            )
        if state.terms.individual and review.attempts < ctx.rules.call_back_attempts:
            zh, en = quoted(ctx.rules, "call_back_attempts")
            raise barred(
                state,
                "record_site_check",
                "call_back_first",
                f"须先回访{ctx.rules.call_back_attempts}次{zh}",
                f"the beneficiary must be called {ctx.rules.call_back_attempts} times first{en}",
            )
        return [
            SiteChecked(
                finding=self.finding,
                note=text(self.note, "note"),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(
    of=Commitment,
    by=(Role.SUPERVISOR,),
    not_by=(
        Relation.REPORTER,
        Relation.CHECKER,
    ),
)
class VerifyCommitment:
    """Confirms the report (核验), with the quantity found true (at most the one reported). Needs the beneficiary's
    answer `solved`, or a site check that found it so; an answer `unsolved` always bars it. The verifier is neither
    the reporter nor the supervisor who checked the site."""

    quantity: int
    note: str = ""

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        review = review_in_turn(state, "verify_commitment")
        if review.answer is Answer.SOLVED:
            means = Means.ANSWER
        elif review.answer is not Answer.UNSOLVED and review.finding is Finding.AS_REPORTED:
            means = Means.SITE_CHECK
        else:
            raise barred(
                state,
                "verify_commitment",
                "not_confirmed",
                "未经受益人或实地核查确认",
                "neither the beneficiary nor a site check confirms it",
            )
        if positive(self.quantity, "quantity", zero=True) > review.quantity:
            raise Refusal("more_than_reported", "不能多于反馈数量", "is more than was reported", field="quantity")
        return [
            CommitmentVerified(
                quantity=self.quantity,
                means=means,
                note=text(self.note, "note", required=False),
                by=ctx.actor.person,
            )
        ]
