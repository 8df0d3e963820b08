"""Who and what there is before anything is promised: offices, persons, places, enterprises, policies."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from cli.demonstration import names
from cli.demonstration.papers import Paper
from cli.demonstration.policies import PAPERS
from cli.demonstration.script import Script
from cli.demonstration.units import CITY, COUNCIL, DEPARTMENTS, OFFICES, TOWNS, Office
from cli.demonstration.worktime import LAST, OPENED, days_on, from_day, office_moment

VILLAGES, COMMUNITIES, ENTERPRISES = 84, 58, 260
"""Entered; fewer of them are paired."""

CENTRAL = (
    ("supervisor", "督查科科员", 6),
    ("vetter", "综合科审核员", 2),
    ("dispatcher", "督查科交办员", 3),
    ("leader", "督查室副主任", 3),
    ("caller", "回访专员", 4),
    ("inspector", "督查专员", 3),
)
"""Roles held in the supervision office: role, post, how many."""
SECOND_ADMINISTRATORS = (
    ("system_admin", "信息中心系统管理员"),
    ("security_admin", "信息中心安全管理员"),
    ("auditor", "信息中心审计管理员"),
)


class Founders(NamedTuple):
    """The three administrators that every ledger starts with (stream ids)."""

    system_admin: str
    security_admin: str
    auditor: str


class Someone(NamedTuple):
    id: str
    name: str
    post: str
    role: str
    unit: str | None
    """Office code."""


class Place(NamedTuple):
    id: str
    title: str
    town: Office


class Issued(NamedTuple):
    id: str
    paper: Paper
    since: date
    """Entered before this working day."""


@dataclass(slots=True)
class World:
    people: list[Someone] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    """Office code → stream id."""
    villages: list[Place] = field(default_factory=list)
    communities: list[Place] = field(default_factory=list)
    enterprises: list[Place] = field(default_factory=list)
    policies: list[Issued] = field(default_factory=list)

    def holding(self, role: str, unit: str | None = None) -> list[str]:
        """Ids of those who hold a role, in one unit if it is named."""
        return [who.id for who in self.people if who.role == role and unit in {None, who.unit}]


def found(script: Script, founders: Founders) -> World:
    """Writes the first morning."""
    world = World()
    clock = _Clock(OPENED + timedelta(minutes=1))
    random = script.random("world")
    for office in OFFICES:
        body = {"code": office.code, "title": office.title, "unit_class": office.unit_class, "region": CITY}
        world.units[office.code] = script.act(clock.tick(), founders.system_admin, "register_unit", body)
    _enrol_all(script, world, founders, clock, random)
    _places(script, world, clock, random)
    _policies(script, world, random)
    return world


class _Clock:
    """One entry a second."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def tick(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def _enrol_all(script: Script, world: World, founders: Founders, clock: _Clock, random: Random) -> None:
    def enrol(role: str, post: str, code: str | None) -> None:
        name = names.person(random)
        body = {"name": name, "title": post, "roles": [role], "unit": None if code is None else world.units[code]}
        person = script.act(clock.tick(), founders.security_admin, "enrol_person", body)
        world.people.append(Someone(person, name, post, role, code))

    for role, post in SECOND_ADMINISTRATORS:
        enrol(role, post, None)
    for role, post, count in CENTRAL:
        for _ in range(count):
            enrol(role, post, COUNCIL)
    for office in OFFICES:
        if office.code != COUNCIL:
            enrol("unit_head", "分管负责人" if office in TOWNS else "负责人", office.code)
            enrol("unit_officer", "承办人", office.code)
            enrol("unit_officer", "联络员", office.code)


def _places(script: Script, world: World, clock: _Clock, random: Random) -> None:
    clerk = world.holding("supervisor")[0]

    def enter(kind: str, titles: list[str]) -> list[Place]:
        places = []
        for number, title in enumerate(titles):
            town = TOWNS[number % len(TOWNS)]
            # Communities are numbered from 001, villages from 200 (统计用区划代码).
            below = number + (200 if kind == "village" else 1)
            region = town.region if kind == "enterprise" else f"{town.region}{below:03d}"
            body: dict[str, Any] = {"kind": kind, "title": title, "region": region}
            places.append(Place(script.act(clock.tick(), clerk, "register_partner", body), title, town))
        random.shuffle(places)
        return places

    world.villages = enter("village", names.villages(random, VILLAGES))
    world.communities = enter("community", names.communities(random, COMMUNITIES))
    world.enterprises = enter("enterprise", names.enterprises(random, ENTERPRISES))


def _policies(script: Script, world: World, random: Random) -> None:
    for paper in PAPERS:
        effective = date.fromisoformat(paper.effective)
        on = from_day(effective)
        targets = [
            {
                "key": str(number),
                "text": aim.text,
                "quantity": aim.share[1] * (len(TOWNS) if aim.local else 1),
                "measure": aim.measure,
            }
            for number, aim in enumerate(paper.aims, start=1)
        ]
        issuer = next(office.title for office in OFFICES if office.code == paper.issuer)
        body = {
            "number": paper.number,
            "title": paper.title,
            "issuer": world.units[paper.issuer],
            "effective_on": paper.effective,
            "summary": f"由{issuer}牵头落实，共{len(targets)}项可量化目标，按季督查、年终销号。",
            "targets": targets,
        }
        # The first morning ends well before the office opens for policies of the same day.
        moment = max(office_moment(random, on), OPENED + timedelta(minutes=40))
        policy = script.act(moment, random.choice(world.holding("supervisor")), "issue_policy", body)
        world.policies.append(Issued(policy, paper, days_on(on, 1) or LAST))


LEADING = tuple(office for office in DEPARTMENTS if office.code != COUNCIL)
