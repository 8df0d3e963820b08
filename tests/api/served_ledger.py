"""A served demonstration ledger: the real writer in a thread, the real application, a client that speaks ASGI."""

import asyncio
import dataclasses
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
import msgspec
import orjson
from fastapi import FastAPI

from api.app import create_app
from api.examples import CLIENT, FILES, MEDIA_TYPE, OPENED_AT, Step, story
from api.keys import Scope, new_key
from api.settings import Settings, settings
from domain.actor import Role
from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.ballot_boxes import open_boxes
from ledger.contract import Accepted, Outcome, Store, Submission
from ledger.database import open_store
from ledger.evidence import Evidence
from ledger.gate import LocalGate
from ledger.keys import Keys
from ledger.opening import clock_of, open_ledger
from ledger.writer import Writer
from projections.follower import follow_once
from projections.views import Views


def submission(step: Step, client: str = CLIENT) -> Submission:
    return Submission(
        client=client,
        key=step.key,
        person=step.person,
        command=step.command,
        stream=step.stream,
        body=msgspec.Raw(orjson.dumps(step.body)),
        if_version=step.if_version or None,
        simulated_at=step.at.isoformat(),
    )


@dataclasses.dataclass(kw_only=True)
class Served:
    """One ledger and what stands around it."""

    settings: Settings
    store: Store
    gate: LocalGate
    views: Views
    subjects: Keys
    app: FastAPI
    administrators: dict[Role, str]
    key: str
    numbers: Iterator[int] = dataclasses.field(default_factory=lambda: itertools.count(1))

    @asynccontextmanager
    async def client(self, *, key: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {key or self.key}"}
        async with (
            self.app.router.lifespan_context(self.app),
            httpx.AsyncClient(transport=transport, base_url="http://luoshi.test", headers=headers) as client,
        ):
            yield client

    def run(self, work: Any, **options: Any) -> Any:
        """Runs `work(client)` to its end."""

        async def within() -> Any:
            async with self.client(**options) as client:
                return await work(client)

        return asyncio.run(within())

    def headers(self, person: str | None = None, **more: str) -> dict[str, str]:
        """Those every command needs, with a fresh idempotency key."""
        return {
            "Luoshi-Person": person or self.administrators[Role.SYSTEM_ADMIN],
            "Idempotency-Key": f"test-{next(self.numbers)}",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }

    def tell_story(self) -> None:
        """Everything `api.examples` tells, straight through the writer."""
        for file in FILES:
            Evidence(self.settings.evidence, self.subjects).lodge([file], MEDIA_TYPE)
        for outcome in asyncio.run(self._submit(story().steps)):
            assert isinstance(outcome, Accepted), outcome
        self.follow()

    async def _submit(self, steps: list[Step]) -> list[Outcome]:
        return [await self.gate.submit(submission(step)) for step in steps]

    def follow(self) -> None:
        """Brings the views up to date."""
        follow_once(self.settings.database)

    def close(self) -> None:
        self.gate.close()
        self.views.close()
        self.subjects.close()
        self.store.close()

    def new_key(self, *scopes: Scope, client: str = "test", expires: int | None = None) -> str:
        key, row = new_key(client, scopes, time.time_ns() // 1000, expires)
        self.store.add_api_key(row)
        return key


def serve(url: str, directory: Path, *, demonstration: bool = True) -> Served:
    placed = settings({"database": url}, {})
    placed = dataclasses.replace(
        placed,
        keys=directory / "luoshi.keys",
        evidence=directory / "luoshi.evidence",
        access_log=directory / "luoshi.access.log",
    )
    store = open_store(url, create=True)
    keys = Keys(placed.keys)
    administrators = open_ledger(
        store,
        keys,
        demonstration=demonstration,
        title="测试台账",
        region="320585",
        administrators={Role.SYSTEM_ADMIN: "甲", Role.SECURITY_ADMIN: "乙", Role.AUDITOR: "丙"},
        at=OPENED_AT.astimezone(UTC) if demonstration else None,
    )
    writer = Writer(
        store, keys, DEFAULT, announced(), clock_of(store), Evidence(placed.evidence, keys), boxes=open_boxes(url)
    )
    gate = LocalGate(writer)
    views = Views(url)
    app = create_app(placed, gate=gate, store=store, views=views, subjects=keys)
    served = Served(
        settings=placed,
        store=store,
        gate=gate,
        views=views,
        subjects=keys,
        app=app,
        administrators=administrators,
        key="",
    )
    served.key = served.new_key(*Scope)
    return served
