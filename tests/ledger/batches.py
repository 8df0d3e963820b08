"""Batches for tests of the stores: small rows whose every column tells where it belongs."""

from hashlib import sha256

from ledger.contract import Batch, Head, RequestRow, Row, SealedRow, Store

NOTHING = Head(0, 0)


def stream_key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def row(position: int, stream: int, version: int, recorded_at: int | None = None, name: str = "tested.1") -> Row:
    state = f'{{"data":{{"position":{position}}},"meta":{{"说明":"第{version}版"}}}}'.encode()
    at = position if recorded_at is None else recorded_at
    return Row(position, stream_key(stream), version, at, name, state, sha256(state).digest())


def request(position: int, key: bytes = b"", client: str = "window") -> RequestRow:
    return RequestRow(client, key or b"\x01" + position.to_bytes(16, "big"), sha256(key).digest(), position, 1)


def sealed(position: int, subject: str = "person", path: str = "data.name") -> SealedRow:
    return SealedRow(position, path, subject, b"box of %d" % position)


def batch(after: Head, *places: tuple[int, int], **rest: object) -> Batch:
    """Events of (stream, version) after the head, a microsecond apart."""
    events = [
        row(after.position + n, stream, version, after.recorded_at + n) for n, (stream, version) in enumerate(places, 1)
    ]
    return Batch(after, events, **rest)


def fill(store: Store, *, streams: int, versions: int) -> list[Row]:
    """Appends all versions of all streams, interleaved, in one batch a version."""
    for version in range(1, versions + 1):
        store.append(batch(store.head(), *((stream, version) for stream in range(1, streams + 1))))
    return store.read(0, streams * versions)


def contents(store: Store) -> dict[str, object]:
    """Everything a ledger holds, to see that a refused batch left nothing."""
    events = store.read(0, 100_000)
    return {
        "head": store.head(),
        "events": events,
        "requests": store.requests([("window", b"\x01" + n.to_bytes(16, "big")) for n in range(2_000)]),
        "sealed": store.sealed(range(2_000)),
        "claims": store.claims([f"claim {n}" for n in range(10)]),
    }
