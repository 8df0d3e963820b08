"""`luoshi doctor`: what an operator would look at first, one line each."""

import dataclasses
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from api.settings import Settings
from cli import credentials
from cli.client import Client, Refusal
from cli.release import release
from cli.serving import address, label
from ledger.clock import JUMP
from ledger.contract import Reader
from ledger.database import Place, WrongDatabase, locate, open_reader
from ledger.opening import marker
from projections.views import Views

PRIVATE = 0o077
MOST_BEHIND = 1_000
"""Events a view may be behind while the follower works."""
OLDEST_SQLITE = (3, 37)
"""STRICT tables."""


class Finding(NamedTuple):
    good: bool
    line: str


def run(chosen: Settings, console: Console) -> int:
    """0 when everything is well, else 1."""
    well = True
    for finding in _findings(chosen):
        console.print(f"{'✓' if finding.good else '✗'} {finding.line}", soft_wrap=True, markup=False)
        well = well and finding.good
    return 0 if well else 1


def _findings(chosen: Settings) -> Iterator[Finding]:
    python = ".".join(str(number) for number in sys.version_info[:3])
    good = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    yield Finding(good, f"版本 versions: luoshi {release()}, Python {python}, SQLite {sqlite3.sqlite_version}")
    yield _settings(chosen)
    yield from _modes(chosen)
    try:
        yield from _beside(locate(chosen.database))
        reader = open_reader(chosen.database)
    except WrongDatabase as wrong:
        yield Finding(False, f"数据库 database: {wrong.zh}。{wrong.en}")
        return
    try:
        yield from _ledger(chosen, reader)
    finally:
        reader.close()
    yield _server(chosen)


def _settings(chosen: Settings) -> Finding:
    """A variable that nobody reads is most likely misspelt."""
    names = {f"LUOSHI_{field.name.upper()}" for field in dataclasses.fields(chosen)}
    if strange := sorted(name for name in os.environ if name.startswith("LUOSHI_") and name not in names):
        return Finding(False, f"设置 settings: 没有这个环境变量 no such variable {', '.join(strange)}")
    return Finding(True, f"设置 settings: {label(chosen.database)}, {address(chosen)}")


def _modes(chosen: Settings) -> Iterator[Finding]:
    """Files that only their owner may read."""
    for what, path in (
        ("密钥文件 keys", chosen.keys),
        ("密钥清单 credentials", credentials.path_of(chosen)),
        ("材料目录 evidence", chosen.evidence),
        ("查阅日志 access log", chosen.access_log),
    ):
        yield _mode(what, path)


def _beside(place: Place) -> Iterator[Finding]:
    """The same of the files of a SQLite ledger; PostgreSQL has none."""
    if place.file is not None and place.views is not None:
        yield _mode("数据库文件 database file", place.file)
        yield _mode("票箱 ballot boxes", place.keys.with_suffix(".ballots"))
        yield _mode("视图目录 views", place.views)


def _mode(what: str, path: Path) -> Finding:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return Finding(True, f"{what}: 尚未建立 not made yet ({path})")
    except OSError as error:
        return Finding(False, f"{what}: {error.strerror} ({path})")
    wanted = "700" if path.is_dir() else "600"
    note = "" if not mode & PRIVATE else f"，应为 should be {wanted}"
    return Finding(not mode & PRIVATE, f"{what}: 权限 mode {mode:o}{note} ({path})")


def _ledger(chosen: Settings, reader: Reader) -> Iterator[Finding]:
    head, opened = reader.head(), marker(reader)
    if opened is None:
        yield Finding(False, "台账 ledger: 尚未启用，请运行 luoshi serve。Not opened yet; run luoshi serve")
        return
    kind = "演示 demonstration" if opened.demonstration else "正式 real"
    yield Finding(True, f"数据库 database: {opened.title}（{kind}），{head.position} 个事件 events")
    last = datetime.fromtimestamp(head.recorded_at / 1e6, UTC).astimezone()
    ahead = head.recorded_at - time.time_ns() // 1000
    slow = not opened.demonstration and ahead > JUMP
    yield Finding(
        not slow,
        f"时钟 clock: 最近记录 last record {last:%Y-%m-%d %H:%M:%S%z}"
        + ("，晚于本机时间，写入会停 ahead of this host, appends stand still" if slow else ""),
    )
    yield from _lags(chosen)


def _lags(chosen: Settings) -> Iterator[Finding]:
    views = Views(chosen.database)
    try:
        for lag in views.lag():
            behind = lag.head - lag.position
            note = f": {lag.error}" if lag.error else ""
            good = lag.error is None and behind <= MOST_BEHIND
            yield Finding(good, f"视图 view {lag.view}: 落后 {behind} 个事件 events behind{note}")
    finally:
        views.close()


def _server(chosen: Settings) -> Finding:
    at = address(chosen)
    try:
        with Client(chosen.host, chosen.port) as client:
            client.get("/readyz")
    except OSError:
        return Finding(True, f"服务 server: 未运行 not running ({at})")
    except Refusal as refusal:
        return Finding(False, f"服务 server: 未就绪 not ready ({at}) {'; '.join(refusal.problem.get('reasons', []))}")
    return Finding(True, f"服务 server: 就绪 ready ({at})")
