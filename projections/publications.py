"""One publication (公示) with all it ever said: each wording, the reason it was amended, and why it was withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.publication import PublicationAmended, PublicationIssued, PublicationWithdrawn, Shown
from ledger.contract import Reader
from projections.asof import AsOf
from projections.case_answers import PublicationLine
from projections.days import instant
from projections.history import Told, stream_at
from projections.keys import asked_key
from projections.publication_duties import Mended, mended


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWords:
    """What was shown from a moment on. `items` name the event each value was read from."""

    position: int
    """Of the event that showed it so."""
    since: datetime
    title: str
    items: tuple[Shown, ...]
    reason: str | None
    """Why it was amended; None of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    position: int
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationShown:
    shown: ShownWords | None
    """What the public reads; None when it was withdrawn, and the reason stands in its place."""
    withdrawal: Withdrawal | None
    wordings: tuple[ShownWords, ...]
    """All of them, in order of occurrence; what was published stays readable."""
    mended: tuple[Mended, ...]
    """What of the words shown the record does not say any longer; a publisher owes an amendment or a withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationDuty:
    """A publication that has to be amended or withdrawn, and why."""

    publication: PublicationLine
    mended: tuple[Mended, ...]


def publication_at(reader: Reader, publication: str, at: AsOf) -> tuple[PublicationShown, int]:
    """With the version of the stream at P; for one that is known to exist at (P, D)."""
    key = asked_key(publication)
    told = stream_at(reader, key, at)
    wordings, withdrawal = _wordings(told), _withdrawal(told)
    shown = wordings[-1] if wordings and withdrawal is None else None
    rests = () if shown is None else mended(reader, _record(told), shown.items, at)
    found = PublicationShown(shown=shown, withdrawal=withdrawal, wordings=wordings, mended=rests)
    return found, len(reader.stream(key, upto=at.position))


def outstanding(reader: Reader, lines: Iterable[PublicationLine], at: AsOf) -> tuple[PublicationDuty, ...]:
    """Those of the publications whose words the record does not say any longer."""
    found = ((line, publication_at(reader, line.id, at)[0].mended) for line in lines)
    return tuple(PublicationDuty(publication=line, mended=rests) for line, rests in found if rests)


def _record(told: Sequence[Told]) -> str:
    return next(one.now.record for one in told if isinstance(one.now, PublicationIssued))


def _wordings(told: Sequence[Told]) -> tuple[ShownWords, ...]:
    found = []
    for one in told:
        match one.now:
            case PublicationIssued(title=title, items=items):
                reason = None
            case PublicationAmended(title=title, items=items, reason=reason):
                pass
            case _:
                continue
        since = instant(one.at)
        found.append(ShownWords(position=one.recorded.position, since=since, title=title, items=items, reason=reason))
    return tuple(found)


def _withdrawal(told: Sequence[Told]) -> Withdrawal | None:
    for one in told:
        if isinstance(one.now, PublicationWithdrawn):
            return Withdrawal(position=one.recorded.position, since=instant(one.at), reason=one.now.reason)
    return None
