"""What counts as a record of the work or says something about one, on which day, and what is known of each."""

from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from domain.service import Aid, Recurrence
from projections.keys import key_of


class RecordKind(StrEnum):
    """What counts, and on which day."""

    COMMITMENT = "commitment"  # proposed
    VISIT = "visit"  # of the visit
    PAIRING = "pairing"  # agreed
    ACTIVITY = "activity"  # held
    PROJECT = "project"  # started
    CONTRIBUTION = "contribution"  # given
    PROBLEM = "problem"  # raised
    REQUEST = "request"  # raised, by a person; its channel is the way it came in
    NEED = "need"  # raised
    OFFER = "offer"  # made
    CLAIMED = "claimed"  # the unit claims a problem as solved
    CONFIRMED = "confirmed"  # the enterprise confirms it; on the day of the claim
    USE = "use"  # a need for which a match was used, on the first day of use
    BENEFIT = "benefit"  # its beneficiary confirmed that some of it did good; on the first day of use
    FUNDS_GIVEN = "funds_given"  # 分 contributed
    FUNDS_USED = "funds_used"  # 分 used of matches, by the unit's word
    FUNDS_CONFIRMED = "funds_confirmed"  # 分 of them the beneficiary confirmed
    RATING = "rating"  # received and not excluded; what follows about one, on the same day
    RATING_SATISFIED = "rating_satisfied"  # 非常满意, 满意 or 基本满意
    RATING_TOP = "rating_top"  # 非常满意 or 满意
    RATING_BAD = "rating_bad"  # 差评
    RATING_RECTIFIED = "rating_rectified"  # put right within the first limit, and accepted
    RATING_NAMED_BAD = "rating_named_bad"  # 实名差评: of a rater whose name was given, in confidence too
    RATING_CALLED_BACK = "rating_called_back"  # its rater was called back at least once
    RATING_EXCLUDED = "rating_excluded"  # 剔除, a bad one always
    RATING_NAMED_EXCLUDED = "rating_named_excluded"  # of them those of a rater whose name was given


RECORDS: Final = (
    RecordKind.COMMITMENT,
    RecordKind.VISIT,
    RecordKind.PAIRING,
    RecordKind.ACTIVITY,
    RecordKind.PROJECT,
    RecordKind.CONTRIBUTION,
    RecordKind.PROBLEM,
    RecordKind.REQUEST,
    RecordKind.NEED,
    RecordKind.OFFER,
    RecordKind.RATING,
)
"""Kinds that are records of their own; the others say something about one."""
SERVICES: Final = (
    RecordKind.VISIT,
    RecordKind.ACTIVITY,
    RecordKind.PROJECT,
    RecordKind.CONTRIBUTION,
    RecordKind.USE,
)
"""Kinds that are services given, each classed one-off, recurring or standing, and relief or capacity; all but visits
recorded before they were classed."""


class Came(NamedTuple):
    """What the fold needs of a stored event and its envelope."""

    position: int
    stream: bytes
    at: int
    event: Any
    channel: str
    programme: str | None


class Counts(NamedTuple):
    """One thing that holds of a stream. `subject` is the stream, or the need for what is said about a match."""

    kind: str
    subject: bytes
    cohort: int
    unit: bytes | None
    partner: bytes | None
    channel: str
    programme: str | None
    recurrence: str | None
    aid: str | None
    amount: int


def counted(  # noqa: PLR0917 - one a column
    came: Came,
    kind: RecordKind,
    day: date,
    unit: str | None,
    partner: str | None,
    recurrence: Recurrence | None = None,
    aid: Aid | None = None,
) -> Counts:
    """One thing of a stream."""
    return Counts(
        kind.value,
        came.stream,
        day.toordinal(),
        None if unit is None else key_of(unit),
        None if partner is None else key_of(partner),
        came.channel,
        came.programme,
        None if recurrence is None else recurrence.value,
        None if aid is None else aid.value,
        1,
    )
