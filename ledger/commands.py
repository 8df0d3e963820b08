"""A request's body to the domain command it asks for. What cannot be read is refused in words that name the field.

Every door passes through here, so unknown fields, wrong types and missing fields get one answer everywhere.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from domain.command import COMMANDS, Command
from domain.event import REFERENCES
from domain.ids import Digest
from domain.refusal import Refusal
from ledger import json_text


class Reference(NamedTuple):
    """A field (`lead`, `parts.unit`) that names other streams, or evidence when `of` is None."""

    field: str
    of: type[Any] | None
    named: Callable[[Any], tuple[str, ...]]
    """The ids a command holds there."""


class Spec(NamedTuple):
    """What the writer needs to know of one command class."""

    name: str
    command: type[Command]
    form: type[msgspec.Struct]
    strict: msgspec.json.Decoder[Any]
    """Decodes the form; refuses unknown fields at every level."""
    decoder: msgspec.json.Decoder[Any]
    """Decodes the command itself, once the form has been read."""
    references: tuple[Reference, ...]
    fraction: "re.Pattern[bytes] | None"


@cache
def spec_of(name: str) -> Spec | None:
    command = COMMANDS.get(name)
    if command is None:
        return None
    form = _form(command)
    return Spec(
        name,
        command,
        form,
        msgspec.json.Decoder(form),
        msgspec.json.Decoder(command),
        tuple(_references(command)),
        _fractions(form),
    )


def read(name: str, body: bytes | msgspec.Raw) -> tuple[Spec, msgspec.Struct, Command]:
    """The command asked for, and its form, whose encoding is the same for bodies that mean the same. Raises Refusal."""
    spec = spec_of(name)
    if spec is None:
        raise Refusal(
            "unknown_command", "没有这个命令", "no such command", field="command", allowed=tuple(sorted(COMMANDS))
        )
    try:
        form = spec.strict.decode(body)
        command = spec.decoder.decode(body)
    except (ValueError, RecursionError) as error:
        json_text.check(body)
        raise unreadable(error, spec.form) from None
    # Texts may look like it, but few do.
    if (
        spec.fraction is not None
        and spec.fraction.search(body)
        and (path := _fraction(msgspec.json.decode(body), "")) is not None
    ):
        raise _wrong_type(path, _shape(spec.form, path))
    return spec, form, command


def _fractions(form: type[msgspec.Struct]) -> "re.Pattern[bytes] | None":
    """Finds what may be a fraction in a field for whole numbers, if there is one: msgspec takes 1.0 and 1e3 for whole
    numbers; pydantic does not, and no command has a field for any other number."""
    names = sorted(_whole(form))
    return re.compile(rf'"(?:{"|".join(names)})"\s*:\s*[\s\[]*-?[0-9]+[.eE]'.encode()) if names else None


def _whole(shape: Any) -> set[str]:
    """Names of the fields for whole numbers, at any depth."""
    found: set[str] = set()
    for name, hint in get_type_hints(shape).items() if _is_form(shape) else ():
        for part in _parts(hint):
            found |= {name} if part is int else _whole(part)
    return found


def _parts(hint: Any) -> Iterable[Any]:
    """A type, or what it is made of."""
    inner = get_args(hint)
    if not inner:
        return (getattr(hint, "__supertype__", hint),)
    return [found for part in inner for found in _parts(part)]


Version = Annotated[int, msgspec.Meta(ge=0, lt=10**18)]
"""Of a stream, as a client names it; what is larger does not fit between the processes."""


class _Versioned(msgspec.Struct):
    if_version: int | float | None = None


_versioned = msgspec.json.Decoder(_Versioned).decode


def refuse_fraction(text: bytes) -> None:
    """Raises Refusal when a submission that has been read names a version 3.0."""
    if isinstance(_versioned(text).if_version, float):
        raise _wrong_type("if_version", Version | None)


def _fraction(value: Any, path: str) -> str | None:
    """Where the first number with a fraction or an exponent stands."""
    if isinstance(value, float):
        return path
    inner: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        inner = ((f"{path}.{name}" if path else name, one) for name, one in value.items())
    elif isinstance(value, list):
        inner = ((path, one) for one in value)
    return next((found for place, one in inner if (found := _fraction(one, place)) is not None), None)


# --- forms ---------------------------------------------------------------------------------------------------------


@cache
def _form(kind: type[Any]) -> type[msgspec.Struct]:
    """A struct with the fields of a dataclass that forbids unknown ones (msgspec lets dataclasses ignore them)."""
    hints = get_type_hints(kind, include_extras=True)
    return msgspec.defstruct(
        kind.__name__,
        [_form_field(field, hints[field.name]) for field in fields(kind)],
        kw_only=True,
        forbid_unknown_fields=True,
    )


def _form_field(field: "Field[Any]", hint: Any) -> tuple[str, Any] | tuple[str, Any, Any]:
    if field.default_factory is not MISSING:
        return field.name, _form_type(hint), msgspec.field(default_factory=field.default_factory)
    if field.default is not MISSING:
        return field.name, _form_type(hint), field.default
    return field.name, _form_type(hint)


def _form_type(hint: Any) -> Any:
    if hint is datetime:
        return Annotated[datetime, msgspec.Meta(tz=True)]
    if is_dataclass(hint):
        return _form(hint)  # type: ignore[arg-type]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None or origin is Annotated or not inner:
        return hint
    if origin in (Union, UnionType):
        return Union[tuple(_form_type(part) for part in inner)]  # noqa: UP007 - built at run time
    return origin[tuple(part if part is Ellipsis else _form_type(part) for part in inner)]


# --- references ----------------------------------------------------------------------------------------------------


def _references(kind: type[Any]) -> list[Reference]:
    return [
        Reference(path, None if named is Digest else REFERENCES[named], getter)
        for path, named, getter in _named(kind)
        if named is Digest or named in REFERENCES
    ]


def _named(kind: type[Any]) -> list[tuple[str, Any, Callable[[Any], tuple[str, ...]]]]:
    hints = get_type_hints(kind)
    found = []
    for field in fields(kind):
        for below, named, many, inner in _ids(hints[field.name]):
            path = field.name + (f".{below}" if below else "")
            found.append((path, named, _getter(field.name, many=many, inner=inner)))
    return found


def _ids(hint: Any) -> list[tuple[str, Any, bool, Callable[[Any], tuple[str, ...]] | None]]:
    """(path below, id type, whether a sequence, getter within one item) for each id type in a field's type."""
    if isinstance(hint, type) and is_dataclass(hint):
        return [(path, named, False, getter) for path, named, getter in _named(hint)]
    if hasattr(hint, "__supertype__"):
        return [("", hint, False, None)]
    origin = get_origin(hint)
    parts = [part for part in get_args(hint) if part not in (NoneType, Ellipsis)]
    if origin in (Union, UnionType):
        return [found for part in parts for found in _ids(part)]
    if origin in (tuple, list, frozenset, set):
        return [(path, named, True, inner) for part in parts for path, named, _, inner in _ids(part)]
    return []


def _getter(
    name: str, *, many: bool, inner: Callable[[Any], tuple[str, ...]] | None
) -> Callable[[Any], tuple[str, ...]]:
    def one(holder: Any) -> tuple[str, ...]:
        value = getattr(holder, name)
        if value is None:
            return ()
        return (value,) if inner is None else inner(value)

    def each(holder: Any) -> tuple[str, ...]:
        values = getattr(holder, name)
        if not values:
            return ()
        return tuple(values) if inner is None else tuple(named for value in values for named in inner(value))

    return each if many else one


# --- words for what cannot be read -----------------------------------------------------------------------------------

_PATH = re.compile(r" - at `([^`]*)`$")
_QUOTED = re.compile(r"`([^`]*)`")
_TYPES: dict[Any, tuple[str, str]] = {
    str: ("文本", "text"),
    int: ("整数", "a whole number"),
    float: ("数值", "a number"),
    bool: ("true 或 false", "true or false"),
    dict: ("对象", "an object"),
    NoneType: ("null", "null"),
    date: ("日期，如 2011-03-01", "a date such as 2011-03-01"),
    datetime: (
        "带时区的时刻，如 2011-03-01T09:00:00+08:00",
        "a moment with its offset, such as 2011-03-01T09:00:00+08:00",
    ),
    msgspec.Raw: ("对象", "an object"),
}


def unreadable(error: Exception, form: type[Any]) -> Refusal:
    """The refusal for what msgspec could not decode into `form`. Never holds the client's own words, except the name
    of a field that does not exist, which is cut at 64 characters."""
    if not isinstance(error, msgspec.ValidationError):
        return json_text.no_json(error)
    said = str(error)
    at = _PATH.search(said)
    path = _path(at.group(1) if at else "$")
    try:
        shape = _shape(form, path)
    except (KeyError, TypeError):
        # The name of an unknown field is the client's and may look like the end of a message.
        at, path, shape = None, "", form
    if said.startswith("Object contains unknown field"):
        name = said.removesuffix(at.group(0) if at else "")[len("Object contains unknown field `") : -1][:64]
        allowed = tuple(sorted(getattr(_item(shape), "__struct_fields__", ())))
        field = f"{path}.{name}" if path else name
        return Refusal(
            "unknown_field",
            f"没有“{name}”这个字段，可用字段：{'、'.join(allowed)}",
            f"there is no field “{name}”; allowed: {', '.join(allowed)}",
            field=field,
            allowed=allowed,
        )
    if said.startswith("Object missing required field"):
        name = _QUOTED.findall(said)[0]
        field = f"{path}.{name}" if path else name
        return Refusal("missing_field", f"缺少字段“{field}”", f"field “{field}” is missing", field=field)
    return _wrong_type(path, _item(shape) if said.endswith("]`") else shape)


def _wrong_type(path: str, shape: Any) -> Refusal:
    zh, en, allowed = _wanted(shape)
    return Refusal(
        "wrong_type",
        f"字段“{path or 'body'}”的类型或取值不对，应为{zh}",
        f"field “{path or 'body'}” has a wrong type or value; it must be {en}",
        field=path or "body",
        allowed=allowed,
    )


def _path(pointer: str) -> str:
    """`$.parts[...].unit` → `parts.unit`."""
    return re.sub(r"\[[^\]]*\]", "", pointer).removeprefix("$").removeprefix(".")


def _shape(form: type[Any], path: str) -> Any:
    """The type of the field at a path."""
    shape: Any = form
    for step in filter(None, path.split(".")):
        shape = _item(shape)
        shape = get_type_hints(shape, include_extras=True)[step]
    return shape


def _is_form(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _item(shape: Any) -> Any:
    """Past `| None` and sequences, to what one item is."""
    while not _is_form(shape) and get_args(shape) and get_origin(shape) is not Annotated:
        shape = next(part for part in get_args(shape) if part is not NoneType)
    return shape


def _wanted(shape: Any) -> tuple[str, str, tuple[str, ...]]:
    """What a field takes, in Chinese and English, and the values where they can be listed."""
    origin, inner = get_origin(shape), get_args(shape)
    if hasattr(shape, "__supertype__"):
        return _wanted(shape.__supertype__)
    if origin is Annotated:
        return _wanted(inner[0])
    if origin in (Union, UnionType):
        parts = [_wanted(part) for part in inner]
        allowed = tuple(value for part in parts for value in part[2])
        return " 或 ".join(part[0] for part in parts), " or ".join(part[1] for part in parts), allowed
    if origin is not None:
        zh, en, allowed = _wanted(next(iter(inner)))
        return f"数组（每项为{zh}）", f"an array, each item {en}", allowed
    if isinstance(shape, type) and issubclass(shape, Enum):
        allowed = tuple(str(member.value) for member in shape)
        return f"以下之一：{'、'.join(allowed)}", f"one of {', '.join(allowed)}", allowed
    return (*_TYPES.get(dict if _is_form(shape) else shape, ("规定的类型", "of its type")), ())
