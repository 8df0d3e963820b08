"""Enterprise problems (企业难题): raised, taken on by a unit, solved by its claim, confirmed by the enterprise.

A problem counts as solved in the headline figure when the enterprise has confirmed it (`problem_confirmed.1`), in the
period of `confirmed_on`: outcomes confirmed by the beneficiary stand apart from what the unit claims (M9). The claim
(`problem_solved.1`) is a figure of its own.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn, own_unit
from domain.ids import PartnerId, PersonId, ProblemId, UnitId
from domain.partner import PartnerKind, partner_on
from domain.refusal import Refusal
from domain.sealed import Sealed
from domain.text import line, text
from domain.two_hands import Related, Relation, related


@event("problem_raised.1")
class ProblemRaised:
    """`title` is official wording without personal data. What the enterprise said and whom to ask is sealed."""

    partner: PartnerId
    title: str
    detail: Sealed[str]
    contact_name: Sealed[str] | None
    contact_phone: Sealed[str] | None
    raised_on: date
    by: PersonId


@event("problem_taken_on.1")
class ProblemTakenOn:
    unit: UnitId
    by: PersonId


@event("problem_handed_back.1")
class ProblemHandedBack:
    """Not this unit's to solve; another may take it on."""

    unit: UnitId
    reason: str
    by: PersonId


@event("problem_solved.1")
class ProblemSolved:
    """The unit's claim. `how` is official wording without personal data."""

    unit: UnitId
    how: str
    solved_on: date
    by: PersonId


@event("problem_confirmed.1")
class ProblemConfirmed:
    """The enterprise's answer: solved. `unit` is the one that solved it."""

    unit: UnitId
    confirmed_on: date
    words: Sealed[str] | None
    by: PersonId


@event("problem_not_solved.1")
class ProblemNotSolved:
    """The enterprise's answer: not solved; the problem is back with the unit."""

    unit: UnitId
    answered_on: date
    words: Sealed[str]
    by: PersonId


@event("problem_withdrawn.1")
class ProblemWithdrawn:
    """Entered in error or twice: it counts nowhere any longer. By a second person."""

    reason: str
    by: PersonId


ProblemEvent: TypeAlias = (
    ProblemRaised
    | ProblemTakenOn
    | ProblemHandedBack
    | ProblemSolved
    | ProblemConfirmed
    | ProblemNotSolved
    | ProblemWithdrawn
)


class ProblemStage(StrEnum):
    RAISED = "raised"
    TAKEN_ON = "taken_on"
    SOLVED = "solved"  # claimed by the unit
    CONFIRMED = "confirmed"  # by the enterprise
    WITHDRAWN = "withdrawn"


TURNS = {
    ProblemStage.RAISED: ("take_on_problem", "withdraw_problem"),
    ProblemStage.TAKEN_ON: ("hand_back_problem", "solve_problem", "withdraw_problem"),
    ProblemStage.SOLVED: ("confirm_problem", "deny_problem", "withdraw_problem"),
    ProblemStage.CONFIRMED: ("withdraw_problem",),
    ProblemStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Correctable):
    stage: ProblemStage
    raised_on: date
    raised_by: PersonId
    responsible: UnitId | None = None
    solved_on: date | None = None
    solved_by: PersonId | None = None


@evolves(ProblemEvent, named=ProblemId)
def evolve(state: Problem | None, happened: ProblemEvent) -> Problem:  # noqa: PLR0911 - one case an event
    if isinstance(happened, ProblemRaised):
        return Problem(stage=ProblemStage.RAISED, raised_on=happened.raised_on, raised_by=happened.by)
    assert state is not None
    match happened:
        case ProblemTakenOn():
            return replace(state, stage=ProblemStage.TAKEN_ON, responsible=happened.unit)
        case ProblemHandedBack():
            return replace(state, stage=ProblemStage.RAISED, responsible=None)
        case ProblemSolved():
            return replace(state, stage=ProblemStage.SOLVED, solved_on=happened.solved_on, solved_by=happened.by)
        case ProblemConfirmed():
            return replace(state, stage=ProblemStage.CONFIRMED)
        case ProblemNotSolved():
            return replace(state, stage=ProblemStage.TAKEN_ON, solved_on=None, solved_by=None)
        case ProblemWithdrawn():
            return replace(state, stage=ProblemStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Problem)
def _related(state: Problem) -> Related:
    return {
        Relation.RECORDER: (state.raised_by,),
        Relation.REPORTER: (state.solved_by,),
        Relation.HANDLING_UNIT: (state.responsible,),
    }


def _sealed(value: str | None, field: str, ctx: Context) -> Sealed[str] | None:
    return None if value is None else Sealed(ctx.stream, line(value, field))


@command(
    of=Problem,
    by=(Role.DISPATCHER, Role.SUPERVISOR, Role.CALLER, Role.UNIT_OFFICER, Role.UNIT_HEAD),
    creates=True,
)
class RaiseProblem:
    """Takes in an enterprise's problem. The way it came is the envelope's channel. `detail`, `contact_name` and
    `contact_phone` are sealed; `title` is not and may hold no personal data."""

    partner: PartnerId
    title: str
    detail: str
    raised_on: date
    contact_name: str | None = None
    contact_phone: str | None = None

    def decide(self, state: None, ctx: Context) -> list[ProblemEvent]:
        raised_on = happened_on(self.raised_on, "raised_on", ctx)
        if partner_on(self.partner, raised_on, ctx).kind is not PartnerKind.ENTERPRISE:
            raise Refusal(
                "enterprise_only", "该对象不是企业", "only an enterprise raises such a problem", field="partner"
            )
        return [
            ProblemRaised(
                partner=self.partner,
                title=line(self.title, "title"),
                detail=Sealed(ctx.stream, text(self.detail, "detail")),
                contact_name=_sealed(self.contact_name, "contact_name", ctx),
                contact_phone=_sealed(self.contact_phone, "contact_phone", ctx),
                raised_on=raised_on,
                by=ctx.actor.person,
            )
        ]


@command(of=Problem, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.DISPATCHER))
class TakeOnProblem:
    """A unit takes a problem on for itself, or a dispatcher gives it to one."""

    unit: UnitId

    def decide(self, state: Problem, ctx: Context) -> list[ProblemEvent]:
        own_unit(self.unit, ctx, field="unit", unless=frozenset({Role.DISPATCHER}))
        in_turn(state.stage, "take_on_problem", TURNS)
        return [ProblemTakenOn(unit=self.unit, by=ctx.actor.person)]


@command(of=Problem, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class HandBackProblem:
    """The unit can't solve it and says why."""

    reason: str

    def decide(self, state: Problem, ctx: Context) -> list[ProblemEvent]:
        in_turn(state.stage, "hand_back_problem", TURNS)
        assert state.responsible is not None
        return [ProblemHandedBack(unit=state.responsible, reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Problem, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class SolveProblem:
    """The unit claims that the problem is solved and says how (no personal data)."""

    how: str
    solved_on: date

    def decide(self, state: Problem, ctx: Context) -> list[ProblemEvent]:
        in_turn(state.stage, "solve_problem", TURNS)
        assert state.responsible is not None
        return [
            ProblemSolved(
                unit=state.responsible,
                how=text(self.how, "how"),
                solved_on=happened_on(self.solved_on, "solved_on", ctx, since=state.raised_on),
                by=ctx.actor.person,
            )
        ]


@command(of=Problem, by=(Role.CALLER, Role.SUPERVISOR), not_by=(Relation.REPORTER, Relation.HANDLING_UNIT))
class ConfirmProblem:
    """The enterprise was asked and says: solved. Its words, if noted, are sealed."""

    confirmed_on: date
    words: str | None = None

    def decide(self, state: Problem, ctx: Context) -> list[ProblemEvent]:
        in_turn(state.stage, "confirm_problem", TURNS)
        assert state.responsible is not None
        assert state.solved_on is not None
        return [
            ProblemConfirmed(
                unit=state.responsible,
                confirmed_on=happened_on(self.confirmed_on, "confirmed_on", ctx, since=state.solved_on),
                words=None if self.words is None else Sealed(ctx.stream, text(self.words, "words")),
                by=ctx.actor.person,
            )
        ]


@command(of=Problem, by=(Role.CALLER, Role.SUPERVISOR), not_by=(Relation.REPORTER, Relation.HANDLING_UNIT))
class DenyProblem:
    """The enterprise was asked and says: not solved. Its words are sealed; the problem is back with the unit."""

    answered_on: date
    words: str

    def decide(self, state: Problem, ctx: Context) -> list[ProblemEvent]:
        in_turn(state.stage, "deny_problem", TURNS)
        assert state.responsible is not None
        assert state.solved_on is not None
        return [
            ProblemNotSolved(
                unit=state.responsible,
                answered_on=happened_on(self.answered_on, "answered_on", ctx, since=state.solved_on),
                words=Sealed(ctx.stream, text(self.words, "words")),
                by=ctx.actor.person,
            )
        ]


@command(of=Problem, by=(Role.SUPERVISOR, Role.DISPATCHER), not_by=(Relation.RECORDER,))
class WithdrawProblem:
    """Takes back a problem entered in error; not by the person who entered it."""

    reason: str

    def decide(self, state: Problem, ctx: Context) -> list[ProblemEvent]:
        in_turn(state.stage, "withdraw_problem", TURNS)
        return [ProblemWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
