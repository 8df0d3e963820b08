"""The numbers of DOMAIN §3–5, written down a second time: what the first edition says and between what a site may
choose."""

from typing import Any

import pytest

from domain.rule_book import LIMITS, rules_of
from domain.rules import DEFAULT
from domain.urge_rungs import RUNGS, Addressee, Colour, Form, Rung

FIRST = {
    "dispatch_hours.urgent": 1,
    "dispatch_hours.utilities": 2,
    "dispatch_hours.general": 24,
    "acknowledge_hours.urgent": 2,
    "acknowledge_working_days": 1,
    "defer_max_days": 90,
    "extensions_max": 1,
    "redo_escalates_at": 3,
    "call_back_attempts": 3,
    "recheck_after_days": 30,
    "recheck_before_days": 90,
    "yellow_working_days": 3,
    "occurred_ahead_minutes": 5,
    "assessment_weights.fulfilment": 25,
    "assessment_weights.on_time": 15,
    "assessment_weights.solved": 15,
    "assessment_weights.benefit": 10,
    "assessment_weights.lasting": 10,
    "assessment_weights.capacity": 5,
    "plan_tolerance_percent": 10,
    "objection_days": 30,
    "review_days": 30,
    "hand_overs_escalate_at": 3,
    "request_answer_working_days.difficulty": 5,
    "request_answer_working_days.opinion": 10,
    "request_answer_working_days.complaint": 7,
    "rating_rectify_working_days": 15,
    "rating_appeal_working_days": 5,
    "matter_handlers_max": 5,
    "appraisal_min_cell": 5,
    "appraisal_min_ballots": 30,
    "appraisal_z_milli": 1960,
    "appraisal_objection_working_days": 5,
    "appraisal_resident_percent": 50,
    "appraisal_weight_percent": 20,
    "rungs.blue": -3,
    "rungs.yellow": 1,
    "rungs.orange": 5,
    "rungs.red": 10,
    "review_points.satisfied": 100,
    "review_points.fairly_satisfied": 70,
    "review_points.dissatisfied": 30,
}
BETWEEN = {
    "dispatch_hours": (1, 720),
    "acknowledge_hours": (1, 720),
    "acknowledge_working_days": (1, 60),
    "defer_max_days": (1, 366),
    "extensions_max": (0, 10),
    "redo_escalates_at": (1, 20),
    "call_back_attempts": (1, 20),
    "recheck_after_days": (1, 366),
    "recheck_before_days": (1, 731),
    "yellow_working_days": (1, 60),
    "occurred_ahead_minutes": (0, 60),
    "assessment_weights": (0, 100),
    "plan_tolerance_percent": (0, 100),
    "objection_days": (30, 30),
    "review_days": (30, 30),
    "hand_overs_escalate_at": (1, 20),
    "request_answer_working_days": (1, 250),
    "rating_rectify_working_days": (1, 60),
    "rating_appeal_working_days": (1, 60),
    "matter_handlers_max": (2, 20),
    "appraisal_min_cell": (5, 100),
    "appraisal_min_ballots": (5, 100_000),
    "appraisal_z_milli": (1000, 4000),
    "appraisal_objection_working_days": (1, 60),
    "appraisal_resident_percent": (0, 100),
    "appraisal_weight_percent": (0, 100),
    "rungs": (-60, 250),
    "review_points": (0, 100),
}


def test_the_first_edition():
    assert {name: rule.value for name, rule in rules_of(DEFAULT).items()} == FIRST
    assert sum(value for name, value in FIRST.items() if name.startswith("assessment_weights.")) == 80
    assert (DEFAULT.version, "DOMAIN" in DEFAULT.source, DEFAULT.set_by) == ("1", True, {})


def test_a_rule_is_called_by_its_name():
    assert all(rule.name == name for name, rule in rules_of(DEFAULT).items())


@pytest.mark.parametrize("field", LIMITS)
def test_between_what_a_site_may_choose(field: str):
    assert (LIMITS[field].least, LIMITS[field].most) == BETWEEN[field]
    values = [value for name, value in FIRST.items() if name.partition(".")[0] == field]
    assert values
    assert all(LIMITS[field].least <= value <= LIMITS[field].most for value in values)


def test_the_ladder():
    def rung(colour: Colour, days: int, form: Form, **rest: Any) -> Rung:
        return Rung(**{"colour": colour, "days": days, "form": form, "copied_to": (), "talk": False, **rest})

    deputy, leader = (Addressee.DEPUTY_LEADER,), (Addressee.LEADER,)
    assert (
        RUNGS
        == DEFAULT.rungs
        == (
            rung(Colour.BLUE, -3, Form.NOTICE),
            rung(Colour.YELLOW, 1, Form.NOTICE, copied_to=deputy),
            rung(Colour.ORANGE, 5, Form.CIRCULAR, copied_to=deputy),
            rung(Colour.RED, 10, Form.NOTICE, copied_to=leader, talk=True),
        )
    )
    assert all(one.working for one in RUNGS)
