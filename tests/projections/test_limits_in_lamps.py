"""Lamps at (P, D) rest on the limits in force on D, as they were known at P."""

from datetime import date, timedelta
from random import Random

import oracle
import pytest
from random_histories import POLICY, SOMEONE, UNITS
from world import World, at, days, follow_up, in_progress, policy, stream, unit

from domain.commitment_events import CommitmentSuspended
from domain.editions import LimitSet
from domain.rule_edition import RuleEditionConfirmed, RuleEditionIssued, RuleEditionWithdrawn
from domain.rules import DEFAULT
from projections.asof import AsOf
from projections.follower import follow_once
from projections.lamps import PARTS, planned_at
from projections.rebuild import rebuild
from projections.verify import verify
from projections.views import Views

BEGAN, FIRST, COUNT = date(2011, 4, 1), date(2011, 5, 20), 30


def told(seed: int) -> tuple[World, list[int]]:
    """A world and the positions at which its limits change."""
    random, world = Random(seed), World()
    world.record(UNITS[0], unit(0), at(BEGAN))
    world.record(POLICY, policy(UNITS[0]), at(BEGAN))
    for number in range(20):
        name, due_on = stream(100 + number), random.choice(days(FIRST, COUNT))
        in_progress(world, name, UNITS[0], POLICY, day=BEGAN, due_on=due_on)
        world.record(name, follow_up(random.randrange(30, 100)), at(BEGAN, 11))
        if number % 4 == 0:
            until = BEGAN + timedelta(days=random.randrange(1, 20))
            world.record(name, CommitmentSuspended(ground="诉讼", since=BEGAN, until=until), at(BEGAN, 12))
    turns = []
    for number, (near, tolerance) in enumerate(((8, 0), (1, 35)), 1):
        limits = {"plan_tolerance_percent": tolerance, "yellow_working_days": near}
        issued = RuleEditionIssued(
            number=number,
            version=f"2011-{number}",
            source="示政办发〔2011〕3号",
            in_force_from=FIRST + timedelta(days=10 * number),
            limits=tuple(LimitSet(limit=name, value=value) for name, value in limits.items()),
            reason="试行",
            by=SOMEONE,
        )
        turns.append(world.record(stream(number), issued, at(BEGAN, 13)))
        turns.append(world.record(stream(number), RuleEditionConfirmed(follows="", by=SOMEONE), at(BEGAN, 13)))
    turns.append(world.record(stream(2), RuleEditionWithdrawn(reason="暂缓", by=SOMEONE), at(BEGAN, 14)))
    return world, turns


@pytest.mark.parametrize("seed", range(2))
def test_a_lamp_rests_on_the_limits_of_the_day(database_url: str, seed: int):
    world, turns = told(seed)
    world.store(database_url)
    follow_once(database_url)
    views, moved = Views(database_url), 0
    for position in turns:
        for on in days(FIRST - timedelta(days=20), COUNT + 25):
            at_ = AsOf(position=position, on=on, known_on=BEGAN, forecast=True)
            meant = {name: line["lamp"] for name, line in oracle.commitments(world, position, on).items()}
            assert {line.id: line.lamp for line in views.commitments(at_, limit=200).items} == meant
            for lamp in set(meant.values()):
                found = views.commitments(at_, lamp=lamp, limit=200)
                assert {line.id for line in found.items} == {name for name, lit in meant.items() if lit == lamp}
            with pytest.MonkeyPatch.context() as patch:
                brought = {name: getattr(DEFAULT, name) for name in ("plan_tolerance_percent", "yellow_working_days")}
                patch.setattr(oracle, "limits", lambda *_, brought=brought: brought)
                before = oracle.commitments(world, position, on)
            moved += sum(meant[name] != line["lamp"] for name, line in before.items())
    views.close()
    assert moved > 20, "the editions make a difference"


def test_an_edition_changes_no_row(database_url: str):
    world, turns = told(7)
    world.store(database_url, turns[0] - 1)
    follow_once(database_url)
    world.store(database_url)
    follow_once(database_url)
    assert all(view.sound for view in verify(database_url).views)
    rebuild(database_url)
    assert all(view.sound for view in verify(database_url).views)


def test_the_line_of_the_plan_is_exact_for_any_tolerance():
    random = Random(3)
    for _ in range(3_000):
        starts, length, quantity = (
            random.randrange(700_000, 700_050),
            random.randrange(1, 400),
            random.randrange(1, 300),
        )
        progress, tolerance = random.randrange(quantity + 50), random.randrange(101)
        planned = planned_at(starts, starts + length, quantity, progress)
        for day in range(starts - 2, starts + 2 * length, 7):
            # Both sides of: planned - progress > tolerance per cent of the quantity, times 100 and the length.
            behind = 100 * quantity * (day - starts) - 100 * progress * length > tolerance * quantity * length
            assert (planned + tolerance * length < PARTS * day) == behind
