"""Who does it: assign (交办), acknowledge (签收), return (退单), reassign (改派), supporting units (协办单位)."""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS, Commitment
from domain.commitment_events import (
    CommitmentAcknowledged,
    CommitmentAssigned,
    CommitmentEvent,
    CommitmentReassigned,
    ReturnAccepted,
    ReturnAsked,
    ReturnRefused,
    SupportingUnitJoined,
    SupportingUnitLeft,
)
from domain.commitment_guards import UNIT, barred
from domain.deadline import Deadline, in_hours, in_working_days
from domain.guards import in_turn
from domain.ids import UnitId
from domain.refusal import Kind, Refusal
from domain.text import text
from domain.two_hands import Relation

MAX_SUPPORTING = 20


def _acknowledge_by(state: Commitment, ctx: Context) -> Deadline:
    hours = ctx.rules.acknowledge_hours.get(state.terms.urgency)
    if hours is not None:
        return in_hours(ctx, f"acknowledge_hours.{state.terms.urgency}", hours)
    return in_working_days(ctx, "acknowledge_working_days", ctx.rules.acknowledge_working_days)


def _other(unit: UnitId, state: Commitment) -> UnitId:
    if unit == state.responsible:
        raise Refusal("same_unit", "已是该单位牵头", "this unit leads already", kind=Kind.CONFLICT, field="unit")
    return unit


def _room(count: int, field: str) -> None:
    if count > MAX_SUPPORTING:
        raise Refusal(
            "too_many_supporting",
            f"协办单位不能超过{MAX_SUPPORTING}个",
            f"at most {MAX_SUPPORTING} supporting units",
            field=field,
        )


@command(of=Commitment, by=(Role.DISPATCHER,))
class AssignCommitment:
    """Hands a registered commitment to its lead unit (交办), with units that support it. The clock of
    acknowledgement starts."""

    supporting: tuple[UnitId, ...] = ()
    instruction: str = ""

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "assign_commitment", TURNS)
        if state.responsible in self.supporting or len(set(self.supporting)) != len(self.supporting):
            raise Refusal(
                "supporting_twice",
                "协办单位重复或与牵头单位相同",
                "a supporting unit is named twice, or leads",
                field="supporting",
            )
        _room(len(self.supporting), "supporting")
        return [
            CommitmentAssigned(
                unit=state.responsible,
                supporting=self.supporting,
                instruction=text(self.instruction, "instruction", required=False),
                acknowledge_by=_acknowledge_by(state, ctx),
            )
        ]


@command(of=Commitment, by=UNIT, own_unit=True)
class AcknowledgeCommitment:
    """The lead unit takes it on (签收); work begins."""

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "acknowledge_commitment", TURNS)
        return [CommitmentAcknowledged(unit=state.responsible)]


@command(of=Commitment, by=UNIT, own_unit=True)
class AskReturn:
    """The lead unit asks that it go elsewhere (退单), before acknowledging; not once it has been designated."""

    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "ask_return", TURNS)
        if state.designated:
            raise barred(
                state,
                "ask_return",
                "designated",
                "已指定承办，不得再次退单",
                "the unit is designated and cannot ask again",
            )
        return [ReturnAsked(reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Commitment, by=(Role.DISPATCHER,), not_by=(Relation.RETURN_ASKER,))
class RuleOnReturn:
    """Accepts a return by naming the other `unit` it goes to, or refuses it (no `unit`): the unit is then designated.
    Not by the person who asked. The clock of acknowledgement starts anew."""

    reason: str
    unit: UnitId | None = None

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "rule_on_return", TURNS)
        reason = text(self.reason, "reason")
        deadline = _acknowledge_by(state, ctx)
        if self.unit is None:
            return [ReturnRefused(reason=reason, acknowledge_by=deadline)]
        return [ReturnAccepted(unit=_other(self.unit, state), reason=reason, acknowledge_by=deadline)]


@command(of=Commitment, by=(Role.DISPATCHER,))
class ReassignCommitment:
    """Gives it to another lead unit (改派), which must acknowledge it. Questions that wait lapse; a unit that
    supported and now leads supports no longer."""

    unit: UnitId
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "reassign_commitment", TURNS)
        return [
            CommitmentReassigned(
                unit=_other(self.unit, state),
                reason=text(self.reason, "reason"),
                acknowledge_by=_acknowledge_by(state, ctx),
            )
        ]


@command(of=Commitment, by=(Role.DISPATCHER,))
class AddSupportingUnit:
    """A unit joins in support (协办)."""

    unit: UnitId
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "add_supporting_unit", TURNS)
        if _other(self.unit, state) in state.supporting:
            raise Refusal(
                "supports_already", "已是协办单位", "this unit supports already", kind=Kind.CONFLICT, field="unit"
            )
        _room(len(state.supporting) + 1, "unit")
        return [SupportingUnitJoined(unit=self.unit, reason=text(self.reason, "reason"))]


@command(of=Commitment, by=(Role.DISPATCHER,))
class RemoveSupportingUnit:
    """A supporting unit leaves."""

    unit: UnitId
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "remove_supporting_unit", TURNS)
        if self.unit not in state.supporting:
            raise Refusal(
                "supports_not", "不是协办单位", "this unit does not support it", kind=Kind.CONFLICT, field="unit"
            )
        return [SupportingUnitLeft(unit=self.unit, reason=text(self.reason, "reason"))]
