"""What the tests of supervision share: an inspection of a commitment and a policy in two units, and how far it is."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

from field import HEAD, LEADER, OTHER_UNIT, SECOND_SUPERVISOR, SUPERVISOR, UNIT
from given import TODAY, Given, person
from matter import MATTER, POLICY, PROPOSAL, SECOND_LEADER, THIRD_SUPERVISOR, ledger

from domain.actor import Actor, Role
from domain.commitment_terms import Mandate
from domain.conclusion_issuing import DeliverConclusion, IssueConclusion
from domain.conclusion_review import ObjectToConclusion
from domain.conclusion_terms import Verdict, Wording
from domain.ids import CommitmentId, InspectionId
from domain.inspection_conduct import GiveInspectionNotice, RecordInspectionVisit, SubmitSelfCheck
from domain.inspection_events import Method
from domain.inspection_planning import AmendInspection, ApproveInspection, Plan, PlanInspection
from domain.person import PersonEnrolled
from domain.sealed import Sealed

INSPECTION, CONCLUSION = InspectionId("inspection"), "conclusion"
STARTS, ENDS = date(2011, 6, 13), date(2011, 6, 30)
UNIT_SUPERVISOR = person("unit-supervisor", Role.SUPERVISOR, unit=UNIT)
UNIT_LEADER = person("unit-leader", Role.LEADER, unit=UNIT)

PLAN = PlanInspection(
    title="住房改造落实情况督查",
    mandate=Mandate.GOVERNMENT,
    units=(UNIT, OTHER_UNIT),
    team=(SUPERVISOR.person, SECOND_SUPERVISOR.person),
    methods=(Method.SELF_CHECK, Method.SITE_VISIT, Method.UNANNOUNCED),
    scope="改造进度与质量",
    starts_on=STARTS,
    ends_on=ENDS,
    commitments=(CommitmentId(MATTER),),
    policies=(POLICY,),
)
AMEND = AmendInspection(**{field.name: getattr(PLAN, field.name) for field in fields(Plan)}, reason="增加一个月")
APPROVE = ApproveInspection(reference="太政督批〔2011〕3号", note="同意")
NOTICE = GiveInspectionNotice(unit=UNIT, notice="定于本月开展督查", self_check_by=date(2011, 6, 20))
SELF_CHECK = SubmitSelfCheck(unit=UNIT, findings="完成九十户")
VISIT = RecordInspectionVisit(
    unit=UNIT, visited_on=TODAY, unannounced=False, note="抽查十户", resident_note="屋顶仍漏水"
)
WORDING = Wording(verdict=Verdict.PARTLY, facts="一百二十户完成九十户", items=("补齐三十户", "返修屋顶"))
CONCLUDE = IssueConclusion(inspection=INSPECTION, unit=UNIT, wording=WORDING, authors=(SECOND_SUPERVISOR.person,))
DELIVER = DeliverConclusion(received_on=TODAY)
OBJECT = ObjectToConclusion(grounds="三十户不在计划内")


def field() -> Given:
    """The matter of `matter.py` proposed, and everyone enrolled who may be in a team."""
    given = ledger()
    for actor in (SUPERVISOR, SECOND_SUPERVISOR, THIRD_SUPERVISOR, LEADER, SECOND_LEADER, UNIT_SUPERVISOR):
        given.happened(
            actor.person,
            PersonEnrolled(
                name=Sealed(actor.person, "某人"), title="科员", roles=tuple(sorted(actor.roles)), unit=actor.unit
            ),
        )
    given.when(replace(PROPOSAL), MATTER, by=SUPERVISOR)
    return given


def walked(given: Given, *steps: tuple[Any, str, Actor]) -> Given:
    for command, stream, by in steps:
        given.when(command, stream, by=by)
    return given


def planned(**changes: Any) -> Given:
    return walked(field(), (replace(PLAN, **changes), INSPECTION, SUPERVISOR))


def approved(**changes: Any) -> Given:
    return walked(planned(**changes), (APPROVE, INSPECTION, LEADER))


def noticed() -> Given:
    return walked(approved(), (NOTICE, INSPECTION, SUPERVISOR))


def visited() -> Given:
    return walked(noticed(), (VISIT, INSPECTION, SUPERVISOR))


def concluded() -> Given:
    return walked(visited(), (CONCLUDE, CONCLUSION, SUPERVISOR))


def delivered() -> Given:
    return walked(concluded(), (DELIVER, CONCLUSION, SUPERVISOR))


def objected() -> Given:
    return walked(delivered(), (OBJECT, CONCLUSION, HEAD))
