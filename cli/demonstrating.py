"""`luoshi demo`: the demonstration year loaded once over HTTP, then served."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.keys import Scope
from api.settings import Settings, WrongSetting, settings
from cli import credentials
from cli.client import Client, Refusal
from cli.demonstration.mornings import Mornings
from cli.demonstration.script import HOTLINE, PLATFORM, SERVICE_LEDGER
from cli.demonstration.worktime import END, OPENED, ZONE
from cli.demonstration.world import Founders
from cli.demonstration.year import REGION, SEED, TITLE, Year, year
from cli.loading import LoadFailed, Loading, patiently
from cli.opening import ADMINISTRATION, NewLedger, Opened, make_ready
from cli.serving import Stopped, address, children, free_port, label, ladder, on_sigterm, stays
from cli.supervise import Supervisor
from domain.actor import Role
from ledger.database import open_reader
from ledger.gate import SocketGate

DATABASE = "demo.db"
INTERRUPTED = 130
START = 60.0
"""Seconds the servers may take to come up."""
SCOPES = {
    PLATFORM: (Scope.COMMAND, Scope.READ, Scope.EVIDENCE, Scope.OPEN),
    HOTLINE: (Scope.COMMAND, Scope.READ),
    SERVICE_LEDGER: (Scope.COMMAND, Scope.READ, Scope.EVIDENCE),
}
"""What each client of the story may do."""


def place(data: str | None, database: str | None, host: str | None, port: str | None) -> Settings:
    """`--data` is a directory with everything in it; `--database` (or LUOSHI_DATABASE) names another place."""
    if data is not None and database is not None:
        raise WrongSetting("--data 与 --database 只能用一个。Give either --data or --database, not both")
    url = database if data is not None else database or os.environ.get("LUOSHI_DATABASE")
    if url is not None:
        return settings({"database": url, "host": host, "port": port})
    directory = Path(data or "data")
    if directory.exists() and not directory.is_dir():
        raise WrongSetting(f"{directory} 不是目录。--data is not a directory: {directory}")
    # Everything of a demonstration lies in its directory, whatever is set for a real ledger.
    kept = {name: value for name, value in os.environ.items() if name in {"LUOSHI_HOST", "LUOSHI_PORT"}}
    return settings({"database": f"sqlite:///{directory / DATABASE}", "host": host, "port": port}, kept)


def run(chosen: Settings, console: Console, *, keep_serving: bool) -> int:
    """Loads what is missing and serves; the exit code."""
    free_port(chosen.host, chosen.port)
    signal.signal(signal.SIGTERM, on_sigterm)
    opened = make_ready(chosen, NewLedger(TITLE, REGION, SEED, OPENED))
    if not opened.marker.demonstration:
        raise WrongSetting(
            "该数据库是正式台账，不能载入演示数据。This database is a real ledger; the demonstration needs its own"
        )
    try:
        with Supervisor(children(chosen), console.print) as servers:
            _wait_until_up(chosen, servers)
            if recorded(chosen) < END:
                _load(chosen, opened, console)
            # Not before: while the year is told, its mornings are part of it.
            servers.add(ladder(chosen))
            _explain(chosen, opened, console, serving=keep_serving)
            return stays(servers) if keep_serving else 0
    except LoadFailed as failed:
        Console(stderr=True).print(f"luoshi: {failed}", highlight=False)
        return 1
    except (KeyboardInterrupt, Stopped):
        if recorded(chosen) < END:
            words = "载入已中断，再次运行即从断点继续。 Interrupted; run it again and it goes on from here."
            console.print(words, soft_wrap=True)
            return INTERRUPTED
        return 0


def recorded(chosen: Settings) -> datetime:
    """The last recorded moment."""
    reader = open_reader(chosen.database)
    try:
        return datetime.fromtimestamp(reader.head().recorded_at / 1e6, UTC)
    finally:
        reader.close()


def _wait_until_up(chosen: Settings, servers: Supervisor) -> None:
    """Until all three answer."""

    def ask() -> object:
        if servers.gave_up:
            raise LoadFailed("服务无法启动，原因见上。The servers cannot start; see above")
        with Client(chosen.host, chosen.port) as client:
            return client.get("/readyz")

    patiently(ask, START)


def _load(chosen: Settings, opened: Opened, console: Console) -> None:
    founders = Founders(
        opened.administrators[Role.SYSTEM_ADMIN],
        opened.administrators[Role.SECURITY_ADMIN],
        opened.administrators[Role.AUDITOR],
    )
    begun = time.monotonic()
    story = year(founders, opened.marker.seed or SEED)
    keys = _client_keys(chosen, opened, story)
    since = recorded(chosen)
    with _bars(console) as progress:
        done = sum(step.at < since for step in story.steps)
        files = progress.add_task("佐证材料 evidence", total=len(story.files))
        commands = progress.add_task("2011 年度 the year", total=len(story.steps), completed=done)

        def moved(lodged: int, sent: int, at: datetime) -> None:
            progress.advance(files, lodged)
            progress.update(commands, advance=sent, description=f"{at.astimezone(ZONE):%Y-%m-%d} commands")

        with _mornings(chosen) as mornings:
            Loading(chosen, keys, story, mornings, moved).run(since)
        progress.update(files, completed=len(story.files))
        _wait_for_views(chosen, progress)
    console.print(f"载入完成，用时 {time.monotonic() - begun:.0f} 秒。 Loaded.")


@contextmanager
def _mornings(chosen: Settings) -> Iterator[Mornings]:
    reader, gate = open_reader(chosen.database), SocketGate(chosen.socket)
    try:
        with Mornings(reader, gate) as mornings:
            yield mornings
    finally:
        reader.close()


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _client_keys(chosen: Settings, opened: Opened, story: Year) -> dict[str, str]:
    """A key for each client, made by the system administrator through the API, and written down at once."""
    held = credentials.read(opened.credentials)
    keys: dict[str, str] = held.get("keys", {})
    if ADMINISTRATION not in keys:
        raise LoadFailed(
            f"{opened.credentials} 中没有管理密钥。The administration key is missing in {opened.credentials}"
        )
    with Client(chosen.host, chosen.port) as client:
        for name, scopes in SCOPES.items():
            if name not in keys:
                answer = client.json(
                    "/v1/keys",
                    {"client": name, "scopes": list(scopes)},
                    key=keys[ADMINISTRATION],
                    headers={"Luoshi-Person": opened.administrators[Role.SYSTEM_ADMIN]},
                )
                keys[name] = answer["key"]
                credentials.write(opened.credentials, held | {"keys": keys})
    people = [
        {"role": who.role, "post": who.post, "name": who.name, "unit": who.unit, "person": who.id}
        for who in story.people
    ]
    founders = [person for person in held.get("persons", []) if "unit" not in person]
    credentials.write(opened.credentials, held | {"keys": keys, "persons": founders + people})
    return keys


def _wait_for_views(chosen: Settings, progress: Progress) -> None:
    """Until every view has seen every event."""
    bar = progress.add_task("视图 views", total=None)
    with Client(chosen.host, chosen.port) as client:
        while True:
            try:
                found: dict[str, Any] = client.get("/readyz")
            except Refusal as refusal:
                found = dict(refusal.problem)
            except (OSError, http.client.HTTPException):
                found = {}
            views = found.get("views", {})
            if views:
                behind = min(view["position"] for view in views.values())
                progress.update(bar, total=found["position"], completed=behind)
                if behind >= found["position"]:
                    return
                if broken := [name for name, view in views.items() if view["error"]]:
                    raise LoadFailed(f"视图 {broken[0]} 停止。View {broken[0]} stands: {views[broken[0]]['error']}")
            time.sleep(0.05)


def _explain(chosen: Settings, opened: Opened, console: Console, *, serving: bool) -> None:
    at = address(chosen)
    console.print(f"太仓 2011 演示台账 Demonstration ledger: {label(chosen.database)}", soft_wrap=True)
    if serving:
        console.print(
            f"  页面 pages      {at}/\n"
            f"  主要数字 figures {at}/v1/figures/headline?year=2011\n"
            f"  接口 API        {at}/openapi.json",
            soft_wrap=True,
        )
    console.print(f"  密钥与人员 keys and persons: {opened.credentials}", soft_wrap=True)
    if serving:
        console.print("Ctrl-C 结束。 Press Ctrl-C to end.")
