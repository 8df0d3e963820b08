"""The part of the examples' life that is about the working calendar. The notices are invented."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.examples import Story


def calendar(told: "Story") -> None:
    """A year announced, then a longer Spring Festival."""
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
