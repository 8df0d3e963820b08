"""One listener per process that tells any number of waiting threads how far the head has come."""

import socket
from selectors import EVENT_READ, DefaultSelector
from threading import Condition, Thread
from typing import Any

import psycopg

from ledger.postgres_schema import connect

CHANNEL = "ledger_head"
LOOK_AGAIN = 1.0  # seconds after which the head is read without a notice


class HeadWatch:
    """Starts its thread at the first wait. A killed connection is opened anew; nothing depends on a notice arriving."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._moved = Condition()
        self._position = 0
        self._thread: Thread | None = None
        self._closed = False
        self._closing, self._close = socket.socketpair()

    def wait(self, after: int, timeout: float) -> None:
        """Returns when the head is past `after`, the seconds are over, or the watch is closed."""
        with self._moved:
            if self._thread is None and not self._closed:
                self._thread = Thread(target=self._run, name="ledger-head", daemon=True)
                self._thread.start()
            self._moved.wait_for(lambda: self._closed or self._position > after, timeout)

    def close(self) -> None:
        with self._moved:
            self._closed = True
            self._moved.notify_all()
        self._close.close()
        if self._thread is not None:
            self._thread.join()
        self._closing.close()

    def _run(self) -> None:
        while not self._closed:
            try:
                self._listen()
            except psycopg.OperationalError:
                # The server is away or this connection was killed. Waiting threads time out meanwhile.
                with self._moved:
                    self._moved.wait_for(lambda: self._closed, LOOK_AGAIN)

    def _listen(self) -> None:
        with connect(self._url) as connection, DefaultSelector() as selector:
            selector.register(connection, EVENT_READ)
            selector.register(self._closing, EVENT_READ)
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._closed:
                # After LISTEN and once a second: a notice sent before it, or lost, would leave the last event unseen.
                self._look(connection)
                if selector.select(LOOK_AGAIN):
                    for _ in connection.notifies(timeout=0):
                        pass

    def _look(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute("SELECT position FROM ledger.head").fetchone()
        assert row is not None
        with self._moved:
            self._position = row[0]
            self._moved.notify_all()
