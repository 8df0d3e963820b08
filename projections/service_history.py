"""What has happened to one need, offer, assessment or commendation list, folded from its stream: the ledger itself is
the view."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, get_args

from domain.refusal import Kind, Refusal
from ledger.codec import key_of
from ledger.contract import Reader
from projections import sentences_assessments, sentences_resources
from projections.answers import HistoryEntry, Name
from projections.asof import AsOf
from projections.history import entry, stream_at
from projections.lists import NOBODY
from projections.sentences import Sentence
from projections.sentences_assessments import AssessingEvent
from projections.sentences_resources import ResourceEvent

RESOURCES: Final = frozenset(get_args(ResourceEvent))
TOLD: Final = RESOURCES | frozenset(get_args(AssessingEvent))


class Served(NamedTuple):
    version: int
    """Of the stream at P."""
    entries: tuple[HistoryEntry, ...]
    """In order of occurrence."""


def served(reader: Reader, names: Mapping[str, Name], stream: str, at: AsOf) -> Served:
    """`names` of units, partners and persons at (P, D). Refuses with `unknown_resource` what is none of these or did
    not exist at (P, D)."""
    try:
        key = key_of(stream)
    except ValueError:
        raise Refusal("id_malformed", "编号格式不对", "this is no id", field="id") from None
    told = [one for one in stream_at(reader, key, at) if type(one.recorded.event) in TOLD]
    if not told:
        raise Refusal(
            "unknown_resource",
            "当时没有这项供需或考核",
            "there was no such need, offer, assessment or list at that moment",
            kind=Kind.NOT_FOUND,
            field="id",
        )

    def title(one: str) -> str:
        return names.get(one, NOBODY).title

    def say(event: Any) -> Sentence:
        if type(event) in RESOURCES:
            return sentences_resources.sentence(event, title)
        return sentences_assessments.sentence(event, title)

    return Served(
        version=len(reader.stream(key, upto=at.position)), entries=tuple(entry(one, say, title) for one in told)
    )
