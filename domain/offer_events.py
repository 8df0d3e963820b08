"""Events of an offer and of the matches made from it: one stream, so that no more is matched than is offered."""

from datetime import date, datetime
from typing import TypeAlias

from domain.event import event
from domain.evidence import Evidence
from domain.ids import NeedId, PartnerId, PersonId, UnitId
from domain.partner import PartnerKind
from domain.resource import Resource
from domain.sealed import Sealed
from domain.service import Aid, Recurrence


@event("offer_made.1")
class OfferMade:
    """`unit` puts `quantity` (in `measure`, for funds 分) at the disposal of partners. `title` holds no personal
    data."""

    unit: UnitId
    kind: Resource
    title: str
    quantity: int
    measure: str
    recurrence: Recurrence
    aid: Aid
    available_from: date
    available_until: date | None
    by: PersonId


@event("resource_matched.1")
class ResourceMatched:
    """A part of the offer is set aside for a need. `reason` says why these two (no personal data)."""

    need: NeedId
    unit: UnitId
    partner: PartnerId
    partner_kind: PartnerKind
    quantity: int
    reason: str
    matched_on: date
    by: PersonId


@event("resource_used.1")
class ResourceUsed:
    """The unit's claim: so much of the match was used. `note` is official wording without personal data."""

    need: NeedId
    unit: UnitId
    partner: PartnerId
    quantity: int
    used_on: date
    note: str
    evidence: tuple[Evidence, ...]
    filed_at: datetime
    by: PersonId


@event("resource_returned.1")
class ResourceReturned:
    """What was matched and not used goes back to the offer."""

    need: NeedId
    unit: UnitId
    quantity: int
    returned_on: date
    reason: str
    by: PersonId


@event("benefit_confirmed.1")
class BenefitConfirmed:
    """The beneficiary's answer about everything used since the last answer (`asked`): `quantity` of it did good."""

    need: NeedId
    unit: UnitId
    partner: PartnerId
    asked: int
    quantity: int
    confirmed_on: date
    words: Sealed[str] | None
    by: PersonId


@event("benefit_denied.1")
class BenefitDenied:
    """The beneficiary's answer about everything used since the last answer (`asked`): none of it did good."""

    need: NeedId
    unit: UnitId
    partner: PartnerId
    asked: int
    answered_on: date
    words: Sealed[str]
    by: PersonId


@event("offer_ended.1")
class OfferEnded:
    """The rest is offered no longer; what was used stays."""

    reason: str
    by: PersonId


OfferEvent: TypeAlias = (
    OfferMade | ResourceMatched | ResourceUsed | ResourceReturned | BenefitConfirmed | BenefitDenied | OfferEnded
)
