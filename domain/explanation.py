"""A deadline told line by line: rule and version, start, each day that did not count and why, pauses, extensions,
result. The same lines stand in the API, on the command line and in documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import Calendar, DayOff
from domain.counting import Halt, Passed, Pause, Period, Span, counted
from domain.rule_book import Rule

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class About(StrEnum):
    """What a line is about."""

    RULE = "rule"
    START = "start"
    SKIPPED = "skipped"
    PAUSE = "pause"
    EXTENSION = "extension"
    CHANGE = "change"
    ROLLED = "rolled"
    PROVISIONAL = "provisional"
    RESULT = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    about: About
    zh: str
    en: str
    day: date | None = None
    """The day it is about, where it is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`due` is the last day (it ends at 24:00 in Asia/Shanghai), or for hours the last instant. `provisional`: it
    reaches past the announced calendar."""

    due: date | datetime
    provisional: bool
    lines: tuple[Line, ...]


SPANS = {
    Span.HOURS: ("小时", "hours"),
    Span.DAYS: ("天", "calendar days"),
    Span.WORKING_DAYS: ("个工作日", "working days"),
    Span.MONTHS: ("个月", "months"),
}
WHY = {
    DayOff.WEEKEND: ("休息日", "weekly rest day"),
    DayOff.HOLIDAY: ("节假日", "public holiday"),
    Halt.DEFERRED: ("挂账停表", "the clock stands: deferred"),
    Halt.SUSPENDED: ("中止停表", "the clock stands: suspended"),
}
HALTS = {Halt.DEFERRED: ("挂账", "deferred"), Halt.SUSPENDED: ("中止", "suspended")}


def named(day: date) -> tuple[str, str]:
    """A civil date with its weekday, in both languages."""
    number = day.weekday()
    return f"{day.isoformat()}（周{WEEKDAYS_ZH[number]}）", f"{day.isoformat()} ({WEEKDAYS_EN[number]})"


def of_rule(rule: Rule) -> Line:
    zh, en = SPANS[rule.span] if rule.span is not None else ("", "")
    return Line(
        about=About.RULE,
        zh=f"规则 {rule.name}（第{rule.edition}版）：{rule.zh} {rule.value}{zh}；依据：{rule.source}",
        en=f"Rule {rule.name} (edition {rule.edition}): {rule.en}, {rule.value} {en}; source: {rule.source}",
    )


def of_start(start: date) -> Line:
    zh, en = named(start)
    return Line(
        about=About.START,
        zh=f"起点 {zh}，开始当日不计入，自下一日起算（民法典第201条）",
        en=f"Start {en}; the first day does not count (Civil Code art. 201)",
        day=start,
    )


def passed(days: Sequence[Passed]) -> list[Line]:
    """A line for each day that did not count."""
    lines = []
    for one in days:
        (zh, en), (why_zh, why_en) = named(one.day), WHY[one.why]
        lines.append(
            Line(about=About.SKIPPED, zh=f"不计 {zh}：{why_zh}", en=f"Not counted {en}: {why_en}", day=one.day)
        )
    return lines


def of_pause(pause: Pause) -> Line:
    zh, en = HALTS[pause.why]
    return Line(
        about=About.PAUSE,
        zh=f"停表 {pause.since.isoformat()} 至 {pause.until.isoformat()}，{zh}，{pause.days}天不计",
        en=f"The clock stands from {pause.since.isoformat()} to {pause.until.isoformat()}, {en}: "
        f"{pause.days} days do not count",
        day=pause.since,
    )


def rolled(days: Sequence[Passed]) -> list[Line]:
    """The last day moved off days off."""
    lines = []
    for one in days:
        (zh, en), (why_zh, why_en) = named(one.day), WHY[one.why]
        lines.append(
            Line(
                about=About.ROLLED,
                zh=f"末日 {zh} 为{why_zh}，顺延至次日（民法典第203条）",
                en=f"The last day {en} is a {why_en}; it moves to the next day (Civil Code art. 203)",
                day=one.day,
            )
        )
    return lines


def of_provisional(calendar: Calendar) -> Line:
    return Line(
        about=About.PROVISIONAL,
        zh=f"暂定：{calendar.last.year}年之后的放假安排尚未公布，按周休息日推算，公布后重新计算",
        en=f"Provisional: holidays after {calendar.last.year} are not announced; counted by weekly rest days until "
        "they are, then counted anew",
    )


def of_result(due: date) -> Line:
    zh, en = named(due)
    return Line(about=About.RESULT, zh=f"期限 {zh}，当日24:00止", en=f"Due {en}, until the end of that day", day=due)


def days_explained(
    calendar: Calendar, start: date, amount: int, span: Span, *, rule: Rule | None = None, pauses: Sequence[Pause] = ()
) -> Explanation:
    """A period in days, working days or months, as `domain.counting.counted` counts it; working days backwards with a
    negative amount. Raises OverflowError when it leaves the years 1 to 9999."""
    period = counted(calendar, start, amount, span, pauses)
    provisional = not period.announced_in(calendar)
    lines = [of_rule(rule) if rule is not None else _plainly(amount, span), of_start(start)]
    lines += map(of_pause, pauses)
    lines += passed(period.passed)
    lines += rolled(period.rolled)
    if provisional:
        lines.append(of_provisional(calendar))
    lines.append(of_result(period.last) if amount >= 0 else _reached(period))
    return Explanation(due=period.last, provisional=provisional, lines=tuple(lines))


def hours_explained(start: datetime, hours: int, *, rule: Rule) -> Explanation:
    """Hours run at once, nights and holidays included (art. 201). Raises OverflowError past the year 9999."""
    due = start + timedelta(hours=hours)
    lines = (
        of_rule(rule),
        Line(
            about=About.START,
            zh=f"起点 {start:%Y-%m-%d %H:%M}，自规定时间起连续计算，夜间和节假日不除外（民法典第201条）",
            en=f"Start {start:%Y-%m-%d %H:%M}; hours run at once, nights and holidays included (Civil Code art. 201)",
            day=start.date(),
        ),
        Line(about=About.RESULT, zh=f"期限 {due:%Y-%m-%d %H:%M}", en=f"Due {due:%Y-%m-%d %H:%M}", day=due.date()),
    )
    return Explanation(due=due, provisional=False, lines=lines)


def _plainly(amount: int, span: Span) -> Line:
    zh, en = SPANS[span]
    way_zh, way_en = ("往后", "onwards") if amount >= 0 else ("往前", "backwards")
    return Line(about=About.RULE, zh=f"{way_zh}数{abs(amount)}{zh}", en=f"{abs(amount)} {en} {way_en}")


def _reached(period: Period) -> Line:
    zh, en = named(period.last)
    return Line(about=About.RESULT, zh=f"得 {zh}", en=f"Result {en}", day=period.last)
