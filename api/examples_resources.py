"""The part of the life the examples tell in which a unit's experts help a village, and in which a year is assessed."""

from collections.abc import Mapping
from typing import Any, Protocol


class Teller(Protocol):
    """What `api.examples.Story` offers."""

    ids: dict[str, str]

    def on(self, day: str) -> None: ...

    def tell(self, command: str, by: str, of: str, events: int = 1, /, **body: Any) -> None: ...


def resources(told: Teller, files: list[Mapping[str, Any]]) -> None:
    """`files`: lodged evidence."""
    told.on("2011-05-10")
    need = {"partner": told.ids["village"], "kind": "talent", "quantity": 10, "measure": "人日"}
    raised = {**need, "title": "需要水稻栽培技术员", "raised_on": "2011-05-10", "detail": "去年收成不好"}
    told.tell("raise_need", "caller", "need", **raised)
    told.tell("raise_need", "caller", "double need", **raised)
    told.tell("withdraw_need", "supervisor", "double need", reason="重复登记")
    offered = {
        "unit": told.ids["roads"],
        "kind": "talent",
        "title": "道路养护技术员",
        "quantity": 20,
        "measure": "人日",
    }
    classed = {"recurrence": "recurring", "aid": "capacity"}
    told.tell("make_offer", "officer", "offer", **offered, **classed, available_from="2011-05-01")
    matched = {"need": told.ids["need"]}
    told.tell("match_resource", "dispatcher", "offer", **matched, quantity=8, reason="技术员就近，工种相符")
    use = {**matched, "quantity": 4, "used_on": "2011-05-10", "note": "田间指导两天", "evidence": files}
    told.tell("use_resource", "officer", "offer", **use)
    told.tell("deny_benefit", "caller", "offer", **matched, answered_on="2011-05-10", words="没有讲到要点")
    told.tell("use_resource", "officer", "offer", **{**use, "quantity": 3, "note": "补讲病虫害防治"})
    answer = {**matched, "quantity": 3, "confirmed_on": "2011-05-10", "words": "讲得清楚"}
    told.tell("confirm_benefit", "caller", "offer", **answer)
    told.tell(
        "return_resource", "officer", "offer", **matched, quantity=1, returned_on="2011-05-10", reason="插秧已结束"
    )
    told.tell("end_offer", "officer", "offer", reason="技术员另有任务")
    _assessment(told)


def _assessment(told: Teller) -> None:
    figures = [
        {"part": "fulfilment", "numerator": 1, "denominator": 1, "excluded": 0},
        {"part": "benefit", "numerator": 3, "denominator": 7, "excluded": 0},
    ]
    drawn = {"known_at": 100, "figures_on": "2011-05-10", "figures": figures}
    assessed = {"unit": told.ids["roads"], "year": 2011, **drawn}
    told.tell("assess_unit", "supervisor", "assessment", **assessed)
    told.tell("revise_assessment", "supervisor", "assessment", **drawn, reason="补计一项办结")
    told.tell("publish_assessment", "second", "assessment")
    nominees = [{"assessment": told.ids["assessment"], "reason": "承诺事项按期兑现，群众认可"}]
    told.tell(
        "propose_commendation", "supervisor", "first list", year=2011, title="惠民服务先进单位", nominees=nominees
    )
    told.tell("refuse_commendation", "leader", "first list", reason="名单须征求意见后再报")
    told.tell("propose_commendation", "supervisor", "list", year=2011, title="惠民服务先进单位", nominees=nominees)
    told.tell("approve_commendation", "leader", "list", note="同意")
    told.tell("revoke_commendation", "leader", "list", reason="考核须复核")
    told.tell("withdraw_assessment", "second", "assessment", reason="数据须复核")
