"""Field visits."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from field import (
    ENTERPRISE,
    GONE,
    GONE_ON,
    HEAD,
    HOUSEHOLD,
    OFFICER,
    OTHER_HEAD,
    OTHER_OFFICER,
    SUPERVISOR,
    UNIT,
    VILLAGE,
    the_field,
)
from given import TODAY, Given, person

from domain.actor import Role
from domain.ids import CommitmentId, ProblemId, RequestId
from domain.partner import PartnerKind
from domain.refusal import Kind
from domain.sealed import Sealed
from domain.service import Aid, Recurrence
from domain.visit import MOST_PERSONS, RecordVisit, VisitRecorded, VisitRecorded2, VisitWithdrawn, WithdrawVisit

VISIT = RecordVisit(
    unit=UNIT,
    partner=VILLAGE,
    visited_on=date(2011, 6, 14),
    persons=3,
    purpose="查看水利设施",
    recurrence=Recurrence.RECURRING,
    aid=Aid.CAPACITY,
)


@pytest.fixture
def given() -> Given:
    return the_field()


@pytest.fixture
def recorded(given: Given) -> Given:
    given.when(VISIT, "visit", by=OFFICER)
    return given


def test_a_visit_is_recorded(given: Given):
    assert given.when(VISIT, "visit", by=OFFICER) == [
        VisitRecorded2(
            unit=UNIT,
            partner=VILLAGE,
            partner_kind=PartnerKind.VILLAGE,
            visited_on=date(2011, 6, 14),
            persons=3,
            purpose="查看水利设施",
            heard=None,
            commitment=None,
            problem=None,
            recurrence=Recurrence.RECURRING,
            aid=Aid.CAPACITY,
            request=None,
            by=OFFICER.person,
        )
    ]


def test_a_visit_stored_before_they_were_classed_is_withdrawn_like_any(given: Given):
    [recorded] = given.when(VISIT, "new", by=OFFICER)
    old = {field.name: getattr(recorded, field.name) for field in fields(VisitRecorded)}
    given.happened("old", VisitRecorded(**old))
    withdrawal = WithdrawVisit(reason="重复登记")
    assert given.refused(withdrawal, "old", by=OFFICER).rule == "role_not_allowed"
    assert given.when(withdrawal, "old", by=HEAD) == given.when(withdrawal, "new", by=HEAD)


def test_links_are_kept(given: Given):
    visit = replace(
        VISIT, partner=ENTERPRISE, commitment=CommitmentId("c"), problem=ProblemId("p"), request=RequestId("r")
    )
    [recorded] = given.when(visit, "visit", by=HEAD)
    assert (recorded.commitment, recorded.problem, recorded.request) == ("c", "p", "r")
    assert recorded.partner_kind == PartnerKind.ENTERPRISE


@pytest.mark.parametrize(("partner", "subject"), [(VILLAGE, "visit"), (HOUSEHOLD, HOUSEHOLD)])
def test_what_was_heard_is_sealed_for_whom_it_concerns(given: Given, partner, subject):
    [recorded] = given.when(replace(VISIT, partner=partner, heard=" 路灯不亮 "), "visit", by=OFFICER)
    assert recorded.heard == Sealed(subject, "路灯不亮")


@pytest.mark.parametrize("persons", [1, MOST_PERSONS])
def test_as_many_persons_as_can_go(given: Given, persons: int):
    [recorded] = given.when(replace(VISIT, persons=persons), "visit", by=OFFICER)
    assert recorded.persons == persons


@pytest.mark.parametrize("persons", [0, -1, MOST_PERSONS + 1])
def test_persons_out_of_range(given: Given, persons: int):
    refusal = given.refused(replace(VISIT, persons=persons), "visit", by=OFFICER)
    assert (refusal.rule, refusal.field, refusal.kind) == ("number_out_of_range", "persons", Kind.INVALID)


@pytest.mark.parametrize("day", [TODAY, date(2000, 1, 1)])
def test_first_and_last_day(given: Given, day: date):
    assert given.when(replace(VISIT, visited_on=day), "visit", by=OFFICER)


@pytest.mark.parametrize(
    ("day", "rule"),
    [(TODAY + timedelta(days=1), "date_in_future"), (date(1999, 12, 31), "date_before_start")],
)
def test_impossible_days(given: Given, day: date, rule: str):
    refusal = given.refused(replace(VISIT, visited_on=day), "visit", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, "visited_on")


def test_the_day_is_shanghais():
    given = the_field()
    given.later(hours=13)  # 01:00 on the next day in Shanghai, 17:00 the day before in UTC
    assert given.when(replace(VISIT, visited_on=TODAY + timedelta(days=1)), "visit", by=OFFICER)


@pytest.mark.parametrize("by", [OTHER_OFFICER, OTHER_HEAD, person("nowhere", Role.UNIT_OFFICER)])
def test_only_for_the_own_unit(given: Given, by):
    refusal = given.refused(VISIT, "visit", by=by)
    assert (refusal.rule, refusal.kind, refusal.field) == ("other_unit", Kind.FORBIDDEN, "unit")


def test_nobody_visits_who_is_gone(given: Given):
    refusal = given.refused(replace(VISIT, partner=GONE), "visit", by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.field) == ("partner_gone", Kind.CONFLICT, "partner")
    assert given.when(replace(VISIT, partner=GONE, visited_on=GONE_ON), "visit", by=OFFICER)


@pytest.mark.parametrize(("purpose", "rule"), [(" ", "text_empty"), ("看" * 201, "text_too_long")])
def test_a_purpose_is_one_line(given: Given, purpose: str, rule: str):
    refusal = given.refused(replace(VISIT, purpose=purpose), "visit", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, "purpose")


@pytest.mark.parametrize(("heard", "rule"), [("", "text_empty"), ("话" * 10_001, "text_too_long")])
def test_what_was_heard_has_limits(given: Given, heard: str, rule: str):
    refusal = given.refused(replace(VISIT, heard=heard), "visit", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, "heard")


@pytest.mark.parametrize("by", [HEAD, SUPERVISOR])
def test_a_second_person_withdraws(recorded: Given, by):
    withdrawn = recorded.when(WithdrawVisit(reason="重复登记"), "visit", by=by)
    assert withdrawn == [VisitWithdrawn(reason="重复登记", by=by.person)]


def test_not_the_person_who_recorded_it(given: Given):
    both = person("officer", Role.UNIT_OFFICER, Role.UNIT_HEAD, unit=UNIT)
    given.when(VISIT, "visit", by=OFFICER)
    refusal = given.refused(WithdrawVisit(reason="重复登记"), "visit", by=both)
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)


def test_not_another_units_head(recorded: Given):
    assert recorded.refused(WithdrawVisit(reason="重复登记"), "visit", by=OTHER_HEAD).rule == "other_unit"


def test_a_withdrawal_needs_a_reason(recorded: Given):
    assert recorded.refused(WithdrawVisit(reason=""), "visit", by=HEAD).field == "reason"


def test_withdrawn_once(recorded: Given):
    recorded.when(WithdrawVisit(reason="重复登记"), "visit", by=HEAD)
    refusal = recorded.refused(WithdrawVisit(reason="重复登记"), "visit", by=SUPERVISOR)
    assert (refusal.rule, refusal.kind, refusal.state, refusal.allowed) == (
        "out_of_turn",
        Kind.OUT_OF_TURN,
        "withdrawn",
        (),
    )
