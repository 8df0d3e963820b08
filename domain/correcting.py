"""The two hands of a correction: one person proposes it, another approves or refuses it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NoReturn, assert_never

from domain.actor import Role
from domain.command import Context, command, own_events
from domain.correction import (
    Correctable,
    CorrectionEvent,
    CorrectionProposed,
    CorrectionRefused,
    EventCorrected,
    EventRetracted,
    RetractionProposed,
    plain,
    settled,
)
from domain.correction_lines import FIELD, UNIT, Entry
from domain.correction_table import EVERY_PROPOSER, EVERY_SECOND, OTHER_WAYS, TABLE
from domain.event import EVENTS, evolves
from domain.guards import own_unit
from domain.ids import RecordId
from domain.public_text import public_words
from domain.refusal import Kind, Refusal
from domain.two_hands import Relation, keep_apart
from domain.written import Written


@evolves(CorrectionEvent, named=RecordId)
def evolve(state: Correctable | None, happened: CorrectionEvent) -> Correctable:
    assert state is not None
    match happened:
        case CorrectionProposed() | RetractionProposed():
            return replace(state, correction=happened)
        case EventCorrected():
            followed = TABLE[EVENTS[happened.event], happened.field].follow(state, happened.old, happened.new)
            return replace(followed, correction=None)  # type: ignore[no-any-return]
        case EventRetracted():
            followed = TABLE[EVENTS[happened.event], None].follow(state, None, None)
            return replace(followed, correction=None)  # type: ignore[no-any-return]
        case CorrectionRefused():
            return replace(state, correction=None)
        case _:
            assert_never(happened)


def _barred(
    state: Any, rule: str, zh: str, en: str, *, field: str | None = None, allowed: Sequence[str] = ()
) -> NoReturn:
    raise Refusal(rule, zh, en, kind=Kind.OUT_OF_TURN, field=field, state=state.stage.value, allowed=tuple(allowed))


def _found(state: Any, position: int | None, version: int | None, ctx: Context) -> tuple[Written, Sequence[Written]]:
    """The event as it reads now, by its position or its version, and those after it in the stream."""
    written = ctx.written(ctx.stream)
    for number, one in enumerate(written, 1):
        if one.position == position or number == version:
            break
    else:
        raise Refusal("unknown_event", "没有这一条记录", "the stream has no such event", field="version")
    gone = {other.event.position for other in written if isinstance(other.event, EventRetracted)}
    if one.position in gone:
        _barred(
            state,
            "already_retracted",
            "该记录已撤销",
            "this record was retracted already",
            field="version",
            allowed=("propose_correction", "propose_retraction"),
        )
    now = next((other for other in settled(written) if other.position == one.position), one)
    return now, [other for other in written[number:] if other.position not in gone]


def _not_correctable(one: Written, field: str | None) -> Refusal:
    way = OTHER_WAYS.get((type(one.event), field))
    if way is not None:
        return Refusal("other_way", way.zh, way.en, field="version" if field is None else "field", allowed=way.ways)
    fields = tuple(name for event, name in TABLE if event is type(one.event) and name is not None)
    if field is None:
        return Refusal("not_retractable", "这类记录不能撤销", "such a record cannot be retracted", field="version")
    return Refusal("not_correctable", "该字段不能更正", "this field cannot be corrected", field="field", allowed=fields)


def _entry(state: Any, one: Written, field: str | None, later: Sequence[Written]) -> Entry:
    entry = TABLE.get((type(one.event), field))
    if entry is None:
        raise _not_correctable(one, field)
    for other in later:
        if isinstance(other.event, entry.rests):
            way = OTHER_WAYS.get((type(one.event), field))
            _barred(
                state,
                "rested_upon",
                "其后的记录以此为依据，不能再更正" + ("" if way is None else f"。{way.zh}"),
                "a later event rests on it; it can no longer be corrected" + ("" if way is None else f": {way.en}"),
                field="version",
                allowed=("propose_correction", "propose_retraction") if way is None else way.ways,
            )
    return entry


def _may(entry: Entry, roles: frozenset[Role], state: Any, ctx: Context) -> None:
    """Whether the line lets the actor, who must hold one of `roles`; a unit's person for the own unit only."""
    if not roles & ctx.actor.roles:
        raise Refusal(
            "role_not_allowed",
            "您的角色不能执行该操作",
            "your role may not issue this command",
            kind=Kind.FORBIDDEN,
            allowed=tuple(sorted(roles)),
        )
    if not (roles - UNIT) & ctx.actor.roles:
        own_unit(state.responsible if hasattr(state, "responsible") else state.unit, ctx)
    keep_apart(entry.apart, state, ctx.actor, ctx.stream)


def _unasked(state: Correctable) -> None:
    if state.correction is not None:
        _barred(
            state,
            "asked_already",
            "已有更正待裁定",
            "a correction still waits for a ruling",
            allowed=("rule_on_correction",),
        )


@command(of=Correctable, by=EVERY_PROPOSER, reads=own_events)
class ProposeCorrection:
    """Proposes that a field of an earlier event of the stream should read another value; another person rules on it.
    `version` names the event, as the history numbers it; `value` is written as JSON writes it, a date as
    YYYY-MM-DD. What may be corrected, by whom and with whom: docs/corrections.md."""

    version: int
    field: str
    value: str | int
    reason: str

    def decide(self, state: Correctable, ctx: Context) -> list[CorrectionEvent]:
        _unasked(state)
        one, later = _found(state, None, self.version, ctx)
        entry = _entry(state, one, self.field, later)
        _may(entry, entry.by, state, ctx)
        old = plain(getattr(one.event, self.field))
        assert entry.check is not None
        new = entry.check(self.value, one.event, state, ctx)
        if new == old:
            raise Refusal("unchanged", "没有任何变化", "nothing would change", kind=Kind.CONFLICT, field=FIELD)
        return [
            CorrectionProposed(
                event_id=one.event_id,
                position=one.position,
                event=one.event.NAME,
                field=self.field,
                old=old,
                new=new,
                reason=public_words(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


@command(of=Correctable, by=EVERY_PROPOSER, reads=own_events)
class ProposeRetraction:
    """Proposes that an earlier event of the stream did not happen and should count no longer; another person rules on
    it. `version` names the event, as the history numbers it."""

    version: int
    reason: str

    def decide(self, state: Correctable, ctx: Context) -> list[CorrectionEvent]:
        _unasked(state)
        one, later = _found(state, None, self.version, ctx)
        entry = _entry(state, one, None, later)
        _may(entry, entry.by, state, ctx)
        if entry.check is not None:
            entry.check(None, one.event, state, ctx)
        return [
            RetractionProposed(
                event_id=one.event_id,
                position=one.position,
                event=one.event.NAME,
                reason=public_words(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


@command(of=Correctable, by=EVERY_SECOND, not_by=(Relation.CORRECTION_PROPOSER,), reads=own_events)
class RuleOnCorrection:
    """Approves the correction or retraction that waits, or refuses it; not by the person who proposed it. Approved, it
    holds from here on; the mistake stays in the history."""

    approved: bool
    reason: str

    def decide(self, state: Correctable, ctx: Context) -> list[CorrectionEvent]:
        asked = state.correction
        if asked is None:
            _barred(
                state,
                "nothing_asked",
                "没有待裁定的更正",
                "no correction waits for a ruling",
                allowed=("propose_correction", "propose_retraction"),
            )
        field = asked.field if isinstance(asked, CorrectionProposed) else None
        entry = TABLE[EVENTS[asked.event], field]
        _may(entry, entry.second, state, ctx)
        reason = public_words(self.reason, "reason")
        if not self.approved:
            return [CorrectionRefused(reason=reason, by=ctx.actor.person)]
        one, later = _found(state, asked.position, None, ctx)
        _entry(state, one, field, later)
        if entry.check is not None:
            entry.check(asked.new if isinstance(asked, CorrectionProposed) else None, one.event, state, ctx)
        if isinstance(asked, RetractionProposed):
            return [
                EventRetracted(
                    event_id=asked.event_id,
                    position=asked.position,
                    event=asked.event,
                    reason=reason,
                    proposed_by=asked.by,
                    by=ctx.actor.person,
                )
            ]
        return [
            EventCorrected(
                event_id=asked.event_id,
                position=asked.position,
                event=asked.event,
                field=asked.field,
                old=asked.old,
                new=asked.new,
                reason=reason,
                proposed_by=asked.by,
                by=ctx.actor.person,
            )
        ]
