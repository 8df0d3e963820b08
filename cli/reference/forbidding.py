"""For which persons a decision itself says no, beyond the table: what depends on what the command names or on another
stream. Read from the source of the decisions, as `/problems` is."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping

from cli.reference.makers import decision
from domain.command import Command


def forbidden_by(command: type[Command]) -> Mapping[str, tuple[str, str]]:
    """Rule → its sentence in Chinese and in English, for each refusal of a person a decision may raise."""
    found: dict[str, tuple[str, str]] = {}
    for function in decision(command):
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        found |= dict(_forbidding(tree))
    return found


def _forbidding(tree: ast.AST) -> Iterator[tuple[str, tuple[str, str]]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="Refusal"),
                args=[ast.Constant(value=str(rule)), ast.Constant(value=str(zh)), ast.Constant(value=str(en))],
                keywords=keywords,
            ) if any(ast.unparse(one.value) == "Kind.FORBIDDEN" for one in keywords):
                yield rule, (zh, en)
