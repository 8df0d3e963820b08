"""Rounds of appraisal and publications (群众评议、公示) as a list shows them. The clock of a round ends with its vote;
the title of a publication is that last shown."""

from typing import assert_never

from domain import appraisal_events as rounds
from domain import publication
from domain.appraisal import AppraisalStage
from domain.publication import PublicationStage
from projections.bitemporal import VersionRow
from projections.case_rows import SORT, TITLE, Begun, CaseKind, begin, move


def appraisal(row: VersionRow, happened: rounds.AppraisalEvent) -> None:  # noqa: C901 - one case an event
    match happened:
        case rounds.AppraisalOpened():
            begin(row, CaseKind.APPRAISAL, AppraisalStage.OPENED, happened.title)
            row[SORT] = str(happened.year)
        case rounds.AppraisalFrameFixed():
            move(row, AppraisalStage.FRAMED)
        case rounds.AppraisalSeedGiven():
            move(row, AppraisalStage.SEEDED)
        case rounds.AppraisalDrawn():
            move(row, AppraisalStage.DRAWN)
        case rounds.AppraisalVotingOpened():
            move(row, AppraisalStage.VOTING, happened.until)
        case rounds.AppraisalClosed():
            move(row, AppraisalStage.CLOSED)
        case rounds.AppraisalTallied():
            move(row, AppraisalStage.TALLIED)
        case rounds.AppraisalPublished():
            move(row, AppraisalStage.PUBLISHED)
        case rounds.AppraisalAbandoned():
            move(row, AppraisalStage.ABANDONED)
        case rounds.AppraisalCodesIssued() | rounds.AppraisalObjectionRaised() | rounds.AppraisalObjectionDecided():
            pass
        case _:
            assert_never(happened)


def published(row: VersionRow, happened: publication.PublicationEvent) -> None:
    match happened:
        case publication.PublicationIssued():
            begin(row, CaseKind.PUBLICATION, PublicationStage.ISSUED, happened.title)
        case publication.PublicationAmended():
            row[TITLE] = happened.title
        case publication.PublicationWithdrawn():
            move(row, PublicationStage.WITHDRAWN)
        case _:
            assert_never(happened)


def begun(happened: rounds.AppraisalOpened | publication.PublicationIssued) -> Begun:
    if isinstance(happened, rounds.AppraisalOpened):
        return Begun(units=happened.units)
    return Begun(about=happened.record)
