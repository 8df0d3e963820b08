"""The follower: reads the ledger from where each view is, folds, saves rows and position in one transaction.

Killed at any point, it goes on where the last save left it. A view whose fold fails stands where it is, with its
error noted; it never skips an event, and the others go on. Run as `python -m projections.follower` it serves the
ledger of `LUOSHI_DATABASE` until SIGTERM.
"""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any, Final

from sqlalchemy import Table

from ledger.contract import Reader, Row
from ledger.database import WrongDatabase, open_reader
from projections.days import FOREVER
from projections.folding import View, unknown
from projections.folds import views
from projections.generations import Generation, Save, Shelf, Superseded, open_shelf

BATCH: Final = 10_000
"""Events of one save."""
FAR: Final = 3
"""Batches behind from which it pays to write one batch while the next is folded."""
FEW: Final = 50
"""Batches after which a follower that is far behind looks whether it shall stop."""
LISTEN: Final = 1.0
"""Seconds after which a quiet follower looks whether another generation is served."""
REST: Final = 3.0
"""Times the duration of a small save that the follower rests after it: a save costs the same for one event as for
hundreds, so under load it would otherwise spend on saves what the writer needs."""
LONGEST_REST: Final = 0.1
NICENESS: Final = 10
"""The follower gives way to the processes that answer: what it owes it can make up later."""
log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""(events folded, events in all), after every batch."""


class Folder:
    """Moves one generation forward."""

    def __init__(
        self,
        generation: Generation,
        reader: Reader,
        *,
        served: bool,
        batch: int = BATCH,
        only: Mapping[str, View] | None = None,
    ) -> None:
        self.generation = generation
        self._reader = reader
        self._served = served
        self._batch = batch
        self._views = dict(only) if only is not None else views(generation, reader)
        self.stopped: dict[str, Exception] = {}
        """Views whose fold failed, and how."""
        self._refresh()

    def _refresh(self) -> None:
        standings = self.generation.standings()
        self.at = {name: standings[name].position for name in self._views}
        for view in self._views.values():
            view.forget()

    @property
    def position(self) -> int:
        """How far the views that go on have come; the furthest of all when none does."""
        going = [self.at[name] for name in self._views if name not in self.stopped]
        return min(going) if going else max(self.at.values())

    @property
    def stands(self) -> bool:
        """Every view has failed."""
        return len(self.stopped) == len(self._views)

    def step(self, *, upto: int | None = None) -> int:
        """Folds and saves one batch; returns how many events it read, 0 when there was nothing to do."""
        going = {name: view for name, view in self._views.items() if name not in self.stopped}
        if not going:
            return 0
        after = self.position
        rows = self._reader.read(after, self._batch, upto=upto)
        if rows:
            self._save(going, rows)
        return len(rows)

    def _save(self, going: Mapping[str, View], rows: Sequence[Row]) -> None:
        last = rows[-1].position
        if last >= FOREVER:
            raise OverflowError(f"position {last} is past what views of this shape can hold")
        moves: dict[str, tuple[int, int]] = {}
        inserts: dict[Table, Any] = {}
        changes: dict[Table, Any] = {}
        for name, view in going.items():
            mine = [row for row in rows if row.position > self.at[name]] if self.at[name] >= rows[0].position else rows
            if not mine:
                continue
            try:
                unknown(mine)
                found = view.fold(mine)
            except Exception as error:
                log.exception("view %s stops after position %d", name, self.at[name])
                view.forget()
                self.stopped[name] = error
                continue
            moves[name] = (self.at[name], last)
            inserts |= found.inserts
            changes |= found.changes
        try:
            self.generation.save(Save(moves, inserts, changes), served=self._served)
        except BaseException:
            for view in going.values():
                view.forget()
            raise
        for name in moves:
            self.at[name] = last
        for name in going.keys() & self.stopped.keys():
            self.generation.stop(name, describe(self.stopped[name]))

    def run(self, upto: int, progress: Progress | None = None) -> None:
        """Goes on to position `upto`; everything is stored on return."""
        if upto - self.position <= FAR * self._batch:
            self._run(upto, progress)
            return
        # Rows are made by the ten thousand and none is part of a cycle: looking for cycles costs a quarter of the fold.
        collecting = gc.isenabled()
        gc.disable()
        try:
            with self.generation.ahead():
                self._run(upto, progress)
        finally:
            if collecting:
                gc.enable()

    def _run(self, upto: int, progress: Progress | None) -> None:
        while self.position < upto and self.step(upto=upto):
            if progress is not None:
                progress(self.position, upto)


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def follow_once(url: str, *, batch: int = BATCH, progress: Progress | None = None) -> int:
    """Brings the served views to the head as it is now; returns the position reached."""
    reader, shelf = open_reader(url), open_shelf(url)
    try:
        while True:
            with suppress(Superseded), closing(shelf.open(shelf.served())) as generation:
                folder = Folder(generation, reader, served=True, batch=batch)
                folder.run(reader.head().position, progress)
                generation.index()
                return folder.position
    finally:
        shelf.close()
        reader.close()


def run_follower(url: str, stop: threading.Event, *, batch: int = BATCH) -> None:
    """Follows until `stop` is set. After a rebuild it goes on with the new generation."""
    reader, shelf = open_reader(url), open_shelf(url)
    try:
        shelf.sweep()
        while not stop.is_set():
            try:
                _follow_served(reader, shelf, stop, batch)
            except Superseded:
                # Another generation is served, or another follower of this ledger was faster.
                stop.wait(LISTEN / 10)
            shelf.sweep()
    finally:
        shelf.close()
        reader.close()


def _follow_served(reader: Reader, shelf: Shelf, stop: threading.Event, batch: int) -> None:
    generation = shelf.open(shelf.served())
    try:
        folder = Folder(generation, reader, served=True, batch=batch)
        looked = time.monotonic()
        indexed = False
        while not stop.is_set():
            head = reader.head().position
            if head - folder.position > batch and not folder.stands:
                folder.run(min(head, folder.position + FEW * batch))
                continue
            began = time.monotonic()
            read = folder.step()
            if read == batch:
                continue
            if not indexed:
                generation.index()
                indexed = True
            if read:
                stop.wait(min(REST * (time.monotonic() - began), LONGEST_REST))
                continue
            if time.monotonic() - looked >= LISTEN:
                looked = time.monotonic()
                if shelf.served() != generation.name:
                    return
            if folder.stands:
                stop.wait(LISTEN)
            else:
                reader.wait(folder.position, LISTEN)
    finally:
        generation.close()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="follower: %(message)s")
    os.nice(NICENESS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run_follower(os.environ.get("LUOSHI_DATABASE", ""), stop)
    except WrongDatabase as wrong:
        sys.stderr.write(f"luoshi: {wrong.zh}。{wrong.en}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
