"""Inspections of the year: each quarter some policies, in two or three departments each. Most units put right what is
named; some object; one plan is refused, one matter is inspected a second time with a reason."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.script import Script
from cli.demonstration.units import OFFICES
from cli.demonstration.worktime import at, days_on, from_day, office_moment
from cli.demonstration.world import Issued, World

TITLES = {office.code: office.title for office in OFFICES}
STARTS = (date(2011, 3, 14), date(2011, 4, 18), date(2011, 5, 23), date(2011, 7, 11), date(2011, 8, 15))
UNDER_WAY = date(2011, 12, 5)
FACTS = (
    "抽查台账与现场，多数事项按序时进度推进，个别环节滞后。",
    "政策知晓率较高，资金拨付及时，基层反映良好。",
    "责任分工明确，但部分镇配套措施未到位。",
)
ITEMS = (
    "补齐发放名册签收手续",
    "公示栏未及时更新，限期更正",
    "配套资金尚未足额到位",
    "办事指南与现行政策不一致",
    "回访记录不完整",
)
SAID = ("办得比去年快。", "材料还是要跑两趟。", None)
GROUNDS = "该项职责已于年初划转，不应由本单位整改"


class Case(NamedTuple):
    """A conclusion on one unit."""

    conclusion: str
    unit: str
    """Office code."""
    items: list[str]
    on: date


class Inspecting:
    def __init__(self, told: Chapter, files: Files) -> None:
        self.told = told
        self.random = told.random
        self.files = files
        self.supervisors = told.world.holding("supervisor")
        self.leaders = told.world.holding("leader")
        self.numbers = iter(range(1, 1_000))

    def say(self, day: date, person: str, command: str, body: dict[str, Any], stream: str = "") -> str:
        """At some moment of that office day; steps of one case stand on different days."""
        return self.told.script.act(office_moment(self.random, day), person, command, body, stream=stream)

    def unit_of(self, code: str) -> str:
        return self.told.world.units[code]

    def number(self, kind: str) -> str:
        return f"太督{kind}〔2011〕{next(self.numbers)}号"

    def plan(self, policy: Issued, codes: list[str], day: date, **more: Any) -> tuple[str, list[str]]:
        """The inspection and its team."""
        team = self.random.sample(self.supervisors, 2)
        body = {
            "title": f"{policy.paper.title}落实情况督查",
            "mandate": self.random.choice(("government", "government", "party", "promise")),
            "policies": [policy.id],
            "units": [self.unit_of(code) for code in codes],
            "team": team,
            "methods": ["self_check", "site_visit", "unannounced", "records"],
            "scope": "政策兑现、资金拨付、群众知晓与满意情况",
            "starts_on": day.isoformat(),
            "ends_on": (day + timedelta(days=30)).isoformat(),
            **more,
        }
        return self.say(day, team[0], "plan_inspection", body), team

    def approve(self, inspection: str, day: date) -> None:
        body = {"reference": self.number("批"), "note": "同意，注意控制督查频次。"}
        self.say(day, self.leaders[0], "approve_inspection", body, inspection)

    def inspect(self, policy: Issued, codes: list[str], start: date) -> list[Case]:
        """From the plan to the conclusions."""
        inspection, team = self.plan(policy, codes, start)
        self.approve(inspection, on(start, 1))
        cases = [self.look(inspection, team, code, on(start, 2)) for code in codes]
        last = on(max(case.on for case in cases), 1)
        body = {"conclusions": [case.conclusion for case in cases], "note": "督查结束，结论已分别反馈。"}
        self.say(last, team[0], "close_inspection", body, inspection)
        return cases

    def look(self, inspection: str, team: list[str], code: str, day: date, found: list[str] | None = None) -> Case:
        """From the notice to the delivered conclusion; `found` are its items, else some."""
        random, unit = self.random, self.unit_of(code)
        notice = {"unit": unit, "notice": "请于通知之日起五个工作日内报送自查。", "self_check_by": str(on(day, 5))}
        self.say(day, team[0], "give_inspection_notice", notice, inspection)
        checked = on(day, random.randrange(2, 6))
        findings = {"unit": unit, "findings": "对照政策目标逐项自查，未发现虚报。"}
        self.say(checked, self.told.one("unit_head", code), "submit_self_check", findings, inspection)
        seen = on(checked, 1)
        visit = {
            "unit": unit,
            "visited_on": seen.isoformat(),
            "unannounced": random.random() < 0.4,  # noqa: PLR2004 - a share
            "note": "抽查三个村（社区）十户，核对名册与资金。",
            "resident_note": random.choice(SAID),
            "evidence": [self.files.picture(random, at(seen, 16))],
        }
        self.told.script.act(at(seen, 16, 30), team[1], "record_inspection_visit", visit, stream=inspection)
        items = random.sample(ITEMS, random.randrange(3)) if found is None else found
        wording = {
            "verdict": ("in_place", "partly", "not_in_place")[len(items)],
            "facts": random.choice(FACTS),
            "items": items,
        }
        body = {"inspection": inspection, "unit": unit, "wording": wording, "authors": [team[1]]}
        concluded = on(seen, 2)
        conclusion = self.say(concluded, team[0], "issue_conclusion", body)
        received = on(concluded, 1)
        self.say(received, team[0], "deliver_conclusion", {"received_on": received.isoformat()}, conclusion)
        return Case(conclusion, code, items, received)

    def object(self, case: Case, decision: str) -> date:
        """An objection, and a review by a leader, who is no author; the day of the decision."""
        day = on(case.on, 6)
        self.say(
            day, self.told.one("unit_head", case.unit), "object_to_conclusion", {"grounds": GROUNDS}, case.conclusion
        )
        aside = {"reason": "曾分管该单位工作"}
        self.say(on(day, 2), self.leaders[1], "recuse_from_review", aside, case.conclusion)
        body: dict[str, Any] = {"decision": decision, "reason": "经复核，以机构编制文件为准。"}
        if decision == "amended":
            body["wording"] = {"verdict": "partly", "facts": FACTS[0], "items": case.items[:1]}
        decided = on(day, 9)
        self.say(decided, self.leaders[2], "decide_review", body, case.conclusion)
        return decided

    def order(self, case: Case, item: int, day: date) -> str:
        body = {"conclusion": case.conclusion, "item": item, "due_on": str(on(day, 20))}
        return self.say(day, self.supervisors[0], "order_rectification", body)

    def put_right(self, case: Case, item: int, day: date, *, twice: bool) -> None:
        order = self.order(case, item, day)
        day = self._submit(order, case, day)
        if twice:
            reject = {"reason": "仍有三户未补签，退回整改。", "due_on": str(on(day, 15))}
            self.say(on(day, 2), self.supervisors[1], "reject_rectification", reject, order)
            day = on(day, 3)
            listing = self._list(order, day)
            day = self._submit(order, case, day)
            self._verify(order, on(day, 2))
            self.say(on(day, 3), self.supervisors[3], "lift_listing", {"note": "整改核验通过，摘牌。"}, listing)
            return
        self._verify(order, on(day, 2))

    def _submit(self, order: str, case: Case, day: date) -> date:
        day = on(day, self.random.randrange(5, 12))
        moment = at(day, 10)
        body = {"note": "已逐项整改到位。", "evidence": [self.files.picture(self.random, moment)]}
        officer = self.told.one("unit_officer", case.unit)
        self.told.script.act(moment, officer, "submit_rectification", body, stream=order)
        return day

    def _verify(self, order: str, day: date) -> None:
        self.say(day, self.supervisors[2], "verify_rectification", {"note": "现场复核，已整改。"}, order)

    def _list(self, order: str, day: date) -> str:
        body = {
            "rectification": order,
            "reference": self.number("挂"),
            "reason": "一次整改未通过",
            "due_on": str(on(day, 20)),
        }
        return self.say(day, self.leaders[0], "list_matter", body)

    def talk(self, case: Case, day: date) -> None:
        code = case.unit
        body = {
            "unit": self.unit_of(code),
            "person": self.told.one("unit_head", code),
            "conclusion": case.conclusion,
            "reference": self.number("约"),
            "reason": "多项问题未按要求落实",
            "planned_on": str(on(day, 2)),
        }
        talk = self.say(day, self.leaders[0], "summon_to_talk", body)
        held = on(day, 2)
        minutes = {
            "held_on": str(held),
            "minutes": f"听取{TITLES[code]}说明情况，指出存在问题。",
            "undertakings": "一个月内整改到位并建立长效机制。",
        }
        self.say(held, self.supervisors[0], "record_talk", minutes, talk)

    def make_known(self, cases: list[Case], day: date) -> None:
        """A circular on conclusions that nobody can object to any more, and their use in the assessment."""
        body = {
            "number": self.number("通"),
            "title": "惠民政策落实督查情况通报",
            "tone": "report",
            "units": [self.unit_of(case.unit) for case in cases],
            "conclusions": [case.conclusion for case in cases],
            "body": f"本次督查涉及{len(cases)}个单位，现将情况予以通报。",
        }
        circular = self.say(day, self.supervisors[4], "draft_circular", body)
        self.say(on(day, 2), self.leaders[0], "issue_circular", {}, circular)
        for case in cases:
            use = {"use": "commendation" if not case.items else "assessment", "reference": self.number("用")}
            self.say(on(day, 3), self.leaders[0], "use_result", use, case.conclusion)


def on(day: date, count: int) -> date:
    """So many working days later, within the year; every chain of steps ends before it does."""
    found = days_on(from_day(day), count)
    assert found is not None, "an inspection begins early enough to end"
    return found


def inspect(script: Script, world: World, files: Files) -> None:
    chapter = Inspecting(Chapter(script, world, "inspections"), files)
    random = chapter.random
    policies = random.sample([one for one in world.policies if one.since < STARTS[0]], len(STARTS))
    for turn, (policy, start) in enumerate(zip(policies, STARTS, strict=True)):
        codes = random.sample([office.code for office in OFFICES if office.unit_class == "department"][1:], 3)
        cases = chapter.inspect(policy, codes, start)
        standing = cases if turn else _reviewed(chapter, cases)
        for number, case in enumerate(standing):
            for item in range(1, len(case.items) + 1):
                chapter.put_right(case, item, on(case.on, 1), twice=number == 0 and item == 1)
        for case in standing:
            if len(case.items) > 1:
                chapter.talk(case, on(case.on, 3))
        chapter.make_known(standing, on(max(case.on for case in cases), 32))
    _doubled(chapter, policies[0], UNDER_WAY)


def _reviewed(chapter: Inspecting, cases: list[Case]) -> list[Case]:
    """The first case is objected to and revoked, the second upheld; what still stands."""
    chapter.object(cases[0], "revoked")
    chapter.object(cases[1], "upheld")
    return cases[1:]


def _doubled(chapter: Inspecting, policy: Issued, day: date) -> None:
    """One plan is refused; another stands beside the first, with a reason, and goes on at the year's end."""
    codes = ["MZ", "RS"]
    first, _ = chapter.plan(policy, codes, day)
    chapter.approve(first, on(day, 1))
    reason = {"reason": "省级专项督查部署，时限不能错开"}
    chapter.say(on(day, 2), chapter.leaders[0], "admit_second_inspection", reason, first)
    chapter.plan(policy, codes[:1], on(day, 3), beside=first)
    refused, _ = chapter.plan(policy, ["WS"], day)
    chapter.say(on(day, 1), chapter.leaders[1], "refuse_inspection", {"reason": "本季度已督查两次"}, refused)
