"""Every limit is named, counted in something and quotes its source."""

from dataclasses import fields, replace

import pytest

from domain.counting import Span
from domain.rule_book import DECREE_733, LIMITS, rules_of, span_of
from domain.rules import DEFAULT, Rules


def test_every_limit_has_its_line():
    assert set(LIMITS) == {field.name for field in fields(Rules)} - {"version", "source", "set_by"}
    assert all(limit.zh and limit.en and limit.source for limit in LIMITS.values())


def test_a_limit_with_keys_is_several_rules():
    rules = rules_of(DEFAULT)
    found = rules["dispatch_hours.urgent"]
    assert (found.value, found.span, found.edition) == (1, Span.HOURS, "1")
    assert (found.zh, found.en) == ("交办时限（紧急）", "from registration to assignment (urgent)")
    assert "dispatch_hours" not in rules
    assert rules["defer_max_days"].zh == "一次挂账最长天数"


def test_another_edition_says_so():
    rules = rules_of(replace(DEFAULT, version="2", defer_max_days=60))
    assert (rules["defer_max_days"].edition, rules["defer_max_days"].value) == ("2", 60)


def test_what_is_law_says_so():
    law = {name: rule for name, rule in rules_of(DEFAULT).items() if rule.statutory}
    assert set(law) == {"objection_days", "review_days"}
    assert all(DECREE_733 in rule.source for rule in law.values())


@pytest.mark.parametrize(
    ("field", "span"),
    [
        ("acknowledge_hours", Span.HOURS),
        ("acknowledge_working_days", Span.WORKING_DAYS),
        ("defer_max_days", Span.DAYS),
        ("some_months", Span.MONTHS),
        ("extensions_max", None),
    ],
)
def test_the_name_says_what_it_is_counted_in(field: str, span: Span | None):
    assert span_of(field) is span
