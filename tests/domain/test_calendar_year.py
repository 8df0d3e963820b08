"""The calendar of a year, announced and amended by notices."""

from datetime import date, timedelta

import pytest
from given import Given, person

from domain.actor import Role
from domain.calendar_year import (
    AmendCalendar,
    AnnounceCalendar,
    CalendarAmended,
    CalendarAnnounced,
    CalendarYear,
    with_years,
)
from domain.refusal import Kind
from ledger.announced import announced

ADMIN = person("admin", Role.SYSTEM_ADMIN)
NOTICE = {"year": 2027, "number": "示例〔2026〕9号"}
OFF = (date(2027, 1, 3), date(2027, 1, 1), date(2026, 12, 31))
WORKED = (date(2026, 12, 27),)


def test_a_notice_announces_the_next_year():
    given = Given()
    events = given.when(AnnounceCalendar(holidays=OFF, make_ups=WORKED, **NOTICE), "2027", by=ADMIN)
    assert events == [
        CalendarAnnounced(year=2027, holidays=tuple(sorted(OFF)), make_ups=WORKED, number="示例〔2026〕9号")
    ]
    assert given.states["2027"].claims == ("calendar 2027",)
    assert given.states["2027"].number == given.history["2027"][-1].number
    calendar = with_years(announced(), [given.states["2027"]])
    assert calendar.last == date(2027, 12, 31)
    assert not calendar.is_working(date(2026, 12, 31))
    assert calendar.is_working(date(2026, 12, 27))
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2026, 12, 30))
    # Nothing else of 2026 has changed.
    assert calendar.is_working(date(2026, 2, 14))
    assert not calendar.is_working(date(2026, 10, 1))


def test_a_later_notice_amends_it():
    given = Given()
    given.when(AnnounceCalendar(holidays=OFF, make_ups=WORKED, **NOTICE), "2027", by=ADMIN)
    longer = AmendCalendar(holidays=(date(2027, 1, 4),), number="示例〔2027〕1号", reason="延长假期")
    assert given.when(longer, "2027", by=ADMIN) == [
        CalendarAmended(holidays=(date(2027, 1, 4),), make_ups=(), number="示例〔2027〕1号", reason="延长假期")
    ]
    assert given.decide(longer, "2027", by=ADMIN) == []
    calendar = with_years(announced(), [given.states["2027"]])
    assert not calendar.is_working(date(2027, 1, 4))
    assert calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2026, 12, 31))


def test_what_is_counted_anew_names_the_latest_notice():
    given = Given()
    given.when(AnnounceCalendar(holidays=OFF, make_ups=WORKED, **NOTICE), "2027", by=ADMIN)
    given.when(AmendCalendar(holidays=OFF[:2], number="示例〔2027〕1号", reason="调整"), "2027", by=ADMIN)
    assert given.states["2027"].number == "示例〔2027〕1号"


def test_a_make_up_of_one_year_may_be_a_holiday_of_the_next():
    first = CalendarYear(year=2027, holidays=(date(2027, 1, 1),), make_ups=(date(2027, 12, 26),), number="1")
    second = CalendarYear(year=2028, holidays=(date(2027, 12, 26), date(2028, 1, 3)), make_ups=(), number="2")
    for years in ([first, second], [second, first]):
        calendar = with_years(announced(), years)
        assert not calendar.is_working(date(2027, 12, 26))
        assert calendar.last == date(2028, 12, 31)
    assert with_years(announced(), []) == announced()


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"year": 2028}, "year_not_next", "year"),
        ({"year": 2003}, "year_not_next", "year"),
        ({"holidays": (date(2028, 1, 1),)}, "day_outside_year", "holidays"),
        ({"make_ups": (date(2026, 11, 28),)}, "day_outside_year", "make_ups"),
        ({"holidays": ()}, "no_holidays", "holidays"),
        ({"holidays": (date(2027, 1, 1), date(2027, 1, 1))}, "day_named_twice", "make_ups"),
        ({"make_ups": (date(2027, 1, 3),)}, "day_named_twice", "make_ups"),
        ({"make_ups": (date(2027, 1, 4),)}, "make_up_on_working_day", "make_ups"),
        ({"holidays": tuple(date(2027, 1, 1) + timedelta(days=n) for n in range(101))}, "too_many_days", "holidays"),
        ({"number": " "}, "text_empty", "number"),
    ],
)
def test_what_no_notice_says(change, rule: str, field: str):
    asked = AnnounceCalendar(**{**NOTICE, "holidays": OFF, "make_ups": WORKED, **change})
    refusal = Given().refused(asked, "2027", by=ADMIN)
    assert (refusal.rule, refusal.field) == (rule, field)
    if rule == "year_not_next":
        assert refusal.kind is Kind.CONFLICT


def test_an_amendment_is_checked_alike():
    given = Given()
    given.when(AnnounceCalendar(holidays=OFF, **NOTICE), "2027", by=ADMIN)
    asked = AmendCalendar(holidays=(date(2029, 1, 1),), number="1", reason="r")
    assert given.refused(asked, "2027", by=ADMIN).rule == "day_outside_year"


def test_a_day_is_a_holiday_or_worked_never_both():
    worked = CalendarYear(year=2027, holidays=(date(2027, 1, 1),), make_ups=(date(2026, 10, 1),), number="1")
    calendar = with_years(announced(), [worked])
    assert not calendar.holidays & calendar.make_ups


def test_a_notice_names_at_most_a_hundred_days_of_a_kind():
    off = tuple(date(2027, 1, 1) + timedelta(days=n) for n in range(100))
    assert Given().decide(AnnounceCalendar(holidays=off, **NOTICE), "2027", by=ADMIN)
