"""Why a commitment is due when it is, line by line, folded from its stream: the date promised, extensions, pauses, and
where its clocks of assignment and acknowledgement stand. What an event stored is told as it was stored; the calendar
gives only the reason of each day off, as it was known when the event was recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from domain import commitment_events as events
from domain.calendar import Calendar
from domain.correction import EventCorrected
from domain.counting import Halt, Passed, Pause, rolled_on
from domain.deadline import Deadline
from domain.explanation import About, Line, named, of_pause, of_provisional, of_result, of_rule, passed, rolled
from domain.recounting import DeadlineRecalculated
from domain.rule_book import rules_of
from domain.rules import Rules
from projections.days import ZONE, instant

CalendarAt = Callable[[int], Calendar]
"""The calendar as known at a position."""
EditionNamed = Callable[[str], Rules | None]
"""The limits of the edition of that name."""
LAW: Final = "民法典第201条"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A limit that ran from an event: `due` is the last instant."""

    rule: str
    edition: str
    start: datetime
    due: datetime
    provisional: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueExplained:
    due_on: date
    original_due_on: date
    provisional: bool
    lines: tuple[Line, ...]
    clocks: tuple[Clock, ...]


@dataclass(slots=True, kw_only=True)
class _Told:
    due: date = date.min
    original: date = date.min
    pause: Pause | None = None
    lines: list[Line] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)


def explained(
    told: Iterable[tuple[int, int, Any]], calendar_at: CalendarAt, newest: Calendar, edition: EditionNamed
) -> DueExplained:
    """`told` are (position, moment it occurred, event) in order of occurrence; `newest` is the calendar as known at the
    moment asked about."""
    found = _Told()
    for position, at, happened in told:
        _tell(found, happened, instant(at).astimezone(ZONE).date(), calendar_at(position), edition)
    if found.pause is not None:
        found.lines.append(of_pause(found.pause))
    provisional = not newest.is_announced(found.due)
    if provisional:
        found.lines.append(of_provisional(newest))
    found.lines.append(of_result(found.due))
    return DueExplained(
        due_on=found.due,
        original_due_on=found.original,
        provisional=provisional,
        lines=tuple(found.lines),
        clocks=tuple(found.clocks),
    )


def _tell(  # noqa: C901 - one case an event
    found: _Told, happened: Any, day: date, calendar: Calendar, edition: EditionNamed
) -> None:
    match happened:
        case events.CommitmentProposed():
            found.due = found.original = happened.due_on
            found.lines.append(_promised(happened))
        case events.ExtensionGranted():
            found.lines.append(
                _moved(
                    About.EXTENSION,
                    ("准予延期", "Extended"),
                    before=found.due,
                    after=happened.due_on,
                    day=day,
                    why=happened.reason,
                )
            )
            found.due = happened.due_on
        case events.DeferralGranted():
            found.pause = Pause(since=happened.since, until=happened.until, why=Halt.DEFERRED)
        case events.CommitmentSuspended():
            found.pause = Pause(since=happened.since, until=happened.until, why=Halt.SUSPENDED)
        case events.CommitmentResumed():
            found.lines += _resumed(found, happened, day, calendar)
            found.due, found.pause = happened.due_on, None
        case events.DueRecalculated():
            found.lines.append(
                _moved(
                    About.CHANGE,
                    ("按公布的放假安排重算", "Counted anew"),
                    before=found.due,
                    after=happened.due_on,
                    day=day,
                    why=happened.number,
                )
            )
            found.due = happened.due_on
        case events.CommitmentReopened():
            found.lines.append(
                _moved(
                    About.CHANGE,
                    ("反弹重启", "Reopened"),
                    before=found.due,
                    after=happened.due_on,
                    day=day,
                    why=happened.note,
                )
            )
            found.due = happened.due_on
        case events.CommitmentRegistered():
            found.clocks.append(clock(happened.assign_by, edition))
        case (
            events.CommitmentAssigned()
            | events.CommitmentReassigned()
            | events.ReturnAccepted()
            | events.ReturnRefused()
        ):
            found.clocks.append(clock(happened.acknowledge_by, edition))
        case EventCorrected(field="due_on"):
            found.lines.append(_corrected(happened, day))
        case DeadlineRecalculated():
            found.clocks = [
                recounted(one, happened, edition) if one.rule == happened.deadline.rule else one for one in found.clocks
            ]
        case _:
            pass


def _promised(happened: events.CommitmentProposed) -> Line:
    zh, en = named(happened.due_on)
    return Line(
        about=About.START,
        zh=f"承诺期限 {zh}，依据：{happened.basis}",
        en=f"Promised by {en}; basis: {happened.basis}",
        day=happened.due_on,
    )


def _corrected(happened: EventCorrected, day: date) -> Line:
    one = happened
    return Line(
        about=About.CHANGE,
        zh=f"{day.isoformat()} 更正第{one.position}号记录：期限原录入为 {one.old}，实为 {one.new}；{one.reason}",
        en=f"Record {one.position} corrected on {day}: entered as {one.old}, in truth {one.new}; {one.reason}",
        day=day,
    )


def _moved(about: About, words: tuple[str, str], *, before: date, after: date, day: date, why: str) -> Line:
    zh, en = words
    return Line(
        about=about,
        zh=f"{day.isoformat()} {zh}：{before.isoformat()} 改为 {after.isoformat()}；{why}",
        en=f"{en} on {day.isoformat()}: from {before.isoformat()} to {after.isoformat()}; {why}",
        day=day,
    )


def _resumed(found: _Told, happened: events.CommitmentResumed, day: date, calendar: Calendar) -> Iterator[Line]:
    days = happened.paused_days
    if found.pause is not None:
        since = found.pause.since
        yield of_pause(Pause(since=since, until=since + timedelta(days=days), why=found.pause.why))
    ends = found.due + timedelta(days=days)
    yield Line(
        about=About.CHANGE,
        zh=f"{day.isoformat()} 恢复办理，期限顺延{days}天至 {ends.isoformat()}（{LAW}）",
        en=f"Resumed on {day.isoformat()}; the due date moves by {days} days to {ends.isoformat()}",
        day=day,
    )
    if ends < happened.due_on:
        yield from rolled(_off(calendar, ends, happened.due_on))


def _off(calendar: Calendar, first: date, last: date) -> Sequence[Passed]:
    """The days off the due day moved over, up to what was stored."""
    return [one for one in rolled_on(calendar, first)[1] if one.day < last]


def recounted(was: Clock, happened: DeadlineRecalculated, edition: EditionNamed) -> Clock:
    """The limit as counted anew, with what it was."""
    anew = clock(happened.deadline, edition)
    before, after = (one.due.astimezone(ZONE) for one in (was, anew))
    told = Line(
        about=About.CHANGE,
        zh=f"按公布的放假安排重算：{before:%Y-%m-%d %H:%M} 改为 {after:%Y-%m-%d %H:%M}；{happened.number}",
        en=f"Counted anew: from {before:%Y-%m-%d %H:%M} to {after:%Y-%m-%d %H:%M}; {happened.number}",
        day=after.date(),
    )
    return replace(anew, lines=(*anew.lines[:-1], told, anew.lines[-1]))


def clock(deadline: Deadline, edition: EditionNamed) -> Clock:
    """A stored limit, line by line."""
    start, due = deadline.start.astimezone(ZONE), deadline.due.astimezone(ZONE)
    rules = edition(deadline.edition)
    rule = None if rules is None else rules_of(rules).get(deadline.rule)
    lines = [
        of_rule(rule)
        if rule is not None
        else Line(
            about=About.RULE,
            zh=f"规则 {deadline.rule}（第{deadline.edition}版）",
            en=f"Rule {deadline.rule} (edition {deadline.edition})",
        ),
        Line(
            about=About.START,
            zh=f"起点 {start:%Y-%m-%d %H:%M}（{LAW}）",
            en=f"Start {start:%Y-%m-%d %H:%M} (Civil Code art. 201)",
            day=start.date(),
        ),
        *passed([Passed(day=one.day, why=one.why) for one in deadline.skipped]),
        Line(
            about=About.RESULT,
            zh=f"期限 {due:%Y-%m-%d %H:%M}" + ("（暂定）" if deadline.provisional else ""),
            en=f"Due {due:%Y-%m-%d %H:%M}" + (" (provisional)" if deadline.provisional else ""),
            day=due.date(),
        ),
    ]
    return Clock(
        rule=deadline.rule,
        edition=deadline.edition,
        start=deadline.start,
        due=deadline.due,
        provisional=deadline.provisional,
        lines=tuple(lines),
    )
