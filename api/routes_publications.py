"""Addresses of the commands that show records to the public (公示公开)."""

from api.commands import Door, Noun
from domain.publication import AmendPublication, IssuePublication, WithdrawPublication

PUBLICATIONS = Noun(
    "公示公开",
    "Publications",
    (
        Door("/v1/publications", IssuePublication, "公示", "Publish a record"),
        Door("/v1/publications/{id}/amendments", AmendPublication, "公开修改", "Amend visibly", versioned=True),
        Door("/v1/publications/{id}/withdrawal", WithdrawPublication, "撤下公示", "Withdraw", versioned=True),
    ),
)
