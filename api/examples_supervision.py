"""The part of the life the examples tell in which a unit is inspected, objects and puts it right."""

from collections.abc import Mapping
from typing import Any

from api.examples_resources import Teller


def supervision(told: Teller, files: list[Mapping[str, Any]]) -> None:
    """`files`: lodged evidence."""
    _inspected(told)
    _put_right(told, files)
    _made_known(told)


def _inspected(told: Teller) -> None:
    told.on("2011-05-12")
    roads, civil, policy = told.ids["roads"], told.ids["civil"], told.ids["policy"]
    plan: dict[str, Any] = {
        "title": "农村道路建设督查",
        "mandate": "government",
        "units": [roads],
        "team": [told.ids["supervisor"]],
        "methods": ["self_check", "site_visit", "unannounced"],
        "scope": "道路硬化进度与质量",
        "starts_on": "2011-05-12",
        "ends_on": "2011-06-30",
        "policies": [policy],
    }
    told.tell("plan_inspection", "supervisor", "inspection", **plan)
    kept = {name: value for name, value in plan.items() if name not in {"mandate", "units"}}
    amended = {**kept, "scope": "道路硬化进度、质量和管护", "reason": "增加管护情况"}
    told.tell("amend_inspection", "supervisor", "inspection", **amended)
    told.tell("approve_inspection", "leader", "inspection", reference="示政督批〔2011〕1号", note="同意")
    told.tell("plan_inspection", "supervisor", "refused inspection", **{**plan, "units": [civil]})
    told.tell("refuse_inspection", "leader", "refused inspection", reason="该单位上月已接受督查")
    told.tell("admit_second_inspection", "leader", "inspection", reason="省级专项督查，期限不能调整")
    told.tell("plan_inspection", "second", "second inspection", **plan, beside=told.ids["inspection"])
    told.tell("cancel_inspection", "leader", "second inspection", reason="并入第一次督查")
    told.tell(
        "give_inspection_notice",
        "supervisor",
        "inspection",
        unit=roads,
        notice="定于五月中旬开展督查",
        self_check_by="2011-05-20",
    )
    told.tell("submit_self_check", "head", "inspection", unit=roads, findings="硬化十二公里，一处待修")
    told.tell(
        "record_inspection_visit",
        "supervisor",
        "inspection",
        unit=roads,
        visited_on="2011-05-12",
        unannounced=False,
        note="抽查三处，一处路面开裂",
        resident_note="雨后积水",
    )
    wording = {"verdict": "partly", "facts": "硬化十二公里，一处开裂", "items": ["修补开裂路面", "完善排水"]}
    told.tell(
        "issue_conclusion",
        "supervisor",
        "conclusion",
        inspection=told.ids["inspection"],
        unit=roads,
        wording=wording,
    )
    told.tell("close_inspection", "supervisor", "inspection", conclusions=[told.ids["conclusion"]], note="督查结束")
    told.tell("deliver_conclusion", "supervisor", "conclusion", received_on="2011-05-12")
    ordered = {"conclusion": told.ids["conclusion"], "due_on": "2011-05-31"}
    told.tell("order_rectification", "supervisor", "rectification", **ordered, item=1)
    told.tell("order_rectification", "supervisor", "withdrawn rectification", **ordered, item=2)
    told.tell("object_to_conclusion", "head", "conclusion", grounds="排水不在本局职责内")
    told.tell("recuse_from_review", "second", "conclusion", reason="曾任该局副局长")
    told.tell(
        "decide_review",
        "leader",
        "conclusion",
        decision="amended",
        reason="排水由水务部门负责",
        wording={**wording, "items": ["修补开裂路面"]},
    )
    told.tell("use_result", "leader", "conclusion", use="assessment", reference="示考〔2011〕2号", note="纳入年度考核")


def _put_right(told: Teller, files: list[Mapping[str, Any]]) -> None:
    crack, drain = "rectification", "withdrawn rectification"
    submission = {"note": "已铣刨重铺", "evidence": files}
    told.tell("submit_rectification", "officer", crack, **submission)
    told.tell("reject_rectification", "supervisor", crack, reason="接缝不平", due_on="2011-06-30")
    told.tell(
        "list_matter",
        "leader",
        "listing",
        rectification=told.ids[crack],
        reference="示督挂〔2011〕1号",
        reason="一次整改未通过",
        due_on="2011-06-30",
    )
    told.tell("submit_rectification", "officer", crack, **submission)
    told.tell("verify_rectification", "second", crack, note="现场复核平整", evidence=files)
    told.tell("lift_listing", "supervisor", "listing", note="整改核验通过")
    told.tell(
        "enrol_person", "security_admin", "second leader", name="分管领导乙", title="示例市市长助理", roles=["leader"]
    )
    told.tell(
        "list_matter",
        "leader",
        "listing withdrawn",
        rectification=told.ids[drain],
        reference="示督挂〔2011〕2号",
        reason="排水问题反复",
        due_on="2011-06-30",
    )
    told.tell("withdraw_listing", "second leader", "listing withdrawn", reason="复核已变更结论")
    told.tell("withdraw_rectification", "leader", drain, reason="复核已变更结论")


def _made_known(told: Teller) -> None:
    ground = {"unit": told.ids["roads"], "person": told.ids["head"], "conclusion": told.ids["conclusion"]}
    summons = {**ground, "reference": "示督约〔2011〕1号", "reason": "工程质量问题", "planned_on": "2011-05-13"}
    told.tell("summon_to_talk", "leader", "talk", **summons)
    told.tell(
        "record_talk",
        "supervisor",
        "talk",
        held_on="2011-05-12",
        minutes="说明开裂原因与责任分工",
        undertakings="六月底前全面排查",
    )
    told.tell("summon_to_talk", "leader", "talk called off", **summons)
    told.tell("call_off_talk", "leader", "talk called off", reason="已约谈")
    draft = {
        "title": "农村道路建设督查情况通报",
        "tone": "report",
        "units": [told.ids["roads"]],
        "conclusions": [told.ids["conclusion"]],
        "body": "硬化十二公里，一处开裂已整改。",
    }
    told.tell("draft_circular", "supervisor", "circular", number="示督通〔2011〕1号", **draft)
    told.tell("issue_circular", "leader", "circular")
    told.tell("draft_circular", "supervisor", "circular dropped", number="示督通〔2011〕2号", **draft)
    told.tell("withdraw_circular", "leader", "circular dropped", reason="与1号重复")
