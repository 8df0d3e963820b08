"""Confidential matters: reports about conduct (举报: 吃、拿、卡、要), lodged with persons named for the one case.

Every step is stored under one neutral name, with the same fields, all that is said sealed under a key of the matter's
own: a leaf tells neither what the matter is, nor which unit it is about, nor whether anybody gave a name. The source is
linked to nothing else that person ever said. No handler acts for a unit or belongs to the one it is about, and who
moves to another unit is a handler no longer; for everybody but its handlers the matter does not exist
(`domain/confidence.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.actor import Role
from domain.command import Context, command
from domain.event import event, evolves
from domain.guards import in_turn
from domain.ids import MatterId, PersonId, UnitId
from domain.person import OF_A_UNIT, Person, PersonEnrolled, PersonLeft, PersonMoved
from domain.refusal import Kind, Refusal
from domain.rule_book import quoted
from domain.sealed import Sealed
from domain.text import line, text
from domain.two_hands import Related, Relation, related
from domain.written import Written

HANDLERS = (Role.SUPERVISOR, Role.LEADER)


class MatterStage(StrEnum):
    OPEN = "open"  # 办理中
    CONCLUDED = "concluded"  # 已有结论
    CLOSED = "closed"  # 已办结


class Ruling(StrEnum):
    """What came of it; sealed like the rest."""

    SUBSTANTIATED = "substantiated"  # 属实
    PARTLY = "partly"  # 部分属实
    UNFOUNDED = "unfounded"  # 不属实
    UNCLEAR = "unclear"  # 无法查实


@event("matter_recorded.1")
class MatterRecorded:
    """One step. What a step does not say is sealed as an empty text, so that all look alike."""

    stage: MatterStage
    handlers: tuple[PersonId, ...]
    about: Sealed[str]
    """The unit it is about."""
    words: Sealed[str]
    name: Sealed[str]
    phone: Sealed[str]
    ruling: Sealed[str]
    by: PersonId


TURNS = {
    MatterStage.OPEN: ("note_matter", "name_handlers", "conclude_matter"),
    MatterStage.CONCLUDED: ("note_matter", "name_handlers", "resume_matter", "close_matter"),
    MatterStage.CLOSED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    stage: MatterStage
    handlers: tuple[PersonId, ...]
    concluded_by: PersonId | None = None


@evolves(MatterRecorded, named=MatterId)
def evolve(state: Matter | None, happened: MatterRecorded) -> Matter:
    if state is None:
        return Matter(stage=happened.stage, handlers=happened.handlers)
    concluded_by = state.concluded_by
    if happened.stage is not state.stage:
        concluded_by = happened.by if happened.stage is MatterStage.CONCLUDED else None
    return replace(state, stage=happened.stage, handlers=happened.handlers, concluded_by=concluded_by)


@related(of=Matter)
def _related(state: Matter) -> Related:
    return {Relation.REPORTER: (state.concluded_by,)}


def still_handles(matter: Sequence[Written], life: Sequence[Written]) -> bool:
    """Whether one of its handlers is one still, by the events of the matter and those of the person. Which unit it is
    about is sealed; but when they were last named they were not of it. So who has belonged since to any other unit
    than then, or has left, is a handler no longer, until named again."""
    named, handlers = 0, frozenset[PersonId]()
    for step in matter:
        if handlers != frozenset(step.event.handlers):
            named, handlers = step.position, frozenset(step.event.handlers)
    fit: set[UnitId | None] = {None}
    for one in life:
        match one.event:
            case PersonEnrolled(unit=unit):
                fit = {None, unit}
            case PersonMoved(unit=unit) if one.position < named:
                fit = {None, unit}
            case PersonMoved(unit=unit) if unit not in fit:
                return False
            case PersonLeft():
                return False
    return True


def _recorded(
    ctx: Context,
    stage: MatterStage,
    handlers: tuple[PersonId, ...],
    words: str,
    *,
    about: str = "",
    name: str = "",
    phone: str = "",
    ruling: str = "",
) -> list[MatterRecorded]:
    def sealed(value: str) -> Sealed[str]:
        return Sealed(ctx.stream, value)

    return [
        MatterRecorded(
            stage=stage,
            handlers=handlers,
            about=sealed(about),
            words=sealed(words),
            name=sealed(name),
            phone=sealed(phone),
            ruling=sealed(ruling),
            by=ctx.actor.person,
        )
    ]


def _fit(handlers: tuple[PersonId, ...], fits: Callable[[UnitId | None], bool], ctx: Context) -> tuple[PersonId, ...]:
    """Two or more, so that a second person can close it; supervisors or leaders who do no unit's own work."""
    most = ctx.rules.matter_handlers_max
    if not 2 <= len(set(handlers)) == len(handlers) <= most:  # noqa: PLR2004 - two hands
        zh, en = quoted(ctx.rules, "matter_handlers_max")
        raise Refusal(
            "handlers_count",
            f"须指定2至{most}名不同的经办人{zh}",
            f"2 to {most} different handlers are named{en}",
            field="handlers",
        )
    for handler in handlers:
        person: Person = ctx.look(handler)
        if not person.roles & frozenset(HANDLERS) or person.roles & OF_A_UNIT or not fits(person.unit):
            raise Refusal(
                "handler_unfit",
                "经办人须为督查员或分管领导，不承办单位事项，不属于被反映单位",
                "a handler is a supervisor or leader, acts for no unit, and is not of the unit it is about",
                field="handlers",
            )
    return handlers


@command(of=Matter, by=(Role.CALLER, Role.DISPATCHER, Role.SUPERVISOR), creates=True)
class ReportConduct:
    """Takes in a report about the conduct of a unit, in confidence, and names who handles it. Not by a person of that
    unit. All of it is sealed; without `name` it is anonymous. It enters no list, figure or page of requests, and only
    its handlers can read it or act on it."""

    about: UnitId
    words: str
    handlers: tuple[PersonId, ...]
    name: str | None = None
    phone: str | None = None

    def decide(self, state: None, ctx: Context) -> list[MatterRecorded]:
        if ctx.actor.unit == self.about:
            raise Refusal(
                "own_unit_report",
                "被反映单位的人员不得受理",
                "a person of the unit it is about may not take it in",
                kind=Kind.FORBIDDEN,
                field="about",
            )
        return _recorded(
            ctx,
            MatterStage.OPEN,
            _fit(self.handlers, lambda unit: unit != self.about, ctx),
            text(self.words, "words"),
            about=self.about,
            name="" if self.name is None else line(self.name, "name"),
            phone="" if self.phone is None else line(self.phone, "phone"),
        )


@command(of=Matter, by=HANDLERS)
class NoteMatter:
    """A handler notes what was found or done."""

    words: str

    def decide(self, state: Matter, ctx: Context) -> list[MatterRecorded]:
        in_turn(state.stage, "note_matter", TURNS)
        return _recorded(ctx, state.stage, state.handlers, text(self.words, "words"))


@command(of=Matter, by=HANDLERS, reads=lambda _asked, stream, state: (stream, *state.handlers))
class NameHandlers:
    """A handler says who handles it from now on, and why: persons of no unit, or of one that handles it already."""

    handlers: tuple[PersonId, ...]
    reason: str

    def decide(self, state: Matter, ctx: Context) -> list[MatterRecorded]:
        in_turn(state.stage, "name_handlers", TURNS)
        # Which unit it is about is sealed; but those who handle it were found not to be of it.
        known = {
            None,
            *(
                ctx.look(handler).unit
                for handler in state.handlers
                if still_handles(ctx.written(ctx.stream), ctx.written(handler))
            ),
        }
        handlers = _fit(self.handlers, lambda unit: unit in known, ctx)
        if set(handlers) == set(state.handlers):
            raise Refusal(
                "unchanged", "经办人没有变化", "the handlers are the same", kind=Kind.CONFLICT, field="handlers"
            )
        return _recorded(ctx, state.stage, handlers, text(self.reason, "reason"))


@command(of=Matter, by=HANDLERS)
class ConcludeMatter:
    """A handler concludes it, with grounds."""

    ruling: Ruling
    words: str

    def decide(self, state: Matter, ctx: Context) -> list[MatterRecorded]:
        in_turn(state.stage, "conclude_matter", TURNS)
        return _recorded(
            ctx, MatterStage.CONCLUDED, state.handlers, text(self.words, "words"), ruling=self.ruling.value
        )


@command(of=Matter, by=HANDLERS, not_by=(Relation.REPORTER,))
class ResumeMatter:
    """A second handler finds the conclusion wanting."""

    words: str

    def decide(self, state: Matter, ctx: Context) -> list[MatterRecorded]:
        in_turn(state.stage, "resume_matter", TURNS)
        return _recorded(ctx, MatterStage.OPEN, state.handlers, text(self.words, "words"))


@command(of=Matter, by=HANDLERS, not_by=(Relation.REPORTER,))
class CloseMatter:
    """A second handler approves the conclusion."""

    words: str

    def decide(self, state: Matter, ctx: Context) -> list[MatterRecorded]:
        in_turn(state.stage, "close_matter", TURNS)
        return _recorded(ctx, MatterStage.CLOSED, state.handlers, text(self.words, "words"))
