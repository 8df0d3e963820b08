"""The near end of a writing process: batches handed over and written while the next ones are folded."""

import subprocess
import sys
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Final

from projections import sqlite_writer
from projections.generations import Superseded
from projections.sqlite_writer import STORED, SUPERSEDED, Job, packed

WAITING: Final = 2
"""Batches that may wait; folding stands while there are more."""


class WriterFailed(Exception):  # noqa: N818
    """The writing process could not store a batch, and says why; that batch and later ones are not stored."""


class Ahead:
    """Jobs are stored in the order given. The first that fails ends it: later ones are dropped, and the next call
    raises Superseded or WriterFailed."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-I", sqlite_writer.__file__, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._queue: Queue[bytes | None] = Queue(WAITING)
        self._error: Exception | None = None
        self._thread = Thread(target=self._hand_over, name="views ahead", daemon=True)
        self._thread.start()

    def _hand_over(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        while (job := self._queue.get()) is not None:
            if self._error is None:
                self._error = self._answer(job)
            self._queue.task_done()
        self._queue.task_done()

    def _answer(self, job: bytes) -> Exception | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(job)
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError as error:
            return WriterFailed(str(error))
        if answer == STORED:
            return None
        return Superseded() if answer == SUPERSEDED else WriterFailed(answer.decode().strip() or "the writer died")

    def save(self, job: Job) -> None:
        if self._error is None:
            self._queue.put(packed(job))
        self._check()

    def settle(self) -> None:
        """Returns once everything handed over is stored."""
        self._queue.join()
        self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Lets what was handed over be stored."""
        self._queue.put(None)
        self._thread.join()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
