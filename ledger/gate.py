"""The ways in to the writer: in this process, or over the socket of the writer's own."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Final, cast

import msgspec

from ledger.backlog import Backlog
from ledger.contract import Outcome, Submission, Unavailable
from ledger.wire import EMPTY, AllDecided, Decided, Failed, Frames, Many, One, Request, SocketPath, frame, replies_of
from ledger.writer import Writer

PATIENCE: Final = 3.0
"""Seconds a request waits for a writer that is just starting."""
PAUSE: Final = 0.05


class LocalGate:
    """The writer in a thread of this process. For tests, the CLI and small set-ups; any event loop may use it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._backlog = Backlog()
        self._wake = Condition()
        self._closing = False
        self._answers: list[tuple[asyncio.Future[Any], object]] = []
        self._thread = Thread(target=self._serve, name="luoshi-writer", daemon=True)
        self._thread.start()

    async def submit(self, submission: Submission) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        with self._wake:
            self._refuse_when_closed()
            self._backlog.add(submission, self._answer_to(future))
            self._wake.notify()
        return await future

    async def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome]:
        if not submissions:
            return []
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        with self._wake:
            self._refuse_when_closed()
            self._backlog.add_bulk(submissions, self._answer_to(future))
            self._wake.notify()
        return await future

    def close(self) -> None:
        """Answers what waits, then stops."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _answer_to(self, future: asyncio.Future[Any]) -> Callable[[object], None]:
        return lambda answer: self._answers.append((future, answer))

    def _refuse_when_closed(self) -> None:
        if self._closing:
            raise Unavailable("写入进程已关闭 / the writer is closed")

    def _serve(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._backlog or self._closing)
                if not self._backlog:
                    return
            self._backlog.begin(self._writer)
            if not self._backlog:
                self._writer.finish()
            self._hand_out()

    def _hand_out(self) -> None:
        answers, self._answers = self._answers, []
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], object]]] = {}
        for future, answer in answers:
            by_loop.setdefault(future.get_loop(), []).append((future, answer))
        for loop, some in by_loop.items():
            try:
                loop.call_soon_threadsafe(settle, some)
            except RuntimeError:
                # The loop is closed: nobody waits any more.
                continue


def settle(answers: Sequence[tuple[asyncio.Future[Any], object]]) -> None:
    """Ends the wait of those who still wait."""
    for future, answer in answers:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)


class SocketGate:
    """The client of `ledger.writer_process`, for one event loop. What one turn of the loop submits goes in one write.

    When the connection is lost, what was under way raises Unavailable, for it may or may not be stored; what comes
    after waits a few seconds for a new connection.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._connection: _Connection | None = None
        self._connecting: asyncio.Lock | None = None

    async def submit(self, submission: Submission) -> Outcome:
        connection = self._connection or await self._connect()
        if connection.full:
            await connection.room()
        body = bytes(submission.body)
        envelope = msgspec.structs.replace(submission, body=EMPTY)
        outcome: Outcome = await connection.ask(lambda number: One(number, body, envelope))
        return outcome

    async def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome]:
        if not submissions:
            return []
        connection = self._connection or await self._connect()
        if connection.full:
            await connection.room()
        bodies = [bytes(one.body) for one in submissions]
        for one in submissions:
            one.body = EMPTY
        outcomes: list[Outcome] = await connection.ask(lambda number: Many(number, bodies, submissions))
        return outcomes

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    async def _connect(self) -> "_Connection":
        if self._connecting is None:
            self._connecting = asyncio.Lock()
        async with self._connecting:
            until = time.monotonic() + self._patience
            while self._connection is None:
                try:
                    with SocketPath(self._path) as address:
                        _, connection = await asyncio.get_running_loop().create_unix_connection(
                            lambda: _Connection(self._lost), address
                        )
                except OSError:
                    if time.monotonic() > until:
                        raise Unavailable("写入进程没有运行 / the writer is not running") from None
                    await asyncio.sleep(PAUSE)
                else:
                    self._connection = connection
            return self._connection

    def _lost(self, connection: "_Connection") -> None:
        if self._connection is connection:
            self._connection = None


class _Connection(asyncio.Protocol):
    def __init__(self, lost: Callable[["_Connection"], None]) -> None:
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._outgoing: list[Request] = []
        self._number = 0
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None
        self.full = False
        """The writer does not keep up: `room` says when it does."""

    def ask(self, request: Callable[[int], Request]) -> asyncio.Future[Any]:
        future = self._loop.create_future()
        if self._transport is None:
            future.set_exception(_lost_connection())
            return future
        self._number += 1
        self._waiting[self._number] = future
        if not self._outgoing:
            self._loop.call_soon(self._flush)
        self._outgoing.append(request(self._number))
        return future

    async def room(self) -> None:
        await self._writable.wait()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        if self._transport is None:
            return
        try:
            self._transport.write(frame(outgoing))
        except Exception as error:  # noqa: BLE001 - nobody may be left waiting for what was never sent
            for request in outgoing:
                future = self._waiting.pop(request.number, None)
                if future is not None and not future.done():
                    future.set_exception(error)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods without the base class.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for received in self._frames.feed(data):
            for reply in replies_of(received):
                future = self._waiting.pop(reply.number, None)
                if future is None or future.done():
                    continue
                match reply:
                    case Decided():
                        future.set_result(reply.outcome)
                    case AllDecided():
                        future.set_result(reply.outcomes)
                    case Failed():
                        future.set_exception(Unavailable(reply.why))

    def pause_writing(self) -> None:
        self.full = True
        self._writable.clear()

    def resume_writing(self) -> None:
        self.full = False
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.resume_writing()
        self._lost(self)
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(_lost_connection())


def _lost_connection() -> Unavailable:
    return Unavailable(
        "与写入进程的连接中断，结果未知，请用同一幂等键重试 / the connection to the writer was lost and the outcome is "
        "unknown; retry with the same key"
    )
