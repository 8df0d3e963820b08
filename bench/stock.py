"""The yardstick: eventsourcing 9.5.6 as its documentation shows it, on the same commands.

`app = make(env)` is a FastAPI application whose routes load the aggregate, amend it and call `Application.save()` in a
thread. The recorders, mapper and transcoder are the library's own, with its own defaults (SQLite: WAL, FULL).
"""

import os
from datetime import date
from typing import Any
from uuid import UUID

import uvicorn
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Transcoding
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool


class Commitment(Aggregate):
    @event("Proposed")
    def __init__(  # noqa: PLR0917 - the library calls it so
        self, title: str, unit: str, policy: str, quantity: int, measure: str, starts_on: date, due_on: date
    ):
        if due_on < starts_on:
            raise ValueError("due before start")
        self.title, self.unit, self.policy = title, unit, policy
        self.quantity, self.measure = quantity, measure
        self.starts_on, self.due_on = starts_on, due_on
        self.stage, self.progress = "proposed", 0

    def move(self, before: str, after: str, by: str) -> None:
        if self.stage != before:
            raise ValueError(f"{self.stage}, not {before}")
        self._moved(after, by)

    @event("Moved")
    def _moved(self, after: str, by: str) -> None:
        self.stage = after

    def follow_up(self, progress: int, note: str, by: str) -> None:
        if self.stage != "in_progress":
            raise ValueError(self.stage)
        self._followed_up(progress, note, by)

    @event("FollowedUp")
    def _followed_up(self, progress: int, note: str, by: str) -> None:
        self.progress = progress


class DateAsISO(Transcoding):
    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class Commitments(Application[UUID]):
    def register_transcodings(self, transcoder: Any) -> None:
        super().register_transcodings(transcoder)
        transcoder.register(DateAsISO())

    def propose(self, **fields: Any) -> UUID:
        commitment = Commitment(**fields)
        self.save(commitment)
        return commitment.id

    def follow_up(self, commitment: UUID, progress: int, note: str, by: str) -> int:
        aggregate: Commitment = self.repository.get(commitment)
        aggregate.follow_up(progress, note, by)
        self.save(aggregate)
        return aggregate.version


class Proposal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    unit: str
    policy: str
    quantity: int
    measure: str
    starts_on: date
    due_on: date


class FollowUp(BaseModel):
    model_config = ConfigDict(extra="forbid")
    progress: int
    note: str


def make(env: dict[str, str]) -> FastAPI:
    commitments = Commitments(env=env)
    app = FastAPI()

    @app.post("/commitments", status_code=201)
    async def propose(body: Proposal) -> dict[str, str]:
        made = await run_in_threadpool(commitments.propose, **body.model_dump())
        return {"id": str(made)}

    @app.post("/commitments/{commitment}/follow-ups", status_code=201)
    async def follow_up(commitment: UUID, body: FollowUp) -> dict[str, int]:
        version = await run_in_threadpool(commitments.follow_up, commitment, body.progress, body.note, "officer")
        return {"version": version}

    return app


def lives(env: dict[str, str], count: int) -> list[UUID]:
    """`count` commitments in progress (proposed, registered, assigned, acknowledged), saved in groups."""
    commitments = Commitments(env=env)
    ids: list[UUID] = []
    group: list[Commitment] = []
    for n in range(count):
        commitment = Commitment(
            title=f"第{n}项惠民承诺",
            unit="u" * 36,
            policy="p" * 36,
            quantity=100,
            measure="户",
            starts_on=date(2011, 1, 1),
            due_on=date(2011, 12, 31),
        )
        for before, after in (("proposed", "registered"), ("registered", "assigned"), ("assigned", "in_progress")):
            commitment.move(before, after, "someone")
        ids.append(commitment.id)
        group.append(commitment)
        if len(group) == 200 or n == count - 1:
            commitments.save(*group)
            group = []
    commitments.close()
    return ids


if __name__ == "__main__":
    uvicorn.run(
        make(dict(os.environ)),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
    )
