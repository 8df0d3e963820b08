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


class _Maker(NamedTuple):
    """A constructor or function that is given a rule and its words."""

    rule: int
    """Place of the rule among its arguments; the words follow it."""
    status: int | None


def _found() -> Iterator[_Found]:
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    makers = dict.fromkeys(MAKERS, _Maker(0, None)) | dict(_helpers(trees))
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in makers:
                    yield from _read(node, makers[name])
                case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__")):
                    yield from _read(node, _Maker(0, None))


def _helpers(trees: list[ast.Module]) -> Iterator[tuple[str, _Maker]]:
    """Functions with the parameters `rule`, `zh`, `en`."""
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            names = [argument.arg for argument in node.args.args]
            if "rule" in names and names[names.index("rule") :][:3] == ["rule", "zh", "en"] and "self" not in names:
                inner = (call for call in ast.walk(node) if isinstance(call, ast.Call) and call.keywords)
                yield node.name, _Maker(names.index("rule"), next((_status(call) for call in inner), None))


def _read(call: ast.Call, maker: _Maker) -> Iterator[_Found]:
    told = call.args[maker.rule : maker.rule + 3]
    if len(told) < 3 or not (rule := _words(told[0])).isidentifier():  # noqa: PLR2004 - rule, zh, en
        return
    zh, en = _words(told[1]), _words(told[2])
    yield _Found(rule, maker.status or _status(call), Sentence(zh=zh, en=en) if zh and en else None)


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
