"""Offers (资源供给): what a unit puts at the disposal of partners, and how much of it is left.

Of a match, `matched = used + returned + outstanding`; what is returned can be matched again. What the unit says was
used and what the beneficiary confirms are two figures (M9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import evolves
from domain.guards import EARLIEST, in_turn, not_before, own_unit
from domain.ids import NeedId, OfferId, PartnerId, PersonId, UnitId
from domain.offer_events import (
    BenefitConfirmed,
    BenefitDenied,
    OfferEnded,
    OfferEvent,
    OfferMade,
    ResourceMatched,
    ResourceReturned,
    ResourceUsed,
)
from domain.partner import PartnerKind
from domain.refusal import Kind, Refusal
from domain.resource import Resource, measure
from domain.service import Aid, Recurrence
from domain.text import line, positive, text
from domain.two_hands import Related, Relation, related


class OfferStage(StrEnum):
    OPEN = "open"
    ENDED = "ended"


TURNS = {
    OfferStage.OPEN: (
        "match_resource",
        "use_resource",
        "return_resource",
        "confirm_benefit",
        "deny_benefit",
        "end_offer",
    ),
    OfferStage.ENDED: ("confirm_benefit", "deny_benefit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What of the offer is for one need."""

    partner: PartnerId
    partner_kind: PartnerKind
    matched_on: date
    quantity: int
    used: int = 0
    returned: int = 0
    unanswered: int = 0
    """Used since the beneficiary was last asked."""
    used_on: date | None = None
    """The last day of use that is unanswered."""

    @property
    def outstanding(self) -> int:
        return self.quantity - self.used - self.returned


class Latest(NamedTuple):
    """The use of the offer that nothing has followed."""

    need: NeedId
    before: Match
    """The match as it was before that use."""
    used_by: frozenset[PersonId]
    """As it was before that use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Correctable):
    stage: OfferStage
    responsible: UnitId
    kind: Resource
    measure: str
    available_from: date
    available_until: date | None
    left: int
    """Not matched, or returned."""
    used_by: frozenset[PersonId] = frozenset()
    """Who recorded any use of it."""
    matches: Mapping[NeedId, Match] = field(default_factory=dict)
    latest: Latest | None = None
    """None once something else has happened: only the latest use can still be corrected."""

    @property
    def claims(self) -> tuple[str, ...]:
        """One match a need; a need whose match was returned unused is free again."""
        return tuple(f"need {need}" for need, one in self.matches.items() if one.outstanding or one.used)


@evolves(OfferEvent, named=OfferId)
def evolve(state: Offer | None, happened: OfferEvent) -> Offer:
    if isinstance(happened, OfferMade):
        return Offer(
            stage=OfferStage.OPEN,
            responsible=happened.unit,
            kind=happened.kind,
            measure=happened.measure,
            available_from=happened.available_from,
            available_until=happened.available_until,
            left=happened.quantity,
        )
    assert state is not None
    match happened:
        case ResourceMatched():
            made = Match(
                partner=happened.partner,
                partner_kind=happened.partner_kind,
                matched_on=happened.matched_on,
                quantity=happened.quantity,
            )
            matches = {**state.matches, happened.need: made}
            return replace(state, left=state.left - happened.quantity, matches=matches, latest=None)
        case ResourceUsed():
            one = state.matches[happened.need]
            used = _with(
                state,
                happened.need,
                used=one.used + happened.quantity,
                unanswered=one.unanswered + happened.quantity,
                used_on=happened.used_on if one.used_on is None else max(one.used_on, happened.used_on),
            )
            latest = Latest(happened.need, one, state.used_by)
            return replace(used, used_by=state.used_by | {happened.by}, latest=latest)
        case ResourceReturned():
            returned = state.matches[happened.need].returned + happened.quantity
            return replace(_with(state, happened.need, returned=returned), left=state.left + happened.quantity)
        case BenefitConfirmed() | BenefitDenied():
            return _with(state, happened.need, unanswered=0, used_on=None)
        case OfferEnded():
            return replace(state, stage=OfferStage.ENDED, latest=None)
        case _:
            assert_never(happened)


@related(of=Offer)
def _related(state: Offer) -> Related:
    return {Relation.REPORTER: state.used_by, Relation.HANDLING_UNIT: (state.responsible,)}


def _with(state: Offer, need: NeedId, **changes: Any) -> Offer:
    return replace(state, matches={**state.matches, need: replace(state.matches[need], **changes)}, latest=None)


@command(of=Offer, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), creates=True)
class MakeOffer:
    """Puts a resource of the own unit at the disposal of partners. `quantity` is in `measure`, for funds 分; without
    `available_until` it is available until it is ended."""

    unit: UnitId
    kind: Resource
    title: str
    quantity: int
    measure: str
    recurrence: Recurrence
    aid: Aid
    available_from: date
    available_until: date | None = None

    def decide(self, state: None, ctx: Context) -> list[OfferEvent]:
        own_unit(self.unit, ctx, field="unit")
        not_before(self.available_from, EARLIEST, "available_from")
        if self.available_until is not None:
            not_before(self.available_until, max(self.available_from, ctx.today), "available_until")
        return [
            OfferMade(
                unit=self.unit,
                kind=self.kind,
                title=line(self.title, "title"),
                quantity=positive(self.quantity, "quantity"),
                measure=measure(self.kind, self.measure, "measure"),
                recurrence=self.recurrence,
                aid=self.aid,
                available_from=self.available_from,
                available_until=self.available_until,
                by=ctx.actor.person,
            )
        ]


@command(of=Offer, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class EndOffer:
    """Offers the rest no longer. What is matched must be used or returned before."""

    reason: str

    def decide(self, state: Offer, ctx: Context) -> list[OfferEvent]:
        in_turn(state.stage, "end_offer", TURNS)
        if any(one.outstanding for one in state.matches.values()):
            raise Refusal(
                "offer_outstanding",
                "已对接的资源须先使用或退回",
                "what is matched must be used or returned first",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=("use_resource", "return_resource"),
            )
        return [OfferEnded(reason=text(self.reason, "reason"), by=ctx.actor.person)]
