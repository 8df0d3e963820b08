"""What a batch must be before a database sees it. What needs the database to be known is checked there."""

from typing import NamedTuple

from ledger.contract import Batch, Malformed


class Versions(NamedTuple):
    """Of the streams in a batch."""

    before: dict[bytes, int]
    """What must be stored already, for each stream that goes on from an earlier batch."""
    last: dict[bytes, int]


def check(batch: Batch, *, lowest: int = 1) -> Versions:
    """Raises Malformed unless positions go on from the head without a gap, recorded times never go back, and
    versions are at least `lowest` and follow on within the batch."""
    after, events = batch.after, batch.events
    before: dict[bytes, int] = {}
    last: dict[bytes, int] = {}
    position, recorded_at = after
    for row in events:
        position += 1
        if row.position != position:
            raise Malformed(f"position {position} is missing")
        if row.recorded_at < recorded_at:
            raise Malformed("recorded_at must never go back")
        recorded_at = row.recorded_at
        stream, version = row.stream, row.version
        reached = last.get(stream)
        if reached is None:
            if version < lowest:
                raise Malformed(f"versions count from {lowest}")
            if version > 1:
                before[stream] = version - 1
        elif version != reached + 1:
            raise Malformed("the versions of a stream must follow on")
        last[stream] = version
    return Versions(before, last)
