"""What is taken back: a conclusion that the review revokes, and with it the order, the listing and the talk that rested
on it; an inspection, first amended, a round of appraisal, a link between two requests; and a matter taken up again."""

from datetime import date
from typing import Any

from cli.demonstration import names
from cli.demonstration.appraisal import INVITED
from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.inspections import ITEMS, Case, Inspecting, on
from cli.demonstration.script import HOTLINE, Script
from cli.demonstration.worktime import at
from cli.demonstration.world import World

START = date(2011, 10, 10)
UNIT = "TY"


def take_back(script: Script, world: World, files: Files) -> None:
    told = Chapter(script, world, "taken back")
    _supervision(Inspecting(told, files))
    _cancelled(Inspecting(told, files))
    _round(told)
    _linked(told)
    _matter(told)


def _supervision(told: Inspecting) -> None:
    policy = min((one for one in told.told.world.policies if one.since < START), key=lambda one: one.paper.number)
    inspection, team = told.plan(policy, [UNIT], START)
    told.approve(inspection, on(START, 1))
    case = told.look(inspection, team, UNIT, on(START, 2), [ITEMS[0]])
    closing = {"conclusions": [case.conclusion], "note": "督查结束，结论已反馈。"}
    told.say(on(case.on, 1), team[0], "close_inspection", closing, inspection)
    order = told.order(case, 1, on(case.on, 1))
    listed = {"rectification": order, "reference": told.number("挂"), "reason": "群众反映强烈"}
    listed |= {"due_on": str(on(case.on, 15))}
    listing = told.say(on(case.on, 2), told.leaders[0], "list_matter", listed)
    _talk(told, case)
    decided = told.object(case, "revoked")
    for person, command, stream in (
        (told.leaders[1], "withdraw_listing", listing),
        (told.leaders[0], "withdraw_rectification", order),
    ):
        told.say(on(decided, 1), person, command, {"reason": "复核已撤销督查结论"}, stream)


def _talk(told: Inspecting, case: Case) -> None:
    summons = {
        "unit": told.unit_of(case.unit),
        "person": told.told.one("unit_head", case.unit),
        "conclusion": case.conclusion,
        "reference": told.number("约"),
        "reason": "说明名册签收情况",
        "planned_on": str(on(case.on, 8)),
    }
    talk = told.say(on(case.on, 3), told.leaders[0], "summon_to_talk", summons)
    told.say(on(case.on, 7), told.leaders[0], "call_off_talk", {"reason": "该单位已提出异议，待复核后再定"}, talk)


def _cancelled(told: Inspecting) -> None:
    policy = max((one for one in told.told.world.policies if one.since < START), key=lambda one: one.paper.number)
    inspection, team = told.plan(policy, ["SF"], on(START, 5))
    told.approve(inspection, on(START, 6))
    later = {
        "title": f"{policy.paper.title}落实情况督查",
        "team": team,
        "methods": ["records", "site_visit"],
        "scope": "政策兑现情况",
        "policies": [policy.id],
        "starts_on": str(on(START, 9)),
        "ends_on": str(on(START, 25)),
        "reason": "该单位正在接受审计，顺延一周",
    }
    told.say(on(START, 7), team[0], "amend_inspection", later, inspection)
    told.approve(inspection, on(START, 8))
    told.say(on(START, 10), told.leaders[0], "cancel_inspection", {"reason": "与上级专项检查合并"}, inspection)


def _round(told: Chapter) -> None:
    """A round for which the year leaves no time."""
    supervisor, leader = told.world.holding("supervisor")[0], told.world.holding("leader")[0]
    body = {
        "title": "服务窗口评议",
        "year": 2011,
        "units": [told.world.units["SX"]],
        "forms": ["satisfaction"],
        "residents": INVITED,
        "enterprises": INVITED,
    }
    round_ = told.script.act(at(date(2011, 12, 5), 9), supervisor, "open_appraisal", body)
    reason = {"reason": "年内无法完成，并入明年评议"}
    told.script.act(at(date(2011, 12, 14), 9), leader, "abandon_appraisal", reason, stream=round_)


def _linked(told: Chapter) -> None:
    """Two requests taken for one; the second turns out to be another matter and goes its own way."""
    day, unit = date(2011, 6, 7), told.world.units["SL"]
    dispatcher, officer = told.one("dispatcher"), told.one("unit_officer", "SL")

    def raised(minute: int, title: str) -> str:
        body = {
            "kind": "complaint",
            "way": "hotline",
            "protection": "confidential",
            "title": title,
            "detail": "雨后积水，出入不便。",
            "urgency": "general",
            "region": "320585",
            "name": names.person(told.random),
            "phone": names.phone(told.random),
        }
        caller = told.one("caller")
        moment = at(day, 9, minute)
        return told.script.act(moment, caller, "raise_request", body, client=HOTLINE, channel="hotline")

    def say(days: int, person: str, command: str, body: dict[str, Any], stream: str) -> None:
        told.script.act(at(on(day, days), 10, 5 if stream == second else 0), person, command, body, stream=stream)

    first, second = raised(0, "小区东门积水"), raised(10, "小区西门积水")
    say(1, dispatcher, "link_request", {"main": first, "reason": "同一小区积水"}, second)
    say(2, dispatcher, "unlink_request", {"reason": "两处管网不同，分别办理"}, second)
    for request in (first, second):
        say(3, dispatcher, "dispatch_request", {"unit": unit}, request)
        say(4, officer, "acknowledge_request", {}, request)
        answer = {"resolution": "solved", "note": "已疏通管网。", "reply": "积水处已疏通，雨后再查看。"}
        say(6, officer, "answer_request", answer, request)
        say(8, told.world.holding("caller")[0], "call_back_request", {"answer": "solved"}, request)
        say(9, told.world.holding("supervisor")[0], "close_request", {"note": "同意办结"}, request)


def _matter(told: Chapter) -> None:
    """About conduct, in confidence; a third handler is named, and the second finds the first conclusion wanting."""
    day = date(2011, 5, 11)
    first, second, third = told.random.sample(told.world.holding("supervisor"), 3)
    report = {
        "about": told.world.units["CG"],
        "words": "执法人员在店内拿烟不付钱。",
        "handlers": [first, second],
        "name": names.person(told.random),
        "phone": names.phone(told.random),
    }
    caller = told.one("caller")
    matter = told.script.act(at(day, 9), caller, "report_conduct", report, client=HOTLINE, channel="hotline")
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (first, "name_handlers", {"handlers": [first, second, third], "reason": "需走访多家店铺"}),
        (third, "note_matter", {"words": "走访六家店铺，两家证实。"}),
        (first, "conclude_matter", {"ruling": "unfounded", "words": "当事人否认，未查实。"}),
        (second, "resume_matter", {"words": "未采信店主证言，继续核查。"}),
        (first, "conclude_matter", {"ruling": "substantiated", "words": "属实，移交纪检部门处理。"}),
        (second, "close_matter", {"words": "同意结论。"}),
    )
    for number, (who, command, said) in enumerate(steps, 1):
        told.script.act(at(on(day, 3 * number), 15), who, command, said, stream=matter)
