"""Inspections: planned, approved, carried out, closed; never twice without a reason."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from field import (
    HEAD,
    LEADER,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    UNIT,
)
from given import TODAY, person
from inspections import (
    AMEND,
    APPROVE,
    CONCLUDE,
    CONCLUSION,
    ENDS,
    INSPECTION,
    NOTICE,
    PLAN,
    SELF_CHECK,
    STARTS,
    UNIT_SUPERVISOR,
    VISIT,
    approved,
    concluded,
    field,
    noticed,
    planned,
    visited,
    walked,
)
from matter import MATTER, POLICY, SECOND_LEADER, SECOND_UNIT, THIRD_SUPERVISOR

from domain.actor import Role
from domain.ids import ConclusionId, InspectionId, RequestId
from domain.inspection import InspectionStage
from domain.inspection_conduct import CloseInspection
from domain.inspection_events import (
    InspectionAmended,
    InspectionApproved,
    InspectionCancelled,
    InspectionClosed,
    InspectionNoticeGiven,
    InspectionPlanned,
    InspectionPlanned2,
    InspectionRefused,
    InspectionVisitRecorded,
    Method,
    SecondInspectionAdmitted,
    SelfCheckSubmitted,
)
from domain.inspection_planning import AdmitSecondInspection, CancelInspection, RefuseInspection
from domain.refusal import Kind
from domain.sealed import Sealed

SECOND, THIRD = InspectionId("second"), InspectionId("third")
REQUEST = RequestId("request")
ADMIT = AdmitSecondInspection(reason="上级专项督查，期限冲突")
BOTH_UNITS = {
    f"inspection {matter} {unit} {slot}" for matter in (MATTER, POLICY) for unit in PLAN.units for slot in (1, 2)
}


def test_a_plan_says_what_whom_how_and_when():
    given = field()
    [event] = given.when(PLAN, INSPECTION, by=SUPERVISOR)
    assert event == InspectionPlanned2(
        title=PLAN.title,
        mandate=PLAN.mandate,
        commitments=PLAN.commitments,
        policies=PLAN.policies,
        requests=(),
        units=PLAN.units,
        team=PLAN.team,
        methods=PLAN.methods,
        scope=PLAN.scope,
        starts_on=STARTS,
        ends_on=ENDS,
        beside=None,
        shared=(),
        slot=1,
        by=SUPERVISOR.person,
    )
    state = given.states[INSPECTION]
    assert state.stage is InspectionStage.PLANNED
    assert set(state.claims) == BOTH_UNITS


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"title": " "}, "text_empty", "title"),
        ({"scope": " "}, "text_empty", "scope"),
        ({"units": ()}, "nothing_named", "units"),
        ({"units": (UNIT, UNIT)}, "named_twice", "units"),
        ({"team": ()}, "nothing_named", "team"),
        ({"methods": ()}, "nothing_named", "methods"),
        ({"commitments": (), "policies": ()}, "nothing_named", "commitments"),
        ({"policies": (POLICY, POLICY)}, "named_twice", "policies"),
        ({"requests": (REQUEST, REQUEST)}, "named_twice", "requests"),
        ({"team": tuple(f"p{n}" for n in range(101))}, "too_many_named", "team"),
        ({"team": (SUPERVISOR.person, UNIT_SUPERVISOR.person)}, "team_of_unit", "team"),
        ({"team": (SUPERVISOR.person, LEADER.person)}, "team_of_supervisors", "team"),
        ({"ends_on": TODAY - timedelta(days=1)}, "not_ahead", "ends_on"),
        ({"ends_on": date(2021, 6, 16)}, "term_too_long", "ends_on"),
        ({"starts_on": date(2011, 7, 1)}, "date_before_start", "ends_on"),
    ],
)
def test_what_is_no_plan(changes, rule: str, wrong: str):
    refusal = field().refused(replace(PLAN, **changes), INSPECTION, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)


@pytest.mark.parametrize(
    "changes",
    [
        {"policies": ()},
        {"commitments": ()},
        {"commitments": (), "policies": (), "requests": (REQUEST,)},
        {"ends_on": TODAY, "starts_on": TODAY},
        {"ends_on": date(2021, 6, 15)},
        {"team": (UNIT_SUPERVISOR.person,), "units": (OTHER_UNIT,)},
    ],
)
def test_what_is_a_plan(changes):
    field().when(replace(PLAN, **changes), INSPECTION, by=SUPERVISOR)


def test_a_request_is_a_matter_too():
    given = walked(field(), (replace(PLAN, policies=(), requests=(REQUEST,)), INSPECTION, SUPERVISOR))
    assert set(given.states[INSPECTION].claims) == {
        f"inspection {matter} {unit} {slot}" for matter in (MATTER, REQUEST) for unit in PLAN.units for slot in (1, 2)
    }


def test_a_plan_stored_before_requests_could_be_inspected_holds_the_same():
    given = planned()
    [new] = given.history[INSPECTION]
    old = InspectionPlanned(**{one.name: getattr(new, one.name) for one in fields(InspectionPlanned)})
    given.happened("old", old)
    assert given.states["old"] == given.states[INSPECTION]


def test_an_amended_plan_is_approved_anew():
    given = approved()
    later = replace(AMEND, ends_on=date(2011, 7, 31), policies=(), requests=(REQUEST,), team=(SUPERVISOR.person,))
    [amended] = given.when(later, INSPECTION, by=SECOND_SUPERVISOR)
    assert amended == InspectionAmended(
        title=PLAN.title,
        commitments=PLAN.commitments,
        policies=(),
        requests=(REQUEST,),
        team=(SUPERVISOR.person,),
        methods=PLAN.methods,
        scope=PLAN.scope,
        starts_on=STARTS,
        ends_on=date(2011, 7, 31),
        reason="增加一个月",
        by=SECOND_SUPERVISOR.person,
    )
    state = given.states[INSPECTION]
    assert (state.stage, state.ends_on, state.team) == (
        InspectionStage.PLANNED,
        date(2011, 7, 31),
        frozenset({SUPERVISOR.person}),
    )
    assert {claim.split()[1] for claim in state.claims} == {MATTER, REQUEST}
    assert given.refused(NOTICE, INSPECTION, by=SUPERVISOR).rule == "out_of_turn"
    for planner in (SUPERVISOR, SECOND_SUPERVISOR):
        both = person(planner.person, Role.LEADER)
        assert given.refused(APPROVE, INSPECTION, by=both).rule == "same_person"
    walked(given, (APPROVE, INSPECTION, LEADER), (NOTICE, INSPECTION, SUPERVISOR))


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"reason": " "}, "text_empty", "reason"),
        ({"commitments": (), "policies": ()}, "nothing_named", "commitments"),
        ({"team": (UNIT_SUPERVISOR.person,)}, "team_of_unit", "team"),
        ({"ends_on": STARTS - timedelta(days=1)}, "not_ahead", "ends_on"),
    ],
)
def test_what_is_no_amendment(changes, rule: str, wrong: str):
    refusal = planned().refused(replace(AMEND, **changes), INSPECTION, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)


def test_nobody_of_an_inspected_unit_amends_the_plan():
    assert planned().refused(AMEND, INSPECTION, by=UNIT_SUPERVISOR).rule == "own_inspection"


def test_matters_stay_while_a_second_inspection_is_admitted():
    given = walked(approved(), (ADMIT, INSPECTION, LEADER))
    fewer = replace(AMEND, policies=())
    assert given.refused(fewer, INSPECTION, by=SUPERVISOR).rule == "matters_shared"
    given.when(AMEND, INSPECTION, by=SUPERVISOR)
    beside = replace(PLAN, beside=INSPECTION)
    walked(given, (beside, SECOND, SUPERVISOR))
    assert given.refused(fewer, SECOND, by=SUPERVISOR).rule == "matters_shared"


def test_a_leader_approves_with_a_reference():
    given = planned()
    assert given.when(APPROVE, INSPECTION, by=LEADER) == [
        InspectionApproved(reference="太政督批〔2011〕3号", note="同意", by=LEADER.person)
    ]
    assert given.states[INSPECTION].stage is InspectionStage.APPROVED


def test_a_leader_refuses_and_the_matter_is_free():
    given = planned()
    assert given.when(RefuseInspection(reason="月内已查过"), INSPECTION, by=LEADER) == [
        InspectionRefused(reason="月内已查过", by=LEADER.person)
    ]
    assert given.states[INSPECTION].stage is InspectionStage.REFUSED
    assert given.states[INSPECTION].claims == ()


@pytest.mark.parametrize("command", [APPROVE, RefuseInspection(reason="否")])
def test_nobody_approves_or_refuses_the_own_plan(command):
    both = person("supervisor", Role.SUPERVISOR, Role.LEADER)
    assert planned().refused(command, INSPECTION, by=both).rule == "same_person"


# --- overlap ----------------------------------------------------------------------------------------------------------


def test_a_second_one_needs_a_leaders_reason():
    given = approved()
    refusal = given.refused(replace(PLAN, beside=INSPECTION), SECOND, by=SUPERVISOR)
    assert (refusal.rule, refusal.kind, refusal.field) == ("second_not_admitted", Kind.CONFLICT, "beside")
    assert given.when(ADMIT, INSPECTION, by=LEADER) == [SecondInspectionAdmitted(reason=ADMIT.reason, by=LEADER.person)]
    [event] = given.when(replace(PLAN, beside=INSPECTION, units=(UNIT, SECOND_UNIT)), SECOND, by=SUPERVISOR)
    assert (event.beside, event.shared, event.slot) == (INSPECTION, (UNIT,), 2)
    first, second = given.states[INSPECTION].claims, given.states[SECOND].claims
    assert set(first) == {f"inspection {matter} {unit} 1" for matter in (MATTER, POLICY) for unit in (UNIT, OTHER_UNIT)}
    assert set(second) == {
        f"inspection {matter} {place}"
        for matter in (MATTER, POLICY)
        for place in (f"{UNIT} 2", f"{SECOND_UNIT} 1", f"{SECOND_UNIT} 2")
    }
    assert set(first).isdisjoint(second)


def test_a_third_one_meets_the_second_when_the_first_has_ended():
    given = walked(
        approved(),
        (ADMIT, INSPECTION, LEADER),
        (replace(PLAN, beside=INSPECTION), SECOND, SUPERVISOR),
        (CancelInspection(reason="并入专项督查"), INSPECTION, LEADER),
        (PLAN, THIRD, SUPERVISOR),
    )
    assert set(given.states[THIRD].claims) & set(given.states[SECOND].claims), "the ledger refuses it"


def test_a_third_one_may_be_admitted_to_the_place_that_is_free():
    given = walked(
        approved(),
        (ADMIT, INSPECTION, LEADER),
        (replace(PLAN, beside=INSPECTION), SECOND, SUPERVISOR),
        (ADMIT, SECOND, LEADER),
        (replace(PLAN, beside=SECOND), THIRD, SUPERVISOR),
    )
    first, third = given.states[INSPECTION].claims, given.states[THIRD].claims
    assert set(third) == set(first), "refused while the first is open, and only then"


@pytest.mark.parametrize(
    "changes",
    [{"units": (SECOND_UNIT,)}, {"commitments": (), "policies": ("other-policy",)}],
)
def test_a_reason_without_overlap_is_refused(changes):
    given = walked(approved(), (ADMIT, INSPECTION, LEADER))
    refusal = given.refused(replace(PLAN, beside=INSPECTION, **changes), SECOND, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("no_overlap", "beside")


def test_nothing_stands_beside_what_has_ended():
    given = walked(approved(), (ADMIT, INSPECTION, LEADER), (CancelInspection(reason="停止"), INSPECTION, LEADER))
    assert given.refused(replace(PLAN, beside=INSPECTION), SECOND, by=SUPERVISOR).rule == "no_overlap"


def test_one_second_inspection_is_admitted():
    given = walked(planned(), (ADMIT, INSPECTION, LEADER))
    refusal = given.refused(ADMIT, INSPECTION, by=SECOND_LEADER)
    assert refusal.rule == "admitted_already"
    assert refusal.allowed == ("approve_inspection", "refuse_inspection", "amend_inspection", "cancel_inspection")


# --- notice, self-check, visit ----------------------------------------------------------------------------------------


def test_a_notice_asks_for_a_self_check():
    given = approved()
    assert given.when(NOTICE, INSPECTION, by=SECOND_SUPERVISOR) == [
        InspectionNoticeGiven(
            unit=UNIT, notice=NOTICE.notice, self_check_by=NOTICE.self_check_by, by=SECOND_SUPERVISOR.person
        )
    ]


@pytest.mark.parametrize(
    ("plan", "changes", "rule", "wrong"),
    [
        ({}, {"unit": SECOND_UNIT}, "unit_not_in_plan", "unit"),
        ({}, {"notice": ""}, "text_empty", "notice"),
        ({}, {"self_check_by": TODAY - timedelta(days=1)}, "not_ahead", "self_check_by"),
        ({"methods": (Method.RECORDS,)}, {}, "method_not_in_plan", "self_check_by"),
    ],
)
def test_what_is_no_notice(plan, changes, rule: str, wrong: str):
    refusal = approved(**plan).refused(replace(NOTICE, **changes), INSPECTION, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)


def test_a_notice_without_self_check_needs_no_such_method():
    approved(methods=(Method.RECORDS,)).when(replace(NOTICE, self_check_by=None), INSPECTION, by=SUPERVISOR)


def test_a_unit_is_told_once():
    refusal = noticed().refused(NOTICE, INSPECTION, by=SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("notified_already", Kind.OUT_OF_TURN)
    assert "give_inspection_notice" not in refusal.allowed


@pytest.mark.parametrize("command", [NOTICE, VISIT, CloseInspection(conclusions=(ConclusionId(CONCLUSION),))])
def test_only_the_team_acts(command):
    given = visited()
    assert given.refused(command, INSPECTION, by=THIRD_SUPERVISOR).rule == "not_in_team"
    assert given.refused(command, INSPECTION, by=UNIT_SUPERVISOR).rule == "own_inspection"


@pytest.mark.parametrize("by", [OFFICER, HEAD])
def test_a_unit_checks_itself(by):
    given = noticed()
    assert given.when(SELF_CHECK, INSPECTION, by=by) == [
        SelfCheckSubmitted(unit=UNIT, findings="完成九十户", evidence=(), filed_at=given.now, by=by.person)
    ]
    assert given.states[INSPECTION].self_checked == {UNIT}
    assert given.refused(SELF_CHECK, INSPECTION, by=by).rule == "self_checked_already"


def test_a_self_check_is_the_own_one_and_asked_for():
    given = noticed()
    assert given.refused(SELF_CHECK, INSPECTION, by=OTHER_OFFICER).rule == "other_unit"
    other = replace(SELF_CHECK, unit=OTHER_UNIT)
    assert given.refused(other, INSPECTION, by=OTHER_OFFICER).rule == "self_check_not_asked"
    given.when(replace(NOTICE, unit=OTHER_UNIT, self_check_by=None), INSPECTION, by=SUPERVISOR)
    assert given.refused(other, INSPECTION, by=OTHER_OFFICER).rule == "self_check_not_asked"
    outside = person("outside", Role.UNIT_HEAD, unit=SECOND_UNIT)
    refusal = given.refused(replace(SELF_CHECK, unit=SECOND_UNIT), INSPECTION, by=outside)
    assert refusal.rule == "unit_not_in_plan"


def test_what_a_resident_said_on_a_visit_is_sealed():
    given = noticed()
    assert given.when(VISIT, INSPECTION, by=SUPERVISOR) == [
        InspectionVisitRecorded(
            unit=UNIT,
            visited_on=TODAY,
            unannounced=False,
            note="抽查十户",
            resident_note=Sealed(INSPECTION, "屋顶仍漏水"),
            evidence=(),
            filed_at=given.now,
            by=SUPERVISOR.person,
        )
    ]
    [event] = given.when(replace(VISIT, resident_note=None), INSPECTION, by=SUPERVISOR)
    assert event.resident_note is None


def test_an_unannounced_visit_needs_no_notice():
    given = approved()
    assert given.refused(VISIT, INSPECTION, by=SUPERVISOR).rule == "not_notified"
    given.when(replace(VISIT, unannounced=True), INSPECTION, by=SUPERVISOR)


@pytest.mark.parametrize(
    ("plan", "changes", "rule", "wrong"),
    [
        ({}, {"unit": SECOND_UNIT}, "unit_not_in_plan", "unit"),
        ({}, {"visited_on": TODAY + timedelta(days=1)}, "date_in_future", "visited_on"),
        ({}, {"visited_on": STARTS - timedelta(days=1)}, "date_before_start", "visited_on"),
        ({}, {"note": ""}, "text_empty", "note"),
        ({}, {"resident_note": ""}, "text_empty", "resident_note"),
        ({"methods": (Method.UNANNOUNCED,)}, {"unannounced": False}, "method_not_in_plan", "unannounced"),
        ({"methods": (Method.SITE_VISIT,)}, {}, "method_not_in_plan", "unannounced"),
    ],
)
def test_what_is_no_visit(plan, changes, rule: str, wrong: str):
    given = approved(**plan)
    refusal = given.refused(replace(VISIT, **{"unannounced": True, **changes}), INSPECTION, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)


def test_a_visit_lies_within_the_plan():
    given = noticed()
    given.later(days=20)
    given.when(replace(VISIT, visited_on=ENDS), INSPECTION, by=SUPERVISOR)
    given.when(replace(VISIT, visited_on=STARTS), INSPECTION, by=SUPERVISOR)
    late = replace(VISIT, visited_on=ENDS + timedelta(days=1))
    assert given.refused(late, INSPECTION, by=SUPERVISOR).rule == "outside_plan"


# --- the end ----------------------------------------------------------------------------------------------------------


def test_it_is_closed_when_every_unit_has_its_conclusion():
    given = concluded()
    one = CloseInspection(conclusions=(ConclusionId(CONCLUSION),), note="")
    assert given.refused(one, INSPECTION, by=SUPERVISOR).rule == "conclusions_missing"
    walked(
        given,
        (replace(VISIT, unit=OTHER_UNIT, unannounced=True), INSPECTION, SUPERVISOR),
        (replace(CONCLUDE, unit=OTHER_UNIT), "other conclusion", SUPERVISOR),
    )
    both = (ConclusionId(CONCLUSION), ConclusionId("other conclusion"))
    assert given.when(CloseInspection(conclusions=both), INSPECTION, by=SUPERVISOR) == [
        InspectionClosed(conclusions=both, note="", by=SUPERVISOR.person)
    ]
    assert given.states[INSPECTION].stage is InspectionStage.CLOSED
    assert given.states[INSPECTION].claims == ()


def test_another_inspections_conclusion_closes_nothing():
    given = walked(concluded(), (replace(PLAN, units=(UNIT,)), SECOND, SUPERVISOR), (APPROVE, SECOND, LEADER))
    refusal = given.refused(CloseInspection(conclusions=(ConclusionId(CONCLUSION),)), SECOND, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("other_inspection", "conclusions")
    assert given.refused(CloseInspection(conclusions=()), SECOND, by=SUPERVISOR).rule == "nothing_named"


@pytest.mark.parametrize("given", [planned, approved])
def test_a_leader_cancels(given):
    given = given()
    assert given.when(CancelInspection(reason="机构改革"), INSPECTION, by=LEADER) == [
        InspectionCancelled(reason="机构改革", by=LEADER.person)
    ]
    assert given.states[INSPECTION].stage is InspectionStage.CANCELLED
    assert given.states[INSPECTION].claims == ()


def test_nothing_is_done_before_approval_or_after_the_end():
    given = planned()
    for command, by in ((NOTICE, SUPERVISOR), (SELF_CHECK, OFFICER), (VISIT, SUPERVISOR)):
        assert given.refused(command, INSPECTION, by=by).rule == "out_of_turn"
    given.when(CancelInspection(reason="停止"), INSPECTION, by=LEADER)
    close = CloseInspection(conclusions=(ConclusionId(CONCLUSION),))
    for command, by in (
        (APPROVE, LEADER),
        (RefuseInspection(reason="否"), LEADER),
        (ADMIT, LEADER),
        (NOTICE, SUPERVISOR),
        (SELF_CHECK, OFFICER),
        (VISIT, SUPERVISOR),
        (close, SUPERVISOR),
        (CancelInspection(reason="停止"), LEADER),
    ):
        assert given.refused(command, INSPECTION, by=by).rule == "out_of_turn"
