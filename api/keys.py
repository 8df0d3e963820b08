"""API keys: `Authorization: Bearer ls_<id>_<secret>`. A key names a program (client) and what it may do (scopes).

Only the SHA-256 of the secret is kept; a secret has 256 random bits, so a slow hash would add nothing. Expiry goes by
real time, even on a demonstration ledger. A revoked key is refused at the latest `FRESH_SECONDS` later.
"""

import hashlib
import hmac
import secrets
import time
from enum import StrEnum
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from api.problems import Problem
from ledger.contract import ApiKeyRow, Reader

PREFIX = "ls"
FRESH_SECONDS = 3.0
CACHED_KEYS = 10_000
NOBODY = bytes(32)
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="luoshi"'}


class Scope(StrEnum):
    """What a key may be used for. Roles of the person it speaks for are checked besides, by the writer."""

    COMMAND = "command"  # 提交命令
    READ = "read"  # 查询
    UNIT = "unit"  # 责任单位查询
    EVIDENCE = "evidence"  # 存取佐证材料
    OPEN = "open"  # 查看密封内容
    ADMIN = "admin"  # 管理密钥


class Holder(NamedTuple):
    """What a valid key stands for."""

    client: str
    scopes: frozenset[str]

    @property
    def of_unit(self) -> bool:
        """A key without the scope `read` is that of a unit's program: whatever it may do, it never sees the ledger
        itself (`api/veil.py`)."""
        return Scope.READ not in self.scopes

    @property
    def commands_at_large(self) -> bool:
        """Whether it may use the doors whose answers name positions."""
        return Scope.COMMAND in self.scopes and not self.of_unit


class _Seen(NamedTuple):
    holder: Holder
    good_until: float  # time.monotonic()


def new_key(client: str, scopes: tuple[str, ...], now: int, expires: int | None = None) -> tuple[str, ApiKeyRow]:
    """The key to hand over once, and the row to keep. Times in µs since 1970, UTC, real time."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = ApiKeyRow(key_id, hashlib.sha256(secret.encode()).digest(), client, scopes, now, expires, None)
    return f"{PREFIX}_{key_id}_{secret}", row


def not_for_units() -> Problem:
    return Problem(
        "not_for_units",
        "没有查询权限（read）的密钥是责任单位的密钥，不能使用此地址",
        "a key without the scope read is that of a unit and may not use this address",
        status=403,
    )


class Keys:
    """Checks keys against the ledger's database, remembering good ones for a few seconds."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._seen: dict[bytes, _Seen] = {}

    def known(self, authorization: bytes) -> Holder | None:
        """The holder, when this very header was found good a moment ago. Never blocks."""
        seen = self._seen.get(hashlib.sha256(authorization).digest())
        return seen.holder if seen is not None and seen.good_until > time.monotonic() else None

    async def holder(self, authorization: bytes | None, scope: Scope) -> Holder:
        """Raises Problem: 401 without a good key, 403 when the key lacks the scope."""
        if not authorization:
            raise Problem("key_missing", "缺少接入密钥", "an API key is required", status=401, headers=CHALLENGE)
        found = self.known(authorization)
        if found is None:
            found = await run_in_threadpool(self._look_up, authorization)
        # What a unit reads goes through the veil.
        if scope not in found.scopes and not (scope is Scope.READ and Scope.UNIT in found.scopes):
            raise Problem(
                "scope_missing",
                "该密钥没有此项权限",
                "this key lacks the scope",
                status=403,
                allowed=tuple(sorted(found.scopes)),
            )
        return found

    async def unit_holder(self, authorization: bytes | None) -> Holder | None:
        """The holder, if this is the good key of a unit's program. What is wrong with another is told where it is
        used."""
        if not authorization:
            return None
        found = self.known(authorization)
        try:
            if found is None:
                found = await run_in_threadpool(self._look_up, authorization)
        except Problem:
            return None
        return found if found.of_unit else None

    async def at_large(self, authorization: bytes | None) -> Holder:
        """The holder of a key for commands that is not a unit's. Raises Problem."""
        found = await self.holder(authorization, Scope.COMMAND)
        if found.of_unit:
            raise not_for_units()
        return found

    def forget(self) -> None:
        """Looks every key up again; for the process in which one was revoked."""
        self._seen.clear()

    def _look_up(self, authorization: bytes) -> Holder:
        key_id, secret = _parts(authorization)
        row = self._reader.api_key(key_id) if key_id else None
        # Compared even when there is no such key, so that the time taken tells nothing.
        same = hmac.compare_digest(row.hash if row else NOBODY, hashlib.sha256(secret).digest())
        if row is None or not same:
            raise Problem("key_unknown", "接入密钥无效", "the API key is not valid", status=401, headers=CHALLENGE)
        now = time.time_ns() // 1000
        if row.revoked is not None and row.revoked <= now:
            raise Problem("key_revoked", "接入密钥已撤销", "the API key was revoked", status=401, headers=CHALLENGE)
        if row.expires is not None and row.expires <= now:
            raise Problem("key_expired", "接入密钥已过期", "the API key has expired", status=401, headers=CHALLENGE)
        fresh = FRESH_SECONDS if row.expires is None else min(FRESH_SECONDS, (row.expires - now) / 1e6)
        holder = Holder(row.client, frozenset(row.scopes))
        if len(self._seen) >= CACHED_KEYS:
            self._seen.clear()
        self._seen[hashlib.sha256(authorization).digest()] = _Seen(holder, time.monotonic() + fresh)
        return holder


def _parts(authorization: bytes) -> tuple[str, bytes]:
    scheme, _, token = authorization.partition(b" ")
    prefix, _, rest = token.strip().partition(b"_")
    key_id, _, secret = rest.partition(b"_")
    if scheme.lower() != b"bearer" or prefix != PREFIX.encode() or not key_id.isalnum() or not secret:
        return "", b""
    return key_id.decode("ascii"), secret
