"""What has happened to one thing in sentences, event by event: folded from its stream, so the ledger is the view."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from domain.refusal import Refusal
from ledger.contract import Reader
from projections.answers import HistoryEntry, Name
from projections.asof import AsOf
from projections.history import entry, stream_at
from projections.keys import asked_key
from projections.lists import NOBODY
from projections.sentences import Sentence, Title
from projections.sentences_anywhere import ANYWHERE

Sentences: TypeAlias = Mapping[type[Any], Callable[[Any, Title], Sentence]]
"""Event class → what makes its sentence. `title` names units, partners and persons (by post)."""


class Timeline(NamedTuple):
    version: int
    """Of the stream at P."""
    entries: tuple[HistoryEntry, ...]
    """In order of occurrence."""


def timeline(
    reader: Reader, names: Mapping[str, Name], stream: str, at: AsOf, *, sentences: Sentences, absent: Refusal
) -> Timeline:
    """`names` at (P, D). Raises `absent` for a stream without such events at (P, D)."""
    key = asked_key(stream)
    told = stream_at(reader, key, at)
    if not any(type(one.recorded.event) in sentences for one in told):
        raise absent

    def title(one: str) -> str:
        return names.get(one, NOBODY).title

    def say(event: Any) -> Sentence:
        if type(event) in ANYWHERE:
            return ANYWHERE[type(event)](event)
        return sentences[type(event)](event, title)

    return Timeline(
        version=len(reader.stream(key, upto=at.position)), entries=tuple(entry(one, say, title) for one in told)
    )
