"""Field visits (下基层) that come to 1,541 人次, and some withdrawn ones that do not count."""

from datetime import date
from random import Random

from cli.demonstration.chapter import Chapter
from cli.demonstration.pairings import OFFICES, Home, Pair
from cli.demonstration.problems import Raised
from cli.demonstration.script import Script
from cli.demonstration.units import TOWNS
from cli.demonstration.worktime import day_in, from_day
from cli.demonstration.world import World

PERSON_TIMES = 1541
WITHDRAWN = 11
LATEST, MIDYEAR = date(2011, 12, 9), date(2011, 7, 29)
PURPOSES = {
    "village": (
        "走访农户，了解春耕备耕情况",
        "查看村级道路和河道整治现场",
        "座谈村集体经济增收思路",
        "宣讲惠农政策，征求意见",
    ),
    "community": (
        "走访社区，听取居民意见",
        "查看老小区整治进度",
        "参加社区议事会，宣讲便民措施",
        "了解社区养老服务站运行情况",
    ),
    "enterprise": (
        "上门了解企业生产经营难题",
        "宣讲惠企政策，协调用工问题",
        "调研技术改造项目进展",
        "检查安全生产并现场指导",
    ),
    "household": ("走访慰问结对困难家庭", "了解结对家庭子女就学情况", "上门核实帮扶措施落实情况"),
}
HEARD = (
    "家中老人行动不便，希望就近看病配药。",
    "盼望村里的路灯早点修好，晚上出门不安全。",
    "今年收成尚可，担心销路，希望帮助联系收购。",
    "孩子毕业后工作没有着落，希望推荐岗位。",
    "希望公交站点离村口近一些。",
    "对补贴发放情况表示满意，没有其他要求。",
)
WITH_WORDS = 0.45
CLASSES = {
    "pair": {"recurrence": "recurring", "aid": "capacity"},
    "home": {"recurrence": "recurring", "aid": "relief"},
    "problem": {"recurrence": "one_off", "aid": "capacity"},
    "round": {"recurrence": "one_off", "aid": "relief"},
}


def visit(script: Script, world: World, pairs: list[Pair], homes: list[Home], problems: list[Raised]) -> None:
    told = Chapter(script, world, "visits")
    for persons in _parties(told.random, PERSON_TIMES):
        _visit(told, pairs, homes, problems, persons, LATEST)
    for _ in range(WITHDRAWN):
        unit, stream, entered = _visit(told, pairs, homes, problems, told.random.randrange(1, 9), MIDYEAR)
        told.take_back(unit, "withdraw_visit", "同一次走访重复录入", stream=stream, entered=entered)


def _parties(random: Random, total: int) -> list[int]:
    """How many went each time, together `total`."""
    parties = []
    while total > 0:
        parties.append(min(total, random.choice((1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8))))
        total -= parties[-1]
    return parties


def _visit(  # noqa: PLR0917 - the parts of one story
    told: Chapter, pairs: list[Pair], homes: list[Home], problems: list[Raised], persons: int, latest: date
) -> tuple[str, str, date]:
    """A paired partner, a household, an enterprise with a problem, or any village or community."""
    random, world = told.random, told.world
    problem: str | None = None
    programme: str | None = None
    occasion = random.choices(("pair", "home", "problem", "round"), weights=(40, 18, 17, 25))[0]
    match occasion:
        case "pair":
            pair = random.choice(pairs)
            unit, partner, kind, since, programme = pair.unit, pair.partner.id, pair.kind, pair.since, pair.programme
        case "home":
            home = random.choice(homes)
            unit, partner, kind, since, programme = home.unit, home.id, "household", home.since, "连心桥"
        case "problem":
            raised = random.choice([one for one in problems if one.on < latest])
            unit, partner, kind, since = raised.unit, raised.enterprise.id, "enterprise", raised.on
            problem, programme = raised.id, "政企服务平台"
        case _:
            kind = random.choice(("village", "community"))
            place = random.choice(world.villages if kind == "village" else world.communities)
            unit = random.choice((place.town.code, random.choice(OFFICES), random.choice(TOWNS).code))
            partner, since, programme = place.id, date(2011, 1, 5), "下基层"
    visited = day_in(random, from_day(since), latest)
    entered = told.entered(visited, since)
    body = {
        "unit": world.units[unit],
        "partner": partner,
        "visited_on": visited.isoformat(),
        "persons": persons,
        "purpose": random.choice(PURPOSES[kind]),
        "heard": random.choice(HEARD) if random.random() < WITH_WORDS else None,
        "problem": problem,
        **CLASSES[occasion],
    }
    stream = told.enter(unit, "record_visit", body, happened=visited, entered=entered, programme=programme)
    return unit, stream, entered
