"""The ladder as time passes: each due notice once, also after a week down, by two at once, and when facts come late."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from urged import Away, Urged, at, urged

from ledger.contract import Unavailable
from projections.follower import follow_once
from projections.views import Views

DUE = date(2011, 5, 31)
"""A Tuesday. Its rungs: Thursday before, then 1, 8 and 15 June (Monday the 6th is a holiday)."""
BLUE, YELLOW, ORANGE, RED = date(2011, 5, 26), date(2011, 6, 1), date(2011, 6, 8), date(2011, 6, 15)
LATER = date(2011, 7, 29)
WHOLE = [
    ("sent", "blue", DUE, BLUE),
    ("sent", "yellow", DUE, YELLOW),
    ("sent", "orange", DUE, ORANGE),
    ("sent", "red", DUE, RED),
]


@pytest.fixture
def field(sqlite_url: str) -> Iterator[Urged]:
    with urged(sqlite_url) as made:
        made.day(date(2011, 5, 3))
        yield made


def test_as_days_pass_each_notice_goes_out_once(field: Urged):
    commitment = field.promise(DUE)
    field.ticks(date(2011, 5, 4), date(2011, 7, 1))
    assert field.records(commitment) == WHOLE


def test_nothing_happens_twice_on_one_day_or_without_time(field: Urged):
    field.promise(DUE)
    assert [field.tick(BLUE), field.tick(BLUE)] == [2, 0]
    assert field.tick(BLUE, field.new_urging()) == 0


def test_after_a_week_down_what_was_missed_is_said(field: Urged):
    commitment = field.promise(DUE)
    field.ticks(date(2011, 5, 4), BLUE)
    field.ticks(ORANGE - timedelta(days=1), RED, field.new_urging())
    assert field.records(commitment) == [WHOLE[0], ("missed", "yellow", DUE, YELLOW), *WHOLE[2:]]


def test_a_week_down_over_everything_misses_everything_once(field: Urged):
    commitment = field.promise(DUE)
    field.ticks(RED + timedelta(days=7), RED + timedelta(days=9))
    assert field.records(commitment) == [("missed", *rest) for _, *rest in WHOLE]


def test_started_anew_every_day_it_does_the_same(field: Urged):
    commitment = field.promise(DUE)
    for n in range(50):
        field.tick(date(2011, 5, 4) + timedelta(days=n), field.new_urging())
    assert field.records(commitment) == WHOLE


def test_what_is_reported_is_urged_no_more_until_it_is_redone(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.ticks(date(2011, 5, 4), YELLOW)
    field.day(date(2011, 6, 2))
    field.report(commitment)
    field.ticks(date(2011, 6, 3), ORANGE)
    field.day(ORANGE)
    field.say("order_redo", "supervisor", commitment, reason="两户未完工")
    field.ticks(ORANGE, date(2011, 7, 1))
    # Orange fell on a day that began while the report stood: it is neither sent nor missed.
    assert field.records(commitment) == [WHOLE[0], WHOLE[1], WHOLE[3]]


def test_what_begins_late_is_not_urged_for_days_before_it_began(field: Urged):
    field.day(date(2011, 5, 30))
    commitment = field.promise(DUE)
    waiting = field.promise(DUE, registered=False)
    field.ticks(date(2011, 5, 30), date(2011, 7, 1))
    assert field.records(commitment) == WHOLE[1:]
    assert field.records(waiting) == []


def test_an_extension_moves_the_rungs_that_lie_ahead(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.ticks(date(2011, 5, 4), BLUE)
    field.day(date(2011, 5, 27))
    field.extend(commitment, LATER)
    field.ticks(date(2011, 5, 28), date(2011, 8, 5))
    assert field.records(commitment) == [
        WHOLE[0],
        ("sent", "blue", LATER, date(2011, 7, 26)),
        ("sent", "yellow", LATER, date(2011, 8, 1)),
        ("sent", "orange", LATER, date(2011, 8, 5)),
    ]


def test_a_suspension_stops_the_clock_and_a_resumption_moves_the_rungs(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.day(date(2011, 5, 24))
    field.suspend(commitment, date(2011, 6, 30))
    field.ticks(date(2011, 5, 25), date(2011, 6, 9))
    assert field.records(commitment) == []
    field.day(date(2011, 6, 9))
    field.say("resume_commitment", "dispatcher", commitment, reason="条件具备")
    # 16 days stood: the due date is 16 June.
    field.ticks(date(2011, 6, 10), date(2011, 6, 17))
    moved = date(2011, 6, 16)
    assert field.records(commitment) == [
        ("sent", "blue", moved, date(2011, 6, 13)),
        ("sent", "yellow", moved, date(2011, 6, 17)),
    ]


def test_after_a_suspension_that_nobody_ended_the_clock_runs_on(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.day(date(2011, 5, 24))
    field.suspend(commitment, date(2011, 6, 9))
    field.ticks(date(2011, 5, 25), date(2011, 6, 17))
    assert [day for *_, day in field.records(commitment)] == [date(2011, 6, 13), date(2011, 6, 17)]


def test_a_deferral_stops_the_clock(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.day(date(2011, 5, 24))
    field.say("propose_deferral", "dispatcher", commitment, measures="分期", until="2011-07-01")
    field.say("rule_on_deferral", "leader", commitment, granted=True, reason="同意")
    field.ticks(date(2011, 5, 25), date(2011, 6, 30))
    assert field.records(commitment) == []


@pytest.mark.parametrize("missed", [False, True])
def test_a_notice_overtaken_by_a_back_dated_completion_is_withdrawn(field: Urged, missed: bool):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.ticks(date(2011, 5, 4), BLUE)
    field.ticks(YELLOW + timedelta(days=missed), date(2011, 6, 3))
    field.day(date(2011, 6, 3))
    field.report(commitment, occurred=at(date(2011, 5, 30)))
    field.ticks(date(2011, 6, 3), date(2011, 7, 1))
    how = "missed" if missed else "sent"
    assert field.records(commitment) == [WHOLE[0], (how, *WHOLE[1][1:]), ("withdrawn", "yellow", DUE, YELLOW)]


def test_a_completion_on_the_very_day_withdraws_nothing(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.ticks(date(2011, 5, 4), YELLOW)
    field.day(date(2011, 6, 3))
    field.report(commitment, occurred=at(YELLOW, 0, 1))
    field.ticks(date(2011, 6, 3), date(2011, 7, 1))
    assert field.records(commitment) == WHOLE[:2]


def test_a_back_dated_extension_or_suspension_withdraws(field: Urged):
    extended, suspended = field.promise(DUE), field.promise(DUE)
    for commitment in (extended, suspended):
        field.take_up(commitment)
    field.ticks(date(2011, 5, 4), BLUE)
    field.day(date(2011, 5, 27))
    field.extend(extended, LATER, occurred=at(date(2011, 5, 20)))
    field.suspend(suspended, date(2011, 7, 15), occurred=at(date(2011, 5, 20)))
    field.tick(date(2011, 5, 27))
    for commitment in (extended, suspended):
        assert field.records(commitment) == [WHOLE[0], ("withdrawn", "blue", DUE, BLUE)]
    (row,) = [row for row in field.store.read(0, 10_000) if b'"paused"' in row.state and row.name == "urge_withdrawn.1"]
    assert b'"occurred_on":"2011-05-20"' in row.state


def test_what_ended_and_is_told_late_withdraws(field: Urged):
    commitment = field.promise(DUE)
    field.ticks(date(2011, 5, 4), BLUE)
    field.day(BLUE)
    body = {"ground": "并入其他事项"}
    field.say("terminate_commitment", "dispatcher", commitment, occurred=at(date(2011, 5, 25)), **body)
    field.tick(BLUE)
    assert field.records(commitment)[1:] == [("withdrawn", "blue", DUE, BLUE)]
    (row,) = [row for row in field.store.read(0, 10_000) if row.name == "urge_withdrawn.1"]
    assert b'"cause":"ended"' in row.state


def test_without_an_appointed_urger_nothing_is_recorded_nor_made_up_for(sqlite_url: str):
    field = Urged(sqlite_url)
    commitment = field.promise(DUE)
    field.ticks(date(2011, 5, 20), YELLOW)
    assert not field.urging.appointed
    assert field.records() == []
    field.day(date(2011, 6, 2))
    urger = field.enrol("urger")
    field.ticks(date(2011, 6, 2), ORANGE)
    assert field.records(commitment) == [WHOLE[2]]
    field.say("remove_person", "security_admin", urger, reason="调离")
    field.tick(RED)
    assert not field.urging.appointed
    field.day(RED + timedelta(days=1))
    field.enrol("urger")
    field.tick(RED + timedelta(days=1))
    assert field.records(commitment) == [WHOLE[2], ("missed", "red", DUE, RED)]
    field.close()


def test_one_is_urged_in_the_name_of_whoever_holds_the_role(field: Urged):
    first = field.people["urger"]
    second = field.enrol("urger")
    field.promise(DUE)
    field.say("change_roles", "security_admin", first, roles=["supervisor"], reason="转岗")
    field.tick(BLUE)
    (row,) = [row for row in field.store.read(0, 10_000) if row.name == "urge_sent.1"]
    assert f'"actor":"{second}"'.encode() in row.state


def test_a_correction_moves_the_rungs_and_withdraws_what_it_overtakes(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.day(date(2011, 5, 20))
    field.extend(commitment, LATER)
    granted = len(field.store.stream(bytes.fromhex(commitment.replace("-", ""))))
    field.ticks(date(2011, 5, 21), date(2011, 7, 26))
    blue = ("sent", "blue", LATER, date(2011, 7, 26))
    assert field.records(commitment) == [blue]
    field.day(date(2011, 7, 26))
    meant = date(2011, 8, 31)
    correction = {"version": granted, "field": "due_on", "value": meant.isoformat(), "reason": "笔误"}
    field.say("propose_correction", "supervisor", commitment, **correction)
    field.say("rule_on_correction", "leader", commitment, approved=True, reason="属实")
    field.ticks(date(2011, 7, 26), date(2011, 8, 26))
    assert field.records(commitment) == [
        blue,
        ("withdrawn", "blue", LATER, date(2011, 7, 26)),
        ("sent", "blue", meant, date(2011, 8, 26)),
    ]
    (row,) = [row for row in field.store.read(0, 10_000) if row.name == "urge_withdrawn.1"]
    assert b'"cause":"extended"' in row.state
    assert b'"occurred_on":"2011-05-20"' in row.state


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("opened", [False, True])
def test_while_the_writer_is_away_what_is_due_waits(field: Urged, stored: bool, opened: bool):
    commitment = field.promise(DUE)
    day, missed = (YELLOW, 1) if opened else (BLUE, 0)
    if opened:
        field.tick(BLUE)
    gate = Away(field.gate, stored=stored)
    urging = field.new_urging(gate)
    with pytest.raises(Unavailable):
        field.tick(day, urging)
    field.tick(day, urging)
    assert field.records(commitment) == WHOLE[: missed + 1]


@pytest.mark.parametrize("writers", [1, 2])
def test_two_at_once_record_each_rung_once(database_url: str, writers: int):
    with urged(database_url) as field:
        field.day(date(2011, 5, 3))
        late, done = [field.promise(DUE) for _ in range(10)], [field.promise(DUE) for _ in range(10)]
        for commitment in done:
            field.take_up(commitment)
        both = field.urging, field.new_urging(field.gate if writers == 1 else field.new_gate())

        def turn(day: date) -> int:
            field.day(day, 0)
            with ThreadPoolExecutor(2) as pool:
                return sum(pool.map(lambda urging: asyncio.run(urging.turn(field.now)), both))

        assert turn(BLUE) == 2 * 20  # each ladder is opened, too
        field.day(BLUE)
        for commitment in done:
            field.report(commitment, occurred=at(date(2011, 5, 25)))
        assert [turn(day) for day in (YELLOW, ORANGE + timedelta(days=1), RED)] == [20, 10, 10]
        for commitment in late:
            assert field.records(commitment) == [*WHOLE[:2], ("missed", *WHOLE[2][1:]), WHOLE[3]]
        for commitment in done:
            assert field.records(commitment) == [WHOLE[0], ("withdrawn", *WHOLE[0][1:])]


def test_the_history_of_the_commitment_tells_every_rung_in_its_place(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.ticks(date(2011, 5, 4), BLUE)
    field.tick(ORANGE - timedelta(days=1))
    field.day(ORANGE - timedelta(days=1))
    field.report(commitment, occurred=at(date(2011, 5, 30)))
    field.tick(ORANGE)
    follow_once(field.url)
    views = Views(field.url)
    told = views.history(views.at(), commitment).entries
    views.close()
    urged_ = [entry for entry in told if entry.stream != commitment]
    assert [entry.zh for entry in urged_] == [
        "启动催办。",
        "蓝色提醒：向甲局发出催办单，期限2011年5月31日。",
        "黄色催办漏发：应于2011年6月1日发出（期限2011年5月31日），当时服务中断。",
        "撤回2011年6月1日的黄色催办（期限2011年5月31日）：补录显示2011年5月30日已反馈完成。",
    ]
    assert urged_[1].en == "A blue notice to 甲局, due 2011-05-31."
    assert {entry.person_title for entry in urged_} == {"urger"}
    assert all(entry.changes == () for entry in urged_)
    # The report happened between the blue notice and the miss, and stands there.
    assert [entry.event for entry in told][-4:] == [
        "urge_sent.1",
        "fulfilment_reported.1",
        "urge_missed.1",
        "urge_withdrawn.1",
    ]
    assert [entry.occurred_at for entry in told] == sorted(entry.occurred_at for entry in told)


def test_an_announced_year_moves_the_rungs_that_lie_ahead(field: Urged):
    field.day(date(2026, 12, 1))
    due = date(2027, 1, 6)
    commitment = field.promise(due)
    field.tick(date(2026, 12, 2))
    # By weekdays alone blue falls on 1 January, a Friday; with the notice of the year it is the Thursday before.
    field.say("announce_calendar", "system_admin", year=2027, holidays=["2027-01-01"], number="国办发明电〔2026〕1号")
    field.ticks(date(2026, 12, 30), date(2027, 1, 7))
    assert field.records(commitment) == [
        ("sent", "blue", due, date(2026, 12, 31)),
        ("sent", "yellow", due, date(2027, 1, 7)),
    ]


def test_a_ladder_is_climbed_by_the_limits_of_its_due_date(field: Urged):
    before, after = field.promise(DUE), field.promise(date(2011, 6, 10))
    field.tick(date(2011, 5, 4))
    edition = field.say(
        "issue_rule_edition",
        "system_admin",
        version="2011-1",
        source="示政办发〔2011〕9号",
        in_force_from="2011-06-01",
        limits=[{"limit": f"rungs.{colour}", "value": days} for colour, days in (("blue", -5), ("red", 7))],
        reason="提前催办",
    )
    field.say("confirm_rule_edition", "leader", edition)
    field.ticks(date(2011, 5, 5), date(2011, 7, 1))
    assert field.records(before) == WHOLE
    # Monday the 6th is a holiday.
    days = {"blue": 2, "yellow": 13, "orange": 17, "red": 21}
    assert field.records(after) == [
        ("sent", colour, date(2011, 6, 10), date(2011, 6, day)) for colour, day in days.items()
    ]
    rows = field.store.read(0, 100_000)
    assert sum(b'"edition":"2011-1"' in row.state for row in rows) == len(days)


def test_what_fell_due_on_a_day_that_was_reported_on_is_missed_if_nobody_was_there(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.tick(BLUE - timedelta(days=1))
    field.day(BLUE)
    field.report(commitment)
    field.ticks(BLUE + timedelta(days=1), RED)
    assert field.records(commitment) == [("missed", "blue", DUE, BLUE)]


def test_the_last_day_of_a_pause_is_still_one(field: Urged):
    commitment = field.promise(DUE)
    field.take_up(commitment)
    field.day(date(2011, 5, 24))
    field.suspend(commitment, date(2011, 5, 31))
    field.ticks(date(2011, 5, 25), date(2011, 6, 2))
    moved = date(2011, 6, 7)
    assert field.records(commitment) == [("sent", "blue", moved, date(2011, 6, 1))]
