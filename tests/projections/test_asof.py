"""The moment a query is about, and the cursors that keep it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from world import World, at, follow_up, in_progress, policy, stream, unit

from domain.refusal import Refusal
from projections.answers import CommitmentLine
from projections.follower import follow_once
from projections.views import Views

DAY = date(2011, 3, 1)
LATER = date(2011, 3, 9)


@pytest.fixture
def world(sqlite_url: str) -> World:
    """Three commitments in progress on 1 March; on 9 March one of them is followed up about 5 March."""
    world = World()
    world.record(stream(10), unit(1), at(DAY, 8))
    world.record(stream(11), policy(stream(10)), at(DAY, 8))
    for number in range(3):
        in_progress(world, stream(100 + number), stream(10), stream(11), day=DAY, due_on=date(2011, 4, 1 + number))
    world.record(stream(100), follow_up(30), at(date(2011, 3, 5)), at(LATER))
    world.store(sqlite_url)
    follow_once(sqlite_url)
    return world


@pytest.fixture
def views(sqlite_url: str, world: World) -> Views:
    return Views(sqlite_url)


def refused(rule: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.rule == rule)


def first(views: Views, as_of: str | None, on: str | None) -> CommitmentLine:
    return views.commitments(views.at(as_of, on), limit=1).items[0]


def test_without_anything_it_is_the_newest_position_and_its_day(views: Views, world: World) -> None:
    moment = views.at()
    assert (moment.position, moment.on, moment.known_on, moment.forecast) == (len(world.rows), LATER, LATER, False)


def test_the_clock_of_the_caller_moves_today(views: Views, world: World) -> None:
    moment = views.at(now=at(date(2011, 6, 1)))
    assert (moment.position, moment.on, moment.forecast) == (len(world.rows), date(2011, 6, 1), False)


def test_a_recorded_time_maps_to_the_last_position_before_it(views: Views, world: World) -> None:
    moment = views.at("2011-03-04T00:00:00+08:00")
    assert (moment.position, moment.on) == (len(world.rows) - 1, date(2011, 3, 4))
    assert views.at("2011-03-03T16:00:00Z") == moment
    assert views.at("2011-03-03T23:59:59+08:00").on == date(2011, 3, 3)


def test_what_was_known_and_what_was_true_are_two_things(views: Views, world: World) -> None:
    before, now = str(len(world.rows) - 1), str(len(world.rows))
    assert [first(views, now, on).progress for on in ("2011-03-04", "2011-03-05", "2011-03-09")] == [0, 30, 30]
    assert [first(views, before, on).progress for on in ("2011-03-04", "2011-03-05", "2011-03-09")] == [0, 0, 0]


def test_a_day_after_the_position_is_a_forecast(views: Views) -> None:
    moment = views.at(None, "2011-04-03")
    assert moment.forecast
    lines = views.commitments(moment).items
    assert [line.overdue for line in lines] == [True, True, False]
    # 2 April was a working Saturday, 3 April a Sunday.
    assert [line.working_days_left for line in lines] == [-1, 0, 0]


@pytest.mark.parametrize(
    ("as_of", "on", "rule"),
    [
        ("16", None, "as_of_in_future"),
        ("0", None, "as_of_before_start"),
        ("-1", None, "as_of_malformed"),
        ("1.5", None, "as_of_malformed"),
        ("", None, "as_of_malformed"),
        ("9" * 30, None, "as_of_malformed"),
        ("2011-03-04", None, "as_of_malformed"),
        ("2011-03-04T00:00:00", None, "as_of_malformed"),
        ("2011-13-04T00:00:00Z", None, "as_of_malformed"),
        ("0001-01-01T00:00:00+23:00", None, "as_of_before_start"),
        ("2011-03-10T00:00:00+08:00", None, "as_of_in_future"),
        ("2011-02-28T00:00:00+08:00", None, "as_of_before_start"),
        (None, "2011-02-30", "on_malformed"),
        (None, "20110301", "on_malformed"),
        (None, "2011-W09-2", "on_malformed"),
        (None, "today", "on_malformed"),
        (None, "1999-12-31", "on_out_of_range"),
        (None, "2201-01-01", "on_out_of_range"),
    ],
)
def test_a_wrong_moment_is_refused(views: Views, as_of: str | None, on: str | None, rule: str) -> None:
    with refused(rule) as caught:
        views.at(as_of, on)
    assert caught.value.zh
    assert caught.value.en


def test_an_empty_ledger_has_no_moment(sqlite_url: str) -> None:
    from ledger.database import open_store  # noqa: PLC0415

    open_store(sqlite_url, create=True).close()
    with refused("ledger_empty"):
        Views(sqlite_url).at()


def test_pages_cover_the_list_once_and_keep_their_moment(views: Views, world: World, sqlite_url: str) -> None:
    for sort in ("due", "-due", "proposed", "-proposed"):
        moment = views.at()
        page = views.commitments(moment, sort=sort, limit=2)
        world.record(stream(100), follow_up(40), at(LATER) + timedelta(hours=1))
        world.store(sqlite_url)
        follow_once(sqlite_url)
        assert page.next is not None
        assert views.at(cursor=page.next) == moment
        rest = views.commitments(views.at(cursor=page.next), sort=sort, limit=2, cursor=page.next)
        assert rest.next is None
        whole = views.commitments(moment, sort=sort).items
        assert (*page.items, *rest.items) == whole
        assert page.total == rest.total == len(whole) == 3


def test_a_cursor_of_another_query_is_refused(views: Views) -> None:
    moment = views.at()
    cursor = views.commitments(moment, limit=1).next
    assert cursor is not None
    for other in ({"sort": "-due"}, {"stage": "in_progress"}, {"q": "承诺"}, {"unit": stream(10)}):
        with refused("cursor_of_other_query"):
            views.commitments(moment, limit=1, cursor=cursor, **other)
    with refused("cursor_of_other_query"):
        views.commitments(views.at("3"), limit=1, cursor=cursor)
    with refused("cursor_of_other_query"):
        views.headline_events(moment, 2011, "projects", cursor=cursor)
    for broken in ("", "x", cursor[:-3], "£", "AAAA"):
        with refused("cursor_malformed"):
            views.commitments(moment, cursor=broken)


def test_filters(views: Views) -> None:
    moment = views.at(None, "2011-04-03")

    def ids(**given: object) -> list[int]:
        page = views.commitments(moment, **given)  # type: ignore[arg-type]
        assert page.total == len(page.items)
        return [int(line.id[-2:], 16) - 100 for line in page.items]

    assert ids() == [0, 1, 2]
    assert ids(overdue=True) == ids(lamp="red") == [0, 1]
    assert ids(overdue=False) == ids(lamp="yellow") == [2]
    assert ids(unit=stream(10)) == ids(policy=stream(11)) == ids(stage="in_progress") == ids(q="承") == [0, 1, 2]
    assert ids(unit=stream(11)) == ids(policy=stream(10)) == ids(stage="closed") == ids(q="%") == []


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"unit": "nobody"}, "id_malformed"),
        ({"stage": "lost"}, "stage_unknown"),
        ({"lamp": "blue"}, "lamp_unknown"),
        ({"sort": "title"}, "sort_unknown"),
        ({"limit": 0}, "limit_out_of_range"),
        ({"limit": 201}, "limit_out_of_range"),
    ],
)
def test_a_wrong_filter_is_refused(views: Views, given: dict[str, object], rule: str) -> None:
    with refused(rule):
        views.commitments(views.at(), **given)  # type: ignore[arg-type]


def test_what_did_not_exist_then_is_not_found(views: Views) -> None:
    for moment in (views.at("2"), views.at(None, "2011-02-27")):
        for ask in (views.commitment, views.history):
            with refused("unknown_commitment"):
                ask(moment, stream(100))


def test_history_tells_when_it_happened_and_when_it_was_recorded(views: Views) -> None:
    entries = views.history(views.at(), stream(100)).entries
    assert [entry.event for entry in entries] == [
        "commitment_proposed.1",
        "commitment_registered.1",
        "commitment_assigned.1",
        "commitment_acknowledged.1",
        "follow_up_recorded.1",
    ]
    told = entries[-1]
    assert told.zh == "跟进，累计完成30：推进中"
    assert told.en == "Follow-up, 30 so far: 推进中"
    assert (told.occurred_at, told.recorded_at) == (
        datetime(2011, 3, 5, 2, tzinfo=UTC),
        datetime(2011, 3, 9, 2, tzinfo=UTC),
    )
    assert told.lag_seconds == 4 * 86_400
    assert told.back_dated
    assert not entries[0].back_dated
    assert [(change.field, change.before, change.after) for change in told.changes] == [("progress", 0, 30)]
    assert [(change.field, change.after) for change in entries[3].changes] == [("stage", "in_progress")]


def test_a_view_that_is_behind_says_so(views: Views, world: World, sqlite_url: str) -> None:
    position = world.record(stream(100), follow_up(50), at(LATER) + timedelta(hours=1))
    world.store(sqlite_url)
    assert views.at().position == position - 1
    assert not views.wait(position, 0)
    with refused("view_behind"):
        views.at(str(position))
    follow_once(sqlite_url)
    assert views.at(str(position)).position == position
