"""Needs: what partners lack, raised by themselves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import CALLER, DISPATCHER, GONE, HOUSEHOLD, OFFICER, SUPERVISOR, VILLAGE, the_field
from given import TODAY

from domain.need import NeedRaised, NeedWithdrawn, RaiseNeed, WithdrawNeed
from domain.partner import PartnerKind
from domain.refusal import Kind
from domain.resource import Resource
from domain.sealed import Sealed

RAISED_ON = date(2011, 5, 3)
RAISE = RaiseNeed(
    partner=VILLAGE,
    kind=Resource.TALENT,
    title="需要农技员",
    quantity=10,
    measure="人日",
    raised_on=RAISED_ON,
    detail="去年病虫害重",
)
WITHDRAW = WithdrawNeed(reason="已自行解决")


def test_what_a_village_says_is_sealed_under_the_need():
    assert the_field().when(RAISE, "need", by=CALLER) == [
        NeedRaised(
            partner=VILLAGE,
            partner_kind=PartnerKind.VILLAGE,
            kind=Resource.TALENT,
            title="需要农技员",
            quantity=10,
            measure="人日",
            detail=Sealed("need", "去年病虫害重"),
            raised_on=RAISED_ON,
            by=CALLER.person,
        )
    ]


def test_what_a_household_says_is_sealed_under_the_household():
    [raised] = the_field().when(replace(RAISE, partner=HOUSEHOLD), "need", by=OFFICER)
    assert raised.detail == Sealed(HOUSEHOLD, "去年病虫害重")


def test_nothing_needs_to_be_said():
    [raised] = the_field().when(replace(RAISE, detail=None), "need", by=OFFICER)
    assert raised.detail is None


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"raised_on": TODAY + timedelta(days=1)}, "date_in_future", "raised_on"),
        ({"partner": GONE}, "partner_gone", "partner"),
        ({"title": ""}, "text_empty", "title"),
        ({"detail": " "}, "text_empty", "detail"),
        ({"quantity": 0}, "number_out_of_range", "quantity"),
        ({"measure": ""}, "text_empty", "measure"),
        ({"measure": "分"}, "funds_in_fen", "measure"),
        ({"kind": Resource.FUNDS, "measure": "元"}, "funds_in_fen", "measure"),
    ],
)
def test_what_is_no_need(changes, rule: str, field: str):
    refusal = the_field().refused(replace(RAISE, **changes), "need", by=CALLER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_funds_are_needed_in_fen():
    [raised] = the_field().when(replace(RAISE, kind=Resource.FUNDS, measure="分"), "need", by=CALLER)
    assert (raised.kind, raised.measure) == (Resource.FUNDS, "分")


def test_a_second_person_withdraws_it_once():
    given = the_field()
    given.when(RAISE, "need", by=DISPATCHER)
    refusal = given.refused(WITHDRAW, "need", by=DISPATCHER)
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    assert given.refused(replace(WITHDRAW, reason=""), "need", by=SUPERVISOR).field == "reason"
    assert given.when(WITHDRAW, "need", by=SUPERVISOR) == [NeedWithdrawn(reason="已自行解决", by=SUPERVISOR.person)]
    refusal = given.refused(WITHDRAW, "need", by=SUPERVISOR)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", "withdrawn", ())
