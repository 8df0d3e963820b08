"""What can happen to a commitment (承诺事项), DOMAIN §3.

Channel, programme (服务载体), person and times stand in the envelope; `by` is repeated only where a later decision
compares persons. Official words are not sealed and hold no personal data; what concerns a resident is sealed."""

from datetime import date, datetime
from typing import TypeAlias

from domain.commitment_answering import RequestsTakenUp
from domain.commitment_terms import Answer, Finding, Mandate, Means, Outcome, PolicyTarget, Urgency
from domain.deadline import Deadline
from domain.event import event
from domain.evidence import Evidence
from domain.ids import CommitmentId, PartnerId, PersonId, ProblemId, UnitId
from domain.partner import PartnerKind
from domain.sealed import Sealed
from domain.service import Aid, Recurrence


@event("commitment_proposed.1")
class CommitmentProposed:
    title: str
    targets: tuple[PolicyTarget, ...]
    requests: tuple[ProblemId, ...]
    """Policy targets and enterprise problems it serves. Requests of residents come in an event of their own."""
    lead_unit: UnitId
    quantity: int
    measure: str
    """What it promises itself: so many of this, such as 120 户."""
    starts_on: date
    due_on: date
    basis: str
    """Document it rests on."""
    mandate: Mandate
    urgency: Urgency
    recurrence: Recurrence
    aid: Aid
    region: str
    beneficiary: PartnerId | None
    beneficiary_kind: PartnerKind | None
    by: PersonId


@event("commitment_registered.1")
class CommitmentRegistered:
    note: str
    assign_by: Deadline


@event("commitment_published.1")
class CommitmentPublished:
    """As it was stored before two hands were asked for."""

    wording: str


@event("commitment_published.2")
class CommitmentPublished2:
    wording: str
    by: PersonId


@event("wording_amended.1")
class WordingAmended:
    """As it was stored before two hands were asked for."""

    wording: str
    reason: str


@event("wording_amended.2")
class WordingAmended2:
    wording: str
    reason: str
    by: PersonId


@event("wording_withdrawn.1")
class WordingWithdrawn:
    """The public reads the reason instead of the words, until they are published again."""

    reason: str
    by: PersonId


@event("commitment_assigned.1")
class CommitmentAssigned:
    unit: UnitId
    supporting: tuple[UnitId, ...]
    instruction: str
    acknowledge_by: Deadline


@event("commitment_acknowledged.1")
class CommitmentAcknowledged:
    unit: UnitId


@event("return_asked.1")
class ReturnAsked:
    reason: str
    by: PersonId


@event("return_accepted.1")
class ReturnAccepted:
    unit: UnitId
    """The other unit it now goes to."""
    reason: str
    acknowledge_by: Deadline


@event("return_refused.1")
class ReturnRefused:
    """The unit is designated and cannot ask again."""

    reason: str
    acknowledge_by: Deadline


@event("follow_up_recorded.1")
class FollowUpRecorded:
    quantity: int | None
    """Reached so far in all, in the target's measure; it may fall when an earlier figure was wrong. None: not told."""
    note: str
    resident_note: Sealed[str] | None
    evidence: tuple[Evidence, ...]
    filed_at: datetime


@event("extension_asked.1")
class ExtensionAsked:
    due_on: date
    reason: str
    by: PersonId


@event("extension_granted.1")
class ExtensionGranted:
    due_on: date
    reason: str


@event("extension_refused.1")
class ExtensionRefused:
    reason: str


@event("deferral_proposed.1")
class DeferralProposed:
    measures: str
    until: date
    by: PersonId


@event("deferral_granted.1")
class DeferralGranted:
    """The clock stands from `since` to the earlier of `until` and the resumption."""

    since: date
    until: date
    reason: str


@event("deferral_refused.1")
class DeferralRefused:
    reason: str


@event("commitment_suspended.1")
class CommitmentSuspended:
    """The clock stands from `since` to the earlier of `until` and the resumption."""

    ground: str
    since: date
    until: date


@event("commitment_resumed.1")
class CommitmentResumed:
    """`due_on` is the old one plus `paused_days` calendar days, moved off days off (Civil Code art. 203)."""

    reason: str
    paused_days: int
    due_on: date
    provisional: bool
    """`due_on` lies past the announced calendar."""


@event("due_recalculated.1")
class DueRecalculated:
    """The calendar of days the due date was counted over has been announced or amended; `number` is the notice."""

    due_on: date
    provisional: bool
    number: str


@event("fulfilment_reported.1")
class FulfilmentReported:
    quantity: int
    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("redo_ordered.1")
class RedoOrdered:
    reason: str


@event("commitment_escalated.1")
class CommitmentEscalated:
    """提级督办, because it had to be redone so many times."""

    redos: int


@event("call_back_recorded.1")
class CallBackRecorded:
    attempt: int
    """1, 2, 3, … since the report."""
    answer: Answer
    comment: Sealed[str] | None


@event("site_checked.1")
class SiteChecked:
    finding: Finding
    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("commitment_verified.1")
class CommitmentVerified:
    quantity: int
    means: Means
    note: str
    by: PersonId


@event("commitment_closed.1")
class CommitmentClosed:
    outcome: Outcome
    note: str
    recheck_from: date
    recheck_until: date
    """First and last day of the re-check (回头看)."""
    by: PersonId


@event("commitment_archived.1")
class CommitmentArchived:
    """Re-checked and found kept."""

    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime


@event("commitment_reopened.1")
class CommitmentReopened:
    """Re-checked and found rebounded (反弹); the same commitment is in progress again."""

    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    due_on: date


@event("commitment_continued.1")
class CommitmentContinued:
    """Re-checked and found rebounded, but a newer commitment holds the same target: archived with a link to it."""

    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    successor: CommitmentId
    ruling: str


@event("commitment_reassigned.1")
class CommitmentReassigned:
    unit: UnitId
    reason: str
    acknowledge_by: Deadline


@event("supporting_unit_joined.1")
class SupportingUnitJoined:
    unit: UnitId
    reason: str


@event("supporting_unit_left.1")
class SupportingUnitLeft:
    unit: UnitId
    reason: str


@event("commitment_terminated.1")
class CommitmentTerminated:
    ground: str
    told_on: date | None
    """When the beneficiary was told; None only without one."""
    told_note: Sealed[str] | None


CommitmentEvent: TypeAlias = (
    CommitmentProposed
    | RequestsTakenUp
    | CommitmentRegistered
    | CommitmentPublished
    | CommitmentPublished2
    | WordingAmended
    | WordingAmended2
    | WordingWithdrawn
    | CommitmentAssigned
    | CommitmentAcknowledged
    | ReturnAsked
    | ReturnAccepted
    | ReturnRefused
    | FollowUpRecorded
    | ExtensionAsked
    | ExtensionGranted
    | ExtensionRefused
    | DeferralProposed
    | DeferralGranted
    | DeferralRefused
    | CommitmentSuspended
    | CommitmentResumed
    | DueRecalculated
    | FulfilmentReported
    | RedoOrdered
    | CommitmentEscalated
    | CallBackRecorded
    | SiteChecked
    | CommitmentVerified
    | CommitmentClosed
    | CommitmentArchived
    | CommitmentReopened
    | CommitmentContinued
    | CommitmentReassigned
    | SupportingUnitJoined
    | SupportingUnitLeft
    | CommitmentTerminated
)
