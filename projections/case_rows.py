"""The rows in which cases (办件) are kept: columns, kinds and marks, and how a clock is wound."""

from datetime import date
from enum import IntFlag, StrEnum
from typing import Final, NamedTuple

from domain.deadline import Deadline
from domain.recounting import DeadlineRecalculated
from projections.bitemporal import CONTENT, ODD, VersionRow
from projections.days import day_end, moment
from projections.keys import key_of

KIND, STAGE, UNIT, RECEIVER, DUE, TITLE, SORT, CHANNEL, OUTCOME, MARKS = range(CONTENT, CONTENT + 10)
"""Columns of `tables.CASE_VERSION` after the bitemporal ones."""
BESIDE: Final = frozenset({"rating_appeal_working_days"})
"""Limits that run beside the one a row shows."""
NEVER: Final = 2**62
"""Later than any moment."""
BLANK: Final = ("", "", None, None, NEVER, "", "", "", None, 0)
NOBODY: Final = b""
"""The unit of what is with none."""


class CaseKind(StrEnum):
    REQUEST = "request"  # 诉求
    INSPECTION = "inspection"  # 督查
    CONCLUSION = "conclusion"  # 督查结论
    RECTIFICATION = "rectification"  # 整改
    LISTING = "listing"  # 挂牌督办
    TALK = "talk"  # 约谈
    CIRCULAR = "circular"  # 通报
    APPRAISAL = "appraisal"  # 群众评议
    PUBLICATION = "publication"  # 公示
    RATING = "rating"  # 好差评


class Mark(IntFlag):
    """Bits of the column `marks`."""

    ODD = ODD
    ESCALATED = 2
    CONFIRMED = 4


class Begun(NamedTuple):
    """What a case began with and never changes: what it follows, and its units if there are several."""

    about: str | None = None
    units: tuple[str, ...] = ()


def wind(row: VersionRow, due: Deadline | date | None) -> None:
    """The clock now ends then; a date ends with its day, None stops it."""
    if due is None:
        row[DUE] = NEVER
    else:
        row[DUE] = moment(due.due) if isinstance(due, Deadline) else day_end(due.toordinal())


def rewind(row: VersionRow, happened: DeadlineRecalculated) -> None:
    """A clock that runs ends at another moment."""
    if row[DUE] != NEVER and happened.deadline.rule not in BESIDE:
        wind(row, happened.deadline)


def move(row: VersionRow, stage: StrEnum, due: Deadline | date | None = None) -> None:
    row[STAGE] = stage.value
    wind(row, due)


def begin(  # noqa: PLR0917 - short and alike everywhere
    row: VersionRow,
    kind: CaseKind,
    stage: StrEnum,
    title: str,
    unit: str | None = None,
    due: Deadline | date | None = None,
) -> None:
    row[KIND], row[TITLE] = kind.value, title
    row[UNIT] = None if unit is None else key_of(unit)
    move(row, stage, due)
