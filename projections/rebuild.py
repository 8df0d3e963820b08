"""Rebuild beside and switch: a new generation is filled in bounded chunks while the old one serves and follows; then
the pointer moves. Killed at any point, the next rebuild goes on where this one was."""

from dataclasses import dataclass

from ledger.contract import Reader
from ledger.database import open_reader
from projections.folding import UnknownEvent
from projections.follower import BATCH, Folder, Progress, describe
from projections.generations import Shelf, Superseded, open_shelf


class RebuildFailed(Exception):  # noqa: N818 - an answer to the operator
    """The old generation serves on. `zh` and `en` are one sentence each."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    generation: str
    """Name of the one that is served now."""
    position: int
    resumed_from: int
    """0 unless an earlier rebuild was interrupted."""


def rebuild(
    url: str,
    *,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Rebuilt:
    """Fills a new generation and serves it. Raises RebuildFailed when a view cannot be folded or another rebuild of
    this ledger is running."""
    reader, shelf = open_reader(url), open_shelf(url)
    try:
        return _rebuild(reader, shelf, progress, batch=batch)
    except Superseded:
        raise RebuildFailed("另一个重建正在进行", "another rebuild is running") from None
    except UnknownEvent as unknown:
        raise RebuildFailed(
            f"台账含有本版本不认识的事件 {unknown}", f"the ledger holds an event this version does not know: {unknown}"
        ) from unknown
    finally:
        shelf.close()
        reader.close()


def _rebuild(reader: Reader, shelf: Shelf, progress: Progress | None, *, batch: int) -> Rebuilt:
    generation = shelf.open(shelf.start_building())
    try:
        folder = Folder(generation, reader, served=False, batch=batch)
        resumed_from = folder.position

        def fill(position: int) -> None:
            folder.run(position, progress)
            for view, error in folder.stopped.items():
                # What is half filled stays unserved; a program that can fold it starts anew.
                shelf.stop_building(generation.name)
                raise RebuildFailed(
                    f"视图 {view} 无法重建：{error}", f"view {view} stops: {describe(error)}"
                ) from error

        # The head moves on while the bulk is folded; what is left for the switch is what came during the last lap.
        head = 0
        while (now := reader.head().position) - head > batch:
            head = now
            fill(head)
        fill(now)
        generation.index()
        shelf.switch(generation.name, fill)
        return Rebuilt(generation=generation.name, position=folder.position, resumed_from=resumed_from)
    finally:
        generation.close()
        shelf.sweep()
