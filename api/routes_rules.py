"""Addresses of the commands on the limits (规则)."""

from api.commands import Door, Noun
from domain.rule_edition import ConfirmRuleEdition, IssueRuleEdition, WithdrawRuleEdition

RULES = Noun(
    "规则",
    "Rules",
    (
        Door("/v1/rule-editions", IssueRuleEdition, "拟定规则版本", "Issue an edition of the limits"),
        Door(
            "/v1/rule-editions/{id}/confirmation",
            ConfirmRuleEdition,
            "批准规则版本",
            "Put an edition in force",
            versioned=True,
        ),
        Door(
            "/v1/rule-editions/{id}/withdrawal",
            WithdrawRuleEdition,
            "撤回规则版本",
            "Withdraw an edition",
            versioned=True,
        ),
    ),
)
