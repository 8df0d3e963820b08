"""The life that the examples of the API tell, played on `Given`: each command where it is first asked for."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from given import Given, person

from api.examples import FILES, story
from domain.actor import Actor, Role
from domain.calendar_year import CalendarYear, with_years
from domain.command import Command
from domain.person import Person
from ledger.announced import announced
from ledger.commands import read


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A command that is accepted, and everything as it stood before."""

    given: Given
    command: Command
    stream: str
    by: Actor


@cache
def told() -> dict[str, Asked]:
    """Name of a command → where it is first asked for. Nothing may happen there any more."""
    life = story()
    given = Given()
    given.files = {hashlib.sha256(file).hexdigest(): file for file in FILES}
    administrators = {life.ids[role]: person(life.ids[role], role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)}
    first: dict[str, Asked] = {}
    for step in life.steps:
        _, _, command = read(step.command, orjson.dumps(step.body))
        given.now = step.at
        given.calendar = with_years(announced(), _years(given.states))
        by = administrators.get(step.person) or _actor(step.person, given.states[step.person])
        if step.command not in first:
            first[step.command] = Asked(given=_as_it_stands(given), command=command, stream=step.made, by=by)
        given.when(command, step.made, by=by)
    return first


def _years(states: dict[str, Any]) -> list[CalendarYear]:
    return [state for state in states.values() if isinstance(state, CalendarYear)]


def _actor(name: str, state: Person) -> Actor:
    return person(name, *state.roles, unit=state.unit)


def _as_it_stands(given: Given) -> Given:
    copy = Given(rules=given.rules)
    copy.now, copy.calendar, copy.files, copy.boxes = given.now, given.calendar, given.files, given.boxes
    copy.states = dict(given.states)
    copy.history = {stream: list(events) for stream, events in given.history.items()}
    return copy
