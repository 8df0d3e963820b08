"""Two hands where it matters: the life the examples tell is lived up to each command that bars somebody, and then those
barred try it, in every role that may."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from given import Given

from api.examples import FILES, OPENED_AT, Step, story
from domain.actor import Actor, Role
from domain.command import COMMANDS, Command
from domain.ids import PersonId, UnitId
from domain.person import PersonEnrolled
from domain.refusal import Refusal
from domain.sealed import Sealed
from domain.two_hands import UNITS, Relation, standing
from ledger.commands import read

TOLD = story()
BARRING = [name for name, command in COMMANDS.items() if command.__module__.startswith("domain.") and command.NOT_BY]
NOBODY_YET = {("recuse_from_review", Relation.RECUSED), ("close_request", Relation.CHECKER)}
"""Nobody stands in the relation when the examples come to the command; the tests of the noun tell of these."""


def actor_of(given: Given, person: str) -> Actor:
    state = given.states[person]
    return Actor(person=PersonId(person), roles=state.roles, unit=state.unit)


def asked(step: Step) -> Command:
    _, _, command = read(step.command, msgspec.json.encode(step.body))
    return command


@pytest.fixture(scope="module")
def lived() -> dict[str, tuple[Given, Step]]:
    """Command → the ledger just before its first step, and the step."""
    given = Given()
    given.now = OPENED_AT
    given.files = {hashlib.sha256(file).hexdigest(): file for file in FILES}
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        enrolled = PersonEnrolled(name=Sealed("", "某人"), title="管理员", roles=(role,))
        given.happened(TOLD.ids[role.value], enrolled)
    before: dict[str, tuple[Given, Step]] = {}
    for step in TOLD.steps:
        given.now = step.at
        if step.command not in before:
            then = Given()
            then.now, then.states = given.now, dict(given.states)
            then.history = {stream: [*events] for stream, events in given.history.items()}
            before[step.command] = then, step
        given.when(asked(step), step.made, by=actor_of(given, step.person))
    return before


def barred(given: Given, step: Step, relation: Relation) -> Iterator[Actor]:
    """Those who stand in the relation, in every role that may issue the command; nothing else stands against them."""
    command = COMMANDS[step.command]
    state: Any = given.states[step.made]
    who = (step.made,) if relation is Relation.ONESELF else standing(state)[relation]
    for one in who:
        for role in command.BY:
            actor = replace(actor_of(given, step.person), roles=frozenset({role}))
            if one is not None and relation in UNITS:
                yield replace(actor, unit=UnitId(one))
            elif one is not None:
                yield replace(actor, person=PersonId(one))


@pytest.mark.parametrize(
    ("name", "relation"), [(name, relation) for name in BARRING for relation in COMMANDS[name].NOT_BY]
)
def test_those_barred_are_refused_and_nobody_else(name: str, relation: Relation, lived: dict[str, tuple[Given, Step]]):
    given, step = lived[name]
    given.decide(asked(step), step.made, by=actor_of(given, step.person))
    tried = list(barred(given, step, relation))
    assert bool(tried) is ((name, relation) not in NOBODY_YET)
    for actor in tried:
        refusal: Refusal = given.refused(asked(step), step.made, by=actor)
        assert refusal.rule == UNITS.get(relation, "same_person")
