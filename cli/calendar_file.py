"""A calendar as a JSON file; `docs/deadlines.md` describes the format."""

from datetime import date
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from domain.calendar import Calendar

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NUMBER: Final = {name: number for number, name in enumerate(get_args(Weekday))}


class WrongCalendar(Exception):  # noqa: N818 - an answer to whoever gave the file
    """The file can't be used; the text says why, in both languages, on one line."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    weekly_rest_days: tuple[Weekday, ...] = ("saturday", "sunday")
    holidays: tuple[date, ...] = ()
    make_up_working_days: tuple[date, ...] = ()
    years: tuple[int, ...] | None = None
    source: str = ""


def read_calendar(path: Path) -> Calendar:
    """Raises WrongCalendar."""
    try:
        written = path.read_bytes()
    except OSError as error:
        raise WrongCalendar(f"无法读取日历文件 cannot read the calendar file {path}: {error.strerror}") from None
    try:
        found = msgspec.json.decode(written, type=_File)
    except (ValueError, RecursionError) as error:
        told = " ".join(str(error).split())
        raise WrongCalendar(f"日历文件格式不对 the calendar file {path} is not as described: {told}") from None
    holidays, make_ups = frozenset(found.holidays), frozenset(found.make_up_working_days)
    if both := sorted(holidays & make_ups):
        raise _contradictory(path, f"{both[0]} 既放假又上班 is both a holiday and a make-up working day")
    rest_days = frozenset(NUMBER[name] for name in found.weekly_rest_days)
    if len(rest_days) == len(NUMBER):
        raise _contradictory(path, "一周没有工作日 no day of the week is worked")
    years = found.years
    if years is None:
        first, last = date.min, date.max
    else:
        years = tuple(sorted(years))
        if not years or not date.min.year <= years[0] <= years[-1] <= date.max.year:
            raise _contradictory(path, "years 应为1至9999的年份 years must lie between 1 and 9999")
        if years != tuple(range(years[0], years[0] + len(years))):
            raise _contradictory(path, "years 须连续且不重复 years must follow one another")
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    return Calendar(holidays=holidays, make_ups=make_ups, first=first, last=last, rest_days=rest_days)


def _contradictory(path: Path, told: str) -> WrongCalendar:
    return WrongCalendar(f"日历文件自相矛盾 the calendar file {path} contradicts itself: {told}")
