"""The rungs of the ladder (催办): which notice goes out how many days before or after a due date, and to whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import Calendar


class Colour(StrEnum):
    """One rung each."""

    BLUE = "blue"  # 蓝色提醒
    YELLOW = "yellow"  # 黄色催办
    ORANGE = "orange"  # 橙色通报
    RED = "red"  # 红色督办


class Form(StrEnum):
    NOTICE = "notice"  # 催办单
    CIRCULAR = "circular"  # 通报


class Addressee(StrEnum):
    """Who is told beside the responsible unit."""

    DEPUTY_LEADER = "deputy_leader"  # 分管副职
    LEADER = "leader"  # 分管领导


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """`days` before (negative) or after the due date D, which itself does not count (Civil Code art. 201)."""

    colour: Colour
    days: int
    form: Form
    copied_to: tuple[Addressee, ...] = ()
    talk: bool = False
    """A leader may then order a talk (约谈)."""
    working: bool = True
    """Counted in working days, as the yellow lamp and the overdue days are; otherwise in calendar days."""


RUNGS = (
    Rung(colour=Colour.BLUE, days=-3, form=Form.NOTICE),
    Rung(colour=Colour.YELLOW, days=1, form=Form.NOTICE, copied_to=(Addressee.DEPUTY_LEADER,)),
    Rung(colour=Colour.ORANGE, days=5, form=Form.CIRCULAR, copied_to=(Addressee.DEPUTY_LEADER,)),
    Rung(colour=Colour.RED, days=10, form=Form.NOTICE, copied_to=(Addressee.LEADER,), talk=True),
)
"""DOMAIN §3: local defaults, none of them statutory."""


def rung_day(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """The civil day on which a rung falls for a due date."""
    if not rung.working:
        return due_on + timedelta(days=rung.days)
    return calendar.add_working_days(due_on, rung.days)
