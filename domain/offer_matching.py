"""From an offer to a benefit: match with a need, use, return what is left, and ask the beneficiary (M7, M9). The
beneficiary is never asked by the giving unit, nor by anyone who recorded a use of the offer."""

from datetime import date

from domain.actor import Role
from domain.command import Context, command
from domain.evidence import Evidence, evidence
from domain.guards import happened_on, in_turn
from domain.ids import NeedId
from domain.need import Need, NeedStage, subject_of
from domain.offer import TURNS, Match, Offer
from domain.offer_events import (
    BenefitConfirmed,
    BenefitDenied,
    OfferEvent,
    ResourceMatched,
    ResourceReturned,
    ResourceUsed,
)
from domain.partner import partner_on
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.text import positive, text
from domain.two_hands import Relation


def _no_more_than(quantity: int, most: int) -> int:
    """Refuses more than there is."""
    if positive(quantity, "quantity") > most:
        raise Refusal(
            "quantity_exceeded",
            f"数量不能超过{most}",
            f"the quantity must not exceed {most}",
            kind=Kind.CONFLICT,
            field="quantity",
        )
    return quantity


def _matched(state: Offer, need: NeedId) -> Match:
    found = state.matches.get(need)
    if found is None:
        raise Refusal(
            "not_matched",
            "该需求没有与本项资源对接",
            "this need is not matched with this offer",
            kind=Kind.CONFLICT,
            field="need",
        )
    return found


def _still_needed(need: NeedId, ctx: Context) -> Need:
    found: Need = ctx.look(need)
    if found.stage is not NeedStage.RAISED:
        raise Refusal(
            "need_withdrawn",
            "该需求已撤回",
            "the need was withdrawn",
            kind=Kind.CONFLICT,
            field="need",
            state=found.stage.value,
        )
    return found


def _fits(state: Offer, needed: Need, ctx: Context) -> None:
    if (state.kind, state.measure) != (needed.kind, needed.measure):
        raise Refusal(
            "resource_differs",
            "供给与需求的资源类别和计量单位须一致",
            "offer and need must be of one kind and one measure",
            field="need",
        )
    last = state.available_until or ctx.today
    if not state.available_from <= ctx.today <= last:
        raise Refusal(
            "offer_unavailable",
            "今天不在该资源的可用期内",
            "the offer is not available today",
            kind=Kind.CONFLICT,
        )


@command(of=Offer, by=(Role.DISPATCHER, Role.SUPERVISOR))
class MatchResource:
    """Sets a part of the offer aside for a need, and says why these two. No more than the offer has left, and no more
    than is needed; a need has one match at a time."""

    need: NeedId
    quantity: int
    reason: str

    def decide(self, state: Offer, ctx: Context) -> list[OfferEvent]:
        in_turn(state.stage, "match_resource", TURNS)
        needed = _still_needed(self.need, ctx)
        _fits(state, needed, ctx)
        partner_on(needed.partner, ctx.today, ctx, "need")
        earlier = state.matches.get(self.need)
        if earlier is not None and (earlier.outstanding or earlier.used):
            raise Refusal(
                "already_matched",
                "该需求已与本项资源对接",
                "this need is matched with this offer already",
                kind=Kind.CONFLICT,
                field="need",
            )
        return [
            ResourceMatched(
                need=self.need,
                unit=state.responsible,
                partner=needed.partner,
                partner_kind=needed.partner_kind,
                quantity=_no_more_than(self.quantity, min(state.left, needed.quantity)),
                reason=text(self.reason, "reason"),
                matched_on=ctx.today,
                by=ctx.actor.person,
            )
        ]


@command(of=Offer, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class UseResource:
    """The unit claims that so much more of a match was used, with evidence. `note` holds no personal data."""

    need: NeedId
    quantity: int
    used_on: date
    note: str
    evidence: tuple[Evidence, ...]

    def decide(self, state: Offer, ctx: Context) -> list[OfferEvent]:
        in_turn(state.stage, "use_resource", TURNS)
        match = _matched(state, self.need)
        _still_needed(self.need, ctx)
        used_on = happened_on(self.used_on, "used_on", ctx, since=match.matched_on)
        partner_on(match.partner, used_on, ctx, "need")
        return [
            ResourceUsed(
                need=self.need,
                unit=state.responsible,
                partner=match.partner,
                quantity=_no_more_than(self.quantity, match.outstanding),
                used_on=used_on,
                note=text(self.note, "note"),
                evidence=evidence(self.evidence, ctx, required=True),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(of=Offer, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class ReturnResource:
    """Gives back what of a match was not used; it can be matched again."""

    need: NeedId
    quantity: int
    returned_on: date
    reason: str

    def decide(self, state: Offer, ctx: Context) -> list[OfferEvent]:
        in_turn(state.stage, "return_resource", TURNS)
        match = _matched(state, self.need)
        return [
            ResourceReturned(
                need=self.need,
                unit=state.responsible,
                quantity=_no_more_than(self.quantity, match.outstanding),
                returned_on=happened_on(self.returned_on, "returned_on", ctx, since=match.matched_on),
                reason=text(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


def _asked(state: Offer, need: NeedId) -> tuple[Match, date]:
    """The match and the last day of use the beneficiary is asked about."""
    match = _matched(state, need)
    if match.used_on is None:
        raise Refusal(
            "nothing_to_confirm",
            "没有尚未回访的使用记录",
            "nothing was used since the beneficiary was last asked",
            kind=Kind.OUT_OF_TURN,
            field="need",
            state=state.stage.value,
            allowed=tuple(name for name in TURNS[state.stage] if name not in {"confirm_benefit", "deny_benefit"}),
        )
    return match, match.used_on


def _words(value: str, need: NeedId, match: Match) -> Sealed[str]:
    return Sealed(subject_of(need, match.partner, match.partner_kind), text(value, "words"))


@command(of=Offer, by=(Role.CALLER, Role.SUPERVISOR), not_by=(Relation.REPORTER, Relation.HANDLING_UNIT))
class ConfirmBenefit:
    """The beneficiary was asked about what was used since the last time and says how much of it did good. Its words,
    if noted, are sealed."""

    need: NeedId
    quantity: int
    confirmed_on: date
    words: str | None = None

    def decide(self, state: Offer, ctx: Context) -> list[OfferEvent]:
        in_turn(state.stage, "confirm_benefit", TURNS)
        match, used_on = _asked(state, self.need)
        return [
            BenefitConfirmed(
                need=self.need,
                unit=state.responsible,
                partner=match.partner,
                asked=match.unanswered,
                quantity=_no_more_than(self.quantity, match.unanswered),
                confirmed_on=happened_on(self.confirmed_on, "confirmed_on", ctx, since=used_on),
                words=None if self.words is None else _words(self.words, self.need, match),
                by=ctx.actor.person,
            )
        ]


@command(of=Offer, by=(Role.CALLER, Role.SUPERVISOR), not_by=(Relation.REPORTER, Relation.HANDLING_UNIT))
class DenyBenefit:
    """The beneficiary was asked about what was used since the last time and says that none of it did good. Its words
    are sealed."""

    need: NeedId
    answered_on: date
    words: str

    def decide(self, state: Offer, ctx: Context) -> list[OfferEvent]:
        in_turn(state.stage, "deny_benefit", TURNS)
        match, used_on = _asked(state, self.need)
        return [
            BenefitDenied(
                need=self.need,
                unit=state.responsible,
                partner=match.partner,
                asked=match.unanswered,
                answered_on=happened_on(self.answered_on, "answered_on", ctx, since=used_on),
                words=_words(self.words, self.need, match),
                by=ctx.actor.person,
            )
        ]
