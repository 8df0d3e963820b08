"""Which commands the demonstration year uses: all, but for those named here with the reason."""

from collections import Counter

import pytest

from cli.demonstration.world import Founders
from cli.demonstration.year import year
from domain.command import COMMANDS

RECORDED_BY_ITSELF = "asked for by the mornings of the story, not by its script (tests/cli/test_year.py)"
NOT_USED = {
    "open_ladder": RECORDED_BY_ITSELF,
    "record_rung": RECORDED_BY_ITSELF,
    "withdraw_rung": RECORDED_BY_ITSELF,
    "recalculate_deadlines": RECORDED_BY_ITSELF,
    "recalculate_due": RECORDED_BY_ITSELF,
    "erase_personal_data": "it destroys keys for good; whoever is shown the year could read the rest no longer",
}


@pytest.fixture(scope="module")
def used() -> Counter[str]:
    return Counter(step.command for step in year(Founders("01" * 16, "02" * 16, "03" * 16)).steps)


def test_every_command_is_used_or_it_is_said_why_not(used: Counter[str]):
    assert {name: used[name] for name in COMMANDS if not used[name]}.keys() == NOT_USED.keys()
