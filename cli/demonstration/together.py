"""What paired units and partners did together: 157 activities, 77 projects, 181.9 万元 put in."""

from datetime import date
from random import Random
from typing import NamedTuple

from cli.demonstration.chapter import Chapter
from cli.demonstration.pairings import Pair
from cli.demonstration.script import Script
from cli.demonstration.worktime import LAST, day_in, from_day
from cli.demonstration.world import World

ACTIVITIES, PROJECTS, FUNDS_FEN = 157, 77, 181_900_000
WITHDRAWN_ACTIVITIES, WITHDRAWN_PROJECTS, REVERSED_CONTRIBUTIONS = 6, 4, 9
LATEST, MIDYEAR = date(2011, 12, 9), date(2011, 7, 29)
"""What happens later is entered within the year nevertheless; errors are found within it too."""
LARGEST_FEN = 3_000_000
INTO_PROJECTS, SLOW = 0.4, 0.3

KINDS = (
    ("party_building", "支部联建主题党日活动", "recurring", "capacity"),
    ("party_building", "党建工作经验交流会", "recurring", "capacity"),
    ("volunteering", "党员志愿者清洁家园行动", "recurring", "capacity"),
    ("volunteering", "“弯弯腰”环境整治志愿服务", "recurring", "capacity"),
    ("culture", "庆祝建党90周年文艺汇演", "one_off", "capacity"),
    ("culture", "机关与基层趣味运动会", "one_off", "capacity"),
    ("training", "农业实用技术现场讲座", "recurring", "capacity"),
    ("training", "企业安全生产知识培训", "recurring", "capacity"),
    ("training", "创业就业政策辅导课", "recurring", "capacity"),
    ("counsel", "法律政策现场咨询", "recurring", "relief"),
    ("counsel", "医疗健康义诊咨询", "recurring", "relief"),
    ("aid", "春节前走访慰问困难群众", "recurring", "relief"),
    ("aid", "助学圆梦走访活动", "recurring", "relief"),
)
WORKS = (
    ("党员活动室改造", "capacity"),
    ("村级道路硬化", "capacity"),
    ("健身广场建设", "capacity"),
    ("农家书屋提升", "capacity"),
    ("标准化厂房招租增收", "capacity"),
    ("蔬菜大棚种植示范", "capacity"),
    ("河塘整治与绿化", "capacity"),
    ("老年活动中心修缮", "relief"),
    ("困难家庭助学基金", "relief"),
    ("远程教育终端配置", "capacity"),
    ("企业职工技能提升", "capacity"),
    ("便民服务点建设", "capacity"),
)
SOURCES = ("fiscal", "unit", "unit", "unit", "party_dues", "members", "donation")


class Project(NamedTuple):
    id: str
    pair: Pair
    entered: date


def hold_activities(script: Script, world: World, pairs: list[Pair]) -> None:
    told = Chapter(script, world, "activities")
    for number in range(ACTIVITIES + WITHDRAWN_ACTIVITIES):
        wrong = number >= ACTIVITIES
        pair = told.random.choice(pairs)
        kind, title, recurrence, aid = told.random.choice(KINDS)
        held = day_in(told.random, from_day(pair.since), MIDYEAR if wrong else LATEST)
        entered = told.entered(held, pair.since)
        body = {
            "pairing": pair.id,
            "held_on": held.isoformat(),
            "title": f"{pair.partner.title}{title}",
            "kind": kind,
            "recurrence": recurrence,
            "aid": aid,
            "participants": told.random.randrange(12, 180),
        }
        activity = told.enter(
            pair.unit, "hold_activity", body, happened=held, entered=entered, programme=pair.programme
        )
        if wrong:
            told.take_back(pair.unit, "withdraw_activity", "活动因天气取消，系误录", stream=activity, entered=entered)


def start_projects(script: Script, world: World, pairs: list[Pair]) -> list[Project]:
    told = Chapter(script, world, "projects")
    projects = []
    for number in range(PROJECTS + WITHDRAWN_PROJECTS):
        pair = told.random.choice(pairs)
        work, aid = told.random.choice(WORKS)
        started = day_in(told.random, from_day(pair.since), date(2011, 10, 28))
        entered = told.entered(started, pair.since)
        body = {
            "title": f"{pair.partner.title}{work}项目",
            "unit": world.units[pair.unit],
            "partners": [pair.partner.id],
            "recurrence": "one_off",
            "aid": aid,
            "started_on": started.isoformat(),
            "planned_fen": told.random.randrange(5, 60) * 100_000,
            "pairing": pair.id,
        }
        stream = told.enter(
            pair.unit, "start_project", body, happened=started, entered=entered, programme=pair.programme
        )
        if number >= PROJECTS:
            told.take_back(pair.unit, "withdraw_project", "与上级项目重复录入", stream=stream, entered=entered)
        else:
            projects.append(Project(stream, pair, entered))
            _complete(told, projects[-1], work)
    return projects


def _complete(told: Chapter, project: Project, work: str) -> None:
    """About half are done within the year."""
    completed = day_in(told.random, from_day(project.entered), LAST)
    if completed > LATEST or told.random.random() < SLOW:
        return
    unit, partner = project.pair.unit, project.pair.partner
    told.enter(
        unit,
        "complete_project",
        {"completed_on": completed.isoformat(), "result": f"{work}已竣工交付，由{partner.title}管护使用"},
        happened=completed,
        entered=told.entered(completed, project.entered),
        stream=project.id,
        programme=project.pair.programme,
    )


def contribute(script: Script, world: World, pairs: list[Pair], projects: list[Project]) -> None:
    """Contributions that come to FUNDS_FEN, and a few reversed ones that count no more."""
    told = Chapter(script, world, "contributions")
    for amount in _amounts(told.random, FUNDS_FEN):
        into = told.random.choice(projects) if told.random.random() < INTO_PROJECTS else None
        _give(told, told.random.choice(pairs) if into is None else into.pair, into, amount, LATEST)
    for _ in range(REVERSED_CONTRIBUTIONS):
        pair = told.random.choice(pairs)
        contribution, entered = _give(told, pair, None, told.random.randrange(1, 40) * 100_000, MIDYEAR)
        told.take_back(
            pair.unit, "reverse_contribution", "金额录入有误，款项未实际拨付", stream=contribution, entered=entered
        )


def _amounts(random: Random, total: int) -> list[int]:
    """Round sums of 2,000 to 30,000 yuan; the last one makes the total."""
    amounts = []
    while total > LARGEST_FEN:
        amounts.append(random.randrange(4, 61) * 50_000)
        total -= amounts[-1]
    return [*amounts, total]


def _give(told: Chapter, pair: Pair, project: Project | None, amount: int, latest: date) -> tuple[str, date]:
    since = pair.since if project is None else project.entered
    given = day_in(told.random, from_day(since), latest)
    entered = told.entered(given, since)
    body = {
        "unit": told.world.units[pair.unit],
        "amount_fen": amount,
        "funds": told.random.choice(SOURCES),
        "recurrence": told.random.choice(("one_off", "one_off", "recurring")),
        "aid": told.random.choice(("relief", "capacity", "capacity")),
        "given_on": given.isoformat(),
    } | ({"partner": pair.partner.id} if project is None else {"project": project.id})
    contribution = told.enter(
        pair.unit, "make_contribution", body, happened=given, entered=entered, programme=pair.programme
    )
    return contribution, entered
