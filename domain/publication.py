"""Publications (公示公开, M12): what the public is shown of a record, composed from typed fields of its events.

Nobody types the facts of a publication: each item names an event of the record and one of its fields, and the value is
read from there, as corrected. A field whose type may hold personal data (sealed words, persons, households, files)
cannot be named, whatever it says. Amendments and withdrawals are visible; what was published stays readable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, assert_never, get_args, get_origin, get_type_hints

from domain.activity import Activity, ActivityStage
from domain.actor import Role
from domain.circular import Circular, CircularStage
from domain.command import Context, command
from domain.commitment import Commitment, Stage
from domain.contribution import Contribution, ContributionStage
from domain.correction import plain, settled
from domain.event import EVENTS, event, evolves
from domain.guards import in_turn
from domain.ids import PersonId, PublicationId, PublishedId, UnitId
from domain.policy import Policy, PolicyStage
from domain.project import Project, ProjectStage
from domain.public_text import public, public_line, public_words
from domain.refusal import Kind, Refusal
from domain.two_hands import Related, Relation, related
from domain.written import Written

MOST_ITEMS: Final = 50
PUBLIC: Final[Mapping[type[Any], frozenset[StrEnum]]] = {
    Commitment: frozenset(Stage) - {Stage.PROPOSED},
    Policy: frozenset({PolicyStage.ISSUED}),
    Circular: frozenset({CircularStage.ISSUED}),
    Activity: frozenset({ActivityStage.HELD}),
    Project: frozenset({ProjectStage.RUNNING, ProjectStage.COMPLETED}),
    Contribution: frozenset({ContributionStage.MADE}),
}
"""Kinds of records that may be shown, and in which stages. Records of residents are not among them."""
OPEN_TYPES: Final = (str, int, date, StrEnum, UnitId)
"""Only values of these types can be published. A person, partner (it may be a household), file or sealed value is of
none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`version` names an event of the record as its history numbers it, `field` one of its fields."""

    version: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was read there. `value` is JSON: a date as YYYY-MM-DD, a choice by its word, a unit by its id."""

    position: int
    event: str
    field: str
    value: str | int | None


@event("publication_issued.1")
class PublicationIssued:
    record: PublishedId
    title: str
    items: tuple[Shown, ...]
    by: PersonId


@event("publication_amended.1")
class PublicationAmended:
    """The whole of it as it reads from now on; the earlier words stay readable."""

    title: str
    items: tuple[Shown, ...]
    reason: str
    by: PersonId


@event("publication_withdrawn.1")
class PublicationWithdrawn:
    """Shown no longer, with the reason in its place."""

    reason: str
    by: PersonId


PublicationEvent: TypeAlias = PublicationIssued | PublicationAmended | PublicationWithdrawn


class PublicationStage(StrEnum):
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


TURNS = {
    PublicationStage.ISSUED: ("amend_publication", "withdraw_publication"),
    PublicationStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    stage: PublicationStage
    record: PublishedId
    title: str
    items: tuple[Shown, ...]
    published_by: tuple[PersonId, ...]
    """Who issued it, and who amended it."""
    claims: tuple[str, ...]
    """A record is shown in one place."""


@evolves(PublicationEvent, named=PublicationId)
def evolve(state: Publication | None, happened: PublicationEvent) -> Publication:
    match happened:
        case PublicationIssued():
            return Publication(
                stage=PublicationStage.ISSUED,
                record=happened.record,
                title=happened.title,
                items=happened.items,
                published_by=(happened.by,),
                claims=(f"publication {happened.record}",),
            )
        case PublicationAmended():
            assert state is not None
            by = (*state.published_by, happened.by)
            return replace(state, title=happened.title, items=happened.items, published_by=by)
        case PublicationWithdrawn():
            assert state is not None
            return replace(state, stage=PublicationStage.WITHDRAWN, claims=())
        case _:
            assert_never(happened)


@related(of=Publication)
def _related(state: Publication) -> Related:
    return {Relation.PUBLISHER: state.published_by}


@cache
def open_fields(name: str) -> tuple[str, ...]:
    """The fields of the event stored under that name which may be published, by their types alone."""
    kind = EVENTS[name]
    hints = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if _is_open(hints[field.name]))


def _is_open(hint: Any) -> bool:
    if get_origin(hint) in {Union, UnionType}:
        return all(part is NoneType or _is_open(part) for part in get_args(hint))
    if hint in OPEN_TYPES:
        return True
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _record(record: PublishedId, ctx: Context, allowed: tuple[str, ...] = ()) -> Sequence[Written]:
    """The events of a record that may be shown; `allowed` is what is left when it may not."""
    state = ctx.look(record)
    stages = PUBLIC.get(type(state))
    if stages is None:
        raise Refusal(
            "not_publishable",
            "该编号不是可以公开的事项",
            "this id names nothing that may be published",
            field="record",
        )
    if state.stage not in stages:
        raise Refusal(
            "record_not_public",
            "该事项在当前状态下不能公开",
            "the record may not be published in its present state",
            kind=Kind.CONFLICT,
            field="record",
            state=state.stage.value,
            allowed=allowed,
        )
    return ctx.written(record)


def _read(source: Source, written: Sequence[Written]) -> Shown:
    if not 1 <= source.version <= len(written):
        raise Refusal("unknown_event", "没有这一条记录", "the stream has no such event", field="items.version")
    position = written[source.version - 1].position
    one = next((other for other in settled(written) if other.position == position), None)
    if one is None:
        raise Refusal(
            "retracted_not_public",
            "该记录已撤销或本身就是更正，不能公开",
            "the event was retracted, or is itself a correction; it cannot be published",
            field="items.version",
        )
    allowed = open_fields(one.event.NAME)
    if source.field not in allowed:
        raise Refusal(
            "field_not_public",
            "该字段可能含个人信息或不存在，不能公开",
            "the field may hold personal data or does not exist; it cannot be published",
            field="items.field",
            allowed=allowed,
        )
    value = plain(getattr(one.event, source.field))
    if isinstance(value, str):
        public(value, "items.field")
    return Shown(position=position, event=one.event.NAME, field=source.field, value=value)


def _items(items: tuple[Source, ...], written: Sequence[Written]) -> tuple[Shown, ...]:
    if not 1 <= len(items) <= MOST_ITEMS or len(set(items)) < len(items):
        raise Refusal(
            "items_count",
            f"须有1至{MOST_ITEMS}项且不重复",
            f"a publication has 1 to {MOST_ITEMS} items, each once",
            field="items",
        )
    return tuple(_read(source, written) for source in items)


@command(of=Publication, by=(Role.VETTER,), creates=True, reads=lambda asked, _stream, _state: (asked.record,))
class IssuePublication:
    """Shows the public fields of a record (承诺、政策、通报、共建活动、项目、资金). `title` is official wording without
    personal data; everything else is read from the record. A record is shown once; later changes are visible."""

    record: PublishedId
    title: str
    items: tuple[Source, ...]

    def decide(self, state: None, ctx: Context) -> list[PublicationEvent]:
        written = _record(self.record, ctx)
        return [
            PublicationIssued(
                record=self.record,
                title=public_line(self.title, "title"),
                items=_items(self.items, written),
                by=ctx.actor.person,
            )
        ]


@command(of=Publication, by=(Role.VETTER,), reads=lambda _asked, _stream, state: (state.record,))
class AmendPublication:
    """Replaces what is shown by what the named fields say now, with a reason; the earlier words stay readable."""

    title: str
    items: tuple[Source, ...]
    reason: str

    def decide(self, state: Publication, ctx: Context) -> list[PublicationEvent]:
        in_turn(state.stage, "amend_publication", TURNS)
        title = public_line(self.title, "title")
        items = _items(self.items, _record(state.record, ctx, ("withdraw_publication",)))
        if (title, items) == (state.title, state.items):
            raise Refusal("unchanged", "没有任何变化", "nothing would change", kind=Kind.CONFLICT, field="items")
        reason = public_words(self.reason, "reason")
        return [PublicationAmended(title=title, items=items, reason=reason, by=ctx.actor.person)]


@command(of=Publication, by=(Role.VETTER, Role.LEADER), not_by=(Relation.PUBLISHER,))
class WithdrawPublication:
    """Shows the record no longer; the public reads the reason instead. Not by a person who published or amended it."""

    reason: str

    def decide(self, state: Publication, ctx: Context) -> list[PublicationEvent]:
        in_turn(state.stage, "withdraw_publication", TURNS)
        reason = public_words(self.reason, "reason")
        return [PublicationWithdrawn(reason=reason, by=ctx.actor.person)]
