"""Summons for talk (约谈): on a leader's order someone responsible in a unit is called in; what was said and promised
is recorded."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS as COMMITTED
from domain.commitment import Commitment
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn
from domain.ids import CommitmentId, ConclusionId, PersonId, TalkId, UnitId, UrgeLadderId
from domain.refusal import Kind, Refusal
from domain.supervision_guards import ahead
from domain.text import line, text
from domain.two_hands import Related, Relation, related
from domain.urge import Ladder, Mark, Record
from domain.urge_ladder import clock_due
from domain.urge_rungs import Colour


@event("talk_summoned.1")
class TalkSummoned:
    """As it was stored before a talk named the notice it follows."""

    unit: UnitId
    person: PersonId
    commitment: CommitmentId | None
    conclusion: ConclusionId | None
    reference: str
    reason: str
    planned_on: date
    summoned_on: date
    by: PersonId


@event("talk_summoned.2")
class TalkSummoned2:
    """`person` is of `unit`. `reference` is the number of the order. `ladder`, `colour` and `due_on` name the notice
    (催办) it follows, if it follows one."""

    unit: UnitId
    person: PersonId
    commitment: CommitmentId | None
    conclusion: ConclusionId | None
    ladder: UrgeLadderId | None
    colour: Colour | None
    due_on: date | None
    reference: str
    reason: str
    planned_on: date
    summoned_on: date
    by: PersonId


@event("talk_held.1")
class TalkHeld:
    """`minutes` and `undertakings` are official words without personal data."""

    held_on: date
    minutes: str
    undertakings: str
    by: PersonId


@event("talk_called_off.1")
class TalkCalledOff:
    reason: str
    by: PersonId


TalkEvent: TypeAlias = TalkSummoned | TalkSummoned2 | TalkHeld | TalkCalledOff


class TalkStage(StrEnum):
    SUMMONED = "summoned"
    HELD = "held"
    CALLED_OFF = "called_off"


TURNS = {
    TalkStage.SUMMONED: ("record_talk", "call_off_talk"),
    TalkStage.HELD: (),
    TalkStage.CALLED_OFF: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Correctable):
    stage: TalkStage
    responsible: UnitId
    summoned_on: date
    claims: tuple[str, ...] = ()
    """A notice leads to one talk, unless that is called off."""


@evolves(TalkEvent, named=TalkId)
def evolve(state: Talk | None, happened: TalkEvent) -> Talk:
    match happened:
        case TalkSummoned():
            return Talk(stage=TalkStage.SUMMONED, responsible=happened.unit, summoned_on=happened.summoned_on)
        case TalkSummoned2(ladder=ladder, colour=colour, due_on=due_on):
            return Talk(
                stage=TalkStage.SUMMONED,
                responsible=happened.unit,
                summoned_on=happened.summoned_on,
                claims=() if colour is None else (f"talk {ladder} {due_on} {colour.value}",),
            )
        case TalkHeld():
            assert state is not None
            return replace(state, stage=TalkStage.HELD)
        case TalkCalledOff():
            assert state is not None
            return replace(state, stage=TalkStage.CALLED_OFF, claims=())
        case _:
            assert_never(happened)


@related(of=Talk)
def _related(state: Talk) -> Related:
    return {Relation.INSPECTED_UNIT: (state.responsible,)}


@command(of=Talk, by=(Role.LEADER,), creates=True)
class SummonToTalk:
    """Calls a person of a unit in, over a commitment or a conclusion of that unit. `reference` is the number of the
    order. `ladder` is that of the commitment, when the talk follows a notice that provides for one (红色催办); the
    matter must still be overdue, and a notice leads to one talk."""

    unit: UnitId
    person: PersonId
    reference: str
    reason: str
    planned_on: date
    commitment: CommitmentId | None = None
    conclusion: ConclusionId | None = None
    ladder: UrgeLadderId | None = None

    def decide(self, state: None, ctx: Context) -> list[TalkEvent]:
        if ctx.look(self.person).unit != self.unit:
            raise Refusal(
                "person_of_other_unit",
                "约谈对象不属于该单位",
                "that person does not belong to the unit",
                field="person",
            )
        self._about(ctx)
        notice = None if self.ladder is None else self._notice(ctx.look(self.ladder), ctx)
        return [
            TalkSummoned2(
                unit=self.unit,
                person=self.person,
                commitment=self.commitment,
                conclusion=self.conclusion,
                ladder=self.ladder,
                colour=None if notice is None else notice.colour,
                due_on=None if notice is None else notice.due_on,
                reference=line(self.reference, "reference"),
                reason=text(self.reason, "reason"),
                planned_on=ahead(self.planned_on, "planned_on", ctx),
                summoned_on=ctx.today,
                by=ctx.actor.person,
            )
        ]

    def _about(self, ctx: Context) -> None:
        if self.commitment is None and self.conclusion is None:
            raise Refusal(
                "nothing_named", "须填承诺或督查结论", "name a commitment or a conclusion", field="commitment"
            )
        for field, matter in (("commitment", self.commitment), ("conclusion", self.conclusion)):
            if matter is not None and ctx.look(matter).responsible != self.unit:
                raise Refusal(
                    "matter_of_other_unit",
                    "该事项不由该单位负责",
                    "the unit is not responsible for that",
                    field=field,
                )

    def _notice(self, ladder: Ladder, ctx: Context) -> Record:
        """The notice the talk follows."""
        if self.commitment is None or ladder.commitment != self.commitment:
            raise Refusal(
                "ladder_of_other_matter",
                "该催办不是这项承诺的",
                "that ladder is not of the commitment named",
                field="ladder",
            )
        matter: Commitment = ctx.look(self.commitment)
        due_on = clock_due(matter, ctx.today, ctx.calendar)
        for one in ladder.records:
            if one.due_on == due_on and one.mark is Mark.SENT and one.talk and not one.talk_ordered:
                return one
        raise Refusal(
            "no_notice_for_talk",
            "该承诺现行期限没有可据以约谈的有效催办",
            "no standing notice of the date the clock runs towards provides for a talk",
            kind=Kind.OUT_OF_TURN,
            field="ladder",
            state=matter.stage.value,
            allowed=COMMITTED[matter.stage],
        )


@command(of=Talk, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.INSPECTED_UNIT,))
class RecordTalk:
    """The talk took place; what the unit undertook stands in `undertakings`."""

    held_on: date
    minutes: str
    undertakings: str

    def decide(self, state: Talk, ctx: Context) -> list[TalkEvent]:
        in_turn(state.stage, "record_talk", TURNS)
        return [
            TalkHeld(
                held_on=happened_on(self.held_on, "held_on", ctx, since=state.summoned_on),
                minutes=text(self.minutes, "minutes"),
                undertakings=text(self.undertakings, "undertakings"),
                by=ctx.actor.person,
            )
        ]


@command(of=Talk, by=(Role.LEADER,), not_by=(Relation.INSPECTED_UNIT,))
class CallOffTalk:
    """The talk is not held."""

    reason: str

    def decide(self, state: Talk, ctx: Context) -> list[TalkEvent]:
        in_turn(state.stage, "call_off_talk", TURNS)
        return [TalkCalledOff(reason=text(self.reason, "reason"), by=ctx.actor.person)]
