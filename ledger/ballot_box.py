"""What a ballot box holds, as one value that says nothing of order or time.

Codes and ballots are kept sorted, so the bytes of a box follow from which codes were used and which ballots lie in it,
and from nothing else: two evenings on which the same people voted in another order leave the same bytes.
"""

from bisect import insort
from collections.abc import Sequence
from enum import StrEnum
from random import SystemRandom
from typing import Final

import msgspec

from domain.ballots import Poured

BLIND_BYTES: Final = 32


class Cast(StrEnum):
    """What became of a ballot."""

    TAKEN = "taken"
    USED = "used"  # the code was used before; nothing changed
    UNKNOWN = "unknown"  # no such code
    CLOSED = "closed"


class Frame(msgspec.Struct):
    """One frame of a round: hashes of codes (hex) that may still vote and that have voted, and the ballots."""

    unused: list[str]
    used: list[str] = []
    ballots: list[str] = []


class BallotBox(msgspec.Struct):
    """`poured` is what it was closed with; from then on there are no codes any more."""

    frames: dict[str, Frame] = {}
    poured: Poured | None = None

    def admit(self, frame: str, hashes: Sequence[str]) -> None:
        """Once a ballot was cast or the box is closed, the codes stay as they are."""
        held = self.frames.get(frame)
        if self.poured is None and (held is None or not held.used):
            self.frames[frame] = Frame(sorted(hashes))

    def cast(self, code_hash: str, ballot: str) -> Cast:
        if self.poured is not None:
            return Cast.CLOSED
        for frame in self.frames.values():
            if code_hash in frame.unused:
                frame.unused.remove(code_hash)
                insort(frame.used, code_hash)
                insort(frame.ballots, ballot)
                return Cast.TAKEN
            if code_hash in frame.used:
                return Cast.USED
        return Cast.UNKNOWN

    def pour(self, chance: SystemRandom) -> Poured:
        if self.poured is None:
            self.poured = Poured(
                columns={name: _shuffled(frame.ballots, chance) for name, frame in sorted(self.frames.items())},
                cast={name: len(frame.ballots) for name, frame in sorted(self.frames.items())},
                blind=chance.randbytes(BLIND_BYTES).hex(),
            )
            self.frames = {}
        return self.poured


def _shuffled(ballots: Sequence[str], chance: SystemRandom) -> tuple[str, ...]:
    columns = [list(column) for column in zip(*ballots, strict=True)]
    for column in columns:
        chance.shuffle(column)
    return tuple(map("".join, columns))


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(BallotBox)


def to_bytes(box: BallotBox) -> bytes:
    return _encoder.encode(box)


def from_bytes(stored: bytes) -> BallotBox:
    return _decoder.decode(stored)
