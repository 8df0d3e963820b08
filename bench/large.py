"""`make bench-large`: ten million events loaded once over HTTP. Does the append rate hold, how much memory do the
servers take, how long do they take to start on what they then hold? Not in CI: it takes some minutes and 10 GB."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Self

from bench.run import OUT, databases
from bench.table import Line, Ratio, markdown, write
from bench.world import World, ready, servers, world

FOLLOW_UPS = 6
EVENTS = 4 + FOLLOW_UPS  # of each commitment
REQUEST = 10_000
GOAL_MB = 600.0
LOOK = 0.5
"""Seconds between two looks at the memory."""
GOAL_START = 2.0


def wave(made: World, first: int, commitments: int) -> float:
    """Events a second for so many whole lives, from proposal to the last follow-up."""
    started = time.perf_counter()
    for numbers in chunks(range(first, first + commitments), REQUEST):
        ids = made.lives(numbers)
        for turn in range(FOLLOW_UPS):
            made.bulk(made.follow_up(i, n, turn + 1) for n, i in zip(numbers, ids, strict=True))
    return commitments * EVENTS / (time.perf_counter() - started)


def chunks(numbers: range, size: int) -> Iterator[range]:
    for start in range(numbers.start, numbers.stop, size):
        yield range(start, min(start + size, numbers.stop))


class Memory:
    """What the servers and all they start hold at once, in MB: their proportional set sizes added up (proc(5),
    `smaps_rollup`), so that what they share counts once. Looks until the end of the block."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self.peak = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK):
            self.peak = max(self.peak, sum(map(held_mb, self._family())))

    def _family(self) -> Iterator[int]:
        for pid in self._pids:
            yield pid
            with suppress(FileNotFoundError):
                yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def held_mb(pid: int) -> float:
    """0 when the process has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    sizes = (line.split() for line in rollup.splitlines() if line.startswith("Pss:"))
    return sum(int(size[1]) for size in sizes) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--events", type=int, default=10_000_000)
    asked = parser.parse_args()
    waves = 10
    commitments = asked.events // EVENTS // waves
    with tempfile.TemporaryDirectory() as temporary, databases(asked.database, Path(temporary)) as fresh:
        url, directory = fresh(), Path(temporary)
        with world(url, directory) as made:
            rates: list[float] = []
            with Memory([process.pid for process in made.processes]) as memory:
                for number in range(waves):
                    rates.append(wave(made, number * commitments, commitments))
                    print(f"{number + 1}/{waves}: {rates[-1]:,.0f} events/s, {memory.peak:,.0f} MB", file=sys.stderr)
                made.settle()
        started = time.perf_counter()
        with servers(url, directory) as (port, _):
            while not ready(port):
                time.sleep(0.01)
            start_up = time.perf_counter() - started
    begin, end = statistics.median(rates[:2]), statistics.median(rates[-2:])
    name = f"{commitments * waves * EVENTS:,} events, {asked.database}"
    lines = [
        Line(f"append rate, end : start, {name}", end, begin, "1/s", Ratio.AT_LEAST, 0.8),
        Line(f"peak memory of the servers, {name}", memory.peak, GOAL_MB, "MB", Ratio.AT_MOST, 1),
        Line(f"start-up, {name}", start_up, GOAL_START, "s", Ratio.AT_MOST, 1),
    ]
    write(lines, OUT / "large")
    print(markdown(lines))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
