"""One request at every stage, and the commands that lead there."""

from field import CALLER, DISPATCHER, OFFICER, OTHER_UNIT, SUPERVISOR, UNIT, the_field
from given import Given

from domain.actor import Actor
from domain.commitment_terms import Answer, Finding, Urgency
from domain.ids import RequestId
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

AT, MAIN = RequestId("request"), RequestId("main")
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
ANSWERED: Stage = (RequestStage.ANSWERED, (*IN_HAND[1], (ANSWER, OFFICER)))
CLOSED: Stage = (RequestStage.CLOSED, (*ANSWERED[1], (CALL_BACK, CALLER), (CLOSE, SUPERVISOR)))
WITHDRAWN: Stage = (RequestStage.WITHDRAWN, ((WITHDRAW, SUPERVISOR),))
ALL = {stage[0]: stage for stage in (RAISED, DISPATCHED, RETURN_ASKED, IN_HAND, LINKED, ANSWERED, CLOSED, WITHDRAWN)}


def at(stage: Stage, *, by: Actor = CALLER, raised: RaiseRequest = RAISE) -> Given:
    """A request that has come so far, and another it may be linked to."""
    given = the_field()
    given.when(RAISE, MAIN, by=CALLER)
    given.when(raised, AT, by=by)
    for command, who in stage[1]:
        given.when(command, AT, by=who)  # type: ignore[arg-type]
    assert given.states[AT].stage is stage[0]
    return given
