"""Local limits as versioned data. A number set by statute says so; every other one is a default a site may change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`version` and `source` name the edition; deadlines and refusals quote them."""

    version: str
    source: str
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
    assessment_weights: tuple[tuple[str, int], ...] = (
        ("fulfilment", 25),
        ("on_time", 15),
        ("solved", 15),
        ("benefit", 10),
        ("lasting", 10),
        ("capacity", 5),
        ("appraisal", 20),
    )
    """part of the yearly assessment (考核) → its weight in percent; local default, for the essay names the parts and no
    numbers"""
    plan_tolerance_percent: int = 10
    """share of the target a commitment may lie below its straight-line plan (序时进度) before it counts as behind"""


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
