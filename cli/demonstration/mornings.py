"""What falls due by itself: before each working day of the story begins, notices go out and deadlines are counted anew,
as the ladder's process does it (`projections.ladder_process`), at the story's time."""

import asyncio
from datetime import date, datetime
from typing import Self

from cli.demonstration.worktime import at
from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.contract import Gate, Reader
from ledger.ids import demonstration_id
from projections.recounting import Recounting
from projections.urgers import CLIENT
from projections.urging import Urging

HOUR = 7


class Mornings:
    """For one thread. Asks through the gate; what was asked for already is not recorded twice."""

    def __init__(self, reader: Reader, gate: Gate) -> None:
        self._runner = asyncio.Runner()
        self._recounting = Recounting(reader, gate, announced(), DEFAULT, simulated=True)
        self._urging = Urging(reader, gate, announced(), DEFAULT, simulated=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def begin(self, day: date, since: datetime) -> None:
        """At seven, or at `since` when the ledger is past that. Raises Unavailable."""
        moment = max(at(day, HOUR), since)
        self._runner.run(self._recounting.turn(moment))
        self._runner.run(self._urging.turn(moment))


def foretold_ladder(commitment: str, day: date) -> str:
    """The id of the ladder of a commitment whose first rung falls on that day."""
    return demonstration_id(at(day, HOUR), CLIENT, f"{commitment} ladder")
