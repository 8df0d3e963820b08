"""Every refusal for being out of turn says where the thing stands and what is allowed instead."""

import ast
from pathlib import Path

import pytest

import domain

FILES = sorted(Path(domain.__file__).parent.glob("*.py"))
SAYS = {"kind", "state", "allowed"}


def out_of_turn(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(
            one.arg == "kind" and isinstance(one.value, ast.Attribute) and one.value.attr == "OUT_OF_TURN"
            for one in node.keywords
        )
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_names_the_state_and_what_is_allowed(file: Path):
    for call in out_of_turn(ast.parse(file.read_text(encoding="utf-8"))):
        assert {one.arg for one in call.keywords} >= SAYS, f"{file.name}:{call.lineno}"


def test_there_are_such_refusals():
    assert sum(len(out_of_turn(ast.parse(file.read_text(encoding="utf-8")))) for file in FILES) > 20
