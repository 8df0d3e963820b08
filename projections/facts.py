"""Signed facts behind the figures: what counts, in which period, from which day on.

A figure at (P, D) sums the facts with position ≤ P and outcome day ≤ D. For each stream the facts that hold on a day
are folded from its events up to that day; an event that changes them adds the difference, with the opposite sign for
what holds no longer, at its own position. So at every (P, D) the sum over a stream is exactly what its events say.

A withdrawal holds whatever its place in the order of occurrence: what was entered in error counts on no day on which
the withdrawal is known to have occurred. What was corrected or retracted counts, from the correction's position on, as
if it had been right from the start.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias, assert_never

from domain.activity import ActivityEvent, ActivityHeld, ActivityWithdrawn
from domain.contribution import ContributionEvent, ContributionMade, ContributionReversed
from domain.correction import settled
from domain.pairing import PairingAgreed, PairingEnded, PairingEvent, PairingWithdrawn
from domain.partner import (
    HouseholdRegistered,
    HouseholdUpdated,
    PartnerEvent,
    PartnerKind,
    PartnerLeft,
    PartnerMerged,
    PartnerRegistered,
    PartnerUpdated,
)
from domain.problem import (
    ProblemConfirmed,
    ProblemEvent,
    ProblemHandedBack,
    ProblemNotSolved,
    ProblemRaised,
    ProblemSolved,
    ProblemTakenOn,
    ProblemWithdrawn,
)
from domain.project import ProjectCompleted, ProjectEvent, ProjectStarted, ProjectWithdrawn
from domain.visit import VisitEvent, VisitRecorded, VisitWithdrawn
from projections.bitemporal import NUMBERS, Happened
from projections.days import civil_day
from projections.keys import key_of

CountedEvent: TypeAlias = (
    VisitEvent | ProblemEvent | PairingEvent | ActivityEvent | ProjectEvent | ContributionEvent | PartnerEvent
)


class FactKind(StrEnum):
    """What a fact counts, and what its cohort day is."""

    VISIT = "visit"  # 人次, on the day of the visit
    PROBLEM = "problem"  # 1, on the day the enterprise confirmed it as solved
    PAIRING = "pairing"  # 1, on the day it was agreed
    PAIRING_ENDED = "pairing_ended"  # 1, on its last day
    ACTIVITY = "activity"  # 1, on the day it was held
    PROJECT = "project"  # 1, on the day it was started
    FUNDS = "funds"  # 分, on the day they were given
    PARTNER_MERGED = "partner_merged"  # 1, on the day of the merger; `partner` is the one that remains


class Counts(NamedTuple):
    """One thing that holds of a stream."""

    kind: str
    cohort: int
    unit: bytes | None
    partner: bytes | None
    partner_kind: str | None
    amount: int


@dataclass(slots=True)
class Tally:
    """What is known of one stream while its events are folded."""

    begun: bool = False
    withdrawn: bool = False
    partner: str | None = None
    counts: Counts | None = None
    ended: Counts | None = None

    def holds(self) -> Iterable[Counts]:
        if self.begun and not self.withdrawn:
            if self.counts is not None:
                yield self.counts
            if self.ended is not None:
                yield self.ended


def _counts(  # noqa: PLR0917 - short and private
    kind: FactKind, day: date, amount: int, unit: str | None, partner: str | None, partner_kind: PartnerKind | None
) -> Counts:
    return Counts(
        kind.value,
        day.toordinal(),
        None if unit is None else key_of(unit),
        None if partner is None else key_of(partner),
        None if partner_kind is None else partner_kind.value,
        amount,
    )


def fold(tally: Tally, happened: CountedEvent) -> None:  # noqa: C901, PLR0912 - one case an event
    one = happened
    match one:
        case VisitRecorded():
            tally.begun = True
            tally.counts = _counts(FactKind.VISIT, one.visited_on, one.persons, one.unit, one.partner, one.partner_kind)
        case ActivityHeld():
            tally.begun = True
            tally.counts = _counts(FactKind.ACTIVITY, one.held_on, 1, one.unit, one.partner, one.partner_kind)
        case ContributionMade():
            tally.begun = True
            tally.counts = _counts(FactKind.FUNDS, one.given_on, one.amount_fen, one.unit, one.partner, None)
        case ProjectStarted():
            tally.begun = True
            tally.counts = _counts(FactKind.PROJECT, one.started_on, 1, one.unit, None, None)
        case PairingAgreed():
            tally.begun = True
            tally.counts = _counts(FactKind.PAIRING, one.agreed_on, 1, one.unit, one.partner, one.partner_kind)
            if tally.ended is not None:
                tally.ended = tally.counts._replace(kind=tally.ended.kind, cohort=tally.ended.cohort)
        case PairingEnded():
            ended = tally.counts or _counts(FactKind.PAIRING, one.ended_on, 1, None, None, None)
            tally.ended = ended._replace(kind=FactKind.PAIRING_ENDED.value, cohort=one.ended_on.toordinal())
        case ProblemRaised():
            tally.begun = True
            tally.partner = one.partner
            if tally.counts is not None:
                tally.counts = tally.counts._replace(partner=key_of(one.partner))
        case ProblemConfirmed():
            tally.counts = _counts(
                FactKind.PROBLEM, one.confirmed_on, 1, one.unit, tally.partner, PartnerKind.ENTERPRISE
            )
        case ProblemNotSolved():
            tally.counts = None
        case PartnerRegistered() | HouseholdRegistered():
            tally.begun = True
        case PartnerMerged():
            tally.counts = _counts(FactKind.PARTNER_MERGED, one.merged_on, 1, None, one.into, None)
        case (
            VisitWithdrawn()
            | ActivityWithdrawn()
            | ContributionReversed()
            | ProjectWithdrawn()
            | PairingWithdrawn()
            | ProblemWithdrawn()
        ):
            tally.withdrawn = True
        case (
            ProblemTakenOn()
            | ProblemHandedBack()
            | ProblemSolved()
            | ProjectCompleted()
            | PartnerUpdated()
            | HouseholdUpdated()
            | PartnerLeft()
        ):
            pass
        case _:
            assert_never(happened)


SILENT: Final = frozenset(
    {ProblemTakenOn, ProblemHandedBack, ProblemSolved, ProjectCompleted, PartnerUpdated, HouseholdUpdated, PartnerLeft}
)
"""Events that change no fact: the follower need not look at them."""


def by_day(events: Iterable[Happened]) -> Counter[tuple[int, Counts]]:
    """(outcome day, what) → how often it begins to hold on that day, negative for what ceases."""
    tally = Tally()
    held: frozenset[Counts] = frozenset()
    steps: Counter[tuple[int, Counts]] = Counter()
    for happened in sorted(settled(events), key=lambda one: (one.at, one.position)):
        fold(tally, happened.event)
        holds = frozenset(tally.holds())
        if holds != held:
            day = civil_day(happened.at)
            for counts in holds - held:
                steps[day, counts] += 1
            for counts in held - holds:
                steps[day, counts] -= 1
            held = holds
    return steps


def rows(position: int, stream: bytes, steps: Counter[tuple[int, Counts]]) -> list[list[Any]]:
    """Rows of `tables.FACT` for what one event changed, in a settled order."""
    found: list[list[Any]] = []
    for (day, what), sign in sorted(steps.items(), key=lambda step: (step[0][0], step[1], repr(step[0][1]))):
        if sign:
            found.append(
                [
                    (position << NUMBERS) + len(found),
                    position,
                    what.kind,
                    stream,
                    what.cohort,
                    day,
                    what.unit,
                    what.partner,
                    what.partner_kind,
                    sign * what.amount,
                ]
            )
    return found


def begun(position: int, stream: bytes, at: int, event: CountedEvent) -> list[list[Any]]:
    """Rows for the first event of a stream, without a look at others."""
    tally = Tally()
    fold(tally, event)
    day = civil_day(at)
    return rows(position, stream, Counter({(day, counts): 1 for counts in tally.holds()}))


def revised(events: Sequence[Happened], pending: Iterable[int]) -> list[list[Any]]:
    """Rows for later events of one stream at the positions `pending`; `events` is the whole stream up to the last."""
    found: list[list[Any]] = []
    for position in sorted(pending):
        before = by_day(one for one in events if one.position < position)
        after = by_day(one for one in events if one.position <= position)
        after.subtract(before)
        found += rows(position, events[0].stream, after)
    return found
