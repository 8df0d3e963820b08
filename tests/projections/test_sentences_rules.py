"""What is said of the events of an edition of the limits."""

from datetime import date

from domain.editions import LimitSet
from domain.ids import PersonId
from domain.rule_edition import RuleEditionConfirmed, RuleEditionIssued, RuleEditionWithdrawn
from projections.sentences_rules import sentence

BY = PersonId("somebody")


def test_an_edition_is_issued():
    limits = (LimitSet(limit="defer_max_days", value=60), LimitSet(limit="dispatch_hours.general", value=12))
    told = sentence(
        RuleEditionIssued(
            number=1,
            version="2012-1",
            source="示〔2012〕1号",
            in_force_from=date(2012, 2, 1),
            limits=limits,
            reason="提速",
            by=BY,
        )
    )
    assert told.zh == (
        "拟定第2012-1版规则（示〔2012〕1号），拟自2012-02-01起施行：defer_max_days 60、dispatch_hours.general 12。提速"
    )
    assert told.en.startswith("Edition 2012-1 of the rules issued (示〔2012〕1号), to be in force from 2012-02-01: ")


def test_it_is_confirmed_or_withdrawn():
    assert sentence(RuleEditionConfirmed(follows="1", by=BY)).zh == "批准施行，接续第1版。"
    assert sentence(RuleEditionWithdrawn(reason="暂缓", by=BY)).zh == "撤回，不再施行：暂缓"
    assert "暂缓" in sentence(RuleEditionWithdrawn(reason="暂缓", by=BY)).en
