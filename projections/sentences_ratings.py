"""One sentence in Chinese and in English for every event of a rating. Nothing in it says who the rater is."""

from typing import Final, assert_never

from domain import rating_events as events
from domain.appraisal_form import Grade
from domain.commitment_terms import Answer
from domain.deadline import Deadline
from projections.days import ZONE
from projections.sentences import MEANS, Sentence, Title
from projections.sentences_requests import PROTECTIONS, WAYS

GRADES: Final = {
    Grade.VERY_SATISFIED: Sentence("非常满意", "very satisfied"),
    Grade.SATISFIED: Sentence("满意", "satisfied"),
    Grade.FAIRLY_SATISFIED: Sentence("基本满意", "fairly satisfied"),
    Grade.DISSATISFIED: Sentence("不满意", "dissatisfied"),
    Grade.VERY_DISSATISFIED: Sentence("非常不满意", "very dissatisfied"),
}
TRUTHS: Final = {
    events.Truth.TRUE: Sentence("情况属实", "it is true"),
    events.Truth.UNTRUE: Sentence("情况不属实", "it is not true"),
}
GROUNDS: Final = {
    events.AppealGround.MISTAKEN: Sentence("误评", "rated by mistake"),
    events.AppealGround.MALICIOUS: Sentence("恶意差评", "rated in bad faith"),
    events.AppealGround.NOT_OURS: Sentence("非本单位职责", "not a duty of the unit"),
    events.AppealGround.NO_LEGAL_BASIS: Sentence("诉求缺乏法定依据", "what is demanded has no basis in law"),
}
ANSWERS: Final = {
    Answer.SOLVED: Sentence("评价人认可整改", "the rater accepts it"),
    Answer.UNSOLVED: Sentence("评价人不认可整改", "the rater rejects it"),
    Answer.UNREACHABLE: Sentence("未接通", "not reached"),
}


def _by(deadline: Deadline) -> Sentence:
    due = deadline.due.astimezone(ZONE)
    return Sentence(f"{due.year}年{due.month}月{due.day}日{due:%H:%M}前", f"by {due:%Y-%m-%d %H:%M}")


def _note(words: str) -> Sentence:
    return Sentence(f"：{words}", f": {words}") if words else Sentence("。", ".")


def _rated(one: events.RatingReceived) -> Sentence:
    if one.request is not None:
        return Sentence("诉求的答复", "the answer to a request")
    if one.commitment is not None:
        return Sentence("承诺事项", "a commitment")
    return Sentence(f"“{one.service}”", f"“{one.service}”")


def sentence(happened: events.RatingEvent, title: Title) -> Sentence:  # noqa: C901, PLR0911 - one case an event
    """`title` gives what a unit is called."""
    one = happened
    match one:
        case events.RatingReceived():
            grade, way, kept, of = GRADES[one.grade], WAYS[one.way], PROTECTIONS[one.protection], _rated(one)
            by = Sentence("", "")
            if one.rectify_by is not None:
                limit = _by(one.rectify_by)
                by = Sentence(f"，须于{limit.zh}整改", f", to be put right {limit.en}")
            return Sentence(
                f"{way.zh}收到对{title(one.unit)}{of.zh}的评价（{kept.zh}）：{grade.zh}{by.zh}。",
                f"{title(one.unit)} rated {way.en} {kept.en} for {of.en}: {grade.en}{by.en}.",
            )
        case events.RatingChecked():
            truth = TRUTHS[one.truth]
            return Sentence(f"核实差评，{truth.zh}：{one.note}", f"Checked, {truth.en}: {one.note}")
        case events.RatingAppealed():
            ground, by = GROUNDS[one.ground], _by(one.rule_by)
            return Sentence(
                f"{title(one.unit)}申诉（{ground.zh}），须于{by.zh}裁定：{one.reason}",
                f"{title(one.unit)} appealed, {ground.en}, to be ruled on {by.en}: {one.reason}",
            )
        case events.RatingExcluded():
            ground = GROUNDS[one.ground]
            return Sentence(
                f"申诉成立（{ground.zh}），剔除该评价：{one.reason}",
                f"Appeal granted, {ground.en}; the rating is excluded: {one.reason}",
            )
        case events.RatingAppealRefused():
            return Sentence(f"申诉不成立：{one.reason}", f"Appeal refused: {one.reason}")
        case events.RatingRectified():
            return Sentence(
                f"{title(one.unit)}报送整改情况：{one.note}", f"Reported as put right by {title(one.unit)}: {one.note}"
            )
        case events.RaterCalledBack():
            answer = ANSWERS[one.answer]
            return Sentence(f"第{one.attempt}次回访：{answer.zh}。", f"Call-back {one.attempt}: {answer.en}.")
        case events.RatingRedoOrdered():
            by = _by(one.rectify_by)
            return Sentence(
                f"第{one.redo}次退回重新整改，须于{by.zh}报送：{one.reason}",
                f"Redo {one.redo}, to be put right {by.en}: {one.reason}",
            )
        case events.RatingEscalated():
            return Sentence(f"重新整改{one.redos}次，提级督办。", f"Escalated after {one.redos} redos.")
        case events.RatingClosed():
            means, note = MEANS[one.means], _note(one.note)
            sure = Sentence("整改获认可", "accepted") if one.accepted else Sentence("整改未获认可", "not accepted")
            return Sentence(
                f"差评办结，{sure.zh}，依据{means.zh}{note.zh}", f"Closed, {sure.en}, on {means.en}{note.en}"
            )
        case _:
            assert_never(happened)
