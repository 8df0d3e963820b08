"""The writer's own process: `python -m ledger.writer_process`. It serves many clients over a Unix socket and gathers
whatever has arrived into one commit.

Settings come from the environment: `LUOSHI_DATABASE`, `LUOSHI_KEYS`, `LUOSHI_EVIDENCE` and `LUOSHI_SOCKET`. SIGTERM
ends it after the commit under way. Exit code 2 means a wrong setting, named in one line.
"""

import gc
import logging
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.backlog import Backlog
from ledger.ballot_boxes import open_boxes
from ledger.contract import Outcome, Unavailable
from ledger.database import WrongDatabase, locate, open_store
from ledger.evidence import Evidence
from ledger.keys import Keys, KeysExposed
from ledger.opening import clock_of, marker
from ledger.storing import Apart, BySize
from ledger.wire import (
    AllDecided,
    Decided,
    Failed,
    Frames,
    Many,
    One,
    Reply,
    Request,
    SocketPath,
    WrongFrame,
    frame,
    requests_of,
)
from ledger.writer import Writer

RECEIVED: Final = 1024 * 1024
COLLECT: Final = (100_000, 50, 100)
WAITING: Final = 4_096
"""Single requests and chunks that wait before the sockets are left alone until some are done."""

log = logging.getLogger(__name__)


class AlreadyServed(Exception):  # noqa: N818
    """Another writer listens on this socket."""


@dataclass(slots=True, eq=False)
class _Client:
    socket: socket.socket
    frames: Frames = field(default_factory=Frames)
    replies: list[Reply] = field(default_factory=list)
    outgoing: bytearray = field(default_factory=bytearray)
    gone: bool = False


class WriterServer:
    """Listens on a socket file only its owner may use. For one thread; `stop` may be called from a signal handler.
    `storing` is where the writer stores, if not here alone."""

    def __init__(self, writer: Writer, path: Path, storing: BySize | None = None) -> None:
        self._writer = writer
        self._storing = storing
        self._backlog = Backlog()
        self._clients: set[_Client] = set()
        self._selector = selectors.DefaultSelector()
        self._wake, self._waker = socket.socketpair()
        self._path = path
        self._listener = _listen(path)
        self._stopping = False
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)

    def stop(self) -> None:
        self._stopping = True
        with suppress(OSError):
            self._waker.send(b"\0")

    def run(self) -> None:
        """Serves until `stop`; what is waiting then is still committed and answered."""
        try:
            while not self._stopping or self._backlog or self._writer.busy:
                if self._listen_once():
                    self._writer.finish()
                    self._reply()
                if self._ready:
                    self._backlog.begin(self._writer)
                    if self._apart is None:
                        self._writer.finish()
                self._reply()
        finally:
            for client in list(self._clients):
                self._drop(client)
            self._selector.close()
            self._listener.close()
            self._path.unlink(missing_ok=True)

    @property
    def _apart(self) -> Apart | None:
        return None if self._storing is None else self._storing.apart

    @property
    def _ready(self) -> bool:
        """What waits is decided now rather than waited with."""
        return self._backlog.full or (bool(self._backlog) and not self._writer.busy)

    def _listen_once(self) -> bool:
        """Whether what is under way is stored."""
        stored = False
        # Only for the moment: a process that is started again answers elsewhere.
        under_way = self._apart if self._writer.busy else None
        if under_way is not None:
            self._selector.register(under_way, selectors.EVENT_READ)
        for key, events in self._selector.select(0 if self._ready else None):
            if key.fileobj is under_way:
                stored = True
            elif key.fileobj is self._listener:
                self._accept()
            elif key.fileobj is self._wake:
                self._wake.recv(16)
            else:
                client: _Client = key.data
                if events & selectors.EVENT_WRITE:
                    self._send(client)
                if events & selectors.EVENT_READ and len(self._backlog) < WAITING and not self._stopping:
                    self._receive(client)
        if under_way is not None:
            self._selector.unregister(under_way)
        return stored

    def _accept(self) -> None:
        connected, _ = self._listener.accept()
        connected.setblocking(False)
        client = _Client(connected)
        self._clients.add(client)
        self._selector.register(connected, selectors.EVENT_READ, client)

    def _receive(self, client: _Client) -> None:
        try:
            part = client.socket.recv(RECEIVED)
            for received in client.frames.feed(part):
                for request in requests_of(received):
                    self._take(client, request)
        except BlockingIOError:
            return
        except (OSError, WrongFrame, ValueError) as error:
            log.warning("a client was dropped: %s", type(error).__name__)
            part = b""
        if not part:
            self._drop(client)

    def _take(self, client: _Client, request: Request) -> None:
        number = request.number
        match request:
            case One():
                request.submission.body = request.body  # type: ignore[assignment]

                def one(outcome: Outcome | Unavailable) -> None:
                    client.replies.append(
                        Failed(number, outcome.args[0])
                        if isinstance(outcome, Unavailable)
                        else Decided(number, outcome)
                    )

                self._backlog.add(request.submission, one)
            case Many():

                def many(outcomes: list[Outcome] | Unavailable) -> None:
                    client.replies.append(
                        Failed(number, outcomes.args[0])
                        if isinstance(outcomes, Unavailable)
                        else AllDecided(number, outcomes)
                    )

                for asked, body in zip(request.submissions, request.bodies, strict=True):
                    asked.body = body  # type: ignore[assignment]
                self._backlog.add_bulk(request.submissions, many)

    def _reply(self) -> None:
        for client in list(self._clients):
            if client.replies:
                client.outgoing += frame(client.replies)
                client.replies = []
                self._send(client)

    def _send(self, client: _Client) -> None:
        try:
            while client.outgoing:
                sent = client.socket.send(client.outgoing)
                del client.outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(client)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.outgoing else 0)
        if self._selector.get_key(client.socket).events != wanted:
            self._selector.modify(client.socket, wanted, client)

    def _drop(self, client: _Client) -> None:
        self._clients.discard(client)
        with suppress(KeyError):
            self._selector.unregister(client.socket)
        client.socket.close()


def _listen(path: Path) -> socket.socket:
    path.parent.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with SocketPath(path) as address:
        if path.exists():
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                if probe.connect_ex(address) == 0:
                    raise AlreadyServed(str(path))
            # Left by a writer that was killed.
            path.unlink()
        before = os.umask(0o177)
        try:
            listener.bind(address)
        finally:
            os.umask(before)
    listener.listen(128)
    listener.setblocking(False)
    return listener


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    url = os.environ.get("LUOSHI_DATABASE", "sqlite:///data/luoshi.db")
    try:
        place = locate(url)
        store = open_store(url)
        keys = Keys(Path(os.environ.get("LUOSHI_KEYS") or place.keys))
    except (WrongDatabase, KeysExposed) as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201 - for the operator
        return 2
    if marker(store) is None:
        print("台账尚未启用，请先运行 luoshi serve / this ledger is not opened yet; run luoshi serve", file=sys.stderr)  # noqa: T201
        return 2
    evidence = Evidence(Path(os.environ.get("LUOSHI_EVIDENCE") or place.evidence), keys)
    storing = BySize(store, url)
    writer = Writer(
        store, keys, DEFAULT, announced(), clock_of(store), evidence, storing=storing, boxes=open_boxes(url)
    )
    socket_path = Path(os.environ.get("LUOSHI_SOCKET") or place.keys.with_suffix(".sock"))
    try:
        server = WriterServer(writer, socket_path, storing)
    except (AlreadyServed, OSError) as error:
        print(f"无法监听写入套接字 / cannot listen on the writer's socket: {error}", file=sys.stderr)  # noqa: T201
        return 2

    def end(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    # A hundred thousand remembered states, and hardly a cycle: looking through them cost a fifth of the time.
    gc.freeze()
    gc.set_threshold(*COLLECT)
    try:
        server.run()
    finally:
        storing.close()
        store.close()
        keys.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
