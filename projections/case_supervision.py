"""Matters of supervision (督查) as a list shows them. `due`: of an inspection its last day, of a delivered conclusion
the end of the unit's time to object, of an objection the end of the review, of a talk its day."""

from typing import TypeAlias, assert_never

from domain import circular, conclusion_events, inspection_events, listing, rectification, talk
from domain.circular import CircularStage
from domain.conclusion import ConclusionStage
from domain.inspection import InspectionStage
from domain.listing import ListingStage
from domain.rectification import RectificationStage
from domain.talk import TalkStage
from projections.bitemporal import VersionRow
from projections.case_rows import OUTCOME, SORT, STAGE, TITLE, Begun, CaseKind, begin, move

ConsequenceEvent: TypeAlias = rectification.RectificationEvent | listing.ListingEvent | talk.TalkEvent
Opening: TypeAlias = (
    inspection_events.InspectionPlanned
    | conclusion_events.ConclusionIssued
    | rectification.RectificationOrdered
    | listing.MatterListed
    | talk.TalkSummoned
    | talk.TalkSummoned2
    | circular.CircularDrafted
)


def inspection(row: VersionRow, happened: inspection_events.InspectionEvent) -> None:
    match happened:
        case inspection_events.InspectionPlanned():
            begin(row, CaseKind.INSPECTION, InspectionStage.PLANNED, happened.title, None, happened.ends_on)
            row[SORT] = happened.mandate.value
        case inspection_events.InspectionAmended():
            row[TITLE] = happened.title
            move(row, InspectionStage.PLANNED, happened.ends_on)
        case inspection_events.InspectionApproved():
            row[STAGE] = InspectionStage.APPROVED.value
        case inspection_events.InspectionRefused():
            move(row, InspectionStage.REFUSED)
        case inspection_events.InspectionClosed():
            move(row, InspectionStage.CLOSED)
        case inspection_events.InspectionCancelled():
            move(row, InspectionStage.CANCELLED)
        case (
            inspection_events.SecondInspectionAdmitted()
            | inspection_events.InspectionNoticeGiven()
            | inspection_events.SelfCheckSubmitted()
            | inspection_events.InspectionVisitRecorded()
        ):
            pass
        case _:
            assert_never(happened)


def conclusion(row: VersionRow, happened: conclusion_events.ConclusionEvent) -> None:
    match happened:
        case conclusion_events.ConclusionIssued():
            begin(row, CaseKind.CONCLUSION, ConclusionStage.ISSUED, "", happened.unit)
            row[OUTCOME] = happened.wording.verdict.value
        case conclusion_events.ConclusionDelivered():
            move(row, ConclusionStage.DELIVERED, happened.object_by)
        case conclusion_events.ConclusionObjected():
            move(row, ConclusionStage.OBJECTED, happened.decide_by)
        case conclusion_events.ConclusionUpheld():
            move(row, ConclusionStage.UPHELD)
        case conclusion_events.ConclusionAmended():
            row[OUTCOME] = happened.wording.verdict.value
            move(row, ConclusionStage.AMENDED)
        case conclusion_events.ConclusionRevoked():
            move(row, ConclusionStage.REVOKED)
        case conclusion_events.ReviewerRecused() | conclusion_events.ResultUsed():
            pass
        case _:
            assert_never(happened)


def consequence(row: VersionRow, happened: ConsequenceEvent) -> None:  # noqa: C901 - one case an event
    match happened:
        case rectification.RectificationOrdered():
            ordered = RectificationStage.ORDERED
            begin(row, CaseKind.RECTIFICATION, ordered, happened.wording, happened.unit, happened.due_on)
        case rectification.RectificationSubmitted():
            move(row, RectificationStage.SUBMITTED)
        case rectification.RectificationVerified():
            move(row, RectificationStage.VERIFIED)
        case rectification.RectificationRejected():
            move(row, RectificationStage.ORDERED, happened.due_on)
        case rectification.RectificationWithdrawn():
            move(row, RectificationStage.WITHDRAWN)
        case listing.MatterListed():
            begin(row, CaseKind.LISTING, ListingStage.LISTED, happened.reference, happened.unit, happened.due_on)
            row[SORT] = "rectification" if happened.commitment is None else "commitment"
        case listing.ListingLifted():
            move(row, ListingStage.LIFTED)
        case listing.ListingWithdrawn():
            move(row, ListingStage.WITHDRAWN)
        case talk.TalkSummoned2() | talk.TalkSummoned():
            begin(row, CaseKind.TALK, TalkStage.SUMMONED, happened.reference, happened.unit, happened.planned_on)
        case talk.TalkHeld():
            move(row, TalkStage.HELD)
        case talk.TalkCalledOff():
            move(row, TalkStage.CALLED_OFF)
        case _:
            assert_never(happened)


def circulated(row: VersionRow, happened: circular.CircularEvent) -> None:
    match happened:
        case circular.CircularDrafted():
            begin(row, CaseKind.CIRCULAR, CircularStage.DRAFTED, happened.title)
            row[SORT] = happened.tone.value
        case circular.CircularIssued():
            move(row, CircularStage.ISSUED)
        case circular.CircularWithdrawn():
            move(row, CircularStage.WITHDRAWN)
        case _:
            assert_never(happened)


def begun(happened: Opening) -> Begun:
    match happened:
        case inspection_events.InspectionPlanned() | circular.CircularDrafted():
            return Begun(units=happened.units)
        case conclusion_events.ConclusionIssued():
            return Begun(about=happened.inspection)
        case rectification.RectificationOrdered():
            return Begun(about=happened.conclusion)
        case listing.MatterListed():
            return Begun(about=happened.commitment or happened.rectification)
        case talk.TalkSummoned2() | talk.TalkSummoned():
            return Begun(about=happened.commitment or happened.conclusion)
        case _:
            assert_never(happened)
