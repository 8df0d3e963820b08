"""Addresses of the commands on service at the grassroots: field visits (下基层), pairings (结对共建), joint
activities, joint projects and contributions of funds."""

from api.commands import Door, Noun
from domain.activity import HoldActivity, WithdrawActivity
from domain.contribution import MakeContribution, ReverseContribution
from domain.pairing import AgreePairing, EndPairing, WithdrawPairing
from domain.project import CompleteProject, StartProject, WithdrawProject
from domain.visit import RecordVisit, WithdrawVisit

VISITS = Noun(
    "下基层",
    "Field visits",
    (
        Door("/v1/visits", RecordVisit, "记录下基层", "Record a field visit"),
        Door("/v1/visits/{id}/withdrawal", WithdrawVisit, "撤回误记", "Withdraw a wrong entry", versioned=True),
    ),
)
PAIRINGS = Noun(
    "结对共建",
    "Pairings",
    (
        Door("/v1/pairings", AgreePairing, "结对", "Agree a pairing"),
        Door("/v1/pairings/{id}/end", EndPairing, "结束结对", "End a pairing"),
        Door("/v1/pairings/{id}/withdrawal", WithdrawPairing, "撤回误记", "Withdraw a wrong entry", versioned=True),
    ),
)
ACTIVITIES = Noun(
    "共建活动",
    "Joint activities",
    (
        Door("/v1/activities", HoldActivity, "记录共建活动", "Record a joint activity"),
        Door("/v1/activities/{id}/withdrawal", WithdrawActivity, "撤回误记", "Withdraw a wrong entry", versioned=True),
    ),
)
PROJECTS = Noun(
    "共建项目",
    "Joint projects",
    (
        Door("/v1/projects", StartProject, "启动共建项目", "Start a joint project"),
        Door("/v1/projects/{id}/completion", CompleteProject, "项目完成", "Complete a joint project"),
        Door("/v1/projects/{id}/withdrawal", WithdrawProject, "撤回误记", "Withdraw a wrong entry", versioned=True),
    ),
)
CONTRIBUTIONS = Noun(
    "帮扶资金",
    "Contributions",
    (
        Door("/v1/contributions", MakeContribution, "记录投入资金", "Record funds put in"),
        Door("/v1/contributions/{id}/reversal", ReverseContribution, "冲销", "Reverse a contribution", versioned=True),
    ),
)
SERVICE = (VISITS, PAIRINGS, ACTIVITIES, PROJECTS, CONTRIBUTIONS)
