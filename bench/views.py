"""Views: catch-up and rebuild of all of them against the stock runner, and against decoding the same events and
inserting the same rows with no logic between; and the replay of one long stream."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from bench import stock, stock_projection
from bench.stock_projection import Boards
from bench.stock_views import stored_as_ours
from bench.table import Line, Ratio
from bench.world import world
from ledger.codec import decode, key_of
from ledger.contract import Reader
from ledger.database import open_reader
from ledger.streams import folded
from projections.follower import BATCH, Folder
from projections.generations import Save, open_shelf
from projections.rebuild import rebuild
from projections.tables import METADATA

AT_LEAST, REPORTED = Ratio.AT_LEAST, Ratio.REPORTED
RUN = 1_000
"""Stock commitments, four events each, for the stock runner to follow."""
EVENTS = 8
"""Of each of our commitments."""
LONG = 1_000
"""Events of the stream that is replayed."""
GETS = 10


def measure(
    name: str, fresh: Callable[[], str], stock_env: dict[str, str], directory: Path, *, streams: int, rounds: int
) -> list[Line]:
    runner_env = subscribable(stock_env, fresh)
    stock_events = 4 * len(stock.lives(runner_env, RUN))
    long = lengthen(stock_env)
    url = fresh()
    with world(url, directory) as made:
        ids = made.lives(range(streams))
        for turn in range(EVENTS - 4):
            made.bulk(made.follow_up(i, n, turn) for n, i in enumerate(ids))
        made.bulk(made.follow_up(ids[0], 0, n) for n in range(LONG - made_events(url, ids[0])))
        made.settle()
    same_rows = stored_as_ours(url, ids[1 : 1 + stock_events // EVENTS], stock_events)
    catch_ups, rebuilds, floors, runners, boards, gets, replays = ([] for _ in range(7))  # type: list[float]
    for turn in range(rounds):
        catch_ups.append(catch_up(url))
        floors.append(floor(url))
        rebuilds.append(timed_rebuild(url))
        for projection, rates in ((same_rows, runners), (Boards, boards)):
            env = stock_projection.empty(runner_env, projection, turn)
            rates.append(stock_projection.events_a_second(env, projection, last=stock_events))
        gets.append(stock_projection.seconds_a_get(stock_env, long, GETS) * 1e3)
        replays.append(replay(url, ids[0]) * 1e3)
    ours = statistics.median
    return [
        Line(f"catch-up : stock runner, same rows, {name}", ours(catch_ups), ours(runners), "1/s", AT_LEAST, 50),
        Line(f"rebuild : stock runner, same rows, {name}", ours(rebuilds), ours(runners), "1/s", AT_LEAST, 50),
        Line(f"catch-up : stock runner, two small tables, {name}", ours(catch_ups), ours(boards), "1/s", REPORTED, 0),
        Line(f"rebuild : stock runner, two small tables, {name}", ours(rebuilds), ours(boards), "1/s", REPORTED, 0),
        Line(f"catch-up : decode and insert, {name}", ours(catch_ups), ours(floors), "1/s", AT_LEAST, 0.5),
        Line(f"rebuild : decode and insert, {name}", ours(rebuilds), ours(floors), "1/s", AT_LEAST, 0.5),
        Line(f"repository.get : replay of {LONG:,}, {name}", ours(gets), ours(replays), "ms", AT_LEAST, 12),
    ]


def made_events(url: str, stream: str) -> int:
    return len(open_reader(url).stream(key_of(stream)))


def subscribable(env: dict[str, str], fresh: Callable[[], str]) -> dict[str, str]:
    """The library's SQLite recorder cannot be subscribed to, so there its runner follows ours."""
    if "POSTGRES_DBNAME" in env:
        return env
    return {**env, "PERSISTENCE_MODULE": "ledger.recorders", "LUOSHI_DATABASE": fresh()}


def lengthen(env: dict[str, str]) -> UUID:
    """A stock stream of a thousand events."""
    (commitment,) = stock.lives(env, 1)
    app = stock.Commitments(env=env)
    aggregate: stock.Commitment = app.repository.get(commitment)
    for n in range(LONG - aggregate.version):
        aggregate.follow_up(n, "已完成入户核查，施工队进场，本周更换管道三百米", "officer")
    app.save(aggregate)
    app.close()
    return commitment


def catch_up(url: str) -> float:
    """Events a second through the follower's own fold, from nothing to the head."""
    reader, shelf = open_reader(url), open_shelf(url)
    head = reader.head().position
    with shelf.scratch() as generation:
        folder = Folder(generation, reader, served=False, batch=BATCH)
        started = time.perf_counter()
        folder.run(head)
        generation.index()
        rate = head / (time.perf_counter() - started)
    shelf.close()
    return rate


def timed_rebuild(url: str) -> float:
    head = open_reader(url).head().position
    started = time.perf_counter()
    rebuild(url)
    return head / (time.perf_counter() - started)


def floor(url: str) -> float:
    """Events a second: the same events decoded, the same rows inserted in as many transactions, the same indexes."""
    reader, shelf = open_reader(url), open_shelf(url)
    head = reader.head().position
    served = shelf.open(shelf.served())
    rows = {table: list(served.rows(table)) for table in METADATA.sorted_tables if table.name != "view"}
    served.close()
    batches = max(1, -(-head // BATCH))
    with shelf.scratch() as generation:
        started = time.perf_counter()
        for n in range(batches):
            _decoded(reader, n)
            some = {t: r[len(r) * n // batches : len(r) * (n + 1) // batches] for t, r in rows.items()}
            generation.save(Save({}, {table: part for table, part in some.items() if part}, {}), served=False)
        generation.index()
        rate = head / (time.perf_counter() - started)
    shelf.close()
    return rate


def _decoded(reader: Reader, n: int) -> None:
    for row in reader.read(n * BATCH, BATCH):
        decode(row)


def replay(url: str, stream: str) -> float:
    """Seconds one read and fold of a stream takes."""
    reader, key = open_reader(url), key_of(stream)
    list(folded(reader, [key]))
    started = time.perf_counter()
    for _ in range(GETS):
        list(folded(reader, [key]))
    return (time.perf_counter() - started) / GETS
