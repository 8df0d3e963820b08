"""A whole year of random lives, days down and facts told late, against a slow oracle that goes from day to day and
knows nothing of timelines."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar
import pytest
from urged import Urged, at, every_day, urged

FIRST, LAST = date(2011, 2, 1), date(2011, 12, 31)
RUNGS = {"blue": -3, "yellow": 1, "orange": 5, "red": 10}
DAY = timedelta(days=1)


def working_day(start: date, count: int) -> date:
    step = DAY if count > 0 else -DAY
    while count:
        start += step
        if chinese_calendar.is_workday(start):
            count -= 1 if count > 0 else -1
    return start


def rolled(day: date) -> date:
    return day if chinese_calendar.is_workday(day) else working_day(day, 1)


@dataclass
class Life:
    """What the oracle knows of one commitment."""

    id: str
    due: date
    acted: date
    state: str = "running"
    paused: tuple[date, date] | None = None
    extended: bool = False
    records: Counter[tuple[str, str, date, date]] = field(default_factory=Counter)
    waiting: list[tuple[str, date, date]] = field(default_factory=list)
    """Fallen due while the service was down."""

    def due_on(self, day: date) -> date | None:
        if self.paused is not None:
            since, until = self.paused
            if day <= until:
                return None
            return rolled(self.due + (until - since)) if until > since else self.due
        return self.due if self.state == "running" else None

    def begin(self, day: date, *, up: bool) -> None:
        """What falls due as the day begins."""
        due = self.due_on(day)
        found = [(colour, due, day) for colour, n in RUNGS.items() if due and working_day(due, n) == day]
        if not up:
            self.waiting += found
            return
        self.records.update(("missed", *one) for one in self.waiting)
        self.records.update(("sent", *one) for one in found)
        self.waiting = []

    def told_late(self, occurred: date) -> None:
        """It turns out that the clock had stopped on that day."""
        self.waiting = [one for one in self.waiting if one[2] <= occurred]
        gone = [one for one in self.records if one[0] in {"sent", "missed"} and one[3] > occurred]
        known = {one[1:] for one in self.records if one[0] == "withdrawn"}
        self.records.update(("withdrawn", *rest) for _, *rest in gone if tuple(rest) not in known)


def act(field: Urged, life: Life, day: date, chance: random.Random) -> None:
    what = chance.choice(("extend", "suspend", "report", "late", "late", "redo", "resume", "rest", "rest"))
    going = life.state == "running" and life.paused is None
    if what == "extend" and going and not life.extended and day <= life.due:
        life.due += timedelta(days=chance.randint(5, 40))
        life.extended = True
        field.extend(life.id, life.due)
    elif what == "suspend" and going:
        until = day + timedelta(days=chance.randint(1, 30))
        field.suspend(life.id, until)
        life.paused = day, until
    elif what == "resume" and life.paused is not None:
        since, until = life.paused
        field.say("resume_commitment", "dispatcher", life.id, reason="条件具备")
        if (days := min(day, until) - since) > timedelta():
            life.due = rolled(life.due + days)
        life.paused = None
    elif what == "report" and going:
        field.report(life.id)
        life.state = "reported"
    elif what == "late" and going and (day - life.acted).days > 1:
        occurred = day - timedelta(days=chance.randint(1, min(20, (day - life.acted).days - 1)))
        field.report(life.id, occurred=at(occurred))
        life.state = "reported"
        life.told_late(occurred)
    elif what == "redo" and life.state == "reported":
        field.say("order_redo", "supervisor", life.id, reason="未完工")
        life.state = "running"
    else:
        return
    life.acted = day


@pytest.mark.parametrize("seed", range(3))
def test_a_year_is_urged_as_a_slow_oracle_says(sqlite_url: str, seed: int):
    chance = random.Random(seed)
    lives: list[Life] = []
    with urged(sqlite_url) as field:
        down = 0
        for day in every_day(FIRST, LAST):
            down = down - 1 if down else (7 if chance.random() < 0.03 else 0)
            up = not down or day == LAST
            for life in lives:
                life.begin(day, up=up)
            if up:
                # Now and then it is started anew.
                field.urging = field.new_urging() if chance.random() < 0.05 else field.urging
                field.tick(day)
            field.day(day)
            if len(lives) < 25 and chance.random() < 0.3:
                due = day + timedelta(days=chance.randint(1, 60))
                commitment = field.promise(due)
                field.take_up(commitment)
                lives.append(Life(commitment, due, day))
                continue
            for life in lives:
                if chance.random() < 0.08:
                    act(field, life, day, chance)
        field.tick(LAST + DAY)
        for life in lives:
            life.begin(LAST + DAY, up=True)
        assert {life.id: life.records for life in lives} == {life.id: Counter(field.records(life.id)) for life in lives}
    kinds = Counter(one[0] for life in lives for one in life.records)
    assert min(kinds[kind] for kind in ("sent", "missed", "withdrawn")) >= 3, kinds
