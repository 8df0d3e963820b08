"""Editions of the limits: issued, put in force by a second person from their day on, withdrawn before it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import DISPATCHER, LEADER, OFFICER
from given import TODAY, Given, person
from matter import MATTER, at

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_pausing import ProposeDeferral
from domain.editions import BROUGHT, EditionStage, LimitSet, with_editions
from domain.refusal import Kind
from domain.rule_book import LIMITS, quoted, rules_of, with_limits
from domain.rule_edition import (
    ConfirmRuleEdition,
    IssueRuleEdition,
    RuleEditionConfirmed,
    RuleEditionIssued,
    RuleEditionWithdrawn,
    WithdrawRuleEdition,
)
from domain.rules import DEFAULT

ADMIN = person("admin", Role.SYSTEM_ADMIN)
SECOND = person("second admin", Role.SYSTEM_ADMIN)
FIRST = TODAY + timedelta(days=10)
LATER = TODAY + timedelta(days=20)
SOURCE = "示政办发〔2011〕30号"
REASON = "缩短挂账时间"


def limits(**values: int) -> tuple[LimitSet, ...]:
    return tuple(LimitSet(limit=name.replace("__", "."), value=value) for name, value in values.items())


def issue(version: str = "2011-1", since: date = FIRST, **values: int) -> IssueRuleEdition:
    changed = limits(**(values or {"defer_max_days": 60}))
    return IssueRuleEdition(version=version, source=SOURCE, in_force_from=since, limits=changed, reason=REASON)


def in_force(given: Given, stream: str, command: IssueRuleEdition) -> None:
    given.when(command, stream, by=ADMIN)
    given.when(ConfirmRuleEdition(), stream, by=SECOND)


def test_it_is_issued_then_confirmed_and_counts_from_its_day():
    given = Given()
    assert given.when(issue(), "one", by=ADMIN) == [
        RuleEditionIssued(
            number=1,
            version="2011-1",
            source=SOURCE,
            in_force_from=FIRST,
            limits=(LimitSet(limit="defer_max_days", value=60),),
            reason=REASON,
            by=ADMIN.person,
        )
    ]
    assert with_editions(DEFAULT, [given.states["one"]]).at(FIRST) is DEFAULT
    assert given.when(ConfirmRuleEdition(), "one", by=SECOND) == [RuleEditionConfirmed(follows="1", by=SECOND.person)]
    editions = with_editions(DEFAULT, [given.states["one"]])
    assert editions.at(FIRST - timedelta(days=1)) is DEFAULT
    new = editions.at(FIRST)
    assert (new.version, new.source, new.defer_max_days) == ("2011-1", SOURCE, 60)
    assert editions.at(date.max) is new
    assert (editions.until(TODAY), editions.until(FIRST)) == (FIRST, date.max)
    assert (editions.named("1"), editions.named("2011-1"), editions.named("x")) == (DEFAULT, new, None)


def test_a_decision_takes_the_edition_of_its_day_and_quotes_it():
    given = at(Stage.IN_PROGRESS)
    asked = ProposeDeferral(measures="等待供地", until=given.today + timedelta(days=61))
    in_force(given, "one", issue(since=given.today + timedelta(days=1)))
    assert given.decide(asked, MATTER, by=DISPATCHER)
    given.later(days=1)
    asked = replace(asked, until=given.today + timedelta(days=61))
    refusal = given.refused(asked, MATTER, by=DISPATCHER)
    assert refusal.rule == "deferral_too_long"
    assert "60天" in refusal.zh
    assert "defer_max_days，第2011-1版" in refusal.zh
    assert "rule defer_max_days, edition 2011-1" in refusal.en
    assert given.decide(replace(asked, until=given.today + timedelta(days=60)), MATTER, by=DISPATCHER)


def test_the_next_edition_keeps_what_it_does_not_change():
    given = Given()
    in_force(given, "one", issue())
    in_force(given, "two", issue("2011-2", LATER, dispatch_hours__general=12))
    editions = with_editions(DEFAULT, given.states.values())
    last = editions.at(LATER)
    assert (last.defer_max_days, last.dispatch_hours) == (60, {**DEFAULT.dispatch_hours, "general": 12})
    rules = rules_of(last)
    found = rules["dispatch_hours.general"]
    assert (found.value, found.edition, found.set_by, found.source) == (12, "2011-2", "2011-2", SOURCE)
    assert (rules["defer_max_days"].set_by, rules["extensions_max"].set_by) == ("2011-1", "1")
    assert rules["extensions_max"].source == LIMITS["extensions_max"].source
    assert DEFAULT.dispatch_hours["general"] == 24


@pytest.mark.parametrize(
    ("asked", "rule", "field"),
    [
        (issue(no_such=1), "limit_unknown", "limits.limit"),
        (issue(dispatch_hours=1), "limit_unknown", "limits.limit"),
        (issue(objection_days=60), "limit_statutory", "limits.limit"),
        (issue(defer_max_days=0), "limit_value_out_of_range", "limits.value"),
        (issue(defer_max_days=367), "limit_value_out_of_range", "limits.value"),
        (issue(appraisal_min_cell=4), "limit_value_out_of_range", "limits.value"),
        (replace(issue(), limits=limits(defer_max_days=60) * 2), "limit_twice", "limits.limit"),
        (replace(issue(), limits=()), "limits_missing", "limits"),
        (issue(defer_max_days=90), "limits_unchanged", "limits"),
        (issue(recheck_after_days=91), "recheck_limits", "limits"),
        (issue(assessment_weights__fulfilment=24), "weights_not_whole", "limits"),
        (issue(appraisal_min_ballots=5, appraisal_min_cell=6), "ballots_below_cell", "limits"),
        (issue(rungs__blue=0), "rungs_out_of_order", "limits"),
        (issue(rungs__yellow=5), "rungs_out_of_order", "limits"),
        (issue(review_points__satisfied=70), "points_not_descending", "limits"),
        (issue(since=TODAY - timedelta(days=1)), "edition_backdated", "in_force_from"),
        (issue("2"), "version_reserved", "version"),
        (issue("2011 1"), "code_blank", "version"),
        (replace(issue(), source=" "), "text_empty", "source"),
        (replace(issue(), reason=" "), "text_empty", "reason"),
    ],
)
def test_what_no_edition_says(asked: IssueRuleEdition, rule: str, field: str):
    refusal = Given().refused(asked, "one", by=ADMIN)
    assert (refusal.rule, refusal.field) == (rule, field)
    if rule in {"limit_unknown", "limit_statutory"}:
        assert {"defer_max_days", "rungs.blue", "review_points.satisfied"} <= set(refusal.allowed)
        assert not {"objection_days", "review_days"} & set(refusal.allowed)


@pytest.mark.parametrize(
    "values",
    [
        {"recheck_after_days": 90},
        {"assessment_weights__fulfilment": 24, "appraisal_weight_percent": 21},
        {"appraisal_min_ballots": 5},
        {"rungs__blue": -60, "rungs__red": 250},
        {"review_points__satisfied": 71, "review_points__dissatisfied": 0},
        {"occurred_ahead_minutes": 0},
    ],
)
def test_what_an_edition_may_say(values: dict[str, int]):
    (event,) = Given().when(issue(**values), "one", by=ADMIN)
    rules = rules_of(with_limits(DEFAULT, "x", "y", {one.limit: one.value for one in event.limits}))
    for name, value in values.items():
        assert rules[name.replace("__", ".")].value == value


def test_every_limit_lies_in_its_own_range():
    for rule in rules_of(DEFAULT).values():
        assert rule.limit.least <= rule.value <= rule.limit.most, rule.name
    assert BROUGHT.at(TODAY) is DEFAULT


def test_today_is_early_enough():
    given = Given()
    in_force(given, "one", issue(since=TODAY))
    assert given.context("x", ADMIN).rules.version == "2011-1"


def test_nobody_confirms_what_they_issued():
    given = Given()
    given.when(issue(), "one", by=ADMIN)
    assert given.refused(ConfirmRuleEdition(), "one", by=ADMIN).rule == "same_person"
    assert given.decide(ConfirmRuleEdition(), "one", by=LEADER)
    assert given.refused(ConfirmRuleEdition(), "one", by=OFFICER).rule == "role_not_allowed"


def test_it_is_not_confirmed_once_its_day_is_past():
    given = Given()
    given.when(issue(), "one", by=ADMIN)
    given.later(days=10)
    assert given.decide(ConfirmRuleEdition(), "one", by=SECOND)
    given.later(days=1)
    assert given.refused(ConfirmRuleEdition(), "one", by=SECOND).rule == "edition_backdated"


def test_each_starts_later_than_the_one_before():
    given = Given()
    given.when(issue("2011-2", since=FIRST, dispatch_hours__general=12), "two", by=ADMIN)
    in_force(given, "one", issue())
    refusal = given.refused(issue("2011-3", dispatch_hours__general=12), "three", by=ADMIN)
    assert (refusal.rule, refusal.kind) == ("edition_out_of_order", Kind.CONFLICT)
    assert given.refused(ConfirmRuleEdition(), "two", by=SECOND).rule == "edition_out_of_order"


def test_one_that_changes_nothing_any_more_is_not_confirmed():
    given = Given()
    given.when(issue("2011-2", LATER), "two", by=ADMIN)
    in_force(given, "one", issue())
    assert given.refused(ConfirmRuleEdition(), "two", by=SECOND).rule == "limits_unchanged"


def test_what_was_consistent_may_be_so_no_longer():
    given = Given()
    given.when(issue("2011-2", LATER, recheck_after_days=60), "two", by=ADMIN)
    in_force(given, "one", issue(recheck_before_days=59))
    assert given.refused(ConfirmRuleEdition(), "two", by=SECOND).rule == "recheck_limits"


def test_it_is_withdrawn_before_its_day_only():
    given = Given()
    given.when(issue(), "one", by=ADMIN)
    withdrawal = WithdrawRuleEdition(reason="暂缓")
    assert given.decide(withdrawal, "one", by=ADMIN) == [RuleEditionWithdrawn(reason="暂缓", by=ADMIN.person)]
    given.when(ConfirmRuleEdition(), "one", by=SECOND)
    given.later(days=10)
    refusal = given.refused(withdrawal, "one", by=ADMIN)
    assert (refusal.rule, refusal.kind, refusal.state) == ("edition_in_force", Kind.OUT_OF_TURN, "confirmed")
    given.later(days=-1)
    given.when(withdrawal, "one", by=ADMIN)
    assert given.states["one"].stage is EditionStage.WITHDRAWN
    assert given.context("x", ADMIN).editions.last.rules is DEFAULT
    for command in (withdrawal, ConfirmRuleEdition()):
        refusal = given.refused(command, "one", by=SECOND)
        assert (refusal.rule, refusal.allowed) == ("out_of_turn", ())


def test_one_that_another_follows_is_withdrawn_after_it():
    given = Given()
    in_force(given, "one", issue())
    in_force(given, "two", issue("2011-2", LATER, dispatch_hours__general=12))
    withdrawal = WithdrawRuleEdition(reason="暂缓")
    assert given.refused(withdrawal, "one", by=ADMIN).rule == "edition_followed"
    given.when(withdrawal, "two", by=ADMIN)
    given.when(withdrawal, "one", by=ADMIN)
    assert given.context("x", ADMIN).editions.turns == BROUGHT.turns


def test_names_keep_two_from_following_one():
    given = Given()
    in_force(given, "one", issue())
    given.when(issue("2011-2", LATER, dispatch_hours__general=12), "two", by=ADMIN)
    first, second = given.states["one"], given.states["two"]
    assert first.claims == ("rule edition 1", "rule edition called 2011-1", "rule edition after 1")
    assert second.claims == ("rule edition 2", "rule edition called 2011-2")
    # Nothing can be put in force after an edition at the same time as that is withdrawn.
    given.happened("one", RuleEditionWithdrawn(reason="r", by=ADMIN.person))
    assert given.states["one"].claims[2] == "rule edition after 2011-1"
    given.happened("two", RuleEditionConfirmed(follows="2011-1", by=SECOND.person))
    assert given.states["two"].claims[2] == "rule edition after 2011-1"


def test_a_refusal_quotes_the_limit_and_the_edition():
    assert quoted(DEFAULT, "extensions_max") == ("（规则 extensions_max，第1版）", " (rule extensions_max, edition 1)")
