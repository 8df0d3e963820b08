"""The words a conclusion (督查结论) is described in, and its two statutory clocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.calendar import DayOff
from domain.command import Context
from domain.counting import Span, counted
from domain.deadline import Deadline, Skipped
from domain.supervision_guards import named_once
from domain.text import text


class Verdict(StrEnum):
    """How far the matter was put into practice."""

    IN_PLACE = "in_place"  # 落实到位
    PARTLY = "partly"  # 部分落实
    NOT_IN_PLACE = "not_in_place"  # 落实不力


class ResultUse(StrEnum):
    """What a conclusion is used for (结果运用)."""

    COMMENDATION = "commendation"  # 表扬激励
    ASSESSMENT = "assessment"  # 纳入考核
    POLICY_ADVICE = "policy_advice"  # 完善政策建议
    ACCOUNTABILITY = "accountability"  # 追责建议
    REFERRAL = "referral"  # 移送线索


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a conclusion says: a verdict, the facts, and what the unit has to put right, item by item."""

    verdict: Verdict
    facts: str
    items: tuple[str, ...] = ()


def checked(wording: Wording) -> Wording:
    """At most 100 items, none twice. All of it is official wording without personal data."""
    return Wording(
        verdict=wording.verdict,
        facts=text(wording.facts, "wording.facts"),
        items=named_once(tuple(text(item, "wording.items") for item in wording.items), "wording.items", required=False),
    )


def in_days(ctx: Context, rule: str, days: int, since: date) -> Deadline:
    """The end of the `days`-th calendar day after `since`, which does not count; moved past days off at its end (Civil
    Code art. 201 and 203)."""
    period = counted(ctx.calendar, since, days, Span.DAYS)
    return Deadline(
        rule=rule,
        edition=ctx.rules.version,
        start=datetime.combine(since, time(), ctx.zone).astimezone(UTC),
        due=datetime.combine(period.last + timedelta(days=1), time(), ctx.zone).astimezone(UTC),
        skipped=tuple(Skipped(day=moved.day, why=DayOff(moved.why)) for moved in period.rolled),
        provisional=not ctx.calendar.is_announced(period.last),
    )
