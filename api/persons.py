"""Streams as the API itself needs them: who a person is, what a thing's unit is. Read fresh, as they stand now."""

from typing import Any

from domain.actor import Role
from domain.person import Person
from domain.refusal import Kind, Refusal
from domain.written import Written
from ledger.codec import decode, decode_event, key_of
from ledger.contract import Reader
from ledger.streams import fold, is_name


def state_of(reader: Reader, stream: bytes) -> Any:
    """The folded state of a stream; None when there is none."""
    state = None
    for row in reader.stream(stream):
        state = fold(state, decode_event(row.name, row.state))
    return state


def written(reader: Reader, stream: str) -> list[Written]:
    """The events of a stream, oldest first."""
    told = [decode(row) for row in reader.stream(key_of(stream))]
    return [Written(one.position, one.meta.event_id, one.event) for one in told]


def acting(reader: Reader, person: str | None) -> Person:
    """The person a request names. Raises Refusal in the writer's words when there is none."""
    state = state_of(reader, key_of(person)) if person and is_name(person) else None
    if not isinstance(state, Person):
        raise Refusal("unknown_person", "没有这个人员", "no such person", kind=Kind.FORBIDDEN, field="person")
    return state


def holding(person: Person, *roles: Role) -> Person:
    """Refuses a person who holds none of the roles."""
    if not person.roles.intersection(roles):
        raise Refusal(
            "role_not_allowed",
            "您的角色不能执行该操作",
            "your role may not issue this command",
            kind=Kind.FORBIDDEN,
            allowed=tuple(sorted(roles)),
        )
    return person
