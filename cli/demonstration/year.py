"""The whole year: every command and every evidence file, in the order of the clock."""

from datetime import timedelta
from typing import NamedTuple

from cli.demonstration import names
from cli.demonstration.appraisal import Vote, appraise
from cli.demonstration.assessing import assess
from cli.demonstration.changes import change
from cli.demonstration.commitments import tell
from cli.demonstration.corrections import mend
from cli.demonstration.files import File, Files
from cli.demonstration.inspections import inspect
from cli.demonstration.overdue import fall_due
from cli.demonstration.pairings import pair, pair_households
from cli.demonstration.problems import raise_problems
from cli.demonstration.promised import promise_in_answer
from cli.demonstration.ratings import rate
from cli.demonstration.requests import raise_requests
from cli.demonstration.script import Script, Step
from cli.demonstration.sharing import share
from cli.demonstration.taken_back import take_back
from cli.demonstration.together import contribute, hold_activities, start_projects
from cli.demonstration.units import COUNCIL
from cli.demonstration.visits import visit
from cli.demonstration.worktime import END, OPENED
from cli.demonstration.world import Founders, Someone, World, found

SEED = 20110104
TITLE, REGION = "太仓市惠民政策落实督查台账（演示）", "320585"


class Year(NamedTuple):
    steps: list[Step]
    files: list[File]
    people: list[Someone]
    votes: list[Vote]
    """Ballots, cast before their round is closed."""


def year(founders: Founders, seed: int = SEED) -> Year:
    """The same for the same seed and founders, to the byte."""
    script = Script(seed)
    files = Files()
    world = found(script, founders)
    pairs = pair(script, world)
    homes = pair_households(script, world)
    problems = raise_problems(script, world)
    hold_activities(script, world, pairs)
    contribute(script, world, pairs, start_projects(script, world, pairs))
    visit(script, world, pairs, homes, problems)
    tell(script, world, homes, problems, files)
    inspect(script, world, files)
    raise_requests(script, world)
    _urgers(script, world, founders)
    _new_year(script, world)
    mend(script, world)
    votes = appraise(script, world, files)
    share(script, world, pairs, files)
    rate(script, world)
    change(script, world, founders)
    fall_due(script, world, files)
    promise_in_answer(script, world, files)
    take_back(script, world, files)
    assess(script, world, votes[0].round, votes[0].body["answers"])
    return Year(list(script), files.in_order(), world.people, votes)


def _urgers(script: Script, world: World, founders: Founders) -> None:
    """Appointed when the first morning is over."""
    random = script.random("urgers")
    for minutes in (41, 42):
        name, post = names.person(random), "督查科催办员"
        body = {"name": name, "title": post, "roles": ["urger"], "unit": world.units[COUNCIL]}
        person = script.act(OPENED + timedelta(minutes=minutes), founders.security_admin, "enrol_person", body)
        world.people.append(Someone(person, name, post, "urger", COUNCIL))


def _new_year(script: Script, world: World) -> None:
    """The last entry, at 17:00 on 31 December: what the coming year promises."""
    body = {
        "number": "太政发〔2011〕88号",
        "title": "关于下达2012年惠民实事项目计划的通知",
        "issuer": world.units["FG"],
        "effective_on": "2012-01-01",
        "summary": "2012年惠民实事项目计划，年初分解立项，按季督查。",
        "targets": [
            {"key": "1", "text": "新建改建社区居家养老服务站", "quantity": 20, "measure": "个"},
            {"key": "2", "text": "城乡居民免费健康体检", "quantity": 60_000, "measure": "人"},
        ],
    }
    script.act(END, world.holding("leader")[0], "issue_policy", body)
