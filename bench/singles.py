"""Single commands over HTTP, 64 connections: the stock route, the FastAPI routes and the hot route in turns.

The stock route has no views, so the follower stands still while the others are measured against it; the hot route is
measured once more with its views following.
"""

import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench import load, stock
from bench.table import Line, Ratio
from bench.world import World, free_port, key, world

CONNECTIONS = 64
FASTEST = 25_000
"""More requests a second than any route answers."""
EXISTING = 0.7
"""Share of requests that act on one of the existing streams; the others open a new one."""


def requests(existing: Callable[[int], bytes], new: Callable[[int], bytes], turn: int) -> Iterator[bytes]:
    """The same mix for every route. `existing(n)` and `new(n)` make the n-th request of their kind; the existing
    streams are taken in turns, so that no two requests under way meet on one (the stock route would answer 500)."""
    choose = random.Random(turn)
    for n in itertools.count(turn * 100_000):
        yield existing(n) if choose.random() < EXISTING else new(n)


@contextmanager
def stock_server(env: dict[str, str]) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.stock"], env={**os.environ, **env, "PORT": str(port)})
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def stock_load(ids: list[Any]) -> Callable[[int], Iterator[bytes]]:
    def existing(n: int) -> bytes:
        body = {"progress": n, "note": "已完成入户核查，施工队进场，本周更换管道三百米"}
        return load.post(f"/commitments/{ids[n % len(ids)]}/follow-ups", {}, json.dumps(body).encode())

    def new(n: int) -> bytes:
        body = {
            "title": f"第{n}项惠民承诺：改造老旧小区供水管网",
            "unit": "u" * 36,
            "policy": "p" * 36,
            "quantity": 1_000_000_000,
            "measure": "户",
            "starts_on": "2026-01-01",
            "due_on": "2027-12-31",
        }
        return load.post("/commitments", {}, json.dumps(body).encode())

    return lambda turn: requests(existing, new, turn)


class Ours:
    """Requests to the two doors, on the same ledger. New commitments take numbers no open one has."""

    def __init__(self, made: World, ids: list[str]) -> None:
        self.made, self.ids = made, ids
        self.numbers = itertools.count(len(ids))

    def fresh(self) -> dict[str, Any]:
        return self.made.proposal(next(self.numbers))

    def hot(self, turn: int) -> Iterator[bytes]:
        headers = {"authorization": f"Bearer {self.made.secret}"}

        def send(line: dict[str, Any]) -> bytes:
            return load.post("/v1/commands", headers, json.dumps({"key": key(), **line}).encode())

        return requests(lambda n: send(self._follow_up(n)), lambda _: send(self.fresh()), turn)

    def fastapi(self, turn: int) -> Iterator[bytes]:
        def send(path: str, line: dict[str, Any]) -> bytes:
            headers = {
                "authorization": f"Bearer {self.made.secret}",
                "luoshi-person": line["person"],
                "idempotency-key": key(),
            }
            return load.post(path, headers, json.dumps(line["body"]).encode())

        def existing(n: int) -> bytes:
            line = self._follow_up(n)
            return send(f"/v1/commitments/{line['stream']}/follow-ups", line)

        return requests(existing, lambda _: send("/v1/commitments", self.fresh()), turn)

    def _follow_up(self, n: int) -> dict[str, Any]:
        at = n % len(self.ids)
        return self.made.follow_up(self.ids[at], at, n % 1_000_000)


def measure(
    name: str, url: str, stock_env: dict[str, str], directory: Path, *, streams: int, rounds: int, seconds: float
) -> list[Line]:
    """Lines for one database: both doors against the stock route, and the slowest answers."""
    stock_ids = stock.lives(stock_env, streams)
    rates: dict[str, list[load.Result]] = {"stock": [], "fastapi": [], "hot": [], "hot, views following": []}
    with stock_server(stock_env) as stock_port, world(url, directory) as made:
        ours = Ours(made, made.lives(range(streams)))
        made.settle()
        turns: dict[str, tuple[int, Callable[[int], Iterator[bytes]]]] = {
            "stock": (stock_port, stock_load(stock_ids)),
            "fastapi": (made.port, ours.fastapi),
            "hot": (made.port, ours.hot),
            "hot, views following": (made.port, ours.hot),
        }
        for turn in range(rounds + 1):
            for door, (port, make) in turns.items():
                # Made beforehand: what the client spends while it measures is taken from the server.
                ready = list(itertools.islice(make(turn), int(FASTEST * (seconds if turn else 1))))
                with made.no_views() if "following" not in door else nullcontext():
                    result = load.run(port, iter(ready), connections=CONNECTIONS, seconds=seconds if turn else 1)
                if set(result.statuses) != {201}:
                    raise RuntimeError(f"{door}: {result.statuses}")
                if turn:  # the first one only warms up
                    rates[door].append(result)
                if door != "stock":
                    made.settle()
    median = {door: statistics.median(r.per_second for r in results) for door, results in rates.items()}
    stock_ms = statistics.median(r.median_ms for r in rates["stock"])
    hot_p99 = statistics.median(r.p99_ms for r in rates["hot"])
    goals = {"sqlite": (5.0, 12.0), "postgresql": (9.0, 25.0)}[name]
    return [
        Line(f"single, FastAPI routes, {name}", median["fastapi"], median["stock"], "1/s", Ratio.AT_LEAST, goals[0]),
        Line(f"single, hot route, {name}", median["hot"], median["stock"], "1/s", Ratio.AT_LEAST, goals[1]),
        Line(
            f"single, hot route with its views following, {name}",
            median["hot, views following"],
            median["stock"],
            "1/s",
            Ratio.REPORTED,
            0,
        ),
        Line(f"single, hot route p99 : stock median, {name}", hot_p99, stock_ms, "ms", Ratio.AT_MOST, 0.3),
    ]
