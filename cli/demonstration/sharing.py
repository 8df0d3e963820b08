"""Resources shared with paired partners: a need is raised, an offer made, the two are matched, used with evidence,
returned where something is left, and the partner is asked whether it did good."""

from datetime import date, datetime
from typing import NamedTuple

from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.pairings import Pair
from cli.demonstration.script import Script
from cli.demonstration.worktime import day_in, days_on, from_day, office_moment
from cli.demonstration.world import World

FIRST, LATEST = date(2011, 3, 1), date(2011, 10, 31)
"""Needs are raised in these months, so that the partner's answer falls into the year."""


class Kind(NamedTuple):
    kind: str
    need: str
    offer: str
    measure: str
    quantity: int
    recurrence: str
    aid: str
    note: str


KINDS = (
    Kind("talent", "需要农业技术员", "农业技术员下乡", "人日", 12, "recurring", "capacity", "田间指导并培训种植户"),
    Kind("talent", "需要法律顾问", "公职律师进村社", "人日", 6, "standing", "capacity", "参与调解并审核合同文本"),
    Kind(
        "business", "需要办事流程辅导", "窗口业务骨干上门辅导", "场", 4, "recurring", "capacity", "辅导代办员办理流程"
    ),
    Kind("policy", "需要惠农惠企政策宣讲", "政策宣讲团", "场", 3, "one_off", "capacity", "宣讲政策并现场答疑"),
    Kind("funds", "道路照明改造缺口", "结对帮扶资金", "分", 1_500_000, "one_off", "relief", "拨付照明改造费用"),
)
TIMES = 5
"""How often each kind is shared."""
UNASKED, DENYING = 7, 8
"""One in so many is not asked yet; one in so many is denied."""
REASON = "双方已结对，资源与需求的内容和时间相符。"
DENIED, CONFIRMED = "来的次数少，没有解决实际问题。", "确实有帮助，希望继续。"


def share(script: Script, world: World, pairs: list[Pair], files: Files) -> None:
    told = Chapter(script, world, "sharing")
    for number in range(TIMES * len(KINDS)):
        _share(told, KINDS[number % len(KINDS)], told.random.choice(pairs), files, number)


def _share(told: Chapter, kind: Kind, pair: Pair, files: Files, number: int) -> None:
    raised = day_in(told.random, max(FIRST, from_day(pair.since)), LATEST)
    much = {"kind": kind.kind, "quantity": kind.quantity, "measure": kind.measure}
    unit, officer = told.world.units[pair.unit], told.one("unit_officer", pair.unit)
    need = told.script.act(
        _on(told, raised, 1),
        told.one("caller"),
        "raise_need",
        {"partner": pair.partner.id, "title": kind.need, "raised_on": raised.isoformat(), **much},
        channel="hotline",
        programme=pair.programme,
    )
    made = _on(told, raised, 2)
    offered = {"unit": unit, "title": kind.offer, "available_from": raised.isoformat(), **much}
    offered |= {"recurrence": kind.recurrence, "aid": kind.aid}
    offer = told.script.act(made, officer, "make_offer", offered, channel="network", programme=pair.programme)
    matched = {"need": need, "quantity": kind.quantity, "reason": REASON}
    told.script.act(_on(told, raised, 4), told.one("dispatcher"), "match_resource", matched, stream=offer)
    used = _on(told, raised, 9)
    # Every third leaves something, which goes back.
    left = kind.quantity // 3 if number % 3 == 0 else 0
    use = {
        "need": need,
        "quantity": kind.quantity - left,
        "used_on": used.date().isoformat(),
        "note": kind.note,
        "evidence": [files.picture(told.random, used)],
    }
    told.script.act(used, officer, "use_resource", use, stream=offer, channel="visit", programme=pair.programme)
    if left:
        returned = _on(told, raised, 11)
        back = {
            "need": need,
            "quantity": left,
            "returned_on": returned.date().isoformat(),
            "reason": "实际用量少于预计",
        }
        told.script.act(returned, officer, "return_resource", back, stream=offer)
    if number % UNASKED == UNASKED - 1:
        return
    asked = _on(told, raised, 14)
    answer = {"need": need}
    if number % DENYING == DENYING - 1:
        answer |= {"answered_on": asked.date().isoformat(), "words": DENIED}
        told.script.act(asked, told.one("caller"), "deny_benefit", answer, stream=offer, channel="hotline")
        return
    good = {"quantity": max(1, (kind.quantity - left) * (10 - number % 3) // 10)}
    confirmed = {**answer, **good, "confirmed_on": asked.date().isoformat(), "words": CONFIRMED}
    told.script.act(asked, told.one("caller"), "confirm_benefit", confirmed, stream=offer, channel="hotline")
    told.script.act(_on(told, raised, 16), officer, "end_offer", {"reason": "本次供需对接已完成"}, stream=offer)


def _on(told: Chapter, raised: date, days: int) -> datetime:
    """Some moment so many working days later."""
    day = days_on(raised, days)
    assert day is not None
    return office_moment(told.random, day)
