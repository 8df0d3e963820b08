"""Benefit policies."""

from dataclasses import replace
from datetime import date

import pytest
from field import LEADER, SECOND_SUPERVISOR, SUPERVISOR, UNIT, the_field
from given import Given

from domain.policy import (
    MAX_TARGETS,
    AmendPolicy,
    IssuePolicy,
    PolicyAmended,
    PolicyIssued,
    PolicyStage,
    PolicyWithdrawn,
    Target,
    WithdrawPolicy,
)
from domain.refusal import Kind

TARGET = Target(key="1", text="改造农村危房", quantity=120, measure="户")
POLICY = IssuePolicy(
    number="太政发〔2011〕8号",
    title="农村危房改造实施意见",
    issuer=UNIT,
    effective_on=date(2011, 1, 1),
    summary="三年内完成改造。",
    targets=(TARGET,),
)
AMENDED = AmendPolicy(
    title="农村危房改造实施意见（修订）",
    effective_on=date(2011, 7, 1),
    expires_on=date(2013, 12, 31),
    summary="两年内完成改造。",
    targets=(TARGET, replace(TARGET, key="2", quantity=1)),
    reason="进度提前",
)


@pytest.fixture
def given() -> Given:
    return the_field()


@pytest.fixture
def issued(given: Given) -> Given:
    given.when(POLICY, "policy", by=SUPERVISOR)
    return given


def test_a_policy_is_issued(given: Given):
    assert given.when(POLICY, "policy", by=LEADER) == [
        PolicyIssued(
            number="太政发〔2011〕8号",
            title="农村危房改造实施意见",
            issuer=UNIT,
            effective_on=date(2011, 1, 1),
            expires_on=None,
            summary="三年内完成改造。",
            targets=(TARGET,),
            by=LEADER.person,
        )
    ]
    assert given.states["policy"].targets == {"1": TARGET}


def test_it_may_take_effect_later_and_end_on_its_first_day(given: Given):
    day = date(2012, 1, 1)
    [issued] = given.when(replace(POLICY, effective_on=day, expires_on=day), "policy", by=SUPERVISOR)
    assert (issued.effective_on, issued.expires_on) == (day, day)


def test_its_number_is_its_own_for_ever(issued: Given):
    assert issued.states["policy"].claims == ("policy number 太政发〔2011〕8号",)
    issued.when(WithdrawPolicy(reason="废止"), "policy", by=LEADER)
    assert issued.states["policy"].claims == ("policy number 太政发〔2011〕8号",)


BAD = [
    ("effective_on", date(1999, 12, 31), "date_before_start", "effective_on"),
    ("expires_on", date(2010, 12, 31), "date_before_start", "expires_on"),
    ("title", "", "text_empty", "title"),
    ("summary", "长" * 10_001, "text_too_long", "summary"),
    ("targets", (), "targets_count", "targets"),
    ("targets", tuple(replace(TARGET, key=str(n)) for n in range(MAX_TARGETS + 1)), "targets_count", "targets"),
    ("targets", (TARGET, replace(TARGET, key=" 1 ")), "target_key_twice", "targets.key"),
    ("targets", (replace(TARGET, quantity=0),), "number_out_of_range", "targets.quantity"),
    ("targets", (replace(TARGET, quantity=-5),), "number_out_of_range", "targets.quantity"),
    ("targets", (replace(TARGET, measure=""),), "text_empty", "targets.measure"),
    ("targets", (replace(TARGET, text=""),), "text_empty", "targets.text"),
    ("targets", (replace(TARGET, key=""),), "text_empty", "targets.key"),
]


@pytest.mark.parametrize(("name", "value", "rule", "field"), BAD)
def test_what_a_policy_must_not_say(issued: Given, name: str, value, rule: str, field: str):
    for command, stream in ((POLICY, "new"), (AMENDED, "policy")):
        refusal = issued.refused(replace(command, **{name: value}), stream, by=SUPERVISOR)
        assert (refusal.rule, refusal.field) == (rule, field)


def test_a_policy_needs_a_number(given: Given):
    assert given.refused(replace(POLICY, number=" "), "policy", by=SUPERVISOR).field == "number"


def test_as_many_targets_as_may_be(given: Given):
    targets = tuple(replace(TARGET, key=str(n)) for n in range(MAX_TARGETS))
    assert given.when(replace(POLICY, targets=targets), "policy", by=SUPERVISOR)


def test_texts_are_kept_without_outer_blanks(given: Given):
    [issued] = given.when(
        replace(POLICY, number=" 8号 ", targets=(replace(TARGET, key=" a ", measure=" 户 ", text=" 改 "),)),
        "policy",
        by=SUPERVISOR,
    )
    assert issued.number == "8号"
    assert issued.targets == (Target(key="a", text="改", quantity=120, measure="户"),)


def test_an_amendment_replaces_the_wording(issued: Given):
    assert issued.when(AMENDED, "policy", by=SUPERVISOR) == [
        PolicyAmended(
            title=AMENDED.title,
            effective_on=AMENDED.effective_on,
            expires_on=AMENDED.expires_on,
            summary=AMENDED.summary,
            targets=AMENDED.targets,
            reason="进度提前",
            by=SUPERVISOR.person,
        )
    ]
    state = issued.states["policy"]
    assert (state.title, state.effective_on, set(state.targets)) == (AMENDED.title, AMENDED.effective_on, {"1", "2"})


def test_an_amendment_has_a_reason(issued: Given):
    assert issued.refused(replace(AMENDED, reason=""), "policy", by=SUPERVISOR).field == "reason"


def test_a_second_person_withdraws(issued: Given):
    withdraw = WithdrawPolicy(reason="废止")
    refusal = issued.refused(withdraw, "policy", by=SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    withdrawn = issued.when(withdraw, "policy", by=SECOND_SUPERVISOR)
    assert withdrawn == [PolicyWithdrawn(reason="废止", by=SECOND_SUPERVISOR.person)]
    assert issued.states["policy"].stage is PolicyStage.WITHDRAWN


def test_a_withdrawal_has_a_reason(issued: Given):
    assert issued.refused(WithdrawPolicy(reason=""), "policy", by=LEADER).field == "reason"


@pytest.mark.parametrize("command", [AMENDED, WithdrawPolicy(reason="废止")])
def test_nothing_after_a_withdrawal(issued: Given, command):
    issued.when(WithdrawPolicy(reason="废止"), "policy", by=LEADER)
    refusal = issued.refused(command, "policy", by=SECOND_SUPERVISOR)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", "withdrawn", ())
