"""Mistakes that are mended by two hands, and policies shown to the public. Every visit entered here was entered twice,
so all of them are retracted in the end."""

from datetime import date, timedelta

from cli.demonstration.chapter import Chapter
from cli.demonstration.script import Script
from cli.demonstration.worktime import day_in, entered_after, noon
from cli.demonstration.world import World

DOUBLE = 12
SHOWN = 8
AMENDED, WITHDRAWN, MENDED = 1, 2, 3
"""What becomes of each of four publications; nothing of the first."""
SUMMARY = "以文件正文为准，见太仓市人民政府公报。"
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
    """Two of them are amended, two are withdrawn by the leader. Of two the policy's summary is corrected afterwards: of
    these one is amended then, the other still has to be."""
    title, turn = {"title": "惠民政策公示"}, number % 4
    items = [{"version": 1, "field": field} for field in ("title", "number", "summary")[: 3 if turn == MENDED else 2]]
    shown = entered_after(told.random, known + timedelta(days=1))
    vetter = told.one("vetter")
    body = {"record": policy, **title, "items": items}
    publication = told.script.act(noon(told.random, shown), vetter, "issue_publication", body)
    later = entered_after(told.random, shown)
    if turn == AMENDED:
        more = {**title, "items": [*items, {"version": 1, "field": "summary"}], "reason": "增加政策摘要"}
        told.script.act(noon(told.random, later), vetter, "amend_publication", more, stream=publication)
    if turn == MENDED:
        _put_right(told, policy, later)
        if number < SHOWN // 2:
            last = entered_after(told.random, later + timedelta(days=30))
            more = {**title, "items": items, "reason": "政策摘要已更正"}
            told.script.act(noon(told.random, last), vetter, "amend_publication", more, stream=publication)
    if turn == WITHDRAWN:
        reason = {"reason": "改在市政府网站统一公示"}
        told.script.act(
            noon(told.random, later), told.one("leader"), "withdraw_publication", reason, stream=publication
        )


def _put_right(told: Chapter, policy: str, since: date) -> None:
    """A supervisor proposes what the summary of a policy should read, the leader approves on a later day."""
    asked = entered_after(told.random, since)
    body = {"version": 1, "field": "summary", "value": SUMMARY, "reason": "摘要与文件正文不符"}
    told.script.act(noon(told.random, asked), told.one("supervisor"), "propose_correction", body, stream=policy)
    yes = {"approved": True, "reason": "与文件正文核对无误"}
    ruled = noon(told.random, entered_after(told.random, asked))
    told.script.act(ruled, told.one("leader"), "rule_on_correction", yes, stream=policy)
