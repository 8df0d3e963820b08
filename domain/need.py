"""Needs (资源需求): enterprises, villages, communities and households raise what they lack themselves (M7, M11).

A need is met by one match at a time (`domain.offer`); what remains after a match that met a part of it is raised as
another need.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn
from domain.ids import NeedId, PartnerId, PersonId
from domain.partner import PartnerKind, partner_on
from domain.resource import Resource, measure
from domain.sealed import Sealed
from domain.text import line, positive, text
from domain.two_hands import Related, Relation, related


@event("need_raised.1")
class NeedRaised:
    """`title` is official wording without personal data; `detail`, what the partner said, is sealed under the
    household's key, or the need's own elsewhere."""

    partner: PartnerId
    partner_kind: PartnerKind
    kind: Resource
    title: str
    quantity: int
    measure: str
    detail: Sealed[str] | None
    raised_on: date
    by: PersonId


@event("need_withdrawn.1")
class NeedWithdrawn:
    """Not needed any longer, or entered in error: it is matched no more. By a second person."""

    reason: str
    by: PersonId


NeedEvent: TypeAlias = NeedRaised | NeedWithdrawn


class NeedStage(StrEnum):
    RAISED = "raised"
    WITHDRAWN = "withdrawn"


TURNS = {NeedStage.RAISED: ("withdraw_need",), NeedStage.WITHDRAWN: ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Correctable):
    stage: NeedStage
    partner: PartnerId
    partner_kind: PartnerKind
    kind: Resource
    quantity: int
    measure: str
    by: PersonId


@evolves(NeedEvent, named=NeedId)
def evolve(state: Need | None, happened: NeedEvent) -> Need:
    match happened:
        case NeedRaised():
            return Need(
                stage=NeedStage.RAISED,
                partner=happened.partner,
                partner_kind=happened.partner_kind,
                kind=happened.kind,
                quantity=happened.quantity,
                measure=happened.measure,
                by=happened.by,
            )
        case NeedWithdrawn():
            assert state is not None
            return replace(state, stage=NeedStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Need)
def _related(state: Need) -> Related:
    return {Relation.RECORDER: (state.by,)}


def subject_of(need: NeedId | str, partner: PartnerId, kind: PartnerKind) -> str:
    """Under whose key the partner's words are sealed."""
    return partner if kind is PartnerKind.HOUSEHOLD else need


@command(
    of=Need,
    by=(Role.DISPATCHER, Role.SUPERVISOR, Role.CALLER, Role.UNIT_OFFICER, Role.UNIT_HEAD),
    creates=True,
)
class RaiseNeed:
    """Takes in what a partner needs. The way it came is the envelope's channel. `quantity` is in `measure`, for funds
    分. `detail` is sealed; `title` is not and may hold no personal data."""

    partner: PartnerId
    kind: Resource
    title: str
    quantity: int
    measure: str
    raised_on: date
    detail: str | None = None

    def decide(self, state: None, ctx: Context) -> list[NeedEvent]:
        raised_on = happened_on(self.raised_on, "raised_on", ctx)
        partner_kind = partner_on(self.partner, raised_on, ctx).kind
        subject = subject_of(ctx.stream, self.partner, partner_kind)
        return [
            NeedRaised(
                partner=self.partner,
                partner_kind=partner_kind,
                kind=self.kind,
                title=line(self.title, "title"),
                quantity=positive(self.quantity, "quantity"),
                measure=measure(self.kind, self.measure, "measure"),
                detail=None if self.detail is None else Sealed(subject, text(self.detail, "detail")),
                raised_on=raised_on,
                by=ctx.actor.person,
            )
        ]


@command(of=Need, by=(Role.SUPERVISOR, Role.DISPATCHER), not_by=(Relation.RECORDER,))
class WithdrawNeed:
    """Takes a need back; not by the person who entered it."""

    reason: str

    def decide(self, state: Need, ctx: Context) -> list[NeedEvent]:
        in_turn(state.stage, "withdraw_need", TURNS)
        return [NeedWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
