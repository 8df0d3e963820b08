"""Generations as SQLite files in the directory `<database>.views`.

`served` and `building` are small files that hold a name. Every open connection's process holds a shared lock on
`<name>.used`, so a file is removed only when its last reader is gone.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, Engine

from projections.generations import (
    PREFIX,
    Generation,
    Superseded,
)
from projections.sqlite_generations import SqliteGeneration, create_file, engine_of
from projections.sqlite_writer import connect

T = TypeVar("T")


class SqliteShelf:
    """The directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        self._opened: dict[str, _Opened] = {}
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

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
        create_file(self._path(name))
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
        return SqliteGeneration(self._path(name), self._directory / "served", used)

    @contextmanager
    def scratch(self) -> Iterator[Generation]:
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=self._directory) as directory, _held(Path(directory)):
            path = Path(directory) / "scratch.db"
            create_file(path)
            generation = SqliteGeneration(path, None, None)
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
                connection = connect(self._path(before))
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
                    opened = self._opened[name] = _Opened(engine_of(self._path(name)), used)
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
