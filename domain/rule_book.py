"""The limits one by one: what each is called, what it is counted in, on what it rests, and which edition set it.

The first edition is the program's own (`domain.rules.DEFAULT`); the later ones are put in force by events
(`domain.editions`). What was decided under an edition keeps its name and its result, whatever a later one says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from domain.appraisal_form import Choice
from domain.counting import Span
from domain.rules import Rules, SetBy
from domain.urge_rungs import Rung

LOCAL: Final = "本地默认值，非法定 (local default, not statutory)"
DECREE_733: Final = "政府督查工作条例（国务院令第733号） (State Council decree 733)"
GOOD_AND_BAD: Final = (
    "差评限期整改、实名差评回访：国办发〔2019〕51号，未定天数 (General Office of the State Council 2019 no. 51)"
)


class Limit(NamedTuple):
    """An edition may set it from `least` to `most`. `source` quotes what the limit rests on where no edition set it. A
    statutory one is not for a site to change."""

    zh: str
    en: str
    least: int
    most: int
    source: str = LOCAL
    statutory: bool = False


LIMITS: Final[Mapping[str, Limit]] = {
    "dispatch_hours": Limit("交办时限", "from registration to assignment", 1, 720),
    "acknowledge_hours": Limit("签收时限", "from assignment to acknowledgement", 1, 720),
    "acknowledge_working_days": Limit(
        "签收时限（非紧急）", "from assignment to acknowledgement, when not urgent", 1, 60
    ),
    "defer_max_days": Limit("一次挂账最长天数", "longest deferral, a grant", 1, 366),
    "extensions_max": Limit("延期次数", "extensions in a whole life", 0, 10),
    "redo_escalates_at": Limit("提级督办的重办次数", "redos that escalate", 1, 20),
    "call_back_attempts": Limit("现场核查前的回访次数", "call-backs before a site check may do instead", 1, 20),
    "recheck_after_days": Limit("回头看最早日", "first day of the re-check after the closure", 1, 366),
    "recheck_before_days": Limit("回头看最迟日", "last day of the re-check after the closure", 1, 731),
    "yellow_working_days": Limit("黄灯提前量", "working days before the due date from which the lamp is yellow", 1, 60),
    "occurred_ahead_minutes": Limit("发生时间最多提前", "minutes that occurred_at may lie ahead", 0, 60),
    "assessment_weights": Limit("年度考核权重", "per cent a part weighs in the assessment", 0, 100),
    "plan_tolerance_percent": Limit("序时进度容差", "per cent of the target one may lie below plan", 0, 100),
    "objection_days": Limit(
        "对督查结论提出异议", "to object to a conclusion", 30, 30, f"{DECREE_733} 第17、18条", statutory=True
    ),
    "review_days": Limit("异议复核", "to decide an objection", 30, 30, f"{DECREE_733} 第17、18条", statutory=True),
    "hand_overs_escalate_at": Limit(
        "提级督办的移交次数", "hand-overs of a request without a lead that escalate", 1, 20
    ),
    "request_answer_working_days": Limit("诉求答复时限", "from acknowledgement of a request to its answer", 1, 250),
    "rating_rectify_working_days": Limit(
        "差评整改时限", "from receipt of a bad rating to its rectification", 1, 60, f"{GOOD_AND_BAD}；{LOCAL}"
    ),
    "rating_appeal_working_days": Limit("差评申诉裁定时限", "to rule on an appeal against a bad rating", 1, 60),
    "matter_handlers_max": Limit("保密事项经办人数", "persons named for a confidential matter", 2, 20),
    "appraisal_min_cell": Limit("评议最小公布数", "smallest count of an appraisal that is shown", 5, 100),
    "appraisal_min_ballots": Limit("评议计分最少票数", "ballots from which a unit gets a score", 5, 100_000),
    "appraisal_z_milli": Limit(
        "评议区间分位数（千分）", "thousandths of the normal quantile of the interval", 1000, 4000
    ),
    "appraisal_objection_working_days": Limit("评议结果异议", "to object after publication of an appraisal", 1, 60),
    "appraisal_resident_percent": Limit("群众评议占比", "per cent the residents weigh against the enterprises", 0, 100),
    "appraisal_weight_percent": Limit("评议占年度考核比重", "per cent the appraisal weighs in the assessment", 0, 100),
    "rungs": Limit("催办阶梯", "days from the due date to a notice of the ladder, before it when negative", -60, 250),
    "review_points": Limit("民主测评计分", "points of a grade of 民主测评", 0, 100),
}
"""Field of `Rules` → what is known of it. A test demands a line for every field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One limit as it stands in an edition. `name` is the field, with the key where there are several
    (`dispatch_hours.urgent`); `span` is None for a limit that is no period. `edition` is the one it was read from,
    `set_by` the one that gave it this value."""

    name: str
    zh: str
    en: str
    value: int
    span: Span | None
    edition: str
    source: str
    statutory: bool
    set_by: str

    @property
    def limit(self) -> Limit:
        return LIMITS[self.name.partition(".")[0]]


def rules_of(rules: Rules) -> dict[str, Rule]:
    """Every limit, by name."""
    found = {}
    for field, limit in LIMITS.items():
        for key, number in _numbers(getattr(rules, field)).items():
            name = f"{field}.{key}" if key else field
            given = rules.set_by.get(name) or SetBy(PROGRAM, limit.source)
            found[name] = Rule(
                name=name,
                zh=f"{limit.zh}（{KEYS[key]}）" if key else limit.zh,
                en=f"{limit.en} ({key})" if key else limit.en,
                value=number,
                span=span_of(field),
                edition=rules.version,
                source=given.source,
                statutory=limit.statutory,
                set_by=given.edition,
            )
    return found


def with_limits(rules: Rules, version: str, source: str, values: Mapping[str, int]) -> Rules:
    """The edition `version`: those rules, but for the limits it names."""
    given: dict[str, Any] = {}
    for name, number in values.items():
        field, _, key = name.partition(".")
        given[field] = _with(given.get(field, getattr(rules, field)), key, number)
    set_by = {**rules.set_by, **dict.fromkeys(values, SetBy(version, source))}
    return replace(rules, version=version, source=source, set_by=set_by, **given)


def quoted(rules: Rules, name: str) -> tuple[str, str]:
    """What a refusal adds to its sentence in each language: the limit it rests on and the edition."""
    return f"（规则 {name}，第{rules.version}版）", f" (rule {name}, edition {rules.version})"


def _numbers(value: Any) -> dict[str, int]:
    """Key → number; the key of a limit that is one number is empty."""
    match value:
        case int():
            return {"": value}
        case dict():
            return value
        case (Rung(), *_):
            return {rung.colour.value: rung.days for rung in value}
        case _:
            return dict(zip(GRADES, value, strict=True))


def _with(value: Any, key: str, number: int) -> Any:
    match value:
        case int():
            return number
        case dict():
            return {**value, key: number}
        case (Rung(), *_):
            return tuple(replace(rung, days=number) if rung.colour == key else rung for rung in value)
        case _:
            return tuple(number if grade == key else given for grade, given in zip(GRADES, value, strict=True))


PROGRAM: Final = "1"
"""The edition the program brings."""
GRADES: Final = (Choice.SATISFIED.value, Choice.FAIRLY_SATISFIED.value, Choice.DISSATISFIED.value)
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
    "blue": "蓝色提醒",
    "yellow": "黄色催办",
    "orange": "橙色通报",
    "red": "红色督办",
    Choice.SATISFIED.value: "满意",
    Choice.FAIRLY_SATISFIED.value: "基本满意",
    Choice.DISSATISFIED.value: "不满意",
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
