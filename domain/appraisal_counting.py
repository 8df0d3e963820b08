"""From the vote on: the box is closed and its ballots entered, counted, published; a unit may object.

Nothing is counted before the close, for the ballots are in no event until then. Who counts does not publish, and who
counted or published does not decide on an objection.
"""

import hashlib
from collections.abc import Iterator

from domain.actor import Role
from domain.appraisal import TURNS, Appraisal
from domain.appraisal_draw import Frame
from domain.appraisal_events import (
    AppraisalAbandoned,
    AppraisalClosed,
    AppraisalEvent,
    AppraisalObjectionDecided,
    AppraisalObjectionRaised,
    AppraisalPublished,
    AppraisalTallied,
    Votes,
)
from domain.appraisal_tally import result
from domain.ballots import CloseBox, Contents, WithBox
from domain.command import Context, command
from domain.deadline import in_working_days
from domain.guards import in_turn, own_unit
from domain.ids import UnitId
from domain.public_text import public_words
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.two_hands import Relation


def ballot_text(state: Appraisal, found: Contents) -> str:
    """What is sealed of a box at its close: its blind, then `frame unit form letters`, one line each."""

    def lines() -> Iterator[str]:
        yield found.blind
        for frame in Frame:
            for question, letters in zip(state.questions, found.columns.get(frame, ()), strict=False):
                yield f"{frame.value} {question.unit} {question.form.value} {letters}"

    return "".join(f"{one}\n" for one in lines())


def _digest(ballots: str) -> str:
    return hashlib.sha256(ballots.encode()).hexdigest()


def _others(state: Appraisal, name: str) -> tuple[str, ...]:
    """What else may be asked in this stage."""
    return tuple(other for other in TURNS[state.stage] if other != name)


@command(of=Appraisal, by=(Role.SUPERVISOR, Role.LEADER))
class CloseVoting:
    """Closes the box and enters its ballots, question by question in the order of the letters, sealed. Not before the
    end of the last day of the vote."""

    def decide(self, state: Appraisal, ctx: Context) -> WithBox:
        in_turn(state.stage, "close_voting", TURNS)
        assert state.voting is not None
        if ctx.today <= state.voting.until:
            raise Refusal(
                "voting_runs",
                f"投票至{state.voting.until.isoformat()}结束，此后方可封箱",
                f"voting runs to the end of {state.voting.until.isoformat()}",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=_others(state, "close_voting"),
            )
        found = ctx.boxes.read(ctx.stream, state.lists)
        if found.cast.keys() != state.lists.keys():
            # It was lost, and the votes with it.
            raise Refusal(
                "ballot_box_lost",
                "票箱中没有本轮制发的一次性码，不能当作无人投票",
                "the box does not hold the codes of this round; that is not the same as no votes",
                kind=Kind.CONFLICT,
                state=state.stage.value,
                allowed=("abandon_appraisal",),
            )
        ballots = ballot_text(state, found)
        least = ctx.rules.appraisal_min_cell
        closed = AppraisalClosed(
            votes=tuple(
                Votes(frame=frame, ballots=None if found.cast[frame] < least else found.cast[frame]) for frame in Frame
            ),
            ballots=Sealed(ctx.stream, ballots),
            digest=_digest(ballots),
            by=ctx.actor.person,
        )
        return WithBox([closed], CloseBox(ctx.stream, state.lists, found))


@command(of=Appraisal, by=(Role.SUPERVISOR,))
class TallyAppraisal:
    """Counts the ballots that were entered at the close. There is nothing to choose: the result follows from them."""

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "tally_appraisal", TURNS)
        assert state.closed is not None
        found = ctx.boxes.read(ctx.stream, state.lists)
        if _digest(ballot_text(state, found)) != state.closed.digest:
            raise Refusal(
                "ballots_changed",
                "票箱内容与封箱时入账的选票不一致",
                "what is in the box is not what was entered at the close",
                kind=Kind.CONFLICT,
            )
        return [
            AppraisalTallied(
                results=tuple(
                    result(question, frame, letters, ctx.rules)
                    for frame in Frame
                    for question, letters in zip(
                        state.questions, found.columns.get(frame) or ("",) * len(state.questions), strict=True
                    )
                ),
                edition=ctx.rules.version,
                by=ctx.actor.person,
            )
        ]


@command(of=Appraisal, by=(Role.LEADER, Role.SUPERVISOR), not_by=(Relation.TALLIER,))
class PublishAppraisal:
    """Publishes the result; not by who counted. From then on a unit may object."""

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "publish_appraisal", TURNS)
        days = ctx.rules.appraisal_objection_working_days
        return [
            AppraisalPublished(
                object_by=in_working_days(ctx, "appraisal_objection_working_days", days), by=ctx.actor.person
            )
        ]


@command(of=Appraisal, by=(Role.UNIT_HEAD,))
class ObjectToAppraisal:
    """An appraised unit objects to its published result, once and in time, and says why."""

    unit: UnitId
    ground: str

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        own_unit(self.unit, ctx, field="unit")
        in_turn(state.stage, "object_to_appraisal", TURNS)
        if self.unit not in state.units:
            raise Refusal("unit_not_appraised", "该单位不在本次评议之列", "this unit is not appraised", field="unit")
        if self.unit in state.objections:
            raise Refusal("objected_already", "已提出过异议", "this unit has objected already", kind=Kind.CONFLICT)
        assert state.object_until is not None
        if ctx.now >= state.object_until:
            raise Refusal(
                "objection_late",
                "异议期限已过",
                "the time for objections is over",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=_others(state, "object_to_appraisal"),
            )
        return [
            AppraisalObjectionRaised(unit=self.unit, ground=public_words(self.ground, "ground"), by=ctx.actor.person)
        ]


@command(of=Appraisal, by=(Role.LEADER, Role.SUPERVISOR), not_by=(Relation.TALLIER, Relation.PUBLISHER))
class DecideObjection:
    """Upholds or dismisses a unit's objection; not by who counted or published. Upheld, the result is set aside."""

    unit: UnitId
    upheld: bool
    reason: str

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "decide_objection", TURNS)
        if state.objections.get(self.unit, True) is not None:
            raise Refusal(
                "no_objection",
                "没有待决定的异议",
                "there is no open objection",
                kind=Kind.OUT_OF_TURN,
                field="unit",
                state=state.stage.value,
                allowed=_others(state, "decide_objection"),
            )
        return [
            AppraisalObjectionDecided(
                unit=self.unit, upheld=self.upheld, reason=public_words(self.reason, "reason"), by=ctx.actor.person
            )
        ]


@command(of=Appraisal, by=(Role.LEADER,))
class AbandonAppraisal:
    """Ends a round that can't be brought to a result; its units may be appraised in another one."""

    reason: str

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "abandon_appraisal", TURNS)
        return [AppraisalAbandoned(reason=public_words(self.reason, "reason"), by=ctx.actor.person)]
