"""Bytes from a fast producer to a slow consumer: in memory first, beyond a limit in a temporary file.

A client that sends a long request before it reads the first byte of the answer would otherwise make both sides wait
for each other for ever.
"""

import asyncio
import os
import tempfile
from collections import deque
from typing import IO

MEMORY = 4 << 20
PIECE = 256 << 10


class Overflow:
    """First in, first out. One producer, one consumer, one event loop."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._limit = memory
        self._memory: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = 0
        self._read = 0
        self._ended = False
        self._stirred = asyncio.Event()

    @property
    def on_disk(self) -> int:
        """Bytes that wait in the file."""
        return self._written - self._read

    async def put(self, data: bytes) -> None:
        # Once there is something on disk, everything after it must queue behind it.
        if self.on_disk or self._held + len(data) > self._limit:
            await asyncio.to_thread(self._spill, data)
        else:
            self._memory.append(data)
            self._held += len(data)
        self._stirred.set()

    def end(self) -> None:
        """Nothing more will be put."""
        self._ended = True
        self._stirred.set()

    async def get(self) -> bytes:
        """The next bytes; empty when all is delivered."""
        while True:
            if self._memory:
                data = self._memory.popleft()
                self._held -= len(data)
                return data
            if self.on_disk:
                return await asyncio.to_thread(self._fetch)
            if self._ended:
                return b""
            self._stirred.clear()
            await self._stirred.wait()

    def close(self) -> None:
        """Removes the file."""
        if self._file is not None:
            self._file.close()

    def _spill(self, data: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the request
        # Positions are given with each call: the consumer reads from another thread.
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._file.fileno(), rest, self._written)
            rest = rest[written:]
            self._written += written

    def _fetch(self) -> bytes:
        assert self._file is not None
        data = os.pread(self._file.fileno(), min(PIECE, self.on_disk), self._read)
        self._read += len(data)
        return data
