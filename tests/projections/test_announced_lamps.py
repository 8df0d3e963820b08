"""Lamps at (P, D) rest on the holidays as they were announced at P, near the end and after a pause."""

from datetime import date, timedelta
from random import Random

import oracle
import pytest
from random_histories import POLICY, SOMEONE, UNITS
from world import World, at, days, follow_up, in_progress, policy, stream, unit

from domain.calendar_year import CalendarAmended, CalendarAnnounced
from domain.commitment_events import CommitmentResumed, CommitmentSuspended
from ledger.announced import announced
from projections.asof import AsOf
from projections.follower import follow_once
from projections.rebuild import rebuild
from projections.verify import verify
from projections.views import Views

BEGAN, FIRST, COUNT = date(2026, 11, 2), date(2026, 12, 20), 40
"""The days looked at are those around the first not announced."""


def told(seed: int) -> tuple[World, list[int]]:
    """A world and the positions of its notices; what is promised there falls due within a few weeks."""
    random, world = Random(seed), World()
    world.record(UNITS[0], unit(0), at(BEGAN))
    world.record(POLICY, policy(UNITS[0]), at(BEGAN))
    dues = days(FIRST, COUNT)
    for number in range(20):
        name, due_on = stream(100 + number), random.choice(dues)
        in_progress(world, name, UNITS[0], POLICY, day=BEGAN, due_on=due_on)
        world.record(name, follow_up(random.choice([80, 90, 100])), at(BEGAN, 11))
        if number % 2:
            until = BEGAN + timedelta(days=random.randrange(1, 20))
            world.record(name, CommitmentSuspended(ground="诉讼", since=BEGAN, until=until), at(BEGAN, 12))
        if number % 4 == 3:
            resumed = CommitmentResumed(reason="", paused_days=0, due_on=due_on, provisional=False)
            world.record(name, resumed, at(BEGAN, 13))
    named = [
        {
            "holidays": tuple(sorted(random.sample(days(date(2027, 1, 1), 31), 8))),
            "make_ups": tuple(day for day in days(date(2027, 1, 1), 31) if day.weekday() == 5),
            "number": f"示例〔2026〕{n}号",
        }
        for n in range(3)
    ]
    notices = [world.record(SOMEONE, CalendarAnnounced(year=2027, **named[0]), at(BEGAN, 14))]
    notices += [
        world.record(SOMEONE, CalendarAmended(**one, reason="调整"), at(BEGAN, 15 + n))
        for n, one in enumerate(named[1:])
    ]
    return world, notices


def moments(world: World, notices: list[int]) -> list[AsOf]:
    positions = sorted({position + n for position in notices for n in (-1, 0)})
    return [
        AsOf(position=position, on=on, known_on=BEGAN, forecast=True)
        for position in positions
        for on in days(FIRST - timedelta(days=5), COUNT + 20)
    ]


@pytest.mark.parametrize("seed", range(2))
def test_a_lamp_rests_on_what_was_announced_at_the_position(database_url: str, seed: int):
    world, notices = told(seed)
    world.store(database_url)
    follow_once(database_url)
    views, moved = Views(database_url), 0
    for at_ in moments(world, notices):
        meant = {name: line["lamp"] for name, line in oracle.commitments(world, at_.position, at_.on).items()}
        lines = {line.id: line for line in views.commitments(at_, limit=200).items}
        assert {name: line.lamp for name, line in lines.items()} == meant
        for lamp in set(meant.values()):
            found = views.commitments(at_, lamp=lamp, limit=200)
            assert {line.id for line in found.items} == {name for name, lit in meant.items() if lit == lamp}
        assert sum(views.scoreboard(at_).all.lamps.values()) == len(meant)
        calendar = oracle.calendar(world, at_.position)
        for line in lines.values():
            if line.lamp in {"green", "yellow"} and line.stage != "suspended":
                assert line.working_days_left == calendar.working_days_between(at_.on, line.due_on)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(oracle, "calendar", lambda *_: announced())
            before = oracle.commitments(world, at_.position, at_.on)
            moved += sum(meant[name] != line["lamp"] for name, line in before.items())
    views.close()
    assert moved > 20, "the notices make a difference"


def test_a_notice_changes_no_row_so_any_rebuild_gives_the_same(database_url: str):
    world, notices = told(7)
    world.store(database_url, notices[0] - 1)
    follow_once(database_url)
    world.store(database_url)
    follow_once(database_url)
    assert all(view.sound for view in verify(database_url).views)
    rebuild(database_url)
    assert all(view.sound for view in verify(database_url).views)
