"""What changes in an office in the course of a year: people come, move and go, partners merge, a policy is amended and
repealed, limits get a new edition, and the next year's holidays are announced and announced anew."""

from datetime import date, timedelta
from typing import Any

from cli.demonstration import names
from cli.demonstration.chapter import Chapter
from cli.demonstration.script import Script
from cli.demonstration.units import COUNCIL
from cli.demonstration.worktime import at
from cli.demonstration.world import Founders, World
from ledger.announced import announced

FORECAST, NOTICE = at(date(2011, 11, 1), 9), at(date(2011, 12, 6), 9)
"""Of the holidays of 2012, as first expected and as announced."""
NOT_EXPECTED = (date(2012, 1, 2), date(2012, 1, 3))


def change(script: Script, world: World, founders: Founders) -> None:
    told = Chapter(script, world, "changes")
    _person(told, founders.security_admin)
    _partners(told)
    _household(told)
    _paper(told)
    _need(told)
    _limits(told, founders.system_admin)
    _holidays(told, founders.system_admin)
    renamed = {"title": "太仓市科学技术局（知识产权局）", "reason": "机构编制文件规定加挂牌子"}
    script.act(at(date(2011, 12, 28), 15), founders.system_admin, "rename_unit", renamed, stream=world.units["KJ"])


def _person(told: Chapter, admin: str) -> None:
    """One who is on probation, taken on, made an inspector, and leaves."""
    act, unit = told.script.act, told.world.units[COUNCIL]
    body: dict[str, Any] = {"name": names.person(told.random), "title": "督查科见习科员", "unit": unit}
    person = act(at(date(2011, 3, 8), 9), admin, "enrol_person", body | {"roles": ["supervisor"]})
    taken_on = {"title": "督查科科员", "reason": "见习期满", "unit": unit}
    act(at(date(2011, 5, 17), 9), admin, "move_person", taken_on, stream=person)
    roles = {"roles": ["inspector"], "reason": "调任督查专员"}
    act(at(date(2011, 9, 20), 9), admin, "change_roles", roles, stream=person)
    act(at(date(2011, 11, 8), 9), admin, "remove_person", {"reason": "调离本市"}, stream=person)


def _partners(told: Chapter) -> None:
    """An enterprise entered twice, and one that moves away."""
    act, clerk = told.script.act, told.one("supervisor")

    def enter(minute: int, title: str) -> str:
        body = {"kind": "enterprise", "title": title, "region": "320585"}
        return act(at(date(2011, 3, 9), 10, minute), clerk, "register_partner", body)

    kept, double, leaving = enter(0, "示例塑料制品厂"), enter(5, "示例塑料厂"), enter(10, "示例五金厂")
    title = {"title": "示例塑料制品有限公司", "region": "320585", "reason": "改制更名"}
    act(at(date(2011, 4, 12), 10), clerk, "update_partner", title, stream=kept)
    merged = {"into": kept, "merged_on": "2011-04-12", "reason": "与改制前企业重复登记"}
    act(at(date(2011, 4, 12), 11), clerk, "merge_partner", merged, stream=double)
    left = {"left_on": "2011-08-31", "reason": "迁往外市"}
    act(at(date(2011, 9, 6), 10), clerk, "remove_partner", left, stream=leaving)


def _household(told: Chapter) -> None:
    village, act, clerk = told.world.villages[0].id, told.script.act, told.one("dispatcher")
    who = {"within": village, "name": names.person(told.random), "address": "三组2号", "phone": None}
    home = act(at(date(2011, 4, 13), 9), clerk, "register_household", who)
    moved = who | {"address": "五组7号", "phone": names.phone(told.random), "reason": "翻建新房后迁入"}
    act(at(date(2011, 10, 12), 9), clerk, "update_household", moved, stream=home)


def _paper(told: Chapter) -> None:
    """A plan for the summer; amended, and repealed once the summer is over."""
    act = told.script.act
    supervisor, leader = told.one("supervisor"), told.one("leader")
    target = {"key": "1", "text": "开放社区纳凉点", "quantity": 20, "measure": "处"}
    body: dict[str, Any] = {
        "title": "关于开放社区纳凉点的通知",
        "effective_on": "2011-06-20",
        "summary": "高温期间开放社区纳凉点。",
        "targets": [target],
    }
    issued = {**body, "number": "太政办发〔2011〕61号", "issuer": told.world.units["MZ"]}
    paper = act(at(date(2011, 6, 14), 9), supervisor, "issue_policy", issued)
    more = {**body, "targets": [target | {"quantity": 26}], "reason": "增加六个新建社区"}
    act(at(date(2011, 7, 5), 9), supervisor, "amend_policy", more, stream=paper)
    act(at(date(2011, 9, 27), 9), leader, "withdraw_policy", {"reason": "高温期已过，通知废止"}, stream=paper)


def _need(told: Chapter) -> None:
    body = {
        "partner": told.world.enterprises[-1].id,
        "kind": "talent",
        "title": "需要电工培训",
        "quantity": 4,
        "measure": "人日",
        "raised_on": "2011-05-09",
    }
    need = told.script.act(at(date(2011, 5, 10), 9), told.one("caller"), "raise_need", body, channel="hotline")
    reason = {"reason": "企业已自行解决"}
    told.script.act(at(date(2011, 5, 24), 9), told.one("dispatcher"), "withdraw_need", reason, stream=need)


def _limits(told: Chapter, admin: str) -> None:
    """One edition is taken back; the other is in force from the new year on."""
    act, leader = told.script.act, told.world.holding("leader")[0]

    def issue(day: date, version: str, days: int) -> str:
        body = {
            "version": version,
            "source": "太督办〔2011〕40号",
            "in_force_from": "2012-01-01",
            "limits": [{"limit": "yellow_working_days", "value": days}],
            "reason": "督查例会确定提前预警",
        }
        return act(at(day, 9), admin, "issue_rule_edition", body)

    first = issue(date(2011, 12, 7), "2012-1", 10)
    act(at(date(2011, 12, 8), 9), leader, "withdraw_rule_edition", {"reason": "提前过多，改为五个工作日"}, stream=first)
    second = issue(date(2011, 12, 9), "2012-2", 5)
    act(at(date(2011, 12, 13), 9), leader, "confirm_rule_edition", {}, stream=second)


def _holidays(told: Chapter, admin: str) -> None:
    """The forecast lacks the days after New Year's Day."""
    calendar = announced()
    days = [day for day in sorted(calendar.holidays) if day.year == NOTICE.year + 1]
    make_ups = [day for day in sorted(calendar.make_ups) if day.year == NOTICE.year + 1]
    expected = [str(day) for day in days if day not in NOT_EXPECTED]
    forecast = {"year": 2012, "holidays": expected, "make_ups": [str(day) for day in make_ups]}
    year = told.script.act(FORECAST, admin, "announce_calendar", forecast | {"number": "太政办函〔2011〕77号"})
    eve = [day for day in sorted(calendar.make_ups) if (day.year, day.month) == (NOTICE.year, NOTICE.month)]
    notice = {
        "holidays": [str(day) for day in days],
        "make_ups": [str(day) for day in (*eve, *make_ups)],
        "number": "国办发明电〔2011〕45号",
        "reason": "以国务院办公厅通知为准",
    }
    told.script.act(NOTICE + timedelta(minutes=30), admin, "amend_calendar", notice, stream=year)
