"""From a proposal to the public: propose (提出), register (立项), publish (公示), amend or withdraw the wording."""

from datetime import date

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS, Commitment
from domain.commitment_answering import RequestsTakenUp
from domain.commitment_events import (
    CommitmentEvent,
    CommitmentProposed,
    CommitmentPublished2,
    CommitmentRegistered,
    WordingAmended2,
    WordingWithdrawn,
)
from domain.commitment_guards import barred, within_years
from domain.commitment_terms import Mandate, PolicyTarget, Urgency
from domain.deadline import in_hours
from domain.guards import EARLIEST, in_turn, not_before
from domain.ids import PartnerId, ProblemId, RequestId, UnitId
from domain.partner import partner_on
from domain.policy import Policy, PolicyStage
from domain.problem import Problem, ProblemStage
from domain.public_text import public_line, public_words
from domain.refusal import Kind, Refusal
from domain.request import Request, RequestStage
from domain.service import Aid, Recurrence, region_code
from domain.text import positive
from domain.two_hands import Relation

MAX_SERVED = 20


def _in_force(served: PolicyTarget, ctx: Context) -> PolicyTarget:
    policy: Policy = ctx.look(served.policy)
    if policy.stage is PolicyStage.WITHDRAWN:
        raise Refusal(
            "policy_withdrawn", "政策已废止", "the policy is withdrawn", kind=Kind.CONFLICT, field="targets.policy"
        )
    if served.target not in policy.targets:
        raise Refusal("unknown_target", "该政策没有此目标", "the policy has no such target", field="targets.target")
    return served


def _raised(request: ProblemId, ctx: Context) -> ProblemId:
    problem: Problem = ctx.look(request)
    if problem.stage is ProblemStage.WITHDRAWN:
        raise Refusal(
            "request_withdrawn", "诉求已撤回", "the request is withdrawn", kind=Kind.CONFLICT, field="requests"
        )
    return request


def _open(request: RequestId, ctx: Context) -> RequestId:
    """Refuses what needs no answer of its own any longer."""
    state: Request = ctx.look(request)
    if state.stage in {RequestStage.LINKED, RequestStage.CLOSED, RequestStage.WITHDRAWN}:
        raise Refusal(
            "request_over",
            "诉求已并联到其他诉求、已办结或已撤回",
            "the request is linked to another, closed or withdrawn",
            kind=Kind.CONFLICT,
            field="answers",
            state=state.stage.value,
        )
    return request


@command(of=Commitment, by=(Role.SUPERVISOR,), creates=True)
class ProposeCommitment:
    """Proposes a commitment: what it serves, who leads, so much of what, by when, on what basis.

    `targets` (of policies), `requests` (enterprise problems) and `answers` (requests of residents it is promised in
    answer to) together name 1 to 20 things it serves. `quantity` and `measure` are both needed; choose
    a measure that counts in whole numbers. `due_on` lies on or after `starts_on` and at most ten years after it. The
    same policy target (for the same beneficiary) with the same lead unit is refused with `conflict` while one is
    open. `beneficiary` is the village, community, enterprise or household it is for, if there is one.
    """

    title: str
    targets: tuple[PolicyTarget, ...] = ()
    requests: tuple[ProblemId, ...] = ()
    answers: tuple[RequestId, ...] = ()
    lead_unit: UnitId
    quantity: int
    measure: str
    starts_on: date
    due_on: date
    basis: str
    mandate: Mandate
    urgency: Urgency
    recurrence: Recurrence
    aid: Aid
    region: str
    beneficiary: PartnerId | None = None

    def decide(self, state: None, ctx: Context) -> list[CommitmentEvent]:
        served = (*self.targets, *self.requests, *self.answers)
        if not 1 <= len(served) <= MAX_SERVED:
            raise Refusal(
                "serves_count",
                f"须关联1至{MAX_SERVED}项政策目标或诉求",
                f"a commitment serves 1 to {MAX_SERVED} policy targets or requests",
                field="targets",
            )
        if len(set(served)) != len(served):
            raise Refusal("served_twice", "关联事项重复", "it names the same thing twice", field="targets")
        not_before(self.starts_on, EARLIEST, "starts_on")
        within_years(self.starts_on, ctx.today, "starts_on")
        within_years(not_before(self.due_on, self.starts_on, "due_on"), self.starts_on, "due_on")
        partner = partner_on(self.beneficiary, ctx.today, ctx, "beneficiary") if self.beneficiary is not None else None
        answers = tuple(_open(request, ctx) for request in self.answers)
        return [
            CommitmentProposed(
                title=public_line(self.title, "title"),
                targets=tuple(_in_force(target, ctx) for target in self.targets),
                requests=tuple(_raised(request, ctx) for request in self.requests),
                lead_unit=self.lead_unit,
                quantity=positive(self.quantity, "quantity"),
                measure=public_line(self.measure, "measure"),
                starts_on=self.starts_on,
                due_on=self.due_on,
                basis=public_words(self.basis, "basis"),
                mandate=self.mandate,
                urgency=self.urgency,
                recurrence=self.recurrence,
                aid=self.aid,
                region=region_code(self.region, "region"),
                beneficiary=self.beneficiary,
                beneficiary_kind=partner.kind if partner is not None else None,
                by=ctx.actor.person,
            ),
            *([RequestsTakenUp(requests=answers)] if answers else []),
        ]


@command(of=Commitment, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class RegisterCommitment:
    """Approves a proposal (立项); not by the proposer. The clock of dispatch starts."""

    note: str = ""

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "register_commitment", TURNS)
        urgency = state.terms.urgency
        hours = ctx.rules.dispatch_hours[urgency]
        return [
            CommitmentRegistered(
                note=public_words(self.note, "note", required=False),
                assign_by=in_hours(ctx, f"dispatch_hours.{urgency}", hours),
            )
        ]


@command(of=Commitment, by=(Role.VETTER,))
class PublishCommitment:
    """Freezes the words shown to the public; later changes are visible amendments."""

    wording: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "publish_commitment", TURNS)
        if state.published:
            raise barred(
                state,
                "publish_commitment",
                "already_published",
                "已经公示，只能公开修改",
                "published already; amend it visibly",
            )
        wording = public_words(self.wording, "wording")
        return [CommitmentPublished2(wording=wording, by=ctx.actor.person)]


@command(of=Commitment, by=(Role.VETTER,))
class AmendWording:
    """Changes the public words, with a reason; the earlier ones stay readable."""

    wording: str
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "amend_wording", TURNS)
        if not state.published:
            raise barred(state, "amend_wording", "not_published", "尚未公示", "not published yet")
        wording = public_words(self.wording, "wording")
        reason = public_words(self.reason, "reason")
        return [WordingAmended2(wording=wording, reason=reason, by=ctx.actor.person)]


@command(of=Commitment, by=(Role.VETTER, Role.LEADER), not_by=(Relation.PUBLISHER,))
class WithdrawWording:
    """Takes the public words back, with the reason the public reads instead; not by a person who published or amended
    them. They can be published again."""

    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "withdraw_wording", TURNS)
        if not state.published:
            raise barred(state, "withdraw_wording", "not_published", "尚未公示", "not published yet")
        return [WordingWithdrawn(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
