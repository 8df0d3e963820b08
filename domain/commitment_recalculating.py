"""A due date counted anew when the calendar it was counted over is announced or amended. What is past stays."""

from domain.actor import Role
from domain.calendar_year import CalendarYear, CalendarYearId
from domain.command import Context, command
from domain.commitment import TURNS, Commitment
from domain.commitment_events import CommitmentEvent, DueRecalculated
from domain.commitment_guards import barred
from domain.guards import in_turn


@command(of=Commitment, by=(Role.SUPERVISOR, Role.DISPATCHER, Role.URGER))
class RecalculateDue:
    """Counts a due date anew by the calendar in force, on the notice of the year `notice`: one that a pause had moved,
    on or before its day, and never to a day that is past. A date that was chosen is not moved; one that stays the same
    is refused with `unchanged`."""

    notice: CalendarYearId

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "recalculate_due", TURNS)
        if state.counted_to is None:
            raise barred(
                state, "recalculate_due", "due_chosen", "期限为指定日期，不重算", "the due date was chosen, not counted"
            )
        due_on = ctx.calendar.roll(state.counted_to)
        if ctx.today > min(state.due_on, due_on):
            raise barred(state, "recalculate_due", "due_past", "期限已过，不再重算", "the due date is past and stays")
        provisional = not ctx.calendar.is_announced(due_on)
        if (due_on, provisional) == (state.due_on, state.provisional):
            return []
        year: CalendarYear = ctx.look(self.notice)
        return [DueRecalculated(due_on=due_on, provisional=provisional, number=year.number)]
