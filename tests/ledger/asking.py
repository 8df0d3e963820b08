"""Makes up submissions for any command: what its fields may hold is read from their types, so that a new command is
asked for as soon as it exists. Half of what is made up is meant to be lawful, the rest is not."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from expecting import Replayed

from domain.command import Command
from domain.event import REFERENCES
from domain.ids import Digest, UnitId
from domain.person import Person

NOWHERE = "01300000-0000-7000-8000-00000000dead"
"""The id of nothing."""
DAYS = (-400, -40, -5, -1, 0, 0, 0, 0, 1, 5, 30, 60, 100, 400)
WHOLE = (0, 1, 1, 2, 3, 100, 120, 120, 5_000)
ODD: tuple[Any, ...] = (None, "", " ", "a\0b", "长" * 10_001, -1, 1.5, 2**63, True, [], {}, "2011-02-30", "没有")
TEXTS = {
    "region": ("320585", "320585001", "32"),
    "key": ("a", "b"),
    "target": ("a", "b"),
    "credit_code": ("91320585MA1XK5CP0Y", "91320585"),
}


_hints = cache(get_type_hints)


class Asking:
    """`replayed` holds the streams as they stand; `now` is when the command is asked for."""

    def __init__(self, random: Random, replayed: Replayed, now: datetime, file: str) -> None:
        self.random = random
        self.replayed = replayed
        self.states = replayed.states
        self.now = now
        self.file = file

    def person_for(self, kind: type[Command], state: Any) -> str:
        """Somebody who holds a role for it, mostly of the unit it lies with."""
        fit = [name for name, one in self.persons().items() if not kind.BY.isdisjoint(one.roles)]
        unit = getattr(state, "responsible", None) or getattr(state, "unit", None)
        near = [name for name in fit if self.states[name].unit == unit]
        if near and self.random.random() < 0.6:
            return self.random.choice(near)
        return self.random.choice(fit or list(self.persons()))

    def persons(self) -> dict[str, Person]:
        return {name: self.states[name] for name in self.replayed.kinds[Person]}

    def stream_of(self, kind: type[Any]) -> str:
        """One of that kind, rather a late one; of no kind in particular for `object`."""
        found = self.replayed.kinds[kind]
        if not found:
            return NOWHERE
        return self.random.choice(found[-6:] if self.random.random() < 0.7 else found)

    def body(self, kind: type[Any], person: str) -> dict[str, Any]:
        """Fields for a command, or for a part of one, that decodes."""
        hints = _hints(kind)
        made = {}
        for field in fields(kind):
            optional = field.default is not MISSING or field.default_factory is not MISSING
            if not optional or self.random.random() < 0.5:
                made[field.name] = self._value(hints[field.name], field.name, person)
        return made

    def spoilt(self, body: dict[str, Any]) -> Any:
        """The same with something wrong with it, most of the time."""
        way = self.random.randrange(5)
        if way == 0 or not body:
            return body | {"colour": "红"}
        name = self.random.choice(list(body))
        if way == 1:
            return {other: value for other, value in body.items() if other != name}
        if way == 2:
            return self.random.choice(ODD)
        return body | {name: self.random.choice(ODD)}

    def _value(self, hint: Any, name: str, person: str) -> Any:
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            if NoneType in inner and self.random.random() < 0.4:
                return None
            hint = self.random.choice([part for part in inner if part is not NoneType])
            return self._value(hint, name, person)
        if origin in (tuple, list, set, frozenset):
            count = self.random.choice((1, 1, 1, 2, 0))
            return [self._value(inner[0], name, person) for _ in range(count)]
        if is_dataclass(hint):
            return self.body(hint, person)  # type: ignore[arg-type]
        return self._name(hint, person) if hasattr(hint, "__supertype__") else self._plain(hint, name)

    def _name(self, hint: Any, person: str) -> str:
        if hint is Digest:
            return self.file
        own = getattr(self.states.get(person), "unit", None)
        if hint is UnitId and own is not None and self.random.random() < 0.7:
            return str(own)
        return self.stream_of(REFERENCES.get(hint, object))

    def _plain(self, hint: Any, name: str) -> Any:
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self.random.choice(list(hint)).value
        random = self.random
        plain: dict[Any, Callable[[], Any]] = {
            bool: lambda: random.random() < 0.5,
            int: lambda: self.now.year + random.choice((-1, 0, 1)) if name == "year" else random.choice(WHOLE),
            date: lambda: (self.now + timedelta(days=random.choice(DAYS), hours=8)).date().isoformat(),
            datetime: (self.now + timedelta(hours=random.choice((-30, -1, 0, 1)))).isoformat,
            str: lambda: random.choice(TEXTS.get(name, (f"文字{random.randrange(10**9)}",))),
        }
        return plain.get(hint, dict)()
