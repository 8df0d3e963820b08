"""The life of a rating (好差评): its stages, what may be asked in each, and what has to be known to decide.

A good rating is received and counts; that is all. A bad one (差评) is checked, put right within the limit and asked
about again, or excluded on appeal by a second person. Commands stand in `rating_*.py`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from domain import rating_events as events
from domain.commitment_terms import Answer
from domain.correction import Correctable
from domain.deadline import Deadline
from domain.event import evolves
from domain.ids import PersonId, RatingId, RequestId, UnitId
from domain.recounting import Timed
from domain.refusal import Kind, Refusal
from domain.request_events import Protection
from domain.two_hands import Related, Relation, related


class RatingStage(StrEnum):
    GOOD = "good"  # 好评
    RECEIVED = "received"  # 待核实
    CHECKED = "checked"  # 待整改
    APPEALED = "appealed"  # 申诉中
    RECTIFIED = "rectified"  # 已整改，待回访
    CLOSED = "closed"  # 已办结
    EXCLUDED = "excluded"  # 已剔除
    WITHDRAWN = "withdrawn"  # 登记已撤销


TURNS: dict[RatingStage, tuple[str, ...]] = {
    RatingStage.GOOD: (),
    RatingStage.RECEIVED: ("check_rating",),
    RatingStage.CHECKED: ("appeal_rating", "rectify_rating"),
    RatingStage.APPEALED: ("rule_on_rating_appeal",),
    RatingStage.RECTIFIED: ("call_back_rater", "redo_rating", "close_rating"),
    RatingStage.CLOSED: (),
    RatingStage.EXCLUDED: (),
    RatingStage.WITHDRAWN: (),
}
"""The one table of what may be asked when. `receive_rating` creates and needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectified:
    """From the unit's claim on; a redo drops it."""

    by: PersonId
    attempts: int = 0
    answer: Answer | None = None
    """The latest; an answer other than unreachable is final."""

    @property
    def answered(self) -> bool:
        return self.answer in {Answer.SOLVED, Answer.UNSOLVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(Correctable, Timed):
    """What decisions need to know."""

    stage: RatingStage
    protection: Protection
    responsible: UnitId
    """The rated unit."""
    request: RequestId | None
    checked_by: PersonId | None = None
    appealed_by: PersonId | None = None
    """A unit appeals once."""
    ground: events.AppealGround | None = None
    rectified: Rectified | None = None
    redos: int = 0
    escalated: bool = False
    clocks: tuple[Deadline, ...] = ()
    """Of the rectification, and beside it of the ruling on an appeal."""

    @property
    def claims(self) -> tuple[str, ...]:
        """The answer to a request is rated once, by the one who raised it."""
        if self.request is None or self.stage is RatingStage.WITHDRAWN:
            return ()
        return (f"rating of request {self.request}",)


def _begin(happened: events.RatingReceived) -> Rating:
    return Rating(
        stage=RatingStage.RECEIVED if happened.grade in events.BAD else RatingStage.GOOD,
        protection=happened.protection,
        responsible=happened.unit,
        request=happened.request,
        clocks=() if happened.rectify_by is None else (happened.rectify_by,),
    )


@evolves(events.RatingEvent, named=RatingId)
def evolve(state: Rating | None, happened: events.RatingEvent) -> Rating:  # noqa: C901, PLR0911, PLR0912
    if state is None:
        assert isinstance(happened, events.RatingReceived)
        return _begin(happened)
    match happened:
        case events.RatingReceived():
            return state
        case events.RatingChecked():
            return replace(state, stage=RatingStage.CHECKED, checked_by=happened.by)
        case events.RatingAppealed():
            clocks = (*state.clocks, happened.rule_by)
            return replace(
                state, stage=RatingStage.APPEALED, appealed_by=happened.by, ground=happened.ground, clocks=clocks
            )
        case events.RatingExcluded():
            return replace(state, stage=RatingStage.EXCLUDED, clocks=())
        case events.RatingAppealRefused():
            return replace(state, stage=RatingStage.CHECKED, clocks=state.clocks[:1])
        case events.RatingRectified():
            return replace(state, stage=RatingStage.RECTIFIED, rectified=Rectified(by=happened.by), clocks=())
        case events.RaterCalledBack():
            if state.rectified is None:  # a view of a day may know the answer before the claim
                return state
            asked = replace(state.rectified, attempts=happened.attempt, answer=happened.answer)
            return replace(state, rectified=asked)
        case events.RatingRedoOrdered():
            clocks = (happened.rectify_by,)
            return replace(state, stage=RatingStage.CHECKED, rectified=None, redos=happened.redo, clocks=clocks)
        case events.RatingEscalated():
            return replace(state, escalated=True)
        case events.RatingClosed():
            return replace(state, stage=RatingStage.CLOSED, clocks=())
        case _:
            assert_never(happened)


@related(of=Rating)
def _related(state: Rating) -> Related:
    return {
        Relation.RATING_CHECKER: (state.checked_by,),
        Relation.APPELLANT: (state.appealed_by,),
        Relation.REPORTER: (None if state.rectified is None else state.rectified.by,),
        Relation.RATED_UNIT: (state.responsible,),
    }


def barred(state: Rating, name: str, rule: str, zh: str, en: str) -> Refusal:
    """The stage would take the command, but something else that happened forbids it; says what is left."""
    return Refusal(
        rule,
        zh,
        en,
        kind=Kind.OUT_OF_TURN,
        state=state.stage.value,
        allowed=tuple(other for other in TURNS[state.stage] if other != name),
    )
