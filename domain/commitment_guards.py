"""Checks that several decisions about a commitment share."""

from datetime import date

from domain.actor import Role
from domain.command import Context
from domain.commitment import TURNS, Asked, Commitment, Review
from domain.commitment_terms import Answer
from domain.guards import in_turn
from domain.ids import PersonId
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.text import text
from domain.two_hands import Related, Relation, related

UNIT = (Role.UNIT_OFFICER, Role.UNIT_HEAD)
MAX_YEARS = 10


@related(of=Commitment)
def _related(state: Commitment) -> Related:
    review = state.review
    return {
        Relation.PROPOSER: (state.terms.proposed_by,),
        Relation.RETURN_ASKER: _who(state.return_asked),
        Relation.EXTENSION_ASKER: _who(state.extension_asked),
        Relation.DEFERRAL_PROPOSER: _who(state.deferral_asked),
        Relation.REPORTER: () if review is None else (review.reported_by,),
        # Where the beneficiary says it is solved, nothing rests on what the checker saw.
        Relation.CHECKER: () if review is None or review.answer is Answer.SOLVED else (review.checked_by,),
        Relation.VERIFIER: () if review is None else (review.verified_by,),
        Relation.PUBLISHER: state.worded_by,
        Relation.CLOSER: () if review is None else (review.closed_by,),
        Relation.HANDLING_UNIT: (state.responsible, *state.supporting),
    }


def _who(question: Asked | None) -> tuple[PersonId, ...]:
    return () if question is None else (question.by,)


def barred(state: Commitment, name: str, rule: str, zh: str, en: str) -> Refusal:
    """The stage would take the command, but something else that happened forbids it; says what is left."""
    return Refusal(
        rule,
        zh,
        en,
        kind=Kind.OUT_OF_TURN,
        state=state.stage.value,
        allowed=tuple(other for other in TURNS[state.stage] if other != name),
    )


def within_years(day: date, start: date, field: str) -> date:
    """At most ten years after `start`, to the day."""
    if (day.year - start.year, day.month, day.day) > (MAX_YEARS, start.month, start.day):
        raise Refusal("term_too_long", "期限不能超过十年", "a term is at most ten years", field=field)
    return day


def asked(question: Asked | None, state: Commitment, name: str) -> Asked:
    """The question that waits for the ruling `name`."""
    if question is None:
        raise barred(state, name, "nothing_asked", "没有待裁定的申请", "nothing waits for a ruling")
    return question


def unasked(question: Asked | None, state: Commitment, name: str) -> None:
    """Refuses to ask again while the first question waits."""
    if question is not None:
        raise barred(state, name, "asked_already", "已有申请待裁定", "a ruling is still awaited")


def review_in_turn(state: Commitment, name: str) -> Review:
    """The review under way, in the stages that have one."""
    in_turn(state.stage, name, TURNS)
    assert state.review is not None
    return state.review


def resident_words(words: str | None, field: str, state: Commitment, ctx: Context) -> Sealed[str] | None:
    """Words by or about a resident, sealed under the beneficiary's key, or the matter's own where there is none."""
    if words is None:
        return None
    return Sealed(state.terms.beneficiary or ctx.stream, text(words, field))
