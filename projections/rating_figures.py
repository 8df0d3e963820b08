"""满意率, 差评整改率 and 实名差评回访率 (DOMAIN §5), each as of any moment and each with the ratings it counts.

| figure | in its favour | of | excluded |
|---|---|---|---|
| satisfaction | 非常满意, 满意, 基本满意 | valid ratings | excluded on appeal |
| satisfaction_strict | 非常满意, 满意 | valid ratings | excluded on appeal |
| rectification | accepted as put right, claimed within the first limit | valid bad ratings | excluded on appeal |
| call_back | called back at least once | valid bad ratings whose rater gave a name | of those excluded on appeal |

All fall in the year in which the rating was received; `on` means what had occurred by the end of that day. A rating is
what somebody said: who could not be reached has said nothing, and is neither satisfied nor counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from domain.assessment_score import share
from domain.refusal import Refusal
from ledger.codec import name_of
from projections.answers import Name
from projections.asof import AsOf
from projections.cursor import Cursor, check_limit, query_digest, resumed
from projections.figures import check_year
from projections.keys import asked_key
from projections.lists import NOBODY
from projections.record_kinds import RecordKind
from projections.service_views import RecordItem, record_item
from projections.services import records, sums
from projections.tables import RECORD
from projections.views import Views


class RatingFigure(StrEnum):
    SATISFACTION = "satisfaction"  # 满意率
    STRICT = "satisfaction_strict"  # 满意率（从严）
    RECTIFICATION = "rectification"  # 差评整改率
    CALL_BACK = "call_back"  # 实名差评回访率


class Counting(NamedTuple):
    favour: RecordKind
    of: RecordKind
    excluded: RecordKind


COUNTING: Final[Mapping[RatingFigure, Counting]] = {
    RatingFigure.SATISFACTION: Counting(RecordKind.RATING_SATISFIED, RecordKind.RATING, RecordKind.RATING_EXCLUDED),
    RatingFigure.STRICT: Counting(RecordKind.RATING_TOP, RecordKind.RATING, RecordKind.RATING_EXCLUDED),
    RatingFigure.RECTIFICATION: Counting(
        RecordKind.RATING_RECTIFIED, RecordKind.RATING_BAD, RecordKind.RATING_EXCLUDED
    ),
    RatingFigure.CALL_BACK: Counting(
        RecordKind.RATING_CALLED_BACK, RecordKind.RATING_NAMED_BAD, RecordKind.RATING_NAMED_EXCLUDED
    ),
}
KINDS: Final = tuple({kind: None for counting in COUNTING.values() for kind in counting})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`rate` is numerator / denominator in ten-thousandths; None without a denominator."""

    numerator: int
    denominator: int
    excluded: int
    rate: int | None


Rates = dict[str, Rate]
"""`RatingFigure` → how it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRates:
    unit: str
    unit_title: str
    unit_class: str
    rates: Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesShown:
    all: Rates
    units: tuple[UnitRates, ...]
    """Rated units by title: no league table, for classes differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPage:
    items: tuple[RecordItem, ...]
    next: str | None


class RatingFigures:
    """Asks through `Views`, in its snapshots."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def rates(self, at: AsOf, year: int) -> RatesShown:
        check_year(year)

        def ask(connection: Connection, names: Mapping[bytes, Name]) -> RatesShown:
            all_: dict[str, int] = {}
            units: dict[bytes, dict[str, int]] = {}
            for unit, kind, count in sums(connection, at, year, KINDS, RECORD.c.unit, RECORD.c.kind):
                all_[kind] = all_.get(kind, 0) + count
                units.setdefault(unit, {})[kind] = count
            shown = (_of_unit(unit, counts, names) for unit, counts in units.items())
            return RatesShown(all=_rates(all_), units=tuple(sorted(shown, key=lambda one: (one.unit_title, one.unit))))

        return self._views.ask(at, ask, "records")

    def behind(
        self, at: AsOf, year: int, figure: str, *, unit: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> RatingPage:
        """The ratings a figure is of; `counts` says which are in its favour."""
        check_year(year)
        if figure not in set(RatingFigure):
            raise Refusal(
                "figure_unknown", "没有这项指标", "no such figure", field="figure", allowed=tuple(RatingFigure)
            )
        check_limit(limit)
        query = query_digest("ratings", year, figure, unit)
        after = resumed(cursor, at, query)
        key = None if unit is None else asked_key(unit, "unit")
        counting = COUNTING[RatingFigure(figure)]

        def ask(connection: Connection, names: Mapping[bytes, Name]) -> RatingPage:
            found = records(connection, at, year, (counting.of,), unit=key, after=after, limit=limit + 1)
            # Those in favour are some of them in the same order: the page holds none but the first of them.
            good = records(connection, at, year, (counting.favour,), unit=key, after=after, limit=limit)
            favour = {one.subject: one.position for one in good}
            shown = found[:limit]
            return RatingPage(
                items=tuple(
                    record_item(
                        one._replace(position=favour.get(one.subject, one.position)),
                        names,
                        counts=one.subject in favour,
                    )
                    for one in shown
                ),
                next=str(Cursor(at, query, (shown[-1].day, shown[-1].subject))) if len(found) > limit else None,
            )

        return self._views.ask(at, ask, "records")


def _rates(counts: Mapping[str, int]) -> Rates:
    found = {}
    for figure, (favour, of, excluded) in COUNTING.items():
        numerator, denominator = counts.get(favour, 0), counts.get(of, 0)
        found[figure.value] = Rate(
            numerator=numerator,
            denominator=denominator,
            excluded=counts.get(excluded, 0),
            rate=share(numerator, denominator),
        )
    return found


def _of_unit(unit: bytes, counts: Mapping[str, int], names: Mapping[bytes, Name]) -> UnitRates:
    name = names.get(unit, NOBODY)
    return UnitRates(unit=name_of(unit), unit_title=name.title, unit_class=name.detail, rates=_rates(counts))
