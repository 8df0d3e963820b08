"""Offers: matched with needs, used with evidence, returned, and confirmed by who was to benefit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from field import (
    CALLER,
    DISPATCHER,
    HEAD,
    HOUSEHOLD,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    SUPERVISOR,
    UNIT,
    VILLAGE,
    the_field,
)
from given import TODAY, Given, person

from domain.actor import Role
from domain.evidence import Evidence
from domain.need import NeedRaised, NeedWithdrawn
from domain.offer import EndOffer, MakeOffer, OfferStage
from domain.offer_events import (
    BenefitConfirmed,
    BenefitDenied,
    OfferEnded,
    OfferMade,
    ResourceMatched,
    ResourceReturned,
    ResourceUsed,
)
from domain.offer_matching import ConfirmBenefit, DenyBenefit, MatchResource, ReturnResource, UseResource
from domain.partner import PartnerKind, PartnerLeft
from domain.refusal import Kind
from domain.resource import Resource
from domain.sealed import Sealed
from domain.service import Aid, Recurrence

FILE = Evidence(digest="5e" * 32, captured_at=datetime(2011, 6, 1, tzinfo=UTC))
MAKE = MakeOffer(
    unit=UNIT,
    kind=Resource.TALENT,
    title="农技员",
    quantity=20,
    measure="人日",
    recurrence=Recurrence.RECURRING,
    aid=Aid.CAPACITY,
    available_from=date(2011, 6, 1),
)
MATCH = MatchResource(need="need", quantity=8, reason="工种相符")
USE = UseResource(need="need", quantity=5, used_on=TODAY, note="田间指导", evidence=(FILE,))
RETURN = ReturnResource(need="need", quantity=3, returned_on=TODAY, reason="农时已过")
CONFIRM = ConfirmBenefit(need="need", quantity=4, confirmed_on=TODAY, words="讲得好")
DENY = DenyBenefit(need="need", answered_on=TODAY, words="没有用")
END = EndOffer(reason="人员调整")

MADE = ((MAKE, OFFICER),)
MATCHED = (*MADE, (MATCH, DISPATCHER))
USED = (*MATCHED, (USE, OFFICER))
SETTLED = (*USED, (RETURN, OFFICER))
ENDED = (*SETTLED, (END, OFFICER))


def needed(given: Given, name: str = "need", partner=VILLAGE, **changes: Any) -> None:
    kind = PartnerKind.HOUSEHOLD if partner == HOUSEHOLD else PartnerKind.VILLAGE
    need = {"kind": Resource.TALENT, "quantity": 10, "measure": "人日", **changes}
    given.happened(
        name,
        NeedRaised(
            partner=partner,
            partner_kind=kind,
            title="需要农技员",
            detail=None,
            raised_on=date(2011, 6, 1),
            by=CALLER.person,
            **need,
        ),
    )


def after(steps) -> Given:
    given = the_field()
    needed(given)
    for command, by in steps:
        given.when(command, "offer", by=by)
    return given


def test_a_unit_offers_what_it_has():
    assert after(()).when(MAKE, "offer", by=HEAD) == [
        OfferMade(
            unit=UNIT,
            kind=Resource.TALENT,
            title="农技员",
            quantity=20,
            measure="人日",
            recurrence=Recurrence.RECURRING,
            aid=Aid.CAPACITY,
            available_from=date(2011, 6, 1),
            available_until=None,
            by=HEAD.person,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"unit": OTHER_UNIT}, "other_unit", "unit"),
        ({"title": ""}, "text_empty", "title"),
        ({"quantity": 0}, "number_out_of_range", "quantity"),
        ({"measure": "分"}, "funds_in_fen", "measure"),
        ({"kind": Resource.FUNDS}, "funds_in_fen", "measure"),
        ({"available_from": date(1999, 12, 31)}, "date_before_start", "available_from"),
        ({"available_until": TODAY - timedelta(days=1)}, "date_before_start", "available_until"),
        (
            {"available_from": date(2011, 8, 1), "available_until": date(2011, 7, 31)},
            "date_before_start",
            "available_until",
        ),
    ],
)
def test_what_is_no_offer(changes, rule: str, field: str):
    refusal = after(()).refused(replace(MAKE, **changes), "offer", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_it_is_matched_with_a_reason():
    given = after(MADE)
    assert given.when(MATCH, "offer", by=DISPATCHER) == [
        ResourceMatched(
            need="need",
            unit=UNIT,
            partner=VILLAGE,
            partner_kind=PartnerKind.VILLAGE,
            quantity=8,
            reason="工种相符",
            matched_on=TODAY,
            by=DISPATCHER.person,
        )
    ]
    assert given.states["offer"].left == 12
    assert given.states["offer"].claims == ("need need",)
    refusal = given.refused(replace(MATCH, quantity=1), "offer", by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("already_matched", Kind.CONFLICT, "need")


@pytest.mark.parametrize("quantity", [1, 10])
def test_up_to_what_is_needed(quantity: int):
    assert after(MADE).when(replace(MATCH, quantity=quantity), "offer", by=SUPERVISOR)


@pytest.mark.parametrize(
    ("changes", "rule"), [({"quantity": 11}, "quantity_exceeded"), ({"quantity": 0}, "number_out_of_range")]
)
def test_not_more_than_is_needed(changes, rule: str):
    refusal = after(MADE).refused(replace(MATCH, **changes), "offer", by=DISPATCHER)
    assert (refusal.rule, refusal.field) == (rule, "quantity")


def test_not_more_than_is_left():
    given = after(MADE)
    for number in range(2):
        needed(given, f"need-{number}")
        given.when(replace(MATCH, need=f"need-{number}"), "offer", by=DISPATCHER)
    refusal = given.refused(replace(MATCH, quantity=5), "offer", by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("quantity_exceeded", Kind.CONFLICT, "quantity")
    assert given.when(replace(MATCH, quantity=4), "offer", by=DISPATCHER)
    assert given.states["offer"].left == 0


@pytest.mark.parametrize("changes", [{"kind": Resource.BUSINESS}, {"measure": "场"}])
def test_only_the_same_kind_and_measure(changes):
    given = after(MADE)
    needed(given, **changes)
    refusal = given.refused(MATCH, "offer", by=DISPATCHER)
    assert (refusal.rule, refusal.field) == ("resource_differs", "need")


def test_a_reason_is_needed():
    assert after(MADE).refused(replace(MATCH, reason=" "), "offer", by=DISPATCHER).field == "reason"


def test_a_withdrawn_need_is_neither_matched_nor_served():
    withdrawn = NeedWithdrawn(reason="重复", by=SUPERVISOR.person)
    for steps, command, by in ((MADE, MATCH, DISPATCHER), (MATCHED, USE, OFFICER)):
        given = after(steps)
        given.happened("need", withdrawn)
        refusal = given.refused(command, "offer", by=by)
        assert (refusal.rule, refusal.field, refusal.state) == ("need_withdrawn", "need", "withdrawn")
        assert refusal.kind is Kind.CONFLICT
    given = after(MATCHED)
    given.happened("need", withdrawn)
    assert given.when(replace(RETURN, quantity=8), "offer", by=OFFICER)


def test_a_partner_that_is_gone_gets_nothing():
    for steps, command, by in ((MADE, MATCH, DISPATCHER), (MATCHED, USE, OFFICER)):
        given = after(steps)
        given.happened(VILLAGE, PartnerLeft(left_on=TODAY - timedelta(days=1), reason="并村"))
        assert given.refused(command, "offer", by=by).rule == "partner_gone"


@pytest.mark.parametrize(
    ("first", "last", "possible"),
    [
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (TODAY, None, True),
    ],
)
def test_only_while_it_is_available(first: date, last: date | None, possible: bool):
    given = after(())
    given.when(replace(MAKE, available_from=first, available_until=last), "offer", by=OFFICER)
    if possible:
        assert given.when(MATCH, "offer", by=DISPATCHER)
    else:
        assert given.refused(MATCH, "offer", by=DISPATCHER).rule == "offer_unavailable"


def test_not_after_it_was_available():
    given = after(((replace(MAKE, available_until=TODAY), OFFICER),))
    given.later(days=1)
    assert given.refused(MATCH, "offer", by=DISPATCHER).rule == "offer_unavailable"


def test_the_unit_says_what_was_used():
    given = after(MATCHED)
    assert given.when(USE, "offer", by=HEAD) == [
        ResourceUsed(
            need="need",
            unit=UNIT,
            partner=VILLAGE,
            quantity=5,
            used_on=TODAY,
            note="田间指导",
            evidence=(FILE,),
            filed_at=given.now,
            by=HEAD.person,
        )
    ]
    assert given.refused(replace(USE, quantity=4), "offer", by=OFFICER).rule == "quantity_exceeded"
    assert given.when(replace(USE, quantity=3), "offer", by=OFFICER)


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"evidence": ()}, "evidence_missing", "evidence"),
        ({"used_on": TODAY - timedelta(days=1)}, "date_before_start", "used_on"),
        ({"used_on": TODAY + timedelta(days=1)}, "date_in_future", "used_on"),
        ({"note": ""}, "text_empty", "note"),
        ({"need": "other"}, "not_matched", "need"),
        ({"quantity": 0}, "number_out_of_range", "quantity"),
    ],
)
def test_what_is_no_use(changes, rule: str, field: str):
    given = after(MATCHED)
    needed(given, "other")
    refusal = given.refused(replace(USE, **changes), "offer", by=OFFICER)
    assert refusal.kind is (Kind.CONFLICT if rule == "not_matched" else Kind.INVALID)
    assert (refusal.rule, refusal.field) == (rule, field)


@pytest.mark.parametrize("command", [USE, RETURN, END], ids=lambda command: command.NAME)
def test_only_the_giving_unit(command):
    assert after(MATCHED).refused(command, "offer", by=OTHER_OFFICER).rule == "other_unit"


def test_what_is_returned_can_be_matched_again():
    given = after(USED)
    assert given.when(RETURN, "offer", by=OFFICER) == [
        ResourceReturned(need="need", unit=UNIT, quantity=3, returned_on=TODAY, reason="农时已过", by=OFFICER.person)
    ]
    assert given.states["offer"].left == 15
    assert given.states["offer"].claims == ("need need",)
    assert given.refused(replace(RETURN, quantity=1), "offer", by=OFFICER).rule == "quantity_exceeded"
    assert given.refused(replace(USE, quantity=1), "offer", by=OFFICER).rule == "quantity_exceeded"


def test_a_need_whose_match_was_returned_unused_is_free():
    given = after(MATCHED)
    given.when(replace(RETURN, quantity=8), "offer", by=OFFICER)
    assert given.states["offer"].claims == ()
    assert given.states["offer"].left == 20
    assert given.when(replace(MATCH, quantity=10), "offer", by=DISPATCHER)
    assert given.states["offer"].matches["need"].outstanding == 10


def test_a_need_that_was_partly_met_keeps_its_match():
    given = after(SETTLED)
    refusal = given.refused(replace(MATCH, quantity=1), "offer", by=DISPATCHER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("already_matched", Kind.CONFLICT, "need")


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"returned_on": TODAY - timedelta(days=1)}, "date_before_start", "returned_on"),
        ({"returned_on": TODAY + timedelta(days=1)}, "date_in_future", "returned_on"),
        ({"reason": ""}, "text_empty", "reason"),
        ({"need": "other"}, "not_matched", "need"),
    ],
)
def test_what_is_no_return(changes, rule: str, field: str):
    given = after(MATCHED)
    needed(given, "other")
    refusal = given.refused(replace(RETURN, **changes), "offer", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_the_beneficiary_says_how_much_did_good():
    given = after(USED)
    assert given.when(CONFIRM, "offer", by=CALLER) == [
        BenefitConfirmed(
            need="need",
            unit=UNIT,
            partner=VILLAGE,
            asked=5,
            quantity=4,
            confirmed_on=TODAY,
            words=Sealed("need", "讲得好"),
            by=CALLER.person,
        )
    ]
    refusal = given.refused(replace(CONFIRM, quantity=1), "offer", by=CALLER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("nothing_to_confirm", Kind.OUT_OF_TURN, "open")


def test_the_beneficiary_says_that_none_did():
    given = after(USED)
    assert given.when(DENY, "offer", by=SUPERVISOR) == [
        BenefitDenied(
            need="need",
            unit=UNIT,
            partner=VILLAGE,
            asked=5,
            answered_on=TODAY,
            words=Sealed("need", "没有用"),
            by=SUPERVISOR.person,
        )
    ]
    given.when(replace(USE, quantity=2), "offer", by=OFFICER)
    assert given.refused(replace(CONFIRM, quantity=3), "offer", by=CALLER).rule == "quantity_exceeded"
    [confirmed] = given.when(replace(CONFIRM, quantity=2, words=None), "offer", by=CALLER)
    assert (confirmed.asked, confirmed.words) == (2, None)


def test_a_households_words_are_its_own():
    given = the_field()
    needed(given, partner=HOUSEHOLD)
    for command, by in USED:
        given.when(command, "offer", by=by)
    [denied] = given.when(DENY, "offer", by=CALLER)
    assert denied.words == Sealed(HOUSEHOLD, "没有用")


@pytest.mark.parametrize("command", [CONFIRM, DENY], ids=lambda command: command.NAME)
class TestTheAnswer:
    def test_is_not_taken_by_the_giving_unit(self, command):
        caller = person("caller", Role.CALLER, unit=UNIT)
        refusal = after(USED).refused(command, "offer", by=caller)
        assert (refusal.rule, refusal.kind) == ("own_call_back", Kind.FORBIDDEN)

    def test_is_taken_by_another_units_caller(self, command):
        assert after(USED).when(command, "offer", by=person("caller", Role.CALLER, unit=OTHER_UNIT))

    def test_is_not_taken_by_who_recorded_any_use(self, command):
        given = after((*MATCHED, (replace(USE, quantity=2), OFFICER), (replace(USE, quantity=2), HEAD)))
        for name in ("officer", "head"):
            moved = person(name, Role.CALLER, unit=OTHER_UNIT)
            assert given.refused(command, "offer", by=moved).rule == "same_person"

    def test_is_about_something(self, command):
        refusal = after(MATCHED).refused(command, "offer", by=CALLER)
        assert (refusal.rule, refusal.field) == ("nothing_to_confirm", "need")

    def test_comes_after_the_last_use(self, command):
        given = after(MATCHED)
        given.later(days=3)
        used_on = TODAY + timedelta(days=2)
        for day in (used_on, TODAY):
            given.when(replace(USE, quantity=2, used_on=day), "offer", by=OFFICER)
        field = "confirmed_on" if isinstance(command, ConfirmBenefit) else "answered_on"
        refusal = given.refused(replace(command, **{field: used_on - timedelta(days=1)}), "offer", by=CALLER)
        assert (refusal.rule, refusal.field) == ("date_before_start", field)
        refusal = given.refused(replace(command, **{field: used_on + timedelta(days=2)}), "offer", by=CALLER)
        assert (refusal.rule, refusal.field) == ("date_in_future", field)
        assert given.when(replace(command, **{field: used_on}), "offer", by=CALLER)

    def test_is_not_empty(self, command):
        assert after(USED).refused(replace(command, words=" "), "offer", by=CALLER).field == "words"


def test_nothing_good_is_a_denial():
    assert after(USED).refused(replace(CONFIRM, quantity=0), "offer", by=CALLER).rule == "number_out_of_range"


def test_it_ends_once_nothing_is_outstanding():
    refusal = after(USED).refused(END, "offer", by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("offer_outstanding", Kind.OUT_OF_TURN, "open")
    assert refusal.allowed == ("use_resource", "return_resource")
    given = after(SETTLED)
    assert given.refused(replace(END, reason=""), "offer", by=OFFICER).field == "reason"
    assert given.when(END, "offer", by=HEAD) == [OfferEnded(reason="人员调整", by=HEAD.person)]
    assert given.states["offer"].stage is OfferStage.ENDED


@pytest.mark.parametrize(
    ("command", "by"),
    [(MATCH, DISPATCHER), (USE, OFFICER), (RETURN, OFFICER), (END, OFFICER)],
    ids=lambda value: getattr(value, "NAME", ""),
)
def test_after_the_end_only_the_answer_is_open(command, by):
    given = after(ENDED)
    refusal = given.refused(command, "offer", by=by)
    assert (refusal.rule, refusal.state) == ("out_of_turn", "ended")
    assert refusal.allowed == ("confirm_benefit", "deny_benefit")
    assert given.when(CONFIRM, "offer", by=CALLER)
