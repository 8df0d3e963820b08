"""Addresses of the commands on the working calendar (工作日历)."""

from api.commands import Door, Noun
from domain.calendar_year import AmendCalendar, AnnounceCalendar
from domain.recounting import RecalculateDeadlines

CALENDAR = Noun(
    "工作日历",
    "Calendar",
    (
        Door("/v1/calendar-years", AnnounceCalendar, "公布年度放假安排", "Announce a year's holidays"),
        Door("/v1/calendar-years/{id}/amendments", AmendCalendar, "调整放假安排", "Amend a year", versioned=True),
        Door(
            "/v1/records/{id}/deadline-recalculations",
            RecalculateDeadlines,
            "重算时限",
            "Count running limits anew",
            versioned=True,
        ),
    ),
)
