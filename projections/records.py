"""Signed facts of every record of the work with its channel and programme, and of every service with its class
(DOMAIN §1: M5, M7, M8): what came which way, what is one-off and what lasts, what relieves and what builds, what went
in and what the beneficiaries confirmed.

As `projections.facts`: at every (P, D) the sum over a stream is what its events up to then say. A thing counts in the
period of its own day; a confirmation in that of the claim it answers, so that a share never exceeds one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias, assert_never, get_args

from domain.activity import ActivityEvent, ActivityHeld, ActivityWithdrawn
from domain.commitment_events import CommitmentProposed
from domain.contribution import ContributionEvent, ContributionMade, ContributionReversed
from domain.correction import settled
from domain.need import NeedEvent, NeedRaised, NeedWithdrawn
from domain.offer_events import (
    BenefitConfirmed,
    BenefitDenied,
    OfferEnded,
    OfferEvent,
    OfferMade,
    ResourceMatched,
    ResourceReturned,
    ResourceUsed,
)
from domain.pairing import PairingAgreed, PairingWithdrawn
from domain.problem import ProblemConfirmed, ProblemNotSolved, ProblemRaised, ProblemSolved, ProblemWithdrawn
from domain.project import ProjectStarted, ProjectWithdrawn
from domain.request_events import RequestRaised, RequestWithdrawn
from domain.resource import Resource
from domain.visit import VisitEvent, VisitRecorded, VisitRecorded2, VisitWithdrawn
from projections import record_ratings
from projections.bitemporal import NUMBERS
from projections.days import civil_date, civil_day
from projections.keys import key_of
from projections.record_kinds import Came, Counts, RecordKind, counted

WorkEvent: TypeAlias = (
    VisitEvent
    | ActivityEvent
    | ContributionEvent
    | ProjectStarted
    | ProjectWithdrawn
    | PairingAgreed
    | PairingWithdrawn
    | ProblemRaised
    | ProblemSolved
    | ProblemConfirmed
    | ProblemNotSolved
    | ProblemWithdrawn
    | RequestRaised
    | RequestWithdrawn
    | NeedEvent
    | OfferEvent
    | CommitmentProposed
)
RecordEvent: TypeAlias = WorkEvent | record_ratings.Rating
RATINGS: Final = frozenset(get_args(record_ratings.Rating))


@dataclass(slots=True)
class Used:
    """What is known of a match."""

    unit: str
    partner: str
    channel: str
    programme: str | None
    first: date | None = None
    used: int = 0
    confirmed: int = 0


@dataclass(slots=True)
class Tally:
    """What is known of one stream while its events are folded."""

    base: Counts | None = None
    withdrawn: bool = False
    partner: bytes | None = None
    claim: Counts | None = None
    confirmed: bool = False
    funds: Counts | None = None
    offer: OfferMade | None = None
    matches: dict[str, Used] = field(default_factory=dict)
    rating: record_ratings.Rated = field(default_factory=record_ratings.Rated)

    def holds(self) -> Iterable[Counts]:
        yield from self.rating.holds()
        if self.base is None or self.withdrawn:
            return
        yield self.base
        if self.funds is not None:
            yield self.funds
        if self.claim is not None:
            claim = self.claim._replace(partner=self.partner)
            yield claim
            if self.confirmed:
                yield claim._replace(kind=RecordKind.CONFIRMED.value)
        if self.offer is not None:
            for need, one in self.matches.items():
                yield from _of_match(need, one, self.offer)


def _of_match(need: str, one: Used, offer: OfferMade) -> Iterable[Counts]:
    if one.first is None:
        return
    use = Counts(
        RecordKind.USE.value,
        key_of(need),
        one.first.toordinal(),
        key_of(one.unit),
        key_of(one.partner),
        one.channel,
        one.programme,
        offer.recurrence.value,
        offer.aid.value,
        1,
    )
    yield use
    if one.confirmed:
        yield use._replace(kind=RecordKind.BENEFIT.value)
    if offer.kind is Resource.FUNDS:
        yield use._replace(kind=RecordKind.FUNDS_USED.value, amount=one.used)
        if one.confirmed:
            yield use._replace(kind=RecordKind.FUNDS_CONFIRMED.value, amount=one.confirmed)


def fold(tally: Tally, came: Came) -> None:
    if type(came.event) in RATINGS:
        record_ratings.fold(tally.rating, came)
    else:
        _fold(tally, came)


def _fold(tally: Tally, came: Came) -> None:  # noqa: C901, PLR0912 - one case an event
    one: WorkEvent = came.event
    match one:
        case CommitmentProposed():
            day = civil_date(came.at)
            tally.base = counted(came, RecordKind.COMMITMENT, day, one.lead_unit, None, one.recurrence, one.aid)
        case VisitRecorded2():
            tally.base = counted(came, RecordKind.VISIT, one.visited_on, one.unit, one.partner, one.recurrence, one.aid)
        case VisitRecorded():
            tally.base = counted(came, RecordKind.VISIT, one.visited_on, one.unit, one.partner)
        case ActivityHeld():
            tally.base = counted(came, RecordKind.ACTIVITY, one.held_on, one.unit, one.partner, one.recurrence, one.aid)
        case ProjectStarted():
            tally.base = counted(came, RecordKind.PROJECT, one.started_on, one.unit, None, one.recurrence, one.aid)
        case ContributionMade():
            made = counted(came, RecordKind.CONTRIBUTION, one.given_on, one.unit, one.partner, one.recurrence, one.aid)
            tally.base = made
            tally.funds = made._replace(kind=RecordKind.FUNDS_GIVEN.value, amount=one.amount_fen)
        case PairingAgreed():
            agreed = counted(came, RecordKind.PAIRING, one.agreed_on, one.unit, one.partner)
            tally.base = agreed._replace(programme=came.programme or one.programme)
        case ProblemRaised():
            tally.base = counted(came, RecordKind.PROBLEM, one.raised_on, None, one.partner)
            tally.partner = key_of(one.partner)
        case ProblemSolved():
            tally.claim = counted(came, RecordKind.CLAIMED, one.solved_on, one.unit, None)
            tally.confirmed = False
        case ProblemConfirmed():
            tally.confirmed = True
        case ProblemNotSolved():
            tally.confirmed = False
        case RequestRaised():
            tally.base = counted(
                came._replace(channel=one.way.value), RecordKind.REQUEST, civil_date(came.at), one.first_receiver, None
            )
        case NeedRaised():
            tally.base = counted(came, RecordKind.NEED, one.raised_on, None, one.partner)
        case OfferMade():
            tally.base = counted(came, RecordKind.OFFER, civil_date(came.at), one.unit, None, one.recurrence, one.aid)
            tally.offer = one
        case ResourceUsed():
            match_ = tally.matches.setdefault(one.need, Used(one.unit, one.partner, came.channel, came.programme))
            match_.first = one.used_on if match_.first is None else min(match_.first, one.used_on)
            match_.used += one.quantity
        case BenefitConfirmed():
            match_ = tally.matches.setdefault(one.need, Used(one.unit, one.partner, came.channel, came.programme))
            match_.confirmed += one.quantity
        case (
            VisitWithdrawn()
            | ActivityWithdrawn()
            | ContributionReversed()
            | ProjectWithdrawn()
            | PairingWithdrawn()
            | ProblemWithdrawn()
            | RequestWithdrawn()
            | NeedWithdrawn()
        ):
            tally.withdrawn = True
        case ResourceMatched() | ResourceReturned() | BenefitDenied() | OfferEnded():
            pass
        case _:
            assert_never(one)


SILENT: Final = frozenset({ResourceMatched, ResourceReturned, BenefitDenied, OfferEnded, *record_ratings.SILENT})
"""Events that change no fact: the follower need not look at them."""


def by_day(events: Iterable[Came]) -> Counter[tuple[int, Counts]]:
    """(outcome day, what) → how often it begins to hold on that day, negative for what ceases."""
    tally = Tally()
    held: frozenset[Counts] = frozenset()
    steps: Counter[tuple[int, Counts]] = Counter()
    for came in sorted(settled(events), key=lambda one: (one.at, one.position)):
        fold(tally, came)
        holds = frozenset(tally.holds())
        day = civil_day(came.at)
        for counts in holds - held:
            steps[day, counts] += 1
        for counts in held - holds:
            steps[day, counts] -= 1
        held = holds
    return steps


def rows(position: int, steps: Counter[tuple[int, Counts]]) -> list[list[Any]]:
    """Rows of `tables.RECORD` for what one event changed, in a settled order."""
    found: list[list[Any]] = []
    for (day, what), sign in sorted(steps.items(), key=lambda step: (step[0][0], step[1], repr(step[0][1]))):
        if sign:
            signed = what._replace(amount=sign * what.amount)
            found.append([(position << NUMBERS) + len(found), position, day, *signed])
    return found


def begun(came: Came) -> list[list[Any]]:
    """Rows for the first event of a stream, without a look at others."""
    return rows(came.position, by_day((came,)))


def revised(events: Sequence[Came], pending: Iterable[int]) -> list[list[Any]]:
    """Rows for later events of one stream at the positions `pending`; `events` is the whole stream up to the last."""
    found: list[list[Any]] = []
    for position in sorted(pending):
        after = by_day(one for one in events if one.position <= position)
        after.subtract(by_day(one for one in events if one.position < position))
        found += rows(position, after)
    return found
