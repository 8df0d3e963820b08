"""One sentence in Chinese and in English for every event of what follows an inspection: rectifications, listed
supervision, talks and circulars."""

from collections.abc import Callable
from typing import Any, Final, assert_never, get_args

from domain import circular, listing, rectification, talk
from domain.conclusion_events import ConclusionEvent
from domain.inspection_events import InspectionEvent
from projections.sentences import Sentence, Title
from projections.sentences_supervision import day, of_conclusion, of_inspection
from projections.sentences_urge import COLOURS

TONES: Final = {
    circular.Tone.PRAISE: Sentence("通报表扬", "praising"),
    circular.Tone.CRITICISM: Sentence("通报批评", "criticising"),
    circular.Tone.REPORT: Sentence("情况通报", "on"),
}


def of_rectification(happened: rectification.RectificationEvent, title: Title) -> Sentence:
    one = happened
    match one:
        case rectification.RectificationOrdered():
            return Sentence(
                f"责令{title(one.unit)}于{day(one.due_on)}前整改第{one.item}项：{one.wording}",
                f"{title(one.unit)} is to put item {one.item} right by {one.due_on}: {one.wording}",
            )
        case rectification.RectificationSubmitted():
            return Sentence(f"报送整改情况：{one.note}", f"Reported as put right: {one.note}")
        case rectification.RectificationVerified():
            return Sentence(f"整改核验通过：{one.note}", f"Verified as put right: {one.note}")
        case rectification.RectificationRejected():
            return Sentence(
                f"整改未通过，须于{day(one.due_on)}前重新整改：{one.reason}",
                f"Not put right, again by {one.due_on}: {one.reason}",
            )
        case rectification.RectificationWithdrawn():
            return Sentence(f"撤回整改要求：{one.reason}", f"Order withdrawn: {one.reason}")
        case _:
            assert_never(happened)


def of_listing(happened: listing.ListingEvent, title: Title) -> Sentence:
    one = happened
    match one:
        case listing.MatterListed():
            return Sentence(
                f"对{title(one.unit)}挂牌督办，文号{one.reference}，期限{day(one.due_on)}：{one.reason}",
                f"Listed for supervision with {title(one.unit)} as {one.reference}, due {one.due_on}: {one.reason}",
            )
        case listing.ListingLifted():
            return Sentence(f"摘牌：{one.note}", f"Off the list, done: {one.note}")
        case listing.ListingWithdrawn():
            return Sentence(f"撤销挂牌：{one.reason}", f"Taken off the list: {one.reason}")
        case _:
            assert_never(happened)


def of_talk(happened: talk.TalkEvent, title: Title) -> Sentence:
    one = happened
    match one:
        case talk.TalkSummoned2() | talk.TalkSummoned():
            after = _after(one) if isinstance(one, talk.TalkSummoned2) else Sentence("", "")
            return Sentence(
                f"{after.zh}定于{day(one.planned_on)}约谈{title(one.unit)}{title(one.person)}，文号{one.reference}："
                f"{one.reason}",
                f"{title(one.person)} of {title(one.unit)} summoned for a talk on {one.planned_on}{after.en}, "
                f"{one.reference}: {one.reason}",
            )
        case talk.TalkHeld():
            return Sentence(
                f"{day(one.held_on)}约谈：{one.minutes}；表态：{one.undertakings}",
                f"Talk held on {one.held_on}: {one.minutes}; undertaken: {one.undertakings}",
            )
        case talk.TalkCalledOff():
            return Sentence(f"取消约谈：{one.reason}", f"Talk called off: {one.reason}")
        case _:
            assert_never(happened)


def of_circular(happened: circular.CircularEvent, title: Title) -> Sentence:
    one = happened
    match one:
        case circular.CircularDrafted():
            tone, units = TONES[one.tone], tuple(map(title, one.units))
            return Sentence(
                f"起草{tone.zh}“{one.title}”（{one.number}），涉及{'、'.join(units)}：{one.body}",
                f"Drafted {one.number}, “{one.title}”, {tone.en} {', '.join(units)}: {one.body}",
            )
        case circular.CircularIssued():
            return Sentence("印发通报。", "Circular issued.")
        case circular.CircularWithdrawn():
            return Sentence(f"撤回通报：{one.reason}", f"Circular withdrawn: {one.reason}")
        case _:
            assert_never(happened)


SENTENCES: Final[dict[type[Any], Callable[[Any, Title], Sentence]]] = {
    **dict.fromkeys(get_args(InspectionEvent), of_inspection),
    **dict.fromkeys(get_args(ConclusionEvent), of_conclusion),
    **dict.fromkeys(get_args(rectification.RectificationEvent), of_rectification),
    **dict.fromkeys(get_args(listing.ListingEvent), of_listing),
    **dict.fromkeys(get_args(talk.TalkEvent), of_talk),
    **dict.fromkeys(get_args(circular.CircularEvent), of_circular),
}
"""Event class of supervision → what makes its sentence. `title` names units and persons (by post)."""


def _after(summoned: talk.TalkSummoned2) -> Sentence:
    """The notice it follows."""
    if summoned.colour is None or summoned.due_on is None:
        return Sentence("", "")
    colour = COLOURS[summoned.colour]
    return Sentence(
        f"{colour.zh}（期限{day(summoned.due_on)}）后，", f" after the {colour.en} notice (due {summoned.due_on})"
    )
