"""Local limits as versioned data. A number set by statute says so; every other one is a default a site may change."""

from dataclasses import dataclass, field
from typing import NamedTuple

from domain.urge_rungs import RUNGS, Rung


class SetBy(NamedTuple):
    """Which edition gave a limit its value, and the source it quoted."""

    edition: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`version` and `source` name the edition; deadlines and refusals quote them. `set_by` has the limits (by name, as
    in `domain.rule_book`) that an edition put in force by an event gave another value."""

    version: str
    source: str
    set_by: dict[str, SetBy] = field(default_factory=dict)
    dispatch_hours: dict[str, int]
    """urgency → hours from registration to assignment"""
    acknowledge_hours: dict[str, int]
    """urgency → hours from assignment to acknowledgement (urgent)"""
    acknowledge_working_days: int
    """for every urgency not in `acknowledge_hours`"""
    defer_max_days: int
    extensions_max: int
    redo_escalates_at: int
    call_back_attempts: int
    recheck_after_days: int
    recheck_before_days: int
    yellow_working_days: int
    occurred_ahead_minutes: int
    assessment_weights: dict[str, int] = field(
        default_factory=lambda: {
            "fulfilment": 25,
            "on_time": 15,
            "solved": 15,
            "benefit": 10,
            "lasting": 10,
            "capacity": 5,
        }
    )
    """part of the yearly assessment (考核) → its weight in percent, beside `appraisal_weight_percent`; local default:
    the essay names the parts and no numbers"""
    plan_tolerance_percent: int = 10
    """share of the target a commitment may lie below its straight-line plan (序时进度) before it counts as behind"""
    rungs: tuple[Rung, ...] = RUNGS
    """the ladder of notices (催办)"""
    objection_days: int = 30
    """calendar days from receipt of a conclusion within which the unit may object; law: 政府督查工作条例
    (State Council decree 733) arts. 17 and 18"""
    review_days: int = 30
    """calendar days from an objection within which it is decided; law: as `objection_days`"""

    hand_overs_escalate_at: int = 3
    """hand-overs of a request without a unit that leads it (local default)"""
    request_answer_working_days: dict[str, int] = field(
        default_factory=lambda: {"difficulty": 5, "opinion": 10, "complaint": 7}
    )
    """kind of request → working days from acknowledgement to the answer (local default)"""
    rating_rectify_working_days: int = 15
    """working days from receipt of a bad rating (差评) to its rectification, and again from a redo (local default)"""
    rating_appeal_working_days: int = 5
    """working days from the appeal against a bad rating to the ruling (local default)"""
    matter_handlers_max: int = 5
    """persons named for a confidential matter (local default)"""

    appraisal_min_cell: int = 5
    """群众评议: a count under it is never shown; local default after the habit of statistical offices"""
    appraisal_min_ballots: int = 30
    """ballots of a frame from which a unit gets a score; local default"""
    appraisal_z_milli: int = 1960
    """thousandths of the normal quantile of the interval: 95%, two-sided"""
    appraisal_objection_working_days: int = 5
    """working days after publication in which a unit may object; local default"""
    appraisal_resident_percent: int = 50
    """weight of the residents against the enterprises in a unit's standing; local default"""
    appraisal_weight_percent: int = 20
    """weight of the appraisal in the yearly assessment; local default"""
    review_points: tuple[int, ...] = (100, 70, 30)
    """民主测评: points for 满意, 基本满意 and 不满意 (DOMAIN §5)"""


DEFAULT = Rules(
    version="1",
    source="DOMAIN §3–4: 本地默认值 (local defaults; none of these is statutory)",
    dispatch_hours={"urgent": 1, "utilities": 2, "general": 24},
    acknowledge_hours={"urgent": 2},
    acknowledge_working_days=1,
    defer_max_days=90,
    extensions_max=1,
    redo_escalates_at=3,
    call_back_attempts=3,
    recheck_after_days=30,
    recheck_before_days=90,
    yellow_working_days=3,
    occurred_ahead_minutes=5,
)
