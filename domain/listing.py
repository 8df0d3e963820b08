"""Listed supervision (挂牌督办): a leader puts a commitment or a rectification on the list, with a date; it comes off
when the thing itself is done, or is taken off with a reason."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS as COMMITTED
from domain.commitment import Commitment, Stage
from domain.correction import Correctable
from domain.event import event, evolves
from domain.guards import in_turn
from domain.ids import CommitmentId, ListingId, PersonId, RectificationId, UnitId
from domain.rectification import TURNS as RECTIFYING
from domain.rectification import Rectification, RectificationStage
from domain.refusal import Kind, Refusal
from domain.supervision_guards import ahead, barred
from domain.text import line, text
from domain.two_hands import Related, Relation, related

UNASSIGNED = frozenset({Stage.PROPOSED, Stage.REGISTERED})
DONE = frozenset({Stage.VERIFIED, Stage.CLOSED, Stage.ARCHIVED, Stage.TERMINATED})
PUT_RIGHT = frozenset({RectificationStage.VERIFIED, RectificationStage.WITHDRAWN})


@event("matter_listed.1")
class MatterListed:
    """One of `commitment` and `rectification`; `unit` is the one responsible for it. `reference` is the number of the
    decision (批准文号)."""

    commitment: CommitmentId | None
    rectification: RectificationId | None
    unit: UnitId
    reference: str
    reason: str
    due_on: date
    by: PersonId


@event("listing_lifted.1")
class ListingLifted:
    """The matter is done (摘牌)."""

    note: str
    by: PersonId


@event("listing_withdrawn.1")
class ListingWithdrawn:
    """Taken off the list although the matter is not done."""

    reason: str
    by: PersonId


ListingEvent: TypeAlias = MatterListed | ListingLifted | ListingWithdrawn


class ListingStage(StrEnum):
    LISTED = "listed"
    LIFTED = "lifted"
    WITHDRAWN = "withdrawn"


TURNS = {
    ListingStage.LISTED: ("lift_listing", "withdraw_listing"),
    ListingStage.LIFTED: (),
    ListingStage.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Correctable):
    stage: ListingStage
    matter: str
    """Id of the commitment or the rectification."""
    responsible: UnitId
    listed_by: PersonId
    claims: tuple[str, ...]
    """A matter is on the list once at a time."""


@evolves(ListingEvent, named=ListingId)
def evolve(state: Listing | None, happened: ListingEvent) -> Listing:
    match happened:
        case MatterListed():
            matter = happened.commitment or happened.rectification
            assert matter is not None
            return Listing(
                stage=ListingStage.LISTED,
                matter=matter,
                responsible=happened.unit,
                listed_by=happened.by,
                claims=(f"listing {matter}",),
            )
        case ListingLifted():
            assert state is not None
            return replace(state, stage=ListingStage.LIFTED, claims=())
        case ListingWithdrawn():
            assert state is not None
            return replace(state, stage=ListingStage.WITHDRAWN, claims=())
        case _:
            assert_never(happened)


@related(of=Listing)
def _related(state: Listing) -> Related:
    return {Relation.PROPOSER: (state.listed_by,), Relation.INSPECTED_UNIT: (state.responsible,)}


def _possible(matter: Commitment | Rectification) -> tuple[str, ...]:
    """What may be asked of the matter itself now."""
    return COMMITTED[matter.stage] if isinstance(matter, Commitment) else RECTIFYING[matter.stage]


def _settled(matter: Commitment | Rectification) -> bool:
    if isinstance(matter, Commitment):
        return matter.stage in DONE
    return matter.stage in PUT_RIGHT


@command(of=Listing, by=(Role.LEADER,), creates=True)
class ListMatter:
    """Lists one commitment or one rectification that is not done. `reference` is the number of the decision."""

    reference: str
    reason: str
    due_on: date
    commitment: CommitmentId | None = None
    rectification: RectificationId | None = None

    def decide(self, state: None, ctx: Context) -> list[ListingEvent]:
        if (self.commitment is None) is (self.rectification is None):
            raise Refusal(
                "one_matter",
                "须填一项承诺或一项整改",
                "name one commitment or one rectification",
                field="commitment",
            )
        field = "commitment" if self.rectification is None else "rectification"
        matter: Commitment | Rectification = ctx.look(self.commitment or self.rectification or "")
        if _settled(matter):
            raise Refusal(
                "settled_already",
                "该事项已办结",
                "that matter is done already",
                kind=Kind.OUT_OF_TURN,
                field=field,
                state=matter.stage.value,
                allowed=_possible(matter),
            )
        if matter.stage in UNASSIGNED:
            raise Refusal(
                "not_assigned",
                "该事项尚未交办",
                "that matter is not assigned to a unit yet",
                kind=Kind.OUT_OF_TURN,
                field=field,
                state=matter.stage.value,
                allowed=_possible(matter),
            )
        return [
            MatterListed(
                commitment=self.commitment,
                rectification=self.rectification,
                unit=matter.responsible,
                reference=line(self.reference, "reference"),
                reason=text(self.reason, "reason"),
                due_on=ahead(self.due_on, "due_on", ctx),
                by=ctx.actor.person,
            )
        ]


@command(of=Listing, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.PROPOSER, Relation.INSPECTED_UNIT))
class LiftListing:
    """Takes it off the list when it is done (摘牌); by another person than the one who listed it."""

    note: str

    def decide(self, state: Listing, ctx: Context) -> list[ListingEvent]:
        in_turn(state.stage, "lift_listing", TURNS)
        if not _settled(ctx.look(state.matter)):
            raise barred(
                state.stage,
                "lift_listing",
                TURNS,
                rule="not_settled",
                zh="该事项尚未核验办结，不能摘牌",
                en="the matter is not verified as done yet",
            )
        return [ListingLifted(note=text(self.note, "note"), by=ctx.actor.person)]


@command(of=Listing, by=(Role.LEADER,), not_by=(Relation.PROPOSER, Relation.INSPECTED_UNIT))
class WithdrawListing:
    """Takes it off the list although it is not done; by another leader than the one who listed it."""

    reason: str

    def decide(self, state: Listing, ctx: Context) -> list[ListingEvent]:
        in_turn(state.stage, "withdraw_listing", TURNS)
        return [ListingWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
