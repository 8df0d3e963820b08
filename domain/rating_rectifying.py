"""How a bad rating is put right: rectify (整改), call the rater back (回访), redo (重新整改), close (办结)."""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment_terms import Answer, Means
from domain.evidence import Evidence, evidence
from domain.guards import in_turn
from domain.rating import TURNS, Rating, Rectified, barred
from domain.rating_events import (
    RaterCalledBack,
    RatingClosed,
    RatingEscalated,
    RatingEvent,
    RatingRectified,
    RatingRedoOrdered,
)
from domain.rating_intake import rectify_by
from domain.refusal import Kind, Refusal
from domain.request_events import Protection
from domain.sealed import Sealed
from domain.text import text
from domain.two_hands import Relation

APART = (Relation.REPORTER, Relation.RATED_UNIT)


def _claimed(state: Rating, name: str) -> Rectified:
    in_turn(state.stage, name, TURNS)
    assert state.rectified is not None
    return state.rectified


@command(of=Rating, by=(Role.UNIT_OFFICER, Role.UNIT_HEAD), own_unit=True)
class RectifyRating:
    """The rated unit says what it has put right. `note` is official wording without personal data."""

    note: str
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        in_turn(state.stage, "rectify_rating", TURNS)
        return [
            RatingRectified(
                unit=state.responsible,
                note=text(self.note, "note"),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]


@command(of=Rating, by=(Role.CALLER, Role.SUPERVISOR), not_by=APART)
class CallBackRater:
    """One attempt to ask the rater whether it is put right (实名差评回访); never by a person of the rated unit nor by
    who claimed it. `solved` and `unsolved` are final for this claim. `words` is sealed."""

    answer: Answer
    words: str | None = None

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        name = "call_back_rater"
        claim = _claimed(state, name)
        if state.protection is Protection.ANONYMOUS:
            raise barred(state, name, "anonymous", "匿名评价无法回访", "nobody can be called back")
        if claim.answered:
            raise barred(state, name, "answered_already", "本次整改已有回访结果", "the rater has answered")
        return [
            RaterCalledBack(
                attempt=claim.attempts + 1,
                answer=self.answer,
                words=None if self.words is None else Sealed(ctx.stream, text(self.words, "words")),
                by=ctx.actor.person,
            )
        ]


@command(of=Rating, by=(Role.SUPERVISOR,), not_by=APART)
class RedoRating:
    """Sends it back to the unit, which has the limit once more: the rater still rejects it, or a look shows that it is
    not put right. The third redo escalates."""

    reason: str

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        name = "redo_rating"
        if _claimed(state, name).answer is Answer.SOLVED:
            raise barred(state, name, "accepted_already", "评价人已认可整改", "the rater has accepted it")
        redo = state.redos + 1
        events: list[RatingEvent] = [
            RatingRedoOrdered(
                redo=redo, reason=text(self.reason, "reason"), rectify_by=rectify_by(ctx), by=ctx.actor.person
            )
        ]
        if redo >= ctx.rules.redo_escalates_at and not state.escalated:
            events.append(RatingEscalated(redos=redo))
        return events


@command(of=Rating, by=(Role.SUPERVISOR, Role.LEADER), not_by=APART)
class CloseRating:
    """Closes it (办结); not by who claimed it nor by a person of the rated unit. The rater must have accepted; where
    the rating is anonymous or three call-backs reached nobody, whoever closes it has looked and says in `note` what
    they saw. After the escalation a leader may close what the rater still rejects; it then counts as not put right."""

    note: str = ""

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        claim = _claimed(state, "close_rating")
        accepted = claim.answer is not Answer.UNSOLVED
        if not accepted:
            self._still_rejected(state, ctx)
        elif not claim.answered:
            self._unasked(state, claim, ctx)
        return [
            RatingClosed(
                unit=state.responsible,
                accepted=accepted,
                means=Means.ANSWER if claim.answered else Means.SITE_CHECK,
                note=text(self.note, "note", required=claim.answer is not Answer.SOLVED),
                by=ctx.actor.person,
            )
        ]

    @staticmethod
    def _still_rejected(state: Rating, ctx: Context) -> None:
        if not state.escalated:
            raise barred(
                state,
                "close_rating",
                "not_accepted",
                "评价人不认可整改，须重新整改",
                "the rater rejects it; it is to be redone",
            )
        if Role.LEADER not in ctx.actor.roles:
            raise Refusal(
                "leader_decides",
                "已提级督办而评价人仍不认可，须由分管领导办结",
                "escalated and still rejected: a leader closes it",
                kind=Kind.FORBIDDEN,
                allowed=(Role.LEADER.value,),
            )

    @staticmethod
    def _unasked(state: Rating, claim: Rectified, ctx: Context) -> None:
        if state.protection is not Protection.ANONYMOUS and claim.attempts < ctx.rules.call_back_attempts:
            raise barred(
                state,
                "close_rating",
                "call_back_first",
                f"须先回访{ctx.rules.call_back_attempts}次",
                f"the rater must be called {ctx.rules.call_back_attempts} times first",
            )
