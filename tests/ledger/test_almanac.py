"""The calendar by events: what the writer decides by, and what was known at a position."""

from datetime import date

import pytest
from ledgers import Ledger, opened

from domain.calendar_year import CalendarYear
from ledger.almanac import almanac_of
from ledger.announced import announced

NEW_YEAR = date(2027, 1, 1)
NOTICE = {"year": 2027, "holidays": ["2027-01-01"], "make_ups": ["2027-01-02"], "number": "示例〔2026〕9号"}
NEXT = {**NOTICE, "year": 2028, "holidays": ["2028-01-03"], "make_ups": []}
AMENDED = {"holidays": ["2027-01-04"], "number": "示例〔2027〕1号", "reason": "延长"}


@pytest.fixture
def ledger(database_url: str):
    with opened(database_url) as one:
        yield one


def test_what_is_announced_counts_from_its_position_on(ledger: Ledger):
    before = ledger.store.head().position
    stream = ledger.accept("announce_calendar", NOTICE)
    first = ledger.store.head().position
    ledger.accept("amend_calendar", AMENDED, stream=stream)
    second = ledger.store.head().position
    almanac = almanac_of(ledger.store, announced())
    assert almanac.at(before) is announced()
    assert almanac.at(0) is announced()
    assert not almanac.at(first).is_working(NEW_YEAR)
    assert almanac.at(first).last == date(2027, 12, 31)
    assert almanac.at(second).is_working(NEW_YEAR)
    assert almanac.at(second + 100) is almanac.newest
    known = almanac_of(ledger.store, announced(), first)
    assert not known.newest.is_working(NEW_YEAR)
    # What is known is not taken in twice, what is new is.
    rows = ledger.store.read(0, 100)
    assert not almanac.learn(rows)
    assert known.learn(rows)
    assert known.newest == almanac.newest


def test_a_writer_decides_by_what_is_announced(ledger: Ledger):
    assert ledger.refuse("announce_calendar", NEXT).rule == "year_not_next"
    other = ledger.another_writer()
    stream = ledger.accept("announce_calendar", NOTICE)
    assert ledger.refuse("announce_calendar", NOTICE).rule == "already_held"
    # One that began before learns it with the first refusal, one that begins now knows it.
    (second,) = other.commit([ledger.submission("announce_calendar", NEXT)])
    assert second.count == 1  # type: ignore[union-attr]
    assert ledger.refuse("announce_calendar", NEXT).rule == "already_held"
    (third,) = ledger.another_writer().commit([ledger.submission("amend_calendar", AMENDED, stream=stream)])
    assert third.count == 1  # type: ignore[union-attr]
    assert ledger.refuse("amend_calendar", AMENDED, stream=stream).rule == "unchanged"


def test_what_was_decided_ahead_of_an_announcement_is_decided_by_it(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.writer.SLICE", 1)
    announcements = [ledger.submission("announce_calendar", year) for year in (NOTICE, NEXT)]
    assert [getattr(one, "rule", None) for one in ledger.commit(*announcements)] == [None, None]


def test_two_announcements_at_once_are_one(ledger: Ledger):
    outcomes = ledger.commit(*(ledger.submission("announce_calendar", NOTICE) for _ in range(2)))
    assert [getattr(one, "rule", None) for one in outcomes] == [None, "already_held"]
    assert CalendarYear(year=2027, holidays=(), make_ups=(), number="").claims == ("calendar 2027",)


def test_a_year_the_program_brings_can_be_replaced_and_many_follow(ledger: Ledger):
    replaced = {"year": 2020, "holidays": ["2020-01-01"], "number": "1"}
    ledger.accept("announce_calendar", replaced)
    for year in range(2027, 2037):
        ledger.accept("announce_calendar", {"year": year, "holidays": [f"{year}-05-01"], "number": "1"})
    calendar = almanac_of(ledger.store, announced()).newest
    assert calendar.last == date(2036, 12, 31)
    assert calendar.is_working(date(2020, 10, 1))
    assert not calendar.is_working(date(2019, 10, 1))
