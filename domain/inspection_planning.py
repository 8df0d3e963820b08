"""Before an inspection: plan (督查方案), amend the plan, approve or refuse, admit a second one beside it, cancel."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.actor import Role
from domain.command import Context, command
from domain.commitment_terms import Mandate
from domain.guards import in_turn, not_before
from domain.ids import CommitmentId, InspectionId, PersonId, PolicyId, RequestId, UnitId
from domain.inspection import BOTH, OPEN, TURNS, Inspection
from domain.inspection_events import (
    InspectionAmended,
    InspectionApproved,
    InspectionCancelled,
    InspectionEvent,
    InspectionPlanned2,
    InspectionRefused,
    Method,
    SecondInspectionAdmitted,
)
from domain.refusal import Kind, Refusal
from domain.supervision_guards import ahead, barred, named_once
from domain.text import line, text
from domain.two_hands import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a plan says and an amendment may change."""

    title: str
    team: tuple[PersonId, ...]
    methods: tuple[Method, ...]
    scope: str
    starts_on: date
    ends_on: date
    commitments: tuple[CommitmentId, ...] = ()
    policies: tuple[PolicyId, ...] = ()
    requests: tuple[RequestId, ...] = ()

    @property
    def matters(self) -> tuple[str, ...]:
        return (*self.commitments, *self.policies, *self.requests)

    def checked(self, units: tuple[UnitId, ...], ctx: Context) -> dict[str, Any]:
        """The fields as the events hold them."""
        others = self.policies or self.requests
        return {
            "title": line(self.title, "title"),
            "commitments": named_once(self.commitments, "commitments", required=not others),
            "policies": named_once(self.policies, "policies", required=False),
            "requests": named_once(self.requests, "requests", required=False),
            "team": self._apart(units, ctx),
            "methods": named_once(self.methods, "methods"),
            "scope": text(self.scope, "scope"),
            "starts_on": self.starts_on,
            "ends_on": not_before(ahead(self.ends_on, "ends_on", ctx), self.starts_on, "ends_on"),
        }

    def _apart(self, units: tuple[UnitId, ...], ctx: Context) -> tuple[PersonId, ...]:
        team = named_once(self.team, "team")
        if any(ctx.look(member).unit in units for member in team):
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


@command(of=Inspection, by=(Role.SUPERVISOR,), creates=True)
class PlanInspection(Plan):
    """Plans an inspection: which matters (commitments, policies, requests), of which units, by whom, how and when.
    While it is open nobody plans another of the same matter and unit (`already_held`), unless a leader admitted one:
    then `beside` names the inspection that admitted it. Nobody in the team belongs to a unit inspected."""

    mandate: Mandate
    units: tuple[UnitId, ...]
    beside: InspectionId | None = None

    def decide(self, state: None, ctx: Context) -> list[InspectionEvent]:
        units = named_once(self.units, "units")
        told = self.checked(units, ctx)
        shared, slot = self._place(self.matters, ctx)
        return [
            InspectionPlanned2(
                mandate=self.mandate,
                units=units,
                beside=self.beside,
                shared=shared,
                slot=slot,
                by=ctx.actor.person,
                **told,
            )
        ]

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


@command(of=Inspection, by=(Role.SUPERVISOR,), not_by=(Relation.INSPECTED_UNIT,))
class AmendInspection(Plan):
    """Changes the plan, with a reason; the earlier one stays readable, and a leader approves it anew before anything
    more is done. Units and mandate stay: another unit is another inspection. So do the matters while a second
    inspection is admitted. Not by a person of a unit inspected."""

    reason: str

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "amend_inspection", TURNS)
        told = self.checked(state.units, ctx)
        if (state.admitted or state.shared) and set(self.matters) != set(state.matters):
            raise barred(
                state.stage,
                "amend_inspection",
                TURNS,
                rule="matters_shared",
                zh="已同意重复督查，督查事项不能改动",
                en="a second inspection of these matters was admitted; they stay as they are",
            )
        return [InspectionAmended(reason=text(self.reason, "reason"), by=ctx.actor.person, **told)]


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
