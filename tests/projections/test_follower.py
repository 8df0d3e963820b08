"""Exactly once, whatever is killed; rebuilds beside a served generation; what verify finds."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from psycopg.errors import NotNullViolation
from random_histories import history
from sqlalchemy import inspect, select
from world import World, at, follow_up, in_progress, policy, stream, unit

from ledger.database import open_reader, open_store
from projections import folds
from projections.ahead_process import WriterFailed
from projections.follower import Folder, follow_once, run_follower
from projections.generations import Save, Superseded, open_shelf
from projections.rebuild import RebuildFailed, rebuild
from projections.tables import FACT, METADATA, VIEW_TABLES
from projections.verify import verify
from projections.views import Views

DAY = date(2011, 3, 1)


@pytest.fixture
def world() -> World:
    return history(5, 300)


def tables(url: str) -> dict[str, list[Any]]:
    """All rows of the served views."""
    shelf = open_shelf(url)
    try:
        return shelf.read(
            lambda connection: {
                table.name: sorted(map(repr, connection.execute(select(table)).all()))
                for some in VIEW_TABLES.values()
                for table in some
            }
        )
    finally:
        shelf.close()


def views_sound(url: str) -> bool:
    """The random histories are no legal ones, so the ledger check has its own tests."""
    return all(view.sound for view in verify(url).views)


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.005)


@pytest.fixture
def following(database_url: str, world: World) -> Iterator[str]:
    """A ledger with a follower at work."""
    world.store(database_url)
    stop = threading.Event()
    follower = threading.Thread(target=run_follower, args=(database_url, stop), kwargs={"batch": 10})
    follower.start()
    yield database_url
    stop.set()
    follower.join()


def test_a_follower_goes_on_live(following: str, world: World) -> None:
    views = Views(following)
    assert views.wait(len(world.rows), 60)
    position = world.record(stream(10), unit(1), at(world.events[-1][3].date()))
    world.store(following)
    assert views.wait(position, 60)
    assert {lag.error for lag in views.lag()} == {None}
    views.close()
    assert views_sound(following)


PROGRAM = """
import sys
from projections import follower
from projections.follower import follow_once
from projections.rebuild import rebuild
follower.FAR = 10**9 if sys.argv[3] == "here" else 3
if sys.argv[1] == "follow":
    follow_once(sys.argv[2], batch=3, progress=lambda done, _: print(done, flush=True))
else:
    rebuild(sys.argv[2], batch=3, progress=lambda done, _: print(done, flush=True))
"""


def killed(what: str, url: str, after: int, where: str = "here") -> int:
    """Runs a process of its own and kills it once it has folded past `after`; the last position it told of. With
    `ahead`, a batch is written while the next one is folded."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, what, url, where],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ,
    ) as process:
        assert process.stdout is not None
        done = 0
        for line in process.stdout:
            done = int(line) if line.strip().isdigit() else 0
            if done > after:
                break
        process.send_signal(signal.SIGKILL)
    return done


def test_a_killed_follower_goes_on_where_it_was(database_url: str, world: World) -> None:
    world.store(database_url)
    for after in (20, 100, 200):
        told = killed("follow", database_url, after)
        views = Views(database_url)
        assert {lag.position for lag in views.lag()} != {0}
        assert min(lag.position for lag in views.lag()) >= told
        views.close()
    assert follow_once(database_url) == len(world.rows)
    interrupted = tables(database_url)
    rebuild(database_url)
    assert tables(database_url) == interrupted


def test_a_follower_killed_while_it_folds_ahead_goes_on_where_it_was(database_url: str, world: World) -> None:
    world.store(database_url)
    for after in (20, 100, 200):
        killed("follow", database_url, after, "ahead")
        views = Views(database_url)
        # All views of a batch or none; what writes may still store what it had read in full.
        assert len({lag.position for lag in views.lag()}) == 1
        views.close()
    assert follow_once(database_url, batch=7) == len(world.rows)
    assert views_sound(database_url)


def test_a_batch_that_cannot_be_written_ahead_is_told_of(database_url: str, world: World) -> None:
    world.store(database_url)
    follow_once(database_url, batch=50)
    shelf = open_shelf(database_url)
    generation = shelf.open(shelf.served())
    with pytest.raises(Superseded), generation.ahead():
        generation.save(Save({"facts": (1, 2)}, {}, {}), served=True)
    with pytest.raises((WriterFailed, NotNullViolation), match=r"(?i)not.null"), generation.ahead():
        generation.save(Save({}, {FACT: [[1, None, None, None, None, None, None, None, None, None]]}, {}), served=True)
    generation.close()
    shelf.close()
    assert views_sound(database_url)


def indexes(url: str) -> dict[str, set[str | None]]:
    """Names of the indexes of the served views."""
    shelf = open_shelf(url)
    schema = None if url.startswith("sqlite") else shelf.served()
    found = shelf.read(
        lambda connection: {
            table.name: {index["name"] for index in inspect(connection).get_indexes(table.name, schema)}
            for table in METADATA.sorted_tables
        }
    )
    shelf.close()
    return found


def test_rebuilt_views_have_their_indexes(database_url: str, world: World) -> None:
    world.store(database_url)
    wanted = {table.name: {index.name for index in table.indexes} for table in METADATA.sorted_tables}
    follow_once(database_url)
    assert indexes(database_url) == wanted
    rebuild(database_url)
    assert indexes(database_url) == wanted
    killed("rebuild", database_url, 100)
    rebuild(database_url)
    assert indexes(database_url) == wanted


def test_a_killed_rebuild_goes_on_and_the_old_views_serve_meanwhile(database_url: str, world: World) -> None:
    world.store(database_url)
    follow_once(database_url)
    before = tables(database_url)
    shelf = open_shelf(database_url)
    served = shelf.served()
    told = killed("rebuild", database_url, 60)
    assert shelf.served() == served
    assert tables(database_url) == before
    half = shelf.building()
    rebuilt = rebuild(database_url, batch=50)
    assert rebuilt.resumed_from >= told
    assert rebuilt.generation == half == shelf.served()
    assert shelf.building() is None
    assert tables(database_url) == before
    shelf.close()


def test_readers_and_the_follower_go_over_to_the_rebuilt_generation(following: str, world: World) -> None:
    views = Views(following)
    assert views.wait(len(world.rows), 60)
    stop = threading.Event()
    seen: list[int] = []
    errors: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                moment = views.at()
                seen.append(moment.position)
                views.commitments(moment, limit=200)
                views.headline(moment, 2011)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    old = open_shelf(following)
    first = old.served()
    for number in range(3):
        world.record(stream(10), unit(number), at(world.events[-1][3].date()))
        world.store(following)
        rebuild(following, batch=40)
    assert old.served() != first
    assert views.wait(len(world.rows), 60)
    position = world.record(stream(10), unit(9), at(world.events[-1][3].date()))
    world.store(following)
    assert views.wait(position, 60)
    stop.set()
    reader.join()
    assert not errors
    assert seen == sorted(seen), "a view went back"
    # The old generations go when nobody reads or writes them any more.
    until(lambda: bool(old.sweep()) or len(generations(following)) == 1)
    assert generations(following) == [old.served()]
    old.close()
    views.close()


def generations(url: str) -> list[str]:
    if url.startswith("sqlite"):
        return sorted(path.stem for path in Path(f"{url.removeprefix('sqlite:///')}.views").glob("g*_*.db"))
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'g%' ORDER BY 1").fetchall()
    return [name for (name,) in found if "_0" in name]


def test_only_one_of_two_followers_saves_a_batch(database_url: str, world: World) -> None:
    world.store(database_url)
    reader, shelf = open_reader(database_url), open_shelf(database_url)
    first, second = shelf.open(shelf.served()), shelf.open(shelf.served())
    one = Folder(first, reader, served=True, batch=50)
    two = Folder(second, reader, served=True, batch=50)
    assert one.step() == 50
    with pytest.raises(Superseded):
        two.step()
    with pytest.raises(Superseded):
        second.save(Save({"facts": (7, 8)}, {FACT: []}, {}), served=True)
    for generation in (first, second):
        generation.close()
    shelf.close()
    reader.close()
    assert follow_once(database_url) == len(world.rows)
    assert views_sound(database_url)


def test_a_failing_view_stands_and_says_why_while_others_go_on(
    database_url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store(database_url)
    real = folds.FactsView.fold

    def fold(self: folds.FactsView, rows: Any) -> Any:
        if rows[-1].position > 40:
            raise ValueError("no such figure")
        return real(self, rows)

    with monkeypatch.context() as patch:
        patch.setattr(folds.FactsView, "fold", fold)
        follow_once(database_url, batch=20)
        views = Views(database_url)
        lag = {one.view: one for one in views.lag()}
        assert (lag["facts"].position, lag["facts"].error) == (40, "ValueError: no such figure")
        assert (lag["commitments"].position, lag["commitments"].error) == (len(world.rows), None)
        assert views.at().position == 40
        with pytest.raises(RebuildFailed):
            rebuild(database_url)
    assert follow_once(database_url, batch=20) == len(world.rows)
    assert {one.error for one in views.lag()} == {None}
    views.close()
    assert views_sound(database_url)


def tamper(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        import sqlite3  # noqa: PLC0415

        shelf = open_shelf(url)
        connection = sqlite3.connect(Path(f"{url.removeprefix('sqlite:///')}.views") / f"{shelf.served()}.db")
        connection.execute(statement)
        connection.commit()
        connection.close()
        shelf.close()
        return
    import psycopg  # noqa: PLC0415

    shelf = open_shelf(url)
    with psycopg.connect(url) as connection:
        connection.execute(f"SET search_path = {shelf.served()}")
        connection.execute(statement)
    shelf.close()


def test_verify_locates_a_row_that_was_changed_dropped_or_added(database_url: str) -> None:
    world = World()
    for number in range(5):
        world.record(stream(10 + number), unit(number), at(DAY))
    world.record(stream(20), policy(stream(10)), at(DAY))
    for number in range(5):
        lead = stream(10 + number)
        in_progress(world, stream(100 + number), lead, stream(20), day=DAY, due_on=DAY.replace(month=9))
    changed = world.record(stream(101), follow_up(30), at(DAY))
    dropped = world.record(stream(102), follow_up(40), at(DAY))
    world.store(database_url, claimed=world.claims())
    follow_once(database_url)
    assert verify(database_url).sound

    tamper(database_url, f"UPDATE commitment_version SET progress = 99 WHERE since = {changed}")
    tamper(database_url, f"DELETE FROM commitment_version WHERE since = {dropped}")
    tamper(database_url, "INSERT INTO commitment_policy VALUES ('x', '1', 'y')")
    found = {check.view: check for check in verify(database_url).views}
    assert found["names"].sound
    assert found["facts"].sound
    check = found["commitments"]
    assert not check.sound
    assert check.served != check.rebuilt
    assert check.differing == 3
    by_since = {(one.served or one.rebuilt or {}).get("since"): one for one in check.differences}
    assert by_since[changed].served["progress"] == 99
    assert by_since[changed].rebuilt["progress"] == 30
    assert by_since[dropped].served is None
    assert by_since[None].rebuilt is None
    rebuild(database_url)
    assert verify(database_url).sound


def test_verify_finds_a_row_of_the_ledger_that_was_changed(sqlite_url: str, world: World) -> None:
    import sqlite3  # noqa: PLC0415

    world.store(sqlite_url)
    follow_once(sqlite_url)
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    connection.execute("UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 7")
    connection.execute("INSERT INTO claim VALUES ('unit code U9', zeroblob(16))")
    connection.execute("DELETE FROM event WHERE position = 33")
    connection.commit()
    connection.close()
    check = verify(sqlite_url).ledger
    assert not check.sound
    text = "\n".join(check.problems)
    assert "position 7 does not match its leaf hash" in text
    assert "a gap before position 34" in text
    assert "“unit code U9” is held by" in text


def test_verify_says_that_a_ledger_was_never_opened(database_url: str) -> None:
    open_store(database_url, create=True).close()
    found = verify(database_url)
    assert not found.sound
    assert found.ledger.problems == ("台账尚未启用：没有任何事件 / the ledger is not opened: it has no event",)
