"""The ballot box (票箱) as decisions see it: where one-time codes wait to be used and ballots to be counted.

A ballot is a text of one letter per question; a box keeps ballots without order, time or code. It stands beside the
ledger, because a leaf has a place and a time. A decision only reads a box. What has to change in it comes with the
events (`WithBox`), and is durable in the box before they are stored; done twice it is done once, and done for events
that are then not stored it changes nothing anybody counts on.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.refusal import Kind, Refusal

Lists = Mapping[str, str]
"""Frame → digest of the list of codes that counts. The ledger says which: a box may hold lists nobody issued."""


class Contents(NamedTuple):
    """What lies in a box, without codes."""

    columns: Mapping[str, tuple[str, ...]]
    """Frame → one text per question with the letters of all its ballots, in the order of the letters: no voter's
    answers to two questions stand together, and the same ballots always give the same text."""
    cast: Mapping[str, int]
    """Frame → ballots. A frame whose list the box does not hold is missing."""
    blind: str
    """32 random bytes, hex, with which the ballots are digested: few ballots could otherwise be guessed from it."""


class PutCodes(NamedTuple):
    """The box holds the list, by the hashes of its codes. No code of it counts until the ledger names its digest."""

    box: str
    frame: str
    digest: str
    hashes: tuple[str, ...]


class CloseBox(NamedTuple):
    """The box takes no ballot any more and forgets its codes, if what lies in it is still what the decision found."""

    box: str
    lists: Lists
    found: Contents


BoxChange = PutCodes | CloseBox


class WithBox(NamedTuple):
    """What a decision gives that needs a change of a ballot box."""

    events: Sequence[Any]
    change: BoxChange


class BallotBoxes(Protocol):
    """One box per round, by the id of the round."""

    def read(self, box: str, lists: Lists) -> Contents:
        """What lies in it now; for a closed one, what lay in it at the close."""


class NoBoxes:
    """Where the ledger was opened without ballot boxes."""

    def read(self, box: str, lists: Lists) -> Contents:
        raise Refusal("no_ballot_box", "本系统未设票箱", "there is no ballot box here", kind=Kind.FAULT)


def no_file(_digest: str) -> bytes:
    """Where the ledger was opened without files."""
    raise Refusal("unknown_evidence", "没有这份佐证材料，或已删除", "there is no such evidence, or it was erased")


def code_hash(code: str) -> str:
    """What the box keeps of a one-time code, hex. Case, blanks and dashes make no difference. Codes are random enough
    (80 bits) that nobody finds one from its hash."""
    plain = "".join(code.upper().replace("-", "").split())
    return hashlib.sha256(plain.encode()).hexdigest()


def list_of_codes(hashes: Iterable[str]) -> str:
    """The digest of a list of codes: SHA-256 of their sorted hashes, each ended by LF."""
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(hashes)).encode()).hexdigest()
