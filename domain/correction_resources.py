"""Lines of the table of corrections: needs, offers, what was used of them, and what the beneficiary confirmed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from domain.command import Context
from domain.correction import Value
from domain.correction_lines import (
    ASKERS,
    DESK,
    FIELD,
    NOT_THE_UNIT,
    SUPERVISOR,
    UNIT,
    WHOLE,
    Entry,
    OtherWay,
    count,
    day,
    instead,
    number,
    past_with_partner,
    prose,
    same,
    title,
    wrong,
)
from domain.guards import happened_on
from domain.need import NeedRaised, NeedWithdrawn
from domain.offer import Latest, Offer
from domain.offer_events import (
    BenefitConfirmed,
    BenefitDenied,
    OfferEnded,
    OfferMade,
    ResourceMatched,
    ResourceReturned,
    ResourceUsed,
)
from domain.partner import partner_on
from domain.refusal import Kind, Refusal

_LATER: Final = (ResourceMatched, ResourceUsed, ResourceReturned, BenefitConfirmed, BenefitDenied, OfferEnded)


def _offered(value: Value, event: OfferMade, state: Offer, _ctx: Context) -> int:
    matched = event.quantity - state.left
    if count(value) < matched:
        raise wrong(f"数量不能少于已对接的{matched}", f"no less than the {matched} that are matched")
    return count(value)


def _latest(state: Offer) -> Latest:
    """What the latest use changed, while nothing has come after it."""
    if state.latest is None:
        raise Refusal(
            "rested_upon",
            "其后的记录以此为依据，不能再更正",
            "a later event rests on it; it can no longer be corrected",
            kind=Kind.OUT_OF_TURN,
            field="version",
            state=state.stage.value,
            allowed=_ANSWER.ways,
        )
    return state.latest


def _used(value: Value, _event: Any, state: Offer, _ctx: Context) -> int:
    most = _latest(state).before.outstanding
    if count(value) > most:
        raise wrong(f"数量不能超过{most}", f"the quantity must not exceed {most}")
    return count(value)


def _used_on(value: Value, event: ResourceUsed, state: Offer, ctx: Context) -> str:
    used_on = happened_on(day(value), FIELD, ctx, since=_latest(state).before.matched_on)
    partner_on(event.partner, used_on, ctx, FIELD)
    return used_on.isoformat()


def _never_used(_value: Value, _event: Any, state: Offer, _ctx: Context) -> None:
    _latest(state)


def _confirmed(value: Value, event: BenefitConfirmed, *_: Any) -> int:
    if count(value) > event.asked:
        raise wrong(f"数量不能超过{event.asked}", f"the quantity must not exceed {event.asked}")
    return count(value)


def _with(state: Offer, **changes: Any) -> Offer:
    assert state.latest is not None
    need = state.latest.need
    return replace(state, matches={**state.matches, need: replace(state.matches[need], **changes)})


def _so_much(state: Offer, old: Value, new: Value) -> Offer:
    assert state.latest is not None
    one, more = state.matches[state.latest.need], number(new) - number(old)
    return _with(state, used=one.used + more, unanswered=one.unanswered + more)


def _on(state: Offer, _old: Value, new: Value) -> Offer:
    assert state.latest is not None
    before = state.latest.before.used_on
    return _with(state, used_on=day(new) if before is None else max(before, day(new)))


def _undone(state: Offer, _old: Value, _new: Value) -> Offer:
    assert state.latest is not None
    need, before, used_by = state.latest
    return replace(state, matches={**state.matches, need: before}, used_by=used_by, latest=None)


def resources() -> Iterable[Entry]:
    gone = (NeedWithdrawn,)
    yield Entry(NeedRaised, "title", DESK, SUPERVISOR, gone, title, same)
    yield Entry(NeedRaised, "raised_on", DESK, SUPERVISOR, gone, past_with_partner, same)
    yield Entry(OfferMade, "title", UNIT, SUPERVISOR, (), title, same)
    yield Entry(
        OfferMade,
        "quantity",
        UNIT,
        SUPERVISOR,
        (OfferEnded,),
        _offered,
        lambda state, old, new: replace(state, left=state.left + number(new) - number(old)),
    )
    yield Entry(ResourceUsed, "quantity", UNIT, SUPERVISOR, _LATER, _used, _so_much)
    yield Entry(ResourceUsed, "used_on", UNIT, SUPERVISOR, _LATER, _used_on, _on)
    yield Entry(ResourceUsed, "note", UNIT, SUPERVISOR, (), prose, same)
    yield Entry(ResourceUsed, WHOLE, UNIT, SUPERVISOR, _LATER, _never_used, _undone)
    yield Entry(BenefitConfirmed, "quantity", ASKERS, SUPERVISOR, (), _confirmed, same, NOT_THE_UNIT)


_ANSWER: Final = OtherWay(
    "其后已有记录；由受益方答复确认实际成效的数量",
    "something has come after it; the beneficiary says how much of it did good",
    ("confirm_benefit", "deny_benefit"),
)
WAYS: Final = {
    **instead(
        (NeedRaised,),
        ("partner", "kind", "quantity", "measure", WHOLE),
        OtherWay(
            "对接以此为依据；由另一人撤回，再重新提出",
            "matches rest on it; another person withdraws it, and it is raised anew",
            ("withdraw_need", "raise_need"),
        ),
    ),
    **instead(
        (OfferMade,),
        ("unit", "kind", "quantity", "measure", "available_from", "available_until", "recurrence", "aid", WHOLE),
        OtherWay("终止供给后重新提供", "end the offer and make it anew", ("end_offer", "make_offer")),
    ),
    **instead(
        (ResourceMatched,),
        ("need", "quantity", WHOLE),
        OtherWay(
            "未用的退回后重新对接", "return what is not used and match it anew", ("return_resource", "match_resource")
        ),
    ),
    **instead(
        (ResourceReturned,),
        ("need", "quantity", "returned_on", WHOLE),
        OtherWay("重新对接", "match it again", ("match_resource",)),
    ),
    **instead((ResourceUsed,), ("quantity", "used_on", WHOLE), _ANSWER),
    **instead(
        (BenefitDenied, BenefitConfirmed),
        ("answered_on", "confirmed_on", WHOLE),
        OtherWay("再次使用后重新回访", "ask again after the next use", ("use_resource", "confirm_benefit")),
    ),
}
