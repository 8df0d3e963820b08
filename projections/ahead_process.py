"""The near end of a writing process: batches handed over and written while the next ones are folded."""

import os
import subprocess
import sys
from collections.abc import Mapping

from projections.ahead import Ahead
from projections.generations import Superseded
from projections.jobs import STORED, SUPERSEDED


class WriterFailed(Exception):  # noqa: N818
    """The writing process could not store a batch, and says why; that batch and later ones are not stored."""


class AheadProcess(Ahead[bytes]):
    """Packed jobs, stored by a process of its own: a module run with settings in its environment, where no other user
    can read them. What fails is Superseded or WriterFailed."""

    def __init__(self, module: str, settings: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **settings},
        )
        super().__init__(self._hand_over)

    def _hand_over(self, job: bytes) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(job)
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError as error:
            raise WriterFailed(str(error)) from error
        if answer != STORED:
            raise Superseded if answer == SUPERSEDED else WriterFailed(answer.decode().strip() or "the writer died")

    def close(self) -> None:
        super().close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
