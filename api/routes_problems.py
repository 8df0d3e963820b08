"""Addresses of the commands on problems that enterprises, villages and residents raise (诉求)."""

from api.commands import Door, Noun
from domain.problem import (
    ConfirmProblem,
    DenyProblem,
    HandBackProblem,
    RaiseProblem,
    SolveProblem,
    TakeOnProblem,
    WithdrawProblem,
)

PROBLEMS = Noun(
    "诉求",
    "Problems raised",
    (
        Door("/v1/problems", RaiseProblem, "提出诉求", "Raise a problem"),
        Door("/v1/problems/{id}/taking-on", TakeOnProblem, "承办", "Take on a problem"),
        Door("/v1/problems/{id}/hand-back", HandBackProblem, "退回", "Hand a problem back"),
        Door("/v1/problems/{id}/solution", SolveProblem, "反馈解决", "Report a problem solved"),
        Door("/v1/problems/{id}/confirmation", ConfirmProblem, "回访：已解决", "Confirm it is solved", versioned=True),
        Door("/v1/problems/{id}/denial", DenyProblem, "回访：未解决", "Record that it is not solved", versioned=True),
        Door("/v1/problems/{id}/withdrawal", WithdrawProblem, "撤回", "Withdraw a problem", versioned=True),
    ),
)
