"""The life of a commitment (承诺事项): its stages, what may be asked in each, and what has to be known to decide.

Overdue and lamp colours are no stages; views derive them from the dates. Commands stand in `commitment_*.py`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from domain import commitment_events as events
from domain.commitment_answering import RequestsTakenUp
from domain.commitment_terms import Answer, Finding, Urgency
from domain.correction import Correctable
from domain.deadline import Deadline
from domain.event import evolves
from domain.ids import CommitmentId, PartnerId, PersonId, RequestId, UnitId
from domain.partner import NEIGHBOURHOODS
from domain.recounting import Timed


class Stage(StrEnum):
    PROPOSED = "proposed"  # 已提出
    REGISTERED = "registered"  # 已立项
    ASSIGNED = "assigned"  # 已交办
    RETURN_ASKED = "return_asked"  # 申请退单
    IN_PROGRESS = "in_progress"  # 办理中
    DEFERRED = "deferred"  # 挂账
    SUSPENDED = "suspended"  # 中止
    REPORTED = "reported"  # 已反馈
    VERIFIED = "verified"  # 已核验
    CLOSED = "closed"  # 已销号
    ARCHIVED = "archived"  # 已归档
    TERMINATED = "terminated"  # 已终止


ENDED = frozenset({Stage.CLOSED, Stage.ARCHIVED, Stage.TERMINATED})
"""In these a commitment holds no claim; in every other one it is open."""
OPEN = frozenset(Stage) - ENDED
_ACCEPTED = OPEN - {Stage.PROPOSED}
_MOVABLE = frozenset({Stage.ASSIGNED, Stage.IN_PROGRESS})
RUNNING = frozenset({Stage.ASSIGNED, Stage.RETURN_ASKED, Stage.IN_PROGRESS})
"""The clock of a due date that was counted runs."""
_PAUSED = frozenset({Stage.DEFERRED, Stage.SUSPENDED})

STAGES: dict[str, frozenset[Stage]] = {
    "record_follow_up": frozenset({Stage.IN_PROGRESS}),
    "register_commitment": frozenset({Stage.PROPOSED}),
    "publish_commitment": _ACCEPTED,
    "amend_wording": _ACCEPTED,
    "withdraw_wording": _ACCEPTED,
    "assign_commitment": frozenset({Stage.REGISTERED}),
    "acknowledge_commitment": frozenset({Stage.ASSIGNED}),
    "ask_return": frozenset({Stage.ASSIGNED}),
    "rule_on_return": frozenset({Stage.RETURN_ASKED}),
    "ask_extension": frozenset({Stage.IN_PROGRESS}),
    "rule_on_extension": frozenset({Stage.IN_PROGRESS}),
    "propose_deferral": frozenset({Stage.IN_PROGRESS}),
    "rule_on_deferral": frozenset({Stage.IN_PROGRESS}),
    "suspend_commitment": frozenset({Stage.IN_PROGRESS}),
    "resume_commitment": _PAUSED,
    "report_fulfilment": frozenset({Stage.IN_PROGRESS}),
    "order_redo": frozenset({Stage.REPORTED}),
    "record_call_back": frozenset({Stage.REPORTED}),
    "record_site_check": frozenset({Stage.REPORTED}),
    "verify_commitment": frozenset({Stage.REPORTED}),
    "close_commitment": frozenset({Stage.VERIFIED}),
    "recheck_commitment": frozenset({Stage.CLOSED}),
    "reassign_commitment": _MOVABLE,
    "add_supporting_unit": _MOVABLE,
    "remove_supporting_unit": _MOVABLE,
    "recalculate_due": RUNNING,
    "terminate_commitment": OPEN,
}
"""The one table of what may be asked when: command → stages. `propose_commitment` creates and needs none."""
TURNS: dict[Stage, tuple[str, ...]] = {
    stage: tuple(name for name, stages in STAGES.items() if stage in stages) for stage in Stage
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was promised; never changes."""

    serves: tuple[str, ...]
    """What it serves, as the first half of a claim."""
    quantity: int
    starts_on: date
    original_due_on: date
    urgency: Urgency
    beneficiary: PartnerId | None
    individual: bool
    """Somebody can be asked whether it is solved: a household or an enterprise, not a neighbourhood or nobody."""
    proposed_by: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that waits for a second person. `until`: the new due date or the end of the deferral; None for a
    return."""

    by: PersonId
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """From a report of fulfilment on; a redo or a reopening drops it."""

    reported_by: PersonId
    quantity: int
    attempts: int = 0
    """Call-backs since the report."""
    answer: Answer | None = None
    """The latest; an answer other than unreachable is final."""
    checked_by: PersonId | None = None
    finding: Finding | None = None
    verified_by: PersonId | None = None
    closed_by: PersonId | None = None
    recheck_from: date | None = None
    recheck_until: date | None = None

    @property
    def answered(self) -> bool:
        return self.answer in {Answer.SOLVED, Answer.UNSOLVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Correctable, Timed):
    """What decisions need to know. A follow-up changes none of it."""

    stage: Stage
    terms: Terms
    responsible: UnitId
    """The lead unit (责任单位)."""
    due_on: date
    """As it stands after extensions, pauses and reopening."""
    claims: tuple[str, ...]
    """While open, and again when reopened: the same policy target (for the same beneficiary) and lead unit."""
    answers: tuple[RequestId, ...] = ()
    """Requests of residents it is promised in answer to."""
    supporting: tuple[UnitId, ...] = ()
    published: bool = False
    worded_by: tuple[PersonId, ...] = ()
    """Who published the words the public reads, or amended them."""
    designated: bool = False
    """A return was refused; the unit cannot ask again."""
    return_asked: Asked | None = None
    extension_asked: Asked | None = None
    deferral_asked: Asked | None = None
    extensions: int = 0
    paused_since: date | None = None
    paused_until: date | None = None
    """The clock stands between these days; after `paused_until` it runs again even if nobody resumes the work."""
    clocks: tuple[Deadline, ...] = ()
    """Of the acknowledgement, until it is given."""
    counted_to: date | None = None
    """Where the count of the due date ended before it moved off days off; None for a date that was chosen."""
    provisional: bool = False
    """The due date was counted past the announced calendar."""
    redos: int = 0
    escalated: bool = False
    review: Review | None = None


def _claims(serves: tuple[str, ...], unit: UnitId) -> tuple[str, ...]:
    return tuple(f"{served} {unit}" for served in serves)


def _serves(happened: events.CommitmentProposed) -> tuple[str, ...]:
    whom = happened.beneficiary or "-"
    return (
        *(f"commitment policy {target.policy} {target.target} {whom}" for target in happened.targets),
        *(f"commitment request {request} {whom}" for request in happened.requests),
    )


def _begin(happened: events.CommitmentProposed) -> Commitment:
    kind = happened.beneficiary_kind
    terms = Terms(
        serves=_serves(happened),
        quantity=happened.quantity,
        starts_on=happened.starts_on,
        original_due_on=happened.due_on,
        urgency=happened.urgency,
        beneficiary=happened.beneficiary,
        individual=kind is not None and kind not in NEIGHBOURHOODS,
        proposed_by=happened.by,
    )
    return Commitment(
        stage=Stage.PROPOSED,
        terms=terms,
        responsible=happened.lead_unit,
        due_on=happened.due_on,
        claims=_claims(terms.serves, happened.lead_unit),
    )


def _answer(state: Commitment, requests: tuple[RequestId, ...]) -> Commitment:
    whom = state.terms.beneficiary or "-"
    serves = (*state.terms.serves, *(f"commitment request {request} {whom}" for request in requests))
    terms = replace(state.terms, serves=serves)
    return replace(state, terms=terms, claims=_claims(serves, state.responsible), answers=requests)


def _hand_to(state: Commitment, unit: UnitId, acknowledge_by: Deadline) -> Commitment:
    """Another lead unit, from the start: nothing asked, nobody designated."""
    return replace(
        state,
        stage=Stage.ASSIGNED,
        clocks=(acknowledge_by,),
        responsible=unit,
        claims=_claims(state.terms.serves, unit),
        supporting=tuple(other for other in state.supporting if other != unit),
        designated=False,
        return_asked=None,
        extension_asked=None,
        deferral_asked=None,
    )


def _pause(state: Commitment, stage: Stage, since: date, until: date) -> Commitment:
    """Questions that wait lapse when work stops: their dates no longer fit."""
    return replace(
        state, stage=stage, paused_since=since, paused_until=until, extension_asked=None, deferral_asked=None
    )


def _resume(state: Commitment, happened: events.CommitmentResumed) -> Commitment:
    days = happened.paused_days
    return replace(
        state,
        stage=Stage.IN_PROGRESS,
        due_on=happened.due_on,
        counted_to=state.due_on + timedelta(days=days) if days else state.counted_to,
        provisional=happened.provisional,
        paused_since=None,
        paused_until=None,
    )


@evolves(events.CommitmentEvent, named=CommitmentId)
def evolve(state: Commitment | None, happened: events.CommitmentEvent) -> Commitment:  # noqa: C901, PLR0911, PLR0912
    if state is None:
        assert isinstance(happened, events.CommitmentProposed)
        return _begin(happened)
    match happened:
        case events.FollowUpRecorded() | events.WordingAmended() | events.CommitmentProposed():
            return state
        case RequestsTakenUp():
            return _answer(state, happened.requests)
        case events.CommitmentRegistered():
            return replace(state, stage=Stage.REGISTERED)
        case events.CommitmentPublished():
            return replace(state, published=True)
        case events.CommitmentPublished2():
            return replace(state, published=True, worded_by=(happened.by,))
        case events.WordingAmended2():
            return replace(state, worded_by=(*state.worded_by, happened.by))
        case events.WordingWithdrawn():
            return replace(state, published=False, worded_by=())
        case events.CommitmentAssigned():
            clocks = (happened.acknowledge_by,)
            return replace(state, stage=Stage.ASSIGNED, supporting=happened.supporting, clocks=clocks)
        case events.CommitmentAcknowledged():
            return replace(state, stage=Stage.IN_PROGRESS, clocks=())
        case events.ReturnAsked():
            asked = Asked(by=happened.by)
            return replace(state, stage=Stage.RETURN_ASKED, return_asked=asked)
        case events.ReturnAccepted() | events.CommitmentReassigned():
            return _hand_to(state, happened.unit, happened.acknowledge_by)
        case events.ReturnRefused():
            clocks = (happened.acknowledge_by,)
            return replace(state, stage=Stage.ASSIGNED, return_asked=None, designated=True, clocks=clocks)
        case events.ExtensionAsked():
            asked = Asked(by=happened.by, until=happened.due_on)
            return replace(state, extension_asked=asked)
        case events.ExtensionGranted():
            chosen = replace(state, due_on=happened.due_on, counted_to=None, provisional=False)
            return replace(chosen, extension_asked=None, extensions=state.extensions + 1)
        case events.ExtensionRefused():
            return replace(state, extension_asked=None)
        case events.DeferralProposed():
            asked = Asked(by=happened.by, until=happened.until)
            return replace(state, deferral_asked=asked)
        case events.DeferralGranted():
            return _pause(state, Stage.DEFERRED, happened.since, happened.until)
        case events.DeferralRefused():
            return replace(state, deferral_asked=None)
        case events.CommitmentSuspended():
            return _pause(state, Stage.SUSPENDED, happened.since, happened.until)
        case events.CommitmentResumed():
            return _resume(state, happened)
        case events.DueRecalculated():
            return replace(state, due_on=happened.due_on, provisional=happened.provisional)
        case events.FulfilmentReported():
            review = Review(reported_by=happened.by, quantity=happened.quantity)
            return replace(state, stage=Stage.REPORTED, review=review, extension_asked=None, deferral_asked=None)
        case events.RedoOrdered():
            return replace(state, stage=Stage.IN_PROGRESS, review=None, redos=state.redos + 1)
        case events.CommitmentEscalated():
            return replace(state, escalated=True)
        case events.CommitmentReopened():
            return replace(
                state,
                stage=Stage.IN_PROGRESS,
                review=None,
                due_on=happened.due_on,
                counted_to=None,
                provisional=False,
                claims=_claims(state.terms.serves, state.responsible),
            )
        case events.CommitmentArchived() | events.CommitmentContinued():
            return replace(state, stage=Stage.ARCHIVED)
        case events.CommitmentTerminated():
            return replace(state, stage=Stage.TERMINATED, claims=(), clocks=())
        case events.SupportingUnitJoined():
            return replace(state, supporting=(*state.supporting, happened.unit))
        case events.SupportingUnitLeft():
            return replace(state, supporting=tuple(unit for unit in state.supporting if unit != happened.unit))
        case events.CallBackRecorded() | events.SiteChecked() | events.CommitmentVerified() | events.CommitmentClosed():
            assert state.review is not None
            return _reviewed(state, state.review, happened)
        case _:
            assert_never(happened)


def _reviewed(
    state: Commitment,
    review: Review,
    happened: events.CallBackRecorded | events.SiteChecked | events.CommitmentVerified | events.CommitmentClosed,
) -> Commitment:
    match happened:
        case events.CallBackRecorded():
            return replace(state, review=replace(review, attempts=happened.attempt, answer=happened.answer))
        case events.SiteChecked():
            return replace(state, review=replace(review, checked_by=happened.by, finding=happened.finding))
        case events.CommitmentVerified():
            review = replace(review, quantity=happened.quantity, verified_by=happened.by)
            return replace(state, stage=Stage.VERIFIED, review=review)
        case events.CommitmentClosed():
            review = replace(
                review,
                closed_by=happened.by,
                recheck_from=happened.recheck_from,
                recheck_until=happened.recheck_until,
            )
            return replace(state, stage=Stage.CLOSED, review=review, claims=())
        case _:
            assert_never(happened)
