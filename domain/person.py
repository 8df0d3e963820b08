"""Persons who act: their roles and their unit. The name is personal data and sealed; the post (职务) is not."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.event import event, evolves
from domain.ids import PersonId, UnitId
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.text import line
from domain.two_hands import Relation

ADMINISTRATORS = frozenset({Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN})
"""三员: three roles, never one person (GB/T 22239, DOMAIN §6)."""
OF_A_UNIT = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})


@event("person_enrolled.1")
class PersonEnrolled:
    name: Sealed[str]
    title: str
    roles: tuple[Role, ...]
    unit: UnitId | None = None


@event("roles_changed.1")
class RolesChanged:
    roles: tuple[Role, ...]
    reason: str


@event("person_moved.1")
class PersonMoved:
    """To another unit, or out of any (None); the post may change with it."""

    unit: UnitId | None
    title: str
    reason: str


@event("person_left.1")
class PersonLeft:
    reason: str


PersonEvent: TypeAlias = PersonEnrolled | RolesChanged | PersonMoved | PersonLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One who left holds no role and no unit, so no command passes."""

    title: str
    roles: frozenset[Role]
    unit: UnitId | None
    left: bool = False


@evolves(PersonEvent, named=PersonId)
def evolve(state: Person | None, happened: PersonEvent) -> Person:
    match happened:
        case PersonEnrolled():
            return Person(title=happened.title, roles=frozenset(happened.roles), unit=happened.unit)
        case RolesChanged():
            assert state is not None
            return replace(state, roles=frozenset(happened.roles))
        case PersonMoved():
            assert state is not None
            return replace(state, unit=happened.unit, title=happened.title)
        case PersonLeft():
            assert state is not None
            return replace(state, roles=frozenset(), unit=None, left=True)
        case _:
            assert_never(happened)


def _checked(roles: tuple[Role, ...], unit: UnitId | None, field: str = "unit") -> tuple[Role, ...]:
    held = frozenset(roles)
    if not held:
        raise Refusal("roles_empty", "至少授予一个角色", "at least one role is needed", field="roles")
    if len(held & ADMINISTRATORS) > 1:
        raise Refusal(
            "administrators_apart",
            "审计、安全、系统三员不得由一人兼任",
            "auditor, security and system administrator are never one person",
            field="roles",
        )
    if held & OF_A_UNIT and unit is None:
        raise Refusal("unit_needed", "责任单位人员必须属于某一单位", "a unit officer or head needs a unit", field=field)
    return tuple(sorted(held))


def _here(state: Person) -> None:
    if state.left:
        raise Refusal(
            "out_of_turn", "该人员已离岗", "this person has left", kind=Kind.OUT_OF_TURN, state="left", allowed=()
        )


@command(of=Person, by=(Role.SECURITY_ADMIN,), creates=True)
class EnrolPerson:
    """Enters a person who may act. `name` is sealed; `title` is the post and holds no personal data."""

    name: str
    title: str
    roles: tuple[Role, ...]
    unit: UnitId | None = None

    def decide(self, state: None, ctx: Context) -> list[PersonEvent]:
        return [
            PersonEnrolled(
                name=Sealed(ctx.stream, line(self.name, "name")),
                title=line(self.title, "title"),
                roles=_checked(self.roles, self.unit),
                unit=self.unit,
            )
        ]


@command(of=Person, by=(Role.SECURITY_ADMIN,), not_by=(Relation.ONESELF,))
class ChangeRoles:
    """Replaces all roles of another person."""

    roles: tuple[Role, ...]
    reason: str

    def decide(self, state: Person, ctx: Context) -> list[PersonEvent]:
        _here(state)
        roles = _checked(self.roles, state.unit, "roles")
        if frozenset(roles) == state.roles:
            raise Refusal("unchanged", "角色没有变化", "the roles are the same", kind=Kind.CONFLICT, field="roles")
        return [RolesChanged(roles=roles, reason=line(self.reason, "reason"))]


@command(of=Person, by=(Role.SECURITY_ADMIN,), not_by=(Relation.ONESELF,))
class MovePerson:
    """Moves another person to a unit (or out of any) and names the new post."""

    title: str
    reason: str
    unit: UnitId | None = None

    def decide(self, state: Person, ctx: Context) -> list[PersonEvent]:
        _here(state)
        _checked(tuple(state.roles), self.unit)
        title = line(self.title, "title")
        if (self.unit, title) == (state.unit, state.title):
            raise Refusal("unchanged", "单位和职务没有变化", "unit and post are the same", kind=Kind.CONFLICT)
        return [PersonMoved(unit=self.unit, title=title, reason=line(self.reason, "reason"))]


@command(of=Person, by=(Role.SECURITY_ADMIN,), not_by=(Relation.ONESELF,))
class RemovePerson:
    """Takes every role from another person who has left the post; what they did stays theirs."""

    reason: str

    def decide(self, state: Person, ctx: Context) -> list[PersonEvent]:
        _here(state)
        return [PersonLeft(reason=line(self.reason, "reason"))]
