"""The ballot box (票箱) as decisions see it: where one-time codes wait to be used and ballots to be counted.

A ballot is a text of one letter per question; a box keeps ballots without order, time or code. It stands beside the
ledger, because a leaf has a place and a time. Everything here may be asked again with the same answer, for a decision
may be taken again before it is stored.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.refusal import Kind, Refusal


class Poured(NamedTuple):
    """What was in a box when it was closed."""

    columns: Mapping[str, tuple[str, ...]]
    """Frame → one text per question with the letters of all its ballots. Each text is shuffled by itself, so that no
    voter's answers to two questions stand together."""
    cast: Mapping[str, int]
    """Frame → ballots."""
    blind: str
    """32 random bytes, hex, with which the ballots are digested: few ballots could otherwise be guessed from it."""


class BallotBoxes(Protocol):
    """One box per round, by the id of the round."""

    def admit(self, box: str, frame: str, hashes: Sequence[str]) -> None:
        """Takes the hashes of the codes of one frame in place of any earlier ones; durable on return."""

    def pour(self, box: str) -> Poured:
        """Closes the box for ever, forgets its codes and gives what was in it, each time the same; durable on
        return. A box that never had a code is empty."""


class NoBoxes:
    """Where the ledger was opened without ballot boxes."""

    def admit(self, box: str, frame: str, hashes: Sequence[str]) -> None:
        raise _none()

    def pour(self, box: str) -> Poured:
        raise _none()


def _none() -> Refusal:
    return Refusal("no_ballot_box", "本系统未设票箱", "there is no ballot box here", kind=Kind.FAULT)


def no_file(_digest: str) -> bytes:
    """Where the ledger was opened without files."""
    raise Refusal("unknown_evidence", "没有这份佐证材料，或已删除", "there is no such evidence, or it was erased")


def code_hash(code: str) -> str:
    """What the box keeps of a one-time code, hex. Case, blanks and dashes make no difference. Codes are random enough
    (80 bits) that nobody finds one from its hash."""
    plain = "".join(code.upper().replace("-", "").split())
    return hashlib.sha256(plain.encode()).hexdigest()
