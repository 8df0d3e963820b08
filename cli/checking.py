"""`luoshi rebuild` and `luoshi verify`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.settings import Settings, WrongSetting
from ledger.database import WrongDatabase, open_reader
from projections.rebuild import RebuildFailed, rebuild
from projections.verify import Verified, verify


@contextmanager
def _bar(console: Console, title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with an estimate, moved by (done, of all)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _exists(chosen: Settings) -> None:
    try:
        open_reader(chosen.database).close()
    except WrongDatabase as wrong:
        raise WrongSetting(f"{wrong.zh}。{wrong.en}") from wrong


def run_rebuild(chosen: Settings, console: Console) -> int:
    _exists(chosen)
    try:
        with _bar(console, "重建视图 rebuild") as moved:
            made = rebuild(chosen.database, progress=moved)
    except RebuildFailed as failed:
        Console(stderr=True).print(f"luoshi: {failed.zh}。{failed.en}", soft_wrap=True)
        return 1
    resumed = f"，自第 {made.resumed_from} 号续建 (resumed there)" if made.resumed_from else ""
    console.print(f"✓ 视图已重建至第 {made.position} 号事件{resumed}。 Views rebuilt up to event {made.position}.")
    return 0


def run_verify(chosen: Settings, console: Console) -> int:
    _exists(chosen)
    with _bar(console, "核对 verify") as moved:
        found = verify(chosen.database, progress=moved)
    _tell(found, console)
    return 0 if found.sound else 1


def _tell(found: Verified, console: Console) -> None:
    mark = "✓" if found.ledger.sound else "✗"
    console.print(f"{mark} 台账 ledger: {found.ledger.events} 个事件 events, {found.ledger.found} 处问题 problems")
    for problem in found.ledger.problems:
        console.print(f"    {problem}", soft_wrap=True, markup=False)
    for view in found.views:
        mark = "✓" if view.sound else "✗"
        console.print(
            f"{mark} 视图 view {view.view}: 第 {view.position} 号 position, {view.rows} 行 rows, "
            f"{view.differing} 处不符 differences, SHA-256 {view.served[:16]}…",
            soft_wrap=True,
        )
        if view.error is not None:
            console.print(f"    {view.error}", soft_wrap=True, markup=False)
        for one in view.differences:
            console.print(
                f"    {one.table} {one.key}\n      在用 served  {one.served}\n      重算 rebuilt {one.rebuilt}",
                soft_wrap=True,
                markup=False,
            )
