"""Casting a ballot, and reading how a round stands. A ballot is no command: it names no person, needs no key and is in
no event until the box is closed.

Nothing about a ballot is logged here, its code stands in the body and never in an address, and the answer is the same
for every ballot taken. What a retry gets: a code that has voted is answered `code_used`, whatever ballot came with it,
for the box does not know which ballot was whose.
"""

import dataclasses
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.access import Access
from api.answering import Answering, Asked, Moment, answer, moment_of
from api.commands import body_of
from api.json_body import described, read
from api.persons import state_of
from api.problems import Problem
from domain.appraisal import Appraisal, AppraisalStage
from domain.appraisal_form import Choice, Grade, ballot
from domain.ballots import code_hash
from ledger.ballot_box import Cast
from ledger.ballot_boxes import Boxes
from ledger.codec import key_of
from ledger.contract import Reader
from ledger.streams import is_name
from projections.appraisals import AppraisalRound, appraisal_at

ANSWERS: JsonDict = {"010cf1a2-55c0-7001-8001-000000000001": {"satisfaction": "satisfied", "review": "satisfied"}}


class Ballot(BaseModel):
    """A one-time code and answers by unit and question; a question may be left out."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"example": {"code": "EXAM-PLE1-0000-0001", "answers": ANSWERS}},
    )

    code: Annotated[str, Field(min_length=1, max_length=64)]
    answers: dict[str, dict[str, str]]


class BallotTaken(BaseModel):
    """It is in the box, durably, once you read this."""

    taken: Literal[True] = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppraisalAnswer(Moment):
    appraisal: AppraisalRound
    version: int
    """For If-Match."""


def cast(reader: Reader, boxes: Boxes, round_: str, given: Ballot) -> None:
    """Raises Refusal or Problem; on return the ballot is durable. Blocking."""
    state = state_of(reader, key_of(round_)) if is_name(round_) else None
    if not isinstance(state, Appraisal):
        raise Problem("unknown_appraisal", "没有这轮评议", "there is no such round", status=404)
    if state.stage is not AppraisalStage.VOTING:
        raise _closed()
    letters = ballot(state.questions, given.answers)
    match boxes.cast(round_, state.lists, code_hash(given.code), letters):
        case Cast.CLOSED:
            raise _closed()
        case Cast.USED:
            raise Problem(
                "code_used",
                "该码已投过票，选票已在票箱中；本次提交未作任何更改",
                "this code has voted, and its ballot is in the box; nothing was changed now",
                status=409,
                field="code",
            )
        case Cast.UNKNOWN:
            raise Problem("code_unknown", "没有这个一次性码", "there is no such code", status=404, field="code")


def _closed() -> Problem:
    return Problem("voting_closed", "现在不在投票期间", "voting is not open", status=409)


def router(answering: Answering, access: Access, reader: Reader, boxes: Boxes) -> APIRouter:
    made = APIRouter(tags=["群众评议 Appraisals"])

    @made.post(
        "/v1/appraisals/{id}/ballots",
        operation_id="cast_ballot",
        summary="投票 Cast a ballot",
        description=(
            "凭一次性码投一票，不需要接入密钥。One ballot for a one-time code; no API key.\n\n"
            f"satisfaction: {', '.join(Grade)}; review: {', '.join(Choice)}. 重复提交得到 `code_used`。"
            " A retry is answered `code_used`: the ballot that came first is in the box."
        ),
        status_code=201,
        openapi_extra={**described(Ballot), "security": []},
    )
    async def cast_ballot(request: Request, response: Response, id: str) -> BallotTaken:  # noqa: A002
        given = read(Ballot, await body_of(request.receive))
        await run_in_threadpool(cast, reader, boxes, id, given)
        response.headers["Cache-Control"] = "no-store"
        return BallotTaken()

    @made.get(
        "/v1/appraisals/{id}",
        operation_id="get_appraisal",
        summary="一轮评议 One round of appraisal",
        response_class=Response,
        responses={200: {"model": AppraisalAnswer}},
        dependencies=[Depends(access)],
    )
    def get_appraisal(request: Request, id: str, asked: Annotated[Asked, Query()]) -> Response:  # noqa: A002
        at = answering.moment(asked)
        names = answering.views.names(at, "unit")
        rules = answering.views.editions(at).at(at.on)
        found, version = appraisal_at(reader, id, at, lambda unit: names[unit].title if unit in names else unit, rules)
        return answer(request, at, {**moment_of(at), "appraisal": found, "version": version}, version)

    return made
