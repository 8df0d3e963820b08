"""Contributions of funds (投入资金), in 分."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn, not_before, own_unit
from domain.ids import ContributionId, PartnerId, PersonId, ProjectId, UnitId
from domain.partner import partner_on
from domain.project import Project, ProjectStage
from domain.public_text import public_words
from domain.refusal import Kind, Refusal
from domain.service import Aid, Recurrence
from domain.text import positive
from domain.two_hands import Related, Relation, related


class Funds(StrEnum):
    """Where the money comes from."""

    FISCAL = "fiscal"  # 财政资金
    UNIT = "unit"  # 单位自筹
    PARTY_DUES = "party_dues"  # 党费
    MEMBERS = "members"  # 党员捐款
    DONATION = "donation"  # 社会捐赠


@event("contribution_made.1")
class ContributionMade:
    """`unit` gave `amount_fen` to a partner or into a project (exactly one of them)."""

    unit: UnitId
    partner: PartnerId | None
    project: ProjectId | None
    amount_fen: int
    funds: Funds
    recurrence: Recurrence
    aid: Aid
    given_on: date
    by: PersonId


@event("contribution_reversed.1")
class ContributionReversed:
    """The whole amount counts no longer: not given, given back, or entered wrongly. By a second person."""

    amount_fen: int
    reason: str
    by: PersonId


ContributionEvent: TypeAlias = ContributionMade | ContributionReversed


class ContributionStage(StrEnum):
    MADE = "made"
    REVERSED = "reversed"


TURNS = {ContributionStage.MADE: ("reverse_contribution",), ContributionStage.REVERSED: ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution(Correctable):
    stage: ContributionStage
    unit: UnitId
    amount_fen: int
    by: PersonId


@evolves(ContributionEvent, named=ContributionId)
def evolve(state: Contribution | None, happened: ContributionEvent) -> Contribution:
    match happened:
        case ContributionMade():
            return Contribution(
                stage=ContributionStage.MADE, unit=happened.unit, amount_fen=happened.amount_fen, by=happened.by
            )
        case ContributionReversed():
            assert state is not None
            return replace(state, stage=ContributionStage.REVERSED)
        case _:
            assert_never(happened)


@related(of=Contribution)
def _related(state: Contribution) -> Related:
    return {Relation.RECORDER: (state.by,)}


def _project(project: ProjectId, given_on: date, unit: UnitId, ctx: Context) -> None:
    found: Project = ctx.look(project)
    if found.stage is ProjectStage.WITHDRAWN:
        raise Refusal(
            "project_withdrawn",
            "该项目已撤回",
            "the project was withdrawn",
            kind=Kind.CONFLICT,
            field="project",
            state=found.stage.value,
        )
    if unit not in (found.unit, *found.supporting):
        raise Refusal(
            "project_of_other_unit",
            "本单位不是该项目的牵头或协办单位",
            "the unit neither leads nor supports the project",
            kind=Kind.FORBIDDEN,
            field="project",
        )
    not_before(given_on, found.started_on, "given_on")


@command(of=Contribution, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), creates=True)
class MakeContribution:
    """Records money the own unit gave to a partner, or into a project it leads or supports. `amount_fen` is in 分."""

    unit: UnitId
    amount_fen: int
    funds: Funds
    recurrence: Recurrence
    aid: Aid
    given_on: date
    partner: PartnerId | None = None
    project: ProjectId | None = None

    def decide(self, state: None, ctx: Context) -> list[ContributionEvent]:
        own_unit(self.unit, ctx, field="unit")
        given_on = happened_on(self.given_on, "given_on", ctx)
        if (self.partner is None) == (self.project is None):
            raise Refusal(
                "partner_or_project",
                "须填写共建对象或项目之一",
                "name either a partner or a project",
                field="partner",
            )
        if self.partner is not None:
            partner_on(self.partner, given_on, ctx)
        if self.project is not None:
            _project(self.project, given_on, self.unit, ctx)
        return [
            ContributionMade(
                unit=self.unit,
                partner=self.partner,
                project=self.project,
                amount_fen=positive(self.amount_fen, "amount_fen"),
                funds=self.funds,
                recurrence=self.recurrence,
                aid=self.aid,
                given_on=given_on,
                by=ctx.actor.person,
            )
        ]


@command(of=Contribution, by=(Role.UNIT_HEAD, Role.SUPERVISOR), not_by=(Relation.RECORDER,))
class ReverseContribution:
    """Takes back a whole contribution, with the reason; not by the person who recorded it."""

    reason: str

    def decide(self, state: Contribution, ctx: Context) -> list[ContributionEvent]:
        own_unit(state.unit, ctx, unless=frozenset({Role.SUPERVISOR}))
        in_turn(state.stage, "reverse_contribution", TURNS)
        return [
            ContributionReversed(
                amount_fen=state.amount_fen, reason=public_words(self.reason, "reason"), by=ctx.actor.person
            )
        ]
