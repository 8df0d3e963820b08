"""Before an inspection: plan (督查方案), approve or refuse, admit a second one beside it, cancel."""

from datetime import date

from domain.actor import Role
from domain.command import Context, command
from domain.commitment_terms import Mandate
from domain.guards import in_turn, not_before
from domain.ids import CommitmentId, InspectionId, PersonId, PolicyId, UnitId
from domain.inspection import BOTH, OPEN, TURNS, Inspection
from domain.inspection_events import (
    InspectionApproved,
    InspectionCancelled,
    InspectionEvent,
    InspectionPlanned,
    InspectionRefused,
    Method,
    SecondInspectionAdmitted,
)
from domain.refusal import Kind, Refusal
from domain.supervision_guards import ahead, barred, named_once
from domain.text import line, text
from domain.two_hands import Relation


@command(of=Inspection, by=(Role.SUPERVISOR,), creates=True)
class PlanInspection:
    """Plans an inspection: which matters, of which units, by whom, how and when. While it is open nobody plans another
    of the same matter and unit (`already_held`), unless a leader admitted one: then `beside` names the inspection that
    admitted it. Nobody in the team belongs to a unit inspected."""

    title: str
    mandate: Mandate
    units: tuple[UnitId, ...]
    team: tuple[PersonId, ...]
    methods: tuple[Method, ...]
    scope: str
    starts_on: date
    ends_on: date
    commitments: tuple[CommitmentId, ...] = ()
    policies: tuple[PolicyId, ...] = ()
    beside: InspectionId | None = None

    def decide(self, state: None, ctx: Context) -> list[InspectionEvent]:
        units = named_once(self.units, "units")
        commitments = named_once(self.commitments, "commitments", required=not self.policies)
        policies = named_once(self.policies, "policies", required=False)
        shared, slot = self._place((*commitments, *policies), ctx)
        return [
            InspectionPlanned(
                title=line(self.title, "title"),
                mandate=self.mandate,
                commitments=commitments,
                policies=policies,
                units=units,
                team=self._apart(ctx),
                methods=named_once(self.methods, "methods"),
                scope=text(self.scope, "scope"),
                starts_on=self.starts_on,
                ends_on=not_before(ahead(self.ends_on, "ends_on", ctx), self.starts_on, "ends_on"),
                beside=self.beside,
                shared=shared,
                slot=slot,
                by=ctx.actor.person,
            )
        ]

    def _apart(self, ctx: Context) -> tuple[PersonId, ...]:
        team = named_once(self.team, "team")
        if any(ctx.look(member).unit in self.units for member in team):
            raise Refusal(
                "team_of_unit",
                "督查组成员不得来自被督查单位",
                "nobody in the team may belong to a unit inspected",
                field="team",
            )
        if any(Role.SUPERVISOR not in ctx.look(member).roles for member in team):
            raise Refusal(
                "team_of_supervisors", "督查组成员须为督查员", "the team is made of supervisors", field="team"
            )
        return team

    def _place(self, matters: tuple[str, ...], ctx: Context) -> tuple[tuple[UnitId, ...], int]:
        """The units shared with the inspection it stands beside, and its place there."""
        if self.beside is None:
            return (), BOTH[0]
        other: Inspection = ctx.look(self.beside)
        shared = tuple(unit for unit in self.units if unit in other.units)
        if other.stage not in OPEN or not shared or set(matters).isdisjoint(other.matters):
            raise Refusal(
                "no_overlap",
                "与所列督查没有重复，无须说明",
                "that inspection does not overlap; leave this out",
                kind=Kind.CONFLICT,
                field="beside",
            )
        if not other.admitted:
            raise Refusal(
                "second_not_admitted",
                "重复督查须先经领导说明理由同意",
                "a leader must first admit a second inspection, with a reason",
                kind=Kind.CONFLICT,
                field="beside",
            )
        return shared, sum(BOTH) - other.slot


@command(of=Inspection, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class ApproveInspection:
    """Approves the plan; not by the planner. `reference` is the number of the decision or instruction."""

    reference: str
    note: str = ""

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "approve_inspection", TURNS)
        return [
            InspectionApproved(
                reference=line(self.reference, "reference"),
                note=text(self.note, "note", required=False),
                by=ctx.actor.person,
            )
        ]


@command(of=Inspection, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class RefuseInspection:
    """Refuses the plan; not by the planner."""

    reason: str

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "refuse_inspection", TURNS)
        return [InspectionRefused(reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Inspection, by=(Role.LEADER,))
class AdmitSecondInspection:
    """States why one other inspection may cover the same matters and units while this one is open."""

    reason: str

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "admit_second_inspection", TURNS)
        if state.admitted:
            raise barred(
                state.stage,
                "admit_second_inspection",
                TURNS,
                rule="admitted_already",
                zh="已同意过一次重复督查",
                en="a second inspection was admitted already",
            )
        return [SecondInspectionAdmitted(reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Inspection, by=(Role.LEADER,))
class CancelInspection:
    """Ends an inspection without conclusions."""

    reason: str

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "cancel_inspection", TURNS)
        return [InspectionCancelled(reason=text(self.reason, "reason"), by=ctx.actor.person)]
