"""Figures of records, services and yearly assessments, ready for orjson. See `projections.services` for what counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from domain.assessment_score import Part, Score, score
from domain.refusal import Refusal
from ledger.codec import name_of
from projections import assessment_parts, services
from projections.answers import Name
from projections.asof import AsOf
from projections.cursor import Cursor, check_limit, query_digest, resumed
from projections.figures import check_year
from projections.keys import asked_key
from projections.lists import NOBODY
from projections.record_kinds import RecordKind
from projections.services import Balance, ChannelCount, Classed, Item
from projections.views import Views

Names = Mapping[bytes, Name]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    kind: str
    channel: str
    programme: str | None
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitServices:
    unit: str
    unit_title: str
    unit_class: str
    services: Classed


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitBalance:
    unit: str
    unit_title: str
    unit_class: str
    balance: Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitParts:
    unit: str
    unit_title: str
    unit_class: str
    result: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordItem:
    """One thing behind a figure. `counts` says whether it counts in favour, where the figure is a share."""

    position: int
    id: str
    kind: str
    day: date
    unit: str | None
    unit_title: str
    partner: str | None
    partner_title: str
    channel: str | None
    programme: str | None
    recurrence: str | None
    aid: str | None
    amount: int
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    items: tuple[RecordItem, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPage:
    items: tuple[RecordItem, ...]
    excluded: tuple[RecordItem, ...]


class ServiceViews:
    """Asks through `Views`, in its snapshots."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def channels(self, at: AsOf, year: int) -> tuple[ChannelLine, ...]:
        check_year(year)
        found = self._views.ask(at, lambda connection, _: services.channels(connection, at, year), "records")
        return tuple(map(_channel, found))

    def services(self, at: AsOf, year: int) -> tuple[UnitServices, ...]:
        """By title of the unit."""
        check_year(year)

        def ask(connection: Connection, names: Names) -> list[UnitServices]:
            found = services.classes(connection, at, year)
            return [UnitServices(**_unit(unit, names), services=one) for unit, one in found.items()]

        return tuple(sorted(self._views.ask(at, ask, "records"), key=lambda one: (one.unit_title, one.unit)))

    def balances(self, at: AsOf, year: int) -> tuple[UnitBalance, ...]:
        """By title of the unit."""
        check_year(year)

        def ask(connection: Connection, names: Names) -> list[UnitBalance]:
            found = services.balances(connection, at, year)
            return [UnitBalance(**_unit(unit, names), balance=one) for unit, one in found.items()]

        return tuple(sorted(self._views.ask(at, ask, "records"), key=lambda one: (one.unit_title, one.unit)))

    def assessments(self, at: AsOf, year: int) -> tuple[UnitParts, ...]:
        """By title of the unit: no league table, for classes differ. Without the appraisal's standing, which enters
        when an assessment is drawn up. Weighted by the limits in force on D."""
        check_year(year)
        rules = self._views.editions(at).at(at.on)

        def ask(connection: Connection, names: Names) -> list[UnitParts]:
            found = assessment_parts.parts(connection, at, year)
            return [UnitParts(**_unit(unit, names), result=score(one, rules)) for unit, one in found.items()]

        asked = self._views.ask(at, ask, "records", "commitments")
        return tuple(sorted(asked, key=lambda one: (one.unit_title, one.unit)))

    def part(self, at: AsOf, year: int, unit: str, part: str) -> PartPage:
        """Everything one part counts for a unit."""
        check_year(year)
        if part not in PARTS:
            raise Refusal("part_unknown", "没有这项指标", "no such part", field="part", allowed=PARTS)
        key = asked_key(unit, "unit")

        def ask(connection: Connection, names: Names) -> PartPage:
            found = assessment_parts.behind(connection, at, year, key, Part(part))
            return PartPage(
                items=tuple(record_item(one, names, counts=one.subject in found.favour) for one in found.items),
                excluded=tuple(record_item(one, names, counts=False) for one in found.excluded),
            )

        return self._views.ask(at, ask, "records", "commitments")

    def records(
        self,
        at: AsOf,
        year: int,
        kind: str,
        *,
        unit: str | None = None,
        channel: str | None = None,
        programme: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> RecordPage:
        """The things behind a count or a sum. `programme` '' asks for those under none."""
        check_year(year)
        if kind not in KINDS:
            raise Refusal("kind_unknown", "没有这类记录", "no such kind", field="kind", allowed=KINDS)
        check_limit(limit)
        query = query_digest("records", year, kind, unit, channel, programme)
        after = resumed(cursor, at, query)
        key = None if unit is None else asked_key(unit, "unit")

        def ask(connection: Connection, names: Names) -> RecordPage:
            found = services.records(
                connection,
                at,
                year,
                (RecordKind(kind),),
                unit=key,
                channel=channel,
                programme=programme,
                after=after,
                limit=limit + 1,
            )
            shown = found[:limit]
            more = str(Cursor(at, query, (shown[-1].day, shown[-1].subject))) if len(found) > limit else None
            return RecordPage(items=tuple(record_item(one, names, counts=True) for one in shown), next=more)

        return self._views.ask(at, ask, "records")


PARTS: Final = tuple(part.value for part in assessment_parts.COUNTED)
KINDS: Final = tuple(kind.value for kind in RecordKind)


def _channel(one: ChannelCount) -> ChannelLine:
    return ChannelLine(kind=one.kind, channel=one.channel, programme=one.programme, records=one.records)


def _unit(unit: bytes, names: Names) -> dict[str, str]:
    name = names.get(unit, NOBODY)
    return {"unit": name_of(unit), "unit_title": name.title, "unit_class": name.detail}


def record_item(one: Item, names: Names, *, counts: bool) -> RecordItem:
    return RecordItem(
        position=one.position,
        id=name_of(one.subject),
        kind=one.kind,
        day=date.fromordinal(one.day),
        unit=None if one.unit is None else name_of(one.unit),
        unit_title="" if one.unit is None else names.get(one.unit, NOBODY).title,
        partner=None if one.partner is None else name_of(one.partner),
        partner_title="" if one.partner is None else names.get(one.partner, NOBODY).title,
        channel=one.channel,
        programme=one.programme,
        recurrence=one.recurrence,
        aid=one.aid,
        amount=one.amount,
        counts=counts,
    )
