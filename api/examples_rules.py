"""The part of the examples' life that is about the limits. The documents are invented."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.examples import Story


def rules(told: "Story", promise: Mapping[str, Any]) -> None:
    """An edition issued by one person and put in force by another, one that is thought better of, and `promise`
    registered under the first."""
    today = told.now.date()
    told.tell(
        "issue_rule_edition",
        "system_admin",
        "shorter",
        version="2012-1",
        source="示政办发〔2012〕1号",
        in_force_from=_on(today, 7),
        limits=[{"limit": "dispatch_hours.general", "value": 12}, {"limit": "defer_max_days", "value": 60}],
        reason="交办提速",
    )
    told.tell("confirm_rule_edition", "leader", "shorter")
    told.tell(
        "issue_rule_edition",
        "system_admin",
        "longer",
        version="2012-2",
        source="示政办发〔2012〕2号",
        in_force_from=_on(today, 30),
        limits=[{"limit": "call_back_attempts", "value": 4}],
        reason="增加回访次数",
    )
    told.tell("withdraw_rule_edition", "leader", "longer", reason="征求意见后暂缓")
    told.now += timedelta(days=7)
    told.tell("propose_commitment", "supervisor", "shelter", **promise)
    told.tell("register_commitment", "leader", "shelter", note="同意立项")


def _on(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()
