"""What comes of a request: answer (答复), call back (回访), check, redo (重办), close (办结)."""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import ENDED
from domain.commitment_terms import Answer, Finding, Means
from domain.guards import in_turn
from domain.refusal import Kind, Refusal
from domain.request import TURNS, Reply, Request, RequestStage
from domain.request_dispatch import UNIT, answer_by, barred
from domain.request_events import (
    EscalationGround,
    Protection,
    RequestAnswered,
    RequestCalledBack,
    RequestChecked,
    RequestClosed,
    RequestEscalated,
    RequestEvent,
    RequestRedoOrdered,
    Resolution,
)
from domain.rule_book import quoted
from domain.sealed import Sealed
from domain.text import text
from domain.two_hands import Relation

APART = (Relation.REPORTER, Relation.HANDLING_UNIT)


def _replied(state: Request, name: str) -> Reply:
    in_turn(state.stage, name, TURNS)
    assert state.reply is not None
    return state.reply


def _sealed(state: Request, words: str, field: str, ctx: Context) -> Sealed[str]:
    return Sealed(state.partner or ctx.stream, text(words, field))


@command(of=Request, by=UNIT, own_unit=True)
class AnswerRequest:
    """The unit answers: what it did (`note`, official wording without personal data) and what the person is told
    (`reply`, sealed). Where a commitment was promised instead, once that has ended."""

    resolution: Resolution
    note: str
    reply: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "answer_request", TURNS)
        if state.commitment is not None and ctx.look(state.commitment).stage not in ENDED:
            raise barred(
                state,
                "answer_request",
                "promise_running",
                "所转承诺尚未销号或终止",
                "the commitment promised in answer to it has not ended",
            )
        assert state.responsible is not None
        return [
            RequestAnswered(
                unit=state.responsible,
                resolution=self.resolution,
                note=text(self.note, "note"),
                reply=_sealed(state, self.reply, "reply", ctx),
                through=None,
                by=ctx.actor.person,
            )
        ]


@command(of=Request, by=(Role.DISPATCHER, Role.SUPERVISOR))
class AnswerLinkedRequest:
    """Passes the answer of the main request on to the person behind a linked one, once there is an answer."""

    note: str
    reply: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "answer_linked_request", TURNS)
        assert state.main is not None
        main: Request = ctx.look(state.main)
        if main.stage not in {RequestStage.ANSWERED, RequestStage.CLOSED}:
            raise barred(
                state, "answer_linked_request", "main_unanswered", "主件尚未答复", "the main request has no answer yet"
            )
        assert main.reply is not None
        assert main.responsible is not None
        return [
            RequestAnswered(
                unit=main.responsible,
                resolution=main.reply.resolution,
                note=text(self.note, "note"),
                reply=_sealed(state, self.reply, "reply", ctx),
                through=state.main,
                by=ctx.actor.person,
            )
        ]


@command(of=Request, by=(Role.CALLER, Role.SUPERVISOR), not_by=APART)
class CallBackRequest:
    """One attempt to ask the person (回访); never by the unit that handles it nor by who answered. `solved` and
    `unsolved` are final for this answer. `words` is sealed."""

    answer: Answer
    words: str | None = None

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        name = "call_back_request"
        reply = _replied(state, name)
        if state.protection is Protection.ANONYMOUS:
            raise barred(state, name, "anonymous", "匿名诉求无法回访", "nobody can be called back")
        if reply.answered:
            raise barred(state, name, "answered_already", "本次答复已有回访结果", "the person has answered")
        return [
            RequestCalledBack(
                attempt=reply.attempts + 1,
                answer=self.answer,
                words=None if self.words is None else _sealed(state, self.words, "words", ctx),
                by=ctx.actor.person,
            )
        ]


@command(of=Request, by=(Role.SUPERVISOR,), not_by=APART)
class CheckRequest:
    """A second person looks for themselves, where the request is anonymous or three call-backs reached nobody. Once an
    answer."""

    finding: Finding
    note: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        name = "check_request"
        reply = _replied(state, name)
        if reply.answered:
            raise barred(state, name, "answered_already", "本次答复已有回访结果", "the person has answered")
        if reply.finding is not None:
            raise barred(state, name, "checked_already", "本次答复已核查", "it has been checked")
        if state.protection is not Protection.ANONYMOUS and reply.attempts < ctx.rules.call_back_attempts:
            zh, en = quoted(ctx.rules, "call_back_attempts")
            raise barred(
                state,
                name,
                "call_back_first",
                f"须先回访{ctx.rules.call_back_attempts}次{zh}",
                f"the person must be called {ctx.rules.call_back_attempts} times first{en}",
            )
        return [RequestChecked(finding=self.finding, note=text(self.note, "note"), by=ctx.actor.person)]


@command(of=Request, by=(Role.SUPERVISOR,), not_by=APART)
class RedoRequest:
    """Sends it back to the unit (重办), with reasons. The third redo escalates."""

    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        _replied(state, "redo_request")
        redo = state.redos + 1
        events: list[RequestEvent] = [
            RequestRedoOrdered(
                redo=redo,
                reason=text(self.reason, "reason"),
                answer_by=answer_by(state.kind, ctx),
                by=ctx.actor.person,
            )
        ]
        if redo >= ctx.rules.redo_escalates_at and not state.escalated:
            events.append(RequestEscalated(ground=EscalationGround.REDO, count=redo))
        return events


@command(of=Request, by=(Role.SUPERVISOR,), not_by=(*APART, Relation.CHECKER))
class CloseRequest:
    """Closes it (办结); not by who answered, checked, or belongs to the unit. What the unit says is solved needs the
    person, or a check, to say so too; what was explained or is not possible needs that they were asked, or checked."""

    note: str = ""

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        reply = _replied(state, "close_request")
        assert state.responsible is not None
        if not reply.answered and reply.finding is None:
            raise barred(
                state, "close_request", "not_asked", "尚未回访或核查", "nobody has asked the person or checked"
            )
        confirmed = reply.answer is Answer.SOLVED or (not reply.answered and reply.finding is Finding.AS_REPORTED)
        if reply.resolution is Resolution.SOLVED and not confirmed:
            raise Refusal(
                "not_confirmed",
                "未经本人或核查确认已解决",
                "neither the person nor a check confirms that it is solved",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=("redo_request", "withdraw_request"),
            )
        return [
            RequestClosed(
                unit=state.responsible,
                resolution=reply.resolution,
                confirmed=confirmed,
                means=Means.ANSWER if reply.answered else Means.SITE_CHECK,
                note=text(self.note, "note", required=False),
                by=ctx.actor.person,
            )
        ]
