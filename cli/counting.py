"""`luoshi deadline`: a deadline or a plain count of working days, explained line by line."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import orjson
import typer

from api.settings import WrongSetting
from cli.calendar_file import WrongCalendar, read_calendar
from domain.calendar import Calendar
from domain.counting import Halt, Pause, Span
from domain.explanation import Explanation, days_explained, hours_explained
from domain.rule_book import Rule, rules_of
from domain.rules import Rules
from ledger.almanac import Almanac, almanac_of
from ledger.announced import announced
from ledger.database import WrongDatabase, open_reader
from ledger.decider import ZONE

MOST = 1_000_000
"""Working days counted at most; more would leave the calendar anyway."""


def run(
    *,
    rule: str | None,
    working_days: int | None,
    start: str,
    calendar: str | None,
    database: str | None,
    pauses: Sequence[str],
    as_json: bool,
) -> int:
    """Prints the explanation, counted by the calendar and the limits the program brings, or with `database` by those of
    that ledger. Raises WrongSetting for anything that can't be counted."""
    if (rule is None) == (working_days is None):
        raise WrongSetting("请给出 --rule 或 --working-days 之一。Give either --rule or --working-days")
    almanac = Almanac(announced()) if database is None else _almanac(database)
    used = almanac.newest if calendar is None else _calendar(calendar)
    moment = _moment(start)
    halts = [_pause(told) for told in pauses]
    try:
        if working_days is not None:
            found, named = _plain(used, moment, working_days, halts), None
        else:
            named = _rule(rule or "", almanac.editions.at(moment.date()))
            found = _by_rule(used, moment, named, halts)
    except OverflowError:
        raise WrongSetting("结果超出公元1至9999年。The result leaves the years 1 to 9999") from None
    if as_json:
        typer.echo(orjson.dumps(_told(found, start, named, working_days), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in found.lines:
            typer.echo(f"{line.zh}\n    {line.en}")
    return 0


def _told(found: Explanation, start: str, rule: Rule | None, working_days: int | None) -> dict[str, object]:
    asked: dict[str, object] = {"working_days": working_days}
    if rule is not None:
        asked = {
            "rule": rule.name,
            "edition": rule.edition,
            "source": rule.source,
            "span": rule.span,
            "amount": rule.value,
        }
    return {**asked, "start": start, "due": found.due, "provisional": found.provisional, "lines": found.lines}


def _almanac(database: str) -> Almanac:
    try:
        reader = open_reader(database)
    except WrongDatabase as wrong:
        raise WrongSetting(f"{wrong.zh}。{wrong.en}") from wrong
    try:
        return almanac_of(reader, announced())
    finally:
        reader.close()


def _calendar(path: str) -> Calendar:
    try:
        return read_calendar(Path(path))
    except WrongCalendar as wrong:
        raise WrongSetting(str(wrong)) from wrong


def _rule(name: str, rules: Rules) -> Rule:
    periods = {one.name: one for one in rules_of(rules).values() if one.span is not None}
    if name not in periods:
        raise WrongSetting(f"没有这个时限规则。No such rule: {name}. 可用 known: {', '.join(sorted(periods))}")
    return periods[name]


def _plain(calendar: Calendar, start: datetime, days: int, pauses: Sequence[Pause]) -> Explanation:
    if abs(days) > MOST:
        raise OverflowError
    return days_explained(calendar, start.date(), days, Span.WORKING_DAYS, pauses=pauses)


def _by_rule(calendar: Calendar, start: datetime, rule: Rule, pauses: Sequence[Pause]) -> Explanation:
    assert rule.span is not None
    if rule.span is Span.HOURS:
        if pauses:
            raise WrongSetting("按小时计的时限不停表。A period in hours takes no pause")
        return hours_explained(start, rule.value, rule=rule)
    return days_explained(calendar, start.date(), rule.value, rule.span, rule=rule, pauses=pauses)


def _moment(told: str) -> datetime:
    """A date (its first moment) or a date with time; without an offset it is meant in Asia/Shanghai."""
    try:
        found = datetime.fromisoformat(told)
        return found.replace(tzinfo=ZONE) if found.tzinfo is None else found.astimezone(ZONE)
    except (ValueError, OverflowError):
        raise WrongSetting(
            f"--start 应为日期或时间，如 2026-02-13 或 2026-02-13T09:00。--start is a date or a time, not {told!r}"
        ) from None


def _pause(told: str) -> Pause:
    first, _, last = told.partition("..")
    try:
        since, until = _day(first), _day(last)
    except ValueError:
        raise _no_pause(told) from None
    if since > until:
        raise _no_pause(told)
    return Pause(since=since, until=until, why=Halt.SUSPENDED)


def _day(told: str) -> date:
    return datetime.strptime(told, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil date has no zone


def _no_pause(told: str) -> WrongSetting:
    return WrongSetting(f"--pause 应为 起日..止日，如 2026-03-02..2026-03-10。--pause is FROM..TO, not {told!r}")
