"""The limits one by one: what each is called, what it is counted in, on what it rests, and which edition set it.

The edition is the program's own (`domain.rules.DEFAULT`). What was decided under an edition keeps its name and its
result, whatever a later one says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from domain.counting import Span
from domain.rules import Rules

LOCAL: Final = "本地默认值，非法定 (local default, not statutory)"
DECREE_733: Final = "政府督查工作条例（国务院令第733号） (State Council decree 733)"
GOOD_AND_BAD: Final = (
    "差评限期整改、实名差评回访：国办发〔2019〕51号，未定天数 (General Office of the State Council 2019 no. 51)"
)


class Limit(NamedTuple):
    """`source` quotes what the limit rests on. A statutory one is not for a site to change."""

    zh: str
    en: str
    source: str = LOCAL
    statutory: bool = False


LIMITS: Final[Mapping[str, Limit]] = {
    "dispatch_hours": Limit("交办时限", "from registration to assignment"),
    "acknowledge_hours": Limit("签收时限", "from assignment to acknowledgement"),
    "acknowledge_working_days": Limit("签收时限（非紧急）", "from assignment to acknowledgement, when not urgent"),
    "defer_max_days": Limit("一次挂账最长天数", "longest deferral, a grant"),
    "extensions_max": Limit("延期次数", "extensions in a whole life"),
    "redo_escalates_at": Limit("提级督办的重办次数", "redos that escalate"),
    "call_back_attempts": Limit("现场核查前的回访次数", "call-backs before a site check may do instead"),
    "recheck_after_days": Limit("回头看最早日", "first day of the re-check after the closure"),
    "recheck_before_days": Limit("回头看最迟日", "last day of the re-check after the closure"),
    "yellow_working_days": Limit("黄灯提前量", "working days before the due date from which the lamp is yellow"),
    "occurred_ahead_minutes": Limit("发生时间最多提前", "minutes that occurred_at may lie ahead"),
    "assessment_weights": Limit("年度考核权重", "per cent a part weighs in the assessment"),
    "plan_tolerance_percent": Limit("序时进度容差", "per cent of the target one may lie below plan"),
    "objection_days": Limit(
        "对督查结论提出异议", "to object to a conclusion", f"{DECREE_733} 第17、18条", statutory=True
    ),
    "review_days": Limit("异议复核", "to decide an objection", f"{DECREE_733} 第17、18条", statutory=True),
    "hand_overs_escalate_at": Limit("提级督办的移交次数", "hand-overs of a request without a lead that escalate"),
    "request_answer_working_days": Limit("诉求答复时限", "from acknowledgement of a request to its answer"),
    "rating_rectify_working_days": Limit(
        "差评整改时限", "from receipt of a bad rating to its rectification", f"{GOOD_AND_BAD}；{LOCAL}"
    ),
    "rating_appeal_working_days": Limit("差评申诉裁定时限", "to rule on an appeal against a bad rating"),
    "matter_handlers_max": Limit("保密事项经办人数", "persons named for a confidential matter"),
    "appraisal_min_cell": Limit("评议最小公布数", "smallest count of an appraisal that is shown"),
    "appraisal_min_ballots": Limit("评议计分最少票数", "ballots from which a unit gets a score"),
    "appraisal_z_milli": Limit("评议区间分位数（千分）", "thousandths of the normal quantile of the interval"),
    "appraisal_objection_working_days": Limit("评议结果异议", "to object after publication of an appraisal"),
    "appraisal_resident_percent": Limit("群众评议占比", "per cent the residents weigh against the enterprises"),
    "appraisal_weight_percent": Limit("评议占年度考核比重", "per cent the appraisal weighs in the assessment"),
    "rungs": Limit("催办阶梯", "the ladder of notices"),
    "review_points": Limit("民主测评计分", "points of the grades of 民主测评"),
}
"""Field of `Rules` → what is known of it. A test demands a line for every field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One limit as it stands in an edition. `name` is the field, with the key where there are several
    (`dispatch_hours.urgent`); `span` is None for a limit that is no period."""

    name: str
    zh: str
    en: str
    value: int
    span: Span | None
    edition: str
    source: str
    statutory: bool


def rules_of(rules: Rules) -> dict[str, Rule]:
    """Every limit that is a number, by name."""
    found = {}
    for one in fields(rules):
        value = getattr(rules, one.name)
        numbers = {one.name: value} if isinstance(value, int) else {}
        if isinstance(value, dict):
            numbers = {f"{one.name}.{key}": number for key, number in value.items()}
        limit = LIMITS.get(one.name, Limit(one.name, one.name))
        for name, number in numbers.items():
            key = name[len(one.name) + 1 :]
            found[name] = Rule(
                name=name,
                zh=f"{limit.zh}（{KEYS.get(key, key)}）" if key else limit.zh,
                en=f"{limit.en} ({key})" if key else limit.en,
                value=number,
                span=span_of(one.name),
                edition=rules.version,
                source=limit.source,
                statutory=limit.statutory,
            )
    return found


KEYS: Final = {
    "fulfilment": "兑现",
    "on_time": "按时办结",
    "solved": "企业难题解决",
    "benefit": "受益方确认",
    "lasting": "长效",
    "capacity": "造血",
    "urgent": "紧急",
    "utilities": "水电气热等",
    "general": "一般",
    "difficulty": "困难",
    "opinion": "意见",
    "complaint": "投诉",
}


def span_of(field: str) -> Span | None:
    """What a limit is counted in, which is the end of its name."""
    for ending, span in (
        ("_hours", Span.HOURS),
        ("_working_days", Span.WORKING_DAYS),
        ("_days", Span.DAYS),
        ("_months", Span.MONTHS),
    ):
        if field.endswith(ending):
            return span
    return None
