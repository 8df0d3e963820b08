"""Partners of the work: villages, communities, enterprises and households."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.credit_code import credit_code
from domain.event import event, evolves
from domain.guards import happened_on, in_turn
from domain.ids import PartnerId
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.service import region_code
from domain.text import line, text


class PartnerKind(StrEnum):
    VILLAGE = "village"  # 村
    COMMUNITY = "community"  # 社区
    ENTERPRISE = "enterprise"  # 企业
    HOUSEHOLD = "household"  # 农户、居民户


NEIGHBOURHOODS = frozenset({PartnerKind.VILLAGE, PartnerKind.COMMUNITY})


@event("partner_registered.1")
class PartnerRegistered:
    """A village, community or enterprise. `title` is the official name and holds no personal data."""

    kind: PartnerKind
    title: str
    region: str
    credit_code: str | None = None


@event("household_registered.1")
class HouseholdRegistered:
    """`within` is the village or community it belongs to. Everything else is personal."""

    within: PartnerId
    name: Sealed[str]
    address: Sealed[str]
    phone: Sealed[str] | None = None


@event("partner_updated.1")
class PartnerUpdated:
    title: str
    region: str
    credit_code: str | None
    reason: str


@event("household_updated.1")
class HouseholdUpdated:
    within: PartnerId
    name: Sealed[str]
    address: Sealed[str]
    phone: Sealed[str] | None
    reason: str


@event("partner_left.1")
class PartnerLeft:
    """Dissolved, closed or moved away; the last day it was a partner."""

    left_on: date
    reason: str


@event("partner_merged.1")
class PartnerMerged:
    """Merged into another partner (并村, company merger, or the same one entered twice)."""

    into: PartnerId
    merged_on: date
    reason: str


PartnerEvent: TypeAlias = (
    PartnerRegistered | HouseholdRegistered | PartnerUpdated | HouseholdUpdated | PartnerLeft | PartnerMerged
)


class PartnerStage(StrEnum):
    PRESENT = "present"
    LEFT = "left"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    stage: PartnerStage = PartnerStage.PRESENT
    kind: PartnerKind
    within: PartnerId | None = None
    last_day: date | None = None
    """After it nothing more happens with this partner."""
    claims: tuple[str, ...] = ()
    """One enterprise per credit code; one partner of a kind per name and division."""

    @property
    def turns(self) -> dict[PartnerStage, tuple[str, ...]]:
        update = "update_household" if self.kind is PartnerKind.HOUSEHOLD else "update_partner"
        return {
            PartnerStage.PRESENT: (update, "remove_partner", "merge_partner"),
            PartnerStage.LEFT: (),
            PartnerStage.MERGED: (),
        }


def _claims(kind: PartnerKind, title: str, region: str, code: str | None) -> tuple[str, ...]:
    named = (f"partner {kind} {region} {title}",)
    return (*named, f"credit code {code}") if code else named


@evolves(PartnerEvent, named=PartnerId)
def evolve(state: Partner | None, happened: PartnerEvent) -> Partner:
    match happened:
        case PartnerRegistered():
            return Partner(
                kind=happened.kind,
                claims=_claims(happened.kind, happened.title, happened.region, happened.credit_code),
            )
        case HouseholdRegistered():
            return Partner(kind=PartnerKind.HOUSEHOLD, within=happened.within)
        case PartnerUpdated():
            assert state is not None
            return replace(state, claims=_claims(state.kind, happened.title, happened.region, happened.credit_code))
        case HouseholdUpdated():
            assert state is not None
            return replace(state, within=happened.within)
        case PartnerLeft():
            assert state is not None
            return replace(state, stage=PartnerStage.LEFT, last_day=happened.left_on, claims=())
        case PartnerMerged():
            assert state is not None
            return replace(state, stage=PartnerStage.MERGED, last_day=happened.merged_on, claims=())
        case _:
            assert_never(happened)


def partner_on(partner: PartnerId, day: date, ctx: Context, field: str = "partner") -> Partner:
    """The partner, who must still have been one on that day."""
    found: Partner = ctx.look(partner)
    if found.last_day is not None and day > found.last_day:
        raise Refusal(
            "partner_gone",
            "该对象当日已注销或合并",
            "this partner had left or merged by that day",
            kind=Kind.CONFLICT,
            field=field,
            state=found.stage.value,
        )
    return found


def _code(kind: PartnerKind, value: str | None) -> str | None:
    if value is None:
        return None
    if kind is not PartnerKind.ENTERPRISE:
        raise Refusal(
            "credit_code_kind", "只有企业登记信用代码", "only an enterprise has a credit code here", field="credit_code"
        )
    return credit_code(value, "credit_code")


REGISTRARS = (Role.SUPERVISOR, Role.DISPATCHER, Role.UNIT_OFFICER, Role.UNIT_HEAD)


@command(of=Partner, by=REGISTRARS, creates=True)
class RegisterPartner:
    """Enters a village, community or enterprise. `region` has 6, 9 or 12 digits; `credit_code` is optional and for
    enterprises only."""

    kind: PartnerKind
    title: str
    region: str
    credit_code: str | None = None

    def decide(self, state: None, ctx: Context) -> list[PartnerEvent]:
        if self.kind is PartnerKind.HOUSEHOLD:
            raise Refusal(
                "household_sealed",
                "农户资料须加密，请用农户登记",
                "a household is entered by register_household, which seals its data",
                field="kind",
            )
        return [
            PartnerRegistered(
                kind=self.kind,
                title=line(self.title, "title"),
                region=region_code(self.region, "region"),
                credit_code=_code(self.kind, self.credit_code),
            )
        ]


@command(of=Partner, by=REGISTRARS)
class UpdatePartner:
    """Replaces name, division and credit code of a village, community or enterprise."""

    title: str
    region: str
    reason: str
    credit_code: str | None = None

    def decide(self, state: Partner, ctx: Context) -> list[PartnerEvent]:
        in_turn(state.stage, "update_partner", state.turns)
        return [
            PartnerUpdated(
                title=line(self.title, "title"),
                region=region_code(self.region, "region"),
                credit_code=_code(state.kind, self.credit_code),
                reason=text(self.reason, "reason"),
            )
        ]


@command(of=Partner, by=(Role.SUPERVISOR, Role.DISPATCHER))
class RemovePartner:
    """Says that a partner is gone. What happened with it stays."""

    left_on: date
    reason: str

    def decide(self, state: Partner, ctx: Context) -> list[PartnerEvent]:
        in_turn(state.stage, "remove_partner", state.turns)
        return [PartnerLeft(left_on=happened_on(self.left_on, "left_on", ctx), reason=text(self.reason, "reason"))]


@command(of=Partner, by=(Role.SUPERVISOR, Role.DISPATCHER))
class MergePartner:
    """Merges this partner into another of the same kind."""

    into: PartnerId
    merged_on: date
    reason: str

    def decide(self, state: Partner, ctx: Context) -> list[PartnerEvent]:
        in_turn(state.stage, "merge_partner", state.turns)
        merged_on = happened_on(self.merged_on, "merged_on", ctx)
        into = partner_on(self.into, merged_on, ctx, "into")
        if self.into == ctx.stream or into.kind is not state.kind or into.stage is not PartnerStage.PRESENT:
            raise Refusal(
                "merge_into",
                "只能并入另一个现有的同类对象",
                "a partner merges into another present one of its kind",
                field="into",
            )
        return [PartnerMerged(into=self.into, merged_on=merged_on, reason=text(self.reason, "reason"))]
