"""Which command makes which event, read from the compiled decisions: what they name is what they can make."""

from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from domain.command import COMMANDS, Command
from domain.event import EVENTS


@cache
def made_by(command: type[Command]) -> tuple[str, ...]:
    """Stored names of the events a command may make, in the order of `EVENTS`."""
    found = {named for function in decision(command) for named in _named(function) if isinstance(named, type)}
    return tuple(name for name, event in EVENTS.items() if event in found)


def decision(command: type[Command]) -> list[FunctionType]:
    """The functions a command decides by: its own, and those of the domain they name."""
    found: list[FunctionType] = []
    waiting: list[Any] = [value for name, value in vars(command).items() if not name.startswith("__")]
    while waiting:
        one = waiting.pop(0)
        function = one.__func__ if isinstance(one, staticmethod | classmethod) else one
        if isinstance(function, FunctionType) and function.__module__.startswith("domain.") and function not in found:
            found.append(function)
            waiting += _named(function)
    return found


@cache
def makers() -> dict[str, list[str]]:
    """Stored name → the commands that may make it."""
    made: dict[str, list[str]] = {name: [] for name in EVENTS}
    for name, command in COMMANDS.items():
        for event in made_by(command):
            made[event].append(name)
    return made


def _named(function: FunctionType) -> Iterator[Any]:
    """What it names: globals, and what it takes from modules among them."""
    names = function.__globals__
    for code in _within(function.__code__):
        modules = [value for name in code.co_names if isinstance(value := names.get(name), ModuleType)]
        for name in code.co_names:
            yield names.get(name)
            yield from (getattr(module, name, None) for module in modules)


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _within(inner)
