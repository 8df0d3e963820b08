"""Requests of residents through the year, each with its own turn of events, and two reports about conduct."""

from datetime import date
from typing import Any

from cli.demonstration import names
from cli.demonstration.chapter import Chapter
from cli.demonstration.script import HOTLINE, PLATFORM, SERVICE_LEDGER, Script
from cli.demonstration.worktime import day_in, days_on, office_moment
from cli.demonstration.world import World

TURNS = {
    "solved": 14,
    "first_receiver": 6,
    "redone": 5,
    "redone_thrice": 1,
    "returned": 3,
    "without_lead": 1,
    "anonymous": 4,
    "linked": 3,
    "explained": 3,
    "withdrawn": 2,
}
LATEST = date(2011, 9, 30)
PROGRAMME = "12345热线"
TOPICS = (
    ("difficulty", "村口路灯不亮，夜间出行不便", "JT", "更换灯具并接通电源。"),
    ("difficulty", "独居老人家中漏雨，无力修缮", "MZ", "纳入危房修缮，已完工。"),
    ("opinion", "建议增加早高峰公交班次", "GJ", "加密早高峰班次。"),
    ("complaint", "小区门前排水不畅，多次反映未修", "SL", "疏通管网并增设雨水口。"),
    ("complaint", "办理社保转移往返多次", "RS", "一次性告知，当场办结。"),
)
DETAILS = ("已多次反映，盼早日解决。", "老人夜里看不清路，摔过一跤。", "邻居们都有同样的困难。")


class _Case:
    """One request on its way; every step stands on a working day of its own."""

    def __init__(self, told: Chapter, day: date, protection: str) -> None:
        self.told = told
        self.random = told.random
        self.day = day
        self.kind, self.title, self.unit, self.done = self.random.choice(TOPICS)
        self.protection = protection
        self.stream = ""

    def say(self, role: str, command: str, body: dict[str, Any], unit: str | None = None) -> None:
        self.by(self.told.one(role, unit), command, body, SERVICE_LEDGER if unit is not None else PLATFORM)

    def by(self, person: str, command: str, body: dict[str, Any], client: str = PLATFORM) -> None:
        self.day = days_on(self.day, self.random.randint(1, 2)) or self.day
        moment = office_moment(self.random, self.day)
        self.told.script.act(moment, person, command, body, stream=self.stream, client=client, programme=PROGRAMME)

    def raised(self, unit: str | None = None) -> None:
        """At the hotline, or at the window of a unit."""
        named = (
            {}
            if self.protection == "anonymous"
            else {
                "name": names.person(self.random),
                "phone": names.phone(self.random),
            }
        )
        body = {
            "kind": self.kind,
            "way": "hotline" if unit is None else "window",
            "protection": self.protection,
            "title": self.title,
            "detail": self.random.choice(DETAILS),
            "urgency": "general",
            "region": "320585",
            **named,
        }
        self.stream = self.told.script.act(
            office_moment(self.random, self.day),
            self.told.one("caller" if unit is None else "unit_officer", unit),
            "raise_request",
            body,
            client=HOTLINE if unit is None else SERVICE_LEDGER,
            channel="hotline" if unit is None else "window",
            programme=PROGRAMME,
        )

    def dispatched(self, unit: str | None = None) -> None:
        self.say("dispatcher", "dispatch_request", {"unit": self.told.world.units[unit or self.unit]})

    def led(self) -> None:
        self.say("unit_officer", "acknowledge_request", {}, self.unit)

    def answered(self, resolution: str = "solved") -> None:
        body = {"resolution": resolution, "note": self.done, "reply": "您反映的事项已办理，详情请见答复。"}
        self.say("unit_officer", "answer_request", body, self.unit)

    def asked(self, answer: str = "solved") -> None:
        self.say("caller", "call_back_request", {"answer": answer})

    def closed(self) -> None:
        self.say("supervisor", "close_request", {"note": "同意办结"})

    def finished(self, redos: int = 0) -> None:
        """From the acknowledgement to the end."""
        self.led()
        for _ in range(redos):
            self.answered()
            self.asked("unsolved")
            self.say("supervisor", "redo_request", {"reason": "群众反映尚未解决"})
        self.answered()
        self.asked()
        self.closed()


def raise_requests(script: Script, world: World) -> None:
    told = Chapter(script, world, "requests")
    for turn, count in TURNS.items():
        for _ in range(count):
            _life(told, turn)
    for day in (date(2011, 4, 7), date(2011, 8, 18)):
        _report(told, day)


def _life(told: Chapter, turn: str) -> None:
    protection = "anonymous" if turn == "anonymous" else told.random.choice(("named", "confidential"))
    case = _Case(told, day_in(told.random, date(2011, 2, 10), LATEST), protection)
    case.raised(case.unit if turn == "first_receiver" else None)
    match turn:
        case "first_receiver":
            case.say("unit_officer", "take_on_request", {}, case.unit)
            case.answered()
            case.asked("unreachable")
            case.asked()
            case.closed()
        case "returned":
            other = _other(told, case.unit)
            case.dispatched(other)
            case.say("unit_officer", "ask_request_return", {"reason": "不属本单位职责"}, other)
            case.say("dispatcher", "rule_on_request_return", {"granted": True, "reason": "情况属实"})
            case.dispatched()
            case.finished()
        case "without_lead":
            case.dispatched(_other(told, case.unit))
            for unit in (case.unit, _other(told, case.unit)):
                body = {"unit": told.world.units[unit], "reason": "职责交叉，商请办理"}
                case.say("dispatcher", "reassign_request", body)
            body = {"unit": told.world.units[case.unit], "reason": "指定牵头办理"}
            case.say("leader", "reassign_request", body)
            case.finished()
        case "linked":
            _linked(told, case)
        case "withdrawn":
            case.say("supervisor", "withdraw_request", {"reason": "本人来电撤回"})
        case _:
            case.dispatched()
            _ended(case, turn)


def _ended(case: _Case, turn: str) -> None:
    match turn:
        case "anonymous":
            case.led()
            case.answered()
            first, second = case.random.sample(case.told.world.holding("supervisor"), 2)
            case.by(first, "check_request", {"finding": "as_reported", "note": "实地查看，情况属实"})
            case.by(second, "close_request", {"note": "同意办结"})
        case "explained":
            case.led()
            case.answered("explained")
            case.asked("unsolved")
            case.closed()
        case _:
            case.finished({"redone": 1, "redone_thrice": 3}.get(turn, 0))


def _linked(told: Chapter, main: _Case) -> None:
    """Two people, one matter: both are asked."""
    same = _Case(told, main.day, "confidential")
    same.kind, same.title, same.unit, same.done = main.kind, main.title, main.unit, main.done
    same.raised()
    same.say("dispatcher", "link_request", {"main": main.stream, "reason": "同一地点同一事项"})
    main.dispatched()
    main.finished()
    same.day = main.day
    same.say("dispatcher", "answer_linked_request", {"note": "与主件一并办理", "reply": "您反映的事项已办理。"})
    same.asked()
    same.closed()


def _other(told: Chapter, unit: str) -> str:
    return told.random.choice([code for _, _, code, _ in TOPICS if code != unit])


def _report(told: Chapter, day: date) -> None:
    """About conduct, in confidence."""
    random = told.random
    first, second = random.sample(told.world.holding("supervisor"), 2)
    body = {
        "about": told.world.units[random.choice(TOPICS)[2]],
        "words": "办事拖延，暗示须请客送礼。",
        "handlers": [first, second],
        "name": names.person(random),
        "phone": names.phone(random),
    }
    moment = office_moment(random, day)
    matter = told.script.act(moment, told.one("caller"), "report_conduct", body, client=HOTLINE, channel="hotline")
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (first, "note_matter", {"words": "已调取窗口叫号记录和监控。"}),
        (first, "conclude_matter", {"ruling": "partly", "words": "拖延属实，未发现请客送礼。"}),
        (second, "close_matter", {"words": "同意结论，已约谈当事人。"}),
    )
    for who, command, said in steps:
        day = days_on(day, 3) or day
        told.script.act(office_moment(random, day), who, command, said, stream=matter)
