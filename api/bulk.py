"""`POST /v1/commands/bulk`: any number of commands as JSON Lines, one JSON result a line, in order.

The body streams: lines go to the writer in chunks while later ones arrive, results stream back while earlier ones
are decided, and memory stays bounded whatever either side's pace. Each line is its own atomic command.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from api.commands import missing, rfc3339
from api.hardening import HARDENED
from api.headers import submission_fields
from api.keys import Keys
from api.lines import Line, Splitter, take
from api.metrics import Metrics
from api.overflow import Overflow
from api.problems import Problem, document, refused, unavailable
from domain.refusal import Refusal
from ledger.contract import Accepted, Gate, Outcome, Refused, Submission, Unavailable
from ledger.lines import read_line

PATH = "/v1/commands/bulk"
AHEAD = 2
"""Chunks on their way to the writer and back, beside the one whose answer is waited for."""
MOST_WAITING = 2_000
"""Lines read ahead of the writer; then the socket is left alone until it catches up."""
MOST_BYTES = 4 << 20

ALWAYS = ((b"content-type", b"application/jsonl"), *HARDENED)
ANSWERED_PER_LINE = ("key", "if_version")


class Stored(msgspec.Struct, omit_defaults=True):
    """The result of an accepted line."""

    line: int
    status: int
    id: str
    position: int
    version: int
    recorded_at: str
    count: int
    replayed: bool = False


Begun = tuple[list[Line], asyncio.Task[list[Outcome | Problem]]]


class BulkRoute:
    """The application behind the path. Headers are defaults for lines that do not say otherwise."""

    def __init__(self, gate: Gate, keys: Keys, metrics: Metrics) -> None:
        self._gate = gate
        self._keys = keys
        self._metrics = metrics

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> int:
        found = submission_fields(scope["headers"])
        holder = await self._keys.at_large(found.pop("authorization", None))
        for field in ANSWERED_PER_LINE:
            if field in found:
                raise Problem(
                    "given_per_line",
                    "批量提交时，幂等键和版本须逐行给出",
                    "in bulk, the idempotency key and the version are given line by line",
                    status=400,
                    field=field,
                )
        defaults = Submission(
            client=holder.client,
            key="",
            person=found.pop("person", ""),
            command="",
            stream="",
            body=msgspec.Raw(b"null"),
            **found,
        )
        await Run(self._gate, self._metrics, defaults).through(receive, send)
        return 200


class Run:
    """One bulk request on its way: receive → lines → chunks → outcomes → answer, each step in a task of its own."""

    def __init__(self, gate: Gate, metrics: Metrics, defaults: Submission) -> None:
        self._gate = gate
        self._metrics = metrics
        self._defaults = defaults
        self._waiting: list[Line] = []
        self._bytes = 0
        self._ended = False
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._begun: asyncio.Queue[Begun | None] = asyncio.Queue(AHEAD)
        self._answers = Overflow()
        self._encoder = msgspec.json.Encoder()

    async def through(self, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive(receive))
                tasks.create_task(self._submit(tasks))
                tasks.create_task(self._collect())
                tasks.create_task(self._deliver(send))
        finally:
            self._answers.close()

    async def _receive(self, receive: Receive) -> None:
        splitter = Splitter()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                # What came in whole lines stands; the torn last line is nobody's command.
                break
            self._add(splitter.feed(message.get("body", b"")))
            more = message.get("more_body", False)
            while more and (len(self._waiting) >= MOST_WAITING or self._bytes >= MOST_BYTES):
                self._room.clear()
                await self._room.wait()
        if not more:
            self._add(splitter.finish())
        self._ended = True
        self._arrived.set()

    def _add(self, lines: list[Line]) -> None:
        if lines:
            self._waiting += lines
            self._bytes += sum(len(line.text or b"") for line in lines)
            self._arrived.set()

    async def _submit(self, tasks: asyncio.TaskGroup) -> None:
        # The gate keeps their order, for a line may rest on one before it.
        while True:
            while not self._waiting and not self._ended:
                self._arrived.clear()
                await self._arrived.wait()
            if not self._waiting:
                break
            chunk = take(self._waiting)
            self._bytes -= sum(len(line.text or b"") for line in chunk)
            self._room.set()
            await self._begun.put((chunk, tasks.create_task(self._decide(chunk))))
        await self._begun.put(None)

    async def _decide(self, chunk: list[Line]) -> list[Outcome | Problem]:
        asked = [self._read(line) for line in chunk]
        outcomes = iter(await self._submitted([one for one in asked if isinstance(one, Submission)]))
        return [next(outcomes) if isinstance(one, Submission) else one for one in asked]

    def _read(self, line: Line) -> Submission | Problem:
        if line.text is None:
            return Problem("too_large", "一行不能超过 1 MiB", "a line must not exceed 1 MiB", status=413)
        try:
            asked = read_line(line.text, self._defaults)
        except Refusal as refusal:
            return refused(refusal)
        return missing({"key": asked.key, "person": asked.person}, versioned=False) or asked

    async def _submitted(self, asked: list[Submission]) -> Sequence[Outcome | Problem]:
        try:
            return await self._gate.submit_many(asked)
        except Unavailable as cause:
            return [unavailable(cause)] * len(asked)

    async def _collect(self) -> None:
        while (begun := await self._begun.get()) is not None:
            chunk, decided = begun
            await self._answers.put(self._render(chunk, await decided))
        self._answers.end()

    def _render(self, chunk: list[Line], outcomes: list[Outcome | Problem]) -> bytes:
        rendered: list[Any] = []
        at, text, accepted = -1, "", 0
        for line, outcome in zip(chunk, outcomes, strict=True):
            if isinstance(outcome, Accepted):
                # A batch is recorded at one moment or few: its text is made once.
                if outcome.recorded_at != at:
                    at, text = outcome.recorded_at, rfc3339(outcome.recorded_at)
                accepted += 1
                rendered.append(
                    Stored(
                        line.number,
                        201,
                        outcome.stream,
                        outcome.position,
                        outcome.version,
                        text,
                        outcome.count,
                        outcome.replayed,
                    )
                )
            else:
                problem = refused(outcome) if isinstance(outcome, Refused) else outcome
                self._metrics.lines[problem.status] += 1
                rendered.append({"line": line.number, **document(problem)})
        self._metrics.lines[201] += accepted
        return self._encoder.encode_lines(rendered)

    async def _deliver(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(ALWAYS)})
        while data := await self._answers.get():
            await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
