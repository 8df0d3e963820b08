"""Summons for talk (约谈): on a leader's order someone responsible in a unit is called in; what was said and promised
is recorded."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn
from domain.ids import CommitmentId, ConclusionId, PersonId, TalkId, UnitId
from domain.refusal import Refusal
from domain.supervision_guards import ahead
from domain.text import line, text
from domain.two_hands import Related, Relation, related


@event("talk_summoned.1")
class TalkSummoned:
    """`person` is of `unit`. `reference` is the number of the order."""

    unit: UnitId
    person: PersonId
    commitment: CommitmentId | None
    conclusion: ConclusionId | None
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


TalkEvent: TypeAlias = TalkSummoned | TalkHeld | TalkCalledOff


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


@evolves(TalkEvent, named=TalkId)
def evolve(state: Talk | None, happened: TalkEvent) -> Talk:
    match happened:
        case TalkSummoned():
            return Talk(stage=TalkStage.SUMMONED, responsible=happened.unit, summoned_on=happened.summoned_on)
        case TalkHeld():
            assert state is not None
            return replace(state, stage=TalkStage.HELD)
        case TalkCalledOff():
            assert state is not None
            return replace(state, stage=TalkStage.CALLED_OFF)
        case _:
            assert_never(happened)


@related(of=Talk)
def _related(state: Talk) -> Related:
    return {Relation.INSPECTED_UNIT: (state.responsible,)}


@command(of=Talk, by=(Role.LEADER,), creates=True)
class SummonToTalk:
    """Calls a person of a unit in, over a commitment or a conclusion of that unit. `reference` is the number of the
    order."""

    unit: UnitId
    person: PersonId
    reference: str
    reason: str
    planned_on: date
    commitment: CommitmentId | None = None
    conclusion: ConclusionId | None = None

    def decide(self, state: None, ctx: Context) -> list[TalkEvent]:
        if ctx.look(self.person).unit != self.unit:
            raise Refusal(
                "person_of_other_unit",
                "约谈对象不属于该单位",
                "that person does not belong to the unit",
                field="person",
            )
        self._about(ctx)
        return [
            TalkSummoned(
                unit=self.unit,
                person=self.person,
                commitment=self.commitment,
                conclusion=self.conclusion,
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
