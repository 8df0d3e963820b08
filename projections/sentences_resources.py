"""One sentence in Chinese and in English for every event of a need and of an offer."""

from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.need import NeedEvent, NeedRaised, NeedWithdrawn
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
from domain.resource import FEN, Resource
from domain.service import Aid, Recurrence
from projections.sentences import Sentence, Title

ResourceEvent: TypeAlias = NeedEvent | OfferEvent

KINDS: Final = {
    Resource.TALENT: Sentence("人才", "talent"),
    Resource.BUSINESS: Sentence("业务", "business"),
    Resource.POLICY: Sentence("政策", "policy"),
    Resource.FUNDS: Sentence("资金", "funds"),
}
RECURRENCES: Final = {
    Recurrence.ONE_OFF: Sentence("一次性", "one-off"),
    Recurrence.RECURRING: Sentence("定期", "recurring"),
    Recurrence.STANDING: Sentence("常态", "standing"),
}
AIDS: Final = {
    Aid.RELIEF: Sentence("输血", "relief"),
    Aid.CAPACITY: Sentence("造血", "capacity"),
}


def amount(quantity: int, measure: str) -> str:
    """A quantity with its measure; funds in 元."""
    return f"{quantity / 100:,.2f}元" if measure == FEN else f"{quantity}{measure}"


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def sentence(happened: ResourceEvent, title: Title) -> Sentence:  # noqa: PLR0911 - one case an event
    """`title` gives what a unit or partner is called. A match counts in its offer's measure, which is not repeated."""
    one = happened
    match one:
        case NeedRaised():
            kind, much = KINDS[one.kind], amount(one.quantity, one.measure)
            return Sentence(
                f"{title(one.partner)}于{_date(one.raised_on)}提出{kind.zh}需求“{one.title}”：{much}。",
                f"{title(one.partner)} raised a need of {kind.en} on {one.raised_on}, “{one.title}”: {much}.",
            )
        case NeedWithdrawn():
            return Sentence(f"撤回需求：{one.reason}", f"Need withdrawn: {one.reason}")
        case OfferMade():
            kind, much = KINDS[one.kind], amount(one.quantity, one.measure)
            how, aid = RECURRENCES[one.recurrence], AIDS[one.aid]
            return Sentence(
                f"{title(one.unit)}提供{kind.zh}“{one.title}”：{much}，{how.zh}，{aid.zh}。",
                f"{title(one.unit)} offers {kind.en}, “{one.title}”: {much}, {how.en}, {aid.en}.",
            )
        case ResourceMatched():
            return Sentence(
                f"与{title(one.partner)}的需求对接，数量{one.quantity}：{one.reason}",
                f"Matched {one.quantity} with a need of {title(one.partner)}: {one.reason}",
            )
        case ResourceUsed():
            return Sentence(
                f"{_date(one.used_on)}用于{title(one.partner)}，数量{one.quantity}：{one.note}",
                f"Used {one.quantity} for {title(one.partner)} on {one.used_on}: {one.note}",
            )
        case ResourceReturned():
            return Sentence(f"退回未用数量{one.quantity}：{one.reason}", f"Returned {one.quantity}: {one.reason}")
        case BenefitConfirmed():
            return Sentence(
                f"{title(one.partner)}确认所用{one.asked}中有{one.quantity}见效。",
                f"{title(one.partner)} confirmed that {one.quantity} of the {one.asked} used did good.",
            )
        case BenefitDenied():
            return Sentence(
                f"{title(one.partner)}认为所用{one.asked}均未见效。",
                f"{title(one.partner)} says that none of the {one.asked} used did good.",
            )
        case OfferEnded():
            return Sentence(f"停止提供：{one.reason}", f"Offered no longer: {one.reason}")
        case _:
            assert_never(happened)
