"""Limits counted anew under an announced calendar, in every life that has some, against days counted one by one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import inspections
import matter
import pytest
import ratings
import requests_of_residents as requests
from field import DISPATCHER
from given import SHANGHAI, TODAY, Given, person

from domain.actor import Role
from domain.calendar import Calendar
from domain.calendar_year import CalendarYear, CalendarYearId, with_years
from domain.commitment import Stage
from domain.deadline import Deadline
from domain.inspection import InspectionStage
from domain.recounting import DeadlineRecalculated, RecalculateDeadlines

NOTICE = CalendarYearId("notice")
RECOUNT = RecalculateDeadlines(notice=NOTICE)
URGER = person("urger", Role.URGER)
NUMBER = "示例〔2011〕9号"

LIVES: dict[str, tuple[Callable[[], Given], str, tuple[str, ...]]] = {
    "assigned": (lambda: matter.at(Stage.ASSIGNED), matter.MATTER, ("acknowledge_working_days",)),
    "return asked": (lambda: matter.at(Stage.RETURN_ASKED), matter.MATTER, ("acknowledge_working_days",)),
    "dispatched": (lambda: requests.at(requests.DISPATCHED), requests.AT, ("acknowledge_working_days",)),
    "in hand": (lambda: requests.at(requests.IN_HAND), requests.AT, ("request_answer_working_days.difficulty",)),
    "delivered": (inspections.delivered, inspections.CONCLUSION, ("objection_days",)),
    "objected": (inspections.objected, inspections.CONCLUSION, ("review_days",)),
    "rated": (lambda: ratings.at(ratings.CHECKED), ratings.AT, ("rating_rectify_working_days",)),
    "appealed": (
        lambda: ratings.at(ratings.APPEALED),
        ratings.AT,
        ("rating_rectify_working_days", "rating_appeal_working_days"),
    ),
}
STILL = {
    "in progress": (lambda: matter.at(Stage.IN_PROGRESS), matter.MATTER),
    "terminated": (lambda: matter.at(Stage.TERMINATED), matter.MATTER),
    "raised": (lambda: requests.at(requests.RAISED), requests.AT),
    "linked": (lambda: requests.at(requests.LINKED), requests.AT),
    "answered": (lambda: requests.at(requests.ANSWERED), requests.AT),
    "issued": (inspections.concluded, inspections.CONCLUSION),
    "rectified": (lambda: ratings.at(ratings.RECTIFIED), ratings.AT),
    "excluded": (lambda: ratings.at(ratings.EXCLUDED), ratings.AT),
}


def announce(given: Given, holidays: set[date], make_ups: set[date] = frozenset()) -> None:  # type: ignore[assignment]
    year = CalendarYear(year=2011, holidays=tuple(sorted(holidays)), make_ups=tuple(sorted(make_ups)), number=NUMBER)
    given.states[NOTICE] = year
    given.calendar = with_years(given.calendar, [year])


def by_hand(limit: Deadline, days: int, calendar: Calendar) -> datetime:
    """The end of the limit, counted day by day."""
    day = limit.start.astimezone(SHANGHAI).date()
    if "working" in limit.rule:
        while days:
            day += timedelta(days=1)
            days -= calendar.is_working(day)
    else:
        day += timedelta(days=days)
        while not calendar.is_working(day):
            day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def amount(given: Given, rule: str) -> int:
    name, _, key = rule.partition(".")
    value = getattr(given.rules, name)
    return value[key] if key else value  # type: ignore[no-any-return]


@pytest.mark.parametrize("life", LIVES)
def test_limits_end_where_the_new_calendar_puts_them(life: str):
    made, stream, rules = LIVES[life]
    random = Random(life)
    for _ in range(5):
        given = made()
        assert tuple(one.rule for one in given.states[stream].clocks) == rules
        for _ in range(3):  # and again, from what was counted anew before
            days = [TODAY + timedelta(days=n) for n in range(1, 60)]
            announce(given, set(random.sample(days, 20)), {day for day in days if day.weekday() >= 5} - {days[3]})
            before = {one.rule: one for one in given.states[stream].clocks}
            meant = {rule: by_hand(one, amount(given, rule), given.calendar) for rule, one in before.items()}
            events = given.when(RECOUNT, stream, by=URGER)
            assert {one.deadline.rule for one in events} == {
                rule for rule, one in before.items() if one.due != meant[rule]
            }
            after = {one.rule: one for one in given.states[stream].clocks}
            assert {rule: one.due for rule, one in after.items()} == meant
            for rule, one in after.items():
                assert (one.start, one.edition, one.provisional) == (before[rule].start, before[rule].edition, False)
            assert given.decide(RECOUNT, stream, by=DISPATCHER) == []


@pytest.mark.parametrize("still", STILL)
def test_where_no_such_limit_runs_nothing_changes(still: str):
    made, stream = STILL[still]
    given = made()
    announce(given, {TODAY + timedelta(days=n) for n in range(1, 50)})
    assert given.decide(RECOUNT, stream, by=URGER) == []


def test_what_is_past_stays_and_nothing_moves_into_the_past():
    made, stream, _ = LIVES["in hand"]
    given = made()
    (limit,) = given.states[stream].clocks
    given.now = limit.due
    announce(given, {given.today})
    assert given.decide(RECOUNT, stream, by=URGER) == []
    given = made()
    announce(given, {TODAY + timedelta(days=n) for n in range(1, 8)})
    (moved,) = given.when(RECOUNT, stream, by=URGER)
    given.now = moved.deadline.due - timedelta(hours=1)
    announce(given, {date(2011, 12, 30)})
    assert given.decide(RECOUNT, stream, by=URGER) == []


def test_a_provisional_limit_is_so_no_more_though_its_day_stays():
    given = matter.at(Stage.REGISTERED)
    last = given.calendar.last
    matter.move_to(given, last)
    matter.step(given, "assign_commitment")
    (limit,) = given.states[matter.MATTER].clocks
    assert limit.provisional
    year = CalendarYear(year=last.year + 1, holidays=(date(last.year + 1, 5, 3),), make_ups=(), number=NUMBER)
    given.states[NOTICE] = year
    given.calendar = with_years(given.calendar, [year])
    (event,) = given.when(RECOUNT, matter.MATTER, by=URGER)
    assert event == DeadlineRecalculated(deadline=event.deadline, number=NUMBER)
    assert (event.deadline.due, event.deadline.provisional) == (limit.due, False)


def test_the_unit_objects_until_the_end_as_counted_anew():
    given = inspections.delivered()
    (limit,) = given.states[inspections.CONCLUSION].clocks
    announce(given, {limit.due.astimezone(SHANGHAI).date() - timedelta(days=n) for n in range(-2, 3)})
    given.when(RECOUNT, inspections.CONCLUSION, by=URGER)
    given.now = limit.due
    given.when(inspections.OBJECT, inspections.CONCLUSION, by=inspections.HEAD)
    assert given.states[inspections.INSPECTION].stage is InspectionStage.APPROVED
