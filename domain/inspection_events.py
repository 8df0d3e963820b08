"""What can happen to an inspection (督查), from its plan (督查方案) to its end.

Titles, scopes, notices and notes are official words about the work and are not sealed: no personal data belongs in
them. What a resident said on a visit goes into the sealed field.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from domain.commitment_terms import Mandate
from domain.event import event
from domain.evidence import Evidence
from domain.ids import CommitmentId, ConclusionId, InspectionId, PersonId, PolicyId, RequestId, UnitId
from domain.sealed import Sealed


class Method(StrEnum):
    """Ways of inspecting (政府督查工作条例; State Council decree 733)."""

    SELF_CHECK = "self_check"  # 自查
    REPORT = "report"  # 听取汇报
    SITE_VISIT = "site_visit"  # 实地检查
    UNANNOUNCED = "unannounced"  # 暗访
    INTERVIEW = "interview"  # 座谈访谈
    RECORDS = "records"  # 调阅资料
    CLUES = "clues"  # 收集线索
    ONLINE = "online"  # 互联网+督查


@event("inspection_planned.1")
class InspectionPlanned:
    """As it was stored before requests could be inspected.

    The matters (commitments, policies) and the units together say what no second inspection may cover meanwhile.
    `beside` names the inspection that admitted this one for the units in `shared`; `slot` is the place, 1 or 2, that
    this one takes there."""

    title: str
    mandate: Mandate
    commitments: tuple[CommitmentId, ...]
    policies: tuple[PolicyId, ...]
    units: tuple[UnitId, ...]
    team: tuple[PersonId, ...]
    methods: tuple[Method, ...]
    scope: str
    starts_on: date
    ends_on: date
    beside: InspectionId | None
    shared: tuple[UnitId, ...]
    slot: int
    by: PersonId


@event("inspection_planned.2")
class InspectionPlanned2(InspectionPlanned):
    """Requests are matters too."""

    requests: tuple[RequestId, ...]


@event("inspection_amended.1")
class InspectionAmended:
    """The plan from here on reads so, and waits for approval again. Mandate and units stay."""

    title: str
    commitments: tuple[CommitmentId, ...]
    policies: tuple[PolicyId, ...]
    requests: tuple[RequestId, ...]
    team: tuple[PersonId, ...]
    methods: tuple[Method, ...]
    scope: str
    starts_on: date
    ends_on: date
    reason: str
    by: PersonId


@event("inspection_approved.1")
class InspectionApproved:
    """`reference` is the number of the decision or instruction (批准文号、批示)."""

    reference: str
    note: str
    by: PersonId


@event("inspection_refused.1")
class InspectionRefused:
    reason: str
    by: PersonId


@event("second_inspection_admitted.1")
class SecondInspectionAdmitted:
    """One other inspection may cover the same matters and units, for this reason."""

    reason: str
    by: PersonId


@event("inspection_notice_given.1")
class InspectionNoticeGiven:
    """`self_check_by` is the last day for the unit's self-check, None when none is asked."""

    unit: UnitId
    notice: str
    self_check_by: date | None
    by: PersonId


@event("self_check_submitted.1")
class SelfCheckSubmitted:
    unit: UnitId
    findings: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("inspection_visit_recorded.1")
class InspectionVisitRecorded:
    unit: UnitId
    visited_on: date
    unannounced: bool
    note: str
    resident_note: Sealed[str] | None
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("inspection_closed.1")
class InspectionClosed:
    """Every unit has its conclusion."""

    conclusions: tuple[ConclusionId, ...]
    note: str
    by: PersonId


@event("inspection_cancelled.1")
class InspectionCancelled:
    reason: str
    by: PersonId


InspectionEvent: TypeAlias = (
    InspectionPlanned
    | InspectionPlanned2
    | InspectionAmended
    | InspectionApproved
    | InspectionRefused
    | SecondInspectionAdmitted
    | InspectionNoticeGiven
    | SelfCheckSubmitted
    | InspectionVisitRecorded
    | InspectionClosed
    | InspectionCancelled
)
