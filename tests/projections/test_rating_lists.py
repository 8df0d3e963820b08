"""The list of ratings against a slow fold of each, at any (P, D), and one rating with its limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import oracle
import pytest
import rated
from rated import BAD, SOMEONE, UNITS
from test_corrections_seen import corrected
from world import SHANGHAI, START, World, at, stream, unit

from domain.refusal import Refusal
from ledger.database import open_reader
from projections.asof import AsOf
from projections.case_views import Asked, CaseViews
from projections.follower import follow_once
from projections.ratings import RatingShown, rating_at
from projections.views import Views

MAY = date(2011, 5, 10)
AFTER = {
    "RatingChecked": "checked",
    "RatingAppealed": "appealed",
    "RatingExcluded": "excluded",
    "RatingAppealRefused": "checked",
    "RatingRectified": "rectified",
    "RatingRedoOrdered": "checked",
    "RatingClosed": "closed",
}


def last_day(due: datetime) -> date:
    return (due - timedelta(microseconds=1)).astimezone(SHANGHAI).date()


def meant(world: World, position: int, on: date) -> dict[str, dict[str, Any]]:
    found = {}
    for name, told in oracle.told(world, position, on).items():
        line: dict[str, Any] = {"accepted": False}
        for _, _, event in told:
            kind = type(event).__name__
            if kind == "RatingReceived":
                line |= {"unit": event.unit, "grade": event.grade.value}
                line["stage"] = "received" if event.grade in BAD else "good"
            if kind in AFTER:
                line["stage"] = AFTER[kind]
            if kind in {"RatingReceived", "RatingRedoOrdered"}:
                line["due_on"] = None if event.rectify_by is None else last_day(event.rectify_by.due)
            if kind in {"RatingRectified", "RatingClosed", "RatingExcluded"}:
                line["due_on"] = None
            if kind == "RatingClosed":
                line["accepted"] = event.accepted
        if "grade" in line:
            line["overdue"] = line["due_on"] is not None and line["due_on"] < on
            found[name] = line
    return found


def moments(world: World, random: Random, count: int) -> Iterator[AsOf]:
    days = sorted({occurred.date() for _, _, occurred, _, _ in world.events})
    for _ in range(count):
        on = random.choice(days)
        yield AsOf(position=random.randrange(1, len(world.rows) + 1), on=on, known_on=on, forecast=False)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_list_is_what_a_slow_fold_gives(seed: int, database_url: str):
    world, random = rated.history(seed), Random(seed)
    upto = 0
    while upto < len(world.rows):
        upto += random.choice([1, 9, 40])
        world.store(database_url, upto)
        follow_once(database_url, batch=random.choice([1, 5, 100]))
    views = Views(database_url)
    cases = CaseViews(views)
    overdue = 0
    for moment in moments(world, random, 12):
        wanted = meant(world, moment.position, moment.on)
        page = cases.ratings(moment, Asked(limit=200))
        shown = {one.id: one for one in page.items}
        assert page.total == len(shown) == len(wanted)
        for name, line in wanted.items():
            assert {field: getattr(shown[name], field) for field in line} == line
        for asked, keep in (
            (Asked(overdue=True, limit=200), lambda line: line["overdue"]),
            (
                Asked(unit=UNITS[1], kind="dissatisfied"),
                lambda line: (line["unit"], line["grade"]) == (UNITS[1], BAD[0]),
            ),
            (Asked(stage="closed", limit=200), lambda line: line["stage"] == "closed"),
        ):
            narrowed = {one.id for one in cases.ratings(moment, asked).items}
            assert narrowed == {name for name, line in wanted.items() if keep(line)}
        overdue += sum(line["overdue"] for line in wanted.values())
    assert overdue
    views.close()


@pytest.fixture
def asked(database_url: str):
    """A rating redone once: received on 10 May, to be put right by 12 May, then again by the last of June."""
    world = World()
    world.record(UNITS[0], unit(1, "示例局"), START)
    due = at(MAY, 0) + timedelta(days=3)
    for days, event in (
        (0, rated.received(due=due)),
        (1, rated.checked()),
        (5, rated.rectified(at(MAY))),
        (6, rated.called_back()),
        (7, rated.redo()),
    ):
        world.record(stream(900), event, at(MAY + timedelta(days=days)))
    world.record(stream(901), rated.received(), at(MAY + timedelta(days=8)))
    position = len(world.rows)
    world.record(stream(901), rated.retracted(position), at(MAY + timedelta(days=9)))
    entered = world.record(stream(902), rated.received(), at(MAY + timedelta(days=10)))
    mended = corrected(entered, "rating_received.1", "service", "社保关系转移", "社保卡申领")
    world.record(stream(902), mended, at(MAY + timedelta(days=11)))
    world.store(database_url)
    follow_once(database_url)
    reader, views = open_reader(database_url), Views(database_url)

    def ask(name: str = stream(900), *, days: int = 30, position: int | None = None) -> RatingShown:
        moment = views.at(on=(MAY + timedelta(days=days)).isoformat())
        moment = moment if position is None else replace(moment, position=position)
        return rating_at(
            reader, name, moment, lambda one: "示例局" if one == UNITS[0] else "", views.editions(moment).named
        )

    yield ask
    views.close()
    reader.close()


@pytest.mark.parametrize(
    ("days", "stage", "overdue"),
    [
        (0, "received", False),
        (2, "checked", False),
        (3, "checked", True),
        (5, "rectified", False),
        (7, "checked", False),
    ],
)
def test_one_is_overdue_while_the_unit_is_late(asked, days: int, stage: str, overdue: bool):
    shown = asked(days=days)
    assert (shown.stage, shown.overdue) == (stage, overdue)


def test_one_explains_its_limits_and_tells_what_happened(asked):
    shown = asked()
    assert [limit.due for limit in shown.limits] == [at(MAY, 0) + timedelta(days=3), at(date(2011, 7, 1), 0)]
    assert all(limit.lines for limit in shown.limits)
    assert (shown.version, shown.redos, len(shown.entries)) == (5, 1, 5)
    assert shown.unit_title == "示例局"
    assert shown.entries[0].zh.startswith("窗口收到对示例局“社保关系转移”的评价（实名）：不满意，须于")
    assert shown.entries[0].data["words"] == {"sealed": True}


def test_a_retracted_one_is_shown_as_entered_and_as_withdrawn(asked):
    shown = asked(stream(901))
    assert (shown.stage, shown.overdue, shown.grade) == ("withdrawn", False, "dissatisfied")
    assert shown.entries[0].retracted
    assert asked(stream(901), position=7).stage == "received"


def test_a_corrected_one_reads_so_from_then_on_and_for_every_day(asked):
    known = asked(stream(902)).version
    assert known == 2
    assert asked(stream(902), days=10).service == "社保卡申领"
    assert asked(stream(902), position=9).service == "社保关系转移"


@pytest.mark.parametrize(
    ("name", "days", "rule"),
    [
        (UNITS[0], 30, "unknown_rating"),
        (stream(900), -1, "unknown_rating"),
        ("x", 30, "id_malformed"),
        (SOMEONE, 30, "unknown_rating"),
    ],
)
def test_what_is_no_rating(asked, name: str, days: int, rule: str):
    with pytest.raises(Refusal) as caught:
        asked(name, days=days)
    assert caught.value.rule == rule
