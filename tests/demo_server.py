"""The demonstration, started as a newcomer starts it, once for a test run.

`tests/spread.py` puts the tests that use it on one worker. They may add records; none may count on being the only one.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 180
"""Seconds the year may take to load on a busy machine."""


class Demo(NamedTuple):
    """A demonstration that is being served, its year loaded and every view caught up."""

    url: str
    """Without a slash at the end."""
    data: Path
    output: Path
    """What it printed."""

    def credentials(self) -> dict[str, Any]:
        return json.loads((self.data / "demo.credentials.json").read_text())  # type: ignore[no-any-return]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    directory = tmp_path_factory.mktemp("demo")
    port = free_port()
    made = Demo(f"http://127.0.0.1:{port}", directory / "data", directory / "output")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    with made.output.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "demo", "--port", str(port), "--data", str(made.data)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + PATIENCE
        while "Ctrl-C" not in made.output.read_text():
            assert process.poll() is None, made.output.read_text()
            assert time.monotonic() < until, made.output.read_text()
            time.sleep(0.1)
        yield made
    finally:
        process.terminate()
        process.wait(30)
