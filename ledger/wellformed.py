"""What a batch must be before a database sees it. What needs the database to be known is checked there."""

from itertools import pairwise

from ledger.contract import Batch, Malformed


def check(batch: Batch) -> None:
    """Raises Malformed unless positions go on from the head without a gap, recorded times never go back, and every
    version is at least 1. Gaps between a stream's own versions are the database's to find."""
    after, events = batch.after, batch.events
    if not events:
        return
    first = after.position + 1
    if [row.position for row in events] != list(range(first, first + len(events))):
        raise Malformed(f"positions must run from {first} without a gap")
    times = [row.recorded_at for row in events]
    if times[0] < after.recorded_at or any(later < earlier for earlier, later in pairwise(times)):
        raise Malformed("recorded_at must never go back")
    if min(row.version for row in events) < 1:
        raise Malformed("versions count from 1")
