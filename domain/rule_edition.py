"""One dated edition of the limits (规则版本): issued with the source it rests on, put in force by a second person,
withdrawn while its day has not come. One hand may stop an edition; it takes two to change a limit.
"""

from dataclasses import replace
from datetime import date
from typing import NewType, TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.editions import EditionStage, LimitSet, RuleEdition, changes, checked, consistent
from domain.event import event, evolves
from domain.guards import in_turn
from domain.ids import PersonId
from domain.refusal import Kind, Refusal
from domain.rule_book import with_limits
from domain.text import code, line, text
from domain.two_hands import Related, Relation, related

RuleEditionId = NewType("RuleEditionId", str)


@event("rule_edition_issued.1")
class RuleEditionIssued:
    """`number` counts the editions ever issued. `limits` are those it changes, by name; in force from the beginning of
    the day `in_force_from`, once it is confirmed. `source` is the document it rests on."""

    number: int
    version: str
    source: str
    in_force_from: date
    limits: tuple[LimitSet, ...]
    reason: str
    by: PersonId


@event("rule_edition_confirmed.1")
class RuleEditionConfirmed:
    """`follows` is the version whose limits it changes."""

    follows: str
    by: PersonId


@event("rule_edition_withdrawn.1")
class RuleEditionWithdrawn:
    """It never came into force."""

    reason: str
    by: PersonId


RuleEditionEvent: TypeAlias = RuleEditionIssued | RuleEditionConfirmed | RuleEditionWithdrawn

TURNS = {
    EditionStage.ISSUED: ("confirm_rule_edition", "withdraw_rule_edition"),
    EditionStage.CONFIRMED: ("withdraw_rule_edition",),
    EditionStage.WITHDRAWN: (),
}


def claim_of(number: int) -> str:
    """The name an edition's stream holds for ever."""
    return f"rule edition {number}"


def _after(version: str) -> str:
    return f"rule edition after {version}"


@evolves(RuleEditionEvent, named=RuleEditionId)
def evolve(state: RuleEdition | None, happened: RuleEditionEvent) -> RuleEdition:
    match happened:
        case RuleEditionIssued():
            return RuleEdition(
                stage=EditionStage.ISSUED,
                number=happened.number,
                version=happened.version,
                source=happened.source,
                in_force_from=happened.in_force_from,
                limits=happened.limits,
                reason=happened.reason,
                issued_by=happened.by,
                claims=(claim_of(happened.number), f"rule edition called {happened.version}"),
            )
        case RuleEditionConfirmed():
            assert state is not None
            return replace(state, stage=EditionStage.CONFIRMED, claims=(*state.claims[:2], _after(happened.follows)))
        case RuleEditionWithdrawn():
            assert state is not None
            # So that nothing can be put in force after it by someone who does not know yet that it is withdrawn.
            return replace(state, stage=EditionStage.WITHDRAWN, claims=(*state.claims[:2], _after(state.version)))
        case _:
            assert_never(happened)


@related(of=RuleEdition)
def _related(state: RuleEdition) -> Related:
    return {Relation.PROPOSER: (state.issued_by,)}


def _fits(in_force_from: date, values: dict[str, int], ctx: Context) -> str:
    """The version it follows. Refuses a day that is past or not after that of the last edition, and limits that would
    then contradict one another or change nothing."""
    if in_force_from < ctx.today:
        raise Refusal(
            "edition_backdated",
            f"施行日期不能早于今天（{ctx.today.isoformat()}）",
            f"an edition is in force from today ({ctx.today.isoformat()}) at the earliest",
            field="in_force_from",
        )
    since, rules = ctx.editions.last
    if in_force_from <= since:
        raise Refusal(
            "edition_out_of_order",
            f"第{rules.version}版自{since.isoformat()}起施行，下一版须晚于该日",
            f"edition {rules.version} is in force from {since.isoformat()}; the next one must start later",
            kind=Kind.CONFLICT,
            field="in_force_from",
        )
    if not changes(values, rules):
        raise Refusal(
            "limits_unchanged",
            f"与第{rules.version}版没有不同",
            f"nothing differs from edition {rules.version}",
            field="limits",
        )
    consistent(with_limits(rules, "", "", values))
    return rules.version


@command(of=RuleEdition, by=(Role.SYSTEM_ADMIN,), creates=True)
class IssueRuleEdition:
    """Issues an edition of the limits under a name of its own (`version`), with the document it rests on (`source`):
    the limits it changes, each from the day `in_force_from` on. All others stay as they are. Limits set by law cannot
    be changed. It counts once another person has confirmed it."""

    version: str
    source: str
    in_force_from: date
    limits: tuple[LimitSet, ...]
    reason: str

    def decide(self, state: None, ctx: Context) -> list[RuleEditionEvent]:
        version = code(self.version, "version")
        if version.isdecimal():
            raise Refusal(
                "version_reserved",
                "纯数字版本号留给程序自带的版本，请另取名称，如 2027-1",
                "versions of digits alone are those the program brings; take another, such as 2027-1",
                field="version",
            )
        limits = checked(self.limits, ctx.editions.last.rules)
        _fits(self.in_force_from, {one.limit: one.value for one in limits}, ctx)
        return [
            RuleEditionIssued(
                number=len(ctx.editions.issued) + 1,
                version=version,
                source=line(self.source, "source"),
                in_force_from=self.in_force_from,
                limits=limits,
                reason=text(self.reason, "reason"),
                by=ctx.actor.person,
            )
        ]


@command(of=RuleEdition, by=(Role.SYSTEM_ADMIN, Role.LEADER), not_by=(Relation.PROPOSER,))
class ConfirmRuleEdition:
    """Puts an issued edition in force from its day on, which must not be past; not by who issued it. What was decided
    before keeps its limits."""

    def decide(self, state: RuleEdition, ctx: Context) -> list[RuleEditionEvent]:
        in_turn(state.stage, "confirm_rule_edition", TURNS)
        follows = _fits(state.in_force_from, state.values, ctx)
        return [RuleEditionConfirmed(follows=follows, by=ctx.actor.person)]


@command(of=RuleEdition, by=(Role.SYSTEM_ADMIN, Role.LEADER))
class WithdrawRuleEdition:
    """Takes back an edition that is not in force yet, with the reason; a confirmed one only while no other follows
    it."""

    reason: str

    def decide(self, state: RuleEdition, ctx: Context) -> list[RuleEditionEvent]:
        in_turn(state.stage, "withdraw_rule_edition", TURNS)
        if state.stage is EditionStage.CONFIRMED:
            _not_settled(state, ctx)
        return [RuleEditionWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]


def _not_settled(state: RuleEdition, ctx: Context) -> None:
    if state.in_force_from <= ctx.today:
        raise Refusal(
            "edition_in_force",
            f"该版本自{state.in_force_from.isoformat()}起施行，只能由下一版更改",
            f"it is in force since {state.in_force_from.isoformat()}; only a later edition changes it",
            kind=Kind.OUT_OF_TURN,
            state=state.stage.value,
            allowed=("issue_rule_edition",),
        )
    last = ctx.editions.last.rules.version
    if last != state.version:
        raise Refusal(
            "edition_followed",
            f"须先撤回其后的第{last}版",
            f"edition {last} follows it and must be withdrawn first",
            kind=Kind.OUT_OF_TURN,
            state=state.stage.value,
            allowed=("issue_rule_edition",),
        )
