"""An inspection under way: notice (督查通知), self-check (自查), visit (实地检查、暗访), close."""

from datetime import date

from domain.actor import Role
from domain.command import Context, command
from domain.conclusion import Conclusion
from domain.evidence import Evidence, evidence
from domain.guards import happened_on, in_turn, own_unit
from domain.ids import ConclusionId, UnitId
from domain.inspection import TURNS, Inspection
from domain.inspection_events import (
    InspectionClosed,
    InspectionEvent,
    InspectionNoticeGiven,
    InspectionVisitRecorded,
    Method,
    SelfCheckSubmitted,
)
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.supervision_guards import ahead, barred, named_once
from domain.text import text
from domain.two_hands import Relation


def _within(unit: UnitId, state: Inspection) -> None:
    """The plan is kept: nobody else is inspected (不得随意扩大督查范围)."""
    if unit not in state.units:
        raise Refusal("unit_not_in_plan", "该单位不在督查方案内", "the plan does not cover that unit", field="unit")


def in_team(state: Inspection, ctx: Context) -> None:
    """Only the team of the plan acts for an inspection."""
    if ctx.actor.person not in state.team:
        raise Refusal(
            "not_in_team", "仅督查组成员可以办理", "only the inspection's team may do this", kind=Kind.FORBIDDEN
        )


def _planned(method: Method, state: Inspection, field: str) -> None:
    if method not in state.methods:
        raise Refusal("method_not_in_plan", "督查方案未列该方式", "the plan does not name that method", field=field)


@command(of=Inspection, by=(Role.SUPERVISOR,), not_by=(Relation.INSPECTED_UNIT,))
class GiveInspectionNotice:
    """Tells a unit of the inspection, once. `self_check_by` asks for its self-check, if the plan has one."""

    unit: UnitId
    notice: str
    self_check_by: date | None = None

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "give_inspection_notice", TURNS)
        in_team(state, ctx)
        _within(self.unit, state)
        if self.unit in state.notified:
            raise _twice(
                "give_inspection_notice", state, "notified_already", "已通知该单位", "the unit was told already"
            )
        if self.self_check_by is not None:
            _planned(Method.SELF_CHECK, state, "self_check_by")
            ahead(self.self_check_by, "self_check_by", ctx)
        return [
            InspectionNoticeGiven(
                unit=self.unit,
                notice=text(self.notice, "notice"),
                self_check_by=self.self_check_by,
                by=ctx.actor.person,
            )
        ]


@command(of=Inspection, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD))
class SubmitSelfCheck:
    """The own unit's self-check, once, where the notice asked for one. A late one is taken and shows when it came."""

    unit: UnitId
    findings: str
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        own_unit(self.unit, ctx, field="unit")
        in_turn(state.stage, "submit_self_check", TURNS)
        _within(self.unit, state)
        if state.notified.get(self.unit) is None:
            raise _twice(
                "submit_self_check", state, "self_check_not_asked", "未要求该单位自查", "no self-check was asked"
            )
        if self.unit in state.self_checked:
            raise _twice(
                "submit_self_check", state, "self_checked_already", "该单位已提交自查", "the self-check is in already"
            )
        return [
            SelfCheckSubmitted(
                unit=self.unit,
                findings=text(self.findings, "findings"),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(of=Inspection, by=(Role.SUPERVISOR,), not_by=(Relation.INSPECTED_UNIT,))
class RecordInspectionVisit:
    """A visit by the team on a day of the plan: announced, after a notice, or unannounced (暗访), each only if the plan
    names it. What a resident said (`resident_note`) is sealed."""

    unit: UnitId
    visited_on: date
    unannounced: bool
    note: str
    resident_note: str | None = None
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "record_inspection_visit", TURNS)
        in_team(state, ctx)
        _within(self.unit, state)
        _planned(Method.UNANNOUNCED if self.unannounced else Method.SITE_VISIT, state, "unannounced")
        if not self.unannounced and self.unit not in state.notified:
            raise _twice(
                "record_inspection_visit", state, "not_notified", "尚未通知该单位", "the unit has not been told yet"
            )
        visited_on = happened_on(self.visited_on, "visited_on", ctx, since=state.starts_on)
        if visited_on > state.ends_on:
            raise Refusal(
                "outside_plan", "日期不在督查方案期限内", "the date lies after the plan's end", field="visited_on"
            )
        return [
            InspectionVisitRecorded(
                unit=self.unit,
                visited_on=visited_on,
                unannounced=self.unannounced,
                note=text(self.note, "note"),
                resident_note=(
                    None
                    if self.resident_note is None
                    else Sealed(ctx.stream, text(self.resident_note, "resident_note"))
                ),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(of=Inspection, by=(Role.SUPERVISOR,), not_by=(Relation.INSPECTED_UNIT,))
class CloseInspection:
    """Ends an inspection of which every unit has its conclusion, and names them."""

    conclusions: tuple[ConclusionId, ...]
    note: str = ""

    def decide(self, state: Inspection, ctx: Context) -> list[InspectionEvent]:
        in_turn(state.stage, "close_inspection", TURNS)
        in_team(state, ctx)
        named = named_once(self.conclusions, "conclusions")
        found: list[Conclusion] = [ctx.look(one) for one in named]
        if any(one.inspection != ctx.stream for one in found):
            raise Refusal(
                "other_inspection",
                "所列结论不属于本次督查",
                "a conclusion named belongs to another inspection",
                field="conclusions",
            )
        if {one.responsible for one in found} != set(state.units):
            raise Refusal(
                "conclusions_missing",
                "每个被督查单位都须有结论",
                "every unit inspected needs its conclusion",
                field="conclusions",
            )
        return [InspectionClosed(conclusions=named, note=text(self.note, "note", required=False), by=ctx.actor.person)]


def _twice(name: str, state: Inspection, rule: str, zh: str, en: str) -> Refusal:
    return barred(state.stage, name, TURNS, rule=rule, zh=zh, en=en)
