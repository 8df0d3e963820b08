"""What has happened to one need, offer, assessment or commendation list."""

from collections.abc import Mapping
from typing import Final, get_args

from domain.refusal import Kind, Refusal
from ledger.contract import Reader
from projections import sentences_assessments, sentences_resources
from projections.answers import Name
from projections.asof import AsOf
from projections.sentences_assessments import AssessingEvent
from projections.sentences_resources import ResourceEvent
from projections.timelines import Sentences, Timeline, timeline

SENTENCES: Final[Sentences] = {
    **dict.fromkeys(get_args(ResourceEvent), sentences_resources.sentence),
    **dict.fromkeys(get_args(AssessingEvent), sentences_assessments.sentence),
}


def served(reader: Reader, names: Mapping[str, Name], stream: str, at: AsOf) -> Timeline:
    """`names` of units, partners and persons at (P, D). Refuses with `unknown_resource` what is none of these or did
    not exist at (P, D)."""
    return timeline(reader, names, stream, at, sentences=SENTENCES, absent=_unknown())


def _unknown() -> Refusal:
    return Refusal(
        "unknown_resource",
        "当时没有这项供需或考核",
        "there was no such need, offer, assessment or list at that moment",
        kind=Kind.NOT_FOUND,
        field="id",
    )
