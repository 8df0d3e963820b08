"""Who is paired with whom: 65 villages, 52 communities, 62 enterprises, and members with households."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cli.demonstration import names
from cli.demonstration.chapter import Chapter
from cli.demonstration.script import Script
from cli.demonstration.units import COUNCIL, DEPARTMENTS, ENTERPRISES, GROUPS
from cli.demonstration.worktime import day_in, from_day
from cli.demonstration.world import Place, World

PAIRED_VILLAGES, PAIRED_COMMUNITIES, PAIRED_ENTERPRISES = 65, 52, 62
HOUSEHOLDS = 130
PROGRAMMES = {"village": "红色1+3", "community": "机关党员进社区", "enterprise": "千名机关党员联千企"}
OFFICES = tuple(office.code for office in (*DEPARTMENTS, *GROUPS, *ENTERPRISES) if office.code != COUNCIL)
FIRST, SECOND = OFFICES[: len(OFFICES) // 2], OFFICES[len(OFFICES) // 2 :]
"""Two halves, so that a second pairing of one partner is with another unit."""
BEGIN = date(2011, 1, 6)


class Pair(NamedTuple):
    id: str
    unit: str
    """Office code."""
    partner: Place
    kind: str
    since: date
    """The day it was entered; what follows lies later."""
    programme: str


class Home(NamedTuple):
    id: str
    unit: str
    """Office code of its member."""
    within: Place
    since: date


def pair(script: Script, world: World) -> list[Pair]:
    """The pairings with villages, communities and enterprises that hold all year."""
    told = Chapter(script, world, "pairings")
    pairs = []
    for kind, places, count in (
        ("village", world.villages, PAIRED_VILLAGES),
        ("community", world.communities, PAIRED_COMMUNITIES),
        ("enterprise", world.enterprises, PAIRED_ENTERPRISES),
    ):
        pairs += [_agree(told, place, kind, FIRST) for place in places[:count]]
        # A second unit for some: a distinct count does not grow.
        pairs += [_agree(told, place, kind, SECOND) for place in places[: count // 12]]
        for place in places[count : count + 2]:
            wrong = _agree(told, place, kind, FIRST)
            told.take_back(
                wrong.unit, "withdraw_pairing", "录入有误，双方未签订结对协议", stream=wrong.id, entered=wrong.since
            )
        for place in places[count - 3 : count]:
            _changed_hands(told, place, kind)
    return pairs


def _agree(told: Chapter, place: Place, kind: str, offices: Sequence[str]) -> Pair:
    return _enter(told, place, kind, told.random.choice(offices), day_in(told.random, BEGIN, date(2011, 3, 18)))


def _enter(told: Chapter, place: Place, kind: str, unit: str, agreed: date) -> Pair:
    programme = PROGRAMMES[kind]
    entered = told.entered(agreed)
    body = {
        "unit": told.world.units[unit],
        "partner": place.id,
        "programme": programme,
        "agreed_on": agreed.isoformat(),
    }
    pairing = told.enter(unit, "agree_pairing", body, happened=agreed, entered=entered, programme=programme)
    return Pair(pairing, unit, place, kind, entered, programme)


def _changed_hands(told: Chapter, place: Place, kind: str) -> None:
    """An earlier pairing of the same partner that ended when its unit's tasks changed."""
    unit = told.random.choice(SECOND)
    old = _enter(told, place, kind, unit, day_in(told.random, BEGIN, date(2011, 1, 28)))
    ended = from_day(old.since + timedelta(days=told.random.randrange(60, 150)))
    body = {"ended_on": ended.isoformat(), "reason": "年度结对任务调整，由其他单位接续共建"}
    told.enter(unit, "end_pairing", body, happened=ended, entered=told.entered(ended), stream=old.id)


def pair_households(script: Script, world: World) -> list[Home]:
    """Households in difficulty, each taken on by a member of a unit. Names, addresses and phones are sealed."""
    told = Chapter(script, world, "households")
    homes = []
    for _ in range(HOUSEHOLDS):
        unit = told.random.choice(OFFICES)
        member = told.one("unit_officer", unit)
        within = told.random.choice((*world.villages, *world.communities))
        registered = day_in(told.random, date(2011, 1, 10), date(2011, 4, 29))
        body = {
            "within": within.id,
            "name": names.person(told.random),
            "address": names.address(told.random, f"{within.town.title}{within.title}"),
            "phone": names.phone(told.random),
        }
        home = told.enter(unit, "register_household", body, happened=registered, entered=registered)
        agreed = told.entered(registered)
        body = {
            "unit": world.units[unit],
            "partner": home,
            "programme": "连心桥",
            "agreed_on": registered.isoformat(),
            "member": member,
        }
        told.enter(unit, "agree_pairing", body, happened=registered, entered=agreed, programme="连心桥")
        homes.append(Home(home, unit, within, agreed))
    return homes
