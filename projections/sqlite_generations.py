"""Generations as SQLite files in the directory `<database>.views`.

`served` and `building` are small files that hold a name. Every open connection's process holds a shared lock on
`<name>.used`, so a file is removed only when its last reader is gone.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, Table, create_engine, event

from projections.days import FOREVER
from projections.generations import (
    END_COLUMNS,
    PREFIX,
    VIEWS,
    Generation,
    Save,
    Standing,
    Superseded,
    columns,
    key,
)
from projections.tables import METADATA

T = TypeVar("T")

PATIENCE: Final = 30.0  # seconds another process may hold a file
WRITE_CACHE_KIB: Final = 65_536
READ_CACHE_KIB: Final = 16_384
MANY: Final = 500  # keys one query asks for
READERS: Final = 16  # connections of one process


class SqliteGeneration:
    """One file, written through one connection."""

    def __init__(self, path: Path, is_served: Callable[[], bool], used: int | None) -> None:
        self.name = path.stem
        self._is_served = is_served
        self._used = used
        self._connection = _connect(path)
        for pragma in ("synchronous = NORMAL", f"cache_size = -{WRITE_CACHE_KIB}", "wal_autocheckpoint = 4000"):
            # NORMAL may lose the last saves in a power cut, rows and position together: the follower does them again.
            self._connection.execute(f"PRAGMA {pragma}")

    def standings(self) -> dict[str, Standing]:
        rows = self._connection.execute("SELECT name, position, error FROM view").fetchall()
        return {name: Standing(position, error) for name, position, error in rows}

    def newest(self, table: Table, streams: Sequence[bytes]) -> list[list[Any]]:
        found: list[list[Any]] = []
        wanted = sorted(streams)
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            rows = self._connection.execute(
                f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream IN ({','.join('?' * len(some))}) "  # noqa: S608 - names from the tables
                "AND next_since = ? AND until = ? AND valid_to = ?",
                (*some, FOREVER, FOREVER, FOREVER),
            )
            found += map(list, rows)
        return found

    def live(self, table: Table, stream: bytes) -> list[list[Any]]:
        rows = self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} WHERE stream = ? AND until = ?",  # noqa: S608
            (stream, FOREVER),
        )
        return list(map(list, rows))

    def save(self, save: Save, *, served: bool) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._move(save, served=served)
            for table, rows in save.changes.items():
                at = [*(columns(table).index(name) for name in END_COLUMNS), 0]
                connection.executemany(
                    f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in END_COLUMNS)} WHERE id = ?",  # noqa: S608
                    map(itemgetter(*at), rows),
                )
            for table, rows in save.inserts.items():
                connection.executemany(
                    f"INSERT INTO {table.name} VALUES ({','.join('?' * len(table.columns))})",  # noqa: S608
                    rows,
                )
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _move(self, save: Save, *, served: bool) -> None:
        if served and not self._is_served():
            raise Superseded
        for view, (before, after) in save.moves.items():
            moved = self._connection.execute(
                "UPDATE view SET position = ?, error = NULL WHERE name = ? AND position = ?", (after, view, before)
            )
            if moved.rowcount != 1:
                raise Superseded

    def stop(self, view: str, error: str) -> None:
        self._connection.execute("UPDATE view SET error = ? WHERE name = ?", (error, view))

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        yield from self._connection.execute(
            f"SELECT {', '.join(columns(table))} FROM {table.name} ORDER BY {', '.join(key(table))}"  # noqa: S608
        )

    def close(self) -> None:
        self._connection.close()
        if self._used is not None:
            os.close(self._used)
            self._used = None


class SqliteShelf:
    """The directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        self._opened: dict[str, _Opened] = {}
        directory.mkdir(parents=True, exist_ok=True)

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.db"

    def _pointer(self, pointer: str) -> str | None:
        try:
            name = (self._directory / pointer).read_text()
        except FileNotFoundError:
            return None
        return name if name.startswith(PREFIX) else None

    def _point(self, pointer: str, name: str) -> None:
        """Moves a pointer: either the old name is there afterwards or the new one, whatever happens."""
        descriptor, written = tempfile.mkstemp(prefix=f"{pointer}.", dir=self._directory)
        with os.fdopen(descriptor, "w") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(self._directory / pointer)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Pointers and files are made and removed by one process at a time."""
        with (self._directory / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make(self) -> str:
        # A number is used once, even if its file is gone: a reader may still hold the name.
        counter = self._directory / "made"
        number = int(counter.read_text()) + 1 if counter.exists() else 1
        self._point("made", str(number))
        name = f"{PREFIX}{number:06d}"
        _create(self._path(name))
        return name

    def served(self) -> str:
        found = self._pointer("served")
        if found is not None:
            return found
        with self._alone():
            found = self._pointer("served")
            if found is None:
                found = self._make()
                self._point("served", found)
            return found

    def building(self) -> str | None:
        return self._pointer("building")

    def start_building(self) -> str:
        with self._alone():
            found = self._pointer("building")
            if found is None or not self._path(found).exists():
                found = self._make()
                self._point("building", found)
            return found

    def stop_building(self, name: str) -> None:
        with self._alone():
            self._built(name)

    def _built(self, name: str) -> None:
        if self._pointer("building") == name:
            (self._directory / "building").unlink()

    def open(self, name: str) -> Generation:
        used = self._use(name)
        if used is None:
            raise Superseded
        return SqliteGeneration(self._path(name), lambda: self._pointer("served") == name, used)

    @contextmanager
    def scratch(self) -> Iterator[Generation]:
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=self._directory) as directory, _held(Path(directory)):
            path = Path(directory) / "scratch.db"
            _create(path)
            generation = SqliteGeneration(path, lambda: False, None)
            try:
                yield generation
            finally:
                generation.close()

    def switch(self, name: str, catch_up: Callable[[int], None]) -> None:
        with self._alone():
            before = self._pointer("served")
            if before is None:
                catch_up(0)
                self._point("served", name)
            elif before != name:
                connection = _connect(self._path(before))
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    catch_up(int(connection.execute("SELECT max(position) FROM view").fetchone()[0]))
                    self._point("served", name)
                finally:
                    connection.close()
            self._built(name)

    def sweep(self) -> list[str]:
        removed: list[str] = []
        with self._alone():
            served = self._pointer("served")
            if served is None:
                return removed
            self._leave(served)
            for path in sorted(self._directory.glob("g*_*.db")):
                if path.stem in {served, self._pointer("building")}:
                    continue
                with self._used_file(path.stem).open("w") as used:
                    try:
                        fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    for companion in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), self._used_file(path.stem)):
                        companion.unlink(missing_ok=True)
                removed.append(path.stem)
            for left in self._directory.glob("scratch-*"):
                with _held(left) as mine:
                    if mine:
                        shutil.rmtree(left)
        return removed

    def _used_file(self, name: str) -> Path:
        return self._directory / f"{name}.used"

    def _use(self, name: str) -> int | None:
        """A shared lock on a generation, or None when it is gone."""
        descriptor = os.open(self._used_file(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if self._path(name).exists():
            return descriptor
        os.close(descriptor)
        self._used_file(name).unlink(missing_ok=True)
        return None

    def read(self, query: Callable[[Connection], T]) -> T:
        opened = self._open_served()
        try:
            with opened.engine.connect() as connection, connection.begin():
                return query(connection)
        finally:
            with self._lock:
                opened.readers -= 1
            self._leave(self._pointer("served"))

    def _open_served(self) -> "_Opened":
        while True:
            name = self.served()
            with self._lock:
                opened = self._opened.get(name)
                if opened is None:
                    used = self._use(name)
                    if used is None:
                        continue  # switched and swept since we looked
                    opened = self._opened[name] = _Opened(_engine(self._path(name)), used)
                opened.readers += 1
                return opened

    def _leave(self, served: str | None) -> None:
        """Lets go of generations that are served no longer and that no query here is reading."""
        if self._opened.keys() <= {served}:
            return
        with self._lock:
            for name in [name for name, opened in self._opened.items() if name != served and not opened.readers]:
                opened = self._opened.pop(name)
                opened.engine.dispose()
                os.close(opened.used)

    def close(self) -> None:
        self._leave(None)


@dataclass(slots=True)
class _Opened:
    """A generation this process reads."""

    engine: Engine
    used: int
    """Descriptor with the shared lock."""
    readers: int = 0


@contextmanager
def _held(directory: Path) -> Iterator[bool]:
    """Whether nobody else holds the directory; nobody does while the block runs."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def _create(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    engine = _engine(path, writing=True)
    with engine.begin() as tables:
        METADATA.create_all(tables)
        for view in VIEWS:
            tables.exec_driver_sql("INSERT INTO view (name, position) VALUES (?, 0)", (view,))
    engine.dispose()


def _engine(path: Path, *, writing: bool = False) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = _connect(path)
        connection.execute(f"PRAGMA cache_size = -{READ_CACHE_KIB}")
        if not writing:
            connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=QueuePool, pool_size=READERS, max_overflow=READERS
    )
    # sqlite3 does not open a transaction for a SELECT by itself.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine
