"""The slow oracle of cases: what each request, matter of supervision, round, publication and confidential matter was at
(P, D), folded from zero from the events alone. It shares nothing with the views but the events."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import oracle
from world import SHANGHAI, World

KINDS = {
    "RequestRaised": "request",
    "InspectionPlanned": "inspection",
    "ConclusionIssued": "conclusion",
    "RectificationOrdered": "rectification",
    "MatterListed": "listing",
    "TalkSummoned": "talk",
    "CircularDrafted": "circular",
    "AppraisalOpened": "appraisal",
    "PublicationIssued": "publication",
}
STAGE_AFTER = {
    "RequestRaised": "raised",
    "RequestTakenOn": "in_hand",
    "RequestAcknowledged": "in_hand",
    "RequestDispatched": "dispatched",
    "RequestReassigned": "dispatched",
    "RequestReturnAsked": "return_asked",
    "RequestReturnAccepted": "raised",
    "RequestReturnRefused": "dispatched",
    "RequestLinked": "linked",
    "RequestUnlinked": "raised",
    "RequestPromised": "promised",
    "RequestAnswered": "answered",
    "RequestRedoOrdered": "in_hand",
    "RequestClosed": "closed",
    "RequestWithdrawn": "withdrawn",
    "InspectionPlanned": "planned",
    "InspectionApproved": "approved",
    "InspectionRefused": "refused",
    "InspectionClosed": "closed",
    "InspectionCancelled": "cancelled",
    "ConclusionIssued": "issued",
    "ConclusionDelivered": "delivered",
    "ConclusionObjected": "objected",
    "ConclusionUpheld": "upheld",
    "ConclusionAmended": "amended",
    "ConclusionRevoked": "revoked",
    "RectificationOrdered": "ordered",
    "RectificationSubmitted": "submitted",
    "RectificationVerified": "verified",
    "RectificationRejected": "ordered",
    "RectificationWithdrawn": "withdrawn",
    "MatterListed": "listed",
    "ListingLifted": "lifted",
    "ListingWithdrawn": "withdrawn",
    "TalkSummoned": "summoned",
    "TalkHeld": "held",
    "TalkCalledOff": "called_off",
    "CircularDrafted": "drafted",
    "CircularIssued": "issued",
    "CircularWithdrawn": "withdrawn",
    "AppraisalOpened": "opened",
    "AppraisalVotingOpened": "voting",
    "AppraisalAbandoned": "abandoned",
    "PublicationIssued": "issued",
    "PublicationWithdrawn": "withdrawn",
}
DUE = (
    "dispatch_by",
    "acknowledge_by",
    "answer_by",
    "object_by",
    "decide_by",
    "due_on",
    "ends_on",
    "planned_on",
    "until",
)
"""Fields in which an event says when the clock that it starts ends."""
KEEPS_ITS_CLOCK = {"RequestReturnAsked", "InspectionApproved"}


def cases(world: World, position: int, on: date) -> dict[str, dict[str, Any]]:
    """Id → what its line says."""
    found = {}
    for stream, events in oracle.told(world, position, on).items():
        if any(type(event).__name__ in KINDS for _, _, event in events):
            found[stream] = _case(events, on)
    return found


def _case(events: list[tuple[int, date, Any]], on: date) -> dict[str, Any]:  # noqa: C901, PLR0912
    one: dict[str, Any] = {"units": [], "due": None, "outcome": None, "confirmed": False, "escalated": False}
    receiver = None
    for _, _, event in events:
        name = type(event).__name__
        if name in KINDS:
            one |= _begun(name, event)
            receiver = getattr(event, "first_receiver", None)
        if name in STAGE_AFTER:
            one["stage"] = STAGE_AFTER[name]
            if name not in KEEPS_ITS_CLOCK:
                one["due"] = next((_instant(getattr(event, field)) for field in DUE if hasattr(event, field)), None)
        match name:
            case "RequestReturnAccepted" | "RequestUnlinked":
                one["units"] = [receiver] if receiver else []
            case "RequestLinked":
                one["units"] = []
            case "RequestTakenOn" | "RequestAcknowledged" | "RequestDispatched" | "RequestReassigned":
                one["units"] = [event.unit]
            case "RequestReturnRefused":  # designated, whoever had it before
                one["units"] = [event.unit]
            case "RequestAnswered":
                one |= {"units": [event.unit], "outcome": event.resolution.value}
            case "RequestRedoOrdered":
                one["outcome"] = None
            case "RequestClosed":
                one |= {"outcome": event.resolution.value, "confirmed": event.confirmed}
            case "RequestEscalated":
                one["escalated"] = True
            case "ConclusionIssued" | "ConclusionAmended":
                one["outcome"] = event.wording.verdict.value
            case "PublicationIssued" | "PublicationAmended":
                one["title"] = event.title
    due = one["due"]
    midnight = datetime.combine(on, time(), SHANGHAI)
    one["overdue"] = due is not None and due <= midnight and one["stage"] != "delivered"
    positions = [number for number, _, _ in events]
    one["odd"] = positions != sorted(positions)
    return one


def _begun(name: str, event: Any) -> dict[str, Any]:
    units = getattr(event, "units", None) or [
        unit for unit in (getattr(event, "first_receiver", None), getattr(event, "unit", None)) if unit
    ]
    title = next(
        (getattr(event, field) for field in ("title", "reference") if hasattr(event, field)),
        event.wording if name == "RectificationOrdered" else None,
    )
    return {"kind": KINDS[name], "units": sorted(units), "title": title, "sort": getattr(event, "kind", None)}


def _instant(said: Any) -> datetime:
    """A deadline ends with its instant, a date with its day."""
    if isinstance(said, date):
        return datetime.combine(said + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
    due: datetime = said.due
    return due


def matters(world: World, position: int, on: date) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Id → stage and handlers of each confidential matter."""
    found = {}
    for stream, events in oracle.told(world, position, on).items():
        if type(events[-1][2]).__name__ == "MatterRecorded":
            last = events[-1][2]
            found[stream] = (last.stage.value, last.handlers)
    return found
