"""Types and fields as a reader meets them: what JSON holds, in Chinese and English."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.sealed import Sealed

PLAIN: dict[Any, str] = {
    str: "文本 text",
    int: "整数 integer",
    bool: "是否 boolean",
    date: "日期 date",
    datetime: "时刻 moment",
}
MANY = dict.fromkeys((tuple, list, set, frozenset), ("数组", "list")) | {dict: ("对象", "object")}
MEMBER = re.compile(r"^\s+(?P<name>[A-Z][A-Z0-9_]*) = .*?#\s*(?P<zh>.+?)\s*$", re.MULTILINE)


def said(hint: Any) -> str:
    """A type in words; types of the project link to where the same page explains them."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        words = "／".join(said(part) for part in inner if part is not NoneType)
        return f"{words}，可为空 or null" if NoneType in inner else words
    if origin is not None:
        zh, en = ("密封", "sealed") if origin is Sealed else MANY[origin]
        return f"{zh} {en} ({said(inner[-1] if origin is dict else inner[0])})"
    if hasattr(hint, "__supertype__"):
        return f"`{hint.__name__}`"
    return PLAIN.get(hint) or f"[`{hint.__name__}`](#{hint.__name__.lower()})"


def shapes_in(kinds: Iterable[type[Any]]) -> list[type[Any]]:
    """The enumerations and nested dataclasses that fields of `kinds` are made of, by name."""
    found: dict[str, type[Any]] = {}
    waiting = list(kinds)
    while waiting:
        for hint in get_type_hints(waiting.pop()).values():
            for part in _parts(hint):
                if part.__name__ not in found and (is_dataclass(part) or issubclass(part, Enum)):
                    found[part.__name__] = part
                    waiting += [part] if is_dataclass(part) else []
    return [found[name] for name in sorted(found)]


def _parts(hint: Any) -> Iterator[type[Any]]:
    if get_origin(hint) is not None:
        for part in get_args(hint):
            yield from _parts(part)
    elif isinstance(hint, type) and hint is not NoneType:
        yield hint


def chinese(kind: type[Enum]) -> Mapping[str, str]:
    """Value → the Chinese word that stands beside the member in the source, where one does."""
    found = {match["name"]: match["zh"] for match in MEMBER.finditer(inspect.getsource(kind))}
    return {str(member.value): found[name] for name, member in kind.__members__.items() if name in found}


def notes(kind: type[Any]) -> Mapping[str, str]:
    """Field → the words that stand below it in the source."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for line, below in zip(body.body, body.body[1:], strict=False):
        match line, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = " ".join(words.split())
    return found


def prose(kind: type[Any]) -> str:
    """What its docstring says; the one a dataclass makes up says nothing."""
    words = kind.__doc__ or ""
    return "" if words.startswith(f"{kind.__name__}(") else inspect.cleandoc(words)


def table(kind: type[Any], *, defaults: bool = False) -> list[str]:
    """Its fields as rows of Markdown; `defaults` says which may be left out."""
    hints = get_type_hints(kind)
    if not fields(kind):
        return ["无字段 No fields.", ""]
    rows = ["| 字段 Field | 类型 Type | 说明 Note |", "|---|---|---|"]
    beside = notes(kind)
    for field in fields(kind):
        note = beside.get(field.name, "")
        if defaults and (given := _default(field)) is not None:
            note = f"{given} {note}".strip()
        rows.append(f"| `{field.name}` | {said(hints[field.name])} | {_cell(note)} |")
    return [*rows, ""]


def _default(field: Field[Any]) -> str | None:
    if field.default is MISSING and field.default_factory is MISSING:
        return None
    return "可不填 optional" if field.default in (None, "", ()) else f"缺省 default `{field.default}`"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def appendix(kinds: Iterable[type[Any]]) -> list[str]:
    """The types that `kinds` use, each once."""
    lines = ["## 类型 Types", ""]
    for shape in shapes_in(kinds):
        lines += [f"### {shape.__name__}", ""]
        if words := prose(shape):
            lines += [words, ""]
        if is_dataclass(shape):
            lines += table(shape)
            continue
        names = chinese(shape)
        values = (f"`{member.value}` {names.get(str(member.value), '')}".rstrip() for member in shape)
        lines += ["取值 one of: " + "、".join(values), ""]
    return lines
