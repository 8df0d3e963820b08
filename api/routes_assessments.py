"""Addresses of the commands on yearly assessments (年度考核) and commendation lists (评先评优)."""

from api.commands import Door, Noun
from domain.assessment import AssessUnit, PublishAssessment, ReviseAssessment, WithdrawAssessment
from domain.commendation import ApproveCommendation, ProposeCommendation, RefuseCommendation, RevokeCommendation

ASSESSMENTS = Noun(
    "年度考核",
    "Yearly assessments",
    (
        Door("/v1/assessments", AssessUnit, "拟定考核", "Draw up an assessment"),
        Door("/v1/assessments/{id}/revisions", ReviseAssessment, "重新拟定", "Draw it up anew", versioned=True),
        Door("/v1/assessments/{id}/publication", PublishAssessment, "公布考核", "Publish it", versioned=True),
        Door("/v1/assessments/{id}/withdrawal", WithdrawAssessment, "撤回考核", "Withdraw it", versioned=True),
    ),
)
COMMENDATIONS = Noun(
    "评先评优",
    "Commendations",
    (
        Door("/v1/commendations", ProposeCommendation, "提出名单", "Propose a list"),
        Door("/v1/commendations/{id}/approval", ApproveCommendation, "批准名单", "Approve a list", versioned=True),
        Door("/v1/commendations/{id}/refusal", RefuseCommendation, "不予批准", "Refuse a list", versioned=True),
        Door("/v1/commendations/{id}/revocation", RevokeCommendation, "撤销名单", "Revoke a list", versioned=True),
    ),
)
ASSESSING = (ASSESSMENTS, COMMENDATIONS)
