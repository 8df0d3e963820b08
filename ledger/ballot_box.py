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

from domain.ballots import BoxChange, CloseBox, Contents, Lists, PutCodes

BLIND_BYTES: Final = 32


class Cast(StrEnum):
    """What became of a ballot."""

    TAKEN = "taken"
    USED = "used"  # the code was used before; nothing changed
    UNKNOWN = "unknown"  # no such code
    CLOSED = "closed"


class Codes(msgspec.Struct):
    """One list of codes: their hashes (hex) that may still vote and that have voted, and the ballots."""

    unused: list[str]
    used: list[str] = []
    ballots: list[str] = []


class BallotBox(msgspec.Struct):
    """`closed` is what lay in it at its close; from then on there are no codes any more."""

    blind: str = ""
    frames: dict[str, dict[str, Codes]] = {}
    """Frame → digest of a list → the list. What counts, the ledger says; the rest was never issued or is replaced."""
    closed: Contents | None = None

    def apply(self, change: BoxChange, chance: SystemRandom) -> bool:
        """Whether it holds; done again it changes nothing."""
        if isinstance(change, PutCodes):
            self._put(change, chance)
            return True
        return self._close(change)

    def _put(self, change: PutCodes, chance: SystemRandom) -> None:
        if self.closed is None:
            self.blind = self.blind or chance.randbytes(BLIND_BYTES).hex()
            self.frames.setdefault(change.frame, {}).setdefault(change.digest, Codes(sorted(change.hashes)))

    def _close(self, change: CloseBox) -> bool:
        if self.read(change.lists) != change.found:
            return False
        self.closed, self.frames, self.blind = change.found, {}, ""
        return True

    def read(self, lists: Lists) -> Contents:
        if self.closed is not None:
            return self.closed
        counting = self._counting(lists)
        return Contents(
            columns={frame: _columns(held.ballots) for frame, held in counting.items()},
            cast={frame: len(held.ballots) for frame, held in counting.items()},
            blind=self.blind,
        )

    def cast(self, lists: Lists, code_hash: str, ballot: str) -> Cast:
        """`lists` are those of a vote that is open, in place of which no others can come any more."""
        if self.closed is not None:
            return Cast.CLOSED
        counting = self._counting(lists)
        for held in counting.values():
            if code_hash in held.unused:
                held.unused.remove(code_hash)
                insort(held.used, code_hash)
                insort(held.ballots, ballot)
                self.frames = {frame: {lists[frame]: held} for frame, held in counting.items()}
                return Cast.TAKEN
            if code_hash in held.used:
                return Cast.USED
        return Cast.UNKNOWN

    def _counting(self, lists: Lists) -> dict[str, Codes]:
        held = {frame: self.frames.get(frame, {}).get(digest) for frame, digest in sorted(lists.items())}
        return {frame: codes for frame, codes in held.items() if codes is not None}


def _columns(ballots: Sequence[str]) -> tuple[str, ...]:
    return tuple("".join(sorted(column)) for column in zip(*ballots, strict=True))


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(BallotBox)


def to_bytes(box: BallotBox) -> bytes:
    return _encoder.encode(box)


def from_bytes(stored: bytes) -> BallotBox:
    return _decoder.decode(stored)
