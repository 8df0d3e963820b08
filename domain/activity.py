"""Joint activities (共建活动) held under a pairing."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import happened_on, in_turn, own_unit
from domain.ids import ActivityId, PairingId, PartnerId, PersonId, UnitId
from domain.pairing import pairing_on
from domain.partner import PartnerKind
from domain.public_text import public_line, public_words
from domain.service import Aid, Recurrence
from domain.text import positive
from domain.two_hands import Related, Relation, related


class ActivityKind(StrEnum):
    PARTY_BUILDING = "party_building"  # 党建联建
    VOLUNTEERING = "volunteering"  # 志愿服务
    CULTURE = "culture"  # 文化体育
    TRAINING = "training"  # 培训讲座
    COUNSEL = "counsel"  # 政策法律咨询
    AID = "aid"  # 走访慰问


@event("activity_held.1")
class ActivityHeld:
    """`unit`, `partner` and its kind are the pairing's. `participants` is everyone who took part; `title` holds no
    personal data."""

    pairing: PairingId
    unit: UnitId
    partner: PartnerId
    partner_kind: PartnerKind
    held_on: date
    title: str
    kind: ActivityKind
    recurrence: Recurrence
    aid: Aid
    participants: int
    by: PersonId


@event("activity_withdrawn.1")
class ActivityWithdrawn:
    """It was not held or was entered twice: it counts no longer. By a second person."""

    reason: str
    by: PersonId


ActivityEvent: TypeAlias = ActivityHeld | ActivityWithdrawn


class ActivityStage(StrEnum):
    HELD = "held"
    WITHDRAWN = "withdrawn"


TURNS = {ActivityStage.HELD: ("withdraw_activity",), ActivityStage.WITHDRAWN: ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Correctable):
    stage: ActivityStage
    unit: UnitId
    by: PersonId


@evolves(ActivityEvent, named=ActivityId)
def evolve(state: Activity | None, happened: ActivityEvent) -> Activity:
    match happened:
        case ActivityHeld():
            return Activity(stage=ActivityStage.HELD, unit=happened.unit, by=happened.by)
        case ActivityWithdrawn():
            assert state is not None
            return replace(state, stage=ActivityStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Activity)
def _related(state: Activity) -> Related:
    return {Relation.RECORDER: (state.by,)}


@command(of=Activity, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), creates=True)
class HoldActivity:
    """Records an activity the own unit held with a partner while they were paired."""

    pairing: PairingId
    held_on: date
    title: str
    kind: ActivityKind
    recurrence: Recurrence
    aid: Aid
    participants: int

    def decide(self, state: None, ctx: Context) -> list[ActivityEvent]:
        own_unit(ctx.look(self.pairing).unit, ctx, field="pairing")
        held_on = happened_on(self.held_on, "held_on", ctx)
        pairing = pairing_on(self.pairing, held_on, ctx, "held_on")
        return [
            ActivityHeld(
                pairing=self.pairing,
                unit=pairing.unit,
                partner=pairing.partner,
                partner_kind=pairing.partner_kind,
                held_on=held_on,
                title=public_line(self.title, "title"),
                kind=self.kind,
                recurrence=self.recurrence,
                aid=self.aid,
                participants=positive(self.participants, "participants"),
                by=ctx.actor.person,
            )
        ]


@command(of=Activity, by=(Role.UNIT_HEAD, Role.SUPERVISOR), not_by=(Relation.RECORDER,))
class WithdrawActivity:
    """Takes back an activity; not by the person who recorded it."""

    reason: str

    def decide(self, state: Activity, ctx: Context) -> list[ActivityEvent]:
        own_unit(state.unit, ctx, unless=frozenset({Role.SUPERVISOR}))
        in_turn(state.stage, "withdraw_activity", TURNS)
        return [ActivityWithdrawn(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
