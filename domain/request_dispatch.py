"""Who deals with a request: take on, dispatch (派单), acknowledge (签收), return once (退单), reassign (改派).

First-receiver rule (首接负责): the unit that took it in deals with it or hands it to another, can't send it back, and
answers for it until a unit has acknowledged it.
"""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment_terms import Urgency
from domain.deadline import Deadline, in_hours, in_working_days
from domain.guards import in_turn, own_unit
from domain.ids import UnitId
from domain.refusal import Kind, Refusal
from domain.request import TURNS, Request
from domain.request_events import (
    EscalationGround,
    RequestAcknowledged,
    RequestDispatched,
    RequestEscalated,
    RequestEvent,
    RequestKind,
    RequestReassigned,
    RequestReturnAccepted,
    RequestReturnAsked,
    RequestReturnRefused,
    RequestTakenOn,
)
from domain.request_intake import dispatch_by
from domain.text import text
from domain.two_hands import Relation

UNIT = (Role.UNIT_OFFICER, Role.UNIT_HEAD)
ACROSS_UNITS = frozenset({Role.DISPATCHER, Role.LEADER})


def acknowledge_by(urgency: Urgency, ctx: Context) -> Deadline:
    hours = ctx.rules.acknowledge_hours.get(urgency)
    if hours is not None:
        return in_hours(ctx, f"acknowledge_hours.{urgency}", hours)
    return in_working_days(ctx, "acknowledge_working_days", ctx.rules.acknowledge_working_days)


def answer_by(kind: RequestKind, ctx: Context) -> Deadline:
    days = ctx.rules.request_answer_working_days[kind]
    return in_working_days(ctx, f"request_answer_working_days.{kind}", days)


def barred(state: Request, name: str, rule: str, zh: str, en: str) -> Refusal:
    """The stage would take the command, but something else that happened forbids it; says what is left."""
    return Refusal(
        rule,
        zh,
        en,
        kind=Kind.OUT_OF_TURN,
        state=state.stage.value,
        allowed=tuple(other for other in TURNS[state.stage] if other != name),
    )


def _led_by_leader(state: Request, ctx: Context) -> None:
    """After too many hand-overs a leader says who leads."""
    if state.without_lead and Role.LEADER not in ctx.actor.roles:
        raise Refusal(
            "leader_decides",
            "多次转办无牵头单位，须由分管领导指定",
            "handed over too often without a lead: a leader decides",
            kind=Kind.FORBIDDEN,
            allowed=(Role.LEADER.value,),
        )


def _escalated(state: Request, hand_over: int, ctx: Context) -> list[RequestEvent]:
    if hand_over < ctx.rules.hand_overs_escalate_at or state.without_lead:
        return []
    return [RequestEscalated(ground=EscalationGround.NO_LEAD, count=hand_over)]


@command(of=Request, by=UNIT)
class TakeOnRequest:
    """The first receiver deals with it itself."""

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "take_on_request", TURNS)
        if state.first_receiver is None:
            raise barred(
                state,
                "take_on_request",
                "no_first_receiver",
                "没有首接单位，须先派单",
                "no unit received it first; it has to be dispatched",
            )
        own_unit(state.first_receiver, ctx)
        return [RequestTakenOn(unit=state.first_receiver, answer_by=answer_by(state.kind, ctx), by=ctx.actor.person)]


@command(of=Request, by=(*ACROSS_UNITS, *UNIT))
class DispatchRequest:
    """Hands it to the unit that is to lead (派单); by a dispatcher, or by its first receiver itself (转办). The clock
    of acknowledgement starts. The third hand-over without a lead escalates, and from then on a leader decides."""

    unit: UnitId
    instruction: str = ""

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "dispatch_request", TURNS)
        if not ctx.actor.roles & ACROSS_UNITS and (
            state.first_receiver is None or ctx.actor.unit != state.first_receiver
        ):
            raise Refusal(
                "not_first_receiver",
                "只有首接单位或交办员可以转办",
                "only the first receiver or a dispatcher hands it on",
                kind=Kind.FORBIDDEN,
            )
        _led_by_leader(state, ctx)
        hand_over = state.hand_overs + 1
        return [
            RequestDispatched(
                unit=self.unit,
                instruction=text(self.instruction, "instruction", required=False),
                hand_over=hand_over,
                acknowledge_by=acknowledge_by(state.urgency, ctx),
                by=ctx.actor.person,
            ),
            *_escalated(state, hand_over, ctx),
        ]


@command(of=Request, by=UNIT, own_unit=True)
class AcknowledgeRequest:
    """The unit leads from now on (签收); the clock of the answer starts."""

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "acknowledge_request", TURNS)
        assert state.responsible is not None
        return [RequestAcknowledged(unit=state.responsible, answer_by=answer_by(state.kind, ctx), by=ctx.actor.person)]


@command(of=Request, by=UNIT, own_unit=True)
class AskRequestReturn:
    """The unit asks that it go elsewhere (退单), before acknowledging: once, not as the first receiver, and not once it
    has been designated."""

    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        name = "ask_request_return"
        in_turn(state.stage, name, TURNS)
        assert state.responsible is not None
        if state.responsible == state.first_receiver:
            raise barred(state, name, "first_receiver", "首接单位不得退单", "the first receiver cannot send it back")
        if state.designated or state.without_lead:
            raise barred(
                state,
                name,
                "designated",
                "已指定承办，不得再次退单",
                "the unit is designated and cannot ask again",
            )
        if state.responsible in state.returned_by:
            raise barred(
                state, name, "returned_already", "同一单位只能退单一次", "a unit sends a request back once only"
            )
        return [RequestReturnAsked(unit=state.responsible, reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Request, by=(Role.DISPATCHER,), not_by=(Relation.RETURN_ASKER,))
class RuleOnRequestReturn:
    """Accepts a return: it waits for a unit again, and its first receiver answers for it. Or refuses it: the unit is
    designated. Not by the person who asked. The clock starts anew."""

    granted: bool
    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "rule_on_request_return", TURNS)
        assert state.responsible is not None
        reason = text(self.reason, "reason")
        if self.granted:
            return [
                RequestReturnAccepted(
                    unit=state.responsible,
                    reason=reason,
                    dispatch_by=dispatch_by(state.urgency, ctx),
                    by=ctx.actor.person,
                )
            ]
        return [
            RequestReturnRefused(
                unit=state.responsible,
                reason=reason,
                acknowledge_by=acknowledge_by(state.urgency, ctx),
                by=ctx.actor.person,
            )
        ]


@command(of=Request, by=(Role.DISPATCHER, Role.LEADER))
class ReassignRequest:
    """Gives it to another unit (改派), which must acknowledge it. Counts as a hand-over like a dispatch."""

    unit: UnitId
    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "reassign_request", TURNS)
        _led_by_leader(state, ctx)
        if self.unit == state.responsible:
            raise Refusal("same_unit", "已由该单位办理", "this unit has it already", kind=Kind.CONFLICT, field="unit")
        hand_over = state.hand_overs + 1
        return [
            RequestReassigned(
                unit=self.unit,
                reason=text(self.reason, "reason"),
                hand_over=hand_over,
                acknowledge_by=acknowledge_by(state.urgency, ctx),
                by=ctx.actor.person,
            ),
            *_escalated(state, hand_over, ctx),
        ]
