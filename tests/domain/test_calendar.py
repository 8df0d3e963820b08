"""Working days against a slow oracle: one day after the other, asked of the chinese_calendar library."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar
from ledger.announced import announced

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
# Far enough from the end for 60 working days to lie within the announced years.
DAYS = st.dates(FIRST + 120 * DAY, LAST - 120 * DAY)


def slowly_add(start: date, days: int) -> date:
    day = start
    counted = 0
    while counted < days:
        day += DAY
        counted += chinese_calendar.is_workday(day)
    return day


def slowly_between(start: date, end: date) -> int:
    count, day = 0, min(start, end)
    while day < max(start, end):
        day += DAY
        count += chinese_calendar.is_workday(day)
    return count if start <= end else -count


def test_every_announced_day():
    calendar = announced()
    day = FIRST
    while day <= LAST:
        assert calendar.is_working(day) == chinese_calendar.is_workday(day), day
        assert calendar.is_announced(day)
        day += DAY


@given(DAYS, st.integers(0, 60))
def test_adding_working_days(start: date, days: int):
    assert announced().add_working_days(start, days) == slowly_add(start, days)


@given(DAYS, st.integers(-100, 100))
def test_working_days_between(start: date, apart: int):
    end = start + apart * DAY
    assert announced().working_days_between(start, end) == slowly_between(start, end)


@given(DAYS, st.integers(0, 60))
def test_adding_and_counting_agree(start: date, days: int):
    calendar = announced()
    assert calendar.working_days_between(start, calendar.add_working_days(start, days)) == days


@given(DAYS)
def test_rolling(day: date):
    rolled = announced().roll(day)
    expected = day
    while not chinese_calendar.is_workday(expected):
        expected += DAY
    assert rolled == expected


@settings(max_examples=30)
@given(st.dates(LAST + DAY, date(2100, 1, 1)) | st.dates(date(1990, 1, 1), FIRST - DAY))
def test_an_unannounced_day_goes_by_its_weekday(day: date):
    calendar = announced()
    assert calendar.is_working(day) == (day.isoweekday() <= 5)
    assert not calendar.is_announced(day)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2011, 9, 30), 1, date(2011, 10, 8)),  # a week of holidays, then a working Saturday
        (date(2011, 9, 30), 2, date(2011, 10, 9)),  # and a working Sunday
        (date(2011, 6, 15), 0, date(2011, 6, 15)),
        (date(2011, 6, 17), 1, date(2011, 6, 20)),
    ],
)
def test_deadlines_of_2011(start: date, days: int, due: date):
    assert announced().add_working_days(start, days) == due


def test_a_holiday_rolls_over_a_make_up():
    own = Calendar(
        holidays={date(2030, 1, 1)}, make_ups={date(2030, 1, 5)}, first=date(2030, 1, 1), last=date(2030, 12, 31)
    )
    assert own.roll(date(2030, 1, 1)) == date(2030, 1, 2)
    assert own.roll(date(2030, 1, 5)) == date(2030, 1, 5)
    assert own.roll(date(2030, 1, 6)) == date(2030, 1, 7)
    assert own.working_days_between(date(2030, 1, 4), date(2030, 1, 7)) == 2
