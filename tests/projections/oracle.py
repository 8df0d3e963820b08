"""The slow oracle: what a view must answer at (P, D), folded from zero from the events alone. It shares nothing with
the views but the events, the calendar and the words of the answers."""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from world import SHANGHAI, World

from domain.calendar import Calendar
from domain.calendar_year import CalendarYear, with_years
from domain.rules import DEFAULT
from ledger.announced import announced


def calendar(world: World, position: int) -> Calendar:
    """As announced by what is recorded up to a position; when it occurred does not matter."""
    years: dict[str, CalendarYear] = {}
    for _, stream, _, _, event in world.events[:position]:
        if _name(event) in {"CalendarAnnounced", "CalendarAmended"}:
            year = event.year if _name(event) == "CalendarAnnounced" else years[stream].year
            years[stream] = CalendarYear(
                year=year, holidays=event.holidays, make_ups=event.make_ups, number=event.number
            )
    return with_years(announced(), years.values())


def limits(world: World, position: int, on: date) -> dict[str, int]:
    """In force on a day by what is recorded up to a position: the program's, then what each edition changed."""
    issued: dict[str, Any] = {}
    confirmed: set[str] = set()
    for _, stream, _, _, event in world.events[:position]:
        if _name(event) == "RuleEditionIssued":
            issued[stream] = event
        elif _name(event) == "RuleEditionConfirmed":
            confirmed.add(stream)
        elif _name(event) == "RuleEditionWithdrawn":
            confirmed.discard(stream)
    found = {name: getattr(DEFAULT, name) for name in ("yellow_working_days", "plan_tolerance_percent")}
    for event in sorted((issued[stream] for stream in confirmed), key=lambda one: one.in_force_from):
        if event.in_force_from <= on:
            found |= {one.limit: one.value for one in event.limits}
    return found


def told(world: World, position: int, on: date) -> dict[str, list[tuple[int, date, Any]]]:
    """Stream → (position, civil date, event) of what counts at (P, D), in order of occurrence. What is known at P is
    corrected first; then what occurred by D is kept."""
    found: dict[str, list[tuple[datetime, int, Any]]] = {}
    for number, stream, occurred_at, event in _mended(world, position):
        if occurred_at.astimezone(SHANGHAI).date() <= on:
            found.setdefault(stream, []).append((occurred_at, number, event))
    return {
        stream: [
            (number, when.astimezone(SHANGHAI).date(), event)
            for when, number, event in sorted(events, key=lambda one: one[:2])
        ]
        for stream, events in found.items()
    }


def _mended(world: World, position: int) -> list[tuple[int, str, datetime, Any]]:
    """Everything known at a position, the corrections known there applied one after another."""
    known = [[number, stream, occurred_at, event] for number, stream, occurred_at, _, event in world.events]
    known = known[:position]
    for _, _, _, event in [*known]:
        if _name(event) == "EventCorrected":
            mistaken = known[event.position - 1]
            was = getattr(mistaken[3], event.field)
            value = date.fromisoformat(event.new) if isinstance(was, date) else event.new
            mistaken[3] = copy(mistaken[3])
            object.__setattr__(mistaken[3], event.field, type(was)(value) if isinstance(was, StrEnum) else value)
        elif _name(event) == "EventRetracted":
            known[event.position - 1][3] = None
    return [
        (number, stream, occurred_at, event)
        for number, stream, occurred_at, event in known
        if event is not None and _name(event) not in {"EventCorrected", "EventRetracted", "CorrectionProposed"}
    ]


def _name(event: Any) -> str:
    return type(event).__name__


# --- commitments -----------------------------------------------------------------------------------------------------

STAGE_AFTER = {
    "CommitmentProposed": "proposed",
    "CommitmentRegistered": "registered",
    "CommitmentAssigned": "assigned",
    "CommitmentAcknowledged": "in_progress",
    "ReturnAsked": "return_asked",
    "ReturnAccepted": "assigned",
    "ReturnRefused": "assigned",
    "DeferralGranted": "deferred",
    "CommitmentSuspended": "suspended",
    "CommitmentResumed": "in_progress",
    "FulfilmentReported": "reported",
    "RedoOrdered": "in_progress",
    "CommitmentVerified": "verified",
    "CommitmentClosed": "closed",
    "CommitmentArchived": "archived",
    "CommitmentContinued": "archived",
    "CommitmentReopened": "in_progress",
    "CommitmentReassigned": "assigned",
    "CommitmentTerminated": "terminated",
}


PROMISED = ("title", "quantity", "measure", "starts_on", "region", "mandate", "urgency", "recurrence", "aid")


def commitments(world: World, position: int, on: date) -> dict[str, dict[str, Any]]:
    """Id → the fields of its line."""
    found, known, in_force = {}, calendar(world, position), limits(world, position, on)
    for stream, events in told(world, position, on).items():
        line = _commitment(events, on, known, in_force)
        if line is not None:
            found[stream] = line
    return found


def _commitment(  # noqa: C901, PLR0912, PLR0915
    events: list[tuple[int, date, Any]], on: date, known: Calendar, in_force: dict[str, int]
) -> dict[str, Any] | None:
    if not any(_name(event) == "CommitmentProposed" for _, _, event in events):
        return None
    line: dict[str, Any] = {
        "stage": None,
        "unit": None,
        "progress": 0,
        "due_on": None,
        "outcome": None,
        "reported_on": None,
        "extensions": 0,
        "extension_asked": False,
        "redos": 0,
        "reopened": 0,
        "published": False,
        "escalated": False,
        "odd": any(a[0] > b[0] for a, b in pairwise(events)),
    }
    pause: tuple[date, date] | None = None
    terms: Any = None
    # Progress when the pause began: the plan is not looked at again while the clock stands.
    paused_progress = 0
    paused_due: date | None = None
    for _, day, event in events:
        name = _name(event)
        if name in STAGE_AFTER:
            line["stage"] = STAGE_AFTER[name]
            pause = None
        match name:
            case "CommitmentProposed":
                terms = event
                line |= {"unit": event.lead_unit, "due_on": event.due_on, "original_due_on": event.due_on}
                line |= {name: getattr(event, name) for name in PROMISED}
            case "FollowUpRecorded":
                line["progress"] = line["progress"] if event.quantity is None else event.quantity
            case "ReturnAccepted" | "CommitmentReassigned":
                line |= {"unit": event.unit, "extension_asked": False}
            case "ExtensionAsked":
                line["extension_asked"] = True
            case "ExtensionRefused":
                line["extension_asked"] = False
            case "ExtensionGranted":
                line |= {"extension_asked": False, "due_on": event.due_on, "extensions": line["extensions"] + 1}
            case "DeferralGranted" | "CommitmentSuspended":
                pause, paused_progress, paused_due = (event.since, event.until), line["progress"], line["due_on"]
                line["extension_asked"] = False
            case "CommitmentResumed" | "DueRecalculated":
                line["due_on"] = event.due_on
            case "FulfilmentReported":
                line |= {"progress": event.quantity, "reported_on": day, "extension_asked": False}
            case "RedoOrdered":
                line |= {"redos": line["redos"] + 1, "reported_on": None}
            case "CommitmentReopened":
                line |= {"reopened": line["reopened"] + 1, "due_on": event.due_on, "reported_on": None, "outcome": None}
            case "CommitmentVerified":
                line["progress"] = event.quantity
            case "CommitmentClosed":
                line["outcome"] = event.outcome.value
            case "CommitmentPublished" | "CommitmentPublished2" | "WordingWithdrawn":
                line["published"] = name != "WordingWithdrawn"
            case "CommitmentEscalated":
                line["escalated"] = True
    if pause is not None:
        since, until = pause
        assert paused_due is not None
        ends = paused_due + timedelta(days=max(0, (until - since).days))
        lit = _lamp(terms, ends, paused_progress, on, known, in_force, due=known.roll(ends))
        line["lamp"] = "paused" if on <= until else lit
    elif line["stage"] in {"registered", "assigned", "return_asked", "in_progress"}:
        line["lamp"] = _lamp(terms, line["due_on"], line["progress"], on, known, in_force, due=line["due_on"])
    else:
        line["lamp"] = "off"
    return line


def _lamp(  # noqa: PLR0917
    terms: Any, ends: date, progress: int, on: date, known: Calendar, in_force: dict[str, int], *, due: date
) -> str:
    """`ends` is where the plan's line ends, `due` the day it is due."""
    if on > due:
        return "red"
    if known.working_days_between(on, due) <= in_force["yellow_working_days"]:
        return "yellow"
    if ends > terms.starts_on:
        planned = terms.quantity * (on - terms.starts_on).days / (ends - terms.starts_on).days
        if planned - progress > terms.quantity * in_force["plan_tolerance_percent"] / 100 + 1e-9:
            return "yellow"
    return "green"


# --- headline --------------------------------------------------------------------------------------------------------


def headline(world: World, position: int, on: date, year: int) -> dict[str, Any]:
    streams = told(world, position, on)
    return {
        "field_visits": sum(
            event.persons
            for event in _standing(streams, ("VisitRecorded", "VisitRecorded2"), lambda e: e.visited_on, year)
        ),
        "problems_solved": sum(1 for _ in _confirmed(streams, year)),
        "activities": sum(1 for _ in _standing(streams, ("ActivityHeld",), lambda e: e.held_on, year)),
        "projects": sum(1 for _ in _standing(streams, ("ProjectStarted",), lambda e: e.started_on, year)),
        "funds_fen": sum(
            event.amount_fen for event in _standing(streams, ("ContributionMade",), lambda e: e.given_on, year)
        ),
        **{f"partners.{kind}": _partners(streams, kind, year) for kind in ("village", "community", "enterprise")},
    }


def _withdrawn(events: list[tuple[int, date, Any]]) -> bool:
    return any(_name(event).endswith(("Withdrawn", "Reversed")) for _, _, event in events)


def _standing(streams: dict[str, Any], names: tuple[str, ...], day: Callable[[Any], date], year: int) -> Iterator[Any]:
    for events in streams.values():
        for _, _, event in events:
            if _name(event) in names and not _withdrawn(events) and day(event).year == year:
                yield event


def _confirmed(streams: dict[str, Any], year: int) -> Iterator[str]:
    for stream, events in streams.items():
        names = [_name(event) for _, _, event in events]
        answers = [event for _, _, event in events if _name(event) in {"ProblemConfirmed", "ProblemNotSolved"}]
        if "ProblemRaised" not in names or _withdrawn(events) or not answers:
            continue
        if _name(answers[-1]) == "ProblemConfirmed" and answers[-1].confirmed_on.year == year:
            yield stream


def _partners(streams: dict[str, Any], kind: str, year: int) -> int:
    merged = {}
    for stream, events in streams.items():
        if any(_name(event) == "PartnerRegistered" for _, _, event in events):
            for _, _, event in events:
                if _name(event) == "PartnerMerged":
                    merged[stream] = event
    found = set()
    for events in streams.values():
        agreed = [event for _, _, event in events if _name(event) == "PairingAgreed"]
        ended = [event for _, _, event in events if _name(event) == "PairingEnded"]
        if not agreed or _withdrawn(events) or agreed[0].partner_kind.value != kind:
            continue
        if agreed[0].agreed_on > date(year, 12, 31) or (ended and ended[-1].ended_on < date(year, 1, 1)):
            continue
        partner, seen = agreed[0].partner, set()
        while partner in merged and merged[partner].merged_on.year <= year and partner not in seen:
            seen.add(partner)
            partner = merged[partner].into
        found.add(partner)
    return len(found)


# --- names -----------------------------------------------------------------------------------------------------------


def titles(world: World, position: int, on: date) -> dict[str, str]:
    found = {}
    for stream, events in told(world, position, on).items():
        names = [_name(event) for _, _, event in events]
        if not {"UnitRegistered", "PolicyIssued", "PartnerRegistered"} & set(names):
            continue
        for _, _, event in events:
            if _name(event) in {
                "UnitRegistered",
                "UnitRenamed",
                "PolicyIssued",
                "PolicyAmended",
                "PartnerRegistered",
                "PartnerUpdated",
            }:
                found[stream] = event.title
    return found
