"""Listed supervision: on the list by a leader, off when the thing is done, or with a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import LEADER, SUPERVISOR, UNIT
from given import TODAY, person
from inspections import UNIT_LEADER, UNIT_SUPERVISOR, walked
from matter import MATTER, SECOND_LEADER, at, step
from test_conclusion import REVOKE
from test_rectification import CONCLUSION, ITEM, VERIFY, WITHDRAW, objected, ordered, submitted

from domain.actor import Role
from domain.commitment import Stage
from domain.ids import CommitmentId, RectificationId
from domain.listing import (
    LiftListing,
    ListingLifted,
    ListingStage,
    ListingWithdrawn,
    ListMatter,
    MatterListed,
    WithdrawListing,
)
from domain.refusal import Kind

LISTING = "listing"
ENTRY = ListMatter(
    reference="太督挂〔2011〕2号", reason="进度严重滞后", due_on=date(2011, 8, 31), commitment=CommitmentId(MATTER)
)
OF_ITEM = replace(ENTRY, commitment=None, rectification=RectificationId(ITEM))
LIFT = LiftListing(note="已核验办结")
WITHDRAW_LISTING = WithdrawListing(reason="并入专项整治")


def listed(stage: Stage = Stage.IN_PROGRESS):
    return walked(at(stage), (ENTRY, LISTING, LEADER))


def test_a_leader_lists_a_commitment():
    given = at(Stage.IN_PROGRESS)
    assert given.when(ENTRY, LISTING, by=LEADER) == [
        MatterListed(
            commitment=CommitmentId(MATTER),
            rectification=None,
            unit=UNIT,
            reference="太督挂〔2011〕2号",
            reason="进度严重滞后",
            due_on=date(2011, 8, 31),
            by=LEADER.person,
        )
    ]
    state = given.states[LISTING]
    assert (state.stage, state.responsible, state.claims) == (ListingStage.LISTED, UNIT, (f"listing {MATTER}",))


def test_a_leader_lists_a_rectification():
    [event] = ordered().when(OF_ITEM, LISTING, by=LEADER)
    assert (event.commitment, event.rectification, event.unit) == (None, ITEM, UNIT)


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"commitment": None}, "one_matter", "commitment"),
        ({"rectification": RectificationId(ITEM)}, "one_matter", "commitment"),
        ({"reference": ""}, "text_empty", "reference"),
        ({"reason": ""}, "text_empty", "reason"),
        ({"due_on": TODAY - timedelta(days=1)}, "not_ahead", "due_on"),
    ],
)
def test_what_is_no_entry(changes, rule: str, wrong: str):
    refusal = at(Stage.IN_PROGRESS).refused(replace(ENTRY, **changes), LISTING, by=LEADER)
    assert (refusal.rule, refusal.field) == (rule, wrong)


@pytest.mark.parametrize("stage", [Stage.VERIFIED, Stage.CLOSED, Stage.ARCHIVED, Stage.TERMINATED])
def test_what_is_done_is_not_listed(stage: Stage):
    refusal = at(stage).refused(replace(ENTRY, due_on=date(2011, 12, 31)), LISTING, by=LEADER)
    assert (refusal.rule, refusal.field, refusal.state) == ("settled_already", "commitment", stage.value)


def test_what_is_put_right_is_not_listed():
    refusal = walked(submitted(), (VERIFY, ITEM, SUPERVISOR)).refused(OF_ITEM, LISTING, by=LEADER)
    assert (refusal.rule, refusal.field, refusal.kind) == ("settled_already", "rectification", Kind.OUT_OF_TURN)


@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.REGISTERED])
def test_what_no_unit_was_given_is_not_listed(stage: Stage):
    refusal = at(stage).refused(ENTRY, LISTING, by=LEADER)
    assert (refusal.rule, refusal.field, refusal.state) == ("not_assigned", "commitment", stage.value)
    at(Stage.ASSIGNED).decide(ENTRY, LISTING, by=LEADER)


@pytest.mark.parametrize("by", [SUPERVISOR, SECOND_LEADER])
def test_another_person_lifts_it_when_it_is_done(by):
    given = listed(Stage.REPORTED)
    assert given.refused(LIFT, LISTING, by=by).rule == "not_settled"
    step(given, "record_call_back", "verify_commitment")
    assert given.when(LIFT, LISTING, by=by) == [ListingLifted(note="已核验办结", by=by.person)]
    state = given.states[LISTING]
    assert (state.stage, state.claims) == (ListingStage.LIFTED, ())


def test_a_rectification_comes_off_when_it_is_verified_or_withdrawn():
    given = walked(submitted(), (OF_ITEM, LISTING, LEADER))
    assert given.refused(LIFT, LISTING, by=SUPERVISOR).rule == "not_settled"
    walked(given, (VERIFY, ITEM, SUPERVISOR), (LIFT, LISTING, SUPERVISOR))
    walked(
        ordered(objected()),
        (OF_ITEM, LISTING, LEADER),
        (REVOKE, CONCLUSION, LEADER),
        (WITHDRAW, ITEM, LEADER),
        (LIFT, LISTING, SUPERVISOR),
    )


def test_another_leader_takes_it_off_with_a_reason():
    given = listed()
    assert given.when(WITHDRAW_LISTING, LISTING, by=SECOND_LEADER) == [
        ListingWithdrawn(reason="并入专项整治", by=SECOND_LEADER.person)
    ]
    state = given.states[LISTING]
    assert (state.stage, state.claims) == (ListingStage.WITHDRAWN, ())


@pytest.mark.parametrize("command", [LIFT, WITHDRAW_LISTING])
def test_neither_who_listed_it_nor_the_unit_takes_it_off(command):
    given = listed(Stage.REPORTED)
    step(given, "record_call_back", "verify_commitment")
    lister = person("leader", Role.LEADER, Role.SUPERVISOR)
    assert given.refused(command, LISTING, by=lister).rule == "same_person"
    for by in {UNIT_LEADER, UNIT_SUPERVISOR if command is LIFT else UNIT_LEADER}:
        assert given.refused(command, LISTING, by=by).rule == "own_inspection"


def test_what_is_off_the_list_stays_off():
    given = walked(listed(), (WITHDRAW_LISTING, LISTING, SECOND_LEADER))
    for command in (LIFT, WITHDRAW_LISTING):
        assert given.refused(command, LISTING, by=SECOND_LEADER).rule == "out_of_turn"
