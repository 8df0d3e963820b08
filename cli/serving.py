"""`luoshi serve`: the four processes of one ledger."""

import os
import signal
import socket
from types import FrameType

from rich.console import Console

from api.settings import Settings, WrongSetting
from cli.opening import NewLedger, make_ready
from cli.supervise import Child, Supervisor

WRONG = 2


class Stopped(BaseException):
    """SIGTERM came. Like KeyboardInterrupt it passes every handler of errors on its way to the `finally`s."""


def on_sigterm(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def label(url: str) -> str:
    """A database's address without user and password, fit to be shown."""
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path.partition('?')[0]}"


def address(chosen: Settings) -> str:
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    return f"http://{host}:{chosen.port}"


def free_port(host: str, port: int) -> None:
    """Raises WrongSetting when nothing can listen on `host:port` now."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise WrongSetting(
            f"无法监听 {host}:{port}（{error.strerror}），请用 --port 换一个端口。"
            f"Cannot listen on {host}:{port} ({error.strerror}); choose another --port"
        ) from error


def children(chosen: Settings) -> list[Child]:
    """HTTP, follower and writer, in the order in which they end."""
    environment = _environment(chosen)
    return [
        Child(name="http", module="api.server", environment=environment),
        Child(name="follower", module="projections.follower", environment=environment),
        Child(name="writer", module="ledger.writer_process", environment=environment),
    ]


def ladder(chosen: Settings) -> Child:
    """What urges, and counts deadlines anew, as time passes."""
    return Child(name="ladder", module="projections.ladder_process", environment=_environment(chosen))


def _environment(chosen: Settings) -> dict[str, str]:
    # Settings travel in the environment, because every user of the machine can read arguments.
    return os.environ | {
        "LUOSHI_DATABASE": chosen.database,
        "LUOSHI_KEYS": str(chosen.keys),
        "LUOSHI_EVIDENCE": str(chosen.evidence),
        "LUOSHI_ACCESS_LOG": str(chosen.access_log),
        "LUOSHI_SOCKET": str(chosen.socket),
        "LUOSHI_HOST": chosen.host,
        "LUOSHI_PORT": str(chosen.port),
    }


def stays(servers: Supervisor) -> int:
    """Serves until a signal's exception ends it; the exit code when a server gave up over a wrong setting."""
    servers.wait()
    return WRONG


def run(chosen: Settings, new: NewLedger, console: Console) -> int:
    """Serves until SIGTERM or SIGINT; the exit code. A missing or empty database is opened as `new`."""
    free_port(chosen.host, chosen.port)
    signal.signal(signal.SIGTERM, on_sigterm)
    opened = make_ready(chosen, new)
    if opened.new:
        console.print(
            f"新台账已启用：三名管理员和首个密钥在 {opened.credentials}（仅本人可读）。\n"
            f"A new ledger is open; its administrators and first key are in {opened.credentials} (mode 600).",
            soft_wrap=True,
        )
    try:
        with Supervisor([ladder(chosen), *children(chosen)], console.print) as servers:
            console.print(f"落实 {opened.marker.title}: {address(chosen)}/", soft_wrap=True)
            return stays(servers)
    except (KeyboardInterrupt, Stopped):
        return 0
