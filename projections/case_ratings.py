"""Ratings (好差评) as a list shows them: the grade, how it came in, and while the unit has to put it right, by when. An
appeal stops no clock."""

from typing import assert_never

from domain import rating_events as events
from domain.rating import RatingStage
from projections.bitemporal import VersionRow
from projections.case_rows import CHANNEL, MARKS, OUTCOME, SORT, STAGE, Begun, CaseKind, Mark, begin, move

_CONFIRMED, _ESCALATED = int(Mark.CONFIRMED), int(Mark.ESCALATED)


def fold(row: VersionRow, happened: events.RatingEvent) -> None:
    match happened:
        case events.RatingReceived():
            stage = RatingStage.RECEIVED if happened.grade in events.BAD else RatingStage.GOOD
            begin(row, CaseKind.RATING, stage, happened.service, happened.unit, happened.rectify_by)
            row[SORT], row[CHANNEL] = happened.grade.value, happened.way.value
        case events.RatingChecked() | events.RatingAppealRefused():
            row[STAGE] = RatingStage.CHECKED.value
        case events.RatingAppealed():
            row[STAGE] = RatingStage.APPEALED.value
        case events.RatingExcluded():
            row[OUTCOME] = happened.ground.value
            move(row, RatingStage.EXCLUDED)
        case events.RatingRectified():
            move(row, RatingStage.RECTIFIED)
        case events.RatingRedoOrdered():
            move(row, RatingStage.CHECKED, happened.rectify_by)
        case events.RatingEscalated():
            row[MARKS] |= _ESCALATED
        case events.RatingClosed():
            row[MARKS] = row[MARKS] | _CONFIRMED if happened.accepted else row[MARKS] & ~_CONFIRMED
            move(row, RatingStage.CLOSED)
        case events.RaterCalledBack():
            pass
        case _:
            assert_never(happened)


def begun(happened: events.RatingReceived) -> Begun:
    return Begun(about=happened.request or happened.commitment)
