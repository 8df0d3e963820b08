"""API keys, made and revoked by a system administrator. A secret is shown once and kept by nobody but its owner."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.commands import body_of
from api.headers import authorization_of
from api.json_body import described, read
from api.keys import Keys, Scope, new_key
from api.persons import acting, holding
from api.problems import Problem
from domain.actor import Role
from ledger.contract import ApiKeyRow, Store


class KeyRequest(BaseModel):
    """A key for a program. With `read` it sees the whole ledger, every position. Without, it is the key of a unit's
    program and sees none, so that no confidential matter can be counted; to query all the same it needs `unit`. A
    client is one or the other."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"client": "hotline-gateway", "scopes": ["command", "read"]}}
    )

    client: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_at: AwareDatetime | None = None
    """Real time; None for a key that does not expire."""


class KeyDescription(BaseModel):
    id: str
    client: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKey(KeyDescription):
    key: str
    """Shown once: `Authorization: Bearer <key>`."""


class KeyList(BaseModel):
    keys: list[KeyDescription]


def _at(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1e6, UTC)


def _described(row: ApiKeyRow) -> KeyDescription:
    created = _at(row.created)
    assert created is not None
    return KeyDescription(
        id=row.id,
        client=row.client,
        scopes=sorted(row.scopes),
        created_at=created,
        expires_at=_at(row.expires),
        revoked_at=_at(row.revoked),
    )


def _one_or_the_other(asked: KeyRequest, rows: Sequence[ApiKeyRow], now: int) -> None:
    """Raises Problem: what one key of a client may not see, another of it would show."""
    reads = Scope.READ in asked.scopes
    if reads and Scope.UNIT in asked.scopes:
        raise Problem(
            "read_or_unit",
            "read 查询整个台账，unit 查询时看不到台账位置，只能选一项",
            "read shows the whole ledger, unit without any position; choose one",
            status=422,
            field="scopes",
        )
    held = {Scope.READ in row.scopes for row in rows if row.client == asked.client and _good(row, now)}
    if reads and False in held:
        raise Problem(
            "client_of_unit",
            "该接入系统已有责任单位的密钥，不得再发查询整个台账的密钥",
            "this client has a key of a unit's program; it may not read the whole ledger",
            status=409,
            field="scopes",
        )
    if not reads and True in held:
        raise Problem(
            "client_reads_all",
            "该接入系统已有查询整个台账的密钥，须先撤销",
            "this client has a key that reads the whole ledger; revoke it first",
            status=409,
            field="scopes",
        )


def _good(row: ApiKeyRow, now: int) -> bool:
    return row.revoked is None and (row.expires is None or row.expires > now)


def router(store: Store, keys: Keys) -> APIRouter:
    made = APIRouter(tags=["接入密钥 API keys"])

    async def administrator(request: Request, person: str | None) -> None:
        await keys.holder(authorization_of(request.scope["headers"]), Scope.ADMIN)
        holding(await run_in_threadpool(acting, store, person), Role.SYSTEM_ADMIN)

    @made.post(
        "/v1/keys",
        operation_id="create_key",
        summary="新建密钥 Create a key",
        status_code=201,
        openapi_extra=described(KeyRequest),
    )
    async def create(request: Request, luoshi_person: Annotated[str | None, Header()] = None) -> NewKey:
        await administrator(request, luoshi_person)
        asked = read(KeyRequest, await body_of(request.receive))
        now = time.time_ns() // 1000
        expires = None if asked.expires_at is None else int(asked.expires_at.timestamp() * 1e6)
        if expires is not None and expires <= now:
            raise Problem(
                "expires_in_past", "有效期已过", "it would have expired already", status=422, field="expires_at"
            )
        _one_or_the_other(asked, await run_in_threadpool(store.api_keys), now)
        key, row = new_key(asked.client, tuple(sorted(set(asked.scopes))), now, expires)
        await run_in_threadpool(store.add_api_key, row)
        return NewKey(key=key, **_described(row).model_dump())

    @made.get("/v1/keys", operation_id="list_keys", summary="密钥清单 List keys")
    async def list_keys(request: Request, luoshi_person: Annotated[str | None, Header()] = None) -> KeyList:
        await administrator(request, luoshi_person)
        return KeyList(keys=[_described(row) for row in await run_in_threadpool(store.api_keys)])

    @made.post("/v1/keys/{id}/revocation", operation_id="revoke_key", summary="撤销密钥 Revoke a key")
    async def revoke(
        request: Request,
        id: str,  # noqa: A002 - the name in the path
        luoshi_person: Annotated[str | None, Header()] = None,
    ) -> KeyDescription:
        await administrator(request, luoshi_person)
        await run_in_threadpool(store.revoke_api_key, id, time.time_ns() // 1000)
        row = await run_in_threadpool(store.api_key, id)
        if row is None:
            raise Problem("unknown_key", "没有这个密钥", "there is no such key", status=404)
        keys.forget()
        return _described(row)

    return made
