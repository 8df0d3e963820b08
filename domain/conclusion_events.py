"""What can happen to a conclusion (督查结论): issued, delivered, objected to, reviewed, used.

All texts are official words about the work: no personal data belongs in them.
"""

from datetime import date, datetime
from typing import TypeAlias

from domain.conclusion_terms import ResultUse, Wording
from domain.deadline import Deadline
from domain.event import event
from domain.evidence import Evidence
from domain.ids import InspectionId, PersonId, UnitId


@event("conclusion_issued.1")
class ConclusionIssued:
    """`authors` took part in making it, `by` among them: none of them reviews it."""

    inspection: InspectionId
    unit: UnitId
    wording: Wording
    authors: tuple[PersonId, ...]
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    issued_on: date
    by: PersonId


@event("conclusion_delivered.1")
class ConclusionDelivered:
    """`object_by` ends 30 days after the unit received it (政府督查工作条例 arts. 17 and 18)."""

    received_on: date
    object_by: Deadline
    by: PersonId


@event("conclusion_objected.1")
class ConclusionObjected:
    """`decide_by` ends 30 days after the objection (政府督查工作条例 arts. 17 and 18)."""

    grounds: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    decide_by: Deadline
    by: PersonId


@event("reviewer_recused.1")
class ReviewerRecused:
    """`by` stands aside (回避) and decides no review of this conclusion."""

    reason: str
    by: PersonId


@event("conclusion_upheld.1")
class ConclusionUpheld:
    reason: str
    late: bool
    """Decided after `decide_by`."""
    by: PersonId


@event("conclusion_amended.1")
class ConclusionAmended:
    """`wording` is the whole conclusion from now on."""

    wording: Wording
    reason: str
    late: bool
    by: PersonId


@event("conclusion_revoked.1")
class ConclusionRevoked:
    reason: str
    late: bool
    by: PersonId


@event("result_used.1")
class ResultUsed:
    """`reference` is the number of the document that uses it."""

    use: ResultUse
    reference: str
    note: str
    by: PersonId


ConclusionEvent: TypeAlias = (
    ConclusionIssued
    | ConclusionDelivered
    | ConclusionObjected
    | ReviewerRecused
    | ConclusionUpheld
    | ConclusionAmended
    | ConclusionRevoked
    | ResultUsed
)
