"""What happens in a round of appraisal (群众评议, “千人千企评机关”)."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from domain.appraisal_draw import Frame
from domain.appraisal_form import Form
from domain.appraisal_tally import Result
from domain.deadline import Deadline
from domain.event import event
from domain.ids import Digest, PersonId, UnitId
from domain.sealed import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    frame: Frame
    name: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    frame: Frame
    stratum: str
    members: int
    invited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """`ballots` is None under five."""

    frame: Frame
    ballots: int | None


@event("appraisal_opened.1")
class AppraisalOpened:
    """`residents` and `enterprises` are how many of each are to be invited."""

    title: str
    year: int
    units: tuple[UnitId, ...]
    forms: tuple[Form, ...]
    residents: int
    enterprises: int
    by: PersonId


@event("appraisal_frame_fixed.1")
class AppraisalFrameFixed:
    """From here on the frame is known by its digest (SHA-256 of the lodged file). The seed is not known yet: it comes
    from `seed_source` on `seed_on`, which lies ahead."""

    frame: Digest
    strata: tuple[Stratum, ...]
    seed_source: str
    seed_on: date
    by: PersonId


@event("appraisal_seed_given.1")
class AppraisalSeedGiven:
    seed: str
    by: PersonId


@event("appraisal_drawn.1")
class AppraisalDrawn:
    """`drawn` is the SHA-256 of the drawn list in the form `domain.appraisal_draw` gives it."""

    invited: tuple[Invited, ...]
    drawn: str
    by: PersonId


@event("appraisal_codes_issued.1")
class AppraisalCodesIssued:
    """Their hashes wait in the ballot box; `digest` is the SHA-256 of the sorted hashes, each ended by LF."""

    frame: Frame
    codes: int
    digest: str
    by: PersonId


@event("appraisal_voting_opened.1")
class AppraisalVotingOpened:
    """Not closed before the end of `until`."""

    until: date
    by: PersonId


@event("appraisal_closed.1")
class AppraisalClosed:
    """The box was closed. `ballots` has the box's blind in its first line, then one line per frame and question with
    the letters of all ballots, in the order of the letters; `digest` is the SHA-256 of that text. Sealed under the
    round, for a count under five is in it."""

    votes: tuple[Votes, ...]
    ballots: Sealed[str]
    digest: str
    by: PersonId


@event("appraisal_tallied.1")
class AppraisalTallied:
    """`edition` is the version of the rules it was counted by."""

    results: tuple[Result, ...]
    edition: str
    by: PersonId


@event("appraisal_published.1")
class AppraisalPublished:
    object_by: Deadline
    by: PersonId


@event("appraisal_objection_raised.1")
class AppraisalObjectionRaised:
    """`ground` is the unit's official wording, without personal data."""

    unit: UnitId
    ground: str
    by: PersonId


@event("appraisal_objection_decided.1")
class AppraisalObjectionDecided:
    """Upheld: the unit's result counts nowhere any longer and stays visible as set aside."""

    unit: UnitId
    upheld: bool
    reason: str
    by: PersonId


@event("appraisal_abandoned.1")
class AppraisalAbandoned:
    """The round ends without a result."""

    reason: str
    by: PersonId


AppraisalEvent: TypeAlias = (
    AppraisalOpened
    | AppraisalFrameFixed
    | AppraisalSeedGiven
    | AppraisalDrawn
    | AppraisalCodesIssued
    | AppraisalVotingOpened
    | AppraisalClosed
    | AppraisalTallied
    | AppraisalPublished
    | AppraisalObjectionRaised
    | AppraisalObjectionDecided
    | AppraisalAbandoned
)
