"""A load of keep-alive connections from one process: prepared requests out, statuses and latencies back.

Small on purpose: with two cores, whatever the client spends is taken from the server. One epoll loop, no parsing
beyond the status code and the length of the answer.
"""

import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple


class Result(NamedTuple):
    per_second: float
    median_ms: float
    p99_ms: float
    statuses: dict[int, int]


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "host: bench", "content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{k}: {v}" for k, v in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class _Connection:
    __slots__ = ("buffer", "sent_at", "sock")

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.sent_at = 0.0


def _answer(buffer: bytes) -> int:
    """Status of a complete answer, 0 while it is incomplete."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = buffer[:end].lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise RuntimeError(f"an answer without a length: {head[:200]!r}")
    stop = head.find(b"\r\n", at)
    length = int(head[at + 15 : stop if stop > 0 else None])
    return int(head[9:12]) if len(buffer) >= end + 4 + length else 0


def run(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Result:
    """Sends from `requests` for that long, one outstanding request a connection."""
    poll = select.epoll()
    open_ = {}
    for _ in range(connections):
        connection = _Connection(port)
        open_[connection.sock.fileno()] = connection
        poll.register(connection.sock.fileno(), select.EPOLLIN)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    clock = time.perf_counter
    started = clock()
    for connection in open_.values():
        connection.sent_at = clock()
        connection.sock.send(next(requests))
    waiting = len(open_)
    while waiting:
        for fd, _ in poll.poll(30):
            connection = open_[fd]
            received = connection.sock.recv(65536)
            if not received:
                raise RuntimeError("the server closed a connection")
            connection.buffer += received
            status = _answer(connection.buffer)
            if not status:
                continue
            now = clock()
            statuses[status] += 1
            latencies.append(now - connection.sent_at)
            connection.buffer = b""
            if now - started < seconds:
                connection.sent_at = now
                connection.sock.sendall(next(requests))
            else:
                waiting -= 1
    took = clock() - started
    for connection in open_.values():
        connection.sock.close()
    latencies.sort()
    return Result(
        len(latencies) / took,
        latencies[len(latencies) // 2] * 1e3,
        latencies[int(len(latencies) * 0.99)] * 1e3,
        dict(statuses),
    )
