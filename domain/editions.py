"""Editions of the limits: what the program brings, then those put in force by events, each from its day on.

An edition in force follows the one before it: it starts on a later day and changes some of its limits. So what an
edition says is settled when it is confirmed and never changes afterwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from domain.ids import PersonId
from domain.refusal import Refusal
from domain.rule_book import Rule, rules_of, with_limits
from domain.rules import DEFAULT, Rules


class EditionStage(StrEnum):
    ISSUED = "issued"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet:
    """`limit` is its name in `domain.rule_book` (`dispatch_hours.general`)."""

    limit: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEdition:
    """`number` counts all editions ever issued, from 1; `version` is what deadlines and refusals quote."""

    stage: EditionStage
    number: int
    version: str
    source: str
    in_force_from: date
    limits: tuple[LimitSet, ...]
    reason: str
    issued_by: PersonId
    claims: tuple[str, ...]
    """Its number and its version are used once, and one edition at most follows another."""

    @property
    def values(self) -> dict[str, int]:
        return {one.limit: one.value for one in self.limits}


class Turn(NamedTuple):
    """In force from this day to the next turn."""

    since: date
    rules: Rules


class Editions(NamedTuple):
    """`issued` are all known, by number; `turns` those in force or to come, the program's first."""

    issued: tuple[RuleEdition, ...]
    turns: tuple[Turn, ...]

    @property
    def last(self) -> Turn:
        """The one that another would follow."""
        return self.turns[-1]

    def at(self, day: date) -> Rules:
        """In force on a day."""
        return next(turn.rules for turn in reversed(self.turns) if turn.since <= day)

    def until(self, day: date) -> date:
        """The first day after it on which others are in force; the last day of all when there is none."""
        return next((turn.since for turn in self.turns if turn.since > day), date.max)

    def named(self, version: str) -> Rules | None:
        return next((turn.rules for turn in self.turns if turn.rules.version == version), None)


def with_editions(base: Rules, editions: Iterable[RuleEdition]) -> Editions:
    """`base` is what the program brings."""
    issued = tuple(sorted(editions, key=lambda one: one.number))
    turns = [Turn(date.min, base)]
    confirmed = [one for one in issued if one.stage is EditionStage.CONFIRMED]
    for one in sorted(confirmed, key=lambda one: one.in_force_from):
        rules = with_limits(turns[-1].rules, one.version, one.source, one.values)
        turns.append(Turn(one.in_force_from, rules))
    return Editions(issued, tuple(turns))


BROUGHT = with_editions(DEFAULT, ())
"""Before any was issued."""


def settable(rules: Rules) -> dict[str, Rule]:
    """The limits an edition may set, by name."""
    return {name: rule for name, rule in rules_of(rules).items() if not rule.statutory}


def checked(limits: Iterable[LimitSet], rules: Rules) -> tuple[LimitSet, ...]:
    """By name. Refuses a limit that is none, that is statutory, given twice or out of its range."""
    known, may_be_set = rules_of(rules), tuple(settable(rules))
    given: dict[str, LimitSet] = {}
    for one in limits:
        rule = known.get(one.limit)
        if rule is None:
            raise Refusal(
                "limit_unknown",
                "没有这项规则；可更改的规则见 allowed",
                "there is no such limit; allowed names those that may be set",
                field="limits.limit",
                allowed=may_be_set,
            )
        if rule.statutory:
            raise Refusal(
                "limit_statutory",
                f"“{rule.zh}”为法定时限，不得更改：{rule.source}",
                f"{rule.name} is set by law and not for a site to change: {rule.source}",
                field="limits.limit",
                allowed=may_be_set,
            )
        if rule.name in given:
            raise Refusal("limit_twice", "同一规则重复", "a limit is set twice", field="limits.limit")
        least, most = rule.limit.least, rule.limit.most
        if not least <= one.value <= most:
            raise Refusal(
                "limit_value_out_of_range",
                f"“{rule.zh}”须在{least}至{most}之间",
                f"{rule.name} must be {least} to {most}",
                field="limits.value",
            )
        given[rule.name] = one
    if not given:
        raise Refusal("limits_missing", "须列明更改的规则", "an edition sets at least one limit", field="limits")
    return tuple(given[name] for name in sorted(given))


def consistent(rules: Rules) -> None:
    """Refuses limits that contradict one another."""
    number = {name: rule.value for name, rule in rules_of(rules).items()}
    if number["recheck_after_days"] > number["recheck_before_days"]:
        raise Refusal(
            "recheck_limits",
            "回头看最早日不能晚于最迟日",
            "the re-check can't begin after its last day",
            field="limits",
        )
    if sum(rules.assessment_weights.values()) + rules.appraisal_weight_percent != 100:  # noqa: PLR2004 - per cent
        raise Refusal(
            "weights_not_whole",
            "年度考核各项权重（含群众评议）之和须为100",
            "the weights of the yearly assessment, the appraisal's included, must sum to 100",
            field="limits",
        )
    if rules.appraisal_min_ballots < rules.appraisal_min_cell:
        raise Refusal(
            "ballots_below_cell",
            "计分最少票数不能少于最小公布数",
            "a score needs at least as many ballots as the smallest count that is shown",
            field="limits",
        )
    if not _ascending(number["rungs.blue"], 0, *(number[f"rungs.{one}"] for one in ("yellow", "orange", "red"))):
        raise Refusal(
            "rungs_out_of_order",
            "催办阶梯须依次推后，蓝色在期限前，其余在期限后",
            "the rungs must follow one another, blue before the due date and the others after it",
            field="limits",
        )
    if not _ascending(*reversed(rules.review_points)):
        raise Refusal(
            "points_not_descending",
            "民主测评计分须依次降低",
            "the points of 民主测评 must descend",
            field="limits",
        )


def _ascending(*numbers: int) -> bool:
    return all(one < other for one, other in pairwise(numbers))


def changes(limits: Mapping[str, int], rules: Rules) -> bool:
    """Whether setting them makes any difference."""
    known = rules_of(rules)
    return any(known[name].value != value for name, value in limits.items())
