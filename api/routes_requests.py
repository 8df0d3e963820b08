"""Addresses of the commands on requests: difficulties, opinions, complaints (诉求)."""

from api.commands import Door, Noun
from domain.request_answering import (
    AnswerLinkedRequest,
    AnswerRequest,
    CallBackRequest,
    CheckRequest,
    CloseRequest,
    RedoRequest,
)
from domain.request_dispatch import (
    AcknowledgeRequest,
    AskRequestReturn,
    DispatchRequest,
    ReassignRequest,
    RuleOnRequestReturn,
    TakeOnRequest,
)
from domain.request_intake import LinkRequest, RaiseRequest, UnlinkRequest, WithdrawRequest
from domain.request_promising import PromiseRequest

AT = "/v1/requests/{id}"

REQUESTS = Noun(
    "诉求",
    "Requests",
    (
        Door("/v1/requests", RaiseRequest, "登记诉求", "Take in a request"),
        Door(f"{AT}/taking-on", TakeOnRequest, "首接办理", "Take on as first receiver"),
        Door(f"{AT}/dispatch", DispatchRequest, "派单", "Dispatch a request", versioned=True),
        Door(f"{AT}/acknowledgement", AcknowledgeRequest, "签收诉求", "Acknowledge a request"),
        Door(f"{AT}/return-request", AskRequestReturn, "申请退单", "Ask to return a request"),
        Door(f"{AT}/return-ruling", RuleOnRequestReturn, "裁定退单", "Rule on a return", versioned=True),
        Door(f"{AT}/reassignment", ReassignRequest, "改派诉求", "Reassign a request", versioned=True),
        Door(f"{AT}/link", LinkRequest, "并联", "Link a duplicate", versioned=True),
        Door(f"{AT}/unlinking", UnlinkRequest, "取消并联", "Unlink", versioned=True),
        Door(f"{AT}/promise", PromiseRequest, "诉求转承诺", "Follow a commitment", versioned=True),
        Door(f"{AT}/answer", AnswerRequest, "答复诉求", "Answer a request"),
        Door(f"{AT}/linked-answer", AnswerLinkedRequest, "转告主件答复", "Pass on the main answer", versioned=True),
        Door(f"{AT}/call-backs", CallBackRequest, "回访诉求人", "Call the person back", versioned=True),
        Door(f"{AT}/checks", CheckRequest, "核查", "Check an answer", versioned=True),
        Door(f"{AT}/redo", RedoRequest, "诉求重办", "Order a redo", versioned=True),
        Door(f"{AT}/closing", CloseRequest, "办结诉求", "Close a request", versioned=True),
        Door(f"{AT}/withdrawal", WithdrawRequest, "撤回诉求", "Withdraw a request", versioned=True),
    ),
)
