"""The headline figures, read from signed facts, and the lists behind them.

Cohort, outcome day and kind of each figure:

| figure | sums or counts | cohort: it falls in the year of |
|---|---|---|
| field_visits | sums 人次 | the visit |
| problems_solved | counts problems | the enterprise's confirmation |
| partners.… | counts distinct partners of a kind | every year in which a pairing with it ran on some day |
| activities | counts | the day it was held |
| projects | counts | the day it was started |
| funds_fen | sums 分 | the day they were given |

`on` means for all of them: what had occurred by the end of that day. A partner merged into another by the end of the
year counts as that other.
"""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from domain.partner import PartnerKind
from domain.refusal import Refusal
from projections.answers import AtLeast, Headline, Partners
from projections.asof import AsOf
from projections.days import FIRST_YEAR, LAST_YEAR
from projections.facts import FactKind
from projections.tables import FACT

SUMMED: Final = {
    "field_visits": FactKind.VISIT,
    "problems_solved": FactKind.PROBLEM,
    "activities": FactKind.ACTIVITY,
    "projects": FactKind.PROJECT,
    "funds_fen": FactKind.FUNDS,
}
DISTINCT: Final = {
    "partners.village": PartnerKind.VILLAGE,
    "partners.community": PartnerKind.COMMUNITY,
    "partners.enterprise": PartnerKind.ENTERPRISE,
}
FIGURES: Final = (*SUMMED, *DISTINCT)


class Counted(NamedTuple):
    """One thing behind a figure; `position` is that of the event that made it count."""

    position: int
    kind: str
    subject: bytes
    cohort: int
    unit: bytes | None
    partner: bytes | None
    amount: int


def check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal("year_out_of_range", "年份须在2000至2200之间", "the year must be 2000 to 2200", field="year")


def check_figure(figure: str) -> None:
    if figure not in FIGURES:
        raise Refusal("figure_unknown", "没有这项指标", "no such figure", field="figure", allowed=FIGURES)


def _known(at: AsOf) -> ColumnElement[bool]:
    return and_(FACT.c.position <= at.position, FACT.c.outcome <= at.on.toordinal())


def _of_year(year: int) -> ColumnElement[bool]:
    return FACT.c.cohort.between(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())


def headline(connection: Connection, at: AsOf, year: int) -> Headline:
    query = (
        select(FACT.c.kind, func.sum(FACT.c.amount))
        .where(_known(at), _of_year(year), FACT.c.kind.in_([kind.value for kind in SUMMED.values()]))
        .group_by(FACT.c.kind)
    )
    sums = {kind: int(amount) for kind, amount in connection.execute(query)}
    partners = {kind: len({one.partner for one in running(connection, at, year, kind)}) for kind in DISTINCT.values()}
    return Headline(
        at=at,
        year=year,
        field_visits=sums.get(FactKind.VISIT, 0),
        problems_solved=AtLeast(at_least=sums.get(FactKind.PROBLEM, 0)),
        partners=Partners(
            village=partners[PartnerKind.VILLAGE],
            community=partners[PartnerKind.COMMUNITY],
            enterprise=partners[PartnerKind.ENTERPRISE],
        ),
        activities=sums.get(FactKind.ACTIVITY, 0),
        projects=sums.get(FactKind.PROJECT, 0),
        funds_fen=sums.get(FactKind.FUNDS, 0),
    )


def value(head: Headline, figure: str) -> int:
    """One figure of the headline by its name."""
    if figure == "problems_solved":
        return head.problems_solved.at_least
    if figure in DISTINCT:
        return int(getattr(head.partners, DISTINCT[figure].value))
    return int(getattr(head, figure))


def behind(
    connection: Connection, at: AsOf, year: int, figure: str, *, after: tuple[int, bytes] | None, limit: int
) -> list[Counted]:
    """The things behind a figure past `after` (cohort day, stream), in that order."""
    if figure in DISTINCT:
        found = running(connection, at, year, DISTINCT[figure])
        return [one for one in found if after is None or (one.cohort, one.subject) > after][:limit]
    query = _net(FACT.c.amount).where(_known(at), _of_year(year), FACT.c.kind == SUMMED[figure].value)
    if after is not None:
        day, subject = after
        query = query.where(or_(FACT.c.cohort > day, and_(FACT.c.cohort == day, FACT.c.subject > subject)))
    return _counted(connection, query.limit(limit))


def running(connection: Connection, at: AsOf, year: int, kind: PartnerKind) -> list[Counted]:
    """The pairings with partners of a kind that ran on some day of the year, each with the partner it counts for."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    signed = case(
        (and_(FACT.c.kind == FactKind.PAIRING.value, FACT.c.cohort <= last), FACT.c.amount),
        (and_(FACT.c.kind == FactKind.PAIRING_ENDED.value, FACT.c.cohort < first), -FACT.c.amount),
        else_=0,
    )
    agreed = func.min(case((FACT.c.kind == FactKind.PAIRING.value, FACT.c.cohort)))
    pairings = select(
        func.max(case((and_(signed > 0, FACT.c.kind == FactKind.PAIRING.value), FACT.c.position), else_=0)),
        literal(FactKind.PAIRING.value),
        FACT.c.subject,
        agreed,
        FACT.c.unit,
        FACT.c.partner,
        func.sum(signed),
    )
    query = (
        pairings.where(
            _known(at),
            FACT.c.kind.in_([FactKind.PAIRING.value, FactKind.PAIRING_ENDED.value]),
            FACT.c.partner_kind == kind.value,
        )
        .group_by(FACT.c.subject, FACT.c.unit, FACT.c.partner)
        .having(func.sum(signed) > 0)
        .order_by(agreed, FACT.c.subject)
    )
    into = merged(connection, at, last)
    return [one._replace(partner=survivor(one.partner, into)) for one in _counted(connection, query)]


def merged(connection: Connection, at: AsOf, last: int) -> dict[bytes, bytes]:
    """Partner → the one it was merged into, by mergers up to a day."""
    query = (
        select(FACT.c.subject, FACT.c.partner)
        .where(_known(at), FACT.c.kind == FactKind.PARTNER_MERGED.value, FACT.c.cohort <= last)
        .group_by(FACT.c.subject, FACT.c.partner)
        .having(func.sum(FACT.c.amount) > 0)
    )
    return {subject: partner for subject, partner in connection.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def survivor(partner: bytes | None, into: dict[bytes, bytes]) -> bytes | None:
    """The partner that remains after all mergers; a circle ends where it closes."""
    seen = set()
    while partner is not None and partner in into and partner not in seen:
        seen.add(partner)
        partner = into[partner]
    return partner


def _net(amount: ColumnElement[int]) -> Select[Any]:
    """What remains of each thing once every fact has met its opposite."""
    return (
        select(
            func.max(case((FACT.c.amount > 0, FACT.c.position), else_=0)),
            FACT.c.kind,
            FACT.c.subject,
            FACT.c.cohort,
            FACT.c.unit,
            FACT.c.partner,
            func.sum(amount),
        )
        .group_by(FACT.c.kind, FACT.c.subject, FACT.c.cohort, FACT.c.unit, FACT.c.partner)
        .having(func.sum(amount) != 0)
        .order_by(FACT.c.cohort, FACT.c.subject)
    )


def _counted(connection: Connection, query: Select[Any]) -> list[Counted]:
    # PostgreSQL sums bigints to a decimal.
    return [Counted._make((*row[:-1], int(row[-1]))) for row in connection.execute(query)]
