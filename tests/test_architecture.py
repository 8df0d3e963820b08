"""The shape of the program: arrows one way, a domain without a world, files one can read in a sitting."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("domain", "ledger", "projections", "api", "web", "cli")
MOST_LINES = 350

# What the domain may take from the standard library: words and values, nothing that looks outside.
DOMAIN_MAY_IMPORT = {
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "hmac",
    "importlib",  # the package enters its own modules
    "itertools",
    "math",
    "pkgutil",
    "re",
    "types",
    "typing",
    "unicodedata",
}
# For the type checker only: a zone is passed in, as it is read from a file.
DOMAIN_MAY_NAME = {"zoneinfo"}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp", "time", "monotonic", "localtime"}
WORLD = {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint", "globals", "vars"}


def sources(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), node.lineno


def typing_only(tree: ast.AST) -> set[int]:
    """Lines under `if TYPE_CHECKING:`."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in node.body
        for line in range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)
    }


def strangers(tree: ast.AST) -> list[str]:
    """Imports the domain may not have."""
    named = typing_only(tree)
    return [
        f"line {line}: {module}"
        for module, line in imports(tree)
        if (top := module.split(".")[0]) not in DOMAIN_MAY_IMPORT | {"domain"}
        and not (top in DOMAIN_MAY_NAME and line in named)
    ]


def reaches_out(tree: ast.AST) -> list[str]:
    """Calls that read a clock or touch the world."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(attr=name) if name in CLOCKS:
                found.append(f"line {node.lineno}: .{name}()")
            case ast.Name(id=name) if name in WORLD:
                found.append(f"line {node.lineno}: {name}()")
    return found


def test_arrows_go_one_way():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("path", sources("domain"), ids=lambda path: path.name)
def test_domain_knows_only_words_and_values(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert strangers(tree) == []
    assert reaches_out(tree) == []


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "import time",
        "import random",
        "from uuid import uuid4",
        "import msgspec",
        "from ledger.codec import encode",
        "from zoneinfo import ZoneInfo",
        "def f():\n    import secrets",
    ],
)
def test_a_stranger_would_be_seen(code: str):
    assert strangers(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    ["datetime.now(UTC)", "date.today()", "open('x')", "print(1)", "datetime.datetime.utcnow()", "eval('1')"],
)
def test_reaching_out_would_be_seen(code: str):
    assert reaches_out(ast.parse(code))


def test_a_zone_may_be_named_for_the_type_checker():
    assert strangers(ast.parse("if TYPE_CHECKING:\n    from zoneinfo import ZoneInfo")) == []


def test_files_can_be_read_in_a_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources(*ROOMS)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}
