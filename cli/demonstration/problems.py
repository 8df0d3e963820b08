"""Enterprise problems: 430 solved and confirmed by the enterprise; others still open, denied or withdrawn."""

from datetime import date
from typing import Any, NamedTuple

from cli.demonstration import names
from cli.demonstration.chapter import Chapter
from cli.demonstration.script import HOTLINE, PLATFORM, SERVICE_LEDGER, Script
from cli.demonstration.worktime import LAST, day_in, days_on, noon, office_moment, past_noon
from cli.demonstration.world import Place, World

FATES = {
    "confirmed": 430,  # the essay says 430多项: a floor
    "open": 64,
    "unconfirmed": 38,
    "denied": 22,
    "withdrawn": 7,
    "handed_back": 12,
}
BY_PHONE, DENIED_FIRST = 0.66, 0.06
PROGRAMME = "政企服务平台"

TOPICS = (
    ("用工短缺，需招聘{n}名操作工", "RS", "组织专场招聘会，{n}人达成意向，缺口基本补齐。"),
    ("新厂区增容用电手续办理缓慢", "JX", "协调供电部门优化流程，增容方案获批并送电。"),
    ("周转资金紧张，续贷衔接困难", "CZ", "启用应急转贷资金，银企对接后完成续贷。"),
    ("外地员工子女就近入学难", "JY", "按积分安排{n}名子女入读就近学校。"),
    ("厂区门前道路破损，货车通行不畅", "JT", "路面修复完成，增设限速标志。"),
    ("雨季厂区周边排水不畅", "SL", "疏通管网并增设排涝泵，汛期未再积水。"),
    ("技术改造项目备案材料反复退回", "FG", "实行一次性告知，备案当日办结。"),
    ("出口退税资料不全影响到账", "SW", "辅导补齐单证，退税款到账。"),
    ("环评审批进度影响投产", "HB", "提前介入指导，环评批复按期取得。"),
    ("土地证办理历史遗留问题", "GT", "专题会办，补办手续后领证。"),
    ("高新技术企业申报缺少辅导", "KJ", "安排专人辅导，申报材料通过评审。"),
    ("员工宿舍区夜间治安巡逻不足", "GA", "增设巡逻点位和监控，治安状况好转。"),
    ("工伤认定办理周期长", "RS", "简化流程，限期作出认定。"),
    ("商标被仿冒，维权困难", "GS", "立案查处，责令停止侵权。"),
    ("厂区消防整改标准不明确", "AJ", "上门指导，整改方案通过验收。"),
    ("公交线路不经过园区，员工通勤不便", "GJ", "调整线路增设站点，早晚高峰加密班次。"),
    ("天然气供应压力不稳定", "RQ", "改造调压设施，供气稳定。"),
    ("自来水管网末端水压不足", "SW1", "更换管径并加压，水压达标。"),
    ("规划调整影响扩建审批", "GH", "优化方案，通过规划审查。"),
    ("企业间三角债拖欠", "GL", "商会调解，签订还款协议。"),
)
DETAILS = (
    "企业负责人反映该问题已影响订单交付，希望尽快协调。",
    "企业行政部来电，称多次咨询未获明确答复，请给出办理时限。",
    "走访时企业提出，涉及员工稳定，盼年内解决。",
    "企业表示愿意配合，但需要主管部门给出具体办法。",
)
WORDS = ("已经解决，感谢。", "比预期快，服务态度好。", "问题解决，希望形成长效办法。", None, None)
DENIALS = ("只解决了一半，仍然影响生产。", "来过一次之后没有下文。", "方案提出了，但尚未落实。")


class Raised(NamedTuple):
    id: str
    enterprise: Place
    title: str
    unit: str
    """Office code."""
    on: date
    """The day it was entered."""


class _Case:
    """One problem on its way. `day` is the working day reached."""

    def __init__(self, told: Chapter, enterprise: Place, title: str, raised: date) -> None:
        self.told = told
        self.random = told.random
        self.day = raised
        self.pass_days(0, 2)
        self.id = self._raise(enterprise, title, raised)

    def pass_days(self, low: int, high: int) -> None:
        self.day = days_on(self.day, self.random.randint(low, high)) or LAST

    def unit(self, unit: str, command: str, body: dict[str, Any], *, occurred: date | None = None) -> None:
        """A unit's officer, in the departments' system."""
        self.told.script.act(
            noon(self.random, self.day),
            self.told.one("unit_officer", unit),
            command,
            body,
            stream=self.id,
            client=SERVICE_LEDGER,
            channel="network",
            programme=PROGRAMME,
            occurred_at=office_moment(self.random, occurred) if occurred and occurred < self.day else None,
        )

    def take_on(self, unit: str) -> None:
        self.unit(unit, "take_on_problem", {"unit": self.told.world.units[unit]})

    def solve(self, unit: str, how: str, longest: int) -> None:
        """Some days later, and said up to two days after it was done."""
        self.pass_days(1, longest)
        solved = self.day
        self.pass_days(0, 2)
        self.unit(unit, "solve_problem", {"how": how, "solved_on": solved.isoformat()}, occurred=solved)

    def ask(self, command: str, field: str, words: str | None) -> None:
        """The hotline calls the enterprise back."""
        self.pass_days(1, 4)
        self.told.script.act(
            past_noon(self.random, self.day),
            self.told.one("caller"),
            command,
            {field: self.day.isoformat(), "words": words},
            stream=self.id,
            client=HOTLINE,
            channel="hotline",
            programme=PROGRAMME,
        )

    def _raise(self, enterprise: Place, title: str, raised: date) -> str:
        random = self.random
        by_phone = random.random() < BY_PHONE
        body = {
            "partner": enterprise.id,
            "title": title,
            "detail": random.choice(DETAILS),
            "raised_on": raised.isoformat(),
            "contact_name": names.person(random),
            "contact_phone": names.phone(random),
        }
        return self.told.script.act(
            past_noon(random, self.day) if by_phone else office_moment(random, self.day),
            self.told.one("caller" if by_phone else "dispatcher"),
            "raise_problem",
            body,
            client=HOTLINE if by_phone else PLATFORM,
            channel="hotline" if by_phone else "network",
            programme=PROGRAMME,
            occurred_at=office_moment(random, raised) if raised < self.day else None,
        )


def raise_problems(script: Script, world: World) -> list[Raised]:
    told = Chapter(script, world, "problems")
    return [_life(told, fate) for fate, count in FATES.items() for _ in range(count)]


def _life(told: Chapter, fate: str) -> Raised:
    random = told.random
    late = fate in {"open", "unconfirmed", "denied"}
    first, last = (date(2011, 9, 1), date(2011, 12, 14)) if late else (date(2011, 1, 6), date(2011, 9, 30))
    enterprise = random.choice(told.world.enterprises)
    topic, unit, how = random.choice(TOPICS)
    count = random.randrange(6, 60)
    case = _Case(told, enterprise, topic.format(n=count), day_in(random, first, last))
    raised = Raised(case.id, enterprise, topic.format(n=count), unit, case.day)
    if fate == "open":
        return raised
    case.pass_days(1, 2)
    if fate == "handed_back":
        # The first unit says it is not its to solve; another has it at the end of the year.
        other = random.choice([code for _, code, _ in TOPICS if code != unit])
        case.take_on(other)
        case.pass_days(1, 4)
        case.unit(other, "hand_back_problem", {"reason": "非本单位职责，建议转主管部门"})
        case.pass_days(1, 3)
    case.take_on(unit)
    if fate != "handed_back":
        _solve_and_ask(case, fate, unit, how.format(n=count))
    return raised


def _solve_and_ask(case: _Case, fate: str, unit: str, how: str) -> None:
    random = case.random
    case.solve(unit, how, 2 if fate in {"unconfirmed", "denied"} else 24)
    if fate == "unconfirmed":
        return
    if fate == "denied" or random.random() < DENIED_FIRST:
        case.ask("deny_problem", "answered_on", random.choice(DENIALS))
        if fate == "denied":
            return
        case.solve(unit, how, 8)
    case.ask("confirm_problem", "confirmed_on", random.choice(WORDS))
    if fate == "withdrawn":
        case.pass_days(2, 6)
        body = {"reason": "与另一诉求重复登记"}
        moment = office_moment(random, case.day)
        case.told.script.act(moment, case.told.one("supervisor"), "withdraw_problem", body, stream=case.id)
