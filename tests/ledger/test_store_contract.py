"""What both stores promise for one writer: gapless or nothing, and reads that give back what was stored."""

from collections.abc import Iterator

import pytest
from batches import NOTHING, batch, contents, fill, request, row, sealed, stream_key

from ledger.contract import ApiKeyRow, Batch, Head, HeadMoved, Malformed, Store, Taken
from ledger.database import open_reader, open_store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = open_store(database_url, create=True)
    yield store
    store.close()


def test_an_empty_ledger_stands_at_zero(store):
    assert store.head() == NOTHING
    assert store.read(0, 10) == []
    assert store.stream(stream_key(1)) == []
    assert list(store.streams([stream_key(1)])) == []
    assert list(store.streams([])) == []
    assert store.position_at(2**60) == 0
    assert store.requests([]) == store.claims([]) == {}
    assert store.sealed([]) == []


@pytest.mark.parametrize("size", [1, 2, 399, 400, 1_500])
def test_what_is_appended_is_read_back_whole(store, size):
    store.append(batch(NOTHING, (1, 1), (2, 1)))
    events = [row(3 + n, 1 + n % 3, 2 + n // 3 if n % 3 < 2 else 1 + n // 3) for n in range(size)]
    requests = [request(event.position) for event in events]
    boxes = [sealed(event.position) for event in events]
    store.append(Batch(Head(2, 2), events, requests, boxes, [("claim 1", stream_key(1)), ("说明", stream_key(2))]))
    assert store.head() == Head(2 + size, 2 + size)
    assert store.read(2, size + 1) == events
    assert store.requests([(r.client, r.key) for r in requests]) == {(r.client, r.key): r for r in requests}
    assert store.sealed([event.position for event in events]) == boxes
    assert store.claims(["claim 1", "说明", "none"]) == {"claim 1": stream_key(1), "说明": stream_key(2)}


def test_a_batch_without_events_can_carry_the_rest(store):
    head = fill(store, streams=1, versions=1)[-1]
    store.append(Batch(Head(1, head.recorded_at), [], claimed=[("claim 1", stream_key(1))]))
    assert store.claims(["claim 1"]) == {"claim 1": stream_key(1)}
    assert store.head() == Head(1, head.recorded_at)


def test_claims_move_within_one_batch(store):
    store.append(batch(NOTHING, (1, 1), claimed=[("claim 1", stream_key(1)), ("claim 2", stream_key(1))]))
    moved = batch(
        store.head(), (2, 1), claimed=[("claim 1", stream_key(2))], freed=["claim 1", "claim 2", "never held"]
    )
    store.append(moved)
    assert store.claims(["claim 1", "claim 2"]) == {"claim 1": stream_key(2)}


REFUSED = {
    "the head moved on": (HeadMoved, lambda: batch(Head(1, 1), (1, 3))),
    "the head is further back": (HeadMoved, lambda: batch(Head(9, 9), (1, 3))),
    "same position, another time": (HeadMoved, lambda: batch(Head(2, 3), (1, 3))),
    "another position, the same time": (HeadMoved, lambda: Batch(Head(1, 2), [row(2, 1, 3)])),
    "a version taken": (Taken, lambda: batch(Head(2, 2), (1, 2))),
    "a request key taken": (Taken, lambda: batch(Head(2, 2), (1, 3), requests=[request(1)])),
    "a request key twice": (Taken, lambda: batch(Head(2, 2), (1, 3), requests=[request(3), request(3)])),
    "a claim held": (Taken, lambda: batch(Head(2, 2), (1, 3), claimed=[("claim 0", stream_key(9))])),
    "a claim twice": (Taken, lambda: batch(Head(2, 2), (1, 3), claimed=[("claim 1", stream_key(1))] * 2)),
    "a sealed place taken": (Taken, lambda: batch(Head(2, 2), (1, 3), sealed=[sealed(1)])),
    "a gap in a stream": (Malformed, lambda: batch(Head(2, 2), (1, 4))),
    "a gap before a new stream": (Malformed, lambda: batch(Head(2, 2), (2, 2))),
    "a gap within the batch": (Malformed, lambda: batch(Head(2, 2), (1, 3), (1, 5))),
    "a version twice in the batch": (Malformed, lambda: batch(Head(2, 2), (1, 3), (1, 3))),
    "version zero": (Malformed, lambda: batch(Head(2, 2), (2, 0))),
    "a gap in positions": (Malformed, lambda: Batch(Head(2, 2), [row(4, 1, 3)])),
    "a position twice": (Malformed, lambda: Batch(Head(2, 2), [row(3, 1, 3), row(3, 1, 4)])),
    "a clock behind the head": (Malformed, lambda: Batch(Head(2, 2), [row(3, 1, 3, 1)])),
    "a clock going back": (Malformed, lambda: Batch(Head(2, 2), [row(3, 1, 3, 9), row(4, 1, 4, 8)])),
    "a stream id too long": (
        Malformed,
        lambda: Batch(Head(2, 2), [row(3, 1, 3)._replace(stream=b"x" * 17, version=1)]),
    ),
    "a leaf too short": (Malformed, lambda: Batch(Head(2, 2), [row(3, 1, 3)._replace(leaf=b"x")])),
}


@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
@pytest.mark.parametrize("why", REFUSED)
def test_a_refused_batch_leaves_nothing(store, why, many):
    store.append(
        batch(NOTHING, (1, 1), requests=[request(1)], sealed=[sealed(1)], claimed=[("claim 0", stream_key(1))])
    )
    store.append(batch(Head(1, 1), (1, 2)))
    before = contents(store)
    expected, make = REFUSED[why]
    planned = make()
    # Everything that would go well comes along and must not stay: other rows, and, with many, the other way of writing.
    first = planned.events[0]
    others = [
        row(planned.events[-1].position + n, 7, n, planned.events[-1].recorded_at) for n in range(1, 600 if many else 2)
    ]
    refused = planned._replace(
        events=[*planned.events, *others],
        requests=[request(77), *planned.requests],
        sealed=[sealed(78), *planned.sealed],
        claimed=[("claim 3", first.stream), *planned.claimed],
    )
    for _ in range(2):
        with pytest.raises(expected):
            store.append(refused)
        assert contents(store) == before
    store.append(batch(Head(2, 2), (1, 3)))
    assert store.head() == Head(3, 3)


def test_freed_claims_stay_when_the_batch_is_refused(store):
    store.append(batch(NOTHING, (1, 1), claimed=[("claim 1", stream_key(1))]))
    for expected, refused in (
        (HeadMoved, batch(Head(5, 5), (1, 2), freed=["claim 1"])),
        (Malformed, batch(Head(1, 1), (1, 3), freed=["claim 1"])),
        (Taken, batch(Head(1, 1), (1, 1), freed=["claim 1"])),
    ):
        with pytest.raises(expected):
            store.append(refused)
        assert store.claims(["claim 1"]) == {"claim 1": stream_key(1)}


def test_request_keys_belong_to_a_client(store):
    store.append(batch(NOTHING, (1, 1), (1, 2), requests=[request(1, b"k", "window"), request(2, b"k", "hotline")]))
    found = store.requests([("window", b"k"), ("hotline", b"k"), ("hotline", b"j"), ("post", b"k")])
    assert {place: answer.position for place, answer in found.items()} == {("window", b"k"): 1, ("hotline", b"k"): 2}


def test_reading_by_position(store):
    rows = fill(store, streams=5, versions=4)
    assert [r.position for r in rows] == list(range(1, 21))
    assert store.read(0, 7) == rows[:7]
    assert store.read(7, 100) == rows[7:]
    assert store.read(7, 100, upto=11) == rows[7:11]
    assert store.read(7, 2, upto=11) == rows[7:9]
    assert store.read(20, 5) == store.read(11, 5, upto=11) == []


def test_reading_one_stream(store):
    rows = fill(store, streams=5, versions=4)
    mine = [r for r in rows if r.stream == stream_key(3)]
    assert [r.version for r in mine] == [1, 2, 3, 4]
    assert store.stream(stream_key(3)) == mine
    assert store.stream(stream_key(3), after=2) == mine[2:]
    assert store.stream(stream_key(3), upto=mine[1].position) == mine[:2]
    assert store.stream(stream_key(3), after=1, upto=mine[2].position) == mine[1:3]
    assert store.stream(stream_key(9)) == []


@pytest.mark.parametrize("wanted", [1, 500, 501, 1_300])
def test_reading_many_streams(store, wanted):
    fill(store, streams=1_400, versions=2)
    head = store.head().position
    keys = [stream_key(n) for n in range(1_400, 1_400 - wanted, -1)]
    found: dict[bytes, list[int]] = {}
    for r in store.streams([*keys, keys[0], stream_key(9_999)]):
        found.setdefault(r.stream, []).append(r.version)
    assert found == {key: [1, 2] for key in keys}
    assert {r.version for r in store.streams(keys, upto=head - 1_400)} == {1}


@pytest.mark.parametrize("wanted", [1, 500, 501, 1_300])
def test_reading_what_folding_needs(store, wanted):
    fill(store, streams=1_400, versions=2)
    keys = [stream_key(n) for n in range(1_400, 1_400 - wanted, -1)]
    assert list(store.written([*keys, keys[0]])) == list(store.written([*keys, stream_key(9_999)]))
    lean = dict(store.written(keys))
    assert set(lean) == set(keys)
    for key, events in lean.items():
        assert events == [(r.version, r.name, r.state) for r in store.stream(key)]
        assert len(events) == 2


def test_reading_what_folding_needs_of_nothing(store):
    fill(store, streams=2, versions=1)
    assert list(store.written([])) == []
    assert list(store.written([stream_key(9)])) == []
    assert list(store.written([stream_key(8), stream_key(9)])) == []


def test_a_reading_left_half_way_is_in_nobodys_way(store):
    fill(store, streams=3_000, versions=1)
    for _ in range(40):
        assert next(iter(store.streams([stream_key(n) for n in range(1, 3_001)]))).version == 1
    store.append(batch(store.head(), (1, 2)))
    assert len(list(store.streams([stream_key(n) for n in range(1, 3_001)]))) == 3_001


def test_a_reader_sees_what_the_store_holds_and_writes_nothing(store, database_url):
    rows = fill(store, streams=3, versions=2)
    reader = open_reader(database_url)
    assert reader.read(0, 10) == rows
    assert not hasattr(reader, "append")
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.head()


def test_api_keys(store, database_url):
    first = ApiKeyRow("a1", b"h" * 32, "window", ("command", "read"), 10)
    second = ApiKeyRow("b2", b"i" * 32, "hotline", (), 20, expires=99)
    store.add_api_key(second)
    store.add_api_key(first)
    with pytest.raises(Taken):
        store.add_api_key(first._replace(client="other"))
    assert store.api_key("a1") == first
    assert store.api_key("c3") is None
    assert store.revoke_api_key("a1", 50)
    assert not store.revoke_api_key("a1", 60), "the first moment stands"
    assert not store.revoke_api_key("c3", 60)
    reader = open_reader(database_url)
    assert reader.api_keys() == [first._replace(revoked=50), second]
    reader.close()


def test_a_closed_ledger_opens_again_where_it_stood(store, database_url):
    rows = fill(store, streams=2, versions=2)
    store.close()
    with pytest.raises(Exception, match="closed"):
        store.append(batch(Head(4, 4), (1, 3)))
    again = open_store(database_url)
    assert again.read(0, 10) == rows
    again.append(batch(again.head(), (1, 3)))
    assert again.head().position == 5
    again.close()
