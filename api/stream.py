"""`GET /v1/stream`: events as they are stored, as server-sent events. `id` is the position, so a client that comes
back with `Last-Event-ID` misses nothing and gets nothing twice.

One thread watches the ledger for all clients. Each client asks for what follows its own position when it can take
more, so a slow one holds no queue: what is no longer in the common tail it reads from the ledger.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from api.access import Access
from api.events import LARGEST, document, reached
from api.problems import Problem
from ledger.contract import Reader, Row

log = logging.getLogger("luoshi.api")

HEARTBEAT = 15.0
"""Seconds of silence after which a comment line shows that the connection lives."""
WATCH = 1.0
PIECE = 200
"""Events sent at a time."""
TAIL = 5_000
"""Events kept in memory for clients that are up to date or nearly so."""
MOST_CLIENTS = 1_000


class After(BaseModel):
    """Where to begin."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int | None, Query(ge=0, le=LARGEST, description="此位置之后。After this position.")] = None


def frame(row: Row) -> bytes:
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (row.position, row.name.encode(), orjson.dumps(document(row)))


class Tail:
    """The newest events, rendered once for everyone. Starts with the first client, ends with `stop`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._frames: deque[tuple[int, bytes]] = deque(maxlen=TAIL)
        self._last = 0
        self._moved = asyncio.Event()
        self._stopped = False
        self._watch: asyncio.Task[None] | None = None
        self._thread: ThreadPoolExecutor | None = None
        self.clients = 0

    def stop(self) -> None:
        """Ends every stream after the events it has at hand; new ones are refused."""
        self._stopped = True
        self._stir()

    async def close(self) -> None:
        self.stop()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._thread is not None:
            await asyncio.to_thread(self._thread.shutdown)

    async def follow(self, after: int) -> AsyncIterator[bytes]:
        """Frames after a position, for ever, and heartbeats between them."""
        self.clients += 1
        try:
            await self._start()
            # Headers go out at once, and a client that reads them knows that it is connected.
            yield b": luoshi\n\n"
            while not self._stopped:
                moved = self._moved
                frames = await self._after(after)
                if frames:
                    after = frames[-1][0]
                    yield b"".join(text for _, text in frames)
                elif not await _set_within(moved, HEARTBEAT):
                    yield b":\n\n"
        finally:
            self.clients -= 1

    async def _after(self, after: int) -> list[tuple[int, bytes]]:
        if after >= self._last:
            return []
        if self._frames and self._frames[0][0] <= after + 1:
            start = after + 1 - self._frames[0][0]
            return [self._frames[at] for at in range(start, min(start + PIECE, len(self._frames)))]
        rows = await asyncio.to_thread(self._reader.read, after, PIECE)
        return [(row.position, frame(row)) for row in rows]

    async def _start(self) -> None:
        if self._watch is not None:
            return
        head = await asyncio.to_thread(self._reader.head)
        # Another client may have started it meanwhile.
        if self._watch is None:
            self._last = head.position
            self._thread = ThreadPoolExecutor(1, "luoshi-tail")
            self._watch = asyncio.create_task(self._run(self._thread))

    async def _run(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopped:
            try:
                head = await loop.run_in_executor(thread, self._reader.wait, self._last, WATCH)
                while self._last < head:
                    rows = await loop.run_in_executor(thread, self._reader.read, self._last, PIECE)
                    self._frames.extend((row.position, frame(row)) for row in rows)
                    self._last = rows[-1].position
                    self._stir()
            except Exception:
                # The database is away for a while; the streams wait with us.
                log.exception("the live tail cannot read the ledger")
                await asyncio.sleep(WATCH)

    def _stir(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


def router(reader: Reader, tail: Tail, access: Access) -> APIRouter:
    made = APIRouter(tags=["事件 Events"], dependencies=[Depends(access)])

    @made.get(
        "/v1/stream",
        operation_id="stream",
        summary="实时事件流 Live events (SSE)",
        description=(
            "`id` 是位置；断线后以 `Last-Event-ID` 续传，空值等于没有。台账还没有的位置不受理。"
            "`id` is the position; resume with `Last-Event-ID` (empty counts as absent). A position that the ledger "
            "does not have yet is refused."
        ),
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def stream(
        asked: Annotated[After, Query()],
        last_event_id: Annotated[str | None, Header(pattern="^([0-9]{1,18})?$")] = None,
    ) -> StreamingResponse:
        if tail.clients >= MOST_CLIENTS:
            raise Problem(
                "too_many_streams",
                "实时连接过多",
                "too many live connections",
                status=503,
                headers={"Retry-After": "30"},
            )
        after = int(last_event_id) if last_event_id else asked.after
        head = (await asyncio.to_thread(reader.head)).position
        if after is None:
            after = head
        # It would wait in silence for an event that this ledger may never have.
        reached(after, head, "Last-Event-ID" if last_event_id else "after")
        return StreamingResponse(
            tail.follow(after), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    return made
