"""Addresses of the commands of supervision (督查): inspections, their conclusions, and what follows from them."""

from api.commands import Door, Noun
from domain.circular import DraftCircular, IssueCircular, WithdrawCircular
from domain.conclusion_issuing import DeliverConclusion, IssueConclusion, UseResult
from domain.conclusion_review import DecideReview, ObjectToConclusion, RecuseFromReview
from domain.inspection_conduct import CloseInspection, GiveInspectionNotice, RecordInspectionVisit, SubmitSelfCheck
from domain.inspection_planning import (
    AdmitSecondInspection,
    AmendInspection,
    ApproveInspection,
    CancelInspection,
    PlanInspection,
    RefuseInspection,
)
from domain.listing import LiftListing, ListMatter, WithdrawListing
from domain.rectification import (
    OrderRectification,
    RejectRectification,
    SubmitRectification,
    VerifyRectification,
    WithdrawRectification,
)
from domain.talk import CallOffTalk, RecordTalk, SummonToTalk

INSPECTION = "/v1/inspections/{id}"
CONCLUSION = "/v1/conclusions/{id}"
RECTIFICATION = "/v1/rectifications/{id}"

INSPECTIONS = Noun(
    "督查",
    "Inspections",
    (
        Door("/v1/inspections", PlanInspection, "制定督查方案", "Plan an inspection"),
        Door(f"{INSPECTION}/amendments", AmendInspection, "修订督查方案", "Amend the plan", versioned=True),
        Door(f"{INSPECTION}/approval", ApproveInspection, "批准方案", "Approve the plan", versioned=True),
        Door(f"{INSPECTION}/refusal", RefuseInspection, "不批准方案", "Refuse the plan", versioned=True),
        Door(
            f"{INSPECTION}/second-inspection",
            AdmitSecondInspection,
            "同意另行督查",
            "Admit a second inspection",
            versioned=True,
        ),
        Door(f"{INSPECTION}/notices", GiveInspectionNotice, "督查通知", "Tell a unit"),
        Door(f"{INSPECTION}/self-checks", SubmitSelfCheck, "报送自查", "Submit the self-check"),
        Door(f"{INSPECTION}/visits", RecordInspectionVisit, "实地检查、暗访", "Record a visit"),
        Door(f"{INSPECTION}/closure", CloseInspection, "结束督查", "Close the inspection", versioned=True),
        Door(f"{INSPECTION}/cancellation", CancelInspection, "取消督查", "Cancel the inspection", versioned=True),
    ),
)
CONCLUSIONS = Noun(
    "督查结论",
    "Conclusions",
    (
        Door("/v1/conclusions", IssueConclusion, "作出督查结论", "Conclude on a unit"),
        Door(f"{CONCLUSION}/delivery", DeliverConclusion, "送达", "Record the delivery", versioned=True),
        Door(f"{CONCLUSION}/objection", ObjectToConclusion, "提出异议", "Object"),
        Door(f"{CONCLUSION}/recusals", RecuseFromReview, "回避", "Stand aside from the review"),
        Door(f"{CONCLUSION}/review", DecideReview, "复核决定", "Decide the review", versioned=True),
        Door(f"{CONCLUSION}/uses", UseResult, "结果运用", "Use the result", versioned=True),
    ),
)
RECTIFICATIONS = Noun(
    "整改",
    "Rectifications",
    (
        Door("/v1/rectifications", OrderRectification, "责令整改", "Order a rectification"),
        Door(f"{RECTIFICATION}/submission", SubmitRectification, "报送整改", "Submit it as put right"),
        Door(f"{RECTIFICATION}/verification", VerifyRectification, "核验整改", "Verify it", versioned=True),
        Door(f"{RECTIFICATION}/rejection", RejectRectification, "整改不通过", "Reject it", versioned=True),
        Door(f"{RECTIFICATION}/withdrawal", WithdrawRectification, "撤回要求", "Withdraw the order", versioned=True),
    ),
)
LISTINGS = Noun(
    "挂牌督办",
    "Listed supervision",
    (
        Door("/v1/listings", ListMatter, "挂牌", "List a matter"),
        Door("/v1/listings/{id}/lifting", LiftListing, "摘牌", "Lift it when done", versioned=True),
        Door("/v1/listings/{id}/withdrawal", WithdrawListing, "撤销挂牌", "Take it off the list", versioned=True),
    ),
)
TALKS = Noun(
    "约谈",
    "Talks",
    (
        Door("/v1/talks", SummonToTalk, "约谈", "Summon for a talk"),
        Door("/v1/talks/{id}/record", RecordTalk, "约谈记录", "Record the talk", versioned=True),
        Door("/v1/talks/{id}/calling-off", CallOffTalk, "取消约谈", "Call the talk off", versioned=True),
    ),
)
CIRCULARS = Noun(
    "通报",
    "Circulars",
    (
        Door("/v1/circulars", DraftCircular, "起草通报", "Draft a circular"),
        Door("/v1/circulars/{id}/issue", IssueCircular, "印发通报", "Issue the circular", versioned=True),
        Door("/v1/circulars/{id}/withdrawal", WithdrawCircular, "撤回通报", "Withdraw the circular", versioned=True),
    ),
)
SUPERVISION = (INSPECTIONS, CONCLUSIONS, RECTIFICATIONS, LISTINGS, TALKS, CIRCULARS)
