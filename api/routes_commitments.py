"""Addresses of the commands on commitments (承诺事项), in the order of their life (DOMAIN §3)."""

from api.commands import Door, Noun
from domain.commitment_assignment import (
    AcknowledgeCommitment,
    AddSupportingUnit,
    AskReturn,
    AssignCommitment,
    ReassignCommitment,
    RemoveSupportingUnit,
    RuleOnReturn,
)
from domain.commitment_closing import CloseCommitment, RecheckCommitment, TerminateCommitment
from domain.commitment_handling import AskExtension, RecordFollowUp, ReportFulfilment, RuleOnExtension
from domain.commitment_pausing import ProposeDeferral, ResumeCommitment, RuleOnDeferral, SuspendCommitment
from domain.commitment_recalculating import RecalculateDue
from domain.commitment_registration import (
    AmendWording,
    ProposeCommitment,
    PublishCommitment,
    RegisterCommitment,
    WithdrawWording,
)
from domain.commitment_review import OrderRedo, RecordCallBack, RecordSiteCheck, VerifyCommitment

ONE = "/v1/commitments/{id}"

COMMITMENTS = Noun(
    "承诺事项",
    "Commitments",
    (
        Door("/v1/commitments", ProposeCommitment, "提出", "Propose"),
        Door(f"{ONE}/registration", RegisterCommitment, "立项", "Register (approve)", versioned=True),
        Door(f"{ONE}/publication", PublishCommitment, "公示", "Publish", versioned=True),
        Door(f"{ONE}/wording-amendments", AmendWording, "修改公示文字", "Amend the public wording", versioned=True),
        Door(f"{ONE}/wording-withdrawal", WithdrawWording, "撤下公示", "Withdraw the public wording", versioned=True),
        Door(f"{ONE}/assignment", AssignCommitment, "交办", "Assign", versioned=True),
        Door(f"{ONE}/acknowledgement", AcknowledgeCommitment, "签收", "Acknowledge"),
        Door(f"{ONE}/return-requests", AskReturn, "申请退单", "Ask to return it"),
        Door(f"{ONE}/return-ruling", RuleOnReturn, "退单审核", "Rule on the return", versioned=True),
        Door(f"{ONE}/reassignments", ReassignCommitment, "改派", "Reassign", versioned=True),
        Door(f"{ONE}/supporting-units", AddSupportingUnit, "增加协办单位", "Add a supporting unit", versioned=True),
        Door(
            f"{ONE}/supporting-unit-removals",
            RemoveSupportingUnit,
            "协办单位退出",
            "Remove a supporting unit",
            versioned=True,
        ),
        Door(f"{ONE}/follow-ups", RecordFollowUp, "跟进", "Record a follow-up"),
        Door(f"{ONE}/extension-requests", AskExtension, "申请延期", "Ask for an extension"),
        Door(f"{ONE}/extension-ruling", RuleOnExtension, "延期审核", "Rule on the extension", versioned=True),
        Door(f"{ONE}/deferral-proposals", ProposeDeferral, "提请挂账", "Propose a deferral", versioned=True),
        Door(f"{ONE}/deferral-ruling", RuleOnDeferral, "挂账审批", "Rule on the deferral", versioned=True),
        Door(f"{ONE}/suspension", SuspendCommitment, "中止", "Suspend", versioned=True),
        Door(f"{ONE}/resumption", ResumeCommitment, "恢复办理", "Resume", versioned=True),
        Door(f"{ONE}/due-recalculations", RecalculateDue, "重算期限", "Count the due date anew", versioned=True),
        Door(f"{ONE}/report", ReportFulfilment, "反馈办结", "Report fulfilment"),
        Door(f"{ONE}/redo-orders", OrderRedo, "责令重办", "Order a redo", versioned=True),
        Door(f"{ONE}/call-backs", RecordCallBack, "回访", "Record a call-back"),
        Door(f"{ONE}/site-checks", RecordSiteCheck, "现场核查", "Record a site check"),
        Door(f"{ONE}/verification", VerifyCommitment, "核验", "Verify", versioned=True),
        Door(f"{ONE}/closure", CloseCommitment, "销号", "Close out", versioned=True),
        Door(f"{ONE}/recheck", RecheckCommitment, "回头看", "Re-check", versioned=True),
        Door(f"{ONE}/termination", TerminateCommitment, "终止", "Terminate", versioned=True),
    ),
    shown_at=ONE,
)
