"""Ratings (好差评) as signed facts: what a rating counts for, on the day it was received.

Excluded, it leaves every rate and counts as excluded instead. Whether it was put right in time is judged by the first
limit, by when the claim that was accepted was filed; a claim that nobody accepted counts for nothing, and no call-back
makes a dissatisfied rater a satisfied one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias, assert_never

from domain import rating_events as events
from domain.appraisal_form import Grade
from domain.recounting import DeadlineRecalculated
from domain.request_events import Protection
from projections.days import civil_date
from projections.record_kinds import Came, Counts, RecordKind, counted

Rating: TypeAlias = events.RatingEvent | DeadlineRecalculated

SILENT: Final = (
    events.RatingChecked,
    events.RatingAppealed,
    events.RatingAppealRefused,
    events.RatingRedoOrdered,
    events.RatingEscalated,
)
"""Events that change no fact."""
TOP: Final = frozenset({Grade.VERY_SATISFIED, Grade.SATISFIED})


@dataclass(slots=True)
class Rated:
    """What is known of a rating while its events are folded."""

    received: events.RatingReceived | None = None
    base: Counts | None = None
    excluded: bool = False
    filed_at: datetime | None = None
    """Of the latest claim."""
    called_back: bool = False
    accepted: bool = False

    def holds(self) -> Iterable[Counts]:
        if self.base is not None:
            for kind in self._kinds():
                yield self.base._replace(kind=kind.value)

    def _kinds(self) -> Iterable[RecordKind]:
        one = self.received
        assert one is not None
        named = one.protection is not Protection.ANONYMOUS
        if self.excluded:
            yield RecordKind.RATING_EXCLUDED
            if named:
                yield RecordKind.RATING_NAMED_EXCLUDED
            return
        yield RecordKind.RATING
        if one.rectify_by is None:
            yield RecordKind.RATING_SATISFIED
            if one.grade in TOP:
                yield RecordKind.RATING_TOP
            return
        yield RecordKind.RATING_BAD
        if self.accepted and self.filed_at is not None and self.filed_at < one.rectify_by.due:
            yield RecordKind.RATING_RECTIFIED
        if named:
            yield RecordKind.RATING_NAMED_BAD
            if self.called_back:
                yield RecordKind.RATING_CALLED_BACK


def fold(rated: Rated, came: Came) -> None:
    one: Rating = came.event
    match one:
        case events.RatingReceived():
            rated.received = one
            rated.base = counted(came, RecordKind.RATING, civil_date(came.at), one.unit, None)
        case DeadlineRecalculated():
            # The figure is judged by the first limit.
            received = rated.received
            was = None if received is None else received.rectify_by
            if received is not None and was is not None and was.start == one.deadline.start:
                rated.received = replace(received, rectify_by=one.deadline)
        case events.RatingExcluded():
            rated.excluded = True
        case events.RatingRectified():
            rated.filed_at = one.filed_at if rated.filed_at is None else max(rated.filed_at, one.filed_at)
        case events.RaterCalledBack():
            rated.called_back = True
        case events.RatingClosed():
            rated.accepted = one.accepted
        case (
            events.RatingChecked()
            | events.RatingAppealed()
            | events.RatingAppealRefused()
            | events.RatingRedoOrdered()
            | events.RatingEscalated()
        ):
            pass
        case _:
            assert_never(one)
