"""Persons: roles, units, two hands."""

from dataclasses import replace

import pytest
from field import OTHER_UNIT, SECURITY_ADMIN, UNIT, the_field
from given import Given, person

from domain.actor import Role
from domain.person import (
    ChangeRoles,
    EnrolPerson,
    MovePerson,
    PersonEnrolled,
    PersonLeft,
    PersonMoved,
    RemovePerson,
    RolesChanged,
)
from domain.refusal import Kind
from domain.sealed import Sealed

CLERK = EnrolPerson(name="某某", title="科员", roles=(Role.UNIT_OFFICER,), unit=UNIT)


@pytest.fixture
def given() -> Given:
    given = the_field()
    given.when(CLERK, "clerk", by=SECURITY_ADMIN)
    given.happened(
        SECURITY_ADMIN.person,
        PersonEnrolled(name=Sealed(SECURITY_ADMIN.person, "某人"), title="安全管理员", roles=(Role.SECURITY_ADMIN,)),
    )
    return given


def test_the_name_is_sealed_under_the_persons_own_key(given: Given):
    roles = (Role.UNIT_OFFICER, Role.CALLER, Role.CALLER)
    [enrolled] = given.when(replace(CLERK, name=" 某某 ", roles=roles), "other", by=SECURITY_ADMIN)
    assert enrolled == PersonEnrolled(
        name=Sealed("other", "某某"), title="科员", roles=(Role.CALLER, Role.UNIT_OFFICER), unit=UNIT
    )


def test_what_the_ledger_knows_of_a_person(given: Given):
    state = given.states["clerk"]
    assert (state.roles, state.unit, state.title, state.left) == ({Role.UNIT_OFFICER}, UNIT, "科员", False)


@pytest.mark.parametrize(
    "roles",
    [
        (Role.AUDITOR, Role.SECURITY_ADMIN),
        (Role.AUDITOR, Role.SYSTEM_ADMIN),
        (Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, Role.LEADER),
    ],
)
def test_three_administrators_are_never_one_person(given: Given, roles):
    enrol = EnrolPerson(name="某某", title="管理员", roles=roles)
    assert given.refused(enrol, "admin", by=SECURITY_ADMIN).rule == "administrators_apart"
    refusal = given.refused(ChangeRoles(roles=roles, reason="调整"), "clerk", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.field) == ("administrators_apart", "roles")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN])
def test_each_administrator_alone_is_enrolled(given: Given, role: Role):
    assert given.when(EnrolPerson(name="某某", title="管理员", roles=(role,)), "admin", by=SECURITY_ADMIN)


@pytest.mark.parametrize("role", [Role.UNIT_OFFICER, Role.UNIT_HEAD])
def test_a_units_person_needs_a_unit(given: Given, role: Role):
    refusal = given.refused(EnrolPerson(name="某某", title="科员", roles=(role,)), "x", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.field) == ("unit_needed", "unit")
    given.when(EnrolPerson(name="某某", title="督查员", roles=(Role.SUPERVISOR,)), "s", by=SECURITY_ADMIN)
    refusal = given.refused(ChangeRoles(roles=(role,), reason="调整"), "s", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.field) == ("unit_needed", "roles")
    given.when(replace(CLERK, roles=(role,)), "y", by=SECURITY_ADMIN)
    refusal = given.refused(MovePerson(title="科员", reason="调动"), "y", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.field) == ("unit_needed", "unit")


def test_nobody_without_a_role(given: Given):
    for command, stream in ((replace(CLERK, roles=()), "x"), (ChangeRoles(roles=(), reason="调整"), "clerk")):
        refusal = given.refused(command, stream, by=SECURITY_ADMIN)
        assert (refusal.rule, refusal.field) == ("roles_empty", "roles")


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "某\n某"), ("title", " "), ("title", "长" * 201)])
def test_texts(given: Given, field: str, value: str):
    assert given.refused(replace(CLERK, **{field: value}), "x", by=SECURITY_ADMIN).field == field


def test_roles_change(given: Given):
    roles = (Role.VETTER, Role.SUPERVISOR)
    changed = given.when(ChangeRoles(roles=roles, reason="借调"), "clerk", by=SECURITY_ADMIN)
    assert changed == [RolesChanged(roles=(Role.SUPERVISOR, Role.VETTER), reason="借调")]
    assert given.states["clerk"].roles == {Role.SUPERVISOR, Role.VETTER}


def test_the_same_roles_are_no_change(given: Given):
    refusal = given.refused(ChangeRoles(roles=(Role.UNIT_OFFICER,), reason="调整"), "clerk", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.kind, refusal.field) == ("unchanged", Kind.CONFLICT, "roles")


def test_a_person_moves(given: Given):
    move = MovePerson(title="副科长", reason="调动", unit=OTHER_UNIT)
    assert given.when(move, "clerk", by=SECURITY_ADMIN) == [PersonMoved(unit=OTHER_UNIT, title="副科长", reason="调动")]
    assert (given.states["clerk"].unit, given.states["clerk"].title) == (OTHER_UNIT, "副科长")
    refusal = given.refused(move, "clerk", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.kind) == ("unchanged", Kind.CONFLICT)
    assert given.refused(replace(move, title=""), "clerk", by=SECURITY_ADMIN).field == "title"
    assert given.when(replace(move, title="科长"), "clerk", by=SECURITY_ADMIN)


def test_who_left_may_do_nothing(given: Given):
    assert given.when(RemovePerson(reason="退休"), "clerk", by=SECURITY_ADMIN) == [PersonLeft(reason="退休")]
    state = given.states["clerk"]
    assert (state.roles, state.unit, state.left) == (frozenset(), None, True)


@pytest.mark.parametrize(
    "command",
    [
        ChangeRoles(roles=(Role.SUPERVISOR,), reason="调整"),
        MovePerson(title="科长", reason="调动", unit=OTHER_UNIT),
        RemovePerson(reason="退休"),
    ],
    ids=lambda command: command.NAME,
)
class TestEveryChange:
    def test_not_of_oneself(self, given: Given, command):
        refusal = given.refused(command, SECURITY_ADMIN.person, by=SECURITY_ADMIN)
        assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)

    def test_another_security_administrator_may(self, given: Given, command):
        assert given.when(command, SECURITY_ADMIN.person, by=person("second", Role.SECURITY_ADMIN))

    def test_not_of_one_who_left(self, given: Given, command):
        given.when(RemovePerson(reason="退休"), "clerk", by=SECURITY_ADMIN)
        refusal = given.refused(command, "clerk", by=SECURITY_ADMIN)
        assert (refusal.rule, refusal.kind, refusal.state) == ("out_of_turn", Kind.OUT_OF_TURN, "left")

    def test_with_a_reason(self, given: Given, command):
        assert given.refused(replace(command, reason=" "), "clerk", by=SECURITY_ADMIN).field == "reason"
