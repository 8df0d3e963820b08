"""What the list and the scoreboard know of a commitment, folded from its events.

The fold takes events in any order and never refuses: one that stands before the proposal in order of occurrence
changes what it can, and the row appears with the proposal.
"""

from enum import IntFlag
from typing import Any, Final, assert_never

from domain import commitment_events as events
from domain.commitment import Stage
from domain.commitment_answering import RequestsTakenUp
from domain.recounting import DeadlineRecalculated
from projections.bitemporal import CONTENT, NUMBERS, ODD, Thing, VersionRow
from projections.days import FOREVER
from projections.keys import key_of
from projections.lamps import PAUSED, RUNNING, UNPLANNED, planned_at


class Mark(IntFlag):
    """Bits of the column `marks`."""

    ODD = ODD
    PUBLISHED = 2
    ESCALATED = 4
    EXTENSION_ASKED = 8


(
    STAGE,
    UNIT,
    DUE,
    PAUSED_TO,
    PLANNED_AT,
    RED_FROM,
    PROGRESS,
    REPORTED_ON,
    OUTCOME,
    EXTENSIONS,
    REDOS,
    REOPENED,
    MARKS,
    STARTS,
    QUANTITY,
) = range(CONTENT, CONTENT + 15)
"""Columns of `tables.VERSION` after the bitemporal ones."""

KNOWN_UNTIL: Final = 3
"""Column of `tables.COMMITMENT`."""
BLANK: Final = ("", b"", 0, 0, FOREVER, FOREVER, 0, None, None, 0, 0, 0, 0, 0, 0)
# Looking up the value of an enum member costs more than the rest of a step.
(
    _PROPOSED,
    _REGISTERED,
    _ASSIGNED,
    _RETURN_ASKED,
    _IN_PROGRESS,
    _DEFERRED,
    _SUSPENDED,
    _REPORTED,
    _VERIFIED,
    _CLOSED,
    _ARCHIVED,
    _TERMINATED,
) = (stage.value for stage in Stage)
_RUNNING: Final = frozenset(stage.value for stage in RUNNING)
_PAUSED: Final = frozenset(stage.value for stage in PAUSED)
_PUBLISHED, _ESCALATED, _EXTENSION_ASKED = int(Mark.PUBLISHED), int(Mark.ESCALATED), int(Mark.EXTENSION_ASKED)


class Fold:
    """`fold(row, event, civil day it occurred on)` writes the content of the row."""

    def _wind(self, row: VersionRow) -> None:
        """Sets the clock anew after a change of stage, due date or progress."""
        if row[QUANTITY] and row[STAGE] in _RUNNING:
            self._run_to(row, row[DUE])
        elif row[STAGE] not in _PAUSED:
            row[PLANNED_AT], row[RED_FROM] = UNPLANNED, FOREVER

    def _run_to(self, row: VersionRow, due: int) -> None:
        row[PLANNED_AT] = planned_at(row[STARTS], due, row[QUANTITY], row[PROGRESS])
        row[RED_FROM] = due + 1

    def _move(self, row: VersionRow, stage: str) -> None:
        row[STAGE] = stage
        row[PAUSED_TO] = 0
        self._wind(row)

    def _hand_to(self, row: VersionRow, unit: str) -> None:
        row[UNIT] = key_of(unit)
        row[MARKS] &= ~_EXTENSION_ASKED
        self._move(row, _ASSIGNED)

    def _pause(self, row: VersionRow, stage: str, since: int, until: int) -> None:
        row[STAGE] = stage
        row[PAUSED_TO] = until
        row[MARKS] &= ~_EXTENSION_ASKED
        if row[QUANTITY]:
            # Once it has run its full length. The plan is stretched by the pause itself, not by days off at its end.
            self._run_to(row, row[DUE] + max(0, until - since))

    def _begin(self, row: VersionRow, happened: events.CommitmentProposed) -> None:
        row[UNIT] = key_of(happened.lead_unit)
        row[DUE] = happened.due_on.toordinal()
        row[STARTS] = happened.starts_on.toordinal()
        row[QUANTITY] = happened.quantity
        self._move(row, _PROPOSED)

    def __call__(self, row: VersionRow, happened: events.CommitmentEvent | DeadlineRecalculated, day: int) -> None:  # noqa: C901, PLR0912, PLR0915
        # The most frequent first: a match looks at its cases one after another.
        match happened:
            case events.FollowUpRecorded():
                if happened.quantity is not None:
                    row[PROGRESS] = happened.quantity
                    self._wind(row)
            case events.CommitmentProposed():
                self._begin(row, happened)
            case events.CommitmentRegistered():
                self._move(row, _REGISTERED)
            case events.CommitmentAssigned():
                self._move(row, _ASSIGNED)
            case events.CommitmentAcknowledged():
                self._move(row, _IN_PROGRESS)
            case events.FulfilmentReported():
                row[PROGRESS] = happened.quantity
                row[REPORTED_ON] = day
                row[MARKS] &= ~_EXTENSION_ASKED
                self._move(row, _REPORTED)
            case events.CommitmentVerified():
                row[PROGRESS] = happened.quantity
                self._move(row, _VERIFIED)
            case events.CommitmentClosed():
                row[OUTCOME] = happened.outcome.value
                self._move(row, _CLOSED)
            case events.CommitmentPublished2() | events.CommitmentPublished():
                row[MARKS] |= _PUBLISHED
            case events.WordingWithdrawn():
                row[MARKS] &= ~_PUBLISHED
            case events.CommitmentArchived() | events.CommitmentContinued():
                self._move(row, _ARCHIVED)
            case events.CommitmentReopened():
                row[REOPENED] += 1
                row[DUE] = happened.due_on.toordinal()
                row[REPORTED_ON] = row[OUTCOME] = None
                self._move(row, _IN_PROGRESS)
            case events.RedoOrdered():
                row[REDOS] += 1
                row[REPORTED_ON] = None
                self._move(row, _IN_PROGRESS)
            case events.CommitmentEscalated():
                row[MARKS] |= _ESCALATED
            case events.ReturnAsked():
                self._move(row, _RETURN_ASKED)
            case events.ReturnRefused():
                self._move(row, _ASSIGNED)
            case events.ReturnAccepted() | events.CommitmentReassigned():
                self._hand_to(row, happened.unit)
            case events.ExtensionAsked():
                row[MARKS] |= _EXTENSION_ASKED
            case events.ExtensionRefused():
                row[MARKS] &= ~_EXTENSION_ASKED
            case events.ExtensionGranted():
                row[MARKS] &= ~_EXTENSION_ASKED
                row[EXTENSIONS] += 1
                row[DUE] = happened.due_on.toordinal()
                self._wind(row)
            case events.DeferralGranted():
                self._pause(row, _DEFERRED, happened.since.toordinal(), happened.until.toordinal())
            case events.CommitmentSuspended():
                self._pause(row, _SUSPENDED, happened.since.toordinal(), happened.until.toordinal())
            case events.CommitmentResumed():
                row[DUE] = happened.due_on.toordinal()
                self._move(row, _IN_PROGRESS)
            case events.DueRecalculated():
                row[DUE] = happened.due_on.toordinal()
                self._wind(row)
            case events.CommitmentTerminated():
                self._move(row, _TERMINATED)
            case (
                events.CallBackRecorded()
                | events.DeferralProposed()
                | events.DeferralRefused()
                | RequestsTakenUp()
                | events.SiteChecked()
                | events.SupportingUnitJoined()
                | events.SupportingUnitLeft()
                | events.WordingAmended()
                | events.WordingAmended2()
                | DeadlineRecalculated()
            ):
                pass
            case _:
                assert_never(happened)


THING: Final = Thing(blank=BLANK, fold=Fold(), born=lambda row: row[QUANTITY] != 0, marks=MARKS)


def promised(stream: bytes, position: int, happened: events.CommitmentProposed, since: int) -> list[Any]:
    """The row of `tables.COMMITMENT`: what was proposed at `position`, as it reads from `since` on."""
    return [
        since << NUMBERS,
        stream,
        since,
        FOREVER,
        position,
        happened.title,
        happened.measure,
        happened.due_on.toordinal(),
        happened.mandate.value,
        happened.urgency.value,
        happened.recurrence.value,
        happened.aid.value,
        happened.region,
        None if happened.beneficiary is None else key_of(happened.beneficiary),
    ]


def served(stream: bytes, happened: events.CommitmentProposed) -> list[list[Any]]:
    """The rows of `tables.SERVED`."""
    return [[key_of(policy), target, stream] for policy, target in {(t.policy, t.target) for t in happened.targets}]
