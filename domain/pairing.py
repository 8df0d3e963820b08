"""Pairings (结对共建): a unit with a village, community or enterprise; a member with a household (M6)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn, own_unit
from domain.ids import PairingId, PartnerId, PersonId, UnitId
from domain.partner import PartnerKind, partner_on
from domain.refusal import Kind, Refusal
from domain.text import line, text
from domain.two_hands import Related, Relation, related


@event("pairing_agreed.1")
class PairingAgreed:
    """`member` is the person paired with a household, None otherwise; `programme` the platform it runs under."""

    unit: UnitId
    partner: PartnerId
    partner_kind: PartnerKind
    member: PersonId | None
    programme: str
    agreed_on: date
    by: PersonId


@event("pairing_ended.1")
class PairingEnded:
    """`ended_on` is its last day; what was done under it stays."""

    ended_on: date
    reason: str
    by: PersonId


@event("pairing_withdrawn.1")
class PairingWithdrawn:
    """Entered in error: it counts nowhere, as if never agreed. By a second person."""

    reason: str
    by: PersonId


PairingEvent: TypeAlias = PairingAgreed | PairingEnded | PairingWithdrawn


class PairingStage(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


TURNS = {
    PairingStage.ACTIVE: ("end_pairing", "withdraw_pairing"),
    PairingStage.ENDED: ("withdraw_pairing",),
    PairingStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing(Correctable):
    stage: PairingStage
    unit: UnitId
    partner: PartnerId
    partner_kind: PartnerKind
    member: PersonId | None
    agreed_on: date
    ended_on: date | None = None
    by: PersonId

    @property
    def claims(self) -> tuple[str, ...]:
        """One active pairing of a unit (for households: of a member) with a partner."""
        if self.stage is not PairingStage.ACTIVE:
            return ()
        return (f"pairing {self.member or self.unit} {self.partner}",)

    @property
    def responsible(self) -> UnitId:
        return self.unit


@evolves(PairingEvent, named=PairingId)
def evolve(state: Pairing | None, happened: PairingEvent) -> Pairing:
    match happened:
        case PairingAgreed():
            return Pairing(
                stage=PairingStage.ACTIVE,
                unit=happened.unit,
                partner=happened.partner,
                partner_kind=happened.partner_kind,
                member=happened.member,
                agreed_on=happened.agreed_on,
                by=happened.by,
            )
        case PairingEnded():
            assert state is not None
            return replace(state, stage=PairingStage.ENDED, ended_on=happened.ended_on)
        case PairingWithdrawn():
            assert state is not None
            return replace(state, stage=PairingStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Pairing)
def _related(state: Pairing) -> Related:
    return {Relation.RECORDER: (state.by,)}


def pairing_on(pairing: PairingId, day: date, ctx: Context, field: str) -> Pairing:
    """The pairing, which must have run on that day; `field` names the date."""
    found: Pairing = ctx.look(pairing)
    ended = found.ended_on is not None and day > found.ended_on
    if found.stage is PairingStage.WITHDRAWN or ended or day < found.agreed_on:
        raise Refusal(
            "pairing_not_running",
            "当日结对关系不在有效期内",
            "the pairing was not running on that day",
            kind=Kind.CONFLICT,
            field=field,
            state=found.stage.value,
        )
    return found


@command(of=Pairing, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), creates=True)
class AgreePairing:
    """A unit pairs with a partner. With a household it names the member, a person of the unit, who takes it on."""

    unit: UnitId
    partner: PartnerId
    programme: str
    agreed_on: date
    member: PersonId | None = None

    def decide(self, state: None, ctx: Context) -> list[PairingEvent]:
        own_unit(self.unit, ctx, field="unit")
        agreed_on = happened_on(self.agreed_on, "agreed_on", ctx)
        kind = partner_on(self.partner, agreed_on, ctx).kind
        if (kind is PartnerKind.HOUSEHOLD) != (self.member is not None):
            raise Refusal(
                "pairing_member",
                "与农户结对须有结对党员，其他对象不填",
                "a household is paired with a member; other partners with the unit",
                field="member",
            )
        if self.member is not None and ctx.look(self.member).unit != self.unit:
            raise Refusal(
                "member_of_other_unit", "结对党员须属于本单位", "the member is of another unit", field="member"
            )
        return [
            PairingAgreed(
                unit=self.unit,
                partner=self.partner,
                partner_kind=kind,
                member=self.member,
                programme=line(self.programme, "programme"),
                agreed_on=agreed_on,
                by=ctx.actor.person,
            )
        ]


@command(of=Pairing, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class EndPairing:
    """Ends a pairing on its last day."""

    ended_on: date
    reason: str

    def decide(self, state: Pairing, ctx: Context) -> list[PairingEvent]:
        in_turn(state.stage, "end_pairing", TURNS)
        return [
            PairingEnded(
                ended_on=happened_on(self.ended_on, "ended_on", ctx, since=state.agreed_on),
                reason=text(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


@command(of=Pairing, by=(Role.UNIT_HEAD, Role.SUPERVISOR), not_by=(Relation.RECORDER,))
class WithdrawPairing:
    """Takes back a pairing entered in error; not by the person who entered it."""

    reason: str

    def decide(self, state: Pairing, ctx: Context) -> list[PairingEvent]:
        own_unit(state.unit, ctx, unless=frozenset({Role.SUPERVISOR}))
        in_turn(state.stage, "withdraw_pairing", TURNS)
        return [PairingWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
