"""A commitment on the field of `field.py`, brought to any stage by the commands themselves.

It is proposed on 2011-06-15 (a Wednesday) for a household, to be done by 2011-09-30, 120 户 in all.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from field import (
    CALLER,
    DISPATCHER,
    HEAD,
    HOUSEHOLD,
    LEADER,
    OFFICER,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    UNIT,
    the_field,
)
from given import Given, noon, person

from domain.actor import Actor, Role
from domain.calendar_year import CalendarYear, CalendarYearId
from domain.commitment import Commitment, Stage
from domain.commitment_assignment import (
    AcknowledgeCommitment,
    AddSupportingUnit,
    AskReturn,
    AssignCommitment,
    ReassignCommitment,
    RemoveSupportingUnit,
    RuleOnReturn,
)
from domain.commitment_closing import CloseCommitment, RecheckCommitment, TerminateCommitment
from domain.commitment_handling import AskExtension, RecordFollowUp, ReportFulfilment, RuleOnExtension
from domain.commitment_pausing import ProposeDeferral, ResumeCommitment, RuleOnDeferral, SuspendCommitment
from domain.commitment_recalculating import RecalculateDue
from domain.commitment_registration import (
    AmendWording,
    ProposeCommitment,
    PublishCommitment,
    RegisterCommitment,
    WithdrawWording,
)
from domain.commitment_review import OrderRedo, RecordCallBack, RecordSiteCheck, VerifyCommitment
from domain.commitment_terms import Answer, Finding, Mandate, Outcome, PolicyTarget, Urgency
from domain.evidence import Evidence
from domain.ids import Digest, PartnerId, PolicyId, ProblemId, UnitId
from domain.policy import PolicyIssued, Target
from domain.problem import ProblemRaised
from domain.sealed import Sealed
from domain.service import Aid, Recurrence
from domain.unit import UnitClass, UnitRegistered

MATTER = "matter"
POLICY, PROBLEM = PolicyId("policy"), ProblemId("problem")
SECOND_UNIT, THIRD_UNIT = UnitId("second-unit"), UnitId("third-unit")
DUE = date(2011, 9, 30)

VETTER = person("vetter", Role.VETTER)
THIRD_SUPERVISOR = person("third-supervisor", Role.SUPERVISOR)
SECOND_LEADER = person("second-leader", Role.LEADER)
INSPECTOR = person("inspector", Role.INSPECTOR)
UNIT_CALLER = person("unit-caller", Role.CALLER, unit=UNIT)

PROPOSAL = ProposeCommitment(
    title="改造老旧住房一百二十户",
    targets=(PolicyTarget(policy=POLICY, target="housing"),),
    lead_unit=UNIT,
    quantity=120,
    measure="户",
    starts_on=date(2011, 6, 1),
    due_on=DUE,
    basis="太政发〔2011〕1号",
    mandate=Mandate.GOVERNMENT,
    urgency=Urgency.GENERAL,
    recurrence=Recurrence.ONE_OFF,
    aid=Aid.CAPACITY,
    region="320585",
    beneficiary=HOUSEHOLD,
)


def photo(given: Given, digit: str = "a", *, days: int = 0, minutes: int = 0) -> Evidence:
    """A file captured so long after now (before, if negative)."""
    return Evidence(digest=Digest(digit * 64), captured_at=given.now + timedelta(days=days, minutes=minutes))


def ledger() -> Given:
    """The field, a policy with two targets, an enterprise's request, and two more units; no commitment yet."""
    given = the_field()
    for unit in (SECOND_UNIT, THIRD_UNIT):
        given.happened(unit, UnitRegistered(code=unit, title=unit, unit_class=UnitClass.TOWN, region="320585"))
    given.happened(
        POLICY,
        PolicyIssued(
            number="太政发〔2011〕1号",
            title="惠民实事",
            issuer=UNIT,
            effective_on=date(2011, 1, 1),
            expires_on=None,
            summary="十件实事",
            targets=(
                Target(key="housing", text="改造住房", quantity=1000, measure="户"),
                Target(key="roads", text="修路", quantity=20_000, measure="米"),
            ),
            by=LEADER.person,
        ),
    )
    given.happened(
        PROBLEM,
        ProblemRaised(
            partner=PartnerId("enterprise"),
            title="用电不足",
            detail=Sealed("enterprise", "详情"),
            contact_name=None,
            contact_phone=None,
            raised_on=date(2011, 6, 1),
            by=OFFICER.person,
        ),
    )
    return given


YEAR = "calendar-year"


def counted(given: Given) -> None:
    """The due date was counted to a day that a notice has made a holiday since."""
    matter = given.states[MATTER]
    given.states[MATTER] = replace(matter, counted_to=date(2011, 10, 1), provisional=True)
    given.states[YEAR] = CalendarYear(year=2011, holidays=(date(2011, 10, 1),), make_ups=(), number="示例〔2010〕1号")


def steps(given: Given) -> dict[str, tuple[Any, Actor]]:
    """A good example of every command on an existing commitment, and who issues it."""
    today = given.today
    return {
        "register_commitment": (RegisterCommitment(note="同意"), LEADER),
        "publish_commitment": (PublishCommitment(wording="改造住房一百二十户"), VETTER),
        "amend_wording": (AmendWording(wording="改造住房120户", reason="数字写法"), VETTER),
        "withdraw_wording": (WithdrawWording(reason="数字有误"), LEADER),
        "assign_commitment": (AssignCommitment(instruction="请抓紧办理"), DISPATCHER),
        "acknowledge_commitment": (AcknowledgeCommitment(), OFFICER),
        "ask_return": (AskReturn(reason="不属本单位职责"), OFFICER),
        "rule_on_return": (RuleOnReturn(reason="属职责范围"), DISPATCHER),
        "reassign_commitment": (ReassignCommitment(unit=SECOND_UNIT, reason="机构调整"), DISPATCHER),
        "add_supporting_unit": (AddSupportingUnit(unit=THIRD_UNIT, reason="共同办理"), DISPATCHER),
        "remove_supporting_unit": (RemoveSupportingUnit(unit=SECOND_UNIT, reason="任务完成"), DISPATCHER),
        "record_follow_up": (RecordFollowUp(note="完成三十户", quantity=30), OFFICER),
        "ask_extension": (AskExtension(due_on=date(2011, 12, 31), reason="雨季停工"), OFFICER),
        "rule_on_extension": (RuleOnExtension(granted=True, reason="情况属实"), SUPERVISOR),
        "propose_deferral": (ProposeDeferral(measures="分期实施", until=today + timedelta(days=60)), DISPATCHER),
        "rule_on_deferral": (RuleOnDeferral(granted=True, reason="同意挂账"), LEADER),
        "suspend_commitment": (SuspendCommitment(ground="等待规划", until=today + timedelta(days=30)), DISPATCHER),
        "resume_commitment": (ResumeCommitment(reason="条件具备"), DISPATCHER),
        "recalculate_due": (RecalculateDue(notice=CalendarYearId(YEAR)), DISPATCHER),
        "report_fulfilment": (ReportFulfilment(quantity=120, note="全部完成", evidence=(photo(given),)), HEAD),
        "order_redo": (OrderRedo(reason="两户未完工"), SUPERVISOR),
        "record_call_back": (RecordCallBack(answer=Answer.SOLVED, comment="修好了"), CALLER),
        "record_site_check": (RecordSiteCheck(finding=Finding.AS_REPORTED, note="现场属实"), SECOND_SUPERVISOR),
        "verify_commitment": (VerifyCommitment(quantity=120), SUPERVISOR),
        "close_commitment": (CloseCommitment(outcome=Outcome.FULFILLED, note="同意销号"), SECOND_LEADER),
        "recheck_commitment": (RecheckCommitment(kept=True, note="使用良好"), INSPECTOR),
        "terminate_commitment": (TerminateCommitment(ground="并入其他事项", told_on=today), DISPATCHER),
    }


PATHS: dict[Stage, tuple[str, ...]] = {
    Stage.PROPOSED: (),
    Stage.REGISTERED: ("register_commitment",),
    Stage.ASSIGNED: ("register_commitment", "assign_commitment"),
    Stage.RETURN_ASKED: ("register_commitment", "assign_commitment", "ask_return"),
    Stage.IN_PROGRESS: ("register_commitment", "assign_commitment", "acknowledge_commitment"),
}
_GOING = PATHS[Stage.IN_PROGRESS]
_REPORTED = (*_GOING, "report_fulfilment")
_VERIFIED = (*_REPORTED, "record_call_back", "verify_commitment")
PATHS |= {
    Stage.DEFERRED: (*_GOING, "propose_deferral", "rule_on_deferral"),
    Stage.SUSPENDED: (*_GOING, "suspend_commitment"),
    Stage.REPORTED: _REPORTED,
    Stage.VERIFIED: _VERIFIED,
    Stage.CLOSED: (*_VERIFIED, "close_commitment"),
    Stage.ARCHIVED: (*_VERIFIED, "close_commitment", "wait", "recheck_commitment"),
    Stage.TERMINATED: ("register_commitment", "terminate_commitment"),
}


def step(given: Given, *names: str, stream: str = MATTER) -> list[Any]:
    """Takes the example steps; `wait` lets 30 days pass. Returns the events of the last one."""
    events: list[Any] = []
    for name in names:
        if name == "wait":
            given.later(days=30)
            continue
        command, by = steps(given)[name]
        events = given.when(command, stream, by=by)
    return events


def at(stage: Stage, **terms: Any) -> Given:
    """The commitment in a stage; `terms` are laid over the proposal."""
    given = ledger()
    given.when(replace(PROPOSAL, **terms), MATTER, by=SUPERVISOR)
    step(given, *PATHS[stage])
    assert state(given).stage is stage
    return given


def state(given: Given, stream: str = MATTER) -> Commitment:
    found: Commitment = given.states[stream]
    return found


def move_to(given: Given, day: date) -> None:
    given.now = noon(day)
