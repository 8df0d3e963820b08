"""Requests answered: who asks the person, when it is redone, what closes it."""

from dataclasses import replace

import pytest
from field import CALLER, LEADER, OFFICER, OTHER_UNIT, SECOND_SUPERVISOR, SUPERVISOR, UNIT
from given import Given, person
from requests_of_residents import (
    ANSWER,
    ANSWERED,
    AT,
    CALL_BACK,
    CHECK,
    CLOSE,
    IN_HAND,
    RAISE,
    REDO,
    at,
)

from domain.actor import Role
from domain.commitment_terms import Answer, Finding, Means
from domain.refusal import Kind
from domain.request import RequestStage
from domain.request_events import (
    EscalationGround,
    Protection,
    RequestAnswered,
    RequestCalledBack,
    RequestChecked,
    RequestClosed,
    RequestEscalated,
    RequestRedoOrdered,
    Resolution,
)
from domain.sealed import Sealed

ANONYMOUS = replace(RAISE, protection=Protection.ANONYMOUS, name=None, phone=None)
UNREACHABLE = replace(CALL_BACK, answer=Answer.UNREACHABLE, words=None)
UNSOLVED = replace(CALL_BACK, answer=Answer.UNSOLVED)


def unreached(times: int) -> Given:
    given = at(ANSWERED)
    for _ in range(times):
        given.when(UNREACHABLE, AT, by=CALLER)
    return given


def test_what_the_person_is_told_is_sealed():
    assert at(IN_HAND).when(ANSWER, AT, by=OFFICER) == [
        RequestAnswered(
            unit=UNIT,
            resolution=Resolution.SOLVED,
            note="更换灯具",
            reply=Sealed(AT, "路灯已修好"),
            through=None,
            by=OFFICER.person,
        )
    ]


@pytest.mark.parametrize("field", ["note", "reply"])
def test_an_answer_has_words(field: str):
    assert at(IN_HAND).refused(replace(ANSWER, **{field: ""}), AT, by=OFFICER).field == field


class TestACallBack:
    @pytest.mark.parametrize("by", [CALLER, SUPERVISOR], ids=["caller", "supervisor"])
    def test_asks_the_person(self, by):
        assert at(ANSWERED).when(CALL_BACK, AT, by=by) == [
            RequestCalledBack(attempt=1, answer=Answer.SOLVED, words=Sealed(AT, "都亮了"), by=by.person)
        ]

    def test_is_never_made_by_the_unit(self):
        refusal = at(ANSWERED).refused(CALL_BACK, AT, by=person("x", Role.CALLER, unit=UNIT))
        assert (refusal.rule, refusal.kind) == ("own_call_back", Kind.FORBIDDEN)

    def test_may_be_made_by_another_units_caller(self):
        assert at(ANSWERED).when(CALL_BACK, AT, by=person("x", Role.CALLER, unit=OTHER_UNIT))

    def test_is_never_made_by_who_answered(self):
        moved = person("officer", Role.CALLER, unit=OTHER_UNIT)
        assert at(ANSWERED).refused(CALL_BACK, AT, by=moved).rule == "same_person"

    def test_is_repeated_until_somebody_answers(self):
        given = unreached(2)
        [third] = given.when(UNREACHABLE, AT, by=CALLER)
        assert (third.attempt, third.words) == (3, None)
        given.when(CALL_BACK, AT, by=CALLER)
        assert given.refused(CALL_BACK, AT, by=CALLER).rule == "answered_already"

    @pytest.mark.parametrize("said", [CALL_BACK, UNSOLVED], ids=["solved", "unsolved"])
    def test_is_final_once_answered(self, said):
        given = at(ANSWERED)
        given.when(said, AT, by=CALLER)
        assert given.refused(CALL_BACK, AT, by=CALLER).rule == "answered_already"

    def test_finds_nobody_behind_an_anonymous_request(self):
        given = at(ANSWERED, raised=ANONYMOUS)
        refusal = given.refused(CALL_BACK, AT, by=CALLER)
        assert (refusal.rule, refusal.allowed) == (
            "anonymous",
            ("check_request", "redo_request", "close_request", "withdraw_request"),
        )


class TestACheck:
    def test_is_for_anonymous_requests(self):
        assert at(ANSWERED, raised=ANONYMOUS).when(CHECK, AT, by=SUPERVISOR) == [
            RequestChecked(finding=Finding.AS_REPORTED, note="夜间查看", by=SUPERVISOR.person)
        ]

    @pytest.mark.parametrize("attempts", [0, 2])
    def test_comes_after_three_call_backs(self, attempts: int):
        assert unreached(attempts).refused(CHECK, AT, by=SUPERVISOR).rule == "call_back_first"
        assert unreached(3).when(CHECK, AT, by=SUPERVISOR)

    def test_is_made_once(self):
        given = at(ANSWERED, raised=ANONYMOUS)
        given.when(CHECK, AT, by=SUPERVISOR)
        assert given.refused(CHECK, AT, by=SECOND_SUPERVISOR).rule == "checked_already"

    def test_does_not_replace_an_answer(self):
        given = at(ANSWERED)
        given.when(UNSOLVED, AT, by=CALLER)
        assert given.refused(CHECK, AT, by=SUPERVISOR).rule == "answered_already"

    def test_is_never_made_by_the_unit_nor_by_who_answered(self):
        given = at(ANSWERED, raised=ANONYMOUS)
        assert given.refused(CHECK, AT, by=person("x", Role.SUPERVISOR, unit=UNIT)).rule == "own_call_back"
        assert given.refused(CHECK, AT, by=person("officer", Role.SUPERVISOR)).rule == "same_person"

    def test_says_what_was_found(self):
        assert at(ANSWERED, raised=ANONYMOUS).refused(replace(CHECK, note=""), AT, by=SUPERVISOR).field == "note"


class TestARedo:
    def test_gives_it_back_with_a_new_clock(self):
        given = at(ANSWERED)
        [redo] = given.when(REDO, AT, by=SUPERVISOR)
        assert isinstance(redo, RequestRedoOrdered)
        assert (redo.redo, redo.reason, redo.answer_by.rule) == (
            1,
            "尚有两盏不亮",
            "request_answer_working_days.difficulty",
        )
        state = given.states[AT]
        assert (state.stage, state.responsible, state.reply) == (RequestStage.IN_HAND, UNIT, None)

    def test_drops_what_was_said_of_the_answer_before(self):
        given = unreached(2)
        given.when(REDO, AT, by=SUPERVISOR)
        given.when(ANSWER, AT, by=OFFICER)
        [first] = given.when(CALL_BACK, AT, by=CALLER)
        assert first.attempt == 1

    def test_is_ordered_by_somebody_else_with_a_reason(self):
        given = at(ANSWERED)
        assert given.refused(REDO, AT, by=person("x", Role.SUPERVISOR, unit=UNIT)).rule == "own_call_back"
        assert given.refused(REDO, AT, by=person("officer", Role.SUPERVISOR)).rule == "same_person"
        assert given.refused(replace(REDO, reason=""), AT, by=SUPERVISOR).field == "reason"

    def test_escalates_the_third_time_and_only_then(self):
        given = at(ANSWERED)
        for redo in (1, 2, 3, 4):
            events = given.when(REDO, AT, by=SUPERVISOR)
            assert events[0].redo == redo
            assert events[1:] == ([RequestEscalated(ground=EscalationGround.REDO, count=3)] if redo == 3 else [])
            given.when(ANSWER, AT, by=OFFICER)

    def test_that_escalates_leaves_hand_overs_to_the_dispatcher(self):
        given = at(ANSWERED)
        for _ in range(3):
            given.when(REDO, AT, by=SUPERVISOR)
            given.when(ANSWER, AT, by=OFFICER)
        assert (given.states[AT].escalated, given.states[AT].without_lead) == (True, False)


class TestClosing:
    def test_rests_on_the_persons_answer(self):
        given = at(ANSWERED)
        given.when(CALL_BACK, AT, by=CALLER)
        assert given.when(CLOSE, AT, by=SUPERVISOR) == [
            RequestClosed(
                unit=UNIT,
                resolution=Resolution.SOLVED,
                confirmed=True,
                means=Means.ANSWER,
                note="同意办结",
                by=SUPERVISOR.person,
            )
        ]

    def test_needs_no_note(self):
        given = at(ANSWERED)
        given.when(CALL_BACK, AT, by=CALLER)
        assert given.when(replace(CLOSE, note=""), AT, by=SUPERVISOR)

    def test_or_on_a_check_by_another_person(self):
        given = at(ANSWERED, raised=ANONYMOUS)
        given.when(CHECK, AT, by=SUPERVISOR)
        assert given.refused(CLOSE, AT, by=SUPERVISOR).rule == "same_person"
        [closed] = given.when(CLOSE, AT, by=SECOND_SUPERVISOR)
        assert (closed.confirmed, closed.means) == (True, Means.SITE_CHECK)

    @pytest.mark.parametrize("attempts", [0, 3])
    def test_needs_that_somebody_was_asked(self, attempts: int):
        assert unreached(attempts).refused(CLOSE, AT, by=SUPERVISOR).rule == "not_asked"

    def test_as_solved_needs_that_it_is(self):
        given = at(ANSWERED)
        given.when(UNSOLVED, AT, by=CALLER)
        refusal = given.refused(CLOSE, AT, by=SUPERVISOR)
        assert (refusal.rule, refusal.allowed) == ("not_confirmed", ("redo_request", "withdraw_request"))
        given = at(ANSWERED, raised=ANONYMOUS)
        given.when(replace(CHECK, finding=Finding.NOT_AS_REPORTED), AT, by=SUPERVISOR)
        assert given.refused(CLOSE, AT, by=SECOND_SUPERVISOR).rule == "not_confirmed"

    def test_an_answer_that_came_after_a_check_counts_more(self):
        given = unreached(3)
        given.when(CHECK, AT, by=SUPERVISOR)
        given.when(UNSOLVED, AT, by=CALLER)
        assert given.refused(CLOSE, AT, by=SECOND_SUPERVISOR).rule == "not_confirmed"

    @pytest.mark.parametrize("resolution", [Resolution.EXPLAINED, Resolution.NOT_POSSIBLE])
    def test_as_explained_stands_apart_from_what_is_confirmed(self, resolution: Resolution):
        given = at(IN_HAND)
        given.when(replace(ANSWER, resolution=resolution), AT, by=OFFICER)
        given.when(UNSOLVED, AT, by=CALLER)
        [closed] = given.when(CLOSE, AT, by=SUPERVISOR)
        assert (closed.resolution, closed.confirmed, closed.means) == (resolution, False, Means.ANSWER)

    def test_is_not_for_the_unit_nor_for_who_answered_nor_for_a_leader(self):
        given = at(ANSWERED)
        given.when(CALL_BACK, AT, by=CALLER)
        assert given.refused(CLOSE, AT, by=person("x", Role.SUPERVISOR, unit=UNIT)).rule == "own_call_back"
        assert given.refused(CLOSE, AT, by=person("officer", Role.SUPERVISOR)).rule == "same_person"
        assert given.refused(CLOSE, AT, by=LEADER).rule == "role_not_allowed"
