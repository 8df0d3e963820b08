"""One request (诉求): what only its own page shows, and what has happened to it. Who raised it is told nowhere here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from domain.refusal import Kind, Refusal
from domain.request_events import (
    RequestEvent,
    RequestLinked,
    RequestPromised,
    RequestRaised,
    RequestUnlinked,
)
from ledger.contract import Reader
from projections.answers import Name
from projections.asof import AsOf
from projections.history import stream_at
from projections.keys import asked_key
from projections.sentences_requests import sentence
from projections.timelines import Sentences, Timeline, timeline

SENTENCES: Final[Sentences] = dict.fromkeys(get_args(RequestEvent), sentence)


@dataclass(slots=True, kw_only=True)
class RequestParticulars:
    protection: str = ""
    """What the handling unit may know of the person."""
    urgency: str = ""
    region: str = ""
    visit: str | None = None
    """The visit (下基层) it was raised on."""
    main: str | None = None
    """The request it is linked to."""
    commitment: str | None = None
    """The commitment it last followed."""


def request_particulars(reader: Reader, request: str, at: AsOf) -> RequestParticulars:
    found = RequestParticulars()
    for one in stream_at(reader, asked_key(request), at):
        match one.now:
            case RequestRaised(protection=protection, urgency=urgency, region=region, visit=visit):
                found.protection, found.urgency, found.region = protection.value, urgency.value, region
                found.visit = visit
            case RequestLinked(main=main):
                found.main = main
            case RequestUnlinked():
                found.main = None
            case RequestPromised(commitment=commitment):
                found.commitment = commitment
            case _:
                pass
    return found


def request_timeline(reader: Reader, names: Mapping[str, Name], request: str, at: AsOf) -> Timeline:
    """`names` of units and persons at (P, D). Refuses with `unknown_request` what did not exist at (P, D)."""
    return timeline(reader, names, request, at, sentences=SENTENCES, absent=unknown_request())


def unknown_request() -> Refusal:
    return Refusal(
        "unknown_request",
        "当时没有这项诉求",
        "there was no such request at that moment",
        kind=Kind.NOT_FOUND,
        field="id",
    )
