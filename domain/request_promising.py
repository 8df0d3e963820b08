"""A request whose answer takes longer than an answer may: a commitment is promised instead (诉求转承诺)."""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import OPEN, Commitment, Stage
from domain.guards import in_turn
from domain.ids import CommitmentId
from domain.refusal import Kind, Refusal
from domain.request import TURNS, Request
from domain.request_events import RequestEvent, RequestPromised
from domain.sealed import Sealed
from domain.text import text
from domain.two_hands import Relation


@command(of=Request, by=(Role.SUPERVISOR, Role.DISPATCHER), not_by=(Relation.HANDLING_UNIT,))
class PromiseRequest:
    """The request follows a commitment promised in answer to it: one that names the request, is registered and still
    open. The unit answers when the commitment has ended; until then the clock of the answer is the commitment's due
    date. Not by the unit that handles it, whose clock this is. `reply` (sealed) is what the person is told."""

    commitment: CommitmentId
    reply: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "promise_request", TURNS)
        promised: Commitment = ctx.look(self.commitment)
        if ctx.stream not in promised.answers:
            raise Refusal(
                "promise_of_another",
                "该承诺不是为答复此诉求提出的",
                "that commitment is not promised in answer to this request",
                field="commitment",
            )
        if promised.stage not in OPEN or promised.stage is Stage.PROPOSED:
            raise Refusal(
                "promise_not_open",
                "该承诺尚未立项，或已结束",
                "that commitment is not registered yet, or has ended",
                kind=Kind.CONFLICT,
                field="commitment",
                state=promised.stage.value,
            )
        return [
            RequestPromised(
                commitment=self.commitment,
                due_on=promised.due_on,
                reply=Sealed(state.partner or ctx.stream, text(self.reply, "reply")),
                by=ctx.actor.person,
            )
        ]
