"""Cases against their slow oracle at random positions and days: each line, each narrowing, each count, each page."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import oracle_cases as oracle
import pytest
from random_cases import HANDLERS, UNITS, days, history
from sqlalchemy import Connection
from test_follower import tamper
from world import World

from domain.refusal import Refusal
from ledger.database import open_reader
from projections import matters
from projections.asof import AsOf
from projections.case_views import SUPERVISION, Asked, CaseViews, Page
from projections.follower import Folder, follow_once
from projections.generations import open_shelf
from projections.verify import verify
from projections.views import Views

COUNT = 400


@pytest.fixture(params=[1, 2])
def field(request: pytest.FixtureRequest, database_url: str) -> Iterator[tuple[World, Views, Random]]:
    """A random history, followed piece by piece."""
    world, random = history(request.param, COUNT), Random(request.param)
    upto = 0
    while upto < len(world.rows):
        upto += random.choice([1, 7, 40])
        world.store(database_url, upto)
        reader, shelf = open_reader(database_url), open_shelf(database_url)
        generation = shelf.open(shelf.served())
        folder = Folder(generation, reader, served=True, batch=random.choice([1, 5, 100]))
        folder.run(reader.head().position)
        assert not folder.stopped
        generation.close()
        shelf.close()
        reader.close()
    views = Views(database_url)
    yield world, views, random
    views.close()


def moments(world: World, random: Random, count: int) -> Iterator[AsOf]:
    for _ in range(count):
        on = random.choice(days(world))
        yield AsOf(position=random.randrange(1, len(world.rows) + 1), on=on, known_on=on, forecast=False)


def every(page: Callable[[Asked], Page[Any]], asked: Asked) -> list[Any]:
    """All pages of a list, three items each."""
    found: list[Any] = []
    asked = replace(asked, limit=3)
    while True:
        got = page(asked)
        found += got.items
        if got.next is None:
            assert len(found) == got.total
            return found
        asked = replace(asked, cursor=got.next)


def wanted(world: World, at: AsOf, *kinds: str) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in oracle.cases(world, at.position, at.on).items() if one["kind"] in kinds}


def test_requests_are_what_the_oracle_folds(field: tuple[World, Views, Random]) -> None:
    world, views, random = field
    seen: Counter[str] = Counter()
    for at in moments(world, random, 15):
        meant = wanted(world, at, "request")
        shown = {
            line.id: {
                "kind": "request",
                "stage": line.stage,
                "units": [line.unit] if line.unit else [],
                "due": line.due_at,
                "outcome": line.resolution,
                "confirmed": line.confirmed,
                "escalated": line.escalated,
                "overdue": line.overdue,
                "odd": line.odd,
                "title": line.title,
                "sort": line.kind,
            }
            for line in CaseViews(views).requests(at, Asked(limit=200)).items
        }
        assert shown == meant
        seen.update(one["stage"] for one in meant.values())
        seen.update("overdue" for one in meant.values() if one["overdue"])
    assert {"raised", "withdrawn", "overdue"} <= set(seen), "too little was compared"
    assert len(seen) > 6, "too few stages were compared"


def test_every_narrowing_is_the_oracle_narrowed(field: tuple[World, Views, Random]) -> None:
    world, views, random = field
    asking = CaseViews(views)
    for at in moments(world, random, 12):
        meant = wanted(world, at, "request")
        narrowings: list[tuple[Asked, Callable[[dict[str, Any]], bool]]] = [
            (Asked(stage="raised"), lambda one: one["stage"] == "raised"),
            (Asked(unit=UNITS[0]), lambda one: one["units"] == [UNITS[0]]),
            (Asked(kind="opinion"), lambda one: one["sort"] == "opinion"),
            (Asked(overdue=True), lambda one: one["overdue"]),
            (Asked(overdue=False, unit=UNITS[1]), lambda one: not one["overdue"] and one["units"] == [UNITS[1]]),
        ]
        for asked, fits in narrowings:
            order = random.choice(["due", "-due", "begun", "-begun"])
            found = every(partial(asking.requests, at), replace(asked, order=order))
            assert sorted(line.id for line in found) == sorted(name for name, one in meant.items() if fits(one))
            ranks = [line.due_at.timestamp() if line.due_at else 1e12 for line in found]
            if not order.endswith("due"):
                ranks = [line.position for line in found]
            assert ranks == sorted(ranks, reverse=order.startswith("-"))


def test_supervision_rounds_and_publications_are_what_the_oracle_folds(field: tuple[World, Views, Random]) -> None:
    world, views, random = field
    asking = CaseViews(views)
    for at in moments(world, random, 10):
        for kind in SUPERVISION:
            meant = wanted(world, at, kind.value)
            lines = {line.id: line for line in asking.supervision(at, kind, Asked(limit=200)).items}
            assert lines.keys() == meant.keys()
            for name, one in meant.items():
                line = lines[name]
                assert (line.stage, line.verdict, line.overdue, line.odd) == (
                    one["stage"],
                    one["outcome"],
                    one["overdue"],
                    one["odd"],
                )
                assert sorted(unit.id for unit in line.units) == one["units"]
                assert (line.due_on is None) == (one["due"] is None)
                assert one["title"] in {None, line.title}
            of_unit = every(partial(asking.supervision, at, kind), Asked(unit=UNITS[2]))
            assert {line.id for line in of_unit} == {name for name, one in meant.items() if UNITS[2] in one["units"]}
        rounds = {line.id: (line.stage, line.until is None) for line in asking.rounds(at, Asked(limit=200)).items}
        meant = wanted(world, at, "appraisal")
        assert rounds == {name: (one["stage"], one["due"] is None) for name, one in meant.items()}
        shown = {line.id: (line.stage, line.title) for line in asking.publications(at, Asked(limit=200)).items}
        meant = wanted(world, at, "publication")
        assert shown == {name: (one["stage"], one["title"]) for name, one in meant.items()}


def test_counts_are_the_oracle_counted(field: tuple[World, Views, Random]) -> None:
    world, views, random = field
    asking = CaseViews(views)
    for at in moments(world, random, 10):
        every_one = wanted(world, at, "request").values()
        meant = [one for one in every_one if one["stage"] != "withdrawn"]
        found = asking.request_counts(at)
        assert (found.total, found.withdrawn) == (len(meant), len(every_one) - len(meant))
        assert found.overdue == sum(one["overdue"] for one in meant) == sum(one.overdue for one in found.units)
        assert +Counter(found.stages) == Counter(one["stage"] for one in meant)
        assert +Counter(found.kinds) == Counter(one["sort"] for one in meant)
        assert sum(found.channels.values()) == len(meant)
        assert {one.unit: one.total for one in found.units} == Counter(
            one["units"][0] if one["units"] else None for one in meant
        )
        counts = asking.supervision_counts(at)
        meant = list(wanted(world, at, *SUPERVISION).values())
        for kind in counts.kinds:
            some = [one for one in meant if one["kind"] == kind.kind]
            assert (kind.total, kind.overdue) == (len(some), sum(one["overdue"] for one in some))
            assert +Counter(kind.stages) == Counter(one["stage"] for one in some)
        assert {one.unit: one.total for one in counts.units} == Counter(unit for one in meant for unit in one["units"])


def handled(at: AsOf, person: str, connection: Connection, _names: Any) -> list[matters.MatterLine]:
    return matters.of_handler(connection, at, person)


def test_matters_are_their_handlers_own(field: tuple[World, Views, Random]) -> None:
    world, views, random = field
    last = max(days(world))
    newest = oracle.matters(world, len(world.rows), last)
    for at in moments(world, random, 10):
        meant = oracle.matters(world, at.position, at.on)
        for person in (*HANDLERS, UNITS[0]):
            found = views.ask(at, partial(handled, at, person), "matters")
            assert {line.id: (line.stage, line.handlers) for line in found} == {
                name: one for name, one in meant.items() if person in newest[name][1]
            }


def test_confidential_matters_are_in_no_other_list(field: tuple[World, Views, Random]) -> None:
    world, views, _ = field
    last = max(days(world))
    at = AsOf(position=len(world.rows), on=last, known_on=last, forecast=False)
    asking = CaseViews(views)
    lists = [every(partial(asking.requests, at), Asked())]
    lists += [every(partial(asking.supervision, at, kind), Asked()) for kind in SUPERVISION]
    hidden = set(oracle.matters(world, len(world.rows), last))
    assert hidden
    assert not hidden & {line.id for found in lists for line in found}
    with pytest.raises(Refusal) as refused:
        asking.request(at, hidden.pop())
    assert refused.value.rule == "unknown_request"


def test_verify_finds_a_changed_case(database_url: str) -> None:
    world = history(3, 80)
    world.store(database_url)
    follow_once(database_url)
    assert all(view.sound for view in verify(database_url).views)
    raised, reported = (
        next(number for number, _, _, _, event in world.events if type(event).__name__ == name)
        for name in ("RequestRaised", "MatterRecorded")
    )
    tamper(database_url, f"UPDATE case_version SET stage = 'lost' WHERE since = {raised}")
    tamper(database_url, f"DELETE FROM matter_version WHERE since = {reported}")
    checked = {view.view: view for view in verify(database_url).views}
    assert not checked["cases"].sound
    assert not checked["matters"].sound
    assert checked["commitments"].sound
    assert (checked["cases"].differing, checked["matters"].differing) == (1, 1)
