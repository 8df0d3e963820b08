"""The inspections of the demonstration year: what follows from them is told too."""

from collections import Counter

from cli.demonstration.world import Founders
from cli.demonstration.year import year

FOUNDERS = Founders("01" * 16, "02" * 16, "03" * 16)
LEAST = {
    "plan_inspection": 8,
    "refuse_inspection": 1,
    "admit_second_inspection": 1,
    "issue_conclusion": 15,
    "close_inspection": 5,
    "object_to_conclusion": 2,
    "recuse_from_review": 2,
    "decide_review": 2,
    "verify_rectification": 5,
    "reject_rectification": 1,
    "list_matter": 1,
    "lift_listing": 1,
    "summon_to_talk": 1,
    "record_talk": 1,
    "issue_circular": 5,
    "use_result": 10,
}


def test_every_kind_of_step_is_told():
    told = Counter(step.command for step in year(FOUNDERS).steps)
    assert {name: told[name] for name, least in LEAST.items() if told[name] < least} == {}
