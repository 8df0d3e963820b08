"""The writer as a process of its own, on a ledger that is open already."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


class Served:
    """`python -m ledger.writer_process` on a database; to be killed and started again."""

    def __init__(self, url: str, keys: Path, evidence: Path, socket: Path) -> None:
        self.socket = socket
        self._environment = os.environ | {
            "LUOSHI_DATABASE": url,
            "LUOSHI_KEYS": str(keys),
            "LUOSHI_EVIDENCE": str(evidence),
            "LUOSHI_SOCKET": str(socket),
        }
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ledger.writer_process"], cwd=ROOT, env=self._environment
        )

    def kill(self) -> None:
        """As the power cut would."""
        self._process.kill()
        assert self._process.wait() == -signal.SIGKILL

    def stop(self) -> int:
        self._process.terminate()
        return self._process.wait(20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
