"""`luoshi serve`: the three processes of one ledger."""

import os
import signal
import socket
from types import FrameType

from rich.console import Console

from api.settings import Settings, WrongSetting
from cli.supervise import Child, Supervisor


class Stopped(BaseException):
    """SIGTERM came. Like KeyboardInterrupt it passes every handler of errors on its way to the `finally`s."""


def on_sigterm(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


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


def children(settings: Settings) -> list[Child]:
    """HTTP, follower and writer, in the order in which they end."""
    # Settings travel in the environment, because every user of the machine can read arguments.
    environment = os.environ | {
        "LUOSHI_DATABASE": settings.database,
        "LUOSHI_KEYS": str(settings.keys),
        "LUOSHI_EVIDENCE": str(settings.evidence),
        "LUOSHI_ACCESS_LOG": str(settings.access_log),
        "LUOSHI_SOCKET": str(settings.socket),
        "LUOSHI_HOST": settings.host,
        "LUOSHI_PORT": str(settings.port),
    }
    return [
        Child(name="http", module="api.server", environment=environment),
        Child(name="follower", module="projections.follower", environment=environment),
        Child(name="writer", module="ledger.writer_process", environment=environment),
    ]


def run(settings: Settings, console: Console) -> int:
    """Serves until SIGTERM or SIGINT; the exit code."""
    free_port(settings.host, settings.port)
    signal.signal(signal.SIGTERM, on_sigterm)
    try:
        with Supervisor(children(settings), console.print) as servers:
            console.print(f"落实 serving http://{settings.host}:{settings.port}")
            servers.wait()
    except (KeyboardInterrupt, Stopped):
        return 0
    return 2
