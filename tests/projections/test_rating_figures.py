"""满意率, 差评整改率 and 实名差评回访率: held against a slow count at any (P, D), and open to what they count."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
import rated
from rated import UNITS
from world import START, World, at, stream, unit

from domain.appraisal_form import Grade
from domain.commitment_terms import Answer
from domain.refusal import Refusal
from domain.request_events import Protection
from projections.follower import follow_once
from projections.rating_figures import Rates, RatingFigure, RatingFigures
from projections.service_views import ServiceViews
from projections.views import Views

MAY, JUNE = date(2011, 5, 10), date(2011, 6, 10)
END = date(2011, 12, 30)
PARTS = ("numerator", "denominator", "excluded")


def told(*lives: tuple[object, ...]) -> World:
    world = World()
    for number, name in enumerate(UNITS):
        world.record(name, unit(number, f"第{number}局"), START)
    for number, life in enumerate(lives):
        for minute, event in enumerate(life):
            world.record(stream(900 + number), event, at(MAY, 10, minute))
    return world


def shown(rates: Rates) -> dict[str, tuple[int, int, int]]:
    return {figure: (one.numerator, one.denominator, one.excluded) for figure, one in rates.items()}


def rates_of(database_url: str, world: World, on: date = END) -> Rates:
    world.store(database_url)
    follow_once(database_url)
    views = Views(database_url)
    found = RatingFigures(views).rates(views.at(on=on.isoformat()), 2011)
    views.close()
    return found.all


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_a_slow_count_gives(seed: int, database_url: str):
    world, random = rated.history(seed), Random(seed)
    upto = 0
    while upto < len(world.rows):
        upto += random.choice([1, 9, 40])
        world.store(database_url, upto)
        follow_once(database_url, batch=random.choice([1, 5, 100]))
    views = Views(database_url)
    figures = RatingFigures(views)
    days = sorted({occurred.date() for _, _, occurred, _, _ in world.events})
    seen: Counter[str] = Counter()
    for _ in range(20):
        position, day = random.randrange(1, len(world.rows) + 1), random.choice(days)
        moment = replace(views.at(on=day.isoformat()), position=position)
        year = random.choice([2010, 2011, 2012])
        found = figures.rates(moment, year)
        meant = rated.counted(world, position, day, year)
        counted: Counter[tuple[str, str, str]] = Counter()
        for one in found.units:
            for figure, rate in one.rates.items():
                for part in PARTS:
                    counted[one.unit, figure, part] += getattr(rate, part)
                    seen[part] += getattr(rate, part)
        assert +counted == meant
        for figure, rate in found.all.items():
            assert rate.denominator == sum(n for (_, of, part), n in meant.items() if (of, part) == (figure, PARTS[1]))
            assert (rate.rate is None) is (rate.denominator == 0)
    assert all(seen[part] for part in PARTS)
    views.close()


@pytest.mark.parametrize("figure", RatingFigure)
@pytest.mark.parametrize("one_unit", [None, UNITS[0]])
def test_every_figure_opens_to_what_it_counts(figure: RatingFigure, one_unit: str | None, database_url: str):
    world = rated.history(4, 120)
    world.store(database_url)
    follow_once(database_url)
    views = Views(database_url)
    figures, moment = RatingFigures(views), views.at(on="2013-01-01")
    found = figures.rates(moment, 2011)
    rate = found.all[figure]
    if one_unit is not None:
        rate = next(one.rates for one in found.units if one.unit == one_unit)[figure]
    items, cursor = [], None
    while True:
        page = figures.behind(moment, 2011, figure, unit=one_unit, limit=7, cursor=cursor)
        items += page.items
        cursor = page.next
        if cursor is None:
            break
    assert (sum(item.counts for item in items), len(items)) == (rate.numerator, rate.denominator)
    assert rate.numerator
    assert len({item.id for item in items}) == len(items)
    events = {position: (name, event) for position, name, _, _, event in world.events}
    assert all(events[item.position][0] == item.id for item in items)
    kinds = {type(events[item.position][1]).__name__ for item in items if item.counts}
    by_close = {"RatingClosed", "RatingRectified"}
    assert kinds <= {
        RatingFigure.RECTIFICATION: by_close,
        RatingFigure.CALL_BACK: {"RaterCalledBack"},
    }.get(figure, {"RatingReceived"})
    kind = "rating_named_excluded" if figure is RatingFigure.CALL_BACK else "rating_excluded"
    left_out = ServiceViews(views).records(moment, 2011, kind, unit=one_unit, limit=200)
    assert len(left_out.items) == rate.excluded > 0
    assert {type(events[item.position][1]).__name__ for item in left_out.items} == {"RatingExcluded"}
    views.close()


def test_the_grades_of_both_rates(database_url: str):
    found = shown(rates_of(database_url, told(*((rated.received(grade),) for grade in Grade))))
    assert found == {
        "satisfaction": (3, 5, 0),
        "satisfaction_strict": (2, 5, 0),
        "rectification": (0, 2, 0),
        "call_back": (0, 2, 0),
    }


def test_nothing_rated_is_no_rate(database_url: str):
    assert {one.rate for one in rates_of(database_url, told()).values()} == {None}


@pytest.mark.parametrize("answer", Answer)
def test_no_call_back_makes_a_rater_satisfied(answer: Answer, database_url: str):
    life = (rated.received(), rated.checked(), rated.rectified(at(MAY)), rated.called_back(answer), rated.closed())
    found = shown(rates_of(database_url, told(life)))
    assert (found["satisfaction"], found["call_back"]) == ((0, 1, 0), (1, 1, 0))


def test_what_nobody_accepted_is_not_put_right(database_url: str):
    lives = [
        (rated.received(), rated.checked(), rated.rectified(at(MAY))),
        (rated.received(), rated.checked(), rated.rectified(at(MAY)), rated.closed(accepted=False)),
        (rated.received(), rated.checked(), rated.rectified(at(MAY)), rated.closed()),
    ]
    assert shown(rates_of(database_url, told(*lives)))["rectification"] == (1, 3, 0)


@pytest.mark.parametrize(("seconds", "in_time"), [(-1, 1), (0, 0)])
def test_in_time_is_before_the_end_of_the_first_limit(seconds: int, in_time: int, database_url: str):
    due = at(MAY, 0) + timedelta(days=3)
    late = due + timedelta(seconds=seconds)
    life = (rated.received(due=due), rated.checked(), rated.rectified(late), rated.closed())
    assert shown(rates_of(database_url, told(life)))["rectification"] == (in_time, 1, 0)


def test_a_redo_moves_no_limit(database_url: str):
    due = at(MAY, 0) + timedelta(days=3)
    late = due + timedelta(days=1)
    life = (rated.received(due=due), rated.rectified(at(MAY)), rated.redo(), rated.rectified(late), rated.closed())
    assert shown(rates_of(database_url, told(life)))["rectification"] == (0, 1, 0)


def test_only_who_gave_a_name_is_called_back(database_url: str):
    found = shown(rates_of(database_url, told(*((rated.received(protection=one),) for one in Protection))))
    assert found["call_back"] == (0, 2, 0)


def test_a_rating_leaves_every_rate_when_it_is_excluded_and_not_before(database_url: str):
    world = told((rated.received(), rated.checked(), rated.appealed(at(MAY))), (rated.received(Grade.SATISFIED),))
    world.record(stream(900), rated.excluded(), at(JUNE))
    world.store(database_url)
    follow_once(database_url)
    views = Views(database_url)
    figures = RatingFigures(views)
    before = figures.rates(views.at(on=(JUNE - timedelta(days=1)).isoformat()), 2011)
    after = figures.rates(views.at(on=JUNE.isoformat()), 2011)
    assert shown(before.all)["satisfaction"] == (1, 2, 0)
    assert shown(after.all)["satisfaction"] == (1, 1, 1)
    assert shown(after.all)["call_back"] == (0, 0, 1)
    assert after.all["satisfaction"].rate == 10_000
    views.close()


def test_what_is_no_question(database_url: str):
    told((rated.received(),)).store(database_url)
    follow_once(database_url)
    views = Views(database_url)
    figures, moment = RatingFigures(views), views.at()
    for rule, ask in (
        ("figure_unknown", lambda: figures.behind(moment, 2011, "x")),
        ("id_malformed", lambda: figures.behind(moment, 2011, "call_back", unit="x")),
        ("limit_out_of_range", lambda: figures.behind(moment, 2011, "call_back", limit=0)),
        ("year_out_of_range", lambda: figures.rates(moment, 1999)),
    ):
        with pytest.raises(Refusal) as caught:
            ask()
        assert caught.value.rule == rule
    views.close()
