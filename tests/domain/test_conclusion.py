"""Conclusions: issued, delivered, objected to, reviewed by others than their authors, used when final."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from field import HEAD, LEADER, OFFICER, OTHER_HEAD, OTHER_UNIT, SECOND_SUPERVISOR, SUPERVISOR, UNIT
from given import TODAY
from inspections import (
    CONCLUDE,
    CONCLUSION,
    DELIVER,
    INSPECTION,
    OBJECT,
    SELF_CHECK,
    UNIT_LEADER,
    UNIT_SUPERVISOR,
    WORDING,
    approved,
    concluded,
    delivered,
    noticed,
    objected,
    planned,
    visited,
    walked,
)
from matter import SECOND_LEADER, SECOND_UNIT, THIRD_SUPERVISOR, move_to, photo

from domain.calendar import DayOff
from domain.conclusion import ConclusionStage
from domain.conclusion_events import (
    ConclusionAmended,
    ConclusionDelivered,
    ConclusionIssued,
    ConclusionObjected,
    ConclusionRevoked,
    ConclusionUpheld,
    ResultUsed,
    ReviewerRecused,
)
from domain.conclusion_issuing import UseResult
from domain.conclusion_review import DecideReview, RecuseFromReview, ReviewDecision
from domain.conclusion_terms import ResultUse, Verdict, Wording, in_days
from domain.inspection_planning import CancelInspection
from domain.refusal import Kind
from domain.rules import DEFAULT

UPHOLD = DecideReview(decision=ReviewDecision.UPHELD, reason="计划含三十户")
NEW = Wording(verdict=Verdict.IN_PLACE, facts="九十户均已完成", items=())
AMEND = DecideReview(decision=ReviewDecision.AMENDED, reason="计划已调整", wording=NEW)
REVOKE = DecideReview(decision=ReviewDecision.REVOKED, reason="事实不清")
USE = UseResult(use=ResultUse.ASSESSMENT, reference="太考〔2011〕5号", note="扣一分")
RECUSE = RecuseFromReview(reason="曾任该单位领导")


def test_a_conclusion_names_those_who_made_it():
    given = visited()
    files = (photo(given),)
    assert given.when(replace(CONCLUDE, evidence=files), CONCLUSION, by=SUPERVISOR) == [
        ConclusionIssued(
            inspection=INSPECTION,
            unit=UNIT,
            wording=WORDING,
            authors=(SUPERVISOR.person, SECOND_SUPERVISOR.person),
            evidence=files,
            filed_at=given.now,
            issued_on=TODAY,
            by=SUPERVISOR.person,
        )
    ]
    state = given.states[CONCLUSION]
    assert (state.stage, state.verdict, state.items) == (ConclusionStage.ISSUED, Verdict.PARTLY, WORDING.items)
    assert state.claims == (f"conclusion {INSPECTION} {UNIT}",)


def test_a_self_check_is_enough_to_conclude_from():
    given = walked(noticed(), (SELF_CHECK, INSPECTION, OFFICER))
    given.when(CONCLUDE, CONCLUSION, by=SUPERVISOR)


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"unit": SECOND_UNIT}, "unit_not_in_plan", "unit"),
        ({"unit": OTHER_UNIT}, "nothing_established", "unit"),
        ({"authors": (THIRD_SUPERVISOR.person,)}, "not_in_team", "authors"),
        ({"authors": (SUPERVISOR.person,)}, "named_twice", "authors"),
        ({"wording": replace(WORDING, facts="")}, "text_empty", "wording.facts"),
        ({"wording": replace(WORDING, items=("", "甲"))}, "text_empty", "wording.items"),
        ({"wording": replace(WORDING, items=("甲", "甲 "))}, "named_twice", "wording.items"),
        ({"wording": replace(WORDING, items=tuple(map(str, range(101))))}, "too_many_named", "wording.items"),
    ],
)
def test_what_is_no_conclusion(changes, rule: str, wrong: str):
    refusal = visited().refused(replace(CONCLUDE, **changes), CONCLUSION, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)
    kinds = {"nothing_established": Kind.OUT_OF_TURN, "not_in_team": Kind.FORBIDDEN}
    assert refusal.kind is kinds.get(rule, Kind.INVALID)


def test_a_conclusion_names_up_to_a_hundred_items():
    items = tuple(map(str, range(100)))
    [issued] = visited().when(replace(CONCLUDE, wording=replace(WORDING, items=items)), CONCLUSION, by=SUPERVISOR)
    assert issued.wording.items == items


def test_only_the_team_concludes():
    refusal = visited().refused(CONCLUDE, CONCLUSION, by=THIRD_SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("not_in_team", Kind.FORBIDDEN)
    visited().when(replace(CONCLUDE, authors=()), CONCLUSION, by=SECOND_SUPERVISOR)


def test_who_has_moved_to_the_unit_concludes_nothing():
    moved = replace(SUPERVISOR, unit=UNIT)
    assert visited().refused(CONCLUDE, CONCLUSION, by=moved).rule == "own_inspection"


def test_only_a_running_inspection_is_concluded():
    assert planned().refused(CONCLUDE, CONCLUSION, by=SUPERVISOR).rule == "inspection_not_running"
    given = walked(visited(), (CancelInspection(reason="停止"), INSPECTION, LEADER))
    refusal = given.refused(CONCLUDE, CONCLUSION, by=SUPERVISOR)
    assert (refusal.rule, refusal.state, refusal.kind) == ("inspection_not_running", "cancelled", Kind.OUT_OF_TURN)
    assert refusal.field == "inspection"


def test_the_unit_may_object_for_thirty_days_from_receipt():
    given = concluded()
    given.later(days=2)
    [event] = given.when(DELIVER, CONCLUSION, by=SECOND_SUPERVISOR)
    assert isinstance(event, ConclusionDelivered)
    assert (event.received_on, event.by) == (TODAY, SECOND_SUPERVISOR.person)
    # 15 June + 30 = 15 July, a Friday: it ends with that day in Shanghai.
    assert event.object_by.due == datetime(2011, 7, 15, 16, tzinfo=UTC)
    assert event.object_by.start == datetime(2011, 6, 14, 16, tzinfo=UTC)
    assert (event.object_by.rule, event.object_by.skipped) == ("objection_days", ())
    assert event.object_by.edition == DEFAULT.version


def test_the_law_sets_both_terms():
    assert (DEFAULT.objection_days, DEFAULT.review_days) == (30, 30)


def test_a_last_day_off_moves_to_the_next_working_day():
    given = approved()
    # The Dragon Boat festival: 4 June, a Saturday, to 6 June 2011.
    found = in_days(given.context("x", SUPERVISOR), "review_days", 30, date(2011, 5, 5))
    assert found.due == datetime(2011, 6, 7, 16, tzinfo=UTC)
    assert [(one.day, one.why) for one in found.skipped] == [
        (date(2011, 6, 4), DayOff.HOLIDAY),
        (date(2011, 6, 5), DayOff.WEEKEND),
        (date(2011, 6, 6), DayOff.HOLIDAY),
    ]
    assert not found.provisional
    assert in_days(given.context("x", SUPERVISOR), "review_days", 30, date(2040, 5, 5)).provisional


@pytest.mark.parametrize(
    ("received_on", "rule"),
    [(TODAY + timedelta(days=1), "date_in_future"), (TODAY - timedelta(days=1), "date_before_start")],
)
def test_it_is_not_received_before_it_is_issued_nor_tomorrow(received_on: date, rule: str):
    assert concluded().refused(replace(DELIVER, received_on=received_on), CONCLUSION, by=SUPERVISOR).rule == rule


def test_the_units_head_objects():
    given = delivered()
    files = (photo(given),)
    [event] = given.when(replace(OBJECT, evidence=files), CONCLUSION, by=HEAD)
    assert event == ConclusionObjected(
        grounds="三十户不在计划内",
        evidence=files,
        filed_at=given.now,
        decide_by=event.decide_by,
        by=HEAD.person,
    )
    assert event.decide_by.due == datetime(2011, 7, 15, 16, tzinfo=UTC)
    assert event.decide_by.rule == "review_days"
    assert given.states[CONCLUSION].stage is ConclusionStage.OBJECTED


def test_it_objects_on_the_last_day_and_not_later():
    given = delivered()
    move_to(given, date(2011, 7, 15))
    given.later(hours=11)
    assert given.today == date(2011, 7, 15)
    given.decide(OBJECT, CONCLUSION, by=HEAD)
    given.later(hours=1)
    refusal = given.refused(OBJECT, CONCLUSION, by=HEAD)
    assert (refusal.rule, refusal.kind, refusal.state) == ("objection_late", Kind.OUT_OF_TURN, "delivered")


def test_only_the_unit_concerned_objects():
    assert delivered().refused(OBJECT, CONCLUSION, by=OTHER_HEAD).rule == "other_unit"
    assert delivered().refused(OBJECT, CONCLUSION, by=OFFICER).rule == "role_not_allowed"


@pytest.mark.parametrize("by", [THIRD_SUPERVISOR, LEADER])
@pytest.mark.parametrize(
    ("command", "event", "stage"),
    [
        (UPHOLD, ConclusionUpheld, ConclusionStage.UPHELD),
        (AMEND, ConclusionAmended, ConclusionStage.AMENDED),
        (REVOKE, ConclusionRevoked, ConclusionStage.REVOKED),
    ],
)
def test_a_review_upholds_amends_or_revokes(command, event, stage, by):
    given = objected()
    [decided] = given.when(command, CONCLUSION, by=by)
    assert isinstance(decided, event)
    assert (decided.reason, decided.late, decided.by) == (command.reason, False, by.person)
    assert given.states[CONCLUSION].stage is stage


def test_an_amended_conclusion_says_something_else_from_then_on():
    given = walked(objected(), (AMEND, CONCLUSION, LEADER))
    assert (given.states[CONCLUSION].verdict, given.states[CONCLUSION].items) == (Verdict.IN_PLACE, ())
    assert given.history[CONCLUSION][-1].wording == NEW


@pytest.mark.parametrize(
    ("by", "rule"),
    [
        (SUPERVISOR, "same_person"),
        (SECOND_SUPERVISOR, "same_person"),
        (UNIT_SUPERVISOR, "own_inspection"),
        (UNIT_LEADER, "own_inspection"),
    ],
)
def test_authors_and_the_units_own_people_decide_no_review(by, rule: str):
    for command in (UPHOLD, AMEND, REVOKE):
        refusal = objected().refused(command, CONCLUSION, by=by)
        assert (refusal.rule, refusal.kind) == (rule, Kind.FORBIDDEN)


def test_who_objected_decides_no_review():
    promoted = replace(LEADER, person=HEAD.person)
    assert objected().refused(UPHOLD, CONCLUSION, by=promoted).rule == "same_person"


def test_who_stands_aside_decides_no_review():
    given = objected()
    assert given.when(RECUSE, CONCLUSION, by=LEADER) == [ReviewerRecused(reason=RECUSE.reason, by=LEADER.person)]
    given.when(RECUSE, CONCLUSION, by=THIRD_SUPERVISOR)
    for by in (LEADER, THIRD_SUPERVISOR):
        assert given.refused(UPHOLD, CONCLUSION, by=by).rule == "same_person"
        assert given.refused(RECUSE, CONCLUSION, by=by).rule == "same_person"
    given.when(UPHOLD, CONCLUSION, by=SECOND_LEADER)


def test_a_decision_after_thirty_days_is_taken_and_marked():
    given = objected()
    move_to(given, date(2011, 7, 15))
    assert not given.decide(UPHOLD, CONCLUSION, by=LEADER)[0].late
    given.later(hours=12)
    for command in (UPHOLD, AMEND, REVOKE):
        assert given.decide(command, CONCLUSION, by=LEADER)[0].late


@pytest.mark.parametrize("command", [replace(AMEND, wording=None), replace(UPHOLD, wording=NEW)])
def test_a_new_wording_goes_with_an_amendment(command):
    refusal = objected().refused(command, CONCLUSION, by=LEADER)
    assert (refusal.rule, refusal.field) == ("wording_if_amended", "wording")


def test_an_amended_wording_is_checked():
    refusal = objected().refused(replace(AMEND, wording=replace(NEW, facts=" ")), CONCLUSION, by=LEADER)
    assert refusal.field == "wording.facts"


def test_a_result_is_used_when_nobody_can_object_any_more():
    given = delivered()
    refusal = given.refused(USE, CONCLUSION, by=LEADER)
    assert (refusal.rule, refusal.allowed) == ("not_final", ("object_to_conclusion",))
    given.now = given.states[CONCLUSION].clock("objection_days").due
    given.decide(USE, CONCLUSION, by=LEADER)
    move_to(given, date(2011, 7, 16))
    assert given.when(USE, CONCLUSION, by=LEADER) == [
        ResultUsed(use=ResultUse.ASSESSMENT, reference="太考〔2011〕5号", note="扣一分", by=LEADER.person)
    ]
    given.when(replace(USE, use=ResultUse.COMMENDATION), CONCLUSION, by=LEADER)


@pytest.mark.parametrize("command", [UPHOLD, AMEND])
def test_a_result_is_used_after_a_review(command):
    walked(objected(), (command, CONCLUSION, LEADER), (USE, CONCLUSION, LEADER))


def test_each_step_in_its_turn():
    steps = ((DELIVER, SUPERVISOR), (OBJECT, HEAD), (RECUSE, LEADER), (UPHOLD, LEADER), (USE, LEADER))
    turns = {
        concluded: {DELIVER},
        delivered: {OBJECT, USE},
        objected: {RECUSE, UPHOLD},
        lambda: walked(objected(), (REVOKE, CONCLUSION, LEADER)): set(),
        lambda: walked(objected(), (UPHOLD, CONCLUSION, LEADER)): {USE},
    }
    for made, allowed in turns.items():
        for command, by in steps:
            if command not in allowed:
                assert made().refused(command, CONCLUSION, by=by).rule == "out_of_turn"
