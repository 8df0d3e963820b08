"""The stored text of events: sorted at every depth, and read back as it was."""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import msgspec
import pytest

from domain.event import EVENTS, event
from domain.sealed import Sealed
from ledger.codec import decode, encode, instant, key_of, name_of
from ledger.contract import Meta, Row

META = Meta(
    event_id="00000000-0000-4000-8000-000000000000",
    occurred_at=datetime(2011, 3, 1, 9, tzinfo=timezone(timedelta(hours=8))),
    actor="p",
    client="c",
    channel="window",
)


class Colour(StrEnum):
    RED = "red"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    zeta: int
    alpha: date
    words: Sealed[str] | None = None


@pytest.fixture
def kind():
    @event("thing_done.1")
    class ThingDone:
        zeta: tuple[Part, ...]
        alpha: dict[str, int]
        middle: Colour
        at: datetime
        empty: str | None

    yield ThingDone
    del EVENTS["thing_done.1"]


def test_keys_are_sorted_at_every_depth_and_everything_comes_back(kind):
    happened = kind(
        zeta=(Part(zeta=1, alpha=date(2011, 3, 1), words=Sealed("s", commitment="ab")),),
        alpha={"z": 1, "乙": 2, "甲": 3, "a": 4},
        middle=Colour.RED,
        at=datetime(2011, 3, 1, 1, 2, 3, 450, tzinfo=UTC),
        empty=None,
    )
    state = encode(happened, META)
    assert (
        state
        == (
            '{"data":{"alpha":{"a":4,"z":1,"乙":2,"甲":3},"at":"2011-03-01T01:02:03.000450Z","empty":null,"middle":"red",'
            '"zeta":[{"alpha":"2011-03-01","words":{"sealed":"ab","subject":"s"},"zeta":1}]},'
            '"meta":{"actor":"p","channel":"window","client":"c","event_id":"00000000-0000-4000-8000-000000000000",'
            '"occurred_at":"2011-03-01T01:00:00Z"}}'
        ).encode()
    )
    read = decode(Row(1, bytes(16), 1, 0, "thing_done.1", state, b""))
    assert read.event == happened
    assert read.meta == META
    assert encode(read.event, read.meta) == state


def test_what_meta_leaves_out_is_none(kind):
    full = msgspec.structs.replace(
        META, programme="连心桥", causation=META.event_id, correlation="0f", on_behalf_of="0e"
    )
    for meta in (META, full):
        happened = kind(zeta=(), alpha={}, middle=Colour.RED, at=datetime(2011, 1, 1, tzinfo=UTC), empty="")
        state = encode(happened, meta)
        assert b"null" not in state
        assert list(json.loads(state)["meta"]) == sorted(json.loads(state)["meta"])
        assert decode(Row(1, bytes(16), 1, 0, "thing_done.1", state, b"")).meta == meta


def test_plain_text_never_passes_for_a_sealed_field(kind):
    state = encode(
        kind(
            zeta=(Part(zeta=1, alpha=date(2011, 3, 1), words=Sealed("s", "13800000000")),),
            alpha={},
            middle=Colour.RED,
            at=datetime(2011, 1, 1, tzinfo=UTC),
            empty=None,
        ),
        META,
    )
    assert b"13800000000" not in state


def test_instants_are_utc():
    assert instant(datetime(2011, 1, 1, 7, tzinfo=timezone(timedelta(hours=8)))) == "2010-12-31T23:00:00Z"


def test_stream_ids_have_one_text():
    key = bytes(range(16))
    assert name_of(key) == "00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert key_of(name_of(key)) == key
    for wrong in ("", "x", "00", name_of(key) + "0"):
        with pytest.raises(ValueError, match=r"stream id|hexadecimal"):
            key_of(wrong)
