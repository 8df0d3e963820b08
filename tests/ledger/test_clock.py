"""Both clocks, driven by hand."""

from datetime import UTC, datetime

import pytest
from ledgers import Ledger, opened, unit

from domain.refusal import Refusal
from ledger.clock import JUMP, DemonstrationClock, RealClock, Standstill, datetime_of, micros_of, parse
from ledger.contract import Accepted, Refused, Unavailable

SECOND = 1_000_000


class Hands:
    """The two readings a clock takes, set by hand."""

    def __init__(self, wall: int = 1_800_000_000 * SECOND) -> None:
        self.wall = wall
        self.monotonic = 77 * SECOND

    def passes(self, micros: int) -> None:
        self.wall += micros
        self.monotonic += micros

    def real(self) -> RealClock:
        return RealClock(lambda: self.wall, lambda: self.monotonic)

    def simulated(self) -> DemonstrationClock:
        return DemonstrationClock(lambda: self.monotonic)


def test_real_time_passes_and_never_goes_back():
    hands = Hands()
    clock = hands.real()
    start = hands.wall
    assert clock.start(0) == start
    hands.passes(SECOND)
    assert clock.start(start) == start + SECOND
    hands.wall -= 3 * SECOND  # within what is believed
    assert clock.start(start + SECOND) == start + SECOND


@pytest.mark.parametrize("jump", [JUMP + 1, -JUMP - 1])
def test_a_jump_stops_appends_until_someone_looked(jump: int):
    hands = Hands()
    clock = hands.real()
    hands.passes(SECOND)
    hands.wall += jump
    with pytest.raises(Standstill, match=r"时钟.*clock"):
        clock.start(0)
    hands.wall -= jump
    with pytest.raises(Standstill):
        clock.start(0)
    assert clock.alarm is not None
    clock.clear()
    assert clock.start(0) == hands.wall


def test_a_jump_is_seen_however_long_nothing_was_appended():
    hands = Hands()
    clock = hands.real()
    hands.passes(86_400 * SECOND)
    hands.wall += JUMP + 1
    with pytest.raises(Standstill):
        clock.start(0)


def test_slewing_is_no_jump():
    hands = Hands()
    clock = hands.real()
    for _ in range(24 * 60):
        hands.passes(61 * SECOND)
        hands.wall += 30_000  # 0.5 ms a second, as ntpd does
        assert clock.start(0) == hands.wall


def test_a_ledger_that_lies_ahead_of_the_clock_is_not_appended_to():
    hands = Hands()
    clock = hands.real()
    assert clock.start(hands.wall + JUMP) == hands.wall + JUMP
    with pytest.raises(Standstill):
        clock.start(hands.wall + JUMP + 1)


def test_an_unmarked_ledger_refuses_simulated_time():
    with pytest.raises(Refusal) as caught:
        Hands().real().at("2011-01-01T00:00:00Z", 1, 1)
    assert caught.value.rule == "simulated_time_not_allowed"


def test_simulated_time_follows_the_commands_and_then_runs_on():
    hands = Hands()
    clock = hands.simulated()
    told = micros_of(datetime(2011, 3, 1, 1, tzinfo=UTC))
    last = told - SECOND
    assert clock.at("2011-03-01T09:00:00+08:00", clock.start(last), last) == told
    clock.recorded(told)
    hands.passes(5 * SECOND)
    assert clock.at(None, clock.start(told), told) == told + 5 * SECOND
    with pytest.raises(Refusal) as caught:
        clock.at("2011-03-01T08:59:59+08:00", clock.start(told), told)
    assert caught.value.rule == "simulated_time_backwards"


def test_simulated_time_that_nothing_recorded_does_not_count():
    hands = Hands()
    clock = hands.simulated()
    clock.at("2011-12-31T00:00:00Z", clock.start(SECOND), SECOND)
    assert clock.start(SECOND) == SECOND


def test_a_demonstration_goes_on_where_it_stopped(database_url: str):
    hands = Hands()
    moment = "2999-03-01T09:00:00+08:00"
    with opened(database_url, demonstration=True, clock=hands.simulated()) as ledger:
        first = ledger.one("register_unit", unit("1"), simulated_at=moment)
        assert isinstance(first, Accepted)
        assert first.recorded_at == micros_of(parse(moment, ""))
        refusal = ledger.refuse("register_unit", unit("2"), simulated_at="2999-03-01T08:59:59+08:00")
        assert refusal.rule == "simulated_time_backwards"
        hands.passes(3600 * SECOND)
        ledger.writer = ledger.another_writer(hands.simulated())
        hands.passes(SECOND)
        second = ledger.one("register_unit", unit("2"))
        assert isinstance(second, Accepted)
        assert second.recorded_at == first.recorded_at + SECOND


def test_the_commands_of_one_batch_each_have_their_moment(sqlite_url: str):
    with opened(sqlite_url, demonstration=True, clock=Hands().simulated()) as ledger:
        outcomes = ledger.commit(
            *(
                ledger.submission("register_unit", unit(str(n)), simulated_at=moment)
                for n, moment in enumerate(
                    ("2999-01-01T00:00:02Z", "2999-01-01T00:00:01Z", None, "2999-01-01T00:00:03Z")
                )
            )
        )
        assert [datetime_of(one.recorded_at).second if isinstance(one, Accepted) else one.rule for one in outcomes] == [
            2,
            "simulated_time_backwards",
            2,
            3,
        ]


def test_occurred_at_is_at_most_five_minutes_ahead(sqlite_url: str):
    with opened(sqlite_url, demonstration=True, clock=Hands().simulated()) as ledger:
        for n, (occurred, fine) in enumerate(
            [("2999-01-01T08:05:00+08:00", True), ("2999-01-01T08:05:01+08:00", False), ("1999-01-01T00:00:00Z", True)]
        ):
            outcome = ledger.one(
                "register_unit", unit(str(n)), simulated_at="2999-01-01T00:00:00Z", occurred_at=occurred
            )
            assert isinstance(outcome, Accepted if fine else Refused), outcome


def test_a_standstill_answers_every_request_and_stores_nothing(sqlite_url: str):
    hands = Hands()
    with opened(sqlite_url) as ledger:
        hands.wall = ledger.store.head().recorded_at
        clock = hands.real()
        ledger.writer = ledger.another_writer(clock)
        ledger.accept("register_unit", unit())
        hands.wall += 6 * SECOND
        before = ledger.store.head()
        with pytest.raises(Unavailable, match="clock"):
            ledger.one("register_unit", unit("2"))
        assert ledger.store.head() == before
        clock.clear()
        ledger.accept("register_unit", unit("2"))


def test_recorded_time_never_decreases_between_writers(database_url: str):
    with opened(database_url) as ledger:
        behind = Hands()
        behind.wall = ledger.store.head().recorded_at - 2 * SECOND
        late: Ledger = ledger
        late.accept("register_unit", unit("1"))
        late.writer = ledger.another_writer(behind.real())
        late.accept("register_unit", unit("2"))
        times = [row.recorded_at for row in ledger.store.read(0, 100)]
        assert times == sorted(times)
