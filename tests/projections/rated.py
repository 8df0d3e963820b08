"""Lives of ratings as events nobody decided, and what they come to by counting one after another."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import oracle
from world import World, at, limit, stream

from domain.appraisal_form import Grade
from domain.commitment_terms import Answer, Means
from domain.correction import EventRetracted
from domain.rating_events import (
    AppealGround,
    RaterCalledBack,
    RatingAppealed,
    RatingChecked,
    RatingClosed,
    RatingExcluded,
    RatingReceived,
    RatingRectified,
    RatingRedoOrdered,
    Truth,
)
from domain.request_events import Protection, Source, Way
from domain.sealed import Sealed

SOMEONE = stream(1)
UNITS = [stream(10), stream(11), stream(12)]
SEALED = Sealed(SOMEONE, commitment="5e" * 32)
BAD = (Grade.DISSATISFIED, Grade.VERY_DISSATISFIED)


def received(
    grade: Grade = Grade.DISSATISFIED,
    *,
    unit: str = UNITS[0],
    protection: Protection = Protection.NAMED,
    due: datetime | None = None,
) -> RatingReceived:
    anonymous = protection is Protection.ANONYMOUS
    return RatingReceived(
        grade=grade,
        way=Way.WINDOW,
        protection=protection,
        unit=unit,
        commitment=None,
        request=None,
        service="社保关系转移",
        words=SEALED,
        source=None if anonymous else Source(name=SEALED, phone=None, address=None),
        rectify_by=limit(due or at(date(2011, 6, 1), 0)) if grade in BAD else None,
        by=SOMEONE,
    )


def checked() -> RatingChecked:
    return RatingChecked(truth=Truth.TRUE, note="属实", by=SOMEONE)


def rectified(filed_at: datetime, unit: str = UNITS[0]) -> RatingRectified:
    return RatingRectified(unit=unit, note="已改", evidence=(), filed_at=filed_at, by=SOMEONE)


def called_back(answer: Answer = Answer.SOLVED) -> RaterCalledBack:
    return RaterCalledBack(attempt=1, answer=answer, words=None, by=SOMEONE)


def redo() -> RatingRedoOrdered:
    return RatingRedoOrdered(redo=1, reason="未改好", rectify_by=limit(at(date(2011, 7, 1), 0)), by=SOMEONE)


def closed(*, accepted: bool = True) -> RatingClosed:
    return RatingClosed(unit=UNITS[0], accepted=accepted, means=Means.ANSWER, note="", by=SOMEONE)


def appealed(filed_at: datetime) -> RatingAppealed:
    return RatingAppealed(
        unit=UNITS[0],
        ground=AppealGround.MISTAKEN,
        reason="误评",
        evidence=(),
        filed_at=filed_at,
        rule_by=limit(),
        by=SOMEONE,
    )


def excluded() -> RatingExcluded:
    return RatingExcluded(ground=AppealGround.MISTAKEN, reason="误评", by=SOMEONE)


def retracted(position: int) -> EventRetracted:
    return EventRetracted(
        event_id="e", position=position, event="rating_received.1", reason="误录", proposed_by=SOMEONE, by=stream(2)
    )


def history(seed: int, ratings: int = 80) -> World:
    """Ratings of three units over two years: good and bad, put right in time, late, never, redone, excluded,
    retracted; one step in four is told days after it was taken."""
    world, random = World(), Random(seed)
    steps: list[tuple[datetime, str, datetime, Any]] = []
    for number in range(ratings):
        moment = at(date(2010, 9, 1) + timedelta(days=random.randrange(600)), minute=number % 60)
        name, unit = stream(900 + number), random.choice(UNITS)
        grade, protection = random.choice([*Grade, *BAD]), random.choice(list(Protection))
        one = received(grade, unit=unit, protection=protection, due=moment + timedelta(days=20))
        steps.append((moment, name, moment - timedelta(days=random.choice([0, 0, 0, 40])), one))
        for event in _life(random, grade, protection, moment, unit):
            moment += timedelta(days=random.randrange(1, 9))
            told = rectified(moment, unit) if isinstance(event, RatingRectified) else event
            steps.append((moment, name, moment - timedelta(days=random.choice([0, 0, 0, 15])), told))
        if number % 9 == 0:
            steps.append((moment + timedelta(days=1), name, moment, None))
    begun: dict[str, int] = {}
    for recorded, name, occurred, event in sorted(steps, key=lambda step: step[0]):
        position = world.record(name, retracted(begun[name]) if event is None else event, occurred, recorded)
        begun.setdefault(name, position)
    return world


def _life(random: Random, grade: Grade, protection: Protection, moment: datetime, unit: str) -> Iterable[Any]:
    if grade not in BAD:
        return
    yield checked()
    turn = random.choice(["waiting", "excluded", "put right", "put right", "redone", "rejected"])
    if turn == "waiting":
        return
    if turn == "excluded":
        yield appealed(moment)
        yield excluded()
        return
    yield rectified(moment, unit)
    if turn == "redone":
        yield redo()
        yield rectified(moment, unit)
    if protection is not Protection.ANONYMOUS:
        yield called_back(random.choice(list(Answer)))
    yield closed(accepted=turn != "rejected")


def counted(world: World, position: int, on: date, year: int) -> Counter[tuple[str, str, str]]:
    """(unit, figure, part) → how many, one rating after another, by what the oracle lets through."""
    found: Counter[tuple[str, str, str]] = Counter()
    for told in oracle.told(world, position, on).values():
        events = [event for _, _, event in told]
        first = next(((day, one) for _, day, one in told if isinstance(one, RatingReceived)), None)
        if first is None or first[0].year != year:
            continue
        one = first[1]
        for figure, part in _parts(one, events):
            found[one.unit, figure, part] += 1
    return found


def _parts(one: RatingReceived, events: list[Any]) -> Iterable[tuple[str, str]]:
    bad, named = one.grade in BAD, one.protection is not Protection.ANONYMOUS
    if any(isinstance(event, RatingExcluded) for event in events):
        for figure in ("satisfaction", "satisfaction_strict", "rectification", *(["call_back"] if named else [])):
            yield figure, "excluded"
        return
    for figure, satisfied in (
        ("satisfaction", not bad),
        ("satisfaction_strict", one.grade in {Grade.VERY_SATISFIED, Grade.SATISFIED}),
    ):
        yield figure, "denominator"
        if satisfied:
            yield figure, "numerator"
    if not bad:
        return
    yield "rectification", "denominator"
    filed = [event.filed_at for event in events if isinstance(event, RatingRectified)]
    accepted = any(isinstance(event, RatingClosed) and event.accepted for event in events)
    assert one.rectify_by is not None
    if accepted and filed and max(filed) < one.rectify_by.due:
        yield "rectification", "numerator"
    if named:
        yield "call_back", "denominator"
        if any(isinstance(event, RaterCalledBack) for event in events):
            yield "call_back", "numerator"
