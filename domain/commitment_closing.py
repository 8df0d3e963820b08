"""The end of it: close (销号), re-check (回头看), terminate (终止)."""

from datetime import date, timedelta

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS, Commitment
from domain.commitment_events import (
    CommitmentArchived,
    CommitmentClosed,
    CommitmentContinued,
    CommitmentEvent,
    CommitmentReopened,
    CommitmentTerminated,
)
from domain.commitment_guards import resident_words, review_in_turn, within_years
from domain.commitment_terms import Outcome
from domain.evidence import Evidence, evidence
from domain.guards import happened_on, in_turn
from domain.ids import CommitmentId
from domain.refusal import Kind, Refusal
from domain.text import text
from domain.two_hands import Relation


@command(
    of=Commitment,
    by=(Role.SUPERVISOR, Role.LEADER),
    not_by=(
        Relation.REPORTER,
        Relation.VERIFIER,
    ),
)
class CloseCommitment:
    """The second approver strikes it off (销号) with an outcome; neither the verifier nor the reporter. `fulfilled`
    needs the whole target verified. Sets the days of the re-check."""

    outcome: Outcome
    note: str = ""

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        review = review_in_turn(state, "close_commitment")
        if self.outcome is Outcome.FULFILLED and review.quantity < state.terms.quantity:
            raise Refusal("quantity_short", "核验数量未达目标", "less was verified than was promised", field="outcome")
        return [
            CommitmentClosed(
                outcome=self.outcome,
                note=text(self.note, "note", required=False),
                recheck_from=ctx.today + timedelta(days=ctx.rules.recheck_after_days),
                recheck_until=ctx.today + timedelta(days=ctx.rules.recheck_before_days),
                by=ctx.actor.person,
            )
        ]


@command(
    of=Commitment,
    by=(Role.INSPECTOR,),
    not_by=(
        Relation.REPORTER,
        Relation.VERIFIER,
        Relation.CLOSER,
    ),
)
class RecheckCommitment:
    """Looks again (回头看), 30 to 90 days after closing by the rules in force then; by nobody who reported, verified or
    closed it.

    `kept`: archived. Not kept (反弹): the same commitment is reopened with a new `due_on`; its claim is taken again.
    Where a newer open commitment holds one of its claims, that is refused with `conflict`: name it as `successor`,
    with a `ruling`, and this one is archived with a link to it.
    """

    kept: bool
    note: str
    evidence: tuple[Evidence, ...] = ()
    due_on: date | None = None
    successor: CommitmentId | None = None
    ruling: str | None = None

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        self._timely(state, ctx)
        note = text(self.note, "note")
        files = evidence(self.evidence, ctx)
        if self.kept:
            self._without("due_on", "successor", "ruling")
            return [CommitmentArchived(note=note, evidence=files, filed_at=ctx.now)]
        if self.successor is None:
            self._without("ruling")
            return [CommitmentReopened(note=note, evidence=files, filed_at=ctx.now, due_on=self._new_due_on(ctx))]
        self._without("due_on")
        return [
            CommitmentContinued(
                note=note,
                evidence=files,
                filed_at=ctx.now,
                successor=self._holder(self.successor, state, ctx),
                ruling=text(self.ruling or "", "ruling"),
            )
        ]

    def _timely(self, state: Commitment, ctx: Context) -> None:
        review = review_in_turn(state, "recheck_commitment")
        assert review.recheck_from is not None
        assert review.recheck_until is not None
        if not review.recheck_from <= ctx.today <= review.recheck_until:
            first, last = review.recheck_from.isoformat(), review.recheck_until.isoformat()
            raise Refusal(
                "recheck_window",
                f"回头看须在{first}至{last}之间",
                f"the re-check lies between {first} and {last}",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=tuple(other for other in TURNS[state.stage] if other != "recheck_commitment"),
            )

    def _without(self, *fields: str) -> None:
        for field in fields:
            if getattr(self, field) is not None:
                raise Refusal("not_applicable", "本结论不填此项", "does not go with this finding", field=field)

    def _new_due_on(self, ctx: Context) -> date:
        if self.due_on is None:
            raise Refusal("due_on_missing", "重新办理须定期限", "a reopened matter needs a due date", field="due_on")
        if self.due_on < ctx.today:
            raise Refusal("not_ahead", "日期不能早于今天", "the date must not lie in the past", field="due_on")
        return within_years(self.due_on, ctx.today, "due_on")

    @staticmethod
    def _holder(successor: CommitmentId, state: Commitment, ctx: Context) -> CommitmentId:
        newer: Commitment = ctx.look(successor)
        claims = {f"{served} {state.responsible}" for served in state.terms.serves}
        if claims.isdisjoint(newer.claims):
            raise Refusal(
                "not_successor",
                "该事项未承接同一目标",
                "that commitment does not hold the same target",
                kind=Kind.CONFLICT,
                field="successor",
            )
        return successor


@command(of=Commitment, by=(Role.DISPATCHER,))
class TerminateCommitment:
    """Ends an open commitment without an outcome (终止), in writing. `told_on` is the day the beneficiary was told,
    needed where there is one; how they were told is sealed (`told_note`)."""

    ground: str
    told_on: date | None = None
    told_note: str | None = None

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "terminate_commitment", TURNS)
        if self.told_on is None:
            if state.terms.beneficiary is not None:
                raise Refusal("not_told", "须告知受益人", "the beneficiary must be told", field="told_on")
        else:
            happened_on(self.told_on, "told_on", ctx)
        return [
            CommitmentTerminated(
                ground=text(self.ground, "ground"),
                told_on=self.told_on,
                told_note=resident_words(self.told_note, "told_note", state, ctx),
            )
        ]
