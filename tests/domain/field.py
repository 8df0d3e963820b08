"""The field the tests of every noun play on: two units, their people, partners of every kind."""

from datetime import date

from given import Given, person

from domain.actor import Role
from domain.ids import PartnerId, UnitId
from domain.partner import HouseholdRegistered, PartnerKind, PartnerLeft, PartnerRegistered
from domain.person import PersonEnrolled
from domain.sealed import Sealed
from domain.unit import UnitClass, UnitRegistered

UNIT, OTHER_UNIT = UnitId("unit"), UnitId("other-unit")
VILLAGE, COMMUNITY = PartnerId("village"), PartnerId("community")
ENTERPRISE, HOUSEHOLD, GONE = PartnerId("enterprise"), PartnerId("household"), PartnerId("gone")
GONE_ON = date(2011, 3, 31)

OFFICER = person("officer", Role.UNIT_OFFICER, unit=UNIT)
HEAD = person("head", Role.UNIT_HEAD, unit=UNIT)
OTHER_OFFICER = person("other-officer", Role.UNIT_OFFICER, unit=OTHER_UNIT)
OTHER_HEAD = person("other-head", Role.UNIT_HEAD, unit=OTHER_UNIT)
SUPERVISOR = person("supervisor", Role.SUPERVISOR)
SECOND_SUPERVISOR = person("second-supervisor", Role.SUPERVISOR)
DISPATCHER = person("dispatcher", Role.DISPATCHER)
CALLER = person("caller", Role.CALLER)
LEADER = person("leader", Role.LEADER)
SECURITY_ADMIN = person("security-admin", Role.SECURITY_ADMIN)
SYSTEM_ADMIN = person("system-admin", Role.SYSTEM_ADMIN)


def the_field() -> Given:
    given = Given()
    for unit, code in ((UNIT, "NYJ"), (OTHER_UNIT, "MZJ")):
        given.happened(unit, UnitRegistered(code=code, title=code, unit_class=UnitClass.DEPARTMENT, region="320585"))
    for actor, post in ((OFFICER, "科员"), (HEAD, "局长"), (OTHER_OFFICER, "科员"), (OTHER_HEAD, "局长")):
        given.happened(
            actor.person,
            PersonEnrolled(
                name=Sealed(actor.person, "某人"), title=post, roles=tuple(sorted(actor.roles)), unit=actor.unit
            ),
        )
    for partner, kind in (
        (VILLAGE, PartnerKind.VILLAGE),
        (COMMUNITY, PartnerKind.COMMUNITY),
        (ENTERPRISE, PartnerKind.ENTERPRISE),
        (GONE, PartnerKind.VILLAGE),
    ):
        given.happened(partner, PartnerRegistered(kind=kind, title=f"某{kind}{partner}", region="320585"))
    given.happened(GONE, PartnerLeft(left_on=GONE_ON, reason="并村"))
    given.happened(
        HOUSEHOLD,
        HouseholdRegistered(within=VILLAGE, name=Sealed(HOUSEHOLD, "某户"), address=Sealed(HOUSEHOLD, "某组1号")),
    )
    return given
