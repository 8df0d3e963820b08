"""Every view, at every position and on many days, against the slow oracle."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import oracle
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_histories import history
from world import World

from ledger.database import open_reader
from projections.answers import FigurePage
from projections.asof import AsOf
from projections.figures import DISTINCT, FIGURES, value
from projections.follower import Folder
from projections.generations import open_shelf
from projections.views import Views

YEARS = (2011, 2012)


def followed(world: World, url: str, random: Random) -> None:
    """Stores the world piece by piece and follows it in batches of all sizes, as a follower at work would."""
    upto = 0
    while upto < len(world.rows):
        upto += random.choice([1, 2, 5, 30])
        world.store(url, upto)
        reader, shelf = open_reader(url), open_shelf(url)
        generation = shelf.open(shelf.served())
        folder = Folder(generation, reader, served=True, batch=random.choice([1, 3, 10, 100]))
        folder.run(reader.head().position)
        assert not folder.stopped
        generation.close()
        shelf.close()
        reader.close()


def cuts(world: World) -> list[date]:
    """The days on which something happened, the day before the first, and one long after the last."""
    days = {occurred.astimezone(oracle.SHANGHAI).date() for _, _, occurred, _, _ in world.events}
    return sorted({min(days) - timedelta(days=1), *days, max(days) + timedelta(days=60)})


def pages(views: Views, at: AsOf, year: int, figure: str) -> list[FigurePage]:
    found = [views.headline_events(at, year, figure, limit=3)]
    while found[-1].next is not None:
        found.append(views.headline_events(at, year, figure, limit=3, cursor=found[-1].next))
    return found


def check(views: Views, world: World, at: AsOf) -> None:
    lines = {line.id: line for line in views.commitments(at, limit=200).items}
    meant = oracle.commitments(world, at.position, at.on)
    assert {name: {field: getattr(line, field) for field in meant[name]} for name, line in lines.items()} == meant

    scores = views.scoreboard(at)
    counted: dict[tuple[str, str], int] = {}
    for line in lines.values():
        for column in (line.stage, line.lamp):
            counted[line.unit, column] = counted.get((line.unit, column), 0) + 1
    shown = {
        (score.unit, column): count
        for score in scores.units
        for column, count in (*score.stages.items(), *score.lamps.items())
        if count
    }
    assert shown == counted
    assert scores.all.total == len(lines)

    titles = oracle.titles(world, at.position, at.on)
    assert {key: name.title for key, name in views.names(at).items()} == titles


def check_headline(views: Views, world: World, at: AsOf) -> None:
    for year in YEARS:
        head = views.headline(at, year)
        meant = oracle.headline(world, at.position, at.on, year)
        assert {figure: value(head, figure) for figure in FIGURES} == meant
        for figure in FIGURES:
            if meant[figure]:
                items = [item for page in pages(views, at, year, figure) for item in page.items]
                if figure in DISTINCT:
                    assert len({item.partner for item in items}) == meant[figure]
                else:
                    assert sum(item.amount for item in items) == meant[figure]
                assert all(world.events[item.position - 1][1] == item.id for item in items)


def compare(world: World, url: str, random: Random, *, positions: int, days: int) -> None:
    views = Views(url)
    every = range(1, len(world.rows) + 1)
    for position in every if len(every) <= positions else sorted(random.sample(every, positions)):
        known_on = world.events[position - 1][3].astimezone(oracle.SHANGHAI).date()
        all_days = cuts(world)
        for on in random.sample(all_days, min(days, len(all_days))):
            at = AsOf(position=position, on=on, known_on=known_on, forecast=on > known_on)
            check(views, world, at)
            check_headline(views, world, at)
    views.close()


# A seed does not shrink to a simpler history, so a failure is reported as it is found.
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32), count=st.integers(1, 40))
def test_views_answer_what_the_oracle_folds(seed: int, count: int) -> None:
    world = history(seed, count)
    random = Random(seed)
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory)}/luoshi.db"
        followed(world, url, random)
        compare(world, url, random, positions=14, days=3)


def test_both_databases_answer_a_long_history(database_url: str) -> None:
    world = history(20110101, 200)
    random = Random(7)
    followed(world, database_url, random)
    compare(world, database_url, random, positions=12, days=3)


def test_back_dated_events_leave_what_was_known_before(database_url: str) -> None:
    world = history(99, 80)
    followed(world, database_url, Random(1))
    views = Views(database_url)
    late = [
        (position, occurred.astimezone(oracle.SHANGHAI).date())
        for position, _, occurred, recorded, _ in world.events
        if (recorded - occurred).days >= 3
    ]
    assert len(late) > 5
    for position, day in late[:12]:
        for known in (position - 1, position):
            if known:
                check(views, world, AsOf(position=known, on=day, known_on=day, forecast=False))
    views.close()


def test_the_oracle_sees_what_matters() -> None:
    """Guards the test itself: histories that never reach a lamp, a stage or a figure would prove nothing."""
    lamps: set[Any] = set()
    stages: set[Any] = set()
    figures: set[str] = set()
    odd = 0
    for seed in range(40):
        world = history(seed, 60)
        last = cuts(world)[-1]
        for on in cuts(world)[::4]:
            for line in oracle.commitments(world, len(world.rows), on).values():
                lamps.add(line["lamp"])
                stages.add(line["stage"])
                odd += line["odd"]
        for year in YEARS:
            figures |= {name for name, count in oracle.headline(world, len(world.rows), last, year).items() if count}
    assert lamps == {"green", "yellow", "red", "paused", "off"}
    assert len(stages) == 12
    assert figures == set(FIGURES)
    assert odd
