"""One rating as it stood at (P, D), folded from its stream: the ledger itself is the view."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from domain.deadline import Deadline
from domain.rating import RatingStage, evolve
from domain.rating_events import RatingEvent, RatingReceived, RatingRedoOrdered
from domain.recounting import DeadlineRecalculated
from domain.refusal import Kind, Refusal
from ledger.codec import key_of, name_of
from ledger.contract import Reader
from projections.answers import HistoryEntry
from projections.asof import AsOf
from projections.days import MICROSECOND, ZONE
from projections.deadlines import Clock, EditionNamed, clock
from projections.history import Told, entry, stream_at
from projections.sentences import Sentence
from projections.sentences_anywhere import ANYWHERE
from projections.sentences_ratings import sentence

RECTIFY: Final = "rating_rectify_working_days"
RATING: Final = frozenset(get_args(RatingEvent))
WAITING: Final = frozenset({RatingStage.RECEIVED, RatingStage.CHECKED, RatingStage.APPEALED})
"""The unit has still to put it right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingShown:
    id: str
    grade: str
    way: str
    protection: str
    stage: str
    unit: str
    unit_title: str
    commitment: str | None
    request: str | None
    service: str
    redos: int
    escalated: bool
    overdue: bool
    """On D its present limit has passed, and the unit has not said that it is put right."""
    limits: tuple[Clock, ...]
    """Of the rectification: the first, then one for each redo, and each as counted anew. The figure is judged by the
    first."""
    version: int
    """Of the stream at P, for If-Match."""
    entries: tuple[HistoryEntry, ...]
    """In order of occurrence."""


def rating_at(reader: Reader, rating: str, at: AsOf, title: Callable[[str], str], edition: EditionNamed) -> RatingShown:
    """`title` names units and persons at (P, D). Refuses with `unknown_rating` what did not exist at (P, D). One whose
    entry was retracted is shown as it was entered, as withdrawn. Its steps are taken in the order they were
    recorded, for each rests on the one before."""
    try:
        key = key_of(rating)
    except ValueError:
        raise Refusal("id_malformed", "编号格式不对", "this is no id", field="id") from None
    told = stream_at(reader, key, at)
    recorded = sorted((one for one in told if type(one.recorded.event) in RATING), key=lambda one: one.recorded.version)
    if not recorded or not isinstance(recorded[0].recorded.event, RatingReceived):
        raise Refusal(
            "unknown_rating",
            "当时没有这条评价",
            "there was no such rating at that moment",
            kind=Kind.NOT_FOUND,
            field="id",
        )
    received, *later = (one.now or one.recorded.event for one in recorded)
    state = evolve(None, received)
    for event in later:
        state = evolve(state, event)
    limits = tuple(_limits(sorted(told, key=lambda one: one.recorded.version)))
    gone = recorded[0].now is None
    stage = RatingStage.WITHDRAWN if gone else state.stage

    def say(event: Any) -> Sentence:
        return ANYWHERE[type(event)](event) if type(event) in ANYWHERE else sentence(event, title)

    return RatingShown(
        id=name_of(key),
        grade=received.grade.value,
        way=received.way.value,
        protection=received.protection.value,
        stage=stage.value,
        unit=received.unit,
        unit_title=title(received.unit),
        commitment=received.commitment,
        request=received.request,
        service=received.service,
        redos=state.redos,
        escalated=state.escalated,
        overdue=stage in WAITING and last_day(limits[-1]) < at.on,
        limits=tuple(clock(limit, edition) for limit in limits),
        version=len(reader.stream(key, upto=at.position)),
        entries=tuple(entry(one, say, title) for one in told),
    )


def last_day(deadline: Deadline) -> date:
    """The last civil day of a limit that ends with a day."""
    return (deadline.due - MICROSECOND).astimezone(ZONE).date()


def _limits(told: Iterable[Told]) -> Iterator[Deadline]:
    for one in told:
        match one.recorded.event:
            case RatingReceived(rectify_by=limit) | RatingRedoOrdered(rectify_by=limit) if limit is not None:
                yield limit
            case DeadlineRecalculated(deadline=limit) if limit.rule == RECTIFY:
                yield limit
            case _:
                pass
