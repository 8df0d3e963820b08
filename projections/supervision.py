"""What has happened in one matter of supervision: an inspection, a conclusion, a rectification, a listing, a talk, a
circular."""

from collections.abc import Mapping

from domain.refusal import Kind, Refusal
from ledger.contract import Reader
from projections.answers import Name
from projections.asof import AsOf
from projections.sentences_consequences import SENTENCES
from projections.timelines import Timeline, timeline


def supervised(reader: Reader, names: Mapping[str, Name], stream: str, at: AsOf) -> Timeline:
    """`names` of units and persons at (P, D). Refuses with `unknown_supervision` what is no matter of supervision or
    did not exist at (P, D)."""
    return timeline(reader, names, stream, at, sentences=SENTENCES, absent=_unknown())


def _unknown() -> Refusal:
    return Refusal(
        "unknown_supervision",
        "当时没有这项督查事项",
        "there was no such matter of supervision at that moment",
        kind=Kind.NOT_FOUND,
        field="id",
    )
