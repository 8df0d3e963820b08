"""Addresses of the commands of supervision (督查): inspections, their conclusions, and what follows from them."""

from api.commands import Door, Noun
from domain.conclusion_issuing import DeliverConclusion, IssueConclusion, UseResult
from domain.conclusion_review import DecideReview, ObjectToConclusion, RecuseFromReview
from domain.inspection_conduct import CloseInspection, GiveInspectionNotice, RecordInspectionVisit, SubmitSelfCheck
from domain.inspection_planning import (
    AdmitSecondInspection,
    ApproveInspection,
    CancelInspection,
    PlanInspection,
    RefuseInspection,
)

INSPECTION = "/v1/inspections/{id}"
CONCLUSION = "/v1/conclusions/{id}"

INSPECTIONS = Noun(
    "督查",
    "Inspections",
    (
        Door("/v1/inspections", PlanInspection, "制定督查方案", "Plan an inspection"),
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
SUPERVISION = (INSPECTIONS, CONCLUSIONS)
