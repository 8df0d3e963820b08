"""Households (农户、居民户): partners whose every particular is personal data and sealed under their own key."""

from domain.command import Context, command
from domain.guards import in_turn
from domain.ids import PartnerId
from domain.partner import (
    NEIGHBOURHOODS,
    REGISTRARS,
    HouseholdRegistered,
    HouseholdUpdated,
    Partner,
    PartnerEvent,
    partner_on,
)
from domain.refusal import Refusal
from domain.sealed import Sealed
from domain.text import line, text


def _neighbourhood(within: PartnerId, ctx: Context) -> PartnerId:
    if partner_on(within, ctx.today, ctx, "within").kind not in NEIGHBOURHOODS:
        raise Refusal(
            "household_within",
            "农户须隶属于村或社区",
            "a household belongs to a village or community",
            field="within",
        )
    return within


def _phone(value: str | None, subject: str) -> Sealed[str] | None:
    return None if value is None else Sealed(subject, line(value, "phone"))


@command(of=Partner, by=REGISTRARS, creates=True)
class RegisterHousehold:
    """Enters a household of a village or community. Name, address and phone are sealed."""

    within: PartnerId
    name: str
    address: str
    phone: str | None = None

    def decide(self, state: None, ctx: Context) -> list[PartnerEvent]:
        return [
            HouseholdRegistered(
                within=_neighbourhood(self.within, ctx),
                name=Sealed(ctx.stream, line(self.name, "name")),
                address=Sealed(ctx.stream, line(self.address, "address")),
                phone=_phone(self.phone, ctx.stream),
            )
        ]


@command(of=Partner, by=REGISTRARS)
class UpdateHousehold:
    """Replaces the sealed data of a household, or the village or community it belongs to. `reason` is not sealed."""

    within: PartnerId
    name: str
    address: str
    reason: str
    phone: str | None = None

    def decide(self, state: Partner, ctx: Context) -> list[PartnerEvent]:
        in_turn(state.stage, "update_household", state.turns)
        return [
            HouseholdUpdated(
                within=_neighbourhood(self.within, ctx),
                name=Sealed(ctx.stream, line(self.name, "name")),
                address=Sealed(ctx.stream, line(self.address, "address")),
                phone=_phone(self.phone, ctx.stream),
                reason=text(self.reason, "reason"),
            )
        ]
