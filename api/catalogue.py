"""Every rule that can refuse, explained at `/problems/<rule>`.

The words stand where a refusal is raised and nowhere else. They are read from the program's own source, so the
explanation can't differ from the refusal, and a new rule needs no second place.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter
from pydantic import BaseModel

from api.problems import STATUS, TITLES, Problem
from domain.refusal import Kind

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("domain", "ledger", "projections", "api")
MAKERS = {"Refusal", "Refused", "Problem"}
RULE, ZH, EN = range(3)


class Sentence(BaseModel):
    """One thing the rule may say; … stands for what differs."""

    zh: str
    en: str


class Explanation(BaseModel):
    type: str
    rule: str
    statuses: list[int]
    title: str
    title_en: str
    sentences: list[Sentence]


class Explanations(BaseModel):
    problems: list[Explanation]


class _Found(NamedTuple):
    rule: str
    status: int
    sentence: Sentence | None


@cache
def explanations() -> dict[str, Explanation]:
    """Rule → what it means. Reads the source once; blocking."""
    made: dict[str, Explanation] = {}
    for found in _found():
        title, title_en = TITLES[found.status]
        explained = made.setdefault(
            found.rule,
            Explanation(
                type=f"/problems/{found.rule}",
                rule=found.rule,
                statuses=[],
                title=title,
                title_en=title_en,
                sentences=[],
            ),
        )
        if found.status not in explained.statuses:
            explained.statuses.append(found.status)
        if found.sentence is not None and found.sentence not in explained.sentences:
            explained.sentences.append(found.sentence)
    return dict(sorted(made.items()))


def _found() -> Iterator[_Found]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            refusals = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_refusal(node)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and len(node.args) > EN and _makes(node.func, refusals):
                    yield from _read(node)
                elif isinstance(node, ast.ClassDef) and node.name in refusals:
                    yield from (
                        found
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call) and len(call.args) > EN and isinstance(call.func, ast.Attribute)
                        for found in _read(call)
                    )


def _is_refusal(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id in MAKERS for base in node.bases)


def _makes(function: ast.expr, refusals: set[str]) -> bool:
    return isinstance(function, ast.Name) and function.id in MAKERS | refusals


def _read(call: ast.Call) -> Iterator[_Found]:
    rule, zh, en = _words(call.args[RULE]), _words(call.args[ZH]), _words(call.args[EN])
    if not rule.isidentifier():
        return
    sentence = Sentence(zh=zh, en=en) if zh and en else None
    yield _Found(rule, _status(call), sentence)


def _words(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_words(part) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{_words(body)} / {_words(orelse)}"
        case _:
            return ""


def _status(call: ast.Call) -> int:
    for keyword in call.keywords:
        match keyword.arg, keyword.value:
            case "status", ast.Constant(value=int(status)):
                return status
            case "kind", ast.Attribute(attr=name):
                return STATUS[Kind[name]]
    return STATUS[Kind.INVALID]


def router() -> APIRouter:
    made = APIRouter(tags=["问题说明 Problems explained"])

    @made.get("/problems", operation_id="list_problems", summary="全部规则 All rules")
    def list_problems() -> Explanations:
        return Explanations(problems=list(explanations().values()))

    @made.get("/problems/{rule}", operation_id="explain_problem", summary="一条规则 One rule")
    def explain(rule: str) -> Explanation:
        found = explanations().get(rule)
        if found is None:
            raise Problem("unknown_rule", "没有这条规则", "there is no such rule", status=404)
        return found

    return made
