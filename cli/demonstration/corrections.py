"""Mistakes that are mended by two hands, and policies shown to the public. Every visit entered here was entered twice,
so all of them are retracted in the end."""

from datetime import date, timedelta

from cli.demonstration.chapter import Chapter
from cli.demonstration.script import Script
from cli.demonstration.worktime import day_in, entered_after, noon
from cli.demonstration.world import World

DOUBLE = 12
SHOWN = 8
FIRST, LATEST = date(2011, 2, 14), date(2011, 6, 30)


def mend(script: Script, world: World) -> None:
    told = Chapter(script, world, "corrections")
    for number in range(DOUBLE):
        _mend(told, miscounted=number % 2 == 0)
    told = Chapter(script, world, "publications")
    for number, issued in enumerate(told.random.sample([one for one in world.policies if one.since < LATEST], SHOWN)):
        _show(told, issued.id, max(issued.since, FIRST), number)


def _mend(told: Chapter, *, miscounted: bool) -> None:
    random, world = told.random, told.world
    place = random.choice(world.villages)
    unit = place.town.code
    visited = day_in(random, FIRST, LATEST)
    persons = random.randrange(1, 9)
    body = {
        "unit": world.units[unit],
        "partner": place.id,
        "visited_on": visited.isoformat(),
        "persons": persons * 10 if miscounted else persons,
        "purpose": "走访农户，了解生产生活情况",
        "recurrence": "recurring",
        "aid": "relief",
    }
    entered = told.entered(visited)
    visit = told.enter(unit, "record_visit", body, happened=visited, entered=entered, programme="下基层")
    if miscounted:
        asked = {"version": 1, "field": "persons", "value": persons, "reason": "多输了一个零"}
        entered = _by_two(told, unit, "propose_correction", asked, visit, entered)
    _by_two(told, unit, "propose_retraction", {"version": 1, "reason": "同一次走访重复录入"}, visit, entered)


def _by_two(  # noqa: PLR0917 - the parts of one story
    told: Chapter, unit: str, command: str, body: dict[str, object], visit: str, since: date
) -> date:
    """An officer proposes, a supervisor approves on a later day; that day."""
    asked = entered_after(told.random, since)
    told.script.act(noon(told.random, asked), told.one("unit_officer", unit), command, body, stream=visit)
    ruled = entered_after(told.random, asked)
    reason = {"approved": True, "reason": "与签到表核对无误"}
    told.script.act(noon(told.random, ruled), told.one("supervisor"), "rule_on_correction", reason, stream=visit)
    return ruled


def _show(told: Chapter, policy: str, known: date, number: int) -> None:
    """Two of them are amended, two are withdrawn by the leader."""
    title = {"title": "惠民政策公示"}
    items = [{"version": 1, "field": field} for field in ("title", "number")]
    shown = entered_after(told.random, known + timedelta(days=1))
    vetter = told.one("vetter")
    body = {"record": policy, **title, "items": items}
    publication = told.script.act(noon(told.random, shown), vetter, "issue_publication", body)
    later = entered_after(told.random, shown)
    if number % 4 == 1:
        more = {**title, "items": [*items, {"version": 1, "field": "summary"}], "reason": "增加政策摘要"}
        told.script.act(noon(told.random, later), vetter, "amend_publication", more, stream=publication)
    if number % 4 == 2:  # noqa: PLR2004 - the third of each four
        reason = {"reason": "改在市政府网站统一公示"}
        told.script.act(
            noon(told.random, later), told.one("leader"), "withdraw_publication", reason, stream=publication
        )
