"""Climbing the ladder: open it, record a rung on its day or as missed, withdraw one. The talk that
may follow a red one is in `domain.talk`."""

from datetime import date, timedelta

from domain.actor import Role
from domain.calendar import Calendar
from domain.command import Context, command
from domain.commitment import Commitment, Stage
from domain.ids import CommitmentId
from domain.refusal import Kind, Refusal
from domain.rules import Rules
from domain.urge import (
    Ladder,
    LadderOpened,
    Mark,
    Overtaken,
    Record,
    UrgeEvent,
    UrgeMissed,
    UrgeSent,
    UrgeWithdrawn,
)
from domain.urge_rungs import Colour, Rung, rung_day

RUNNING = frozenset({Stage.REGISTERED, Stage.ASSIGNED, Stage.RETURN_ASKED, Stage.IN_PROGRESS})
"""The clock of the due date runs; it stops with the report of fulfilment."""


def clock_due(state: Commitment, today: date, calendar: Calendar) -> date | None:
    """The due date towards which the clock runs today; None while it stands. After the last day of a pause that nobody
    ended it runs again, towards the date a resumption would set."""
    if state.paused_since is not None and state.paused_until is not None:
        if today <= state.paused_until:
            return None
        paused = (state.paused_until - state.paused_since).days
        return calendar.roll(state.due_on + timedelta(days=paused)) if paused else state.due_on
    return state.due_on if state.stage in RUNNING else None


def _rung(colour: Colour, rules: Rules) -> Rung:
    for rung in rules.rungs:
        if rung.colour is colour:
            return rung
    raise Refusal("no_such_rung", "现行规则没有这一级催办", "the rules in force have no such rung", field="colour")


@command(of=Ladder, by=(Role.URGER,), creates=True)
class OpenLadder:
    """Begins the ladder of a commitment; there is one each."""

    commitment: CommitmentId

    def decide(self, state: None, ctx: Context) -> list[UrgeEvent]:
        return [LadderOpened(commitment=self.commitment)]


@command(of=Ladder, by=(Role.URGER,))
class RecordRung:
    """Records one rung of a due date, once: on its day as sent, while the clock runs towards that date; after its day
    as missed. A ladder is climbed by the limits in force on its due date, from the first rung to the last."""

    colour: Colour
    due_on: date

    def decide(self, state: Ladder, ctx: Context) -> list[UrgeEvent]:
        rules = ctx.editions.at(self.due_on)
        rung = _rung(self.colour, rules)
        if state.record(self.colour, self.due_on) is not None:
            raise Refusal(
                "rung_recorded",
                "该期限的这一级催办已有记录",
                "this rung of that due date is recorded already",
                kind=Kind.CONFLICT,
                allowed=("withdraw_rung",),
            )
        day = rung_day(rung, self.due_on, ctx.calendar)
        commitment: Commitment = ctx.look(state.commitment)
        if day > ctx.today:
            raise Refusal(
                "rung_not_due",
                f"这一级催办到{day.isoformat()}才到期",
                f"this rung falls on {day.isoformat()}",
                kind=Kind.OUT_OF_TURN,
                field="colour",
                state=commitment.stage.value,
                allowed=_standing_rungs(state),
            )
        provisional = not ctx.calendar.is_announced(max(day, self.due_on))
        if day < ctx.today:
            return [
                UrgeMissed(
                    colour=self.colour,
                    due_on=self.due_on,
                    day=day,
                    edition=rules.version,
                    provisional=provisional,
                )
            ]
        if clock_due(commitment, ctx.today, ctx.calendar) != self.due_on:
            raise Refusal(
                "clock_stands",
                "该事项现不按此期限计时，不予催办",
                "the clock does not run towards that date now",
                kind=Kind.OUT_OF_TURN,
                field="due_on",
                state=commitment.stage.value,
                allowed=_standing_rungs(state),
            )
        return [
            UrgeSent(
                colour=self.colour,
                due_on=self.due_on,
                day=day,
                unit=commitment.responsible,
                form=rung.form,
                copied_to=rung.copied_to,
                talk=rung.talk,
                edition=rules.version,
                provisional=provisional,
            )
        ]


def _standing_rungs(state: Ladder) -> tuple[str, ...]:
    """What can be done with the rungs recorded so far."""
    return ("withdraw_rung",) if any(one.mark is not Mark.WITHDRAWN for one in state.records) else ()


def _standing(state: Ladder, colour: Colour, due_on: date, *marks: Mark) -> Record:
    record = state.record(colour, due_on)
    if record is None or record.mark not in marks:
        raise Refusal(
            "rung_not_standing",
            "该期限没有这一级有效的催办记录",
            "no such rung of that due date stands",
            kind=Kind.OUT_OF_TURN,
            field="colour",
            state="not_recorded" if record is None else record.mark.value,
            allowed=("record_rung",),
        )
    return record


@command(of=Ladder, by=(Role.URGER,))
class WithdrawRung:
    """Takes back a rung that was overtaken by what happened before its day and was recorded after. Both stay
    visible, and the rung is not recorded again."""

    colour: Colour
    due_on: date
    cause: Overtaken
    occurred_on: date

    def decide(self, state: Ladder, ctx: Context) -> list[UrgeEvent]:
        record = _standing(state, self.colour, self.due_on, Mark.SENT, Mark.MISSED)
        if self.occurred_on >= record.day:
            raise Refusal(
                "not_overtaken",
                "所述情况须发生在催办日之前",
                "only what happened before the day of the notice overtakes it",
                field="occurred_on",
            )
        return [
            UrgeWithdrawn(
                colour=self.colour,
                due_on=self.due_on,
                day=record.day,
                cause=self.cause,
                occurred_on=self.occurred_on,
            )
        ]
