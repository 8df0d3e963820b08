"""A deadline told line by line: every day that did not count has its line, and both languages say the same."""

from datetime import UTC, date, datetime

import pytest

from domain.calendar import Calendar
from domain.counting import Halt, Pause, Span
from domain.explanation import About, Explanation, days_explained, hours_explained
from domain.rule_book import rules_of
from domain.rules import DEFAULT
from ledger.announced import announced

RULES = rules_of(DEFAULT)
LOCAL = RULES["defer_max_days"].source


def told(explained: Explanation) -> list[tuple[About, date | None, str]]:
    return [(line.about, line.day, line.en) for line in explained.lines]


def test_working_days_over_a_holiday():
    explained = days_explained(
        announced(), date(2011, 6, 2), 3, Span.WORKING_DAYS, rule=RULES["acknowledge_working_days"]
    )
    assert (explained.due, explained.provisional) == (date(2011, 6, 8), False)
    assert told(explained) == [
        (
            About.RULE,
            None,
            (
                "Rule acknowledge_working_days (edition 1): from assignment to acknowledgement, when not urgent, "
                f"1 working days; source: {LOCAL}"
            ),
        ),
        (
            About.START,
            date(2011, 6, 2),
            "Start 2011-06-02 (Thu); the first day does not count (Civil Code art. 201)",
        ),
        (About.SKIPPED, date(2011, 6, 4), "Not counted 2011-06-04 (Sat): public holiday"),
        (About.SKIPPED, date(2011, 6, 5), "Not counted 2011-06-05 (Sun): weekly rest day"),
        (About.SKIPPED, date(2011, 6, 6), "Not counted 2011-06-06 (Mon): public holiday"),
        (About.RESULT, date(2011, 6, 8), "Due 2011-06-08 (Wed), until the end of that day"),
    ]
    assert [line.zh for line in explained.lines] == [
        f"规则 acknowledge_working_days（第1版）：签收时限（非紧急） 1个工作日；依据：{LOCAL}",
        "起点 2011-06-02（周四），开始当日不计入，自下一日起算（民法典第201条）",
        "不计 2011-06-04（周六）：节假日",
        "不计 2011-06-05（周日）：休息日",
        "不计 2011-06-06（周一）：节假日",
        "期限 2011-06-08（周三），当日24:00止",
    ]


def test_a_pause_and_a_last_day_that_moves():
    pause = Pause(since=date(2011, 6, 15), until=date(2011, 6, 17), why=Halt.SUSPENDED)
    explained = days_explained(announced(), date(2011, 6, 14), 2, Span.DAYS, pauses=[pause])
    assert (explained.due, explained.provisional) == (date(2011, 6, 20), False)
    assert told(explained)[2:] == [
        (
            About.PAUSE,
            date(2011, 6, 15),
            "The clock stands from 2011-06-15 to 2011-06-17, suspended: 2 days do not count",
        ),
        (About.SKIPPED, date(2011, 6, 16), "Not counted 2011-06-16 (Thu): the clock stands: suspended"),
        (About.SKIPPED, date(2011, 6, 17), "Not counted 2011-06-17 (Fri): the clock stands: suspended"),
        (
            About.ROLLED,
            date(2011, 6, 18),
            "The last day 2011-06-18 (Sat) is a weekly rest day; it moves to the next day (Civil Code art. 203)",
        ),
        (
            About.ROLLED,
            date(2011, 6, 19),
            "The last day 2011-06-19 (Sun) is a weekly rest day; it moves to the next day (Civil Code art. 203)",
        ),
        (About.RESULT, date(2011, 6, 20), "Due 2011-06-20 (Mon), until the end of that day"),
    ]


def test_a_deferral_is_told_as_one():
    pause = Pause(since=date(2011, 6, 16), until=date(2011, 6, 17), why=Halt.DEFERRED)
    lines = days_explained(announced(), date(2011, 6, 16), 1, Span.WORKING_DAYS, pauses=[pause]).lines
    assert [line.zh for line in lines[2:5]] == [
        "停表 2011-06-16 至 2011-06-17，挂账，1天不计",
        "不计 2011-06-17（周五）：挂账停表",
        "不计 2011-06-18（周六）：休息日",
    ]


@pytest.mark.parametrize(
    ("amount", "span", "plainly", "result"),
    [
        (3, Span.WORKING_DAYS, "3 working days onwards", "Due 2011-06-20 (Mon), until the end of that day"),
        (0, Span.WORKING_DAYS, "0 working days onwards", "Due 2011-06-15 (Wed), until the end of that day"),
        (-3, Span.WORKING_DAYS, "3 working days backwards", "Result 2011-06-10 (Fri)"),
        (7, Span.DAYS, "7 calendar days onwards", "Due 2011-06-22 (Wed), until the end of that day"),
        (1, Span.MONTHS, "1 months onwards", "Due 2011-07-15 (Fri), until the end of that day"),
    ],
)
def test_counted_plainly(amount: int, span: Span, plainly: str, result: str):
    lines = days_explained(announced(), date(2011, 6, 15), amount, span).lines
    assert (lines[0].about, lines[0].en) == (About.RULE, plainly)
    assert (lines[-1].about, lines[-1].en) == (About.RESULT, result)
    assert lines[-1].day is not None
    assert lines[-1].day.isoformat() in lines[-1].zh
    assert ("往前" in lines[0].zh) == (amount < 0)


def test_past_the_announced_years_it_is_provisional():
    calendar = Calendar(holidays={date(2012, 1, 2)}, make_ups=set(), first=date(2011, 1, 1), last=date(2011, 12, 31))
    explained = days_explained(calendar, date(2011, 12, 30), 2, Span.WORKING_DAYS)
    assert (explained.due, explained.provisional) == (date(2012, 1, 4), True)
    assert told(explained)[-2:] == [
        (
            About.PROVISIONAL,
            None,
            (
                "Provisional: holidays after 2011 are not announced; counted by weekly rest days until they are, "
                "then counted anew"
            ),
        ),
        (About.RESULT, date(2012, 1, 4), "Due 2012-01-04 (Wed), until the end of that day"),
    ]
    assert About.PROVISIONAL not in {
        line.about for line in days_explained(calendar, date(2011, 12, 29), 1, Span.WORKING_DAYS).lines
    }


def test_hours_run_at_once():
    start = datetime(2011, 10, 1, 23, 30, tzinfo=UTC)
    explained = hours_explained(start, 2, rule=RULES["dispatch_hours.utilities"])
    assert (explained.due, explained.provisional) == (datetime(2011, 10, 2, 1, 30, tzinfo=UTC), False)
    assert told(explained) == [
        (
            About.RULE,
            None,
            (
                "Rule dispatch_hours.utilities (edition 1): from registration to assignment (utilities), 2 hours; "
                f"source: {LOCAL}"
            ),
        ),
        (
            About.START,
            date(2011, 10, 1),
            "Start 2011-10-01 23:30; hours run at once, nights and holidays included (Civil Code art. 201)",
        ),
        (About.RESULT, date(2011, 10, 2), "Due 2011-10-02 01:30"),
    ]


def test_a_limit_that_is_no_period_has_no_unit():
    [rule, *_] = days_explained(announced(), date(2011, 6, 15), 1, Span.DAYS, rule=RULES["extensions_max"]).lines
    assert rule.zh == f"规则 extensions_max（第1版）：延期次数 1；依据：{LOCAL}"
