"""Random bytes from the kernel, fetched many at a time: one system call serves a whole batch."""

import os

_FETCHED = 16_384
_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))  # RFC 9562 §4.1: two fixed bits, two random ones


class Randomness:
    """For one thread. Each byte is handed out once."""

    def __init__(self) -> None:
        self._pool = b""
        self._used = 0

    def take(self, size: int) -> bytes:
        start, end = self._used, self._used + size
        if end > len(self._pool):
            self._pool, start, end = os.urandom(max(_FETCHED, size)), 0, size
        self._used = end
        return self._pool[start:end]

    def event_id(self) -> str:
        """UUID version 4 (RFC 9562 §5.4): 122 random bits."""
        h = self.take(16).hex()
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"
