"""Corrections and retractions: what the table says, two hands, and that state follows as if nothing had been wrong."""

from dataclasses import fields, replace
from datetime import date
from functools import reduce
from typing import Any, get_type_hints

import matter
import pytest
from field import (
    CALLER,
    DISPATCHER,
    ENTERPRISE,
    HEAD,
    LEADER,
    OFFICER,
    OTHER_OFFICER,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    UNIT,
    VILLAGE,
)
from given import Given, person
from inspections import CONCLUSION, delivered
from matter import MATTER, POLICY, SECOND_LEADER
from mistakes import (
    ACTIVITY,
    BY,
    ENDED,
    FUNDS,
    GONE,
    ON,
    PAIRING,
    PROJECT,
    SCENES,
    SOLVED,
    VALUES,
    VISIT,
    amended,
    problem,
    recorded,
    request,
    with_events,
)
from requests_of_residents import AT, CALL_BACK, CLOSE, REDO
from test_offer import MATCHED, USE, USED, after
from test_problem import CONFIRM as CONFIRM_PROBLEM
from test_problem import SOLVE

from domain.activity import ActivityWithdrawn
from domain.actor import Actor, Role
from domain.command import COMMANDS
from domain.commitment import Stage
from domain.commitment_events import CommitmentProposed, FollowUpRecorded
from domain.contribution import ContributionReversed
from domain.correcting import ProposeCorrection, ProposeRetraction, RuleOnCorrection
from domain.correction import (
    Correctable,
    CorrectionProposed,
    CorrectionRefused,
    EventCorrected,
    EventRetracted,
    RetractionProposed,
    settled,
)
from domain.correction_lines import Entry
from domain.correction_table import OTHER_WAYS, TABLE
from domain.event import LIVES
from domain.ids import ProjectId
from domain.policy import PolicyWithdrawn
from domain.problem import ProblemStage
from domain.project import ProjectCompleted, ProjectWithdrawn
from domain.refusal import Kind
from domain.two_hands import UNITS, standing
from domain.visit import VisitWithdrawn
from ledger.sealing import seals

PROBLEM = "problem-of-enterprise"
SECOND_OFFICER = person("second-officer", Role.UNIT_OFFICER, unit=UNIT)
YES = RuleOnCorrection(approved=True, reason="与原始台账核对无误")


def last(given: Given, stream: str = MATTER) -> int:
    return len(given.history[stream])


def propose(given: Given, field: str, value: Any, *, by: Actor, stream: str = MATTER, version: int = 0) -> Any:
    asked = ProposeCorrection(version=version or last(given, stream), field=field, value=value, reason="笔误")
    [proposed] = given.when(asked, stream, by=by)
    return proposed


def test_a_follow_ups_quantity_is_corrected_by_two():
    given = recorded()
    version = last(given)
    proposed = propose(given, "quantity", 3, by=OFFICER)
    assert proposed == CorrectionProposed(
        event_id=f"{version}",
        position=version,
        event="follow_up_recorded.1",
        field="quantity",
        old=30,
        new=3,
        reason="笔误",
        by=OFFICER.person,
    )
    assert given.when(YES, MATTER, by=SUPERVISOR) == [
        EventCorrected(
            event_id=f"{version}",
            position=version,
            event="follow_up_recorded.1",
            field="quantity",
            old=30,
            new=3,
            reason="与原始台账核对无误",
            proposed_by=OFFICER.person,
            by=SUPERVISOR.person,
        )
    ]
    [*_, follow_up] = settled(given.written(MATTER))
    assert (follow_up.event.quantity, follow_up.event.note) == (3, "完成三户")
    assert given.history[MATTER][version - 1].quantity == 30
    assert matter.state(given).correction is None


def test_a_wrong_visit_is_retracted_by_two():
    given = Given()
    given.happened("visit", VISIT)
    [proposed] = given.when(ProposeRetraction(version=1, reason="走错了村"), "visit", by=OFFICER)
    assert proposed == RetractionProposed(
        event_id="1", position=1, event="visit_recorded.1", reason="走错了村", by=OFFICER.person
    )
    [retracted] = given.when(YES, "visit", by=SUPERVISOR)
    assert retracted == EventRetracted(
        event_id="1",
        position=1,
        event="visit_recorded.1",
        reason=YES.reason,
        proposed_by=OFFICER.person,
        by=SUPERVISOR.person,
    )
    assert settled(given.written("visit")) == []


def test_the_second_person_may_refuse():
    given = recorded()
    propose(given, "quantity", 3, by=OFFICER)
    refused = given.when(RuleOnCorrection(approved=False, reason="原记录属实"), MATTER, by=SUPERVISOR)
    assert refused == [CorrectionRefused(reason="原记录属实", by=SUPERVISOR.person)]
    assert settled(given.written(MATTER))[-1].event.quantity == 30
    propose(given, "quantity", 4, by=OFFICER, version=last(given) - 2)


def test_nobody_rules_on_their_own_proposal():
    given = recorded()
    both = person("both", Role.SUPERVISOR, Role.LEADER)
    propose(given, "quantity", 3, by=both)
    refusal = given.refused(YES, MATTER, by=replace(both, roles=frozenset({Role.LEADER})))
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    given.when(YES, MATTER, by=SECOND_SUPERVISOR)


def test_roles_are_those_of_the_line():
    given = recorded()
    assert given.refused(
        ProposeCorrection(version=last(given), field="quantity", value=3, reason="笔误"), MATTER, by=OTHER_OFFICER
    ).rule == ("other_unit")
    propose(given, "quantity", 3, by=OFFICER)
    # The authorisation itself bars officers; a leader rules on follow-ups, but not on visits.
    assert given.refused(YES, MATTER, by=HEAD).allowed == ("leader", "supervisor")
    given.when(YES, MATTER, by=LEADER)
    given.happened("visit", VISIT)
    propose(given, "persons", 3, by=OFFICER, stream="visit")
    refusal = given.refused(YES, "visit", by=LEADER)
    assert (refusal.rule, refusal.kind, refusal.allowed) == ("role_not_allowed", Kind.FORBIDDEN, ("supervisor",))


def test_only_a_supervisor_proposes_another_extension():
    given = matter.at(Stage.IN_PROGRESS)
    matter.step(given, "ask_extension", "rule_on_extension")
    asked = ProposeCorrection(version=last(given), field="due_on", value="2011-11-30", reason="批示为十一月底")
    assert given.refused(asked, MATTER, by=OFFICER).allowed == ("supervisor",)
    given.when(asked, MATTER, by=SUPERVISOR)
    given.when(YES, MATTER, by=LEADER)
    assert matter.state(given).due_on == date(2011, 11, 30)
    assert matter.state(given).terms.original_due_on == matter.DUE


def test_one_proposal_at_a_time():
    given = recorded()
    propose(given, "quantity", 3, by=OFFICER)
    for second in (
        ProposeCorrection(version=1, field="quantity", value=4, reason="笔误"),
        ProposeRetraction(version=last(given), reason="误录"),
    ):
        refusal = given.refused(second, MATTER, by=OFFICER)
        assert (refusal.rule, refusal.allowed) == ("asked_already", ("rule_on_correction",))
    given.when(YES, MATTER, by=SUPERVISOR)
    refusal = given.refused(YES, MATTER, by=SECOND_SUPERVISOR)
    assert (refusal.rule, refusal.kind) == ("nothing_asked", Kind.OUT_OF_TURN)


@pytest.mark.parametrize(
    ("version", "field", "rule"),
    [(0, "quantity", "unknown_event"), (99, "quantity", "unknown_event"), (1, "by", "not_correctable")],
)
def test_what_is_not_in_the_table_is_refused(version: int, field: str, rule: str):
    given = recorded()
    asked = ProposeCorrection(version=version, field=field, value=3, reason="笔误")
    assert given.refused(asked, MATTER, by=SUPERVISOR).rule == rule


def test_a_refusal_names_the_fields_that_may_be_corrected():
    given = recorded()
    asked = ProposeCorrection(version=last(given), field="by", value="someone", reason="笔误")
    refusal = given.refused(asked, MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.allowed) == ("not_correctable", ("quantity", "note"))
    retraction = ProposeRetraction(version=2, reason="误录")
    assert given.refused(retraction, MATTER, by=SUPERVISOR).rule == "not_retractable"


def test_a_correction_itself_is_corrected_by_another():
    given = recorded()
    version = last(given)
    propose(given, "quantity", 3, by=OFFICER)
    given.when(YES, MATTER, by=SUPERVISOR)
    of_itself = ProposeCorrection(version=last(given), field="new", value=4, reason="笔误")
    assert given.refused(of_itself, MATTER, by=SUPERVISOR).rule == "not_correctable"
    assert propose(given, "quantity", 5, by=OFFICER, version=version).old == 3
    given.when(YES, MATTER, by=SUPERVISOR)
    assert settled(given.written(MATTER))[-1].event.quantity == 5


def test_what_was_retracted_is_neither_corrected_nor_retracted_again():
    given = recorded()
    version = last(given)
    given.when(ProposeRetraction(version=version, reason="误录"), MATTER, by=OFFICER)
    given.when(YES, MATTER, by=SUPERVISOR)
    for asked in (
        ProposeRetraction(version=version, reason="误录"),
        ProposeCorrection(version=version, field="quantity", value=4, reason="笔误"),
    ):
        assert given.refused(asked, MATTER, by=OFFICER).rule == "already_retracted"
    assert not [one for one in settled(given.written(MATTER)) if isinstance(one.event, FollowUpRecorded)]


def test_nothing_is_corrected_to_what_it_is():
    given = recorded()
    asked = ProposeCorrection(version=last(given), field="quantity", value=30, reason="笔误")
    refusal = given.refused(asked, MATTER, by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("unchanged", Kind.CONFLICT, "value")


def test_what_a_later_event_rests_on_stays():
    given = matter.at(Stage.REPORTED)
    report = last(given)
    asked = ProposeCorrection(version=report, field="quantity", value=119, reason="笔误")
    given.when(asked, MATTER, by=HEAD)
    matter.step(given, "order_redo")
    assert given.refused(YES, MATTER, by=SUPERVISOR).rule == "rested_upon"
    given.when(RuleOnCorrection(approved=False, reason="已退回重办"), MATTER, by=SUPERVISOR)
    assert given.refused(asked, MATTER, by=HEAD).rule == "rested_upon"


def test_a_value_is_checked_again_when_it_is_approved():
    given = Given()
    given.happened("project", PROJECT)
    given.happened("project", ProjectCompleted(completed_on=ON, result="完工", by=BY))
    assert given.refused(
        ProposeCorrection(version=2, field="completed_on", value="2011-05-31", reason="笔误"), "project", by=OFFICER
    ).rule == ("date_before_start")
    propose(given, "completed_on", "2011-06-15", by=OFFICER, stream="project")
    given.later(days=-1)
    assert given.refused(YES, "project", by=SUPERVISOR).rule == "date_in_future"


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("persons", "3", "correction_value"),
        ("persons", 0, "correction_value"),
        ("persons", 1001, "correction_value"),
        ("visited_on", 3, "correction_value"),
        ("visited_on", "六月一日", "correction_value"),
        ("visited_on", "2011-06-16", "date_in_future"),
        ("purpose", 3, "correction_value"),
        ("purpose", " ", "text_empty"),
        ("purpose", "两\n行", "text_not_one_line"),
    ],
)
def test_the_new_value_is_checked_like_the_old_one(field: str, value: Any, rule: str):
    given = matter.ledger()
    given.happened("visit", VISIT)
    asked = ProposeCorrection(version=1, field=field, value=value, reason="笔误")
    assert given.refused(asked, "visit", by=OFFICER).rule == rule


def test_an_outcome_is_one_of_the_choices():
    given = matter.at(Stage.CLOSED)
    asked = ProposeCorrection(version=last(given), field="outcome", value="kept", reason="笔误")
    assert given.refused(asked, MATTER, by=SUPERVISOR).rule == "correction_value"


def test_funds_are_not_given_before_their_project_began():
    given = matter.ledger()
    given.happened("project", PROJECT)
    given.happened("funds", replace(FUNDS, partner=None, project=ProjectId("project")))
    asked = ProposeCorrection(version=1, field="given_on", value="2011-05-31", reason="笔误")
    assert given.refused(asked, "funds", by=OFFICER).rule == "date_before_start"


def test_an_extension_does_not_come_before_the_original_due_date():
    given = matter.at(Stage.IN_PROGRESS)
    matter.step(given, "ask_extension", "rule_on_extension")
    for value, rule in (("2011-09-29", "date_before_start"), ("2031-09-29", "term_too_long")):
        asked = ProposeCorrection(version=last(given), field="due_on", value=value, reason="笔误")
        assert given.refused(asked, MATTER, by=SUPERVISOR).rule == rule


# --- every line ------------------------------------------------------------------------------------------------------


PEOPLE = {
    Role.UNIT_OFFICER: OFFICER,
    Role.UNIT_HEAD: HEAD,
    Role.SUPERVISOR: SUPERVISOR,
    Role.LEADER: LEADER,
    Role.CALLER: CALLER,
    Role.DISPATCHER: DISPATCHER,
}
SECONDS = {Role.SUPERVISOR: SECOND_SUPERVISOR, Role.LEADER: SECOND_LEADER}


def _value(entry: Entry, happened: Any) -> Any:
    assert entry.field is not None
    special = VALUES.get((entry.event.__name__, entry.field))
    if special is not None:
        return special
    old = getattr(happened, entry.field)
    return old + 1 if isinstance(old, int) else "2011-05-31" if isinstance(old, date) else "改"


def _fold(events: list[Any]) -> Any:
    return reduce(lambda state, one: LIVES[type(one)].evolve(state, one), events, None)


@pytest.mark.parametrize("entry", TABLE.values(), ids=lambda entry: f"{entry.event.__name__}.{entry.field}")
def test_state_follows_as_if_the_record_had_been_right(entry: Entry):
    scene, stream = SCENES[entry.event.__name__]
    for proposer in entry.by:
        for second in entry.second:
            given: Given = scene()
            version = last(given, stream)
            happened = given.history[stream][-1]
            assert isinstance(happened, entry.event)
            asked: Any = ProposeRetraction(version=version, reason="误录")
            if entry.field is not None:
                asked = ProposeCorrection(
                    version=version, field=entry.field, value=_value(entry, happened), reason="笔误"
                )
            given.when(asked, stream, by=PEOPLE[proposer])
            [ruled] = given.when(YES, stream, by=SECONDS[second])
            assert (ruled.proposed_by, ruled.by) == (PEOPLE[proposer].person, SECONDS[second].person)
            now = [one.event for one in settled(given.written(stream))]
            if entry.field is not None:
                assert getattr(now[-1], entry.field) != getattr(happened, entry.field)
                assert isinstance(getattr(now[-1], entry.field), type(getattr(happened, entry.field)))
            meant = _fold(now) if now else replace(_fold([happened]), stage=GONE[entry.event.__name__])
            assert given.states[stream] == meant


@pytest.mark.parametrize("entry", TABLE.values(), ids=lambda entry: f"{entry.event.__name__}.{entry.field}")
def test_others_may_neither_propose_nor_rule(entry: Entry):
    scene, stream = SCENES[entry.event.__name__]
    given: Given = scene()
    happened = given.history[stream][-1]
    asked: Any = ProposeRetraction(version=last(given, stream), reason="误录")
    if entry.field is not None:
        asked = ProposeCorrection(
            version=last(given, stream), field=entry.field, value=_value(entry, happened), reason="笔误"
        )
    for role in set(Role) - entry.by:
        assert given.refused(asked, stream, by=person("someone", role, unit=UNIT)).rule == "role_not_allowed"
    given.when(asked, stream, by=PEOPLE[next(iter(entry.by))])
    for role in set(Role) - entry.second:
        assert given.refused(YES, stream, by=person("someone", role, unit=UNIT)).rule == "role_not_allowed"


@pytest.mark.parametrize(
    ("event", "after"),
    [
        (VISIT, VisitWithdrawn(reason="误录", by=BY)),
        (ACTIVITY, ActivityWithdrawn(reason="误录", by=BY)),
        (FUNDS, ContributionReversed(amount_fen=900, reason="误录", by=BY)),
        (PROJECT, ProjectWithdrawn(reason="误录", by=BY)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_was_withdrawn_is_not_corrected(event: Any, after: Any):
    given = with_events("thing", event, after)
    field = next(field for of, field in TABLE if of is type(event) and field is not None)
    asked = ProposeCorrection(version=1, field=field, value="改", reason="笔误")
    assert given.refused(asked, "thing", by=SUPERVISOR).rule == "rested_upon"


def test_a_withdrawn_policy_is_not_corrected():
    given = amended()
    given.happened(POLICY, PolicyWithdrawn(reason="废止", by=BY))
    for version in (1, 2):
        asked = ProposeCorrection(version=version, field="summary", value="改", reason="笔误")
        assert given.refused(asked, POLICY, by=SUPERVISOR).rule == "rested_upon"


def test_the_table_names_fields_that_are_there_and_never_a_sealed_one():
    for (event, field), entry in TABLE.items():
        assert (entry.event, entry.field) == (event, field)
        assert issubclass(LIVES[event].state, Correctable)
        assert entry.second & {Role.SUPERVISOR, Role.LEADER}
        if field is not None:
            assert field in {one.name for one in fields(event)}
            assert field not in seals(event)
            assert field != "by"
            assert entry.check is not None
    assert set(SCENES) == {event.__name__ for event, _ in TABLE}


def test_what_founds_a_commitment_or_a_policy_is_never_retracted():
    """Views keep rows of them from the first event on."""
    founding = {CommitmentProposed, *(event for event, _ in TABLE if event.__name__ == "PolicyIssued")}
    assert not founding & {event for event, field in TABLE if field is None}


def test_every_event_says_its_two_hands():
    for event in (EventCorrected, EventRetracted):
        assert {"proposed_by", "by", "event_id", "position", "reason"} <= set(get_type_hints(event))


def test_an_officer_of_the_same_unit_is_a_second_person_only_by_role():
    given = recorded()
    propose(given, "quantity", 3, by=OFFICER)
    assert given.refused(YES, MATTER, by=SECOND_OFFICER).rule == "role_not_allowed"


def test_the_partner_must_have_been_there():
    given = with_events("visit", replace(VISIT, partner=ENTERPRISE))
    propose(given, "visited_on", "2011-05-31", by=OFFICER, stream="visit")


# --- what is put right in another way --------------------------------------------------------------------------------


def test_a_promise_is_put_right_until_a_unit_or_the_public_is_told():
    given = matter.at(Stage.REGISTERED)
    propose(given, "due_on", "2011-10-31", by=SUPERVISOR, version=1)
    given.when(YES, MATTER, by=SECOND_LEADER)
    assert (matter.state(given).due_on, matter.state(given).terms.original_due_on) == (date(2011, 10, 31),) * 2
    matter.step(given, "assign_commitment")
    for field, value in (("due_on", "2011-11-30"), ("quantity", 100), ("measure", "套"), ("starts_on", "2011-06-02")):
        asked = ProposeCorrection(version=1, field=field, value=value, reason="笔误")
        refusal = given.refused(asked, MATTER, by=SUPERVISOR)
        assert (refusal.rule, refusal.kind, refusal.state) == ("rested_upon", Kind.OUT_OF_TURN, "assigned")
        assert refusal.allowed == OTHER_WAYS[CommitmentProposed, field].ways
    assert "ask_extension" in OTHER_WAYS[CommitmentProposed, "due_on"].ways
    assert (
        "延期"
        in given.refused(
            ProposeCorrection(version=1, field="due_on", value="2011-11-30", reason="笔误"), MATTER, by=SUPERVISOR
        ).zh
    )


def test_a_due_date_that_has_passed_is_not_corrected():
    given = matter.at(Stage.REGISTERED)
    matter.move_to(given, matter.DUE)
    propose(given, "due_on", "2011-10-31", by=SUPERVISOR, version=1)
    given.later(days=1)
    refusal = given.refused(YES, MATTER, by=SECOND_LEADER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("due_passed", Kind.OUT_OF_TURN, "registered")
    assert refusal.allowed == ("terminate_commitment",)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("due_on", "2011-05-31", "date_before_start"),
        ("due_on", "2021-06-02", "term_too_long"),
        ("starts_on", "2011-10-01", "correction_value"),
        ("starts_on", "1999-12-31", "date_before_start"),
        ("quantity", 0, "number_out_of_range"),
        ("region", "32", "region_code"),
        ("urgency", "soon", "correction_value"),
        ("title", "联系13800000000", "personal_number"),
    ],
)
def test_a_term_is_checked_like_the_one_it_replaces(field: str, value: Any, rule: str):
    given = matter.at(Stage.PROPOSED)
    asked = ProposeCorrection(version=1, field=field, value=value, reason="笔误")
    assert given.refused(asked, MATTER, by=SUPERVISOR).rule == rule


@pytest.mark.parametrize(("event", "field"), OTHER_WAYS, ids=lambda one: getattr(one, "__name__", one))
def test_another_way_is_one_there_is(event: Any, field: str | None):
    way = OTHER_WAYS[event, field]
    assert way.zh
    assert way.en
    assert way.ways
    assert set(way.ways) <= set(COMMANDS)
    assert issubclass(LIVES[event].state, Correctable)
    # Where the first is possible at all, it is because a later event may rest on it that there is another.
    entry = TABLE.get((event, field))
    assert entry is None or entry.rests


def test_what_is_never_corrected_names_the_way_there_is():
    given = matter.at(Stage.IN_PROGRESS)
    for version, field, way in ((1, "lead_unit", "reassign_commitment"), (3, "unit", "reassign_commitment")):
        asked = ProposeCorrection(version=version, field=field, value="other", reason="笔误")
        refusal = given.refused(asked, MATTER, by=SUPERVISOR)
        assert (refusal.rule, refusal.field) == ("other_way", "field")
        assert way in refusal.allowed
    refusal = given.refused(ProposeRetraction(version=1, reason="误录"), MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("other_way", "version")
    assert refusal.allowed == ("terminate_commitment", "propose_commitment")


def test_a_conclusion_is_reviewed_and_never_corrected():
    given = delivered()
    for version in (1, 2):
        asked = ProposeRetraction(version=version, reason="误录")
        refusal = given.refused(asked, CONCLUSION, by=SUPERVISOR)
        assert (refusal.rule, refusal.allowed) == ("other_way", ("object_to_conclusion", "decide_review"))


# --- whom it is about ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", [one for one in TABLE.values() if one.apart], ids=lambda one: one.event.__name__)
def test_those_it_is_about_neither_propose_nor_rule(entry: Entry):
    scene, stream = SCENES[entry.event.__name__]
    given: Given = scene()
    asked: Any = ProposeRetraction(version=last(given, stream), reason="误录")
    if entry.field is not None:
        value = _value(entry, given.history[stream][-1])
        asked = ProposeCorrection(version=last(given, stream), field=entry.field, value=value, reason="笔误")
    everyone = standing(given.states[stream])
    near = [(who, relation) for relation in entry.apart for who in everyone[relation] if who is not None]
    assert near
    for role in entry.by:
        for who, relation in near:
            actor = person("of-the-unit", role, unit=who) if relation in UNITS else person(who, role)
            assert given.refused(asked, stream, by=actor).kind is Kind.FORBIDDEN
    given.when(asked, stream, by=PEOPLE[next(iter(entry.by))])
    for role in entry.second:
        for who, relation in near:
            actor = person("of-the-unit", role, unit=who) if relation in UNITS else person(who, role)
            assert given.refused(YES, stream, by=actor).kind is Kind.FORBIDDEN


# --- problems, requests, resources -----------------------------------------------------------------------------------


def test_a_problem_that_was_not_solved_is_back_with_the_unit():
    given = problem(*SOLVED)
    given.when(ProposeRetraction(version=3, reason="误点"), PROBLEM, by=OFFICER)
    given.when(YES, PROBLEM, by=SUPERVISOR)
    state = given.states[PROBLEM]
    assert (state.stage, state.solved_on, state.solved_by) == (ProblemStage.TAKEN_ON, None, None)
    assert given.when(SOLVE, PROBLEM, by=OFFICER)


def test_a_claim_the_enterprise_has_answered_is_not_retracted():
    given = problem(*SOLVED, (CONFIRM_PROBLEM, CALLER))
    refusal = given.refused(ProposeRetraction(version=3, reason="误点"), PROBLEM, by=OFFICER)
    assert (refusal.rule, refusal.allowed) == ("rested_upon", ("solve_problem", "confirm_problem"))
    given.when(ProposeRetraction(version=4, reason="问错了企业"), PROBLEM, by=CALLER)
    given.when(YES, PROBLEM, by=SUPERVISOR)
    assert given.states[PROBLEM].stage is ProblemStage.SOLVED
    assert given.when(ProposeRetraction(version=3, reason="误点"), PROBLEM, by=OFFICER)


def test_what_a_person_answered_is_corrected_until_something_rests_on_it():
    given = request((CALL_BACK, CALLER))
    version = last(given, AT)
    propose(given, "answer", "unsolved", by=CALLER, stream=AT)
    given.when(YES, AT, by=SECOND_SUPERVISOR)
    assert given.refused(CLOSE, AT, by=SUPERVISOR).rule == "not_confirmed"
    given.when(REDO, AT, by=SUPERVISOR)
    asked = ProposeCorrection(version=version, field="answer", value="solved", reason="听错")
    refusal = given.refused(asked, AT, by=CALLER)
    assert (refusal.rule, refusal.allowed) == ("rested_upon", ("redo_request",))


def test_the_kind_of_a_request_stays_once_its_clock_runs():
    given = request()
    asked = ProposeCorrection(version=1, field="kind", value="opinion", reason="笔误")
    assert given.refused(asked, AT, by=SUPERVISOR).rule == "rested_upon"


def test_no_more_is_offered_than_is_left_and_no_less_than_is_matched():
    given = after(MATCHED)
    less = ProposeCorrection(version=1, field="quantity", value=7, reason="笔误")
    assert given.refused(less, "offer", by=OFFICER).rule == "correction_value"
    propose(given, "quantity", 8, by=OFFICER, stream="offer", version=1)
    given.when(YES, "offer", by=SUPERVISOR)
    assert given.states["offer"].left == 0


def test_only_the_latest_use_is_corrected():
    given = after(USED)
    version = last(given, "offer")
    asked = ProposeCorrection(version=version, field="quantity", value=9, reason="笔误")
    assert given.refused(asked, "offer", by=OFFICER).rule == "correction_value"
    given.when(replace(USE, quantity=1), "offer", by=OFFICER)
    for earlier in (replace(asked, value=4), replace(asked, field="used_on", value="2011-06-15")):
        refusal = given.refused(earlier, "offer", by=OFFICER)
        assert (refusal.rule, refusal.allowed) == ("rested_upon", ("confirm_benefit", "deny_benefit"))
    given.when(ProposeRetraction(version=version + 1, reason="重复"), "offer", by=OFFICER)
    given.when(YES, "offer", by=SUPERVISOR)
    match = given.states["offer"].matches["need"]
    assert (match.used, match.unanswered) == (5, 5)
    for earlier in (replace(asked, value=4), ProposeRetraction(version=version, reason="误录")):
        assert given.refused(earlier, "offer", by=OFFICER).rule == "rested_upon"


def test_a_pairing_that_was_not_ended_runs_again():
    given = with_events("pairing", PAIRING, ENDED)
    assert given.states["pairing"].claims == ()
    given.when(ProposeRetraction(version=2, reason="误录"), "pairing", by=OFFICER)
    given.when(YES, "pairing", by=SUPERVISOR)
    assert given.states["pairing"].claims == (f"pairing {UNIT} {VILLAGE}",)
    asked = ProposeCorrection(version=1, field="agreed_on", value="2011-07-01", reason="笔误")
    assert given.refused(asked, "pairing", by=OFFICER).rule == "date_in_future"
