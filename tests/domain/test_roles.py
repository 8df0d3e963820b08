"""Who may ask for what: one table, held against the commands themselves."""

import pytest
from field import OFFICER, OTHER_OFFICER, UNIT
from given import person

from domain import (
    activity,
    appraisal,
    assessment,
    commendation,
    contribution,
    need,
    offer,
    pairing,
    policy,
    problem,
    project,
    visit,
)
from domain.activity import Activity
from domain.actor import Role
from domain.appraisal import Appraisal
from domain.assessment import Assessment
from domain.command import COMMANDS, authorise
from domain.commendation import Commendation
from domain.contribution import Contribution
from domain.event import EVENTS, LIVES, REFERENCES
from domain.ids import PersonId
from domain.need import Need
from domain.offer import Offer
from domain.pairing import EndPairing, Pairing, PairingStage
from domain.partner import Partner, PartnerKind
from domain.policy import Policy
from domain.problem import Problem
from domain.project import Project
from domain.refusal import Kind, Refusal
from domain.visit import Visit

UNITS = {Role.UNIT_OFFICER, Role.UNIT_HEAD}
REGISTRARS = {Role.SUPERVISOR, Role.DISPATCHER, *UNITS}
SECOND_HAND = {Role.UNIT_HEAD, Role.SUPERVISOR}
BY = {
    "issue_publication": {Role.VETTER},
    "amend_publication": {Role.VETTER},
    "withdraw_publication": {Role.VETTER, Role.LEADER},
    "propose_correction": {Role.SUPERVISOR, Role.LEADER, Role.DISPATCHER, Role.CALLER, *UNITS},
    "propose_retraction": {Role.SUPERVISOR, Role.LEADER, Role.DISPATCHER, Role.CALLER, *UNITS},
    "rule_on_correction": {Role.SUPERVISOR, Role.LEADER},
    "recalculate_due": {Role.SUPERVISOR, Role.DISPATCHER, Role.URGER},
    "recalculate_deadlines": {Role.SUPERVISOR, Role.DISPATCHER, Role.URGER},
    "announce_calendar": {Role.SYSTEM_ADMIN},
    "amend_calendar": {Role.SYSTEM_ADMIN},
    "issue_rule_edition": {Role.SYSTEM_ADMIN},
    "confirm_rule_edition": {Role.SYSTEM_ADMIN, Role.LEADER},
    "withdraw_rule_edition": {Role.SYSTEM_ADMIN, Role.LEADER},
    "register_unit": {Role.SYSTEM_ADMIN},
    "rename_unit": {Role.SYSTEM_ADMIN},
    "enrol_person": {Role.SECURITY_ADMIN},
    "change_roles": {Role.SECURITY_ADMIN},
    "move_person": {Role.SECURITY_ADMIN},
    "remove_person": {Role.SECURITY_ADMIN},
    "issue_policy": {Role.SUPERVISOR, Role.LEADER},
    "amend_policy": {Role.SUPERVISOR, Role.LEADER},
    "withdraw_policy": {Role.SUPERVISOR, Role.LEADER},
    "register_partner": REGISTRARS,
    "update_partner": REGISTRARS,
    "register_household": REGISTRARS,
    "update_household": REGISTRARS,
    "remove_partner": {Role.SUPERVISOR, Role.DISPATCHER},
    "merge_partner": {Role.SUPERVISOR, Role.DISPATCHER},
    "agree_pairing": UNITS,
    "end_pairing": UNITS,
    "withdraw_pairing": SECOND_HAND,
    "record_visit": UNITS,
    "withdraw_visit": SECOND_HAND,
    "hold_activity": UNITS,
    "withdraw_activity": SECOND_HAND,
    "start_project": UNITS,
    "complete_project": UNITS,
    "withdraw_project": SECOND_HAND,
    "make_contribution": UNITS,
    "reverse_contribution": SECOND_HAND,
    "raise_problem": REGISTRARS | {Role.CALLER},
    "take_on_problem": {Role.DISPATCHER, *UNITS},
    "hand_back_problem": UNITS,
    "solve_problem": UNITS,
    "confirm_problem": {Role.CALLER, Role.SUPERVISOR},
    "deny_problem": {Role.CALLER, Role.SUPERVISOR},
    "withdraw_problem": {Role.SUPERVISOR, Role.DISPATCHER},
    "open_appraisal": {Role.SUPERVISOR},
    "fix_frame": {Role.SUPERVISOR},
    "give_seed": {Role.SUPERVISOR, Role.LEADER},
    "draw_invitations": {Role.SUPERVISOR},
    "issue_codes": {Role.SUPERVISOR},
    "open_voting": {Role.SUPERVISOR, Role.LEADER},
    "close_voting": {Role.SUPERVISOR, Role.LEADER},
    "tally_appraisal": {Role.SUPERVISOR},
    "publish_appraisal": {Role.SUPERVISOR, Role.LEADER},
    "object_to_appraisal": {Role.UNIT_HEAD},
    "decide_objection": {Role.SUPERVISOR, Role.LEADER},
    "abandon_appraisal": {Role.LEADER},
    "raise_request": REGISTRARS | {Role.CALLER},
    "take_on_request": UNITS,
    "dispatch_request": {Role.DISPATCHER, Role.LEADER, *UNITS},
    "acknowledge_request": UNITS,
    "ask_request_return": UNITS,
    "rule_on_request_return": {Role.DISPATCHER},
    "reassign_request": {Role.DISPATCHER, Role.LEADER},
    "link_request": {Role.DISPATCHER, Role.SUPERVISOR},
    "unlink_request": {Role.DISPATCHER, Role.SUPERVISOR},
    "promise_request": {Role.SUPERVISOR, Role.DISPATCHER},
    "answer_request": UNITS,
    "answer_linked_request": {Role.DISPATCHER, Role.SUPERVISOR},
    "call_back_request": {Role.CALLER, Role.SUPERVISOR},
    "check_request": {Role.SUPERVISOR},
    "redo_request": {Role.SUPERVISOR},
    "close_request": {Role.SUPERVISOR},
    "report_conduct": {Role.CALLER, Role.DISPATCHER, Role.SUPERVISOR},
    "note_matter": {Role.SUPERVISOR, Role.LEADER},
    "name_handlers": {Role.SUPERVISOR, Role.LEADER},
    "conclude_matter": {Role.SUPERVISOR, Role.LEADER},
    "resume_matter": {Role.SUPERVISOR, Role.LEADER},
    "close_matter": {Role.SUPERVISOR, Role.LEADER},
    "withdraw_request": {Role.SUPERVISOR, Role.DISPATCHER},
    "raise_need": REGISTRARS | {Role.CALLER},
    "withdraw_need": {Role.SUPERVISOR, Role.DISPATCHER},
    "make_offer": UNITS,
    "match_resource": {Role.SUPERVISOR, Role.DISPATCHER},
    "use_resource": UNITS,
    "return_resource": UNITS,
    "confirm_benefit": {Role.CALLER, Role.SUPERVISOR},
    "deny_benefit": {Role.CALLER, Role.SUPERVISOR},
    "end_offer": UNITS,
    "assess_unit": {Role.SUPERVISOR},
    "revise_assessment": {Role.SUPERVISOR},
    "publish_assessment": {Role.SUPERVISOR, Role.LEADER},
    "withdraw_assessment": {Role.SUPERVISOR, Role.LEADER},
    "propose_commendation": {Role.SUPERVISOR},
    "approve_commendation": {Role.LEADER},
    "refuse_commendation": {Role.LEADER},
    "revoke_commendation": {Role.LEADER},
}
OWN_UNIT = {
    "end_pairing",
    "complete_project",
    "hand_back_problem",
    "solve_problem",
    "use_resource",
    "return_resource",
    "end_offer",
    "acknowledge_request",
    "ask_request_return",
    "answer_request",
}
PAIRING = Pairing(
    stage=PairingStage.ACTIVE,
    unit=UNIT,
    partner="p",  # type: ignore[arg-type]
    partner_kind=PartnerKind.VILLAGE,
    agreed_on=None,  # type: ignore[arg-type]
    by=PersonId("x"),
    member=None,
)


@pytest.mark.parametrize("name", BY)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_table_says(name: str, role: Role):
    command = COMMANDS[name]
    if role in BY[name]:
        authorise(command, None, person("someone", role))
        return
    with pytest.raises(Refusal) as caught:
        authorise(command, None, person("someone", role))
    refusal = caught.value
    assert (refusal.rule, refusal.kind) == ("role_not_allowed", Kind.FORBIDDEN)
    assert refusal.allowed == tuple(sorted(BY[name]))


@pytest.mark.parametrize("name", BY)
def test_who_acts_for_the_own_unit_only(name: str):
    assert COMMANDS[name].OWN_UNIT is (name in OWN_UNIT)


def test_auditors_change_nothing_and_inspectors_only_check_again():
    assert [name for name, command in COMMANDS.items() if Role.AUDITOR in command.BY] == []
    assert [name for name, command in COMMANDS.items() if Role.INSPECTOR in command.BY] == ["recheck_commitment"]


def test_somebody_may_ask_for_every_command():
    assert all(command.BY for command in COMMANDS.values())


def test_every_command_acts_on_a_stream_that_ids_can_name():
    states = {life.state for life in LIVES.values()}
    assert states == set(REFERENCES.values())
    assert {command.OF for command in COMMANDS.values()} <= states


def test_what_is_stored_asked_and_known_cannot_change():
    kinds = {*EVENTS.values(), *COMMANDS.values(), *REFERENCES.values()}
    assert [kind.__name__ for kind in kinds if not kind.__dataclass_params__.frozen] == []


TABLES = {
    Policy: policy.TURNS,
    Pairing: pairing.TURNS,
    Visit: visit.TURNS,
    Activity: activity.TURNS,
    Project: project.TURNS,
    Contribution: contribution.TURNS,
    Problem: problem.TURNS,
    Appraisal: appraisal.TURNS,
    Need: need.TURNS,
    Offer: offer.TURNS,
    Assessment: assessment.TURNS,
    Commendation: commendation.TURNS,
}


@pytest.mark.parametrize(("state", "turns"), TABLES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_each_table_of_turns_offers_every_command_of_its_stream(state, turns):
    offered = {name for names in turns.values() for name in names}
    assert offered == {name for name, command in COMMANDS.items() if command.OF is state and not command.CREATES}


def test_a_partner_offers_the_commands_of_its_kind():
    offered = {name for kind in PartnerKind for names in Partner(kind=kind).turns.values() for name in names}
    assert offered == {name for name, command in COMMANDS.items() if command.OF is Partner and not command.CREATES}


def test_another_units_officer_is_refused():
    authorise(EndPairing, PAIRING, OFFICER)
    with pytest.raises(Refusal) as caught:
        authorise(EndPairing, PAIRING, OTHER_OFFICER)
    assert (caught.value.rule, caught.value.kind) == ("other_unit", Kind.FORBIDDEN)


def test_several_roles_add_up():
    authorise(EndPairing, PAIRING, person("someone", Role.SUPERVISOR, Role.UNIT_HEAD, unit=UNIT))
