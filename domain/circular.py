"""Circulars (督查通报): drafted by a supervisor, issued by a leader, on final conclusions and on commitments."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.conclusion import TURNS as CONCLUDING
from domain.conclusion import Conclusion, is_final
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import in_turn
from domain.ids import CircularId, CommitmentId, ConclusionId, PersonId, UnitId
from domain.public_text import public_line, public_words
from domain.refusal import Kind, Refusal
from domain.supervision_guards import named_once, not_of_unit
from domain.two_hands import Related, Relation, related


class Tone(StrEnum):
    PRAISE = "praise"  # 通报表扬
    CRITICISM = "criticism"  # 通报批评
    REPORT = "report"  # 情况通报


@event("circular_drafted.1")
class CircularDrafted:
    """`units` are those it names; each has a conclusion or a commitment here that it rests on. `body` is official
    wording without personal data."""

    number: str
    title: str
    tone: Tone
    units: tuple[UnitId, ...]
    conclusions: tuple[ConclusionId, ...]
    commitments: tuple[CommitmentId, ...]
    body: str
    by: PersonId


@event("circular_issued.1")
class CircularIssued:
    by: PersonId


@event("circular_withdrawn.1")
class CircularWithdrawn:
    """A draft is dropped, or what was issued is taken back."""

    reason: str
    by: PersonId


CircularEvent: TypeAlias = CircularDrafted | CircularIssued | CircularWithdrawn


class CircularStage(StrEnum):
    DRAFTED = "drafted"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


TURNS = {
    CircularStage.DRAFTED: ("issue_circular", "withdraw_circular"),
    CircularStage.ISSUED: ("withdraw_circular",),
    CircularStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular(Correctable):
    stage: CircularStage
    conclusions: tuple[ConclusionId, ...]
    drafted_by: PersonId
    claims: tuple[str, ...]
    """A number is used once, and stays used."""


@evolves(CircularEvent, named=CircularId)
def evolve(state: Circular | None, happened: CircularEvent) -> Circular:
    match happened:
        case CircularDrafted():
            return Circular(
                stage=CircularStage.DRAFTED,
                conclusions=happened.conclusions,
                drafted_by=happened.by,
                claims=(f"circular number {happened.number}",),
            )
        case CircularIssued():
            assert state is not None
            return replace(state, stage=CircularStage.ISSUED)
        case CircularWithdrawn():
            assert state is not None
            return replace(state, stage=CircularStage.WITHDRAWN)
        case _:
            assert_never(happened)


@related(of=Circular)
def _related(state: Circular) -> Related:
    return {Relation.PROPOSER: (state.drafted_by,)}


def _all_final(conclusions: tuple[ConclusionId, ...], ctx: Context, field: str | None) -> None:
    found: list[Conclusion] = [ctx.look(one) for one in conclusions]
    for one in found:
        if is_final(one, ctx):
            continue
        raise Refusal(
            "conclusion_not_final",
            "所列督查结论尚未生效或已撤销",
            "a conclusion named is not final or was revoked",
            kind=Kind.OUT_OF_TURN,
            field=field,
            state=one.stage.value,
            allowed=tuple(name for name in CONCLUDING[one.stage] if name != "use_result"),
        )


@command(of=Circular, by=(Role.SUPERVISOR,), creates=True)
class DraftCircular:
    """Drafts a circular. Every unit named has a final conclusion or a commitment named beside it."""

    number: str
    title: str
    tone: Tone
    units: tuple[UnitId, ...]
    body: str
    conclusions: tuple[ConclusionId, ...] = ()
    commitments: tuple[CommitmentId, ...] = ()

    def decide(self, state: None, ctx: Context) -> list[CircularEvent]:
        units = named_once(self.units, "units")
        for unit in units:
            not_of_unit(unit, ctx)
        conclusions = named_once(self.conclusions, "conclusions", required=False)
        commitments = named_once(self.commitments, "commitments", required=False)
        _all_final(conclusions, ctx, "conclusions")
        if {ctx.look(one).responsible for one in (*conclusions, *commitments)} != set(units):
            raise Refusal(
                "unit_without_ground",
                "通报的每个单位都须有督查结论或承诺事项为依据，且不得列入其他单位的事项",
                "each unit needs a conclusion or a commitment of its own, and no other unit's belongs here",
                field="units",
            )
        return [
            CircularDrafted(
                number=public_line(self.number, "number"),
                title=public_line(self.title, "title"),
                tone=self.tone,
                units=units,
                conclusions=conclusions,
                commitments=commitments,
                body=public_words(self.body, "body"),
                by=ctx.actor.person,
            )
        ]


@command(of=Circular, by=(Role.LEADER,), not_by=(Relation.PROPOSER,))
class IssueCircular:
    """Issues it; not by the drafter, and only while its conclusions are final."""

    def decide(self, state: Circular, ctx: Context) -> list[CircularEvent]:
        in_turn(state.stage, "issue_circular", TURNS)
        _all_final(state.conclusions, ctx, None)
        return [CircularIssued(by=ctx.actor.person)]


@command(of=Circular, by=(Role.LEADER,))
class WithdrawCircular:
    """Drops a draft or takes an issued circular back, with the reason; both stay visible."""

    reason: str

    def decide(self, state: Circular, ctx: Context) -> list[CircularEvent]:
        in_turn(state.stage, "withdraw_circular", TURNS)
        return [CircularWithdrawn(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
