"""Announced years reach the deadlines that rest on them unasked: each once, whatever happens to the process."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from urged import Away, Urged, urged

from domain.commitment import RUNNING
from ledger.announced import announced
from ledger.codec import decode, key_of, name_of
from ledger.contract import Unavailable
from ledger.streams import folded
from projections.case_views import Asked, CaseViews
from projections.days import ZONE
from projections.follower import follow_once
from projections.recounting import Recounting
from projections.verify import verify
from projections.views import Views

NOTICE = "国办发明电〔2026〕1号"
NEW_YEAR = date(2027, 1, 1)
"""A Friday, by weekdays alone worked."""


@pytest.fixture
def field(sqlite_url: str) -> Iterator[Urged]:
    with urged(sqlite_url) as made:
        made.day(date(2026, 12, 1))
        yield made


def paused(field: Urged, due: date, days: int = 1) -> str:
    """A commitment whose due date a pause has moved."""
    commitment = field.promise(due - timedelta(days=days))
    field.take_up(commitment)
    field.suspend(commitment, field.now.date() + timedelta(days=days))
    field.day(field.now.date() + timedelta(days=days))
    field.say("resume_commitment", "dispatcher", commitment)
    return commitment


def announce(field: Urged, *holidays: str) -> str:
    return field.say("announce_calendar", "system_admin", year=2027, holidays=holidays, number=NOTICE)


def amend(field: Urged, notice: str, *holidays: str) -> None:
    body = {"holidays": holidays, "number": "国办发明电〔2027〕2号", "reason": "延长"}
    field.say("amend_calendar", "system_admin", notice, **body)


def turn(field: Urged, *recountings: Recounting) -> int:
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda one: asyncio.run(one.turn(field.now)), recountings or [field.new_recounting()]))


def recounted(field: Urged, commitment: str | None = None) -> list[tuple[date, bool, str]]:
    rows = [row for row in field.store.read(0, 100_000) if row.name == "due_recalculated.1"]
    told = [decode(row) for row in rows if commitment is None or name_of(row.stream) == commitment]
    return [(one.event.due_on, one.event.provisional, one.event.number) for one in told]


def test_nothing_is_asked_for_before_a_year_is_announced(field: Urged):
    paused(field, NEW_YEAR)
    assert turn(field) == 0


def test_an_announced_year_moves_what_rests_on_it_once(field: Urged):
    commitment, promised = paused(field, NEW_YEAR), field.promise(NEW_YEAR)
    recounting = field.new_recounting()
    assert turn(field, recounting) == 0
    announce(field, "2027-01-01")
    assert [turn(field, recounting) for _ in range(3)] == [1, 0, 0]
    assert turn(field) == 0
    # The next working day is Monday; what was promised was chosen and stays.
    assert recounted(field, commitment) == [(date(2027, 1, 4), False, NOTICE)]
    assert recounted(field, promised) == []


def test_it_is_done_in_the_name_of_the_urger_and_waits_for_one(sqlite_url: str):
    field = Urged(sqlite_url)
    field.day(date(2026, 12, 1))
    commitment = paused(field, NEW_YEAR)
    announce(field, "2027-01-01")
    recounting = field.new_recounting()
    assert turn(field, recounting) == 0
    urger = field.enrol("urger")
    assert turn(field, recounting) == 1
    (row,) = [row for row in field.store.stream(key_of(commitment)) if row.name == "due_recalculated.1"]
    assert f'"actor":"{urger}"'.encode() in row.state
    field.close()


def test_an_amendment_moves_again_and_names_its_own_notice(field: Urged):
    commitment = paused(field, NEW_YEAR)
    year = announce(field, "2027-01-01")
    recounting = field.new_recounting()
    turn(field, recounting)
    amend(field, year, "2027-01-04", "2027-01-05")
    assert [turn(field, recounting), turn(field, recounting)] == [1, 0]
    assert recounted(field, commitment)[1:] == [(NEW_YEAR, False, "国办发明电〔2027〕2号")]


def test_an_edition_of_the_limits_is_no_notice(field: Urged):
    commitment = paused(field, NEW_YEAR)
    announce(field, "2027-01-01")
    limits = [{"limit": "defer_max_days", "value": 60}]
    edition = {"version": "2027-1", "source": NOTICE, "in_force_from": "2027-01-01", "limits": limits, "reason": "提速"}
    field.say("issue_rule_edition", "system_admin", **edition)
    assert turn(field) == 1
    assert recounted(field, commitment) == [(date(2027, 1, 4), False, NOTICE)]


def test_after_being_down_over_two_notices_it_names_the_one_that_moved_the_date(field: Urged):
    commitment = paused(field, NEW_YEAR)
    announce(field, "2027-01-01")
    body = {"year": 2028, "holidays": ["2028-01-03"], "number": "国办发明电〔2027〕9号"}
    field.say("announce_calendar", "system_admin", **body)
    assert turn(field) == 1
    assert recounted(field, commitment) == [(date(2027, 1, 4), False, NOTICE)]


def test_what_stood_while_the_year_was_announced_is_counted_when_it_runs_again(field: Urged):
    commitment, reported = paused(field, NEW_YEAR), paused(field, NEW_YEAR)
    recounting = field.new_recounting()
    field.suspend(commitment, date(2027, 1, 30))
    field.report(reported)
    announce(field, "2027-01-01")
    assert turn(field, recounting) == 0
    field.say("order_redo", "supervisor", reported, reason="两户未完工")
    # On the day of the suspension itself: nothing is added, and nothing was counted.
    field.say("resume_commitment", "dispatcher", commitment)
    assert turn(field, recounting) == 2
    for one in (commitment, reported):
        assert recounted(field, one) == [(date(2027, 1, 4), False, NOTICE)]


def test_what_is_past_stays(field: Urged):
    commitment = paused(field, NEW_YEAR)
    recounting = field.new_recounting()
    turn(field, recounting)
    field.day(date(2027, 1, 2))
    announce(field, "2027-01-01")
    assert [turn(field, recounting), turn(field)] == [0, 0]
    assert recounted(field, commitment) == []


@pytest.mark.parametrize("stored", [False, True])
def test_while_the_writer_is_away_it_waits(field: Urged, stored: bool):
    commitment = paused(field, NEW_YEAR)
    announce(field, "2027-01-01")
    recounting = field.new_recounting(Away(field.gate, stored=stored))
    with pytest.raises(Unavailable):
        asyncio.run(recounting.turn(field.now))
    assert turn(field, recounting) == (0 if stored else 1)
    assert len(recounted(field, commitment)) == 1


def by_hand(days_off: set[date], counted_to: date) -> date:
    """The slow oracle: day by day, by weekday and by what the notices name."""
    while counted_to in days_off or (
        counted_to.weekday() >= 5 if counted_to.year > 2026 else not announced().is_working(counted_to)
    ):
        counted_to += timedelta(days=1)
    return counted_to


def limits(field: Urged, stream: str) -> list[tuple[str, date, bool]]:
    told = [decode(row) for row in field.store.stream(key_of(stream)) if row.name == "deadline_recalculated.1"]
    return [
        (one.event.deadline.rule, one.event.deadline.due.astimezone(ZONE).date(), one.event.deadline.provisional)
        for one in told
    ]


def test_limits_of_acknowledgement_and_answer_are_counted_anew_and_explained(database_url: str):
    with urged(database_url) as field:
        field.enrol("caller")
        field.day(date(2026, 12, 31))
        commitment, late = field.promise(date(2027, 6, 30)), field.promise(date(2027, 6, 30))
        field.say("assign_commitment", "dispatcher", commitment)
        field.take_up(late)
        told = {"kind": "opinion", "way": "hotline", "protection": "anonymous", "title": "路灯不亮", "detail": "夜里黑"}
        request = field.say("raise_request", "caller", urgency="general", region="320585", **told)
        field.say("dispatch_request", "dispatcher", request, unit=field.unit)
        answering = field.say("raise_request", "caller", urgency="general", region="320585", **told)
        field.say("dispatch_request", "dispatcher", answering, unit=field.unit)
        field.say("acknowledge_request", "unit_officer", answering)
        recounting = field.new_recounting()
        assert turn(field, recounting) == 0
        before = field.store.head().position
        announce(field, "2027-01-01", "2027-01-04")
        assert turn(field, recounting, field.new_recounting(field.new_gate())) == 3
        assert [turn(field, recounting), turn(field)] == [0, 0]
        moved = ("acknowledge_working_days", date(2027, 1, 6), False)
        assert [limits(field, one) for one in (commitment, late, request)] == [[moved], [], [moved]]
        assert limits(field, answering) == [("request_answer_working_days.opinion", date(2027, 1, 19), False)]
        follow_once(field.url)
        assert verify(field.url).sound
        views = Views(field.url)
        for position, due in ((before, date(2027, 1, 2)), (None, date(2027, 1, 6))):
            at = views.at(None if position is None else str(position))
            (_, clock) = views.deadline(at, commitment).clocks
            assert clock.due.astimezone(ZONE).date() == due
            assert clock.provisional is (position is not None)
            lines = {line.id: line for line in CaseViews(views).requests(at, Asked(limit=200)).items}
            assert lines[request].due_at == clock.due
        assert "改为 2027-01-06 00:00" in clock.lines[-2].zh
        assert NOTICE in clock.lines[-2].zh
        entry = views.history(views.at(), commitment).entries[-1]
        assert entry.zh == f"按公布的放假安排重算“签收时限（非紧急）”：须于2027年1月6日00:00前（{NOTICE}）。"
        views.close()


class Story:
    """Commitments, notices and processes as chance will have them."""

    def __init__(self, field: Urged, random: Random) -> None:
        self._field, self._random = field, random
        self.processes = [field.new_recounting(), field.new_recounting(field.new_gate())]
        self.ends: dict[str, date] = {}
        """Commitment → the day to which a pause had moved its due date."""
        self.days_off: set[date] = set()
        self.year = ""

    def goes_on(self) -> None:
        field, random = self._field, self._random
        for _ in range(3):
            due = max(date(2026, 12, 28), field.now.date() + timedelta(days=3)) + timedelta(days=random.randrange(20))
            self.ends[paused(field, due, random.randrange(1, 3))] = due
        for commitment in random.sample(list(self.ends), 2):
            match random.randrange(3):
                case 0:
                    field.ask("terminate_commitment", "dispatcher", commitment, ground="并入")
                case 1:
                    field.ask("suspend_commitment", "dispatcher", commitment, ground="等待", until="2027-03-01")
                    if random.random() < 0.5:
                        self.notice()
                    # On the same day: the date stays, whatever was announced in between.
                    field.ask("resume_commitment", "dispatcher", commitment)
                case _:
                    field.take_up(field.promise(date(2027, 6, 30)))
        if random.random() < 0.4:
            self.notice()
        if random.random() < 0.2:
            self.processes[0] = field.new_recounting()

    def notice(self) -> None:
        self.days_off = {NEW_YEAR + timedelta(days=n) for n in self._random.sample(range(50), 15)}
        named = sorted(day.isoformat() for day in self.days_off)
        if self.year:
            amend(self._field, self.year, *named)
        else:
            self.year = announce(self._field, *named)

    def meant(self, commitment: str, state: Any) -> tuple[date, bool]:
        """Due date and whether it is provisional, as they must stand after a turn."""
        before = state.due_on, state.provisional
        due_on = by_hand(self.days_off, self.ends[commitment])
        if state.stage not in RUNNING or min(state.due_on, due_on) < self._field.now.date():
            return before
        return due_on, due_on.year > 2026 and not self.year

    def states(self) -> dict[str, Any]:
        streams = folded(self._field.store, [key_of(one) for one in self.ends])
        return {name_of(stream.key): stream.state for stream in streams}


@pytest.mark.parametrize("seed", range(3))
def test_at_any_time_dates_are_what_the_newest_notice_makes_them(database_url: str, seed: int):
    random = Random(seed)
    with urged(database_url) as field:
        field.day(date(2026, 12, 1))
        story, moved = Story(field, random), 0
        for _ in range(10):
            story.goes_on()
            meant = {name: story.meant(name, state) for name, state in story.states().items()}
            changed = sum(meant[name] != (state.due_on, state.provisional) for name, state in story.states().items())
            both = story.processes
            assert turn(field, *random.choice([both, both[:1], both[1:]])) == changed
            moved += changed
            assert {name: (state.due_on, state.provisional) for name, state in story.states().items()} == meant
        assert len(recounted(field)) == moved > 5
