"""What a decision may read of a stream beyond its state: the events themselves."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Written(NamedTuple):
    """An event of a stream as it was stored; sealed fields hold commitments only."""

    position: int
    event_id: str
    event: Any


def nothing_written(_stream: str) -> Sequence[Written]:
    """Stands where there is no ledger to read."""
    return ()
