"""Child processes kept alive: a dead one is started again, later each time it dies young; all end together."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
STEADY = 30.0
"""A child that lived this many seconds starts again with the first delay."""
GRACE = 8.0
"""Seconds all children together get to end after SIGTERM."""
WRONG_SETTING = 2
"""A child that ends with this code has said why; starting it again would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """`module` is run as `python -m` would, tied to this process by `cli.tether`."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A second Ctrl-C must not leave children behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Supervisor:
    """Runs children from `with` to the end of its block. `report` gets one line whenever one dies or is restarted."""

    def __init__(self, children: Sequence[Child], report: Callable[[str], None]) -> None:
        self._children = list(children)
        self._report = report
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._gave_up = threading.Event()
        self._threads = [self._keeper(child) for child in children]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def add(self, child: Child) -> None:
        """One more from now on; it ends before the others."""
        self._children.insert(0, child)
        self._threads.append(self._keeper(child))
        self._threads[-1].start()

    def _keeper(self, child: Child) -> threading.Thread:
        return threading.Thread(target=self._keep, args=(child,), name=f"keeper of {child.name}", daemon=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        with _uninterrupted():
            until = time.monotonic() + GRACE
            for child in self._children:
                self._end(child, until)
            for thread in self._threads:
                thread.join()

    def _end(self, child: Child, until: float) -> None:
        """One after the other, so that HTTP has ended before the writer goes."""
        with self._lock:
            process = self._running.get(child.name)
        if process is None:
            return
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, until - time.monotonic()))
        if process.poll() is None:
            process.kill()

    def pid(self, name: str) -> int | None:
        """Process id of a child that runs now."""
        with self._lock:
            process = self._running.get(name)
        return None if process is None or process.poll() is not None else process.pid

    @property
    def gave_up(self) -> bool:
        """A child ended over a wrong setting and was not started again."""
        return self._gave_up.is_set()

    def wait(self) -> None:
        """Blocks until a signal's exception ends it or a child gave up."""
        self._gave_up.wait()

    def _keep(self, child: Child) -> None:
        delay = FIRST_DELAY
        while True:
            with self._lock:
                if self._stop.is_set():
                    return
                process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
                    [sys.executable, "-m", "cli.tether", child.module, *child.arguments],
                    stdin=subprocess.PIPE,
                    env=dict(child.environment),
                )
                self._running[child.name] = process
            born = time.monotonic()
            code = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if self._stop.is_set():
                return
            if code == WRONG_SETTING:
                self._gave_up.set()
                return
            if time.monotonic() - born > STEADY:
                delay = FIRST_DELAY
            how = f"signal {-code}" if code < 0 else f"code {code}"
            self._report(
                f"{child.name} 进程退出（{how}），{delay:g} 秒后重启。 {child.name} ended ({how}), again in {delay:g} s"
            )
            self._stop.wait(delay)
            delay = min(delay * 2, LONGEST_DELAY)
