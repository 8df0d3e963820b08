"""Publications that rest on a corrected fact (依据已更正). What is shown is never changed by itself: the mark says what
the record reads now, until the publication is amended or withdrawn in sight of all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.activity import ActivityWithdrawn
from domain.circular import CircularWithdrawn
from domain.contribution import ContributionReversed
from domain.correction import RULINGS, EventCorrected, Value, plain, settled
from domain.policy import PolicyWithdrawn
from domain.project import ProjectWithdrawn
from domain.publication import Shown
from ledger.codec import Recorded, decode
from ledger.contract import Reader
from projections.asof import AsOf
from projections.days import civil_day, moment
from projections.keys import key_of

TAKEN_BACK: Final = (ActivityWithdrawn, CircularWithdrawn, ContributionReversed, PolicyWithdrawn, ProjectWithdrawn)
"""After these the record is not shown any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One thing a publication shows that its record does not say any longer."""

    item: int | None
    """Which of the items shown, from 0; None for all: the record was withdrawn."""
    shown: Value
    now: Value
    """None too where nothing is said any longer."""
    retracted: bool
    """The event did not happen, or the record was withdrawn."""
    position: int
    """Of the correction, the retraction or the withdrawal."""
    reason: str


def mended(reader: Reader, record: str, items: Sequence[Shown], at: AsOf) -> tuple[Mended, ...]:
    """What of the items the record does not say any longer, as known at P; a withdrawal counts from its day on."""
    known = [decode(row) for row in reader.stream(key_of(record), upto=at.position)]
    return (*_withdrawn(known, at), *_differing(known, items))


def _withdrawn(known: Iterable[Recorded], at: AsOf) -> Iterator[Mended]:
    for one in known:
        if isinstance(one.event, TAKEN_BACK) and civil_day(moment(one.meta.occurred_at)) <= at.on.toordinal():
            yield Mended(
                item=None, shown=None, now=None, retracted=True, position=one.position, reason=one.event.reason
            )


def _differing(known: Sequence[Recorded], items: Sequence[Shown]) -> Iterator[Mended]:
    now = {one.position: one.event for one in settled(known)}
    for number, item in enumerate(items):
        event = now.get(item.position)
        value = None if event is None else plain(getattr(event, item.field))
        if event is not None and value == item.value:
            continue
        ruling = _ruling(known, item)
        yield Mended(
            item=number,
            shown=item.value,
            now=value,
            retracted=event is None,
            position=ruling.position,
            reason=ruling.event.reason,
        )


def _ruling(known: Iterable[Recorded], item: Shown) -> Recorded:
    """The latest that says what the field of the event reads, or that the event did not happen."""
    *_, last = (
        one
        for one in known
        if type(one.event) in RULINGS
        and one.event.position == item.position
        and (not isinstance(one.event, EventCorrected) or one.event.field == item.field)
    )
    return last
