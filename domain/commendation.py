"""Commendation lists (评先评优, M13): proposed with a reason for each unit, approved by a leader, never automatic.

A list names published assessments only. No score puts a unit on it, and none keeps a unit off it: the proposer gives
the reason and the leader answers for the decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.assessment import Assessment, AssessmentStage
from domain.command import Context, command
from domain.event import event, evolves
from domain.guards import in_turn
from domain.ids import AssessmentId, CommendationId, PersonId, UnitId
from domain.public_text import public_line, public_words
from domain.refusal import Kind, Refusal
from domain.text import text
from domain.two_hands import Related, Relation, related

MOST_PLACES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominee:
    """`reason` is official wording without personal data."""

    assessment: AssessmentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominated:
    """`score` as published, in ten-thousandths."""

    assessment: AssessmentId
    unit: UnitId
    score: int
    reason: str


@event("commendation_proposed.1")
class CommendationProposed:
    year: int
    title: str
    nominated: tuple[Nominated, ...]
    by: PersonId


@event("commendation_approved.1")
class CommendationApproved:
    note: str
    by: PersonId


@event("commendation_refused.1")
class CommendationRefused:
    reason: str
    by: PersonId


@event("commendation_revoked.1")
class CommendationRevoked:
    """Approved and taken back; what was approved stays visible."""

    reason: str
    by: PersonId


CommendationEvent: TypeAlias = CommendationProposed | CommendationApproved | CommendationRefused | CommendationRevoked


class CommendationStage(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


TURNS = {
    CommendationStage.PROPOSED: ("approve_commendation", "refuse_commendation"),
    CommendationStage.APPROVED: ("revoke_commendation",),
    CommendationStage.REFUSED: (),
    CommendationStage.REVOKED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commendation:
    stage: CommendationStage
    assessments: tuple[AssessmentId, ...]
    units: tuple[UnitId, ...]
    by: PersonId
    claims: tuple[str, ...]
    """One list of a year and title that is proposed or approved."""


@evolves(CommendationEvent, named=CommendationId)
def evolve(state: Commendation | None, happened: CommendationEvent) -> Commendation:
    match happened:
        case CommendationProposed():
            return Commendation(
                stage=CommendationStage.PROPOSED,
                assessments=tuple(one.assessment for one in happened.nominated),
                units=tuple(one.unit for one in happened.nominated),
                by=happened.by,
                claims=(f"commendation {happened.year} {happened.title}",),
            )
        case CommendationApproved():
            assert state is not None
            return replace(state, stage=CommendationStage.APPROVED)
        case CommendationRefused():
            assert state is not None
            return replace(state, stage=CommendationStage.REFUSED, claims=())
        case CommendationRevoked():
            assert state is not None
            return replace(state, stage=CommendationStage.REVOKED, claims=())
        case _:
            assert_never(happened)


@related(of=Commendation)
def _related(state: Commendation) -> Related:
    return {Relation.PROPOSER: (state.by,)}


def _published(assessment: AssessmentId, ctx: Context, field: str | None) -> Assessment:
    found: Assessment = ctx.look(assessment)
    if found.stage is not AssessmentStage.PUBLISHED:
        raise Refusal(
            "assessment_not_published",
            "只能依据已公布的年度考核",
            "only published assessments count",
            kind=Kind.CONFLICT,
            field=field,
            state=found.stage.value,
        )
    return found


def _nominated(nominee: Nominee, year: int, ctx: Context) -> Nominated:
    found = _published(nominee.assessment, ctx, "nominees.assessment")
    if found.year != year:
        raise Refusal(
            "assessment_of_other_year",
            "考核年度与评优年度不一致",
            "the assessment is of another year",
            field="nominees.assessment",
        )
    if found.score is None:
        raise Refusal(
            "score_missing",
            "该单位没有考核得分",
            "the unit has no score",
            kind=Kind.CONFLICT,
            field="nominees.assessment",
        )
    reason = text(nominee.reason, "nominees.reason")
    return Nominated(assessment=nominee.assessment, unit=found.unit, score=found.score, reason=reason)


def _each_once(nominees: Sequence[Nominee]) -> None:
    if not 1 <= len(nominees) <= MOST_PLACES or len({one.assessment for one in nominees}) < len(nominees):
        raise Refusal(
            "nominees",
            f"名单须有1至{MOST_PLACES}个单位且不重复",
            f"a list has 1 to {MOST_PLACES} units, each once",
            field="nominees",
        )


@command(of=Commendation, by=(Role.SUPERVISOR,), creates=True)
class ProposeCommendation:
    """Proposes units for commendation, each by its published assessment and with a reason."""

    year: int
    title: str
    nominees: tuple[Nominee, ...]

    def decide(self, state: None, ctx: Context) -> list[CommendationEvent]:
        _each_once(self.nominees)
        return [
            CommendationProposed(
                year=self.year,
                title=public_line(self.title, "title"),
                nominated=tuple(_nominated(one, self.year, ctx) for one in self.nominees),
                by=ctx.actor.person,
            )
        ]


def _of_no_nominee(state: Commendation, ctx: Context) -> None:
    if ctx.actor.unit is not None and ctx.actor.unit in state.units:
        raise Refusal(
            "own_commendation",
            "不得批准本单位的评优",
            "nobody decides on the commendation of the own unit",
            kind=Kind.FORBIDDEN,
        )


@command(of=Commendation, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class ApproveCommendation:
    """A leader approves the whole list. Every assessment must still be published."""

    note: str

    def decide(self, state: Commendation, ctx: Context) -> list[CommendationEvent]:
        in_turn(state.stage, "approve_commendation", TURNS)
        _of_no_nominee(state, ctx)
        for assessment in state.assessments:
            _published(assessment, ctx, None)
        return [CommendationApproved(note=public_words(self.note, "note"), by=ctx.actor.person)]


@command(of=Commendation, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class RefuseCommendation:
    """A leader refuses the list, with the reason; another can be proposed."""

    reason: str

    def decide(self, state: Commendation, ctx: Context) -> list[CommendationEvent]:
        in_turn(state.stage, "refuse_commendation", TURNS)
        return [CommendationRefused(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Commendation, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class RevokeCommendation:
    """A leader takes an approved list back, with the reason."""

    reason: str

    def decide(self, state: Commendation, ctx: Context) -> list[CommendationEvent]:
        in_turn(state.stage, "revoke_commendation", TURNS)
        return [CommendationRevoked(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
