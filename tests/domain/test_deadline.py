"""Deadlines, against a day-by-day count."""

from datetime import UTC, date, datetime, timedelta

from field import OFFICER
from given import SHANGHAI, Given, noon
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.deadline import DayOff, Deadline, in_hours, in_working_days
from ledger.announced import announced

MOMENTS = st.integers(0, 17 * 365 * 86_400).map(
    lambda seconds: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@for_all(MOMENTS, st.integers(1, 20))
def test_working_days_are_counted_from_the_next_day(moment: datetime, days: int):
    given = Given()
    given.now = moment
    deadline = in_working_days(given.context("matter", OFFICER), "some_limit", days)

    calendar, day, counted, skipped = announced(), moment.astimezone(SHANGHAI).date(), 0, []
    while counted < days:
        day += timedelta(days=1)
        if calendar.is_working(day):
            counted += 1
        else:
            skipped.append((day, DayOff.HOLIDAY if day in calendar.holidays else DayOff.WEEKEND))
    assert deadline.due.astimezone(SHANGHAI) == datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    assert deadline.due.tzinfo is UTC
    assert [(item.day, item.why) for item in deadline.skipped] == skipped
    assert (deadline.rule, deadline.edition, deadline.start) == ("some_limit", "1", moment)
    assert deadline.provisional == (day > calendar.last)


def test_hours_run_through_the_night_and_the_holiday():
    given = Given()
    given.now = noon(date(2011, 10, 1))
    context = given.context("matter", OFFICER)
    assert in_hours(context, "some_limit", 24) == Deadline(
        rule="some_limit",
        edition="1",
        start=datetime(2011, 10, 1, 4, tzinfo=UTC),
        due=datetime(2011, 10, 2, 4, tzinfo=UTC),
        skipped=(),
        provisional=False,
    )


def test_the_words_for_days_off():
    assert [str(why) for why in DayOff] == ["weekend", "holiday"]
