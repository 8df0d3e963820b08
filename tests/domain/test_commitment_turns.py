"""Every stage against every command, against a table written out by hand from DOMAIN §3."""

from dataclasses import fields, replace

import pytest
from field import OFFICER
from given import Given, person
from matter import MATTER, PATHS, at, counted, state, step, steps

from domain.actor import Role
from domain.command import COMMANDS
from domain.commitment import ENDED, OPEN, STAGES, TURNS, Commitment, Stage
from domain.refusal import Kind

P, R, A, Q, W = Stage.PROPOSED, Stage.REGISTERED, Stage.ASSIGNED, Stage.RETURN_ASKED, Stage.IN_PROGRESS
D, S, F, V, C = Stage.DEFERRED, Stage.SUSPENDED, Stage.REPORTED, Stage.VERIFIED, Stage.CLOSED
SINCE_REGISTERED = {R, A, Q, W, D, S, F, V}

WHEN = {
    "register_commitment": {P},
    "publish_commitment": SINCE_REGISTERED,
    "amend_wording": SINCE_REGISTERED,
    "withdraw_wording": SINCE_REGISTERED,
    "assign_commitment": {R},
    "acknowledge_commitment": {A},
    "ask_return": {A},
    "rule_on_return": {Q},
    "reassign_commitment": {A, W},
    "add_supporting_unit": {A, W},
    "remove_supporting_unit": {A, W},
    "record_follow_up": {W},
    "ask_extension": {W},
    "rule_on_extension": {W},
    "propose_deferral": {W},
    "rule_on_deferral": {W},
    "suspend_commitment": {W},
    "resume_commitment": {D, S},
    "recalculate_due": {A, Q, W},
    "report_fulfilment": {W},
    "order_redo": {F},
    "record_call_back": {F},
    "record_site_check": {F},
    "verify_commitment": {F},
    "close_commitment": {V},
    "recheck_commitment": {C},
    "terminate_commitment": {P, *SINCE_REGISTERED},
}
LEADS_TO = {
    "register_commitment": R,
    "assign_commitment": A,
    "acknowledge_commitment": W,
    "ask_return": Q,
    "rule_on_return": A,
    "reassign_commitment": A,
    "rule_on_deferral": D,
    "suspend_commitment": S,
    "resume_commitment": W,
    "report_fulfilment": F,
    "order_redo": W,
    "verify_commitment": V,
    "close_commitment": C,
    "recheck_commitment": Stage.ARCHIVED,
    "terminate_commitment": Stage.TERMINATED,
}
"""Of the examples in `matter.steps`; the others leave the stage as it is."""
BY = {
    "propose_commitment": {Role.SUPERVISOR},
    "register_commitment": {Role.LEADER},
    "publish_commitment": {Role.VETTER},
    "amend_wording": {Role.VETTER},
    "withdraw_wording": {Role.VETTER, Role.LEADER},
    "assign_commitment": {Role.DISPATCHER},
    "acknowledge_commitment": {Role.UNIT_OFFICER, Role.UNIT_HEAD},
    "ask_return": {Role.UNIT_OFFICER, Role.UNIT_HEAD},
    "rule_on_return": {Role.DISPATCHER},
    "reassign_commitment": {Role.DISPATCHER},
    "add_supporting_unit": {Role.DISPATCHER},
    "remove_supporting_unit": {Role.DISPATCHER},
    "record_follow_up": {Role.UNIT_OFFICER, Role.UNIT_HEAD},
    "ask_extension": {Role.UNIT_OFFICER, Role.UNIT_HEAD},
    "rule_on_extension": {Role.SUPERVISOR},
    "propose_deferral": {Role.DISPATCHER},
    "rule_on_deferral": {Role.LEADER},
    "suspend_commitment": {Role.DISPATCHER},
    "resume_commitment": {Role.DISPATCHER},
    "recalculate_due": {Role.SUPERVISOR, Role.DISPATCHER, Role.URGER},
    "report_fulfilment": {Role.UNIT_HEAD},
    "order_redo": {Role.SUPERVISOR},
    "record_call_back": {Role.CALLER},
    "record_site_check": {Role.SUPERVISOR},
    "verify_commitment": {Role.SUPERVISOR},
    "close_commitment": {Role.SUPERVISOR, Role.LEADER},
    "recheck_commitment": {Role.INSPECTOR},
    "terminate_commitment": {Role.DISPATCHER},
}
OWN_UNIT = {"acknowledge_commitment", "ask_return", "record_follow_up", "ask_extension", "report_fulfilment"}
NEEDS = {
    "amend_wording": "publish_commitment",
    "withdraw_wording": "publish_commitment",
    "rule_on_extension": "ask_extension",
    "rule_on_deferral": "propose_deferral",
    "verify_commitment": "record_call_back",
}
"""What must have been done in the same stage before."""


def prepared(stage: Stage, name: str) -> Given:
    given = at(stage)
    if name in NEEDS:
        step(given, NEEDS[name])
    if name == "record_site_check":
        given = at(stage, beneficiary=None)
    if name == "recalculate_due":
        counted(given)
    if name == "remove_supporting_unit":
        command, by = steps(given)["add_supporting_unit"]
        given.when(type(command)(unit="second-unit", reason="协办"), MATTER, by=by)
    if name == "recheck_commitment":
        given.later(days=30)
    return given


def test_every_command_on_a_commitment_has_its_turn():
    named = {name for name, command in COMMANDS.items() if command.OF is Commitment and not command.CREATES}
    assert named == set(STAGES) == set(WHEN) == set(steps(at(P)))
    assert {name for name, command in COMMANDS.items() if command.OF is Commitment} == set(BY)
    assert set(PATHS) == set(Stage)


def test_the_table_is_the_one_of_the_domain():
    assert STAGES == WHEN
    assert {stage: set(names) for stage, names in TURNS.items()} == {
        stage: {name for name, stages in WHEN.items() if stage in stages} for stage in Stage
    }
    assert {P, *SINCE_REGISTERED} == OPEN
    assert {C, Stage.ARCHIVED, Stage.TERMINATED} == ENDED


@pytest.mark.parametrize("stage", list(Stage))
def test_out_of_turn(stage: Stage):
    given = at(stage)
    out = [name for name in WHEN if stage not in WHEN[name]]
    allowed = {name for name in WHEN if stage in WHEN[name]}
    for name in out:
        command, by = steps(given)[name]
        refusal = given.refused(command, MATTER, by=by)
        assert (name, refusal.rule, refusal.kind, refusal.state) == (name, "out_of_turn", Kind.OUT_OF_TURN, stage.value)
        assert set(refusal.allowed) == allowed


@pytest.mark.parametrize(
    ("stage", "name"), [(stage, name) for name, stages in WHEN.items() for stage in sorted(stages)]
)
def test_in_turn(stage: Stage, name: str):
    given = prepared(stage, name)
    command, by = steps(given)[name]
    assert given.when(command, MATTER, by=by)
    assert state(given).stage is LEADS_TO.get(name, stage)


@pytest.mark.parametrize("name", BY)
def test_only_the_roles_of_the_domain(name: str):
    assert BY[name] == COMMANDS[name].BY
    assert (name in OWN_UNIT) == COMMANDS[name].OWN_UNIT


@pytest.mark.parametrize("name", sorted(OWN_UNIT))
def test_a_unit_acts_for_itself_only(name: str):
    given = at(min(WHEN[name]))
    command, by = steps(given)[name]
    stranger = person("stranger", *by.roles, unit="other-unit")
    refusal = given.refused(command, MATTER, by=stranger)
    assert (refusal.rule, refusal.kind) == ("other_unit", Kind.FORBIDDEN)


@pytest.mark.parametrize("name", sorted(set(BY) - {"propose_commitment"}))
def test_other_roles_are_refused(name: str):
    given = prepared(min(WHEN[name]), name)
    command, _ = steps(given)[name]
    roles = set(Role) - BY[name]
    refusal = given.refused(command, MATTER, by=person("anyone", *roles, unit=OFFICER.unit))
    assert (refusal.rule, refusal.kind) == ("role_not_allowed", Kind.FORBIDDEN)
    assert set(refusal.allowed) == BY[name]


def test_the_claim_is_held_exactly_while_open():
    for stage in Stage:
        assert bool(state(at(stage)).claims) == (stage in {P, *SINCE_REGISTERED}), stage


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("register_commitment", "note"),
        ("assign_commitment", "instruction"),
        ("resume_commitment", "reason"),
        ("verify_commitment", "note"),
        ("close_commitment", "note"),
    ],
)
def test_words_that_may_be_left_out_are_bounded(name: str, field: str):
    given = prepared(min(WHEN[name]), name)
    command, by = steps(given)[name]
    assert getattr(given.decide(replace(command, **{field: " "}), MATTER, by=by)[0], field) == ""
    assert given.decide(replace(command, **{field: "字" * 10_000}), MATTER, by=by)
    refusal = given.refused(replace(command, **{field: "字" * 10_001}), MATTER, by=by)
    assert (refusal.rule, refusal.field) == ("text_too_long", field)
    default = {part.name: part.default for part in fields(command)}[field]
    assert default == ""
