"""Counting: what is right, and what nobody can read off it."""

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from domain.appraisal_draw import Frame
from domain.appraisal_form import Form, Grade, Question, ballot, questions
from domain.appraisal_tally import Result, result, standing, wilson, withheld
from domain.refusal import Refusal
from domain.rules import DEFAULT

SATISFACTION, REVIEW = Question("u", Form.SATISFACTION), Question("u", Form.REVIEW)


def _ballots(letters: str, counts: tuple[int, ...]) -> str:
    return "".join(letter * count for letter, count in zip(letters, counts, strict=True))


def counted(question: Question, *counts: int) -> Result:
    letters = "ABCDE-" if question.form is Form.SATISFACTION else "abcd-"
    return result(question, Frame.RESIDENTS, _ballots(letters, counts), DEFAULT)


def test_satisfaction():
    found = counted(SATISFACTION, 400, 300, 200, 60, 40, 10)
    assert (found.counts, found.approximate) == ((400, 300, 200, 60, 40, 10), None)
    assert (found.score, found.strict) == (9000, 7000)
    # Wilson for 900 of 1,000 at z = 1.96, worked out apart: 0.879857…, 0.917056…
    assert (found.low, found.high) == (8798, 9171)
    assert (found.unit, found.frame, found.form) == (SATISFACTION.unit, Frame.RESIDENTS, Form.SATISFACTION)


def test_review_leaves_those_who_do_not_know_out():
    found = counted(REVIEW, 100, 50, 50, 700, 5)
    assert found.score == round(100 * (100 * 100 + 70 * 50 + 30 * 50) / 200)
    assert (found.strict, found.counts) == (None, (100, 50, 50, 700, 5))


def test_few_are_withheld_and_reckoned_as_two():
    found = counted(SATISFACTION, 90, 60, 40, 4, 0, 6)
    assert (found.counts, found.approximate) == ((90, 60, 40, None, None, 6), 0)
    assert found.score == round(10_000 * 190 / 194)


@pytest.mark.parametrize("ballots", [0, 1, 29])
def test_too_few_ballots_have_no_score(ballots: int):
    found = counted(SATISFACTION, ballots, 0, 0, 0, 0, 0)
    assert (set(found.counts), found.score, found.low, found.high) == ({None}, None, None, None)
    assert (found.unit, found.frame, found.form) == (SATISFACTION.unit, Frame.RESIDENTS, Form.SATISFACTION)


def test_the_fewest_ballots_that_have_one():
    # Six counts of which five are withheld: those without an answer are reckoned as two.
    assert counted(SATISFACTION, 32, 0, 0, 0, 0, 0).score == round(10_000 * 26 / 30)
    assert counted(SATISFACTION, 31, 0, 0, 0, 0, 0).score is None
    assert counted(REVIEW, 30, 9, 0, 40, 0).score is not None
    assert counted(REVIEW, 20, 9, 0, 40, 0).score is None


six = st.lists(st.integers(0, 60), min_size=6, max_size=6)


@given(six)
def test_no_count_under_five_is_shown(counts):
    shown, _ = withheld(counts, 5)
    assert all(count is None or count >= 5 for count in shown)
    for count, seen in zip(counts, shown, strict=True):
        assert count >= 5 or seen is None


@given(six, st.data())
def test_what_is_withheld_cannot_be_worked_out(counts, data):
    """Any other counts under five, made up for by the count that takes up the difference, publish the same."""
    assume(sum(counts) >= 30)
    shown, takes_up = withheld(counts, 5)
    assume(takes_up is not None)
    others = [
        data.draw(st.integers(0, 4)) if seen is None else count for count, seen in zip(counts, shown, strict=True)
    ]
    others[takes_up] += sum(counts) - sum(others)
    assume(others[takes_up] >= 5)
    assert counted(SATISFACTION, *others) == counted(SATISFACTION, *counts)


def test_the_order_of_ballots_does_not_matter():
    letters = "ABCDE-" * 20
    assert result(SATISFACTION, Frame.RESIDENTS, letters, DEFAULT) == result(
        SATISFACTION, Frame.RESIDENTS, "".join(sorted(letters)), DEFAULT
    )


@given(st.integers(0, 200), st.integers(1, 200))
@example(0, 11)
def test_the_interval_holds_the_share(some: int, more: int):
    low, high = wilson(some / (some + more), some + more, 1.96)
    assert 0 <= low <= some / (some + more) <= high <= 1


@pytest.mark.parametrize(
    ("share", "votes", "low", "high"),
    [(0.5, 30, 0.331528, 0.668472), (0.9, 40, 0.769478, 0.960412), (0, 10, 0, 0.277535), (1, 10, 0.722465, 1)],
)
def test_the_interval_is_wilsons(share: float, votes: int, low: float, high: float):
    """Worked out apart, with z = 1.96."""
    assert wilson(share, votes, 1.96) == pytest.approx((low, high), abs=1e-4)


def test_standing_weighs_the_frames():
    def scored(frame: Frame, form: Form, score: int | None) -> Result:
        return replace(
            counted(Question("u", form), *[40] * (6 if form is Form.SATISFACTION else 5)), frame=frame, score=score
        )

    residents = (scored(Frame.RESIDENTS, Form.SATISFACTION, 9000), scored(Frame.RESIDENTS, Form.REVIEW, 8000))
    enterprises = (scored(Frame.ENTERPRISES, Form.SATISFACTION, 7000), scored(Frame.ENTERPRISES, Form.REVIEW, 6000))
    rules = replace(DEFAULT, appraisal_resident_percent=60)
    assert standing((*residents, *enterprises), "u", rules) == (8500 * 60 + 6500 * 40) / 100
    assert standing((*residents, *enterprises), "another", rules) is None
    assert standing(residents, "u", rules) is None
    assert standing((*residents, *enterprises[:1], replace(enterprises[1], score=None)), "u", rules) is None


ASKED = tuple(questions(("u1", "u2"), (Form.SATISFACTION, Form.REVIEW)))


def test_a_ballot_is_one_letter_a_question():
    answers = {"u1": {"satisfaction": Grade.FAIRLY_SATISFIED.value, "review": "unknown"}, "u2": {"review": "satisfied"}}
    assert ballot(ASKED, answers) == "Cd-a"


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({}, "ballot_empty"),
        ({"u1": {}}, "ballot_empty"),
        ({"u3": {"review": "satisfied"}}, "question_unknown"),
        ({"u1": {"looks": "satisfied"}}, "question_unknown"),
        ({"u1": {"review": "very_satisfied"}}, "answer_unknown"),
        ({"u1": {"review": "-"}}, "answer_unknown"),
    ],
)
def test_what_is_no_ballot(answers, rule: str):
    with pytest.raises(Refusal) as caught:
        ballot(ASKED, answers)
    assert (caught.value.rule, caught.value.field) == (rule, "answers")
    offered = ("satisfied", "fairly_satisfied", "dissatisfied", "unknown")
    assert caught.value.allowed == (offered if rule == "answer_unknown" else ())
