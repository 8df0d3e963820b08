"""Counting an appraisal so that no count under five can be read off what is published, or worked out from it.

A count under five is withheld and reckoned as two; the first count of five and more takes up the difference and is
marked approximate. Everything published follows from the other counts and from how many ballots there were, so two
sets of ballots that differ only in what was withheld, and in the count that makes up for it, have one result. It is at
most a few ballots off, in the open. Whoever may open the sealed ballots of the closed round counts exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Final

from domain.appraisal_draw import Frame
from domain.appraisal_form import BLANK, LETTERS, Form, Question
from domain.ids import UnitId
from domain.rules import Rules

SATISFYING: Final = 3
"""Grades that count for 满意率; the strict rate takes one fewer (DOMAIN §5)."""
VALID: Final = 3
"""Choices that are a valid vote in 民主测评."""
WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of one unit, one frame and one question. Rates are ten-thousandths; None where there were too few ballots."""

    unit: UnitId
    frame: Frame
    form: Form
    counts: tuple[int | None, ...]
    """By answer in the order of the form, then ballots without one; None: withheld, fewer than five."""
    approximate: int | None
    """Place of the count that takes up what was withheld."""
    score: int | None
    """满意率, or (100a + 70b + 30c) / (a + b + c) of 民主测评 (out of 100, as ten-thousandths)."""
    strict: int | None
    """满意率 of the top two grades; None for 民主测评."""
    low: int | None
    high: int | None
    """Wilson interval of the score."""


def result(question: Question, frame: Frame, letters: str, rules: Rules) -> Result:
    """From the letters of all ballots of a frame, in any order."""
    counts = [letters.count(letter) for letter in (*LETTERS[question.form].values(), BLANK)]
    if len(letters) < rules.appraisal_min_ballots:
        return _none(question, frame, len(counts))
    shown, approximate = withheld(counts, rules.appraisal_min_cell)
    reckoned = [rules.appraisal_min_cell // 2 if count is None else count for count in shown]
    points, votes = _points(question.form, reckoned, rules)
    if votes < rules.appraisal_min_ballots:
        return _none(question, frame, len(counts))
    low, high = wilson(points / votes, votes, rules.appraisal_z_milli / 1000)
    strict = None
    if question.form is Form.SATISFACTION:
        strict = round(WHOLE * sum(reckoned[: SATISFYING - 1]) / votes)
    return Result(
        unit=question.unit,
        frame=frame,
        form=question.form,
        counts=shown,
        approximate=approximate,
        score=round(WHOLE * points / votes),
        strict=strict,
        low=floor(WHOLE * low),
        high=ceil(WHOLE * high),
    )


def _points(form: Form, counts: Sequence[int], rules: Rules) -> tuple[float, int]:
    """What the valid votes add up to, a full one being 1, and how many they are."""
    if form is Form.SATISFACTION:
        return sum(counts[:SATISFYING]), sum(counts[:-1])
    valid = counts[:VALID]
    return sum(n * points for n, points in zip(valid, rules.review_points, strict=True)) / 100, sum(valid)


def _none(question: Question, frame: Frame, cells: int) -> Result:
    return Result(
        unit=question.unit,
        frame=frame,
        form=question.form,
        counts=(None,) * cells,
        approximate=None,
        score=None,
        strict=None,
        low=None,
        high=None,
    )


def withheld(counts: Sequence[int], least: int) -> tuple[tuple[int | None, ...], int | None]:
    """The counts with None for those under `least`, and the place of the one that takes up the difference."""
    shown: list[int | None] = [None if count < least else count for count in counts]
    hidden = shown.count(None)
    # The first, not the largest: which one is largest may depend on what is withheld.
    takes_up = next((place for place, count in enumerate(shown) if count is not None), None)
    if not hidden or takes_up is None:
        return tuple(shown), None
    others = sum(count for place, count in enumerate(shown) if count is not None and place != takes_up)
    shown[takes_up] = max(least, sum(counts) - others - hidden * (least // 2))
    return tuple(shown), takes_up


def wilson(share: float, votes: int, z: float) -> tuple[float, float]:
    """Wilson's score interval. For a mean of points between 0 and 1 it is wider than need be, never narrower, since
    such a mean varies at most as a share does."""
    middle = (share + z * z / (2 * votes)) / (1 + z * z / votes)
    half = z / (1 + z * z / votes) * sqrt(share * (1 - share) / votes + z * z / (4 * votes * votes))
    # At a share of 0 or 1 the middle and the half differ from it by what floating point loses.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def standing(results: Sequence[Result], unit: UnitId, rules: Rules) -> int | None:
    """One figure for a unit in ten-thousandths, for the yearly assessment: the mean of its questions in each frame,
    the frames weighted as the rules say. None unless every frame has a score."""
    weights: Mapping[Frame, int] = {
        Frame.RESIDENTS: rules.appraisal_resident_percent,
        Frame.ENTERPRISES: 100 - rules.appraisal_resident_percent,
    }
    total = 0.0
    for frame, weight in weights.items():
        scores = [one.score for one in results if one.unit == unit and one.frame is frame]
        given = [score for score in scores if score is not None]
        if not given or len(given) < len(scores):
            return None
        total += weight * sum(given) / len(given)
    return round(total / 100)
