"""What units, policies, partners and posts are called, as of any moment. Households and persons have sealed names:
only their kind or post is known here."""

from typing import Final, TypeAlias, assert_never

from domain.partner import (
    HouseholdRegistered,
    HouseholdUpdated,
    PartnerEvent,
    PartnerKind,
    PartnerLeft,
    PartnerMerged,
    PartnerRegistered,
    PartnerUpdated,
)
from domain.person import PersonEnrolled, PersonEvent, PersonLeft, PersonMoved, RolesChanged
from domain.policy import PolicyAmended, PolicyEvent, PolicyIssued, PolicyWithdrawn
from domain.unit import UnitEvent, UnitRegistered, UnitRenamed
from projections.bitemporal import CONTENT, Thing, VersionRow

NamedEvent: TypeAlias = UnitEvent | PolicyEvent | PartnerEvent | PersonEvent

KIND, TITLE, DETAIL, MARKS = range(CONTENT, CONTENT + 4)
"""Columns of `tables.NAME` after the bitemporal ones."""
BLANK: Final = ("", "", "", 0)


def fold(row: VersionRow, happened: NamedEvent, _day: int) -> None:
    match happened:
        case UnitRegistered():
            row[KIND], row[TITLE], row[DETAIL] = "unit", happened.title, happened.unit_class.value
        case PolicyIssued():
            row[KIND], row[TITLE], row[DETAIL] = "policy", happened.title, happened.number
        case PartnerRegistered():
            row[KIND], row[TITLE], row[DETAIL] = "partner", happened.title, happened.kind.value
        case HouseholdRegistered():
            row[KIND], row[DETAIL] = "partner", PartnerKind.HOUSEHOLD.value
        case PersonEnrolled():
            row[KIND], row[TITLE] = "person", happened.title
        case UnitRenamed() | PolicyAmended() | PartnerUpdated() | PersonMoved():
            row[TITLE] = happened.title
        case HouseholdUpdated() | PartnerLeft() | PartnerMerged() | PolicyWithdrawn() | RolesChanged() | PersonLeft():
            pass
        case _:
            assert_never(happened)


THING: Final = Thing(blank=BLANK, fold=fold, born=lambda row: row[KIND] != "", marks=MARKS)
