"""`make bench-large`: ten million events loaded once over HTTP. Does the append rate hold, how much memory do the
servers take, how long do they take to start on what they then hold? Not in CI: it takes some minutes and 10 GB."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.run import OUT, databases
from bench.table import Line, Ratio, markdown, write
from bench.world import World, ready, servers, world

FOLLOW_UPS = 6
EVENTS = 4 + FOLLOW_UPS  # of each commitment
REQUEST = 10_000
GOAL_MB = 600.0
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


def peak_mb(made: World) -> float:
    """The highest resident memory of each server and of what it started, so far, added up."""
    pids = [process.pid for process in made.processes]
    pids += [int(child) for pid in pids for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    total = 0
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text()
        total += int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    return total / 1024


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
            for number in range(waves):
                rates.append(wave(made, number * commitments, commitments))
                print(f"{number + 1}/{waves}: {rates[-1]:,.0f} events/s, {peak_mb(made):,.0f} MB", file=sys.stderr)
            made.settle()
            memory = peak_mb(made)
        started = time.perf_counter()
        with servers(url, directory) as (port, _):
            while not ready(port):
                time.sleep(0.01)
            start_up = time.perf_counter() - started
    begin, end = statistics.median(rates[:2]), statistics.median(rates[-2:])
    name = f"{commitments * waves * EVENTS:,} events, {asked.database}"
    lines = [
        Line(f"append rate, end : start, {name}", end, begin, "1/s", Ratio.AT_LEAST, 0.8),
        Line(f"peak memory of the servers, {name}", memory, GOAL_MB, "MB", Ratio.AT_MOST, 1),
        Line(f"start-up, {name}", start_up, GOAL_START, "s", Ratio.AT_MOST, 1),
    ]
    write(lines, OUT / "large")
    print(markdown(lines))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
