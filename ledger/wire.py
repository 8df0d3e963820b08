"""What passes between the doors and the writer's process: frames of a 32-bit big-endian length and a msgpack array."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from struct import Struct
from typing import Final

import msgspec

from ledger.contract import Outcome, Submission

MAX_FRAME: Final = 64 * 1024 * 1024
MAX_PATH: Final = 107  # bytes of a Unix socket's address, unix(7)
_LENGTH: Final = Struct(">I")


class One(msgspec.Struct, array_like=True, tag=1):
    """A submission; `body` is a field of its own because a msgpack frame can't hold JSON as it is."""

    number: int
    body: bytes
    submission: Submission


class Many(msgspec.Struct, array_like=True, tag=2):
    number: int
    bodies: list[bytes]
    submissions: Sequence[Submission]


class Decided(msgspec.Struct, array_like=True, tag=3):
    number: int
    outcome: Outcome


class AllDecided(msgspec.Struct, array_like=True, tag=4):
    number: int
    outcomes: list[Outcome]


class Failed(msgspec.Struct, array_like=True, tag=5):
    number: int
    why: str


Request = One | Many
Reply = Decided | AllDecided | Failed

EMPTY: Final = msgspec.Raw(msgspec.msgpack.encode(None))
"""Stands where the body was, which travels beside the submission."""

_encoder = msgspec.msgpack.Encoder()
requests_of: Final = msgspec.msgpack.Decoder(list[Request]).decode
replies_of: Final = msgspec.msgpack.Decoder(list[Reply]).decode


def frame(messages: list[Request] | list[Reply]) -> bytes:
    written = _encoder.encode(messages)
    return _LENGTH.pack(len(written)) + written


class WrongFrame(ValueError):  # noqa: N818
    """The other side does not speak this."""


class Frames:
    """Cuts what arrives into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, part: bytes) -> Iterator[bytes]:
        """The whole frames so far; raises WrongFrame on one over 64 MiB."""
        self._buffer += part
        start = 0
        while len(self._buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            if length > MAX_FRAME:
                raise WrongFrame(length)
            end = start + _LENGTH.size + length
            if len(self._buffer) < end:
                break
            yield bytes(memoryview(self._buffer)[start + _LENGTH.size : end])
            start = end
        if start:
            del self._buffer[:start]


class SocketPath:
    """The address of a socket file, also of one whose path is longer than an address may be."""

    def __init__(self, path: Path) -> None:
        self._directory: int | None = None
        self.address = str(path)
        if len(os.fsencode(self.address)) > MAX_PATH:
            self._directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            self.address = f"/proc/self/fd/{self._directory}/{path.name}"

    def __enter__(self) -> str:
        return self.address

    def __exit__(self, *_: object) -> None:
        if self._directory is not None:
            os.close(self._directory)
