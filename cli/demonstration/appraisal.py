"""The appraisal at the end of the year: sixty residents and sixty enterprises on four departments, most
of them content.

A demonstration's codes follow from its seed, so that the same year can be told again; real ones never do.
"""

from datetime import date
from random import Random
from typing import Any, NamedTuple

from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.script import Script
from cli.demonstration.worktime import at
from cli.demonstration.world import World
from domain.ballots import code_hash

UNITS = 4
INVITED = 60
STAY_AWAY = 3
"""Of each frame."""
SIZES = {"residents": 600, "enterprises": 260}
SATISFACTION = ("very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied", "very_dissatisfied")
REVIEW = ("satisfied", "fairly_satisfied", "dissatisfied", "unknown")


class Vote(NamedTuple):
    """A ballot to be cast before its round is closed."""

    round: str
    body: dict[str, Any]


def appraise(script: Script, world: World, files: Files) -> list[Vote]:
    chapter = Chapter(script, world, "appraisal")
    organiser, second = world.holding("supervisor")[:2]
    leader = world.holding("leader")[0]
    offices = [code for code in world.units if world.holding("unit_head", code)][:UNITS]
    units = [world.units[code] for code in offices]
    opened = {"title": "千人千企评机关（演示抽样）", "year": 2011, "units": units, "forms": ["satisfaction", "review"]}
    invited = {"residents": INVITED, "enterprises": INVITED}
    round_ = script.act(at(date(2011, 11, 14), 9), organiser, "open_appraisal", {**opened, **invited})

    def act(moment: tuple[int, int, int], person: str, command: str, body: dict[str, Any]) -> None:
        month, day, hour = moment
        script.act(at(date(2011, month, day), hour), person, command, body, stream=round_)

    frame = files.paper(_frame(chapter.random, world), at(date(2011, 11, 15), 9))
    source = {"seed_source": "2011年11月18日公开摇奖号码", "seed_on": "2011-11-18"}
    act((11, 15, 10), organiser, "fix_frame", {"frame": frame, **source})
    numbers = sorted(chapter.random.sample(range(1, 34), 6))
    act((11, 21, 9), second, "give_seed", {"seed": " ".join(f"{number:02}" for number in numbers)})
    act((11, 21, 10), organiser, "draw_invitations", {})
    votes: list[Vote] = []
    for name in SIZES:
        codes = [f"DEMO-{chapter.random.randrange(16**12):012X}" for _ in range(INVITED)]
        act((11, 22, 10), organiser, "issue_codes", {"frame": name, "hashes": sorted(map(code_hash, codes))})
        votes += [
            Vote(round_, {"code": code, "answers": {unit: _answers(chapter.random) for unit in units}})
            for code in codes[STAY_AWAY:]
        ]
    act((11, 23, 9), leader, "open_voting", {"until": "2011-12-09"})
    act((12, 12, 9), organiser, "close_voting", {})
    act((12, 12, 10), organiser, "tally_appraisal", {})
    act((12, 13, 9), leader, "publish_appraisal", {})
    head = world.holding("unit_head", offices[-1])[0]
    ground = {"unit": units[-1], "ground": "本局服务企业多在市外，受邀企业对职能了解不足"}
    act((12, 15, 15), head, "object_to_appraisal", ground)
    ruling = {"unit": units[-1], "upheld": False, "reason": "抽样框和种子均已公布，抽取复核一致"}
    act((12, 20, 10), second, "decide_objection", ruling)
    return votes


def _frame(random: Random, world: World) -> bytes:
    towns = sorted({place.town.title for place in (*world.villages, *world.communities)})
    return "".join(
        f"{frame},{random.choice(towns)},{frame[0].upper()}-{number:04}\n"
        for frame, size in SIZES.items()
        for number in range(1, size + 1)
    ).encode()


def _answers(random: Random) -> dict[str, str]:
    return {
        "satisfaction": random.choices(SATISFACTION, weights=(45, 30, 15, 8, 2))[0],
        "review": random.choices(REVIEW, weights=(60, 25, 7, 8))[0],
    }
