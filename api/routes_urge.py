"""Addresses of the commands on the ladder of notices (催办)."""

from api.commands import Door, Noun
from domain.urge_ladder import OpenLadder, RecordRung, WithdrawRung

URGE = Noun(
    "催办",
    "The ladder of notices",
    (
        Door("/v1/ladders", OpenLadder, "启动催办", "Open the ladder of a commitment"),
        Door("/v1/ladders/{id}/rungs", RecordRung, "登记催办", "Record a rung as sent or missed"),
        Door("/v1/ladders/{id}/withdrawals", WithdrawRung, "撤回催办", "Withdraw a rung that was overtaken"),
    ),
)
