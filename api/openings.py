"""Opening sealed fields. Every request is in the access log, with its outcome, before anything is answered."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.access_log import AccessLog, Entry
from api.commands import body_of
from api.events import LARGEST
from api.headers import authorization_of
from api.json_body import described, read
from api.keys import Keys, Scope
from api.persons import acting, state_of, written
from api.problems import Problem
from domain.actor import Role
from domain.confidence import WITHHELD, exists_for, withheld_from_units
from domain.ids import PersonId
from domain.person import Person
from domain.refusal import Kind, Refusal
from domain.text import line
from ledger.codec import decode, name_of
from ledger.contract import Reader, Row, SealedRow
from ledger.keys import Keys as SubjectKeys
from ledger.sealing import ERASED, open_event
from ledger.streams import is_name

MOST_POSITIONS = 200
ACROSS_UNITS = frozenset({Role.SUPERVISOR, Role.INSPECTOR, Role.CALLER})
"""They answer for matters of every unit: supervising, inspecting, calling back."""
WITHIN_UNIT = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})


class OpeningRequest(BaseModel):
    """What to open and why. The reason goes to the access log."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"example": {"positions": [9], "reason": "核实来电反映的情况"}},
    )

    positions: Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(min_length=1, max_length=MOST_POSITIONS)]
    reason: str


class OpenedField(BaseModel):
    """One sealed field, opened."""

    position: int
    path: str
    """Its place in the event's data."""
    subject: str
    commitment: str
    value: Any
    """已删除 when it was erased."""
    r: str | None
    """The blinding, hex: with it the commitment can be checked without us."""
    erased: bool


class OpeningAnswer(BaseModel):
    opened: list[OpenedField]
    logged: str
    """Hash of the entry in the access log."""


class Openings:
    """Blocking; for the thread pool."""

    def __init__(self, reader: Reader, keys: SubjectKeys, log: AccessLog) -> None:
        self._reader = reader
        self._keys = keys
        self._log = log

    def open(self, client: str, person: str | None, body: bytes) -> OpeningAnswer:
        """Raises Refusal or Problem, which is logged as well if the request names a person or an event."""
        reason, positions = "", named_in(body)
        try:
            asked = read(OpeningRequest, body)
            reason = line(asked.reason, "reason")
            who = acting(self._reader, person)
            rows = self._permitted(who, PersonId(person or ""), positions)
        except (Refusal, Problem) as refusal:
            # What is no id may be a name or a phone number.
            named = person if person and is_name(person) else ""
            if named or positions:
                self._log.write(Entry(client, named, reason, positions, refusal.rule))
            raise
        logged = self._log.write(Entry(client, person or "", reason, positions, "opened"))
        boxes = self._reader.sealed(positions)
        within_unit = not who.roles & ACROSS_UNITS
        opened = [field for row in rows for field in self._opened(row, boxes, within_unit=within_unit)]
        return OpeningAnswer(opened=opened, logged=logged)

    def _permitted(self, person: Person, name: PersonId, positions: tuple[int, ...]) -> list[Row]:
        rows = []
        for position in positions:
            found = self._reader.read(position - 1, 1, upto=position)
            if not found or not self._exists(found[0], name):
                raise Problem("unknown_event", "没有这个位置的事件", "there is no event at that position", status=404)
            rows += found
        if not person.roles & ACROSS_UNITS:
            # Of a confidential matter its handlers see all.
            for stream in {row.stream for row in rows if row.name not in WITHHELD}:
                self._check_unit(person, state_of(self._reader, stream))
        return rows

    def _exists(self, row: Row, person: PersonId) -> bool:
        return row.name not in WITHHELD or exists_for(
            state_of(self._reader, row.stream), name_of(row.stream), person, partial(written, self._reader)
        )

    def _check_unit(self, person: Person, state: Any) -> None:
        if not person.roles & WITHIN_UNIT:
            raise Refusal(
                "role_not_allowed",
                "您的角色不能查看密封内容",
                "your role may not open sealed fields",
                kind=Kind.FORBIDDEN,
                allowed=tuple(sorted(ACROSS_UNITS | WITHIN_UNIT)),
            )
        unit = getattr(state, "responsible", None) or getattr(state, "unit", None)
        if unit is None or unit != person.unit:
            raise Refusal(
                "other_unit",
                "只能查看本单位事项的密封内容",
                "only sealed fields of the own unit's matters may be opened",
                kind=Kind.FORBIDDEN,
            )

    def _opened(self, row: Row, boxes: Sequence[SealedRow], *, within_unit: bool) -> Iterator[OpenedField]:
        event = decode(row).event
        for path, (field, value, r) in open_event(row.position, event, boxes, self._keys).items():
            if within_unit and withheld_from_units(event, path):
                continue
            yield OpenedField(
                position=row.position,
                path=path,
                subject=field.subject,
                commitment=field.commitment,
                value=str(value) if value is ERASED else value,
                r=None if r is None else r.hex(),
                erased=value is ERASED,
            )


def named_in(body: bytes) -> tuple[int, ...]:
    """The positions that a request names, whatever else is wrong with it."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    positions = told.get("positions") if isinstance(told, dict) else None
    found = {one for one in positions if type(one) is int and 0 < one <= LARGEST} if isinstance(positions, list) else ()
    return tuple(sorted(found)[:MOST_POSITIONS])


def router(openings: Openings, keys: Keys) -> APIRouter:
    made = APIRouter(tags=["密封内容 Sealed fields"])

    @made.post(
        "/v1/openings",
        operation_id="open_sealed_fields",
        summary="查看密封内容 Open sealed fields",
        description="每次查看都记入访问日志（何人、何故、何时、何事）。Each request is logged: who, why, when, which.",
        openapi_extra=described(OpeningRequest),
    )
    async def open_sealed_fields(
        request: Request, luoshi_person: Annotated[str | None, Header()] = None
    ) -> OpeningAnswer:
        holder = await keys.holder(authorization_of(request.scope["headers"]), Scope.OPEN)
        body = await body_of(request.receive)
        return await run_in_threadpool(openings.open, holder.client, luoshi_person, body)

    return made
