"""Ballot boxes in memory, as decisions see them: the real box without a database."""

from collections.abc import Sequence
from random import SystemRandom

from domain.ballots import Poured
from ledger.ballot_box import BallotBox, Cast


class Boxes:
    def __init__(self) -> None:
        self.held: dict[str, BallotBox] = {}

    def box(self, name: str) -> BallotBox:
        return self.held.setdefault(name, BallotBox())

    def admit(self, box: str, frame: str, hashes: Sequence[str]) -> None:
        self.box(box).admit(frame, hashes)

    def pour(self, box: str) -> Poured:
        return self.box(box).pour(SystemRandom())

    def cast(self, box: str, code_hash: str, ballot: str) -> Cast:
        return self.box(box).cast(code_hash, ballot)
