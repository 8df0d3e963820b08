"""What a batch must be before a database sees it. What needs the database to be known is checked there."""

from itertools import pairwise

from ledger.contract import Batch, Malformed


def check(batch: Batch, *, lowest: int = 1) -> list[tuple[bytes, int]]:
    """Raises Malformed unless positions go on from the head without a gap, recorded times never go back, versions
    are at least `lowest` and follow on within the batch. Returns the (stream, version) pairs that must be stored
    already, one for each stream that goes on from an earlier batch."""
    after, events = batch.after, batch.events
    if not events:
        return []
    first = after.position + 1
    if [row.position for row in events] != list(range(first, first + len(events))):
        raise Malformed(f"positions must run from {first} without a gap")
    times = [row.recorded_at for row in events]
    if times[0] < after.recorded_at or any(later < earlier for earlier, later in pairwise(times)):
        raise Malformed("recorded_at must never go back")
    predecessors: list[tuple[bytes, int]] = []
    reached: dict[bytes, int] = {}
    for row in events:
        stream, version = row.stream, row.version
        before = reached.get(stream)
        if before is None:
            if version < lowest:
                raise Malformed(f"versions count from {lowest}")
            if version > 1:
                predecessors.append((stream, version - 1))
        elif version != before + 1:
            raise Malformed("the versions of a stream must follow on")
        reached[stream] = version
    return predecessors
