"""The ways in to the writer: in this process, or over the socket of the writer's own."""

import asyncio
from collections.abc import Sequence
from threading import Condition, Thread
from typing import Final

from ledger.backlog import Backlog
from ledger.contract import Outcome, Submission, Unavailable
from ledger.lines import read_lines
from ledger.writer import Writer

CLOSED: Final = Unavailable("写入进程已关闭 / the writer is closed")


class LocalGate:
    """The writer in a thread of this process. For tests, the CLI and small set-ups; any event loop may use it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._backlog = Backlog()
        self._wake = Condition()
        self._closing = False
        self._answers: list[tuple[asyncio.Future[object], object]] = []
        self._thread = Thread(target=self._serve, name="luoshi-writer", daemon=True)
        self._thread.start()

    async def submit(self, submission: Submission) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        with self._wake:
            self._refuse_when_closed()
            self._backlog.add(submission, lambda outcome: self._answers.append((future, outcome)))
            self._wake.notify()
        return await future

    async def submit_lines(self, lines: bytes, defaults: Submission) -> list[Outcome]:
        asked = await asyncio.to_thread(read_lines, lines, defaults)
        if not asked:
            return []
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        with self._wake:
            self._refuse_when_closed()
            self._backlog.add_bulk(asked, lambda outcomes: self._answers.append((future, outcomes)))
            self._wake.notify()
        return await future

    def close(self) -> None:
        """Answers what waits, then stops."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _refuse_when_closed(self) -> None:
        if self._closing:
            raise CLOSED

    def _serve(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._backlog or self._closing)
                if not self._backlog:
                    return
            self._backlog.commit(self._writer)
            self._hand_out()

    def _hand_out(self) -> None:
        answers, self._answers = self._answers, []
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[object], object]]] = {}
        for future, answer in answers:
            by_loop.setdefault(future.get_loop(), []).append((future, answer))
        for loop, some in by_loop.items():
            try:
                loop.call_soon_threadsafe(settle, some)
            except RuntimeError:
                # The loop is closed: nobody waits any more.
                continue


def settle(answers: Sequence[tuple[asyncio.Future[object], object]]) -> None:
    """Ends the wait of those who still wait."""
    for future, answer in answers:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
