"""The life of a request (诉求): its stages, what may be asked in each, and what has to be known to decide.

Commands stand in `request_*.py`. Enterprise problems of the headline figure are another noun (`domain/problem.py`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from domain import request_events as events
from domain.commitment_terms import Answer, Finding, Urgency
from domain.correction import Correctable
from domain.deadline import Deadline
from domain.event import evolves
from domain.ids import CommitmentId, PartnerId, PersonId, RequestId, UnitId
from domain.recounting import Timed
from domain.two_hands import Related, Relation, related


class RequestStage(StrEnum):
    RAISED = "raised"  # 待派单
    DISPATCHED = "dispatched"  # 已派单
    RETURN_ASKED = "return_asked"  # 申请退单
    IN_HAND = "in_hand"  # 办理中
    PROMISED = "promised"  # 已转承诺
    LINKED = "linked"  # 已并联
    ANSWERED = "answered"  # 已答复
    CLOSED = "closed"  # 已办结
    WITHDRAWN = "withdrawn"  # 已撤回


_WITH_A_UNIT = frozenset({RequestStage.DISPATCHED, RequestStage.IN_HAND})
_ANSWERED = frozenset({RequestStage.ANSWERED})

STAGES: dict[str, frozenset[RequestStage]] = {
    "take_on_request": frozenset({RequestStage.RAISED}),
    "dispatch_request": frozenset({RequestStage.RAISED}),
    "acknowledge_request": frozenset({RequestStage.DISPATCHED}),
    "ask_request_return": frozenset({RequestStage.DISPATCHED}),
    "rule_on_request_return": frozenset({RequestStage.RETURN_ASKED}),
    "reassign_request": _WITH_A_UNIT,
    "link_request": _WITH_A_UNIT | {RequestStage.RAISED},
    "unlink_request": frozenset({RequestStage.LINKED}),
    "answer_linked_request": frozenset({RequestStage.LINKED}),
    "promise_request": frozenset({RequestStage.IN_HAND}),
    "answer_request": frozenset({RequestStage.IN_HAND, RequestStage.PROMISED}),
    "call_back_request": _ANSWERED,
    "check_request": _ANSWERED,
    "redo_request": _ANSWERED,
    "close_request": _ANSWERED,
    "withdraw_request": frozenset(RequestStage) - {RequestStage.CLOSED, RequestStage.WITHDRAWN},
}
"""The one table of what may be asked when: command → stages. `raise_request` creates and needs none."""
TURNS: dict[RequestStage, tuple[str, ...]] = {
    stage: tuple(name for name, stages in STAGES.items() if stage in stages) for stage in RequestStage
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """From an answer on; a redo drops it."""

    by: PersonId
    resolution: events.Resolution
    attempts: int = 0
    answer: Answer | None = None
    """The latest; an answer other than unreachable is final."""
    finding: Finding | None = None
    checked_by: PersonId | None = None

    @property
    def answered(self) -> bool:
        return self.answer in {Answer.SOLVED, Answer.UNSOLVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Correctable, Timed):
    """What decisions need to know."""

    stage: RequestStage
    kind: events.RequestKind
    protection: events.Protection
    urgency: Urgency
    partner: PartnerId | None
    raised_by: PersonId
    first_receiver: UnitId | None
    responsible: UnitId | None = None
    """The unit it was handed to, from the dispatch on."""
    returned_by: tuple[UnitId, ...] = ()
    """Units whose return was accepted; what comes back to them is theirs."""
    return_asked_by: PersonId | None = None
    designated: bool = False
    hand_overs: int = 0
    """Since a unit last led it."""
    without_lead: bool = False
    """Escalated, because nobody would lead; a leader says who does."""
    redos: int = 0
    escalated: bool = False
    """Because of redos."""
    main: RequestId | None = None
    commitment: CommitmentId | None = None
    """Promised in answer to it; a redo drops it."""
    reply: Reply | None = None
    clocks: tuple[Deadline, ...] = ()
    """Of the dispatch, then the acknowledgement, then the answer."""

    @property
    def answerable(self) -> UnitId | None:
        """Who answers for it now: the unit that leads, and until one does its first receiver (首接负责)."""
        return self.first_receiver if self.stage in _WITHOUT_LEAD else self.responsible


_WITHOUT_LEAD = frozenset({RequestStage.RAISED, RequestStage.DISPATCHED, RequestStage.RETURN_ASKED})


def _begin(happened: events.RequestRaised) -> Request:
    return Request(
        stage=RequestStage.RAISED,
        kind=happened.kind,
        protection=happened.protection,
        urgency=happened.urgency,
        partner=happened.partner,
        raised_by=happened.by,
        first_receiver=happened.first_receiver,
        clocks=(happened.dispatch_by,),
    )


def _hand_to(state: Request, unit: UnitId, hand_over: int, acknowledge_by: Deadline) -> Request:
    return replace(
        state,
        stage=RequestStage.DISPATCHED,
        responsible=unit,
        hand_overs=hand_over,
        clocks=(acknowledge_by,),
        return_asked_by=None,
        designated=False,
    )


@evolves(events.RequestEvent, named=RequestId)
def evolve(state: Request | None, happened: events.RequestEvent) -> Request:  # noqa: C901, PLR0911, PLR0912
    if state is None:
        assert isinstance(happened, events.RequestRaised)
        return _begin(happened)
    match happened:
        case events.RequestRaised():
            return state
        case events.RequestTakenOn() | events.RequestAcknowledged():
            clocks = (happened.answer_by,)
            return replace(state, stage=RequestStage.IN_HAND, responsible=happened.unit, hand_overs=0, clocks=clocks)
        case events.RequestDispatched() | events.RequestReassigned():
            return _hand_to(state, happened.unit, happened.hand_over, happened.acknowledge_by)
        case events.RequestReturnAsked():
            return replace(state, stage=RequestStage.RETURN_ASKED, return_asked_by=happened.by)
        case events.RequestReturnAccepted():
            returned = (*state.returned_by, happened.unit)
            return replace(
                state,
                stage=RequestStage.RAISED,
                responsible=None,
                return_asked_by=None,
                returned_by=returned,
                clocks=(happened.dispatch_by,),
            )
        case events.RequestReturnRefused():
            clocks = (happened.acknowledge_by,)
            return replace(state, stage=RequestStage.DISPATCHED, return_asked_by=None, designated=True, clocks=clocks)
        case events.RequestLinked():
            return replace(state, stage=RequestStage.LINKED, main=happened.main, responsible=None, clocks=())
        case events.RequestUnlinked():
            return replace(state, stage=RequestStage.RAISED, main=None, clocks=(happened.dispatch_by,))
        case events.RequestPromised():
            return replace(state, stage=RequestStage.PROMISED, commitment=happened.commitment, clocks=())
        case events.RequestAnswered():
            reply = Reply(by=happened.by, resolution=happened.resolution)
            return replace(state, stage=RequestStage.ANSWERED, responsible=happened.unit, reply=reply, clocks=())
        case events.RequestCalledBack():
            assert state.reply is not None
            reply = replace(state.reply, attempts=happened.attempt, answer=happened.answer)
            return replace(state, reply=reply)
        case events.RequestChecked():
            assert state.reply is not None
            return replace(state, reply=replace(state.reply, finding=happened.finding, checked_by=happened.by))
        case events.RequestRedoOrdered():
            redone = replace(state, stage=RequestStage.IN_HAND, reply=None, commitment=None, redos=happened.redo)
            return replace(redone, clocks=(happened.answer_by,))
        case events.RequestEscalated():
            if happened.ground is events.EscalationGround.NO_LEAD:
                return replace(state, without_lead=True, designated=True)
            return replace(state, escalated=True)
        case events.RequestClosed():
            return replace(state, stage=RequestStage.CLOSED, clocks=())
        case events.RequestWithdrawn():
            return replace(state, stage=RequestStage.WITHDRAWN, clocks=())
        case _:
            assert_never(happened)


@related(of=Request)
def _related(state: Request) -> Related:
    reply = state.reply
    return {
        Relation.RECORDER: (state.raised_by,),
        Relation.RETURN_ASKER: (state.return_asked_by,),
        Relation.REPORTER: (reply.by if reply else None,),
        Relation.CHECKER: (reply.checked_by if reply else None,),
        Relation.HANDLING_UNIT: (state.responsible,),
    }
