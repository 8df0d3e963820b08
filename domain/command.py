"""Commands: what someone asks for. Each is a frozen dataclass whose `decide` gives the events or raises a Refusal.

`@command(of=State, by=…)` enters the class in `COMMANDS` under its snake_case name. Every door of the system (HTTP
route, hot route, bulk) decodes into these classes and calls the same `authorise` and `decide`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeVar, dataclass_transform

from domain.actor import Actor, Role
from domain.ballots import BallotBoxes, NoBoxes, WithBox, no_file
from domain.calendar import Calendar
from domain.editions import BROUGHT, Editions
from domain.event import Event
from domain.refusal import Kind, Refusal
from domain.rules import Rules
from domain.two_hands import Relation, keep_apart
from domain.written import Written, nothing_written

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

C = TypeVar("C", bound=type)
S = TypeVar("S")

Reads = Callable[[Any, str, Any], tuple[str, ...]]
"""Of a command, the id of its stream and that one's state: the streams whose events the decision reads."""


def own_events(_command: Any, stream: str, _state: Any) -> tuple[str, ...]:
    return (stream,)


COMMANDS: dict[str, type["Command"]] = {}
"""Command name → class."""


class Context(NamedTuple):
    """Everything a decision may know beside the stream's own state. A tuple, because one is made per decision."""

    actor: Actor
    now: datetime
    """When the ledger records this (aware). Deadlines and guards use it, never `occurred_at`."""
    occurred_at: datetime
    """When the client says it happened (aware, at most 5 minutes ahead of now)."""
    stream: str
    """Id of the stream the events go to; for a creating command, the new id."""
    look: Callable[[str], Any]
    """State of another stream by id, as of this decision, or None."""
    rules: Rules
    """In force today."""
    calendar: Calendar
    zone: "ZoneInfo"
    file: Callable[[str], bytes] = no_file
    """Content of a lodged file by its digest; raises Refusal when it is gone."""
    boxes: BallotBoxes = NoBoxes()
    written: Callable[[str], Sequence[Written]] = nothing_written
    """The events of a stream the command `reads`, oldest first, those of earlier requests of the batch included."""
    editions: Editions = BROUGHT
    """Of the rules, those to come included."""

    @property
    def today(self) -> date:
        """Civil date of `now` (Asia/Shanghai)."""
        return self.now.astimezone(self.zone).date()


class Command(Protocol):
    """Any class made by `@command`."""

    NAME: ClassVar[str]
    OF: ClassVar[type[Any]]
    """State class of the stream it acts on."""
    BY: ClassVar[frozenset[Role]]
    CREATES: ClassVar[bool]
    OWN_UNIT: ClassVar[bool]
    NOT_BY: ClassVar[tuple[Relation, ...]]
    READS: ClassVar[Reads | None]

    def decide(self, state: Any, ctx: Context) -> Sequence[Event] | WithBox:
        """The events that happen; raises Refusal. `state` is None for a creating command. It changes nothing, here or
        anywhere, for it may be asked again and what it decided may never be stored."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def command(
    *,
    of: type[Any],
    by: tuple[Role, ...],
    not_by: tuple[Relation, ...] = (),
    creates: bool = False,
    own_unit: bool = False,
    reads: Reads | None = None,
) -> Callable[[C], C]:
    """Makes a command class. `by`: roles that may issue it; `not_by`: relations to the stream that bar a person all the
    same (`domain/two_hands.py`); `own_unit`: a unit's person only for that unit (the state's `responsible` unit).
    `reads`: the streams whose events it needs, which are fetched before the decision."""

    def make(cls: C) -> C:
        made: Any = dataclass(frozen=True, kw_only=True, slots=True)(cls)
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        if name in COMMANDS:
            raise TypeError(f"command name {name} is taken by {COMMANDS[name]}")
        made.NAME, made.OF, made.BY, made.NOT_BY = name, of, frozenset(by), not_by
        made.CREATES, made.OWN_UNIT, made.READS = creates, own_unit, reads
        COMMANDS[name] = made
        return made  # type: ignore[no-any-return]

    return make


def authorise(cmd: type[Command], state: Any, actor: Actor, stream: str = "") -> None:
    """Refuses a person whose role, unit or relation to it does not allow this command on this state of `stream`. While
    no unit is responsible the decision itself answers that it is out of turn."""
    if cmd.BY.isdisjoint(actor.roles):
        raise Refusal(
            "role_not_allowed",
            "您的角色不能执行该操作",
            "your role may not issue this command",
            kind=Kind.FORBIDDEN,
            allowed=tuple(sorted(cmd.BY)),
        )
    if cmd.OWN_UNIT and state is not None and state.responsible not in {None, actor.unit}:
        raise Refusal(
            "other_unit",
            "只能办理本单位的事项",
            "a unit officer may act for the own unit only",
            kind=Kind.FORBIDDEN,
        )
    if cmd.NOT_BY and state is not None:
        keep_apart(cmd.NOT_BY, state, actor, stream)
