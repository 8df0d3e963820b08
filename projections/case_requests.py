"""Requests (诉求) as a list shows them. The unit is the one the request was handed to; before that, and after a return,
its first receiver; while it is linked to another, nobody. What a unit claims is the outcome, that
it is so a mark."""

from typing import assert_never

from domain import request_events as events
from domain.request import RequestStage
from projections.bitemporal import VersionRow
from projections.case_rows import (
    CHANNEL,
    MARKS,
    NOBODY,
    OUTCOME,
    RECEIVER,
    SORT,
    STAGE,
    UNIT,
    CaseKind,
    Mark,
    begin,
    move,
    wind,
)
from projections.keys import key_of

_CONFIRMED, _ESCALATED = int(Mark.CONFIRMED), int(Mark.ESCALATED)


def fold(row: VersionRow, happened: events.RequestEvent) -> None:  # noqa: C901, PLR0912 - one case an event
    match happened:
        case events.RequestRaised():
            begin(row, CaseKind.REQUEST, RequestStage.RAISED, happened.title, happened.first_receiver)
            wind(row, happened.dispatch_by)
            row[SORT], row[CHANNEL], row[RECEIVER] = happened.kind.value, happened.way.value, row[UNIT]
        case events.RequestTakenOn() | events.RequestAcknowledged():
            row[UNIT] = key_of(happened.unit)
            move(row, RequestStage.IN_HAND, happened.answer_by)
        case events.RequestDispatched() | events.RequestReassigned():
            row[UNIT] = key_of(happened.unit)
            move(row, RequestStage.DISPATCHED, happened.acknowledge_by)
        case events.RequestReturnAsked():
            # Asking stops no clock.
            row[STAGE] = RequestStage.RETURN_ASKED.value
        case events.RequestReturnAccepted():
            row[UNIT] = row[RECEIVER]
            move(row, RequestStage.RAISED, happened.dispatch_by)
        case events.RequestReturnRefused():
            row[UNIT] = key_of(happened.unit)
            move(row, RequestStage.DISPATCHED, happened.acknowledge_by)
        case events.RequestLinked():
            row[UNIT] = NOBODY
            move(row, RequestStage.LINKED)
        case events.RequestUnlinked():
            row[UNIT] = row[RECEIVER]
            move(row, RequestStage.RAISED, happened.dispatch_by)
        case events.RequestPromised():
            move(row, RequestStage.PROMISED, happened.due_on)
        case events.RequestAnswered():
            row[UNIT] = key_of(happened.unit)
            row[OUTCOME] = happened.resolution.value
            move(row, RequestStage.ANSWERED)
        case events.RequestRedoOrdered():
            row[OUTCOME] = None
            move(row, RequestStage.IN_HAND, happened.answer_by)
        case events.RequestEscalated():
            row[MARKS] |= _ESCALATED
        case events.RequestClosed():
            row[OUTCOME] = happened.resolution.value
            row[MARKS] = row[MARKS] | _CONFIRMED if happened.confirmed else row[MARKS] & ~_CONFIRMED
            move(row, RequestStage.CLOSED)
        case events.RequestWithdrawn():
            move(row, RequestStage.WITHDRAWN)
        case events.RequestCalledBack() | events.RequestChecked():
            pass
        case _:
            assert_never(happened)
