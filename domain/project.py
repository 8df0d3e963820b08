"""Joint projects (共建项目): started by a unit with its partners, with planned funds, and completed."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn, own_unit
from domain.ids import PairingId, PartnerId, PersonId, ProjectId, UnitId
from domain.pairing import pairing_on
from domain.partner import partner_on
from domain.public_text import public_line, public_words
from domain.refusal import Refusal
from domain.service import Aid, Recurrence
from domain.text import positive
from domain.two_hands import Related, Relation, related

MOST_PARTIES = 50


@event("project_started.1")
class ProjectStarted:
    """`unit` leads, `supporting` units help, `partners` gain. `pairing`, if any, is the lead unit's with one of the
    partners. `planned_fen` is the plan in 分; money given is a contribution of its own."""

    title: str
    unit: UnitId
    supporting: tuple[UnitId, ...]
    partners: tuple[PartnerId, ...]
    pairing: PairingId | None
    recurrence: Recurrence
    aid: Aid
    started_on: date
    planned_fen: int
    by: PersonId


@event("project_completed.1")
class ProjectCompleted:
    completed_on: date
    result: str
    by: PersonId


@event("project_withdrawn.1")
class ProjectWithdrawn:
    """It was never started or was entered twice: it counts no longer. By a second person."""

    reason: str
    by: PersonId


ProjectEvent: TypeAlias = ProjectStarted | ProjectCompleted | ProjectWithdrawn


class ProjectStage(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


TURNS = {
    ProjectStage.RUNNING: ("complete_project", "withdraw_project"),
    ProjectStage.COMPLETED: ("withdraw_project",),
    ProjectStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Correctable):
    stage: ProjectStage
    unit: UnitId
    supporting: tuple[UnitId, ...]
    started_on: date
    by: PersonId

    @property
    def responsible(self) -> UnitId:
        return self.unit


@evolves(ProjectEvent, named=ProjectId)
def evolve(state: Project | None, happened: ProjectEvent) -> Project:
    match happened:
        case ProjectStarted():
            return Project(
                stage=ProjectStage.RUNNING,
                unit=happened.unit,
                supporting=happened.supporting,
                started_on=happened.started_on,
                by=happened.by,
            )
        case ProjectCompleted():
            assert state is not None
            return replace(state, stage=ProjectStage.COMPLETED)
        case ProjectWithdrawn():
            assert state is not None
            return replace(state, stage=ProjectStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Project)
def _related(state: Project) -> Related:
    return {Relation.RECORDER: (state.by,)}


def _parties(supporting: tuple[UnitId, ...], partners: tuple[PartnerId, ...], unit: UnitId) -> None:
    if not 1 <= len(partners) <= MOST_PARTIES or len(set(partners)) < len(partners):
        raise Refusal(
            "project_partners",
            f"共建对象须为1至{MOST_PARTIES}个且不重复",
            f"a project has 1 to {MOST_PARTIES} partners, each once",
            field="partners",
        )
    if len(supporting) > MOST_PARTIES or len({unit, *supporting}) <= len(supporting):
        raise Refusal(
            "project_supporting",
            f"协办单位不超过{MOST_PARTIES}个，不重复，且不含牵头单位",
            f"at most {MOST_PARTIES} supporting units, each once, the lead unit not among them",
            field="supporting",
        )


@command(of=Project, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), creates=True)
class StartProject:
    """Records a joint project the own unit leads. `planned_fen` is in 分 and may be 0."""

    title: str
    unit: UnitId
    partners: tuple[PartnerId, ...]
    recurrence: Recurrence
    aid: Aid
    started_on: date
    planned_fen: int
    supporting: tuple[UnitId, ...] = ()
    pairing: PairingId | None = None

    def decide(self, state: None, ctx: Context) -> list[ProjectEvent]:
        own_unit(self.unit, ctx, field="unit")
        started_on = happened_on(self.started_on, "started_on", ctx)
        _parties(self.supporting, self.partners, self.unit)
        for partner in self.partners:
            partner_on(partner, started_on, ctx, "partners")
        if self.pairing is not None:
            pairing = pairing_on(self.pairing, started_on, ctx, "started_on")
            if pairing.unit != self.unit or pairing.partner not in self.partners:
                raise Refusal(
                    "project_pairing",
                    "结对须属于牵头单位与其中一个共建对象",
                    "the pairing must be of the lead unit with one of the partners",
                    field="pairing",
                )
        return [
            ProjectStarted(
                title=public_line(self.title, "title"),
                unit=self.unit,
                supporting=self.supporting,
                partners=self.partners,
                pairing=self.pairing,
                recurrence=self.recurrence,
                aid=self.aid,
                started_on=started_on,
                planned_fen=positive(self.planned_fen, "planned_fen", zero=True),
                by=ctx.actor.person,
            )
        ]


@command(of=Project, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class CompleteProject:
    """Says that a project is done and what it brought."""

    completed_on: date
    result: str

    def decide(self, state: Project, ctx: Context) -> list[ProjectEvent]:
        in_turn(state.stage, "complete_project", TURNS)
        return [
            ProjectCompleted(
                completed_on=happened_on(self.completed_on, "completed_on", ctx, since=state.started_on),
                result=public_words(self.result, "result"),
                by=ctx.actor.person,
            )
        ]


@command(of=Project, by=(Role.UNIT_HEAD, Role.SUPERVISOR), not_by=(Relation.RECORDER,))
class WithdrawProject:
    """Takes back a project; not by the person who recorded it."""

    reason: str

    def decide(self, state: Project, ctx: Context) -> list[ProjectEvent]:
        own_unit(state.unit, ctx, unless=frozenset({Role.SUPERVISOR}))
        in_turn(state.stage, "withdraw_project", TURNS)
        return [ProjectWithdrawn(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
