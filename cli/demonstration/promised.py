"""A difficulty that takes longer than an answer: a commitment is promised in answer to it, and the request is answered
when that is closed."""

from datetime import date
from typing import Any

from cli.demonstration import names
from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.script import HOTLINE, Script
from cli.demonstration.worktime import at
from cli.demonstration.world import World

LEAD = "CG"


def promise_in_answer(script: Script, world: World, files: Files) -> None:
    told = Chapter(script, world, "promised")
    supervisors, leaders = world.holding("supervisor"), world.holding("leader")
    dispatcher, caller = world.holding("dispatcher")[0], world.holding("caller")[0]
    officer, head = world.holding("unit_officer", LEAD)[0], world.holding("unit_head", LEAD)[0]
    raised = {
        "kind": "difficulty",
        "way": "hotline",
        "protection": "named",
        "title": "菜场周边流动摊点占道，出行困难",
        "detail": "早市占满车道，老人买菜绕行。",
        "urgency": "general",
        "region": "320585",
        "name": names.person(told.random),
        "phone": names.phone(told.random),
    }
    request = script.act(at(date(2011, 7, 5), 9), caller, "raise_request", raised, client=HOTLINE, channel="hotline")
    promise = {
        "title": "设置疏导点安置流动摊点",
        "answers": [request],
        "lead_unit": world.units[LEAD],
        "quantity": 40,
        "measure": "个",
        "starts_on": "2011-07-07",
        "due_on": "2011-09-30",
        "basis": "群众诉求",
        "mandate": "hotline",
        "urgency": "general",
        "recurrence": "one_off",
        "aid": "capacity",
        "region": "320585",
    }
    proposed = at(date(2011, 7, 7), 9)
    commitment = script.act(proposed, supervisors[0], "propose_commitment", promise)
    picture = files.picture(told.random, at(date(2011, 9, 13), 9))
    steps: tuple[tuple[date, int, str, str, dict[str, Any], str], ...] = (
        (date(2011, 7, 5), 10, dispatcher, "dispatch_request", {"unit": world.units[LEAD]}, request),
        (date(2011, 7, 6), 9, officer, "acknowledge_request", {}, request),
        (date(2011, 7, 7), 10, leaders[0], "register_commitment", {"note": "同意立项。"}, commitment),
        (
            date(2011, 7, 7),
            11,
            dispatcher,
            "promise_request",
            {"commitment": commitment, "reply": "九月底前设置疏导点，办结后答复您。"},
            request,
        ),
        (date(2011, 7, 7), 14, dispatcher, "assign_commitment", {"instruction": "疏堵结合。"}, commitment),
        (date(2011, 7, 7), 15, officer, "acknowledge_commitment", {}, commitment),
        (
            date(2011, 9, 13),
            10,
            head,
            "report_fulfilment",
            {"quantity": 40, "note": "疏导点已启用。", "evidence": [picture]},
            commitment,
        ),
        (
            date(2011, 9, 14),
            10,
            supervisors[1],
            "record_site_check",
            {"finding": "as_reported", "note": "早市现场查看，车道已通。"},
            commitment,
        ),
        (date(2011, 9, 15), 10, supervisors[2], "verify_commitment", {"quantity": 40, "note": "属实。"}, commitment),
        (
            date(2011, 9, 15),
            15,
            leaders[1],
            "close_commitment",
            {"outcome": "fulfilled", "note": "同意销号。"},
            commitment,
        ),
        (
            date(2011, 9, 16),
            9,
            officer,
            "answer_request",
            {"resolution": "solved", "note": "设置疏导点。", "reply": "疏导点已启用，欢迎监督。"},
            request,
        ),
        (date(2011, 9, 19), 9, caller, "call_back_request", {"answer": "solved"}, request),
        (date(2011, 9, 20), 9, supervisors[0], "close_request", {"note": "同意办结"}, request),
    )
    for day, hour, person, command, body, stream in steps:
        script.act(at(day, hour), person, command, body, stream=stream)
