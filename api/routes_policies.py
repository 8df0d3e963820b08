"""Addresses of the commands on benefit policies (惠民政策)."""

from api.commands import Door, Noun
from domain.policy import AmendPolicy, IssuePolicy, WithdrawPolicy

POLICIES = Noun(
    "惠民政策",
    "Policies",
    (
        Door("/v1/policies", IssuePolicy, "登记政策", "Enter a policy"),
        Door("/v1/policies/{id}/amendments", AmendPolicy, "修订政策", "Amend a policy", versioned=True),
        Door("/v1/policies/{id}/withdrawal", WithdrawPolicy, "撤销政策", "Withdraw a policy", versioned=True),
    ),
)
