"""One sentence in Chinese and in English for every event of an edition of the limits."""

from typing import assert_never

from domain.rule_edition import RuleEditionConfirmed, RuleEditionEvent, RuleEditionIssued, RuleEditionWithdrawn
from projections.sentences import Sentence


def sentence(happened: RuleEditionEvent) -> Sentence:
    one = happened
    match one:
        case RuleEditionIssued():
            set_ = "、".join(f"{limit.limit} {limit.value}" for limit in one.limits)
            return Sentence(
                f"拟定第{one.version}版规则（{one.source}），拟自{one.in_force_from.isoformat()}起施行：{set_}。"
                f"{one.reason}",
                f"Edition {one.version} of the rules issued ({one.source}), to be in force from "
                f"{one.in_force_from.isoformat()}: {set_}. {one.reason}",
            )
        case RuleEditionConfirmed():
            return Sentence(f"批准施行，接续第{one.follows}版。", f"Confirmed; it follows edition {one.follows}.")
        case RuleEditionWithdrawn():
            return Sentence(f"撤回，不再施行：{one.reason}", f"Withdrawn before it came into force: {one.reason}")
        case _:
            assert_never(one)
