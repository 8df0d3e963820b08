"""What has happened in one matter of supervision (an inspection, a conclusion, a rectification, a listing, a talk, a
circular), folded from its stream: the ledger itself is the view."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.correction import CORRECTIONS
from domain.refusal import Kind, Refusal
from ledger.codec import key_of
from ledger.contract import Reader
from projections.answers import HistoryEntry, Name
from projections.asof import AsOf
from projections.history import entry, stream_at
from projections.lists import NOBODY
from projections.sentences import Sentence
from projections.sentences_consequences import SENTENCES
from projections.sentences_corrections import sentence as sentence_of_correction


class Supervised(NamedTuple):
    version: int
    """Of the stream at P."""
    entries: tuple[HistoryEntry, ...]
    """In order of occurrence."""


def supervised(reader: Reader, names: Mapping[str, Name], stream: str, at: AsOf) -> Supervised:
    """`names` of units and persons at (P, D). Refuses with `unknown_supervision` what is no matter of supervision or
    did not exist at (P, D)."""
    try:
        key = key_of(stream)
    except ValueError:
        raise Refusal("id_malformed", "编号格式不对", "this is no id", field="id") from None
    told = stream_at(reader, key, at)
    if not any(type(one.recorded.event) in SENTENCES for one in told):
        raise Refusal(
            "unknown_supervision",
            "当时没有这项督查事项",
            "there was no such matter of supervision at that moment",
            kind=Kind.NOT_FOUND,
            field="id",
        )

    def title(one: str) -> str:
        return names.get(one, NOBODY).title

    def say(event: Any) -> Sentence:
        if type(event) in CORRECTIONS:
            return sentence_of_correction(event)
        return SENTENCES[type(event)](event, title)

    return Supervised(
        version=len(reader.stream(key, upto=at.position)), entries=tuple(entry(one, say, title) for one in told)
    )
