"""Bulk: JSON Lines over HTTP, every line decided, against the best bare insert of the very same rows."""

import json
import sqlite3
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from bench.floor import Rows, bare_insert
from bench.table import Line, Ratio
from bench.world import World, key, world
from ledger.contract import RequestRow
from ledger.database import open_reader

LINES = 40_000
"""A round sends so many, in requests of 1,000 or 10,000."""
GROUPS = (1_000, 10_000)
CLIENTS = 2
"""Clients that send at once. The floor has no views, so the follower stands still meanwhile."""
GOAL = 0.4


def measure(name: str, fresh: Callable[[], str], directory: Path, *, streams: int, rounds: int) -> list[Line]:
    """`fresh()` gives the address of another empty database."""
    ours: dict[int, list[float]] = {group: [] for group in GROUPS}
    floors: dict[int, list[float]] = {group: [] for group in GROUPS}
    url = fresh()
    with world(url, directory) as made:
        ids = made.lives(range(streams))
        for turn in range(rounds):
            for group in GROUPS:
                made.settle()
                ours[group].append(_send(made, ids, group, turn))
                made.settle()
                floors[group].append(bare_insert(fresh(), _rows(url), group=group, timed=LINES))
    return [
        Line(
            f"bulk of {group:,}, {name}",
            statistics.median(ours[group]),
            statistics.median(floors[group]),
            "1/s",
            Ratio.AT_LEAST,
            GOAL,
        )
        for group in GROUPS
    ]


def _send(made: World, ids: list[str], group: int, turn: int) -> float:
    """Lines a second."""
    lines: list[dict[str, Any]] = [
        {"key": key(), **made.follow_up(ids[n % len(ids)], n % len(ids), turn * LINES + n)} for n in range(LINES)
    ]
    bodies = [
        b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines[start : start + group])
        for start in range(0, LINES, group)
    ]
    with made.no_views(), ThreadPoolExecutor(CLIENTS) as clients:
        started = time.perf_counter()
        answers = list(clients.map(made.bulk_raw, bodies))
        took = time.perf_counter() - started
    accepted = sum(answer.count(b'"status":201') for answer in answers)
    if accepted != LINES:
        raise RuntimeError(f"{LINES - accepted} lines were refused")
    return LINES / took


def _rows(url: str) -> Rows:
    """All that the ledger at `url` holds; the bench seals nothing but a few names at the start."""
    reader = open_reader(url)
    events = reader.read(0, reader.head().position)
    sql = "SELECT client, key, body_hash, position, size FROM {}request ORDER BY position"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            requests = connection.execute(sql.format("")).fetchall()
    else:
        with psycopg.connect(url) as postgres:
            requests = postgres.execute(sql.format("ledger.")).fetchall()
    return Rows(events, list(map(RequestRow._make, requests)), [])
