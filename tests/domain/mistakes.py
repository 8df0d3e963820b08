"""A mistake of every kind that can be put right: each event of the table of corrections, the last of its stream."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import matter
from field import CALLER, DISPATCHER, HEAD, LEADER, OFFICER, SUPERVISOR, UNIT, VILLAGE
from given import Given
from inspections import CONCLUSION, INSPECTION, visited
from matter import MATTER, POLICY
from ratings import AT as RATING
from ratings import CHECKED, RECEIVED
from ratings import at as rating_at
from requests_of_residents import ANSWERED, AT, CALL_BACK, CHECK, CLOSE, RAISE, RAISED
from requests_of_residents import at as request_at
from test_circular import CIRCULAR, drafted, final
from test_offer import CONFIRM, USED, after, needed
from test_problem import CONFIRM as CONFIRM_PROBLEM
from test_problem import RAISE as RAISE_PROBLEM
from test_problem import SOLVE, TAKE_ON
from test_rectification import ITEM, VERIFY, submitted
from test_talk import HELD, TALK, summoned

from domain.activity import ActivityHeld, ActivityKind, ActivityStage
from domain.commitment import Stage
from domain.commitment_handling import RecordFollowUp
from domain.conclusion_issuing import UseResult
from domain.conclusion_terms import ResultUse
from domain.contribution import ContributionMade, ContributionStage, Funds
from domain.ids import PairingId
from domain.pairing import PairingAgreed, PairingEnded
from domain.partner import PartnerKind
from domain.policy import AmendPolicy, Target
from domain.project import ProjectCompleted, ProjectStarted
from domain.rating import RatingStage
from domain.request_events import Protection
from domain.service import Aid, Recurrence
from domain.visit import VisitRecorded, VisitRecorded2, VisitStage

ON = date(2011, 6, 1)
CLASSED: dict[str, Any] = {"recurrence": Recurrence.ONE_OFF, "aid": Aid.CAPACITY}
BY = OFFICER.person

PAIRING = PairingAgreed(
    unit=UNIT,
    partner=VILLAGE,
    partner_kind=PartnerKind.VILLAGE,
    member=None,
    programme="红色1+3",
    agreed_on=date(2011, 3, 1),
    by=BY,
)
ENDED = PairingEnded(ended_on=ON, reason="期满", by=BY)
VISIT = VisitRecorded(
    unit=UNIT,
    partner=VILLAGE,
    partner_kind=PartnerKind.VILLAGE,
    visited_on=ON,
    persons=30,
    purpose="走访",
    heard=None,
    commitment=None,
    problem=None,
    by=BY,
)
CLASSED_VISIT = VisitRecorded2(
    unit=UNIT,
    partner=VILLAGE,
    partner_kind=PartnerKind.VILLAGE,
    visited_on=ON,
    persons=30,
    purpose="走访",
    heard=None,
    commitment=None,
    problem=None,
    request=None,
    by=BY,
    **CLASSED,
)
ACTIVITY = ActivityHeld(
    pairing=PairingId("pairing"),
    unit=UNIT,
    partner=VILLAGE,
    partner_kind=PartnerKind.VILLAGE,
    held_on=ON,
    title="义诊",
    kind=ActivityKind.AID,
    participants=40,
    by=BY,
    **CLASSED,
)
PROJECT = ProjectStarted(
    title="修路",
    unit=UNIT,
    supporting=(),
    partners=(VILLAGE,),
    pairing=None,
    started_on=ON,
    planned_fen=500,
    by=BY,
    **CLASSED,
)
COMPLETED = ProjectCompleted(completed_on=ON, result="完工", by=BY)
FUNDS = ContributionMade(
    unit=UNIT, partner=VILLAGE, project=None, amount_fen=900, funds=Funds.UNIT, given_on=ON, by=BY, **CLASSED
)
TARGETS = (Target(key="housing", text="改造住房", quantity=1000, measure="户"),)
AMENDMENT = AmendPolicy(
    title="惠民实事（修订）", effective_on=ON, summary="十一件实事", targets=TARGETS, reason="增加一件"
)


def recorded(follow_up: int = 30) -> Given:
    """A commitment in progress with a follow-up, the last event of its stream."""
    given = matter.at(Stage.IN_PROGRESS)
    given.when(RecordFollowUp(note="完成三户", quantity=follow_up), MATTER, by=OFFICER)
    return given


def stepped(stage: Stage, *names: str, **terms: Any) -> Given:
    given = matter.at(stage, **terms)
    matter.step(given, *names)
    return given


def with_events(stream: str, *events: Any) -> Given:
    """On a ledger on which the unit has been paired with the village."""
    given = matter.ledger()
    if stream != "pairing":
        given.happened("pairing", PAIRING)
    given.happened(stream, *events)
    return given


def amended() -> Given:
    given = matter.ledger()
    given.when(AMENDMENT, POLICY, by=LEADER)
    return given


def problem(*steps: Any) -> Given:
    given = matter.ledger()
    given.when(RAISE_PROBLEM, "problem-of-enterprise", by=DISPATCHER)
    for command, by in steps:
        given.when(command, "problem-of-enterprise", by=by)
    return given


SOLVED = ((TAKE_ON, OFFICER), (SOLVE, HEAD))


def request(*steps: Any, **changes: Any) -> Given:
    given = request_at(ANSWERED, raised=replace(RAISE, **changes))
    for command, by in steps:
        given.when(command, AT, by=by)
    return given


def need() -> Given:
    given = matter.ledger()
    needed(given)
    return given


def used_result() -> Given:
    given = final()
    given.when(UseResult(use=ResultUse.ASSESSMENT, reference="太考〔2011〕1号"), CONCLUSION, by=LEADER)
    return given


def rectified() -> Given:
    given = submitted()
    given.when(VERIFY, ITEM, by=SUPERVISOR)
    return given


def talked() -> Given:
    given = summoned()
    given.when(HELD, TALK, by=SUPERVISOR)
    given.later(days=1)
    return given


def used() -> Given:
    given = after(USED)
    given.later(days=1)
    return given


Scene = tuple[Callable[[], Given], str]
SCENES: dict[str, Scene] = {
    "CommitmentProposed": (lambda: matter.at(Stage.PROPOSED), MATTER),
    "FollowUpRecorded": (recorded, MATTER),
    "FulfilmentReported": (lambda: matter.at(Stage.REPORTED), MATTER),
    "ExtensionGranted": (lambda: stepped(Stage.IN_PROGRESS, "ask_extension", "rule_on_extension"), MATTER),
    "CallBackRecorded": (lambda: stepped(Stage.REPORTED, "record_call_back"), MATTER),
    "SiteChecked": (lambda: stepped(Stage.REPORTED, "record_site_check", beneficiary=VILLAGE), MATTER),
    "CommitmentVerified": (lambda: matter.at(Stage.VERIFIED), MATTER),
    "CommitmentClosed": (lambda: matter.at(Stage.CLOSED), MATTER),
    "VisitRecorded": (lambda: with_events("visit", VISIT), "visit"),
    "VisitRecorded2": (lambda: with_events("visit", CLASSED_VISIT), "visit"),
    "PairingAgreed": (lambda: with_events("pairing", PAIRING), "pairing"),
    "PairingEnded": (lambda: with_events("pairing", PAIRING, ENDED), "pairing"),
    "ActivityHeld": (lambda: with_events("activity", ACTIVITY), "activity"),
    "ContributionMade": (lambda: with_events("funds", FUNDS), "funds"),
    "ProjectStarted": (lambda: with_events("project", PROJECT), "project"),
    "ProjectCompleted": (lambda: with_events("project", PROJECT, COMPLETED), "project"),
    "PolicyIssued": (matter.ledger, POLICY),
    "PolicyAmended": (amended, POLICY),
    "ProblemRaised": (problem, "problem-of-enterprise"),
    "ProblemSolved": (lambda: problem(*SOLVED), "problem-of-enterprise"),
    "ProblemConfirmed": (lambda: problem(*SOLVED, (CONFIRM_PROBLEM, CALLER)), "problem-of-enterprise"),
    "RequestRaised": (lambda: request_at(RAISED), AT),
    "RequestAnswered": (request, AT),
    "RequestCalledBack": (lambda: request((CALL_BACK, CALLER)), AT),
    "RequestChecked": (
        lambda: request((CHECK, SUPERVISOR), protection=Protection.ANONYMOUS, name=None, phone=None),
        AT,
    ),
    "RequestClosed": (lambda: request((CALL_BACK, CALLER), (CLOSE, SUPERVISOR)), AT),
    "RatingReceived": (lambda: rating_at(RECEIVED), RATING),
    "RatingChecked": (lambda: rating_at(CHECKED), RATING),
    "InspectionVisitRecorded": (visited, INSPECTION),
    "ResultUsed": (used_result, CONCLUSION),
    "RectificationSubmitted": (submitted, ITEM),
    "RectificationVerified": (rectified, ITEM),
    "TalkHeld": (talked, TALK),
    "CircularDrafted": (drafted, CIRCULAR),
    "NeedRaised": (need, "need"),
    "OfferMade": (lambda: after(USED[:1]), "offer"),
    "ResourceUsed": (used, "offer"),
    "BenefitConfirmed": (lambda: after((*USED, (CONFIRM, CALLER))), "offer"),
}
"""Event of the table → a ledger on which it is the last of a stream, and the stream."""
VALUES: dict[tuple[str, str], Any] = {
    ("CommitmentProposed", "due_on"): "2011-10-31",
    ("CommitmentProposed", "starts_on"): "2011-06-02",
    ("CommitmentProposed", "urgency"): "urgent",
    ("CommitmentProposed", "mandate"): "party",
    ("CommitmentProposed", "recurrence"): "standing",
    ("CommitmentProposed", "aid"): "relief",
    ("CommitmentProposed", "region"): "320581",
    ("ExtensionGranted", "due_on"): "2011-12-01",
    ("CallBackRecorded", "answer"): "unsolved",
    ("SiteChecked", "finding"): "not_as_reported",
    ("CommitmentClosed", "outcome"): "partly",
    ("PairingEnded", "ended_on"): "2011-05-31",
    ("ProjectCompleted", "completed_on"): "2011-06-02",
    ("ProblemSolved", "solved_on"): "2011-05-02",
    ("ProblemConfirmed", "confirmed_on"): "2011-05-11",
    ("RequestRaised", "kind"): "complaint",
    ("RequestRaised", "way"): "window",
    ("RequestRaised", "region"): "320581",
    ("RequestAnswered", "resolution"): "explained",
    ("RequestCalledBack", "answer"): "unsolved",
    ("RequestChecked", "finding"): "not_as_reported",
    ("InspectionVisitRecorded", "visited_on"): "2011-06-14",
    ("TalkHeld", "held_on"): "2011-06-16",
    ("ResourceUsed", "quantity"): 6,
    ("ResourceUsed", "used_on"): "2011-06-16",
    ("BenefitConfirmed", "quantity"): 3,
}
"""Another value the field may hold, where a plain one will not do."""
GONE: dict[str, Any] = {
    "VisitRecorded": VisitStage.WITHDRAWN,
    "VisitRecorded2": VisitStage.WITHDRAWN,
    "RatingReceived": RatingStage.WITHDRAWN,
    "ActivityHeld": ActivityStage.WITHDRAWN,
    "ContributionMade": ContributionStage.REVERSED,
}
"""The stage in which what founds its stream leaves it when it is retracted."""
