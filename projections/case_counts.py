"""How many requests and matters of supervision there are: per stage, kind, channel and unit, and how many are overdue.
Every number is the `total` of a list narrowed alike, at the same moment."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.circular import CircularStage
from domain.conclusion import ConclusionStage
from domain.inspection import InspectionStage
from domain.listing import ListingStage
from domain.rectification import RectificationStage
from domain.request import RequestStage
from domain.request_events import RequestKind, Way
from domain.talk import TalkStage
from ledger.codec import name_of
from projections.case_answers import Names
from projections.case_lists import Cell
from projections.case_rows import CaseKind
from projections.lists import NOBODY

WITHDRAWN: Final = RequestStage.WITHDRAWN.value
STAGES: Final = {
    CaseKind.INSPECTION: InspectionStage,
    CaseKind.CONCLUSION: ConclusionStage,
    CaseKind.RECTIFICATION: RectificationStage,
    CaseKind.LISTING: ListingStage,
    CaseKind.TALK: TalkStage,
    CaseKind.CIRCULAR: CircularStage,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRequests:
    """`unit` is None for requests that are with no unit."""

    unit: str | None
    unit_title: str
    total: int
    overdue: int
    stages: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """Withdrawn requests count nowhere but in `withdrawn`. Every word is there, zero included."""

    total: int
    overdue: int
    withdrawn: int
    stages: dict[str, int]
    kinds: dict[str, int]
    channels: dict[str, int]
    units: tuple[UnitRequests, ...]
    """By title, those with none first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    kind: str
    total: int
    overdue: int
    stages: dict[str, int]
    """Every stage of the kind, zero included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSupervised:
    unit: str
    unit_title: str
    total: int
    overdue: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionCounts:
    """A matter with several units is one in `kinds` and counts for each of them in `units`."""

    kinds: tuple[KindCount, ...]
    units: tuple[UnitSupervised, ...]
    """By title."""


def _sum(cells: Iterable[Cell]) -> int:
    return sum(cell.number for cell in cells)


def _late(cells: Iterable[Cell]) -> int:
    return sum(cell.number for cell in cells if cell.overdue)


def _by(words: Iterable[str], cells: Iterable[Cell], field: str) -> dict[str, int]:
    found = Counter[str](dict.fromkeys(map(str, words), 0))
    for cell in cells:
        found[getattr(cell, field)] += cell.number
    return dict(found)


def _units(cells: Iterable[Cell]) -> dict[bytes | None, list[Cell]]:
    found: dict[bytes | None, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.unit or None, []).append(cell)
    return found


def request_counts(cells: Sequence[Cell], names: Names) -> RequestCounts:
    standing = [cell for cell in cells if cell.stage != WITHDRAWN]
    stages = [stage for stage in RequestStage if stage is not RequestStage.WITHDRAWN]
    units = [
        UnitRequests(
            unit=None if unit is None else name_of(unit),
            unit_title=names.get(unit or b"", NOBODY).title,
            total=_sum(some),
            overdue=_late(some),
            stages=_by(stages, some, "stage"),
        )
        for unit, some in _units(standing).items()
    ]
    return RequestCounts(
        total=_sum(standing),
        overdue=_late(standing),
        withdrawn=_sum(cells) - _sum(standing),
        stages=_by(stages, standing, "stage"),
        kinds=_by(RequestKind, standing, "sort"),
        channels=_by(Way, standing, "channel"),
        units=tuple(sorted(units, key=lambda one: (one.unit is not None, one.unit_title, one.unit or ""))),
    )


def supervision_counts(whole: Sequence[Cell], shared: Sequence[Cell], names: Names) -> SupervisionCounts:
    kinds = []
    for kind, stages in STAGES.items():
        some = [cell for cell in whole if cell.kind == kind.value]
        kinds.append(
            KindCount(kind=kind.value, total=_sum(some), overdue=_late(some), stages=_by(stages, some, "stage"))
        )
    units = [
        UnitSupervised(
            unit=name_of(unit),
            unit_title=names.get(unit, NOBODY).title,
            total=_sum(some),
            overdue=_late(some),
            kinds=_by(STAGES, some, "kind"),
        )
        for unit, some in _units(shared).items()
        if unit is not None
    ]
    return SupervisionCounts(kinds=tuple(kinds), units=tuple(sorted(units, key=lambda one: (one.unit_title, one.unit))))
