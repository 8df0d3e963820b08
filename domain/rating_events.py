"""What can happen to a rating (好差评), and the words it is described in.

What the rater said, who they are and how to reach them is sealed under the rating's own id, so that no two ratings of
one person have anything in common. `source` is never opened to the rated unit when the rater asked for confidence
(`domain/confidence.py`).
"""

from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from domain.appraisal_form import Grade
from domain.commitment_terms import Answer, Means
from domain.deadline import Deadline
from domain.event import event
from domain.evidence import Evidence
from domain.ids import CommitmentId, PersonId, RequestId, UnitId
from domain.request_events import Protection, Source, Way
from domain.sealed import Sealed

BAD: Final = frozenset({Grade.DISSATISFIED, Grade.VERY_DISSATISFIED})
"""差评: to be checked and put right."""


class Truth(StrEnum):
    """What came of checking a bad rating."""

    TRUE = "true"  # 属实
    UNTRUE = "untrue"  # 不属实


class AppealGround(StrEnum):
    """Why a unit holds that a bad rating should not count."""

    MISTAKEN = "mistaken"  # 误评
    MALICIOUS = "malicious"  # 恶意差评
    NOT_OURS = "not_ours"  # 非本单位职责
    NO_LEGAL_BASIS = "no_legal_basis"  # 诉求缺乏法定依据


@event("rating_received.1")
class RatingReceived:
    """Of a commitment, of the answer to a request, or of a unit's `service` (official wording without personal data).
    `rectify_by` is None for a good rating."""

    grade: Grade
    way: Way
    protection: Protection
    unit: UnitId
    commitment: CommitmentId | None
    request: RequestId | None
    service: str
    words: Sealed[str] | None
    source: Source | None
    rectify_by: Deadline | None
    by: PersonId


@event("rating_checked.1")
class RatingChecked:
    """Found true or not. An untrue one counts all the same, until it is excluded on appeal."""

    truth: Truth
    note: str
    by: PersonId


@event("rating_appealed.1")
class RatingAppealed:
    """The unit asks that it not count. `rule_by` is the limit of the ruling; that of the rectification runs on."""

    unit: UnitId
    ground: AppealGround
    reason: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    rule_by: Deadline
    by: PersonId


@event("rating_excluded.1")
class RatingExcluded:
    """Counts no longer, though it stays to be read."""

    ground: AppealGround
    reason: str
    by: PersonId


@event("rating_appeal_refused.1")
class RatingAppealRefused:
    reason: str
    by: PersonId


@event("rating_rectified.1")
class RatingRectified:
    """The unit's claim."""

    unit: UnitId
    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("rater_called_back.1")
class RaterCalledBack:
    """`answer` says whether the rater accepts what was done."""

    attempt: int
    answer: Answer
    words: Sealed[str] | None
    by: PersonId


@event("rating_redo_ordered.1")
class RatingRedoOrdered:
    """Back to the unit, which has until `rectify_by`. Whether it was in time is still judged by the first limit."""

    redo: int
    reason: str
    rectify_by: Deadline
    by: PersonId


@event("rating_escalated.1")
class RatingEscalated:
    """Raised to supervision at a higher level (提级督办) after so many redos."""

    redos: int


@event("rating_closed.1")
class RatingClosed:
    """`accepted`: the rater, or a look by someone else than the unit where nobody could be asked, says that it is put
    right. What the unit claims never counts as accepted."""

    unit: UnitId
    accepted: bool
    means: Means
    note: str
    by: PersonId


RatingEvent: TypeAlias = (
    RatingReceived
    | RatingChecked
    | RatingAppealed
    | RatingExcluded
    | RatingAppealRefused
    | RatingRectified
    | RaterCalledBack
    | RatingRedoOrdered
    | RatingEscalated
    | RatingClosed
)
