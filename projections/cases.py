"""What the lists of cases (办件) know: requests, matters of supervision, rounds of appraisal, publications, ratings.
Each has a stage, most a unit, a title and, while a clock runs, an instant at which it ends.

As with commitments the fold takes events in any order and never refuses.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias, get_args

from domain import request_events
from domain.appraisal_events import AppraisalEvent, AppraisalOpened
from domain.circular import CircularEvent
from domain.conclusion_events import ConclusionEvent
from domain.inspection_events import InspectionEvent
from domain.listing import ListingEvent
from domain.publication import PublicationEvent, PublicationIssued
from domain.rating_events import RatingEvent, RatingReceived
from domain.recounting import DeadlineRecalculated
from domain.rectification import RectificationEvent
from domain.request_events import RequestEvent
from domain.talk import TalkEvent
from projections import case_publicity, case_ratings, case_requests, case_supervision
from projections.bitemporal import Thing, VersionRow
from projections.case_rows import BLANK, KIND, MARKS, Begun, rewind
from projections.keys import key_of

CaseEvent: TypeAlias = (
    RequestEvent
    | InspectionEvent
    | ConclusionEvent
    | RectificationEvent
    | ListingEvent
    | TalkEvent
    | CircularEvent
    | AppraisalEvent
    | PublicationEvent
    | RatingEvent
    | DeadlineRecalculated
)
FOLDS: Final[dict[type[Any], Callable[[VersionRow, Any], None]]] = {
    **dict.fromkeys(get_args(RequestEvent), case_requests.fold),
    **dict.fromkeys(get_args(InspectionEvent), case_supervision.inspection),
    **dict.fromkeys(get_args(ConclusionEvent), case_supervision.conclusion),
    **dict.fromkeys(get_args(RectificationEvent | ListingEvent | TalkEvent), case_supervision.consequence),
    **dict.fromkeys(get_args(CircularEvent), case_supervision.circulated),
    **dict.fromkeys(get_args(AppraisalEvent), case_publicity.appraisal),
    **dict.fromkeys(get_args(PublicationEvent), case_publicity.published),
    **dict.fromkeys(get_args(RatingEvent), case_ratings.fold),
    DeadlineRecalculated: rewind,
}


def fold(row: VersionRow, happened: CaseEvent, _day: int) -> None:
    FOLDS[type(happened)](row, happened)


THING: Final = Thing(blank=BLANK, fold=fold, born=lambda row: row[KIND] != "", marks=MARKS)


def begun(stream: bytes, position: int, happened: Any) -> tuple[list[Any], list[list[Any]]]:
    """The row of `tables.CASE` and the rows of `tables.CASE_UNIT`."""
    one = _begun(happened)
    row = [stream, position, None if one.about is None else key_of(one.about)]
    return row, [[key_of(unit), stream] for unit in dict.fromkeys(one.units)]


def _begun(happened: Any) -> Begun:
    if isinstance(happened, request_events.RequestRaised):
        return Begun()
    if isinstance(happened, RatingReceived):
        return case_ratings.begun(happened)
    if isinstance(happened, AppraisalOpened | PublicationIssued):
        return case_publicity.begun(happened)
    return case_supervision.begun(happened)
