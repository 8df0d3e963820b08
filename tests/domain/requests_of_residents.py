"""One request at every stage, and the commands that lead there."""

from datetime import date

from field import CALLER, DISPATCHER, LEADER, OFFICER, OTHER_UNIT, SUPERVISOR, UNIT, the_field
from given import Given

from domain.actor import Actor
from domain.commitment_registration import ProposeCommitment, RegisterCommitment
from domain.commitment_terms import Answer, Finding, Mandate, Urgency
from domain.ids import CommitmentId, RequestId
from domain.request import RequestStage
from domain.request_answering import AnswerRequest, CallBackRequest, CheckRequest, CloseRequest, RedoRequest
from domain.request_dispatch import (
    AcknowledgeRequest,
    AskRequestReturn,
    DispatchRequest,
    ReassignRequest,
    RuleOnRequestReturn,
    TakeOnRequest,
)
from domain.request_events import Protection, RequestKind, Resolution, Way
from domain.request_intake import LinkRequest, RaiseRequest, WithdrawRequest
from domain.request_promising import PromiseRequest
from domain.service import Aid, Recurrence

AT, MAIN = RequestId("request"), RequestId("main")
COMMITMENT = CommitmentId("commitment")
RAISE = RaiseRequest(
    kind=RequestKind.DIFFICULTY,
    way=Way.HOTLINE,
    protection=Protection.CONFIDENTIAL,
    title="村口路灯不亮",
    detail="夜里看不清路",
    urgency=Urgency.GENERAL,
    region="320585100201",
    name="某某",
    phone="000-0000",
)
TAKE_ON = TakeOnRequest()
DISPATCH = DispatchRequest(unit=UNIT, instruction="请三日内核实")
ACKNOWLEDGE = AcknowledgeRequest()
RETURN = AskRequestReturn(reason="不属本单位职责")
RULE = RuleOnRequestReturn(granted=True, reason="情况属实")
REASSIGN = ReassignRequest(unit=OTHER_UNIT, reason="职责调整")
ANSWER = AnswerRequest(resolution=Resolution.SOLVED, note="更换灯具", reply="路灯已修好")
PROPOSE = ProposeCommitment(
    title="村道路灯改造",
    answers=(AT,),
    lead_unit=UNIT,
    quantity=20,
    measure="盏",
    starts_on=date(2011, 6, 15),
    due_on=date(2011, 12, 20),
    basis="12345热线转办",
    mandate=Mandate.HOTLINE,
    urgency=Urgency.GENERAL,
    recurrence=Recurrence.ONE_OFF,
    aid=Aid.CAPACITY,
    region="320585",
)
PROMISE = PromiseRequest(commitment=COMMITMENT, reply="年内整体改造")
CALL_BACK = CallBackRequest(answer=Answer.SOLVED, words="都亮了")
CHECK = CheckRequest(finding=Finding.AS_REPORTED, note="夜间查看")
REDO = RedoRequest(reason="尚有两盏不亮")
CLOSE = CloseRequest(note="同意办结")
WITHDRAW = WithdrawRequest(reason="本人撤回")

Stage = tuple[RequestStage, tuple[tuple[object, Actor], ...]]
RAISED: Stage = (RequestStage.RAISED, ())
DISPATCHED: Stage = (RequestStage.DISPATCHED, ((DISPATCH, DISPATCHER),))
RETURN_ASKED: Stage = (RequestStage.RETURN_ASKED, (*DISPATCHED[1], (RETURN, OFFICER)))
IN_HAND: Stage = (RequestStage.IN_HAND, (*DISPATCHED[1], (ACKNOWLEDGE, OFFICER)))
LINKED: Stage = (RequestStage.LINKED, ((LinkRequest(main=MAIN, reason="同一事项"), DISPATCHER),))
PROMISED: Stage = (RequestStage.PROMISED, (*IN_HAND[1], (PROMISE, SUPERVISOR)))
ANSWERED: Stage = (RequestStage.ANSWERED, (*IN_HAND[1], (ANSWER, OFFICER)))
CLOSED: Stage = (RequestStage.CLOSED, (*ANSWERED[1], (CALL_BACK, CALLER), (CLOSE, SUPERVISOR)))
WITHDRAWN: Stage = (RequestStage.WITHDRAWN, ((WITHDRAW, SUPERVISOR),))
ALL = {
    stage[0]: stage
    for stage in (RAISED, DISPATCHED, RETURN_ASKED, IN_HAND, PROMISED, LINKED, ANSWERED, CLOSED, WITHDRAWN)
}


def propose(given: Given) -> None:
    """A commitment in answer to it, not yet registered."""
    given.when(PROPOSE, COMMITMENT, by=SUPERVISOR)


def promise(given: Given) -> None:
    propose(given)
    given.when(RegisterCommitment(), COMMITMENT, by=LEADER)


def at(stage: Stage, *, by: Actor = CALLER, raised: RaiseRequest = RAISE) -> Given:
    """A request that has come so far, and another it may be linked to."""
    given = the_field()
    given.when(RAISE, MAIN, by=CALLER)
    given.when(raised, AT, by=by)
    if any(command is PROMISE for command, _ in stage[1]):
        promise(given)
    for command, who in stage[1]:
        given.when(command, AT, by=who)  # type: ignore[arg-type]
    assert given.states[AT].stage is stage[0]
    return given
