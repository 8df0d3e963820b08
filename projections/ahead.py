"""Batches stored one after another by a thread, while the next ones are folded."""

from collections.abc import Callable
from queue import Queue
from threading import Thread
from typing import Final, Generic, TypeVar

J = TypeVar("J")

WAITING: Final = 2
"""Batches that may wait; folding stands while there are more."""


class Ahead(Generic[J]):
    """Jobs are stored in the order given. The first that fails ends it: later ones are dropped, and the next call
    raises its error."""

    def __init__(self, store: Callable[[J], None]) -> None:
        self._store = store
        self._queue: Queue[J | None] = Queue(WAITING)
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, name="views ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._store(job)
                except Exception as error:  # noqa: BLE001 - raised where the next batch is handed over
                    self._error = error
            self._queue.task_done()
        self._queue.task_done()

    def save(self, job: J) -> None:
        if self._error is None:
            self._queue.put(job)
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
