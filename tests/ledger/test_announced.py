"""The announced calendar holds what the State Council announced."""

from datetime import date

import pytest

from ledger.announced import announced


@pytest.mark.parametrize(
    "day",
    [
        date(2011, 10, 8),  # Saturday after National Day
        date(2011, 10, 9),  # Sunday after National Day
        date(2011, 12, 31),  # Saturday, for the New Year of 2012
        date(2026, 2, 14),  # Saturday before Spring Festival
        date(2026, 10, 10),  # Saturday after National Day
    ],
)
def test_working_weekends(day: date):
    assert day.isoweekday() > 5
    assert announced().is_working(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2011, 2, 3),  # Spring Festival, a Thursday
        date(2011, 10, 7),  # National Day week, a Friday
        date(2026, 2, 17),  # Spring Festival, a Tuesday
    ],
)
def test_weekdays_off(day: date):
    assert day.isoweekday() <= 5
    assert not announced().is_working(day)


def test_the_years_it_covers():
    calendar = announced()
    assert (calendar.first, calendar.last) == (date(2004, 1, 1), date(2026, 12, 31))


def test_it_is_built_once():
    assert announced() is announced()
