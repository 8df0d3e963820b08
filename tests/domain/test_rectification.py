"""Rectification: ordered item by item, submitted by the unit, verified or rejected by someone else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import HEAD, LEADER, OFFICER, OTHER_OFFICER, SECOND_SUPERVISOR, SUPERVISOR, UNIT
from given import TODAY, Given
from inspections import (
    CONCLUSION,
    UNIT_LEADER,
    UNIT_SUPERVISOR,
    WORDING,
    concluded,
    delivered,
    objected,
    walked,
)
from matter import THIRD_SUPERVISOR, photo
from test_conclusion import AMEND, REVOKE, UPHOLD

from domain.ids import ConclusionId
from domain.rectification import (
    OrderRectification,
    RectificationOrdered,
    RectificationRejected,
    RectificationStage,
    RectificationSubmitted,
    RectificationVerified,
    RectificationWithdrawn,
    RejectRectification,
    SubmitRectification,
    VerifyRectification,
    WithdrawRectification,
)
from domain.refusal import Kind

ITEM = "rectification"
DUE = date(2011, 7, 31)
ORDER = OrderRectification(conclusion=ConclusionId(CONCLUSION), item=2, due_on=DUE)
VERIFY = VerifyRectification(note="屋顶已返修")
REJECT = RejectRectification(reason="仍有两户漏水", due_on=date(2011, 8, 31))
WITHDRAW = WithdrawRectification(reason="结论已撤销")


def submission(given: Given) -> SubmitRectification:
    return SubmitRectification(note="已返修", evidence=(photo(given),))


def ordered(given: Given | None = None) -> Given:
    return walked(given or delivered(), (ORDER, ITEM, SUPERVISOR))


def submitted(given: Given | None = None) -> Given:
    given = ordered(given)
    return walked(given, (submission(given), ITEM, OFFICER))


def test_one_item_of_a_conclusion_is_ordered():
    given = delivered()
    assert given.when(ORDER, ITEM, by=SECOND_SUPERVISOR) == [
        RectificationOrdered(
            conclusion=ConclusionId(CONCLUSION),
            unit=UNIT,
            item=2,
            wording=WORDING.items[1],
            due_on=DUE,
            by=SECOND_SUPERVISOR.person,
        )
    ]
    state = given.states[ITEM]
    assert (state.stage, state.responsible, state.due_on) == (RectificationStage.ORDERED, UNIT, DUE)
    assert state.claims == (f"rectification {CONCLUSION} 2",)


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"item": 0}, "no_such_item", "item"),
        ({"item": 3}, "no_such_item", "item"),
        ({"due_on": TODAY - timedelta(days=1)}, "not_ahead", "due_on"),
        ({"due_on": date(2021, 6, 16)}, "term_too_long", "due_on"),
    ],
)
def test_what_is_no_order(changes, rule: str, wrong: str):
    refusal = delivered().refused(replace(ORDER, **changes), ITEM, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)


@pytest.mark.parametrize("item", [1, 2])
def test_each_item_can_be_ordered(item: int):
    [event] = delivered().when(replace(ORDER, item=item, due_on=TODAY), ITEM, by=SUPERVISOR)
    assert event.wording == WORDING.items[item - 1]


def test_the_units_own_people_order_nothing():
    refusal = delivered().refused(ORDER, ITEM, by=UNIT_SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("own_inspection", Kind.FORBIDDEN)


def test_only_a_conclusion_in_force_is_put_right():
    refusal = concluded().refused(ORDER, ITEM, by=SUPERVISOR)
    assert (refusal.rule, refusal.state) == ("conclusion_not_in_force", "issued")
    ordered(objected())
    ordered(walked(objected(), (UPHOLD, CONCLUSION, LEADER)))
    given = walked(objected(), (REVOKE, CONCLUSION, LEADER))
    assert given.refused(ORDER, ITEM, by=SUPERVISOR).state == "revoked"
    given = walked(objected(), (AMEND, CONCLUSION, LEADER))
    assert given.refused(ORDER, ITEM, by=SUPERVISOR).rule == "no_such_item"


@pytest.mark.parametrize("by", [OFFICER, HEAD])
def test_the_unit_submits_with_evidence(by):
    given = ordered()
    command = submission(given)
    assert given.when(command, ITEM, by=by) == [
        RectificationSubmitted(note="已返修", evidence=command.evidence, filed_at=given.now, by=by.person)
    ]
    assert given.states[ITEM].stage is RectificationStage.SUBMITTED


def test_nothing_is_submitted_without_evidence_or_by_another_unit():
    given = ordered()
    assert given.refused(replace(submission(given), evidence=()), ITEM, by=OFFICER).rule == "evidence_missing"
    assert given.refused(submission(given), ITEM, by=OTHER_OFFICER).rule == "other_unit"


def test_another_person_verifies():
    given = submitted()
    files = (photo(given, "b"),)
    assert given.when(replace(VERIFY, evidence=files), ITEM, by=SUPERVISOR) == [
        RectificationVerified(note="屋顶已返修", evidence=files, filed_at=given.now, by=SUPERVISOR.person)
    ]
    assert given.states[ITEM].stage is RectificationStage.VERIFIED
    assert given.states[ITEM].claims == (f"rectification {CONCLUSION} 2",)


def test_what_is_rejected_is_submitted_again():
    given = submitted()
    assert given.when(REJECT, ITEM, by=THIRD_SUPERVISOR) == [
        RectificationRejected(reason="仍有两户漏水", due_on=date(2011, 8, 31), by=THIRD_SUPERVISOR.person)
    ]
    assert (given.states[ITEM].stage, given.states[ITEM].due_on) == (RectificationStage.ORDERED, date(2011, 8, 31))
    walked(given, (submission(given), ITEM, HEAD), (VERIFY, ITEM, SUPERVISOR))


def test_a_rejection_sets_a_day_ahead():
    refusal = submitted().refused(replace(REJECT, due_on=TODAY - timedelta(days=1)), ITEM, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("not_ahead", "due_on")


@pytest.mark.parametrize("command", [VERIFY, REJECT])
def test_neither_the_submitter_nor_the_unit_verifies(command):
    given = submitted()
    moved = replace(SUPERVISOR, person=OFFICER.person)
    assert given.refused(command, ITEM, by=moved).rule == "same_person"
    assert given.refused(command, ITEM, by=UNIT_SUPERVISOR).rule == "own_inspection"


def test_a_revoked_conclusion_leaves_only_the_withdrawal():
    given = submitted(objected())
    assert given.refused(WITHDRAW, ITEM, by=LEADER).rule == "conclusion_in_force"
    given.when(REVOKE, CONCLUSION, by=LEADER)
    for command in (VERIFY, REJECT):
        refusal = given.refused(command, ITEM, by=SUPERVISOR)
        assert refusal.rule == "conclusion_revoked"
        assert "withdraw_rectification" in refusal.allowed
    assert given.refused(WITHDRAW, ITEM, by=UNIT_LEADER).rule == "own_inspection"
    assert given.when(WITHDRAW, ITEM, by=LEADER) == [RectificationWithdrawn(reason="结论已撤销", by=LEADER.person)]
    assert given.states[ITEM].stage is RectificationStage.WITHDRAWN
    assert given.states[ITEM].claims == ()


def test_nothing_is_submitted_for_a_revoked_conclusion():
    given = walked(ordered(objected()), (REVOKE, CONCLUSION, LEADER))
    assert given.refused(submission(given), ITEM, by=OFFICER).rule == "conclusion_revoked"


def test_an_order_may_go_when_the_conclusion_was_amended_and_goes_on_otherwise():
    given = walked(ordered(objected()), (AMEND, CONCLUSION, LEADER))
    given.decide(submission(given), ITEM, by=OFFICER)
    given.when(WITHDRAW, ITEM, by=LEADER)
    given = walked(ordered(objected()), (UPHOLD, CONCLUSION, LEADER))
    assert given.refused(WITHDRAW, ITEM, by=LEADER).rule == "conclusion_in_force"


def test_each_step_in_its_turn():
    given = ordered()
    for command in (VERIFY, REJECT):
        assert given.refused(command, ITEM, by=SUPERVISOR).rule == "out_of_turn"
    given = submitted()
    assert given.refused(submission(given), ITEM, by=OFFICER).rule == "out_of_turn"
    given.when(VERIFY, ITEM, by=SUPERVISOR)
    for command, by in ((submission(given), OFFICER), (VERIFY, SUPERVISOR), (REJECT, SUPERVISOR), (WITHDRAW, LEADER)):
        assert given.refused(command, ITEM, by=by).rule == "out_of_turn"
