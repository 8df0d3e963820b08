"""What a yearly score is made of (考核, DOMAIN §1, M13): parts, each a rate with its weight.

A part without data counts as nothing, neither as full nor as zero: the score is the weighted mean of the parts that
have data, and says how much of the weight those are. All in ten-thousandths, rounded half up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.refusal import Refusal
from domain.rules import Rules
from domain.text import positive

WHOLE = 10_000


class Part(StrEnum):
    FULFILMENT = "fulfilment"  # 兑现率: closed as fulfilled / due
    ON_TIME = "on_time"  # 按时办结率: reported on or before the original due date / due
    SOLVED = "solved"  # 企业难题解决率: confirmed by the enterprise / claimed as solved
    BENEFIT = "benefit"  # 受益方确认率: confirmed / used, in matches
    LASTING = "lasting"  # 长效率: recurring or standing / services
    CAPACITY = "capacity"  # 造血率: capacity / services
    APPRAISAL = "appraisal"  # 群众评议: the published standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A part as counted. A zero denominator is no data."""

    part: Part
    numerator: int
    denominator: int
    excluded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """`rate` is numerator / denominator in ten-thousandths; None without data. `weight` is in percent."""

    part: Part
    numerator: int
    denominator: int
    excluded: int
    weight: int
    rate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`weight` is the sum over parts with data, in percent; `score` None when there is none."""

    parts: tuple[Scored, ...]
    weight: int
    score: int | None


def share(numerator: int, denominator: int) -> int | None:
    """In ten-thousandths, rounded half up; None without a denominator."""
    return (2 * WHOLE * numerator + denominator) // (2 * denominator) if denominator else None


def score(figures: Sequence[Figure], rules: Rules) -> Score:
    """Every part the rules give a weight, in their order, and the appraisal; one that is not among the figures has no
    data."""
    counted = {one.part: one for one in figures}
    parts = []
    for name, weight in {**rules.assessment_weights, Part.APPRAISAL.value: rules.appraisal_weight_percent}.items():
        part = Part(name)
        one = counted.get(part) or Figure(part=part, numerator=0, denominator=0)
        parts.append(
            Scored(
                part=part,
                numerator=one.numerator,
                denominator=one.denominator,
                excluded=one.excluded,
                weight=weight,
                rate=share(one.numerator, one.denominator),
            )
        )
    known = [(one.weight, one.rate) for one in parts if one.rate is not None]
    weight = sum(part_weight for part_weight, _ in known)
    points = sum(part_weight * rate for part_weight, rate in known)
    return Score(parts=tuple(parts), weight=weight, score=(2 * points + weight) // (2 * weight) if weight else None)


def checked(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Refuses figures that are none: a part twice, or more than there is to count. The standing from the appraisal is
    not sent, it is read from the appraisal itself."""
    if len({one.part for one in figures}) < len(figures):
        raise Refusal("part_twice", "同一指标重复", "a part is given twice", field="figures")
    for one in figures:
        if one.part is Part.APPRAISAL:
            raise Refusal(
                "appraisal_not_sent",
                "群众评议得分取自已公布的评议结果，不得填报",
                "the standing is taken from a published appraisal, never sent",
                field="figures",
            )
        positive(one.excluded, "figures.excluded", zero=True)
        positive(one.numerator, "figures.numerator", zero=True)
        if positive(one.denominator, "figures.denominator", zero=True) < one.numerator:
            raise Refusal(
                "part_above_whole",
                "分子不能大于分母",
                "a numerator must not exceed its denominator",
                field="figures.numerator",
            )
    return tuple(figures)
