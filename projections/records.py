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
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias, assert_never

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
from domain.resource import Resource
from domain.service import Aid, Recurrence
from domain.visit import VisitEvent, VisitRecorded, VisitRecorded2, VisitWithdrawn
from projections.bitemporal import NUMBERS
from projections.days import civil_date, civil_day
from projections.keys import key_of

RecordEvent: TypeAlias = (
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
    | NeedEvent
    | OfferEvent
    | CommitmentProposed
)


class RecordKind(StrEnum):
    """What counts, and on which day."""

    COMMITMENT = "commitment"  # proposed
    VISIT = "visit"  # of the visit
    PAIRING = "pairing"  # agreed
    ACTIVITY = "activity"  # held
    PROJECT = "project"  # started
    CONTRIBUTION = "contribution"  # given
    PROBLEM = "problem"  # raised
    NEED = "need"  # raised
    OFFER = "offer"  # made
    CLAIMED = "claimed"  # the unit claims a problem as solved
    CONFIRMED = "confirmed"  # the enterprise confirms it; on the day of the claim
    USE = "use"  # a need for which a match was used, on the first day of use
    BENEFIT = "benefit"  # its beneficiary confirmed that some of it did good; on the first day of use
    FUNDS_GIVEN = "funds_given"  # 分 contributed
    FUNDS_USED = "funds_used"  # 分 used of matches, by the unit's word
    FUNDS_CONFIRMED = "funds_confirmed"  # 分 of them the beneficiary confirmed


RECORDS: Final = (
    RecordKind.COMMITMENT,
    RecordKind.VISIT,
    RecordKind.PAIRING,
    RecordKind.ACTIVITY,
    RecordKind.PROJECT,
    RecordKind.CONTRIBUTION,
    RecordKind.PROBLEM,
    RecordKind.NEED,
    RecordKind.OFFER,
)
"""Kinds that are records of their own; the others say something about one."""
SERVICES: Final = (
    RecordKind.VISIT,
    RecordKind.ACTIVITY,
    RecordKind.PROJECT,
    RecordKind.CONTRIBUTION,
    RecordKind.USE,
)
"""Kinds that are services given, each classed one-off, recurring or standing, and relief or capacity; all but visits
recorded before they were classed."""


class Came(NamedTuple):
    """What the fold needs of a stored event and its envelope."""

    position: int
    stream: bytes
    at: int
    event: Any
    channel: str
    programme: str | None


class Counts(NamedTuple):
    """One thing that holds of a stream. `subject` is the stream, or the need for what is said about a match."""

    kind: str
    subject: bytes
    cohort: int
    unit: bytes | None
    partner: bytes | None
    channel: str
    programme: str | None
    recurrence: str | None
    aid: str | None
    amount: int


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

    def holds(self) -> Iterable[Counts]:
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


def fold(tally: Tally, came: Came) -> None:  # noqa: C901, PLR0912 - one case an event
    one: RecordEvent = came.event
    match one:
        case CommitmentProposed():
            day = civil_date(came.at)
            tally.base = _counts(came, RecordKind.COMMITMENT, day, one.lead_unit, None, one.recurrence, one.aid)
        case VisitRecorded2():
            tally.base = _counts(came, RecordKind.VISIT, one.visited_on, one.unit, one.partner, one.recurrence, one.aid)
        case VisitRecorded():
            tally.base = _counts(came, RecordKind.VISIT, one.visited_on, one.unit, one.partner)
        case ActivityHeld():
            tally.base = _counts(came, RecordKind.ACTIVITY, one.held_on, one.unit, one.partner, one.recurrence, one.aid)
        case ProjectStarted():
            tally.base = _counts(came, RecordKind.PROJECT, one.started_on, one.unit, None, one.recurrence, one.aid)
        case ContributionMade():
            made = _counts(came, RecordKind.CONTRIBUTION, one.given_on, one.unit, one.partner, one.recurrence, one.aid)
            tally.base = made
            tally.funds = made._replace(kind=RecordKind.FUNDS_GIVEN.value, amount=one.amount_fen)
        case PairingAgreed():
            agreed = _counts(came, RecordKind.PAIRING, one.agreed_on, one.unit, one.partner)
            tally.base = agreed._replace(programme=came.programme or one.programme)
        case ProblemRaised():
            tally.base = _counts(came, RecordKind.PROBLEM, one.raised_on, None, one.partner)
            tally.partner = key_of(one.partner)
        case ProblemSolved():
            tally.claim = _counts(came, RecordKind.CLAIMED, one.solved_on, one.unit, None)
            tally.confirmed = False
        case ProblemConfirmed():
            tally.confirmed = True
        case ProblemNotSolved():
            tally.confirmed = False
        case NeedRaised():
            tally.base = _counts(came, RecordKind.NEED, one.raised_on, None, one.partner)
        case OfferMade():
            tally.base = _counts(came, RecordKind.OFFER, civil_date(came.at), one.unit, None, one.recurrence, one.aid)
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
            | NeedWithdrawn()
        ):
            tally.withdrawn = True
        case ResourceMatched() | ResourceReturned() | BenefitDenied() | OfferEnded():
            pass
        case _:
            assert_never(one)


SILENT: Final = frozenset({ResourceMatched, ResourceReturned, BenefitDenied, OfferEnded})
"""Events that change no fact: the follower need not look at them."""


def _counts(  # noqa: PLR0917 - short and private
    came: Came,
    kind: RecordKind,
    day: date,
    unit: str | None,
    partner: str | None,
    recurrence: Recurrence | None = None,
    aid: Aid | None = None,
) -> Counts:
    return Counts(
        kind.value,
        came.stream,
        day.toordinal(),
        None if unit is None else key_of(unit),
        None if partner is None else key_of(partner),
        came.channel,
        came.programme,
        None if recurrence is None else recurrence.value,
        None if aid is None else aid.value,
        1,
    )


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
