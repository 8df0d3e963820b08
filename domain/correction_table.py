"""What may be corrected or retracted, by whom and with which second person: one table, one line a field.

What is not in it cannot be corrected. Sealed words are not, because a correction would have to repeat them in the open;
what was promised is not, because a promise is amended, extended or terminated in sight of all. An event cannot be
corrected once a later one rests on it (`rests`): that one would go on saying what followed from the mistake.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

from domain.activity import ActivityHeld, ActivityStage, ActivityWithdrawn
from domain.actor import Role
from domain.command import Context
from domain.commitment import Commitment
from domain.commitment_events import (
    CommitmentClosed,
    CommitmentReopened,
    CommitmentResumed,
    CommitmentVerified,
    DueRecalculated,
    ExtensionGranted,
    FollowUpRecorded,
    FulfilmentReported,
    RedoOrdered,
)
from domain.commitment_guards import within_years
from domain.commitment_terms import Outcome
from domain.contribution import ContributionMade, ContributionReversed, ContributionStage
from domain.correction import Value
from domain.guards import EARLIEST, happened_on, not_before
from domain.partner import partner_on
from domain.policy import PolicyAmended, PolicyIssued, PolicyWithdrawn
from domain.project import ProjectCompleted, ProjectStage, ProjectStarted, ProjectWithdrawn
from domain.refusal import Refusal
from domain.text import line, positive, text
from domain.visit import MOST_PERSONS, VisitRecorded, VisitRecorded2, VisitStage, VisitWithdrawn

FIELD: Final = "value"
"""The command's field in which the new value stands."""

Check: TypeAlias = Callable[[Value, Any, Any, Context], Value]
"""(value asked for, event as it reads now, state, context) → the value to be stored; raises Refusal."""
Follow: TypeAlias = Callable[[Any, Value], Any]
"""(state, new value) → the state as it would be had the event been right from the start."""


class Entry(NamedTuple):
    """One line: `event` may be retracted (`field` None) or have this field corrected, on a proposal by one of `by` (a
    unit's person: of that unit), once one of `second`, another person, approves."""

    event: type[Any]
    field: str | None
    by: frozenset[Role]
    second: frozenset[Role]
    rests: tuple[type[Any], ...]
    check: Check | None
    follow: Follow


def _same(state: Any, _new: Value) -> Any:
    """Decisions do not look at the field."""
    return state


def _wrong(zh: str, en: str) -> Refusal:
    return Refusal("correction_value", zh, en, field=FIELD)


def _number(value: Value) -> int:
    if not isinstance(value, int):
        raise _wrong("须为整数", "must be a whole number")
    return value


def _words(value: Value) -> str:
    if not isinstance(value, str):
        raise _wrong("须为文字", "must be a text")
    return value


def _day(value: Value) -> date:
    try:
        return date.fromisoformat(_words(value))
    except ValueError:
        raise _wrong("须为日期，如2011-06-30", "must be a date, such as 2011-06-30") from None


def _count(value: Value, *_: Any) -> int:
    return positive(_number(value), FIELD)


def _amount(value: Value, *_: Any) -> int:
    return positive(_number(value), FIELD, zero=True)


def _persons(value: Value, *_: Any) -> int:
    if not 1 <= _number(value) <= MOST_PERSONS:
        raise _wrong(f"人次须在1至{MOST_PERSONS}之间", f"persons must be 1 to {MOST_PERSONS}")
    return _number(value)


def _text(value: Value, *_: Any) -> str:
    return text(_words(value), FIELD)


def _title(value: Value, *_: Any) -> str:
    return line(_words(value), FIELD)


def _past_with_partner(value: Value, event: Any, _state: Any, ctx: Context) -> str:
    day = happened_on(_day(value), FIELD, ctx)
    if event.partner is not None:
        partner_on(event.partner, day, ctx, FIELD)
    return day.isoformat()


def _given(value: Value, event: ContributionMade, state: Any, ctx: Context) -> str:
    since = EARLIEST if event.project is None else ctx.look(event.project).started_on
    not_before(_day(value), since, FIELD)
    return _past_with_partner(value, event, state, ctx)


def _completed(value: Value, _event: Any, state: Any, ctx: Context) -> str:
    return happened_on(_day(value), FIELD, ctx, since=state.started_on).isoformat()


def _extended(value: Value, _event: Any, state: Commitment, _ctx: Context) -> str:
    terms = state.terms
    return within_years(not_before(_day(value), terms.original_due_on, FIELD), terms.starts_on, FIELD).isoformat()


def _outcome(value: Value, *_: Any) -> str:
    if value not in set(Outcome):
        raise Refusal("correction_value", "没有这个选项", "no such choice", field=FIELD, allowed=tuple(Outcome))
    return str(value)


def _reported(state: Commitment, new: Value) -> Commitment:
    assert state.review is not None
    return replace(state, review=replace(state.review, quantity=_number(new)))


def _becomes(stage: Any) -> Follow:
    return lambda state, _: replace(state, stage=stage)


UNIT: Final = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})
WORK: Final = UNIT | {Role.SUPERVISOR}
SUPERVISOR: Final = frozenset({Role.SUPERVISOR})
OFFICE: Final = frozenset({Role.SUPERVISOR, Role.LEADER})
LEADER: Final = frozenset({Role.LEADER})


def _entries() -> Iterable[Entry]:
    done = (CommitmentVerified, RedoOrdered)
    yield Entry(FollowUpRecorded, "quantity", WORK, OFFICE, (), _amount, _same)
    yield Entry(FollowUpRecorded, "note", WORK, OFFICE, (), _text, _same)
    yield Entry(FollowUpRecorded, None, WORK, OFFICE, (), None, _same)
    yield Entry(FulfilmentReported, "quantity", UNIT, SUPERVISOR, done, _amount, _reported)
    yield Entry(FulfilmentReported, "note", UNIT, SUPERVISOR, (), _text, _same)
    yield Entry(
        ExtensionGranted,
        "due_on",
        SUPERVISOR,
        LEADER,
        (ExtensionGranted, CommitmentResumed, CommitmentReopened, DueRecalculated),
        _extended,
        lambda state, new: replace(state, due_on=date.fromisoformat(str(new))),
    )
    yield Entry(CommitmentClosed, "outcome", OFFICE, LEADER, (), _outcome, _same)
    yield Entry(CommitmentClosed, "note", OFFICE, LEADER, (), _text, _same)

    gone: tuple[type[Any], ...] = (VisitWithdrawn,)
    for recorded in (VisitRecorded, VisitRecorded2):
        yield Entry(recorded, "persons", WORK, SUPERVISOR, gone, _persons, _same)
        yield Entry(recorded, "visited_on", WORK, SUPERVISOR, gone, _past_with_partner, _same)
        yield Entry(recorded, "purpose", WORK, SUPERVISOR, gone, _title, _same)
        yield Entry(recorded, None, WORK, SUPERVISOR, gone, None, _becomes(VisitStage.WITHDRAWN))

    gone = (ActivityWithdrawn,)
    yield Entry(ActivityHeld, "title", WORK, SUPERVISOR, gone, _title, _same)
    yield Entry(ActivityHeld, "participants", WORK, SUPERVISOR, gone, _count, _same)
    yield Entry(ActivityHeld, None, WORK, SUPERVISOR, gone, None, _becomes(ActivityStage.WITHDRAWN))

    gone = (ContributionReversed,)
    yield Entry(
        ContributionMade,
        "amount_fen",
        WORK,
        SUPERVISOR,
        gone,
        _count,
        lambda state, new: replace(state, amount_fen=new),
    )
    yield Entry(ContributionMade, "given_on", WORK, SUPERVISOR, gone, _given, _same)
    yield Entry(ContributionMade, None, WORK, SUPERVISOR, gone, None, _becomes(ContributionStage.REVERSED))

    gone = (ProjectWithdrawn,)
    yield Entry(ProjectStarted, "title", WORK, SUPERVISOR, gone, _title, _same)
    yield Entry(ProjectStarted, "planned_fen", WORK, SUPERVISOR, gone, _amount, _same)
    yield Entry(ProjectCompleted, "completed_on", WORK, SUPERVISOR, gone, _completed, _same)
    yield Entry(ProjectCompleted, "result", WORK, SUPERVISOR, gone, _text, _same)
    yield Entry(ProjectCompleted, None, WORK, SUPERVISOR, gone, None, _becomes(ProjectStage.RUNNING))

    replaced = (PolicyAmended, PolicyWithdrawn)
    yield Entry(PolicyIssued, "title", OFFICE, LEADER, replaced, _title, lambda state, new: replace(state, title=new))
    yield Entry(PolicyIssued, "summary", OFFICE, LEADER, replaced, _text, _same)
    yield Entry(PolicyAmended, "title", OFFICE, LEADER, replaced, _title, lambda state, new: replace(state, title=new))
    yield Entry(PolicyAmended, "summary", OFFICE, LEADER, replaced, _text, _same)


TABLE: Final = {(entry.event, entry.field): entry for entry in _entries()}
"""(event, field) → its line; the field None stands for the whole event."""
EVERY_PROPOSER: Final = tuple(sorted(frozenset[Role]().union(*(entry.by for entry in TABLE.values()))))
EVERY_SECOND: Final = tuple(sorted(frozenset[Role]().union(*(entry.second for entry in TABLE.values()))))
