"""Ballot boxes in memory, as decisions see them: the real box without a database."""

from random import SystemRandom

from domain.ballots import BoxChange, Contents, Lists
from ledger.ballot_box import BallotBox, Cast


class Boxes:
    def __init__(self) -> None:
        self.held: dict[str, BallotBox] = {}

    def box(self, name: str) -> BallotBox:
        return self.held.setdefault(name, BallotBox())

    def read(self, box: str, lists: Lists) -> Contents:
        return self.box(box).read(lists)

    def apply(self, change: BoxChange) -> bool:
        return self.box(change.box).apply(change, SystemRandom())

    def cast(self, box: str, lists: Lists, code_hash: str, ballot: str) -> Cast:
        return self.box(box).cast(lists, code_hash, ballot)
