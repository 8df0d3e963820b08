"""The announced Chinese calendar, 2004–2026, from chinesecalendar's dated tables."""

from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

from domain.calendar import Calendar


@cache
def announced() -> Calendar:
    """Days off and make-up working weekends as the State Council announced them, year by year. The last announced day
    is the 31 December of the newest year that has any; a deadline beyond it is provisional."""
    years = {day.year for day in holidays}
    return Calendar(
        holidays=frozenset(holidays),
        make_ups=frozenset(workdays),
        first=date(min(years), 1, 1),
        last=date(max(years), 12, 31),
    )
