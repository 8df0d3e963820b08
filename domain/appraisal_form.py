"""What is asked in an appraisal, and the ballot as it lies in the box: one letter per question, `-` for none."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from domain.ids import UnitId
from domain.refusal import Refusal


class Grade(StrEnum):
    """满意度, five grades."""

    VERY_SATISFIED = "very_satisfied"  # 非常满意
    SATISFIED = "satisfied"  # 满意
    FAIRLY_SATISFIED = "fairly_satisfied"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意
    VERY_DISSATISFIED = "very_dissatisfied"  # 非常不满意


class Choice(StrEnum):
    """民主测评, four choices."""

    SATISFIED = "satisfied"  # 满意
    FAIRLY_SATISFIED = "fairly_satisfied"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意
    UNKNOWN = "unknown"  # 不了解: no valid vote


class Form(StrEnum):
    """A question asked about each unit."""

    SATISFACTION = "satisfaction"  # 满意度
    REVIEW = "review"  # 民主测评


LETTERS: Final[Mapping[Form, Mapping[str, str]]] = {
    Form.SATISFACTION: dict(zip(Grade, "ABCDE", strict=True)),
    Form.REVIEW: dict(zip(Choice, "abcd", strict=True)),
}
BLANK: Final = "-"


class Question(NamedTuple):
    unit: UnitId
    form: Form


def questions(units: Sequence[UnitId], forms: Sequence[Form]) -> Iterator[Question]:
    """In the order of a ballot's letters."""
    for unit in units:
        for form in forms:
            yield Question(unit, form)


def ballot(asked: Sequence[Question], answers: Mapping[str, Mapping[str, str]]) -> str:
    """The letters for answers by unit and form. A question may be left out. Refuses what was not asked, no such
    answer, and a ballot that says nothing."""
    left = {(unit, form): answer for unit, given in answers.items() for form, answer in given.items()}
    letters = []
    for question in asked:
        answer = left.pop((question.unit, question.form.value), None)
        letter = BLANK if answer is None else LETTERS[question.form].get(answer)
        if letter is None:
            raise Refusal(
                "answer_unknown",
                "没有这个选项",
                "no such answer",
                field="answers",
                allowed=tuple(LETTERS[question.form]),
            )
        letters.append(letter)
    if left:
        raise Refusal("question_unknown", "本次评议没有这个问题", "this was not asked in this round", field="answers")
    if not set(letters) - {BLANK}:
        raise Refusal("ballot_empty", "选票是空白的", "the ballot is blank", field="answers")
    return "".join(letters)
