"""Requests on their way to a unit: taken in, dispatched, returned once, handed over, linked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from field import (
    CALLER,
    DISPATCHER,
    GONE,
    HEAD,
    HOUSEHOLD,
    LEADER,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    SUPERVISOR,
    UNIT,
    the_field,
)
from given import Given, person
from requests_of_residents import (
    ACKNOWLEDGE,
    ALL,
    ANSWER,
    AT,
    CALL_BACK,
    CHECK,
    CLOSE,
    DISPATCH,
    DISPATCHED,
    IN_HAND,
    LINKED,
    MAIN,
    PROMISE,
    RAISE,
    RAISED,
    REASSIGN,
    REDO,
    RETURN,
    RETURN_ASKED,
    RULE,
    TAKE_ON,
    WITHDRAW,
    at,
)

from domain.actor import Role
from domain.commitment_terms import Urgency
from domain.partner import PartnerKind
from domain.refusal import Kind
from domain.request import STAGES, TURNS, RequestStage
from domain.request_answering import AnswerLinkedRequest
from domain.request_events import (
    EscalationGround,
    Protection,
    RequestAcknowledged,
    RequestDispatched,
    RequestEscalated,
    RequestKind,
    RequestLinked,
    RequestRaised,
    RequestReassigned,
    RequestReturnAccepted,
    RequestReturnAsked,
    RequestReturnRefused,
    RequestTakenOn,
    RequestUnlinked,
    RequestWithdrawn,
    Source,
    Way,
)
from domain.request_intake import LinkRequest, UnlinkRequest
from domain.sealed import Sealed
from domain.visit import VisitRecorded, VisitWithdrawn

THIRD = UNIT.__class__("third-unit")


def raised_on_a_visit(given: Given) -> None:
    given.happened(
        "visit",
        VisitRecorded(
            unit=UNIT,
            partner="village",  # type: ignore[arg-type]
            partner_kind=PartnerKind.VILLAGE,
            visited_on=date(2011, 6, 1),
            persons=2,
            purpose="走访",
            heard=None,
            commitment=None,
            problem=None,
            by=OFFICER.person,
        ),
    )


def test_what_a_resident_says_and_who_it_is_is_sealed_under_the_requests_own_key():
    [raised] = the_field().when(RAISE, "request", by=CALLER)
    assert isinstance(raised, RequestRaised)
    assert (raised.detail, raised.source) == (
        Sealed("request", "夜里看不清路"),
        Source(name=Sealed("request", "某某"), phone=Sealed("request", "000-0000"), address=None),
    )
    assert (raised.kind, raised.way, raised.protection) == (
        RequestKind.DIFFICULTY,
        Way.HOTLINE,
        Protection.CONFIDENTIAL,
    )
    assert (raised.first_receiver, raised.partner, raised.by) == (None, None, CALLER.person)
    assert (raised.dispatch_by.rule, raised.dispatch_by.due - raised.dispatch_by.start) == (
        "dispatch_hours.general",
        timedelta(hours=24),
    )


def test_two_requests_of_one_person_have_no_key_in_common():
    given = the_field()
    [first] = given.when(RAISE, "one", by=CALLER)
    [second] = given.when(RAISE, "two", by=CALLER)
    assert {first.source.name.subject, first.detail.subject} == {"one"}
    assert {second.source.name.subject, second.detail.subject} == {"two"}


def test_a_named_person_known_as_a_partner_has_one_key():
    [raised] = the_field().when(
        replace(RAISE, protection=Protection.NAMED, partner=HOUSEHOLD, address="某组1号"), "request", by=CALLER
    )
    assert {raised.detail.subject, raised.source.name.subject, raised.source.address.subject} == {HOUSEHOLD}
    assert raised.source.address == Sealed(HOUSEHOLD, "某组1号")
    assert raised.partner == HOUSEHOLD


def test_what_is_said_to_a_partner_later_has_its_key_too():
    given = at(ALL[RequestStage.IN_HAND], raised=replace(RAISE, protection=Protection.NAMED, partner=HOUSEHOLD))
    [answered] = given.when(ANSWER, AT, by=OFFICER)
    assert answered.reply == Sealed(HOUSEHOLD, ANSWER.reply)


def test_of_an_anonymous_person_nothing_is_recorded():
    [raised] = the_field().when(
        replace(RAISE, protection=Protection.ANONYMOUS, name=None, phone=None), "request", by=CALLER
    )
    assert raised.source is None


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"title": ""}, "text_empty", "title"),
        ({"detail": ""}, "text_empty", "detail"),
        ({"region": "32"}, "region_code", "region"),
        ({"name": None}, "source_needed", "name"),
        ({"protection": Protection.NAMED, "name": None}, "source_needed", "name"),
        ({"name": "a\nb"}, "text_not_one_line", "name"),
        ({"phone": ""}, "text_empty", "phone"),
        ({"address": ""}, "text_empty", "address"),
        ({"partner": HOUSEHOLD}, "source_confidential", "partner"),
        ({"protection": Protection.ANONYMOUS}, "source_anonymous", "name"),
        ({"protection": Protection.ANONYMOUS, "name": None}, "source_anonymous", "phone"),
        (
            {"protection": Protection.ANONYMOUS, "name": None, "phone": None, "address": "x"},
            "source_anonymous",
            "address",
        ),
        (
            {"protection": Protection.ANONYMOUS, "name": None, "phone": None, "partner": HOUSEHOLD},
            "source_anonymous",
            "partner",
        ),
        ({"protection": Protection.NAMED, "partner": GONE}, "partner_gone", "partner"),
        ({"way": Way.VISIT}, "visit_named", "visit"),
        ({"visit": "visit"}, "visit_named", "visit"),
    ],
)
def test_what_is_no_request(changes, rule: str, field: str):
    refusal = the_field().refused(replace(RAISE, **changes), "request", by=CALLER)
    assert (refusal.rule, refusal.field) == (rule, field)


class TestOnAVisit:
    ON_A_VISIT = replace(RAISE, way=Way.VISIT, visit="visit")  # type: ignore[arg-type]

    def test_the_visiting_unit_takes_it_in(self):
        given = the_field()
        raised_on_a_visit(given)
        [raised] = given.when(self.ON_A_VISIT, "request", by=OFFICER)
        assert (raised.visit, raised.first_receiver) == ("visit", UNIT)

    def test_another_unit_does_not(self):
        given = the_field()
        raised_on_a_visit(given)
        refusal = given.refused(self.ON_A_VISIT, "request", by=OTHER_OFFICER)
        assert (refusal.rule, refusal.field) == ("other_unit", "visit")

    def test_nor_on_a_visit_that_was_withdrawn(self):
        given = the_field()
        raised_on_a_visit(given)
        given.happened("visit", VisitWithdrawn(reason="重复", by=HEAD.person))
        refusal = given.refused(self.ON_A_VISIT, "request", by=OFFICER)
        assert (refusal.rule, refusal.kind, refusal.field) == ("visit_withdrawn", Kind.CONFLICT, "visit")


class TestTheFirstReceiver:
    def test_deals_with_it_itself(self):
        given = at(RAISED, by=OFFICER)
        assert given.states[AT].answerable == UNIT
        [taken] = given.when(TAKE_ON, AT, by=HEAD)
        assert isinstance(taken, RequestTakenOn)
        assert (taken.unit, taken.by, taken.answer_by.rule) == (
            UNIT,
            HEAD.person,
            "request_answer_working_days.difficulty",
        )
        assert taken.answer_by.due == datetime(2011, 6, 22, 16, tzinfo=UTC)
        assert given.states[AT].responsible == UNIT

    def test_only_it(self):
        assert at(RAISED, by=OFFICER).refused(TAKE_ON, AT, by=OTHER_OFFICER).rule == "other_unit"

    def test_is_no_unit_when_a_desk_of_none_took_it_in(self):
        refusal = at(RAISED).refused(TAKE_ON, AT, by=OFFICER)
        assert (refusal.rule, refusal.allowed) == (
            "no_first_receiver",
            ("dispatch_request", "link_request", "withdraw_request"),
        )

    def test_hands_it_on(self):
        given = at(RAISED, by=OFFICER)
        [handed] = given.when(replace(DISPATCH, unit=OTHER_UNIT), AT, by=OFFICER)
        assert (handed.unit, handed.hand_over) == (OTHER_UNIT, 1)

    def test_answers_for_it_until_another_unit_leads(self):
        given = at(RAISED, by=OFFICER)
        given.when(replace(DISPATCH, unit=OTHER_UNIT), AT, by=OFFICER)
        assert given.states[AT].answerable == UNIT
        given.when(ACKNOWLEDGE, AT, by=OTHER_OFFICER)
        assert given.states[AT].answerable == OTHER_UNIT

    @pytest.mark.parametrize("received_by", [OFFICER, CALLER], ids=["a unit", "a desk"])
    def test_nobody_else_of_a_unit_hands_it_on(self, received_by):
        assert at(RAISED, by=received_by).refused(DISPATCH, AT, by=OTHER_OFFICER).rule == "not_first_receiver"

    def test_cannot_send_it_back(self):
        given = at(RAISED, by=OFFICER)
        given.when(DISPATCH, AT, by=DISPATCHER)
        refusal = given.refused(RETURN, AT, by=OFFICER)
        assert (refusal.rule, refusal.allowed) == (
            "first_receiver",
            ("acknowledge_request", "reassign_request", "link_request", "withdraw_request"),
        )


@pytest.mark.parametrize("by", [DISPATCHER, LEADER], ids=["dispatcher", "leader"])
def test_it_is_dispatched(by):
    [sent] = at(RAISED).when(DISPATCH, AT, by=by)
    assert isinstance(sent, RequestDispatched)
    assert (sent.unit, sent.instruction, sent.hand_over, sent.by) == (UNIT, "请三日内核实", 1, by.person)
    assert (sent.acknowledge_by.rule, sent.acknowledge_by.due) == (
        "acknowledge_working_days",
        datetime(2011, 6, 16, 16, tzinfo=UTC),
    )


def test_urgent_ones_are_acknowledged_within_hours():
    given = the_field()
    given.when(replace(RAISE, urgency=Urgency.URGENT), AT, by=CALLER)
    [sent] = given.when(DISPATCH, AT, by=DISPATCHER)
    assert (sent.acknowledge_by.rule, sent.acknowledge_by.due - given.now) == (
        "acknowledge_hours.urgent",
        timedelta(hours=2),
    )


@pytest.mark.parametrize(
    ("kind", "due"),
    [(RequestKind.DIFFICULTY, 22), (RequestKind.COMPLAINT, 24), (RequestKind.OPINION, 29)],
)
def test_the_unit_leads_from_its_acknowledgement_on(kind: RequestKind, due: int):
    given = the_field()
    given.when(replace(RAISE, kind=kind), AT, by=CALLER)
    given.when(DISPATCH, AT, by=DISPATCHER)
    [led] = given.when(ACKNOWLEDGE, AT, by=OFFICER)
    assert isinstance(led, RequestAcknowledged)
    assert (led.unit, led.by) == (UNIT, OFFICER.person)
    assert (led.answer_by.rule, led.answer_by.due) == (
        f"request_answer_working_days.{kind}",
        datetime(2011, 6, due, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(("command", "stage"), [(ACKNOWLEDGE, DISPATCHED), (RETURN, DISPATCHED), (ANSWER, IN_HAND)])
def test_only_the_unit_it_was_handed_to(command, stage):
    assert at(stage).refused(command, AT, by=OTHER_OFFICER).rule == "other_unit"


class TestAReturn:
    def test_is_asked_with_a_reason(self):
        given = at(DISPATCHED)
        assert given.refused(replace(RETURN, reason=""), AT, by=OFFICER).field == "reason"
        assert given.when(RETURN, AT, by=OFFICER) == [
            RequestReturnAsked(unit=UNIT, reason="不属本单位职责", by=OFFICER.person)
        ]

    def test_is_accepted_and_it_waits_for_a_unit_again(self):
        given = at(RETURN_ASKED)
        [back] = given.when(RULE, AT, by=DISPATCHER)
        assert isinstance(back, RequestReturnAccepted)
        assert (back.unit, back.reason, back.dispatch_by.rule, back.by) == (
            UNIT,
            "情况属实",
            "dispatch_hours.general",
            DISPATCHER.person,
        )
        state = given.states[AT]
        assert (state.stage, state.responsible, state.returned_by) == (RequestStage.RAISED, None, (UNIT,))
        assert state.return_asked_by is None

    def test_of_each_unit_is_remembered(self):
        given = at(RETURN_ASKED)
        given.when(RULE, AT, by=DISPATCHER)
        given.when(replace(DISPATCH, unit=OTHER_UNIT), AT, by=DISPATCHER)
        given.when(RETURN, AT, by=OTHER_OFFICER)
        given.when(RULE, AT, by=DISPATCHER)
        assert given.states[AT].returned_by == (UNIT, OTHER_UNIT)

    def test_is_refused_and_the_unit_is_designated(self):
        given = at(RETURN_ASKED)
        [kept] = given.when(replace(RULE, granted=False), AT, by=DISPATCHER)
        assert isinstance(kept, RequestReturnRefused)
        assert (kept.unit, kept.reason, kept.acknowledge_by.rule) == (UNIT, "情况属实", "acknowledge_working_days")
        assert given.states[AT].return_asked_by is None
        assert given.refused(RETURN, AT, by=OFFICER).rule == "designated"
        assert given.when(ACKNOWLEDGE, AT, by=OFFICER)

    def test_comes_once_from_a_unit(self):
        given = at(RETURN_ASKED)
        given.when(RULE, AT, by=DISPATCHER)
        given.when(DISPATCH, AT, by=DISPATCHER)
        refusal = given.refused(RETURN, AT, by=OFFICER)
        assert (refusal.rule, refusal.kind, refusal.state) == ("returned_already", Kind.OUT_OF_TURN, "dispatched")

    def test_may_come_from_the_next_unit(self):
        given = at(RETURN_ASKED)
        given.when(replace(RULE, granted=False), AT, by=DISPATCHER)
        given.when(REASSIGN, AT, by=DISPATCHER)
        assert given.when(RETURN, AT, by=OTHER_OFFICER)

    def test_is_ruled_on_by_another_person(self):
        both = person("officer", Role.DISPATCHER, unit=UNIT)
        assert at(RETURN_ASKED).refused(RULE, AT, by=both).rule == "same_person"

    def test_is_ruled_on_with_a_reason(self):
        assert at(RETURN_ASKED).refused(replace(RULE, reason=""), AT, by=DISPATCHER).field == "reason"


class TestTheThirdHandOver:
    """Without a unit that leads."""

    def handed_twice(self) -> Given:
        given = at(DISPATCHED)
        [second] = given.when(REASSIGN, AT, by=DISPATCHER)
        assert isinstance(second, RequestReassigned)
        assert (second.unit, second.hand_over, second.reason) == (OTHER_UNIT, 2, "职责调整")
        return given

    def test_escalates(self):
        given = self.handed_twice()
        third, escalated = given.when(replace(REASSIGN, unit=UNIT), AT, by=DISPATCHER)
        assert (third.hand_over, escalated) == (3, RequestEscalated(ground=EscalationGround.NO_LEAD, count=3))
        assert given.states[AT].responsible == UNIT

    def test_escalates_by_a_dispatch_too(self):
        given = self.handed_twice()
        given.when(RETURN, AT, by=OTHER_OFFICER)
        given.when(RULE, AT, by=DISPATCHER)
        _, escalated = given.when(DISPATCH, AT, by=DISPATCHER)
        assert escalated == RequestEscalated(ground=EscalationGround.NO_LEAD, count=3)

    def test_designates_the_unit_and_leaves_the_rest_to_a_leader(self):
        given = self.handed_twice()
        given.when(replace(REASSIGN, unit=UNIT), AT, by=DISPATCHER)
        assert given.refused(RETURN, AT, by=OFFICER).rule == "designated"
        refusal = given.refused(REASSIGN, AT, by=DISPATCHER)
        assert (refusal.rule, refusal.kind, refusal.allowed) == ("leader_decides", Kind.FORBIDDEN, ("leader",))
        assert len(given.when(REASSIGN, AT, by=LEADER)) == 1
        assert given.refused(RETURN, AT, by=OTHER_OFFICER).rule == "designated"

    def test_leaves_a_dispatch_to_a_leader_too(self):
        given = self.handed_twice()
        given.when(replace(REASSIGN, unit=UNIT), AT, by=DISPATCHER)
        given.when(LinkRequest(main=MAIN, reason="同一事项"), AT, by=DISPATCHER)
        assert given.states[AT].responsible is None
        given.when(UnlinkRequest(reason="并非同一事项"), AT, by=DISPATCHER)
        assert given.refused(DISPATCH, AT, by=DISPATCHER).rule == "leader_decides"
        assert given.when(DISPATCH, AT, by=LEADER)

    def test_is_counted_anew_once_a_unit_has_led(self):
        given = at(DISPATCHED)
        given.when(REASSIGN, AT, by=DISPATCHER)
        given.when(ACKNOWLEDGE, AT, by=OTHER_OFFICER)
        [first] = given.when(replace(REASSIGN, unit=UNIT), AT, by=DISPATCHER)
        assert first.hand_over == 1

    def test_is_no_hand_over_to_the_same_unit(self):
        refusal = at(DISPATCHED).refused(replace(REASSIGN, unit=UNIT), AT, by=DISPATCHER)
        assert (refusal.rule, refusal.field, refusal.kind) == ("same_unit", "unit", Kind.CONFLICT)


class TestADuplicate:
    def test_is_linked_and_stays(self):
        given = at(LINKED)
        assert given.history[AT][-1] == RequestLinked(main="main", reason="同一事项", by=DISPATCHER.person)
        assert (given.states[AT].stage, given.states[AT].main) == (RequestStage.LINKED, "main")
        assert given.states["main"].stage is RequestStage.RAISED

    def test_is_unlinked(self):
        given = at(LINKED)
        [free] = given.when(UnlinkRequest(reason="并非同一事项"), AT, by=SUPERVISOR)
        assert isinstance(free, RequestUnlinked)
        assert (free.reason, free.dispatch_by.rule) == ("并非同一事项", "dispatch_hours.general")
        assert (given.states[AT].stage, given.states[AT].main) == (RequestStage.RAISED, None)

    def test_not_of_itself(self):
        refusal = at(RAISED).refused(LinkRequest(main=AT, reason="同一事项"), AT, by=DISPATCHER)
        assert (refusal.rule, refusal.field) == ("linked_to_itself", "main")

    @pytest.mark.parametrize("stage", [LINKED, ALL[RequestStage.WITHDRAWN]], ids=["linked", "withdrawn"])
    def test_not_of_what_is_linked_or_withdrawn(self, stage):
        given = at(stage)
        given.when(RAISE, "third", by=CALLER)
        refusal = given.refused(LinkRequest(main=AT, reason="同一事项"), "third", by=DISPATCHER)
        assert (refusal.rule, refusal.kind, refusal.field) == ("main_request", Kind.CONFLICT, "main")
        assert refusal.state == stage[0].value

    def test_waits_for_the_answer_of_the_main_one(self):
        passed_on = AnswerLinkedRequest(note="与主件一并办理", reply="已修好")
        given = at(LINKED)
        assert given.refused(passed_on, AT, by=DISPATCHER).rule == "main_unanswered"
        for command, by in ((DISPATCH, DISPATCHER), (ACKNOWLEDGE, OFFICER), (ANSWER, OFFICER)):
            given.when(command, "main", by=by)
        [answered] = given.when(passed_on, AT, by=DISPATCHER)
        assert (answered.unit, answered.resolution, answered.through) == (UNIT, ANSWER.resolution, "main")
        assert answered.reply == Sealed(AT, "已修好")
        assert answered.note == "与主件一并办理"
        assert given.refused(CALL_BACK, AT, by=person("x", Role.CALLER, unit=UNIT)).rule == "own_call_back"
        assert given.when(CALL_BACK, AT, by=CALLER)

    def test_may_be_answered_after_the_main_one_is_closed(self):
        given = at(LINKED)
        for command, by in (
            (DISPATCH, DISPATCHER),
            (ACKNOWLEDGE, OFFICER),
            (ANSWER, OFFICER),
            (CALL_BACK, CALLER),
            (CLOSE, SUPERVISOR),
        ):
            given.when(command, MAIN, by=by)
        assert given.when(AnswerLinkedRequest(note="与主件一并办理", reply="已修好"), AT, by=DISPATCHER)


@pytest.mark.parametrize("stage", sorted(STAGES["withdraw_request"]))
def test_a_second_person_withdraws(stage: RequestStage):
    given = at(ALL[stage])
    both = person("caller", Role.SUPERVISOR)
    assert given.refused(WITHDRAW, AT, by=both).rule == "same_person"
    assert given.refused(replace(WITHDRAW, reason=""), AT, by=SUPERVISOR).field == "reason"
    if given.states[AT].responsible:
        own = person("own", Role.SUPERVISOR, unit=UNIT)
        assert given.refused(WITHDRAW, AT, by=own).rule == "own_call_back"
    assert given.when(WITHDRAW, AT, by=DISPATCHER) == [RequestWithdrawn(reason="本人撤回", by=DISPATCHER.person)]


COMMANDS = (
    (TAKE_ON, OFFICER),
    (DISPATCH, DISPATCHER),
    (ACKNOWLEDGE, OFFICER),
    (RETURN, OFFICER),
    (RULE, DISPATCHER),
    (REASSIGN, DISPATCHER),
    (LinkRequest(main="main", reason="同一事项"), DISPATCHER),  # type: ignore[arg-type]
    (UnlinkRequest(reason="并非同一事项"), SUPERVISOR),
    (AnswerLinkedRequest(note="一并办理", reply="已修好"), DISPATCHER),
    (PROMISE, SUPERVISOR),
    (ANSWER, OFFICER),
    (CALL_BACK, CALLER),
    (CHECK, SUPERVISOR),
    (REDO, SUPERVISOR),
    (CLOSE, SUPERVISOR),
    (WITHDRAW, SUPERVISOR),
)


def test_every_command_is_in_the_table():
    assert {command.NAME for command, _ in COMMANDS} == set(STAGES)


@pytest.mark.parametrize("stage", RequestStage)
@pytest.mark.parametrize(("command", "by"), COMMANDS, ids=lambda value: getattr(value, "NAME", ""))
def test_out_of_turn(stage: RequestStage, command, by):
    given = at(ALL[stage])
    if command.NAME in TURNS[stage]:
        return
    refusal = given.refused(command, AT, by=by)
    assert (refusal.rule, refusal.kind, refusal.state, refusal.allowed) == (
        "out_of_turn",
        Kind.OUT_OF_TURN,
        stage.value,
        TURNS[stage],
    )
