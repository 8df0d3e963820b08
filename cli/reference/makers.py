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
    found: set[Any] = set()
    waiting: list[Any] = [value for name, value in vars(command).items() if not name.startswith("__")]
    seen: set[Any] = set()
    while waiting:
        one = waiting.pop()
        function = one.__func__ if isinstance(one, staticmethod | classmethod) else one
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        for named in _named(function.__code__, function.__globals__):
            if isinstance(named, FunctionType) and named.__module__.startswith("domain."):
                waiting.append(named)
            elif isinstance(named, type):
                found.add(named)
    return tuple(name for name, event in EVENTS.items() if event in found)


@cache
def makers() -> dict[str, list[str]]:
    """Stored name → the commands that may make it."""
    made: dict[str, list[str]] = {name: [] for name in EVENTS}
    for name, command in COMMANDS.items():
        for event in made_by(command):
            made[event].append(name)
    return made


def _named(code: CodeType, names: dict[str, Any]) -> Iterator[Any]:
    """What the code names: globals, and what it takes from modules among them."""
    modules = [value for name in code.co_names if isinstance(value := names.get(name), ModuleType)]
    for name in code.co_names:
        yield names.get(name)
        yield from (getattr(module, name, None) for module in modules)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _named(inner, names)
