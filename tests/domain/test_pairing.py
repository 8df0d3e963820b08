"""Pairings, and the activities held under them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import (
    GONE,
    HEAD,
    HOUSEHOLD,
    OFFICER,
    OTHER_HEAD,
    OTHER_OFFICER,
    OTHER_UNIT,
    SUPERVISOR,
    UNIT,
    VILLAGE,
    the_field,
)
from given import TODAY, Given, person

from domain.activity import ActivityHeld, ActivityKind, ActivityWithdrawn, HoldActivity, WithdrawActivity
from domain.actor import Role
from domain.ids import PairingId
from domain.pairing import (
    AgreePairing,
    EndPairing,
    PairingAgreed,
    PairingEnded,
    PairingStage,
    PairingWithdrawn,
    WithdrawPairing,
)
from domain.partner import PartnerKind
from domain.refusal import Kind
from domain.service import Aid, Recurrence

AGREED_ON, ENDED_ON = date(2011, 2, 1), date(2011, 5, 31)
PAIR = AgreePairing(unit=UNIT, partner=VILLAGE, programme="红色1+3", agreed_on=AGREED_ON)
WITH_HOUSEHOLD = replace(PAIR, partner=HOUSEHOLD, member=OFFICER.person)
END = EndPairing(ended_on=ENDED_ON, reason="期满")
WITHDRAW = WithdrawPairing(reason="误登")
HOLD = HoldActivity(
    pairing=PairingId("pairing"),
    held_on=date(2011, 3, 5),
    title="学雷锋志愿服务",
    kind=ActivityKind.VOLUNTEERING,
    recurrence=Recurrence.RECURRING,
    aid=Aid.RELIEF,
    participants=40,
)
OFFICER_AND_HEAD = person("officer", Role.UNIT_OFFICER, Role.UNIT_HEAD, unit=UNIT)


@pytest.fixture
def given() -> Given:
    return the_field()


@pytest.fixture
def paired(given: Given) -> Given:
    given.when(PAIR, "pairing", by=OFFICER)
    return given


def test_a_unit_pairs_with_a_village(given: Given):
    assert given.when(PAIR, "pairing", by=OFFICER) == [
        PairingAgreed(
            unit=UNIT,
            partner=VILLAGE,
            partner_kind=PartnerKind.VILLAGE,
            member=None,
            programme="红色1+3",
            agreed_on=AGREED_ON,
            by=OFFICER.person,
        )
    ]
    state = given.states["pairing"]
    assert state.claims == (f"pairing {UNIT} {VILLAGE}",)
    assert state.responsible == UNIT


def test_a_member_pairs_with_a_household(given: Given):
    [agreed] = given.when(WITH_HOUSEHOLD, "pairing", by=HEAD)
    assert (agreed.member, agreed.partner_kind) == (OFFICER.person, PartnerKind.HOUSEHOLD)
    assert given.states["pairing"].claims == (f"pairing {OFFICER.person} {HOUSEHOLD}",)


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (replace(PAIR, unit=OTHER_UNIT), "other_unit", "unit"),
        (replace(PAIR, partner=HOUSEHOLD), "pairing_member", "member"),
        (replace(PAIR, member=OFFICER.person), "pairing_member", "member"),
        (replace(WITH_HOUSEHOLD, member=OTHER_OFFICER.person), "member_of_other_unit", "member"),
        (replace(PAIR, partner=GONE, agreed_on=TODAY), "partner_gone", "partner"),
        (replace(PAIR, agreed_on=TODAY + timedelta(days=1)), "date_in_future", "agreed_on"),
        (replace(PAIR, agreed_on=date(1999, 12, 31)), "date_before_start", "agreed_on"),
        (replace(PAIR, programme=""), "text_empty", "programme"),
    ],
)
def test_what_is_no_pairing(given: Given, command, rule: str, field: str):
    refusal = given.refused(command, "pairing", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_an_end_frees_the_claim(paired: Given):
    ended = paired.when(END, "pairing", by=OFFICER)
    assert ended == [PairingEnded(ended_on=ENDED_ON, reason="期满", by=OFFICER.person)]
    assert paired.states["pairing"].claims == ()


@pytest.mark.parametrize("day", [AGREED_ON, TODAY])
def test_first_and_last_day_of_an_end(paired: Given, day: date):
    assert paired.when(replace(END, ended_on=day), "pairing", by=OFFICER)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"ended_on": AGREED_ON - timedelta(days=1)}, "date_before_start"),
        ({"ended_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ({"reason": ""}, "text_empty"),
    ],
)
def test_what_is_no_end(paired: Given, changes, rule: str):
    refusal = paired.refused(replace(END, **changes), "pairing", by=OFFICER)
    assert (refusal.rule, [refusal.field]) == (rule, list(changes))


def test_only_the_own_unit_ends_it(paired: Given):
    assert paired.refused(END, "pairing", by=OTHER_OFFICER).rule == "other_unit"


@pytest.mark.parametrize("by", [HEAD, SUPERVISOR])
@pytest.mark.parametrize("ended", [False, True])
def test_a_second_person_withdraws_a_pairing(paired: Given, by, ended: bool):
    if ended:
        paired.when(END, "pairing", by=OFFICER)
    assert paired.when(WITHDRAW, "pairing", by=by) == [PairingWithdrawn(reason="误登", by=by.person)]
    state = paired.states["pairing"]
    assert (state.stage, state.claims) == (PairingStage.WITHDRAWN, ())


@pytest.mark.parametrize(("by", "rule"), [(OFFICER_AND_HEAD, "same_person"), (OTHER_HEAD, "other_unit")])
def test_who_may_not_withdraw_a_pairing(paired: Given, by, rule: str):
    refusal = paired.refused(WITHDRAW, "pairing", by=by)
    assert (refusal.rule, refusal.kind) == (rule, Kind.FORBIDDEN)


def test_a_withdrawal_of_a_pairing_has_a_reason(paired: Given):
    assert paired.refused(replace(WITHDRAW, reason=""), "pairing", by=HEAD).field == "reason"


@pytest.mark.parametrize(
    ("before", "command", "state", "allowed"),
    [
        (END, END, "ended", ("withdraw_pairing",)),
        (WITHDRAW, END, "withdrawn", ()),
        (WITHDRAW, WITHDRAW, "withdrawn", ()),
    ],
)
def test_out_of_turn(paired: Given, before, command, state: str, allowed):
    head = person("second-head", Role.UNIT_HEAD, unit=UNIT)
    paired.when(before, "pairing", by=HEAD)
    refusal = paired.refused(command, "pairing", by=head)
    assert (refusal.rule, refusal.kind, refusal.state, refusal.allowed) == (
        "out_of_turn",
        Kind.OUT_OF_TURN,
        state,
        allowed,
    )


# --- activities ------------------------------------------------------------------------------------------------------


def test_an_activity_is_held(paired: Given):
    assert paired.when(HOLD, "activity", by=OFFICER) == [
        ActivityHeld(
            pairing=PairingId("pairing"),
            unit=UNIT,
            partner=VILLAGE,
            partner_kind=PartnerKind.VILLAGE,
            held_on=date(2011, 3, 5),
            title="学雷锋志愿服务",
            kind=ActivityKind.VOLUNTEERING,
            recurrence=Recurrence.RECURRING,
            aid=Aid.RELIEF,
            participants=40,
            by=OFFICER.person,
        )
    ]


@pytest.mark.parametrize("day", [AGREED_ON, ENDED_ON])
def test_on_the_first_and_last_day_of_the_pairing(paired: Given, day: date):
    paired.when(END, "pairing", by=OFFICER)
    assert paired.when(replace(HOLD, held_on=day), "activity", by=OFFICER)


@pytest.mark.parametrize(
    ("day", "state"), [(AGREED_ON - timedelta(days=1), "ended"), (ENDED_ON + timedelta(days=1), "ended")]
)
def test_not_outside_the_pairing(paired: Given, day: date, state: str):
    paired.when(END, "pairing", by=OFFICER)
    refusal = paired.refused(replace(HOLD, held_on=day), "activity", by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.field, refusal.state) == (
        "pairing_not_running",
        Kind.CONFLICT,
        "held_on",
        state,
    )


def test_not_under_a_withdrawn_pairing(paired: Given):
    paired.when(WITHDRAW, "pairing", by=HEAD)
    assert paired.refused(HOLD, "activity", by=OFFICER).rule == "pairing_not_running"


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "date_in_future", "held_on"),
        ({"participants": 0}, "number_out_of_range", "participants"),
        ({"participants": -1}, "number_out_of_range", "participants"),
        ({"title": ""}, "text_empty", "title"),
    ],
)
def test_what_is_no_activity(paired: Given, changes, rule: str, field: str):
    refusal = paired.refused(replace(HOLD, **changes), "activity", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_another_unit_holds_nothing_under_this_pairing(paired: Given):
    refusal = paired.refused(HOLD, "activity", by=OTHER_OFFICER)
    assert (refusal.rule, refusal.field) == ("other_unit", "pairing")


@pytest.mark.parametrize("by", [HEAD, SUPERVISOR])
def test_a_second_person_withdraws_an_activity(paired: Given, by):
    paired.when(HOLD, "activity", by=OFFICER)
    withdraw = WithdrawActivity(reason="未举行")
    assert paired.when(withdraw, "activity", by=by) == [ActivityWithdrawn(reason="未举行", by=by.person)]
    refusal = paired.refused(withdraw, "activity", by=by)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", "withdrawn", ())


@pytest.mark.parametrize(("by", "rule"), [(OFFICER_AND_HEAD, "same_person"), (OTHER_HEAD, "other_unit")])
def test_who_may_not_withdraw_an_activity(paired: Given, by, rule: str):
    paired.when(HOLD, "activity", by=OFFICER)
    assert paired.refused(WithdrawActivity(reason="未举行"), "activity", by=by).rule == rule


def test_a_withdrawal_of_an_activity_has_a_reason(paired: Given):
    paired.when(HOLD, "activity", by=OFFICER)
    assert paired.refused(WithdrawActivity(reason=""), "activity", by=HEAD).field == "reason"
