"""Views: catch-up and rebuild of all of them against the stock runner, and against decoding the same events and
inserting the same rows with no logic between; and the replay of one long stream."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from bench import stock, stock_projection
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

RUN = 1_000
"""Stock commitments, four events each, for the stock runner to follow."""
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
        for turn in range(4):
            made.bulk(made.follow_up(i, n, turn) for n, i in enumerate(ids))
        made.bulk(made.follow_up(ids[0], 0, n) for n in range(LONG - made_events(url, ids[0])))
        made.settle()
    catch_ups, rebuilds, floors, runners, gets, replays = ([] for _ in range(6))  # type: list[float]
    for turn in range(rounds):
        catch_ups.append(catch_up(url))
        floors.append(floor(url))
        rebuilds.append(timed_rebuild(url))
        runners.append(stock_projection.events_a_second(board(runner_env, turn), last=stock_events))
        gets.append(stock_projection.seconds_a_get(stock_env, long, GETS) * 1e3)
        replays.append(replay(url, ids[0]) * 1e3)
    ours = statistics.median
    return [
        Line(f"catch-up : stock runner, {name}", ours(catch_ups), ours(runners), "1/s", Ratio.AT_LEAST, 50),
        Line(f"rebuild : stock runner, {name}", ours(rebuilds), ours(runners), "1/s", Ratio.AT_LEAST, 50),
        Line(f"catch-up : decode and insert, {name}", ours(catch_ups), ours(floors), "1/s", Ratio.AT_LEAST, 0.5),
        Line(f"rebuild : decode and insert, {name}", ours(rebuilds), ours(floors), "1/s", Ratio.AT_LEAST, 0.5),
        Line(f"repository.get : replay of {LONG:,}, {name}", ours(gets), ours(replays), "ms", Ratio.AT_LEAST, 12),
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


def board(env: dict[str, str], turn: int) -> dict[str, str]:
    """The stock projection's own settings: an empty board for each turn."""
    if "POSTGRES_DBNAME" in env:
        schema = f"board_{turn}"
        host, dbname, user = env["POSTGRES_HOST"], env["POSTGRES_DBNAME"], env["POSTGRES_USER"]
        with psycopg.connect(host=host, dbname=dbname, user=user, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        return {**env, "BOARDS_POSTGRES_SCHEMA": schema}
    return {
        **env,
        "BOARDS_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "BOARDS_SQLITE_DBNAME": f"{env['SQLITE_DBNAME']}.board{turn}",
    }


def catch_up(url: str) -> float:
    """Events a second through the follower's own fold, from nothing to the head."""
    reader, shelf = open_reader(url), open_shelf(url)
    head = reader.head().position
    with shelf.scratch() as generation:
        folder = Folder(generation, reader, served=False, batch=BATCH)
        started = time.perf_counter()
        folder.run(head)
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
