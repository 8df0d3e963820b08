"""A conclusion is made and reaches the unit: issue (作出), deliver (反馈), use (结果运用)."""

from datetime import date

from domain.actor import Role
from domain.command import Context, command
from domain.conclusion import TURNS, Conclusion, is_final
from domain.conclusion_events import ConclusionDelivered, ConclusionEvent, ConclusionIssued, ResultUsed
from domain.conclusion_terms import ResultUse, Wording, checked, in_days
from domain.evidence import Evidence, evidence
from domain.guards import happened_on, in_turn
from domain.ids import InspectionId, PersonId, UnitId
from domain.inspection import TURNS as INSPECTING
from domain.inspection import Inspection, InspectionStage
from domain.refusal import Kind, Refusal
from domain.supervision_guards import barred, named_once, not_of_unit
from domain.text import line, text
from domain.two_hands import Relation


@command(of=Conclusion, by=(Role.SUPERVISOR,), creates=True)
class IssueConclusion:
    """Concludes on one unit of an approved inspection, after its self-check or a visit to it. Only the team issues;
    `authors` are others of the team who took part in making it."""

    inspection: InspectionId
    unit: UnitId
    wording: Wording
    authors: tuple[PersonId, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: None, ctx: Context) -> list[ConclusionEvent]:
        inspection: Inspection = ctx.look(self.inspection)
        if inspection.stage is not InspectionStage.APPROVED:
            raise Refusal(
                "inspection_not_running",
                "该督查不在进行中",
                "that inspection is not under way",
                kind=Kind.OUT_OF_TURN,
                field="inspection",
                state=inspection.stage.value,
                allowed=INSPECTING[inspection.stage],
            )
        if self.unit not in inspection.units:
            raise Refusal("unit_not_in_plan", "该单位不在督查方案内", "the plan does not cover that unit", field="unit")
        not_of_unit(self.unit, ctx)
        if self.unit not in inspection.self_checked | inspection.visited:
            raise Refusal(
                "nothing_established",
                "尚无自查或实地检查，不能作出结论",
                "there is no self-check or visit to conclude from",
                kind=Kind.OUT_OF_TURN,
                field="unit",
                state=inspection.stage.value,
                allowed=("give_inspection_notice", "submit_self_check", "record_inspection_visit"),
            )
        authors = named_once((ctx.actor.person, *self.authors), "authors")
        if not inspection.team.issuperset(authors):
            raise Refusal(
                "not_in_team",
                "仅督查组成员可以作出结论",
                "only the inspection's team makes its conclusions",
                kind=Kind.FORBIDDEN,
                field="authors",
            )
        return [
            ConclusionIssued(
                inspection=self.inspection,
                unit=self.unit,
                wording=checked(self.wording),
                authors=authors,
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                issued_on=ctx.today,
                by=ctx.actor.person,
            )
        ]


@command(of=Conclusion, by=(Role.SUPERVISOR,), not_by=(Relation.INSPECTED_UNIT,))
class DeliverConclusion:
    """Records the day on which the unit received it; from then on it may object for 30 days (law)."""

    received_on: date

    def decide(self, state: Conclusion, ctx: Context) -> list[ConclusionEvent]:
        in_turn(state.stage, "deliver_conclusion", TURNS)
        received_on = happened_on(self.received_on, "received_on", ctx, since=state.issued_on)
        return [
            ConclusionDelivered(
                received_on=received_on,
                object_by=in_days(ctx, "objection_days", ctx.rules.objection_days, received_on),
                by=ctx.actor.person,
            )
        ]


@command(of=Conclusion, by=(Role.LEADER,), not_by=(Relation.INSPECTED_UNIT,))
class UseResult:
    """Records what a final conclusion is used for; not before the days for an objection have passed."""

    use: ResultUse
    reference: str
    note: str = ""

    def decide(self, state: Conclusion, ctx: Context) -> list[ConclusionEvent]:
        in_turn(state.stage, "use_result", TURNS)
        if not is_final(state, ctx):
            raise barred(
                state.stage,
                "use_result",
                TURNS,
                rule="not_final",
                zh="异议期未满，结论尚未生效",
                en="the unit may still object",
            )
        return [
            ResultUsed(
                use=self.use,
                reference=line(self.reference, "reference"),
                note=text(self.note, "note", required=False),
                by=ctx.actor.person,
            )
        ]
