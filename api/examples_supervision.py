"""The part of the life the examples tell in which a unit is inspected, objects and puts it right."""

from typing import Any

from api.examples_resources import Teller


def supervision(told: Teller) -> None:
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
