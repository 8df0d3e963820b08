"""The yearly assessment of a unit (年度考核, M13): drawn up by one person from the figures as they stood at a moment,
published by another. Nothing follows from it by itself: a commendation is a proposal of its own.

The figures are those the views give for the unit and year as known at position `known_at` and true on the day
`figures_on`; with these two anybody can open each part to its events and count again.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.appraisal import Appraisal, AppraisalStage
from domain.appraisal_tally import standing
from domain.assessment_score import WHOLE, Figure, Part, Score, checked, score
from domain.command import Context, command
from domain.event import event, evolves
from domain.guards import EARLIEST, happened_on, in_turn
from domain.ids import AppraisalId, AssessmentId, PersonId, UnitId
from domain.public_text import public_words
from domain.refusal import Kind, Refusal
from domain.text import positive
from domain.two_hands import Related, Relation, related


@event("unit_assessed.1")
class UnitAssessed:
    """`edition` is the version of the rules the weights were taken from, `appraisal` the published round the standing
    comes from."""

    unit: UnitId
    year: int
    known_at: int
    figures_on: date
    result: Score
    edition: str
    appraisal: AppraisalId | None = None
    by: PersonId


@event("assessment_revised.1")
class AssessmentRevised:
    """Drawn up anew before it was published."""

    known_at: int
    figures_on: date
    result: Score
    edition: str
    appraisal: AppraisalId | None = None
    reason: str
    by: PersonId


@event("assessment_published.1")
class AssessmentPublished:
    by: PersonId


@event("assessment_withdrawn.1")
class AssessmentWithdrawn:
    """It counts no longer, and the unit can be assessed anew; what was published stays visible."""

    reason: str
    by: PersonId


AssessmentEvent: TypeAlias = UnitAssessed | AssessmentRevised | AssessmentPublished | AssessmentWithdrawn


class AssessmentStage(StrEnum):
    DRAWN_UP = "drawn_up"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


TURNS = {
    AssessmentStage.DRAWN_UP: ("revise_assessment", "publish_assessment", "withdraw_assessment"),
    AssessmentStage.PUBLISHED: ("withdraw_assessment",),
    AssessmentStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    stage: AssessmentStage
    unit: UnitId
    year: int
    score: int | None
    drawn_up_by: frozenset[PersonId]
    """Who drew it up or revised it."""
    claims: tuple[str, ...]
    """One assessment of a unit and year at a time."""


@evolves(AssessmentEvent, named=AssessmentId)
def evolve(state: Assessment | None, happened: AssessmentEvent) -> Assessment:
    match happened:
        case UnitAssessed():
            return Assessment(
                stage=AssessmentStage.DRAWN_UP,
                unit=happened.unit,
                year=happened.year,
                score=happened.result.score,
                drawn_up_by=frozenset({happened.by}),
                claims=(f"assessment {happened.year} {happened.unit}",),
            )
        case AssessmentRevised():
            assert state is not None
            return replace(state, score=happened.result.score, drawn_up_by=state.drawn_up_by | {happened.by})
        case AssessmentPublished():
            assert state is not None
            return replace(state, stage=AssessmentStage.PUBLISHED)
        case AssessmentWithdrawn():
            assert state is not None
            return replace(state, stage=AssessmentStage.WITHDRAWN, claims=())
        case _:
            assert_never(happened)


@related(of=Assessment)
def _related(state: Assessment) -> Related:
    return {Relation.RECORDER: state.drawn_up_by}


def _with_standing(
    figures: tuple[Figure, ...], appraisal: AppraisalId | None, unit: UnitId, year: int, ctx: Context
) -> tuple[Figure, ...]:
    """The figures as checked, with the standing the unit has from the round, if one is named: no data where the round
    gives it none, or an objection was upheld."""
    checked_figures = checked(figures)
    if appraisal is None:
        return checked_figures
    found: Appraisal = ctx.look(appraisal)
    if found.stage is not AppraisalStage.PUBLISHED:
        raise Refusal(
            "appraisal_not_published",
            "只能采用已公布的评议结果",
            "only a published appraisal counts",
            kind=Kind.CONFLICT,
            field="appraisal",
            state=found.stage.value,
        )
    if found.year != year or unit not in found.units:
        raise Refusal(
            "appraisal_of_another",
            "该轮评议不是本年度的，或没有评议该单位",
            "the round is of another year, or did not appraise the unit",
            field="appraisal",
        )
    rate = standing(found.counting, unit, ctx.rules)
    if rate is None:
        return checked_figures
    return (*checked_figures, Figure(part=Part.APPRAISAL, numerator=rate, denominator=WHOLE))


def _not_ones_own(unit: UnitId, ctx: Context) -> None:
    if ctx.actor.unit == unit:
        raise Refusal("own_assessment", "不得考核本单位", "nobody assesses the own unit", kind=Kind.FORBIDDEN)


def _figures_on(day: date, year: int, ctx: Context) -> date:
    """Figures of a year are of a day that is not before it."""
    return happened_on(day, "figures_on", ctx, since=date(year, 1, 1))


def _year(year: int, ctx: Context) -> int:
    if not EARLIEST.year <= year <= ctx.today.year:
        raise Refusal(
            "year_out_of_range", "年份须在2000年至今年之间", "the year must be 2000 to this one", field="year"
        )
    return year


@command(of=Assessment, by=(Role.SUPERVISOR,), creates=True)
class AssessUnit:
    """Draws up the assessment of a unit for a year. `figures` are its parts as the views give them at position
    `known_at` and on the day `figures_on`; a part left out has no data. `appraisal` is the published round the unit's
    standing is taken from."""

    unit: UnitId
    year: int
    known_at: int
    figures_on: date
    figures: tuple[Figure, ...]
    appraisal: AppraisalId | None = None

    def decide(self, state: None, ctx: Context) -> list[AssessmentEvent]:
        _not_ones_own(self.unit, ctx)
        year = _year(self.year, ctx)
        return [
            UnitAssessed(
                unit=self.unit,
                year=year,
                known_at=positive(self.known_at, "known_at"),
                figures_on=_figures_on(self.figures_on, year, ctx),
                result=score(_with_standing(self.figures, self.appraisal, self.unit, year, ctx), ctx.rules),
                edition=ctx.rules.version,
                appraisal=self.appraisal,
                by=ctx.actor.person,
            )
        ]


@command(of=Assessment, by=(Role.SUPERVISOR,))
class ReviseAssessment:
    """Draws it up anew, with the reason, while it is not published."""

    known_at: int
    figures_on: date
    figures: tuple[Figure, ...]
    reason: str
    appraisal: AppraisalId | None = None

    def decide(self, state: Assessment, ctx: Context) -> list[AssessmentEvent]:
        in_turn(state.stage, "revise_assessment", TURNS)
        _not_ones_own(state.unit, ctx)
        return [
            AssessmentRevised(
                known_at=positive(self.known_at, "known_at"),
                figures_on=_figures_on(self.figures_on, state.year, ctx),
                result=score(_with_standing(self.figures, self.appraisal, state.unit, state.year, ctx), ctx.rules),
                edition=ctx.rules.version,
                appraisal=self.appraisal,
                reason=public_words(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


@command(of=Assessment, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.RECORDER,))
class PublishAssessment:
    """Publishes it; not by anyone who drew it up, nor by a person of the unit."""

    def decide(self, state: Assessment, ctx: Context) -> list[AssessmentEvent]:
        in_turn(state.stage, "publish_assessment", TURNS)
        _not_ones_own(state.unit, ctx)
        return [AssessmentPublished(by=ctx.actor.person)]


@command(of=Assessment, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.RECORDER,))
class WithdrawAssessment:
    """Takes it back, with the reason; not by anyone who drew it up, nor by a person of the unit."""

    reason: str

    def decide(self, state: Assessment, ctx: Context) -> list[AssessmentEvent]:
        in_turn(state.stage, "withdraw_assessment", TURNS)
        _not_ones_own(state.unit, ctx)
        return [AssessmentWithdrawn(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
