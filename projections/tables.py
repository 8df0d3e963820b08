"""Tables of one view generation, the same on both databases.

A *version* row holds what was known of one thing: it is visible at (P, D) when `since ≤ P < until`,
`valid_from ≤ D < valid_to` and not (`next_since ≤ P` and `next_from ≤ D`): from the position `next_since` on, the days
from `next_from` on belong to its successor. So an event that comes in order of occurrence, as nearly all do, adds one
row where two rectangles would have to be cut. `until` and `valid_to` are ends set by a back-dated event.

Days are ordinals, moments µs (see `projections.days`); `days.FOREVER` stands for no end.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    and_,
    or_,
)

METADATA = MetaData()
ID: Final = BigInteger().with_variant(Integer, "sqlite")
"""On SQLite only a key of the type INTEGER is the place of its row; any other is an index beside the table."""
SHAPE: Final = "3"
"""Raised whenever rows of these tables change in form or meaning; a generation of another shape is built anew."""


def _bitemporal() -> list[Column[int] | Column[bytes]]:
    return [
        Column("id", ID, primary_key=True, autoincrement=False),  # since · 2^16 + number within the position
        Column("stream", LargeBinary, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("valid_from", BigInteger, nullable=False),
        Column("valid_to", BigInteger, nullable=False),
        Column("next_since", BigInteger, nullable=False),
        Column("next_from", BigInteger, nullable=False),
        Column("last_at", BigInteger, nullable=False),  # latest occurred_at (µs) folded into the newest version
    ]


def visible(table: Table, position: int, day: int) -> ColumnElement[bool]:
    """The versions that hold at (P, D): at most one of each stream."""
    row = table.c
    return and_(
        row.since <= position,
        row.until > position,
        row.valid_from <= day,
        row.valid_to > day,
        or_(row.next_since > position, row.next_from > day),
    )


VIEW = Table(
    "view",
    METADATA,
    Column("name", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("error", String),
)
"""How far each view is, and why it stands if it does."""

VERSION = Table(
    "commitment_version",
    METADATA,
    *_bitemporal(),
    Column("stage", String, nullable=False),
    Column("unit", LargeBinary, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("paused_to", BigInteger, nullable=False),  # last day of the pause; 0 when the clock runs
    Column("planned_at", BigInteger, nullable=False),  # projections.lamps.planned_at
    Column("red_from", BigInteger, nullable=False),  # day after the due day; see projections.lamps for a pause
    Column("progress", BigInteger, nullable=False),
    Column("reported_on", BigInteger),
    Column("outcome", String),
    Column("extensions", SmallInteger, nullable=False),
    Column("redos", SmallInteger, nullable=False),
    Column("reopened", SmallInteger, nullable=False),
    Column("marks", SmallInteger, nullable=False),  # sum of projections.commitments.Mark
    Column("starts", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
)
Index("commitment_version_stream", VERSION.c.stream, VERSION.c.since.desc())
Index("commitment_version_unit", VERSION.c.unit, VERSION.c.since)

COMMITMENT = Table(
    "commitment",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=False),  # since · 2^16
    Column("stream", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),  # of the proposal
    Column("title", String, nullable=False),
    Column("measure", String, nullable=False),
    Column("original_due", BigInteger, nullable=False),
    Column("mandate", String, nullable=False),
    Column("urgency", String, nullable=False),
    Column("recurrence", String, nullable=False),
    Column("aid", String, nullable=False),
    Column("region", String, nullable=False),
    Column("beneficiary", LargeBinary),
)
Index("commitment_stream", COMMITMENT.c.stream, COMMITMENT.c.since.desc())
"""What was promised, as known at P with `since` ≤ P < `until`: only a correction changes it, and for every day."""


def promised(position: int) -> ColumnElement[bool]:
    """Joins the versions to what was promised, as known at P: one row of each stream."""
    row = COMMITMENT.c
    return and_(row.stream == VERSION.c.stream, row.since <= position, row.until > position)


SERVED = Table(
    "commitment_policy",
    METADATA,
    Column("policy", LargeBinary, primary_key=True),
    Column("target", String, primary_key=True),
    Column("stream", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)

NAME = Table(
    "name_version",
    METADATA,
    *_bitemporal(),
    Column("kind", String, nullable=False),  # unit, policy, partner, person
    Column("title", String, nullable=False),
    Column("detail", String, nullable=False),  # class of a unit, number of a policy, kind of a partner
    Column("marks", SmallInteger, nullable=False),
)
Index("name_version_stream", NAME.c.stream, NAME.c.since.desc())
Index("name_version_kind", NAME.c.kind, NAME.c.since)

FACT = Table(
    "fact",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=False),  # position · 2^16 + number within the position
    Column("position", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("cohort", BigInteger, nullable=False),  # the day that decides which period it falls in
    Column("outcome", BigInteger, nullable=False),  # the day from which it counts
    Column("unit", LargeBinary),
    Column("partner", LargeBinary),
    Column("partner_kind", String),
    Column("amount", BigInteger, nullable=False),
)
Index("fact_kind", FACT.c.kind, FACT.c.cohort, FACT.c.position, FACT.c.outcome, FACT.c.amount)

RECORD = Table(
    "record",
    METADATA,
    Column("id", ID, primary_key=True, autoincrement=False),  # position · 2^16 + number within the position
    Column("position", BigInteger, nullable=False),
    Column("outcome", BigInteger, nullable=False),  # the day from which it counts
    Column("kind", String, nullable=False),  # projections.record_kinds.RecordKind
    Column("subject", LargeBinary, nullable=False),
    Column("cohort", BigInteger, nullable=False),  # the day that decides which period it falls in
    Column("unit", LargeBinary),
    Column("partner", LargeBinary),
    Column("channel", String, nullable=False),
    Column("programme", String),
    Column("recurrence", String),
    Column("aid", String),
    Column("amount", BigInteger, nullable=False),
)
Index("record_kind", RECORD.c.kind, RECORD.c.cohort, RECORD.c.position, RECORD.c.outcome)

CASE_VERSION = Table(
    "case_version",
    METADATA,
    *_bitemporal(),
    Column("kind", String, nullable=False),  # projections.case_rows.CaseKind
    Column("stage", String, nullable=False),
    Column("unit", LargeBinary),  # the one it is with; null where there is none, or several from the start
    Column("receiver", LargeBinary),  # first receiver of a request
    Column("due", BigInteger, nullable=False),  # µs at which its clock ends; case_rows.NEVER when none runs
    Column("title", String, nullable=False),
    Column("sort", String, nullable=False),  # of a request its kind, of an inspection its mandate, …
    Column("channel", String, nullable=False),  # how a request came in; empty for others
    Column("outcome", String),  # verdict of a conclusion, resolution of a request
    Column("marks", SmallInteger, nullable=False),  # sum of projections.case_rows.Mark
)
Index("case_version_stream", CASE_VERSION.c.stream, CASE_VERSION.c.since.desc())
Index("case_version_unit", CASE_VERSION.c.unit, CASE_VERSION.c.since)
Index("case_version_kind", CASE_VERSION.c.kind, CASE_VERSION.c.since)

CASE = Table(
    "case_begun",
    METADATA,
    Column("stream", LargeBinary, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("about", LargeBinary),  # what it follows: of a conclusion the inspection, …
    sqlite_with_rowid=False,
)
"""What a case began with and never changes; visible with its first version."""

CASE_UNIT = Table(
    "case_unit",
    METADATA,
    Column("unit", LargeBinary, primary_key=True),
    Column("stream", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)
"""The units of a case that has several from the start."""

MATTER_VERSION = Table(
    "matter_version",
    METADATA,
    *_bitemporal(),
    Column("stage", String, nullable=False),
    Column("handlers", LargeBinary, nullable=False),  # their ids one after another
    Column("marks", SmallInteger, nullable=False),
)
Index("matter_version_stream", MATTER_VERSION.c.stream, MATTER_VERSION.c.since.desc())
"""Confidential matters, apart from all others: no query that lists or counts anything else reads this table."""

FOLDED_WITH: Final = frozenset(
    {
        "commitment_version_stream",
        "commitment_stream",
        "name_version_stream",
        "case_version_stream",
        "matter_version_stream",
    }
)
"""Indexes the fold needs; the others are for readers."""

VIEW_TABLES: Final[dict[str, tuple[Table, ...]]] = {
    "commitments": (COMMITMENT, SERVED, VERSION),
    "names": (NAME,),
    "facts": (FACT,),
    "records": (RECORD,),
    "cases": (CASE, CASE_UNIT, CASE_VERSION),
    "matters": (MATTER_VERSION,),
}
"""View → the tables it alone writes. Views never read each other's tables while they fold."""
