"""The state in full, and the words that leave the system."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

import pytest
from field import HEAD, HOUSEHOLD, OFFICER, SUPERVISOR, UNIT
from matter import DUE, MATTER, at, state, step

from domain import commitment_terms as terms
from domain.commitment import Asked, Commitment, Review, Stage, Terms
from domain.commitment_events import CommitmentReopened
from domain.event import REFERENCES
from domain.ids import CommitmentId
from domain.service import Aid, Recurrence

PROPOSED = Commitment(
    stage=Stage.PROPOSED,
    terms=Terms(
        serves=("commitment policy policy housing household",),
        quantity=120,
        starts_on=date(2011, 6, 1),
        original_due_on=DUE,
        urgency=terms.Urgency.GENERAL,
        beneficiary=HOUSEHOLD,
        individual=True,
        proposed_by=SUPERVISOR.person,
    ),
    responsible=UNIT,
    due_on=DUE,
    claims=("commitment policy policy housing household unit",),
    supporting=(),
    published=False,
    designated=False,
    return_asked=None,
    extension_asked=None,
    deferral_asked=None,
    extensions=0,
    paused_since=None,
    paused_until=None,
    redos=0,
    escalated=False,
    review=None,
)


def test_a_proposal_in_full():
    assert state(at(Stage.PROPOSED)) == PROPOSED


def test_a_report_in_full():
    assert state(at(Stage.REPORTED)).review == Review(
        reported_by=HEAD.person,
        quantity=120,
        attempts=0,
        answer=None,
        checked_by=None,
        finding=None,
        verified_by=None,
        closed_by=None,
        recheck_from=None,
        recheck_until=None,
    )


def test_a_return_that_waits_in_full():
    assert state(at(Stage.RETURN_ASKED)).return_asked == Asked(by=OFFICER.person, until=None)


@pytest.mark.parametrize("chosen", ["extension", "reopening"])
def test_a_date_that_was_chosen_is_neither_counted_nor_provisional(chosen: str):
    counted = {"counted_to": DUE, "provisional": True}
    if chosen == "extension":
        given = at(Stage.IN_PROGRESS)
        given.states[MATTER] = replace(state(given), **counted)
        step(given, "ask_extension", "rule_on_extension")
    else:
        given = at(Stage.CLOSED)
        given.states[MATTER] = replace(state(given), **counted)
        given.happened(MATTER, CommitmentReopened(note="反弹", evidence=(), filed_at=given.now, due_on=DUE))
    assert (state(given).counted_to, state(given).provisional) == (None, False)


def test_ids_of_commitments_name_commitments():
    assert REFERENCES[CommitmentId] is Commitment


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (
            Stage,
            """proposed registered assigned return_asked in_progress deferred suspended reported verified closed
            archived terminated""",
        ),
        (terms.Mandate, "government party hotline promise"),
        (terms.Urgency, "urgent utilities general"),
        (terms.Answer, "solved unsolved unreachable"),
        (terms.Finding, "as_reported not_as_reported"),
        (terms.Means, "answer site_check"),
        (terms.Outcome, "fulfilled partly not_fulfilled overtaken explained"),
        (Recurrence, "one_off recurring standing"),
        (Aid, "relief capacity"),
    ],
)
def test_stored_and_spoken_words_never_change(words: type[StrEnum], values: str):
    assert [word.value for word in words] == values.split()


def test_folding_never_refuses():
    """A second proposal cannot be asked for; were it stored, it would change nothing."""
    given = at(Stage.IN_PROGRESS)
    before = state(given)
    given.happened(MATTER, given.history[MATTER][0])
    assert state(given) == before
