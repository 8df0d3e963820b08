"""Both stores against a slow model that keeps everything in lists, on histories hypothesis makes up."""

import tempfile
from pathlib import Path

import pytest
from batches import request, row, sealed, stream_key
from databases import KINDS, fresh_database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.contract import Batch, Head, HeadMoved, Malformed, Row, Taken
from ledger.database import open_store


class Model:
    """The contract, word for word, as slow as it comes."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.requests: dict = {}
        self.boxes: list = []
        self.claims: dict = {}

    def head(self) -> Head:
        return Head(self.rows[-1].position, self.rows[-1].recorded_at) if self.rows else Head(0, 0)

    def append(self, batch: Batch) -> None:
        last = batch.after
        for event in batch.events:
            if event.position != last.position + 1 or event.recorded_at < last.recorded_at or event.version < 1:
                raise Malformed
            last = Head(event.position, event.recorded_at)
        for n, event in enumerate(batch.events):
            before = [earlier.version for earlier in batch.events[:n] if earlier.stream == event.stream]
            if before and event.version != before[-1] + 1:
                raise Malformed
        if batch.after != self.head():
            raise HeadMoved
        taken = gap = False
        for event in batch.events:
            versions = {other.version for other in [*self.rows, *batch.events] if other.stream == event.stream}
            taken |= any(r.stream == event.stream and r.version == event.version for r in self.rows)
            gap |= event.version > 1 and event.version - 1 not in versions
        keys = [(r.client, r.key) for r in batch.requests]
        taken |= len(set(keys)) < len(keys) or any(key in self.requests for key in keys)
        places = [(box.position, box.path) for box in batch.sealed]
        stored = {(box.position, box.path) for box in self.boxes}
        taken |= len(set(places)) < len(places) or any(place in stored for place in places)
        claims = {name: holder for name, holder in self.claims.items() if name not in batch.freed}
        names = [name for name, _ in batch.claimed]
        taken |= len(set(names)) < len(names) or any(name in claims for name in names)
        if gap or taken:
            raise RefusedByBoth(gap=gap, taken=taken)
        self.rows += batch.events
        self.requests |= dict(zip(keys, batch.requests, strict=True))
        self.boxes += batch.sealed
        self.claims = claims | dict(batch.claimed)

    def position_at(self, recorded_at: int) -> int:
        return max((r.position for r in self.rows if r.recorded_at <= recorded_at), default=0)

    def erase(self, subject: str) -> int:
        kept = [box for box in self.boxes if box.subject != subject]
        erased = len(self.boxes) - len(kept)
        self.boxes = kept
        return erased


class RefusedByBoth(Exception):  # noqa: N818
    """Which of two true reasons a store gives is its own affair."""

    def __init__(self, *, gap: bool, taken: bool) -> None:
        self.allowed = ({Malformed} if gap else set()) | ({Taken} if taken else set())


few = st.integers(0, 3)
planned_event = st.tuples(
    st.integers(1, 3),  # stream
    st.sampled_from([0, 0, 0, 0, 0, 0, 1, -1, 2]),  # off its next version
    st.sampled_from([0, 0, 1, 5, 5, -1]),  # µs after the event before
)
planned_batch = st.fixed_dictionaries(
    {
        "behind": st.sampled_from([0, 0, 0, 0, 1, -1]),
        "events": st.lists(planned_event, max_size=5),
        "requests": st.lists(st.integers(1, 12), max_size=2),
        "sealed": st.lists(
            st.tuples(st.integers(1, 3), st.sampled_from(["a", "b"]), st.sampled_from(["wang", "li"])), max_size=2
        ),
        "claimed": st.lists(st.tuples(few, st.integers(1, 3)), max_size=2),
        "freed": st.lists(few, max_size=2),
    }
)
histories = st.lists(
    st.one_of(planned_batch, planned_batch, planned_batch, st.sampled_from(["wang", "li"])), max_size=12
)


def made(model: Model, plan: dict) -> Batch:
    after = model.head()
    reached: dict[int, int] = {}
    events = []
    at = after.recorded_at
    for n, (stream, off, later) in enumerate(plan["events"], 1):
        stored = sum(r.stream == stream_key(stream) for r in model.rows)
        version = reached.get(stream, stored) + 1
        reached[stream] = version
        at += later
        events.append(row(after.position + n, stream, version + off, at))
    return Batch(
        Head(after.position + plan["behind"], after.recorded_at) if not events else after,
        events,
        [request(n, b"%d" % n) for n in plan["requests"]],
        [sealed(after.position + n, subject, path) for n, path, subject in plan["sealed"] if n <= len(events)],
        [(f"claim {n}", stream_key(stream)) for n, stream in plan["claimed"]],
        [f"claim {n}" for n in plan["freed"]],
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories, times=st.lists(st.integers(-1, 80), max_size=8))
def test_a_store_does_what_the_model_does(kind, history, times):
    with tempfile.TemporaryDirectory() as directory, fresh_database(kind, Path(directory)) as url:
        store = open_store(url, create=True)
        model = Model()
        for step in history:
            if isinstance(step, str):
                assert store.erase(step) == model.erase(step)
                continue
            batch = made(model, step)
            try:
                model.append(batch)
            except (HeadMoved, Malformed, RefusedByBoth) as refusal:
                allowed = refusal.allowed if isinstance(refusal, RefusedByBoth) else {type(refusal)}
                with pytest.raises(tuple(allowed)):
                    store.append(batch)
            else:
                store.append(batch)
            assert store.head() == model.head()
        assert store.read(0, 1_000) == model.rows
        for stream in (1, 2, 3):
            mine = [r for r in model.rows if r.stream == stream_key(stream)]
            assert store.stream(stream_key(stream)) == mine
        assert sorted(store.streams([stream_key(n) for n in range(5)])) == model.rows
        assert store.requests([("window", b"%d" % n) for n in range(15)]) == model.requests
        assert store.sealed(range(60)) == sorted(model.boxes)
        assert store.claims([f"claim {n}" for n in range(5)]) == model.claims
        for at in times:
            assert store.position_at(at) == model.position_at(at)
        store.close()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, deadline=None)
@given(steps=st.lists(st.sampled_from([0, 0, 1, 2, 1_000]), min_size=1, max_size=70))
def test_position_at_any_time_is_what_a_scan_finds(kind, steps):
    times = [sum(steps[:n]) for n in range(1, len(steps) + 1)]
    with tempfile.TemporaryDirectory() as directory, fresh_database(kind, Path(directory)) as url:
        store = open_store(url, create=True)
        rows = [row(n, 1, n, at) for n, at in enumerate(times, 1)]
        store.append(Batch(Head(0, 0), rows))
        for at in {moment + off for moment in times for off in (-1, 0, 1)}:
            assert store.position_at(at) == max((r.position for r in rows if r.recorded_at <= at), default=0)
        store.close()
