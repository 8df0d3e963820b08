"""Joint projects and contributions of funds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import (
    COMMUNITY,
    ENTERPRISE,
    GONE,
    HEAD,
    OFFICER,
    OTHER_HEAD,
    OTHER_OFFICER,
    OTHER_UNIT,
    SUPERVISOR,
    UNIT,
    VILLAGE,
    the_field,
)
from given import TODAY, Given, person

from domain.actor import Role
from domain.contribution import ContributionMade, ContributionReversed, Funds, MakeContribution, ReverseContribution
from domain.ids import PairingId, PartnerId, ProjectId, UnitId
from domain.pairing import AgreePairing
from domain.project import (
    MOST_PARTIES,
    CompleteProject,
    ProjectCompleted,
    ProjectStarted,
    ProjectWithdrawn,
    StartProject,
    WithdrawProject,
)
from domain.refusal import Kind
from domain.service import Aid, Recurrence

STARTED_ON = date(2011, 4, 1)
START = StartProject(
    title="村级道路修缮",
    unit=UNIT,
    supporting=(OTHER_UNIT,),
    partners=(VILLAGE, COMMUNITY),
    pairing=PairingId("pairing"),
    started_on=STARTED_ON,
    planned_fen=50_000_00,
    recurrence=Recurrence.ONE_OFF,
    aid=Aid.CAPACITY,
)
COMPLETE = CompleteProject(completed_on=date(2011, 6, 1), result="通车")
WITHDRAW = WithdrawProject(reason="误登")
GIVE = MakeContribution(
    unit=UNIT,
    amount_fen=1_000_00,
    funds=Funds.UNIT,
    given_on=date(2011, 5, 1),
    recurrence=Recurrence.ONE_OFF,
    aid=Aid.RELIEF,
    partner=VILLAGE,
)
GIVE_TO_PROJECT = replace(GIVE, partner=None, project=ProjectId("project"))
REVERSE = ReverseContribution(reason="款项退回")
OFFICER_AND_HEAD = person("officer", Role.UNIT_OFFICER, Role.UNIT_HEAD, unit=UNIT)


@pytest.fixture
def given() -> Given:
    given = the_field()
    pair = AgreePairing(unit=UNIT, partner=VILLAGE, programme="红色1+3", agreed_on=date(2011, 2, 1))
    given.when(pair, "pairing", by=OFFICER)
    given.when(replace(pair, partner=ENTERPRISE), "pairing-with-enterprise", by=OFFICER)
    given.when(replace(pair, unit=OTHER_UNIT), "pairing-of-other", by=OTHER_OFFICER)
    return given


@pytest.fixture
def started(given: Given) -> Given:
    given.when(START, "project", by=OFFICER)
    return given


def test_a_project_is_started(given: Given):
    assert given.when(START, "project", by=OFFICER) == [
        ProjectStarted(
            title="村级道路修缮",
            unit=UNIT,
            supporting=(OTHER_UNIT,),
            partners=(VILLAGE, COMMUNITY),
            pairing=PairingId("pairing"),
            started_on=STARTED_ON,
            planned_fen=50_000_00,
            recurrence=Recurrence.ONE_OFF,
            aid=Aid.CAPACITY,
            by=OFFICER.person,
        )
    ]
    assert given.states["project"].responsible == UNIT


def test_a_project_without_pairing_support_or_funds(given: Given):
    project = replace(START, partners=(COMMUNITY,), pairing=None, supporting=(), planned_fen=0)
    assert given.when(project, "project", by=HEAD)


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"unit": OTHER_UNIT, "supporting": ()}, "other_unit", "unit"),
        ({"partners": ()}, "project_partners", "partners"),
        ({"partners": (VILLAGE, VILLAGE)}, "project_partners", "partners"),
        ({"partners": tuple(PartnerId(f"{n}") for n in range(MOST_PARTIES + 1))}, "project_partners", "partners"),
        ({"partners": (VILLAGE, GONE)}, "partner_gone", "partners"),
        ({"supporting": (UNIT,)}, "project_supporting", "supporting"),
        ({"supporting": (OTHER_UNIT, OTHER_UNIT)}, "project_supporting", "supporting"),
        ({"supporting": tuple(UnitId(f"{n}") for n in range(MOST_PARTIES + 1))}, "project_supporting", "supporting"),
        ({"pairing": PairingId("pairing-of-other")}, "project_pairing", "pairing"),
        ({"pairing": PairingId("pairing-with-enterprise")}, "project_pairing", "pairing"),
        ({"started_on": date(2011, 1, 31)}, "pairing_not_running", "started_on"),
        ({"started_on": TODAY + timedelta(days=1)}, "date_in_future", "started_on"),
        ({"started_on": date(1999, 12, 31), "pairing": None}, "date_before_start", "started_on"),
        ({"planned_fen": -1}, "number_out_of_range", "planned_fen"),
        ({"title": ""}, "text_empty", "title"),
    ],
)
def test_what_is_no_project(given: Given, changes, rule: str, field: str):
    refusal = given.refused(replace(START, **changes), "project", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_as_many_parties_as_may_be(given: Given):
    partners = [given.happened(f"p{n}", *given.history[VILLAGE]) for n in range(MOST_PARTIES)]
    units = [given.happened(f"u{n}", *given.history[UNIT]) for n in range(MOST_PARTIES)]
    project = replace(
        START,
        pairing=None,
        partners=tuple(PartnerId(partner) for partner in partners),
        supporting=tuple(UnitId(unit) for unit in units),
    )
    assert given.when(project, "project", by=OFFICER)


def test_a_project_is_completed(started: Given):
    assert started.when(COMPLETE, "project", by=OFFICER) == [
        ProjectCompleted(completed_on=date(2011, 6, 1), result="通车", by=OFFICER.person)
    ]


@pytest.mark.parametrize("day", [STARTED_ON, TODAY])
def test_first_and_last_day_of_a_completion(started: Given, day: date):
    assert started.when(replace(COMPLETE, completed_on=day), "project", by=OFFICER)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"completed_on": STARTED_ON - timedelta(days=1)}, "date_before_start"),
        ({"completed_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ({"result": ""}, "text_empty"),
    ],
)
def test_what_is_no_completion(started: Given, changes, rule: str):
    refusal = started.refused(replace(COMPLETE, **changes), "project", by=OFFICER)
    assert (refusal.rule, [refusal.field]) == (rule, list(changes))


def test_a_supporting_unit_does_not_complete(started: Given):
    assert started.refused(COMPLETE, "project", by=OTHER_OFFICER).rule == "other_unit"


@pytest.mark.parametrize("by", [HEAD, SUPERVISOR])
@pytest.mark.parametrize("completed", [False, True])
def test_a_second_person_withdraws_a_project(started: Given, by, completed: bool):
    if completed:
        started.when(COMPLETE, "project", by=OFFICER)
    assert started.when(WITHDRAW, "project", by=by) == [ProjectWithdrawn(reason="误登", by=by.person)]


@pytest.mark.parametrize(("by", "rule"), [(OFFICER_AND_HEAD, "same_person"), (OTHER_HEAD, "other_unit")])
def test_who_may_not_withdraw_a_project(started: Given, by, rule: str):
    assert started.refused(WITHDRAW, "project", by=by).rule == rule


def test_a_withdrawal_of_a_project_has_a_reason(started: Given):
    assert started.refused(replace(WITHDRAW, reason=""), "project", by=HEAD).field == "reason"


@pytest.mark.parametrize(
    ("before", "command", "state", "allowed"),
    [
        (COMPLETE, COMPLETE, "completed", ("withdraw_project",)),
        (WITHDRAW, COMPLETE, "withdrawn", ()),
        (WITHDRAW, WITHDRAW, "withdrawn", ()),
    ],
)
def test_a_project_out_of_turn(started: Given, before, command, state: str, allowed):
    started.when(before, "project", by=HEAD)
    refusal = started.refused(command, "project", by=HEAD)
    assert (refusal.rule, refusal.kind, refusal.state, refusal.allowed) == (
        "out_of_turn",
        Kind.OUT_OF_TURN,
        state,
        allowed,
    )


# --- contributions ---------------------------------------------------------------------------------------------------


def test_money_is_given_to_a_partner(given: Given):
    assert given.when(GIVE, "gift", by=OFFICER) == [
        ContributionMade(
            unit=UNIT,
            partner=VILLAGE,
            project=None,
            amount_fen=1_000_00,
            funds=Funds.UNIT,
            given_on=date(2011, 5, 1),
            recurrence=Recurrence.ONE_OFF,
            aid=Aid.RELIEF,
            by=OFFICER.person,
        )
    ]


@pytest.mark.parametrize(("unit", "by"), [(UNIT, OFFICER), (OTHER_UNIT, OTHER_OFFICER)])
def test_lead_and_supporting_unit_give_to_a_project(started: Given, unit: UnitId, by):
    [made] = started.when(replace(GIVE_TO_PROJECT, unit=unit, given_on=STARTED_ON), "gift", by=by)
    assert (made.partner, made.project, made.unit) == (None, "project", unit)


def test_a_completed_project_may_still_be_paid(started: Given):
    started.when(COMPLETE, "project", by=OFFICER)
    assert started.when(replace(GIVE_TO_PROJECT, given_on=TODAY), "gift", by=OFFICER)


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (replace(GIVE, unit=OTHER_UNIT), "other_unit", "unit"),
        (replace(GIVE, amount_fen=0), "number_out_of_range", "amount_fen"),
        (replace(GIVE, amount_fen=-1), "number_out_of_range", "amount_fen"),
        (replace(GIVE, amount_fen=10**15 + 1), "number_out_of_range", "amount_fen"),
        (replace(GIVE, partner=None), "partner_or_project", "partner"),
        (replace(GIVE, project=ProjectId("project")), "partner_or_project", "partner"),
        (replace(GIVE, partner=GONE), "partner_gone", "partner"),
        (replace(GIVE, given_on=TODAY + timedelta(days=1)), "date_in_future", "given_on"),
        (replace(GIVE, given_on=date(1999, 12, 31)), "date_before_start", "given_on"),
        (replace(GIVE_TO_PROJECT, given_on=STARTED_ON - timedelta(days=1)), "date_before_start", "given_on"),
    ],
)
def test_what_is_no_contribution(started: Given, command, rule: str, field: str):
    refusal = started.refused(command, "gift", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_a_strangers_project(started: Given):
    stranger = person("stranger", Role.UNIT_OFFICER, unit="third-unit")
    refusal = started.refused(replace(GIVE_TO_PROJECT, unit=UnitId("third-unit")), "gift", by=stranger)
    assert (refusal.rule, refusal.kind, refusal.field) == ("project_of_other_unit", Kind.FORBIDDEN, "project")


def test_a_withdrawn_project(started: Given):
    started.when(WITHDRAW, "project", by=HEAD)
    refusal = started.refused(GIVE_TO_PROJECT, "gift", by=OFFICER)
    assert (refusal.rule, refusal.kind) == ("project_withdrawn", Kind.CONFLICT)
    assert (refusal.field, refusal.state) == ("project", "withdrawn")


@pytest.mark.parametrize("by", [HEAD, SUPERVISOR])
def test_a_second_person_reverses_the_whole_amount(given: Given, by):
    given.when(GIVE, "gift", by=OFFICER)
    assert given.when(REVERSE, "gift", by=by) == [
        ContributionReversed(amount_fen=1_000_00, reason="款项退回", by=by.person)
    ]
    refusal = given.refused(REVERSE, "gift", by=by)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", "reversed", ())


@pytest.mark.parametrize(("by", "rule"), [(OFFICER_AND_HEAD, "same_person"), (OTHER_HEAD, "other_unit")])
def test_who_may_not_reverse(given: Given, by, rule: str):
    given.when(GIVE, "gift", by=OFFICER)
    assert given.refused(REVERSE, "gift", by=by).rule == rule


def test_a_reversal_has_a_reason(given: Given):
    given.when(GIVE, "gift", by=OFFICER)
    assert given.refused(replace(REVERSE, reason=""), "gift", by=HEAD).field == "reason"
