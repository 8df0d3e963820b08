"""The near end of a writing process: batches handed over and written while the next ones are folded."""

import subprocess
import sys
from pathlib import Path

from projections import sqlite_writer
from projections.ahead import Ahead
from projections.generations import Superseded
from projections.sqlite_writer import STORED, SUPERSEDED


class WriterFailed(Exception):  # noqa: N818
    """The writing process could not store a batch, and says why; that batch and later ones are not stored."""


class SqliteAhead(Ahead[bytes]):
    """Packed jobs, stored by a process of its own. What fails is Superseded or WriterFailed."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-I", sqlite_writer.__file__, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
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
