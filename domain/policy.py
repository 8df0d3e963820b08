"""Benefit policies (惠民政策): issued documents with measurable targets, from which commitments are made (M1)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import EARLIEST, in_turn, not_before
from domain.ids import PersonId, PolicyId, UnitId
from domain.public_text import public_line, public_words
from domain.refusal import Refusal
from domain.text import line, positive
from domain.two_hands import Related, Relation, related

MAX_TARGETS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One measurable target: `quantity` of `measure` (1000, 户). `key` names it within the policy."""

    key: str
    text: str
    quantity: int
    measure: str


@event("policy_issued.1")
class PolicyIssued:
    """`number` is the document number (发文字号); `expires_on` is the last day in force, None when open-ended."""

    number: str
    title: str
    issuer: UnitId
    effective_on: date
    expires_on: date | None
    summary: str
    targets: tuple[Target, ...]
    by: PersonId


@event("policy_amended.1")
class PolicyAmended:
    """The whole wording as it stands from now on; the number and the issuer stay."""

    title: str
    effective_on: date
    expires_on: date | None
    summary: str
    targets: tuple[Target, ...]
    reason: str
    by: PersonId


@event("policy_withdrawn.1")
class PolicyWithdrawn:
    reason: str
    by: PersonId


PolicyEvent: TypeAlias = PolicyIssued | PolicyAmended | PolicyWithdrawn


class PolicyStage(StrEnum):
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


TURNS = {
    PolicyStage.ISSUED: ("amend_policy", "withdraw_policy"),
    PolicyStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Correctable):
    stage: PolicyStage
    title: str
    effective_on: date
    targets: dict[str, Target]
    """By key."""
    by: PersonId
    claims: tuple[str, ...]
    """A document number is used once, and stays used after a withdrawal."""


def _by_key(targets: tuple[Target, ...]) -> dict[str, Target]:
    return {target.key: target for target in targets}


@evolves(PolicyEvent, named=PolicyId)
def evolve(state: Policy | None, happened: PolicyEvent) -> Policy:
    match happened:
        case PolicyIssued():
            return Policy(
                stage=PolicyStage.ISSUED,
                title=happened.title,
                effective_on=happened.effective_on,
                targets=_by_key(happened.targets),
                by=happened.by,
                claims=(f"policy number {happened.number}",),
            )
        case PolicyAmended():
            assert state is not None
            return replace(
                state,
                title=happened.title,
                effective_on=happened.effective_on,
                targets=_by_key(happened.targets),
            )
        case PolicyWithdrawn():
            assert state is not None
            return replace(state, stage=PolicyStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Policy)
def _related(state: Policy) -> Related:
    return {Relation.RECORDER: (state.by,)}


def _checked(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    if not 1 <= len(targets) <= MAX_TARGETS:
        raise Refusal(
            "targets_count",
            f"须有1至{MAX_TARGETS}项可量化目标",
            f"a policy has 1 to {MAX_TARGETS} measurable targets",
            field="targets",
        )
    checked = tuple(
        Target(
            key=line(target.key, "targets.key"),
            text=public_line(target.text, "targets.text"),
            quantity=positive(target.quantity, "targets.quantity"),
            measure=public_line(target.measure, "targets.measure"),
        )
        for target in targets
    )
    if len(_by_key(checked)) < len(checked):
        raise Refusal("target_key_twice", "目标编号重复", "a target key occurs twice", field="targets.key")
    return checked


def _term(effective_on: date, expires_on: date | None) -> None:
    not_before(effective_on, EARLIEST, "effective_on")
    if expires_on is not None:
        not_before(expires_on, effective_on, "expires_on")


@command(of=Policy, by=(Role.SUPERVISOR, Role.LEADER), creates=True)
class IssuePolicy:
    """Enters an issued policy. It may take effect later; it needs at least one measurable target."""

    number: str
    title: str
    issuer: UnitId
    effective_on: date
    summary: str
    targets: tuple[Target, ...]
    expires_on: date | None = None

    def decide(self, state: None, ctx: Context) -> list[PolicyEvent]:
        _term(self.effective_on, self.expires_on)
        return [
            PolicyIssued(
                number=public_line(self.number, "number"),
                title=public_line(self.title, "title"),
                issuer=self.issuer,
                effective_on=self.effective_on,
                expires_on=self.expires_on,
                summary=public_words(self.summary, "summary"),
                targets=_checked(self.targets),
                by=ctx.actor.person,
            )
        ]


@command(of=Policy, by=(Role.SUPERVISOR, Role.LEADER))
class AmendPolicy:
    """Replaces the wording, with a reason. Commitments made from the old wording keep what they promised."""

    title: str
    effective_on: date
    summary: str
    targets: tuple[Target, ...]
    reason: str
    expires_on: date | None = None

    def decide(self, state: Policy, ctx: Context) -> list[PolicyEvent]:
        in_turn(state.stage, "amend_policy", TURNS)
        _term(self.effective_on, self.expires_on)
        return [
            PolicyAmended(
                title=public_line(self.title, "title"),
                effective_on=self.effective_on,
                expires_on=self.expires_on,
                summary=public_words(self.summary, "summary"),
                targets=_checked(self.targets),
                reason=public_words(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


@command(of=Policy, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.RECORDER,))
class WithdrawPolicy:
    """Takes a policy out of force, by another person than the one who entered it."""

    reason: str

    def decide(self, state: Policy, ctx: Context) -> list[PolicyEvent]:
        in_turn(state.stage, "withdraw_policy", TURNS)
        return [PolicyWithdrawn(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
