"""Lines of the table of corrections: visits, pairings, activities, projects and contributions."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from domain.activity import ActivityHeld, ActivityStage, ActivityWithdrawn
from domain.command import Context
from domain.contribution import ContributionMade, ContributionReversed, ContributionStage
from domain.correction import Value
from domain.correction_lines import (
    FIELD,
    SUPERVISOR,
    WHOLE,
    WORK,
    Entry,
    Follow,
    OtherWay,
    amount,
    count,
    day,
    instead,
    number,
    past_with_partner,
    prose,
    same,
    title,
    wrong,
)
from domain.guards import EARLIEST, happened_on, not_before
from domain.pairing import Pairing, PairingAgreed, PairingEnded, PairingStage, PairingWithdrawn, pairing_on
from domain.project import ProjectCompleted, ProjectStage, ProjectStarted, ProjectWithdrawn
from domain.visit import MOST_PERSONS, VisitRecorded, VisitRecorded2, VisitStage, VisitWithdrawn


def _persons(value: Value, *_: Any) -> int:
    if not 1 <= number(value) <= MOST_PERSONS:
        raise wrong(f"人次须在1至{MOST_PERSONS}之间", f"persons must be 1 to {MOST_PERSONS}")
    return number(value)


def _held(value: Value, event: ActivityHeld, _state: Any, ctx: Context) -> str:
    held = happened_on(day(value), FIELD, ctx)
    pairing_on(event.pairing, held, ctx, FIELD)
    return held.isoformat()


def _given(value: Value, event: ContributionMade, state: Any, ctx: Context) -> str:
    since = EARLIEST if event.project is None else ctx.look(event.project).started_on
    not_before(day(value), since, FIELD)
    return past_with_partner(value, event, state, ctx)


def _completed(value: Value, _event: Any, state: Any, ctx: Context) -> str:
    return happened_on(day(value), FIELD, ctx, since=state.started_on).isoformat()


def _agreed(value: Value, event: PairingAgreed, state: Pairing, ctx: Context) -> str:
    if state.ended_on is not None and day(value) > state.ended_on:
        raise wrong("结对日期不能晚于结束日期", "it was not agreed after its last day")
    return past_with_partner(value, event, state, ctx)


def _ended(value: Value, _event: Any, state: Pairing, ctx: Context) -> str:
    return happened_on(day(value), FIELD, ctx, since=state.agreed_on).isoformat()


def _becomes(stage: Any) -> Follow:
    return lambda state, _old, _new: replace(state, stage=stage)


def visits() -> Iterable[Entry]:
    gone = (VisitWithdrawn,)
    for recorded in (VisitRecorded, VisitRecorded2):
        yield Entry(recorded, "persons", WORK, SUPERVISOR, gone, _persons, same)
        yield Entry(recorded, "visited_on", WORK, SUPERVISOR, gone, past_with_partner, same)
        yield Entry(recorded, "purpose", WORK, SUPERVISOR, gone, title, same)
        yield Entry(recorded, WHOLE, WORK, SUPERVISOR, gone, None, _becomes(VisitStage.WITHDRAWN))


def pairings() -> Iterable[Entry]:
    gone = (PairingWithdrawn,)
    yield Entry(PairingAgreed, "programme", WORK, SUPERVISOR, gone, title, same)
    yield Entry(
        PairingAgreed,
        "agreed_on",
        WORK,
        SUPERVISOR,
        gone,
        _agreed,
        lambda state, _, new: replace(state, agreed_on=day(new)),
    )
    yield Entry(
        PairingEnded,
        "ended_on",
        WORK,
        SUPERVISOR,
        gone,
        _ended,
        lambda state, _, new: replace(state, ended_on=day(new)),
    )
    yield Entry(
        PairingEnded,
        WHOLE,
        WORK,
        SUPERVISOR,
        gone,
        None,
        lambda state, _old, _new: replace(state, stage=PairingStage.ACTIVE, ended_on=None),
    )


def activities() -> Iterable[Entry]:
    gone = (ActivityWithdrawn,)
    yield Entry(ActivityHeld, "title", WORK, SUPERVISOR, gone, title, same)
    yield Entry(ActivityHeld, "held_on", WORK, SUPERVISOR, gone, _held, same)
    yield Entry(ActivityHeld, "participants", WORK, SUPERVISOR, gone, count, same)
    yield Entry(ActivityHeld, WHOLE, WORK, SUPERVISOR, gone, None, _becomes(ActivityStage.WITHDRAWN))


def projects() -> Iterable[Entry]:
    gone = (ProjectWithdrawn,)
    yield Entry(ProjectStarted, "title", WORK, SUPERVISOR, gone, title, same)
    yield Entry(ProjectStarted, "planned_fen", WORK, SUPERVISOR, gone, amount, same)
    yield Entry(ProjectCompleted, "completed_on", WORK, SUPERVISOR, gone, _completed, same)
    yield Entry(ProjectCompleted, "result", WORK, SUPERVISOR, gone, prose, same)
    yield Entry(ProjectCompleted, WHOLE, WORK, SUPERVISOR, gone, None, _becomes(ProjectStage.RUNNING))


def contributions() -> Iterable[Entry]:
    gone = (ContributionReversed,)
    yield Entry(
        ContributionMade,
        "amount_fen",
        WORK,
        SUPERVISOR,
        gone,
        count,
        lambda state, _, new: replace(state, amount_fen=new),
    )
    yield Entry(ContributionMade, "given_on", WORK, SUPERVISOR, gone, _given, same)
    yield Entry(ContributionMade, WHOLE, WORK, SUPERVISOR, gone, None, _becomes(ContributionStage.REVERSED))


WAYS: Final = {
    **instead(
        (VisitRecorded, VisitRecorded2, ActivityHeld, ContributionMade),
        (
            "unit",
            "partner",
            "pairing",
            "project",
            "problem",
            "commitment",
            "request",
            "recurrence",
            "aid",
            "kind",
            "funds",
        ),
        OtherWay("整条撤销后重新记录", "retract the whole event and record it anew", ("propose_retraction",)),
    ),
    **instead(
        (PairingAgreed,),
        ("unit", "partner", "member", WHOLE),
        OtherWay("由另一人撤回，再重新结对", "another person withdraws it; agree it anew", ("withdraw_pairing",)),
    ),
    **instead(
        (ProjectStarted,),
        ("unit", "partners", "pairing", "started_on", "recurrence", "aid", WHOLE),
        OtherWay("由另一人撤回，再重新启动", "another person withdraws it; start it anew", ("withdraw_project",)),
    ),
}
