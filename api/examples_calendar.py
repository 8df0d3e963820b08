"""The part of the examples' life that is about the working calendar. The notices are invented."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.examples import Story


def calendar(told: "Story", promise: Mapping[str, Any]) -> None:
    """A year announced, then a longer Spring Festival; and a notice that moves a due date counted before it. `promise`
    is due on the Sunday 30 December 2012."""
    off = ["2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"]
    told.tell(
        "announce_calendar",
        "system_admin",
        "calendar",
        year=2027,
        holidays=off,
        make_ups=["2027-02-20"],
        number="示国办发〔2026〕1号",
    )
    told.tell(
        "amend_calendar",
        "system_admin",
        "calendar",
        holidays=[*off, "2027-02-11"],
        make_ups=["2027-02-20"],
        number="示国办发〔2027〕1号",
        reason="春节假期延长一天",
    )
    told.tell("propose_commitment", "supervisor", "lane", **promise)
    told.tell("register_commitment", "leader", "lane", note="同意立项")
    told.tell("assign_commitment", "dispatcher", "lane")
    # The working day by which it would have to be acknowledged becomes a day off.
    told.tell(
        "announce_calendar",
        "system_admin",
        "other days off",
        year=2012,
        holidays=[(told.now + timedelta(days=days)).date().isoformat() for days in range(1, 5)],
        number="示国办发〔2012〕0号",
    )
    told.tell("recalculate_deadlines", "dispatcher", "lane", notice=told.ids["other days off"])
    told.tell("acknowledge_commitment", "officer", "lane")
    told.tell("suspend_commitment", "dispatcher", "lane", ground="线路勘测", until="2012-06-29")
    told.now += timedelta(days=1)
    told.tell("resume_commitment", "dispatcher", "lane", reason="勘测完成")
    told.tell(
        "announce_calendar",
        "system_admin",
        "longer new year",
        year=2013,
        holidays=["2012-12-31", "2013-01-01", "2013-01-02", "2013-01-03"],
        number="示国办发〔2012〕1号",
    )
    told.tell("recalculate_due", "dispatcher", "lane", notice=told.ids["longer new year"])
