"""The part of the life the examples tell in which residents ask for something."""

from typing import Any

from api.examples_resources import Teller


def requests(told: Teller) -> None:
    told.on("2011-05-16")
    roads, civil = told.ids["roads"], told.ids["civil"]
    raised: dict[str, Any] = {
        "kind": "difficulty",
        "way": "hotline",
        "protection": "confidential",
        "title": "村口路灯不亮",
        "detail": "夜里老人看不清路",
        "urgency": "general",
        "region": "320585100201",
    }
    told.tell("raise_request", "caller", "lamps", **raised, name="示例群众", phone="000-0000")
    told.tell("dispatch_request", "dispatcher", "lamps", unit=civil, instruction="请先核实权属")
    told.tell("reassign_request", "dispatcher", "lamps", unit=roads, reason="路灯由交通局管养")
    told.tell("ask_request_return", "officer", "lamps", reason="该路段已移交")
    told.tell("rule_on_request_return", "dispatcher", "lamps", granted=False, reason="移交尚未完成")
    told.tell("acknowledge_request", "officer", "lamps")

    anonymous = {**raised, "protection": "anonymous"}
    told.tell("raise_request", "caller", "same lamps", **anonymous)
    told.tell("link_request", "dispatcher", "same lamps", main=told.ids["lamps"], reason="同一路段")
    told.tell("unlink_request", "dispatcher", "same lamps", reason="先行核对")
    told.tell("link_request", "dispatcher", "same lamps", main=told.ids["lamps"], reason="核对为同一路段")

    answer = {"resolution": "solved", "note": "更换灯具并接通电源", "reply": "路灯已修好"}
    told.tell("answer_request", "officer", "lamps", **answer)
    told.tell("call_back_request", "caller", "lamps", answer="unsolved", words="还有两盏不亮")
    told.tell("redo_request", "supervisor", "lamps", reason="尚有两盏未修复")
    told.tell("answer_request", "officer", "lamps", **answer)
    told.tell("call_back_request", "caller", "lamps", answer="solved", words="都亮了")
    told.tell("close_request", "supervisor", "lamps", note="同意办结")
    passed_on = {"note": "与主件一并办理", "reply": "路灯已修好"}
    told.tell("answer_linked_request", "dispatcher", "same lamps", **passed_on)
    told.tell("check_request", "second", "same lamps", finding="as_reported", note="夜间查看，均已点亮")
    told.tell("close_request", "supervisor", "same lamps")

    told.tell("raise_request", "caller", "bridge", **{**anonymous, "title": "村道桥面破损"})
    told.tell("dispatch_request", "dispatcher", "bridge", unit=roads)
    told.tell("acknowledge_request", "officer", "bridge")
    told.tell("propose_commitment", "supervisor", "new bridge", 2, **_bridge(told))
    told.tell("register_commitment", "leader", "new bridge")
    told.tell(
        "promise_request", "dispatcher", "bridge", commitment=told.ids["new bridge"], reply="年内翻修，届时告知结果"
    )

    named = {**raised, "protection": "named", "name": "示例群众", "kind": "opinion", "way": "window"}
    told.tell("raise_request", "officer", "opinion", **named, partner=told.ids["village"])
    told.tell("take_on_request", "officer", "opinion")
    told.tell("withdraw_request", "supervisor", "opinion", reason="本人撤回")

    chosen = [told.ids[name] for name in ("supervisor", "second")]
    told.tell("report_conduct", "caller", "matter", about=civil, words="办事窗口拖延并暗示送礼", handlers=chosen)
    told.tell("note_matter", "supervisor", "matter", words="已调取窗口叫号记录")
    handlers = [*chosen, told.ids["leader"]]
    told.tell("name_handlers", "second", "matter", handlers=handlers, reason="请分管领导一并办理")
    told.tell("conclude_matter", "supervisor", "matter", ruling="unclear", words="记录不全，未能查实")
    told.tell("resume_matter", "leader", "matter", words="请再访谈当日办事人员")
    told.tell("conclude_matter", "supervisor", "matter", ruling="partly", words="拖延属实，未发现送礼")
    told.tell("close_matter", "leader", "matter", words="同意结论")


def _bridge(told: Teller) -> dict[str, Any]:
    return {
        "title": "翻修村道危桥",
        "answers": [told.ids["bridge"]],
        "lead_unit": told.ids["roads"],
        "quantity": 1,
        "measure": "座",
        "starts_on": "2011-05-16",
        "due_on": "2011-12-20",
        "basis": "12345热线转办",
        "mandate": "hotline",
        "urgency": "general",
        "recurrence": "one_off",
        "aid": "capacity",
        "region": "320585",
    }
