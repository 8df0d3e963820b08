"""Confidential matters, for the persons named to handle them. For everybody else they do not exist: another's matter
answers as what never was, and a unit's program is refused before anything is looked at. What was said stays sealed; a
handler opens it as other sealed fields (`/v1/openings`)."""

import dataclasses
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query
from starlette.requests import Request
from starlette.responses import Response

from api.answering import Answering, Asked, AskedPage, Moment, answer, moment_of, next_page
from api.headers import authorization_of
from api.keys import Keys, Scope, not_for_units
from api.persons import acting, holding, state_of, written
from domain.confidence import exists_for
from domain.ids import PersonId
from domain.matter import HANDLERS, MatterRecorded
from domain.refusal import Kind, Refusal
from ledger.contract import Reader
from projections import matters
from projections.answers import HistoryEntry
from projections.asof import AsOf
from projections.cursor import Cursor, query_digest, resumed
from projections.keys import asked_key
from projections.matters import MatterLine
from projections.sentences_matters import sentence
from projections.timelines import Sentences, timeline


@dataclasses.dataclass(frozen=True, kw_only=True)
class MatterList(Moment):
    items: tuple[MatterLine, ...]
    """Those of which the person is a handler now."""
    next: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class MatterAnswer(Moment):
    matter: MatterLine
    version: int
    """For If-Match."""
    entries: tuple[HistoryEntry, ...]


def unknown_matter() -> Refusal:
    return Refusal(
        "unknown_matter",
        "没有这项保密事项",
        "there is no such matter",
        kind=Kind.NOT_FOUND,
        field="id",
    )


SENTENCES: Final[Sentences] = {MatterRecorded: lambda happened, _: sentence(happened)}


class Reading:
    """Who may read confidential matters at all; a FastAPI dependency."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def __call__(self, request: Request) -> None:
        """Raises Problem. A key that opens sealed fields is wanted on a demonstration ledger too."""
        holder = await self._keys.holder(authorization_of(request.scope["headers"]), Scope.OPEN)
        if holder.of_unit:
            raise not_for_units()


ActingPerson = Annotated[str | None, Header(description="经办人编号。The handler who asks.")]


def router(answering: Answering, reader: Reader, keys: Keys) -> APIRouter:
    made = APIRouter(tags=["保密事项 Confidential matters"], dependencies=[Depends(Reading(keys))])

    def mine(at: AsOf, given: str | None) -> list[MatterLine]:
        holding(acting(reader, given), *HANDLERS)
        person = PersonId(given or "")
        found = answering.views.ask(at, lambda connection, _: matters.of_handler(connection, at, person), "matters")
        told = partial(written, reader)
        return [one for one in found if exists_for(state_of(reader, asked_key(one.id)), one.id, person, told)]

    @made.get(
        "/v1/matters",
        operation_id="list_matters",
        summary="我经办的保密事项 Confidential matters I handle",
        response_class=Response,
        responses={200: {"model": MatterList}},
    )
    def list_matters(
        request: Request, asked: Annotated[AskedPage, Query()], luoshi_person: ActingPerson = None
    ) -> Response:
        at = answering.moment(asked)
        found = mine(at, luoshi_person)
        query = query_digest("matters", luoshi_person)
        after = resumed(asked.cursor, at, query)
        start = 0 if after is None else after[0]
        end = start + asked.limit
        more = str(Cursor(at, query, (end, b""))) if end < len(found) else None
        return answer(request, at, {**moment_of(at), "items": found[start:end], "next": next_page(request, more)})

    @made.get(
        "/v1/matters/{id}",
        operation_id="get_matter",
        summary="一项保密事项及办理过程 One confidential matter and its history",
        response_class=Response,
        responses={200: {"model": MatterAnswer}},
    )
    def get_matter(
        request: Request,
        id: str,  # noqa: A002
        asked: Annotated[Asked, Query()],
        luoshi_person: ActingPerson = None,
    ) -> Response:
        at = answering.moment(asked)
        key = asked_key(id)
        line = next((one for one in mine(at, luoshi_person) if asked_key(one.id) == key), None)
        if line is None:
            raise unknown_matter()
        names = answering.views.names(at, "person")
        told = timeline(reader, names, id, at, sentences=SENTENCES, absent=unknown_matter())
        content = {**moment_of(at), "matter": line, "version": told.version, "entries": told.entries}
        return answer(request, at, content, told.version)

    return made
