"""Counting against a slow oracle: one day after the other, asked of the chinese_calendar library."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.calendar import Calendar, DayOff, add_months
from domain.counting import Halt, Pause, Span, counted
from ledger.announced import announced

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
DAYS = st.dates(FIRST, LAST)


def works(day: date) -> bool:
    """By the library within the announced years, by weekday beyond them."""
    return chinese_calendar.is_workday(day) if FIRST <= day <= LAST else day.isoweekday() <= 5


def slowly(start: date, amount: int, pauses: list[Pause]) -> tuple[date, list[date]]:
    """Working days, either way."""
    day, passed, found = start, [], 0
    while found < abs(amount):
        day = day + DAY if amount > 0 else day - DAY
        if works(day) and not any(pause.since < day <= pause.until for pause in pauses):
            found += 1
        else:
            passed.append(day)
    return day, passed


def pause_from(start: date, after: int, days: int) -> Pause:
    since = start + after * DAY
    return Pause(since=since, until=since + days * DAY, why=Halt.DEFERRED)


PAUSES = st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 40)), max_size=2)


@for_all(DAYS, st.integers(-80, 80), PAUSES)
@example(date(2026, 10, 10), -3, [])
@example(date(2026, 2, 13), 1, [])
@example(date(2026, 12, 31), 30, [])
@example(date(2004, 1, 1), -30, [])
def test_working_days_both_ways(start: date, amount: int, halts: list[tuple[int, int]]):
    pauses = [pause_from(start, *one) for one in halts]
    last, passed = slowly(start, amount, pauses)
    found = counted(announced(), start, amount, Span.WORKING_DAYS, pauses)
    assert (found.last, found.ends, [one.day for one in found.passed]) == (last, last, passed)
    assert found.rolled == ()
    path = [start + n * DAY * (1 if last > start else -1) for n in range(1, abs((last - start).days) + 1)] or [last]
    assert found.announced_in(announced()) == all(FIRST <= day <= LAST for day in path)
    if not pauses:
        assert announced().add_working_days(start, amount) == last
        between = announced().working_days_between(start, last)
        # Backwards both ends belong to days: the first day does not count there, but the count between does not
        # include the earlier end.
        assert between == amount if amount >= 0 else between == amount - works(start) + works(last)


@for_all(DAYS, st.integers(1, 80))
def test_there_and_back(start: date, days: int):
    """Counted back, a count ends on the working day it began with, or on the next one before a day off."""
    there = announced().add_working_days(start, days)
    back = announced().add_working_days(there, -days)
    expected = start
    while not works(expected):
        expected -= DAY
    assert back == expected


@for_all(DAYS, st.integers(0, 400), PAUSES)
def test_calendar_days(start: date, amount: int, halts: list[tuple[int, int]]):
    pauses = [pause_from(start, *one) for one in halts]
    day, left, passed = start, amount, []
    while left:
        day += DAY
        if any(pause.since < day <= pause.until for pause in pauses):
            passed.append(day)
        else:
            left -= 1
    ends, rolled = day, []
    while not works(day):
        rolled.append(day)
        day += DAY
    found = counted(announced(), start, amount, Span.DAYS, pauses)
    assert (found.ends, found.last) == (ends, day)
    assert [one.day for one in found.passed] == passed
    assert {one.why for one in found.passed} <= {Halt.DEFERRED}
    assert [one.day for one in found.rolled] == rolled


@for_all(DAYS, st.integers(0, 48))
@example(date(2024, 1, 31), 1)
@example(date(2000, 1, 31), 1)
@example(date(2100, 1, 31), 1)
@example(date(2026, 11, 30), 1)
def test_months_end_on_the_corresponding_day(start: date, months: int):
    """The day before the same day number comes again, or the month's last: walked through the months one by one."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = date(year, month, 1)
    while day.day < start.day and (day + DAY).month == month:
        day += DAY
    assert add_months(start, months) == day
    found = counted(announced(), start, months, Span.MONTHS)
    assert found.ends == day
    assert found.last == announced().roll(day)


def test_months_go_back_and_end_at_the_end_of_time():
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert add_months(date(2024, 1, 15), -13) == date(2022, 12, 15)
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert add_months(date(1, 2, 1), -1) == date(1, 1, 1)
    with pytest.raises(OverflowError):
        add_months(date(9999, 12, 1), 1)
    with pytest.raises(OverflowError):
        add_months(date(1, 1, 1), -1)


@for_all(
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(st.dates(date(2030, 1, 1), date(2030, 3, 31)), max_size=40),
    st.frozensets(st.dates(date(2030, 1, 1), date(2030, 3, 31)), max_size=40),
    st.dates(date(2030, 1, 1), date(2030, 3, 31)),
    st.integers(-40, 40),
)
def test_any_calendar(rest: frozenset[int], off: frozenset[date], on: frozenset[date], start: date, amount: int):
    calendar = Calendar(holidays=off - on, make_ups=on, first=date(2030, 1, 1), last=date(2030, 12, 31), rest_days=rest)
    day, left = start, abs(amount)
    while left:
        day = day + DAY if amount > 0 else day - DAY
        left -= day in on or (day not in off and day.weekday() not in rest)
    found = counted(calendar, start, amount, Span.WORKING_DAYS)
    assert found.last == day
    for one in found.passed:
        assert one.why is (DayOff.HOLIDAY if one.day in off else DayOff.WEEKEND)


@pytest.mark.parametrize(
    ("start", "amount", "known"),
    [
        (date(2030, 12, 27), 2, True),  # to the last announced day
        (date(2030, 12, 27), 3, False),
        (date(2029, 12, 31), 2, True),  # what is before the first counted day does not matter
        (date(2029, 12, 28), 2, False),
        (date(2030, 1, 3), -2, True),
        (date(2030, 1, 3), -3, False),
        (date(2031, 1, 1), -2, True),
        (date(2031, 1, 2), -2, False),
        (date(2030, 12, 31), 0, True),
        (date(2031, 1, 1), 0, False),
    ],
)
def test_what_is_counted_over_unannounced_days_is_not_announced(start: date, amount: int, known: bool):
    calendar = Calendar(holidays=set(), make_ups=set(), first=date(2030, 1, 1), last=date(2030, 12, 31))
    assert counted(calendar, start, amount, Span.WORKING_DAYS).announced_in(calendar) is known


def test_a_pause_stops_after_its_first_day():
    pause = Pause(since=date(2026, 3, 2), until=date(2026, 3, 4), why=Halt.SUSPENDED)
    assert pause.days == 2
    assert [pause.covers(date(2026, 3, day)) for day in (2, 3, 4, 5)] == [False, True, True, False]
    assert counted(announced(), date(2026, 3, 2), 1, Span.WORKING_DAYS, [pause]).last == date(2026, 3, 5)
