"""One sentence in Chinese and in English for every event of a yearly assessment and of a commendation list."""

from typing import TypeAlias, assert_never

from domain.assessment import (
    AssessmentEvent,
    AssessmentPublished,
    AssessmentRevised,
    AssessmentWithdrawn,
    UnitAssessed,
)
from domain.assessment_score import Score
from domain.commendation import (
    CommendationApproved,
    CommendationEvent,
    CommendationProposed,
    CommendationRefused,
    CommendationRevoked,
)
from projections.sentences import Sentence, Title

AssessingEvent: TypeAlias = AssessmentEvent | CommendationEvent


def _score(result: Score) -> Sentence:
    if result.score is None:
        return Sentence("各项指标均无数据", "no part has data")
    points = f"{result.score / 100:.2f}"
    return Sentence(
        f"得分{points}，有数据的指标占权重{result.weight}%",
        f"score {points} from parts that hold {result.weight}% of the weight",
    )


def sentence(happened: AssessingEvent, title: Title) -> Sentence:  # noqa: PLR0911 - one case an event
    """`title` gives what a unit is called."""
    one = happened
    match one:
        case UnitAssessed():
            result = _score(one.result)
            return Sentence(
                f"拟定{title(one.unit)}{one.year}年度考核（数据截至{one.figures_on}）：{result.zh}。",
                f"Drew up the {one.year} assessment of {title(one.unit)}, figures of {one.figures_on}: {result.en}.",
            )
        case AssessmentRevised():
            result = _score(one.result)
            return Sentence(
                f"重新拟定（{one.reason}，数据截至{one.figures_on}）：{result.zh}。",
                f"Drawn up anew ({one.reason}), figures of {one.figures_on}: {result.en}.",
            )
        case AssessmentPublished():
            return Sentence("公布考核结果。", "Assessment published.")
        case AssessmentWithdrawn():
            return Sentence(f"撤回考核：{one.reason}", f"Assessment withdrawn: {one.reason}")
        case CommendationProposed():
            units = [title(place.unit) for place in one.nominated]
            return Sentence(
                f"提出{one.year}年度“{one.title}”名单：{'、'.join(units)}。",
                f"Proposed for “{one.title}” of {one.year}: {', '.join(units)}.",
            )
        case CommendationApproved():
            return Sentence(f"批准名单：{one.note}", f"List approved: {one.note}")
        case CommendationRefused():
            return Sentence(f"不予批准：{one.reason}", f"List refused: {one.reason}")
        case CommendationRevoked():
            return Sentence(f"撤销名单：{one.reason}", f"List revoked: {one.reason}")
        case _:
            assert_never(happened)
