"""What a benefit policy of the year is made of."""

from typing import Literal, NamedTuple

Work = Literal["build", "pay", "train", "serve", "check", "supply"]


class Aim(NamedTuple):
    """One target. `share`: what one unit takes on in one commitment, at least and at most. `local`: each town leads
    its own commitment; otherwise the issuing office does."""

    text: str
    measure: str
    share: tuple[int, int]
    work: Work
    local: bool
    recurrence: str
    aid: str


class Paper(NamedTuple):
    issuer: str
    """Office code."""
    title: str
    number: str
    effective: str
    aims: tuple[Aim, ...]


def local(text: str, measure: str, low: int, high: int, work: Work, recurrence: str, aid: str) -> Aim:  # noqa: PLR0917 - columns of a table
    return Aim(text, measure, (low, high), work, True, recurrence, aid)


def own(text: str, measure: str, low: int, high: int, work: Work, recurrence: str, aid: str) -> Aim:  # noqa: PLR0917 - columns of a table
    return Aim(text, measure, (low, high), work, False, recurrence, aid)
