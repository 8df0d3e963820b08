"""Ratings (好差评): how one comes in, who checks it, how it is put right or excluded, and who may never do which."""

from dataclasses import replace
from datetime import date

import pytest
import requests_of_residents as residents
from field import (
    CALLER,
    HEAD,
    LEADER,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    UNIT,
    the_field,
)
from given import Given, person
from matter import MATTER
from matter import at as matter_at
from ratings import (
    ALL,
    APPEAL,
    APPEALED,
    AT,
    CALL_BACK,
    CHECK,
    CHECKED,
    CLOSE,
    EXCLUDE,
    RECEIVE,
    RECEIVED,
    RECTIFIED,
    RECTIFY,
    REDO,
    REFUSE,
    at,
)

from domain import rating
from domain.actor import Role
from domain.appraisal_form import Grade
from domain.command import COMMANDS, authorise
from domain.commitment import Stage
from domain.commitment_terms import Answer, Means
from domain.confidence import withheld_from_units
from domain.rating import RatingStage
from domain.rating_events import (
    AppealGround,
    RaterCalledBack,
    RatingAppealed,
    RatingAppealRefused,
    RatingChecked,
    RatingClosed,
    RatingEscalated,
    RatingExcluded,
    RatingReceived,
    RatingRectified,
    RatingRedoOrdered,
    Truth,
)
from domain.refusal import Kind, Refusal
from domain.request_events import Protection, Source, Way
from domain.sealed import Sealed
from domain.two_hands import Relation

UNITS = {Role.UNIT_OFFICER, Role.UNIT_HEAD}
APART = {Relation.REPORTER, Relation.RATED_UNIT}
LINES = {
    "receive_rating": ({Role.CALLER, Role.DISPATCHER, Role.SUPERVISOR}, set()),
    "check_rating": ({Role.SUPERVISOR, *UNITS}, set()),
    "appeal_rating": (UNITS, set()),
    "rule_on_rating_appeal": (
        {Role.SUPERVISOR, Role.LEADER},
        {Relation.APPELLANT, Relation.RATING_CHECKER, Relation.RATED_UNIT},
    ),
    "rectify_rating": (UNITS, set()),
    "call_back_rater": ({Role.CALLER, Role.SUPERVISOR}, APART),
    "redo_rating": ({Role.SUPERVISOR}, APART),
    "close_rating": ({Role.SUPERVISOR, Role.LEADER}, APART),
}
ANONYMOUS = replace(RECEIVE, protection=Protection.ANONYMOUS, name=None, phone=None)
UNREACHABLE = replace(CALL_BACK, answer=Answer.UNREACHABLE, words=None)
REJECTED = replace(CALL_BACK, answer=Answer.UNSOLVED)
LOOKED = replace(CLOSE, note="到窗口查看，已张贴一次性告知单")


def rejected(times: int) -> Given:
    """Put right in the unit's view and rejected by the rater so often; redone in between."""
    given = at(RECTIFIED)
    for turn in range(times):
        if turn:
            given.when(REDO, AT, by=SUPERVISOR)
            given.when(RECTIFY, AT, by=OFFICER)
        given.when(REJECTED, AT, by=CALLER)
    return given


class TestTheTables:
    @pytest.mark.parametrize("name", LINES)
    def test_each_role_may_what_its_line_says(self, name: str):
        command, (roles, relations) = COMMANDS[name], LINES[name]
        assert set(command.NOT_BY) == relations
        assert name in {"appeal_rating", "rectify_rating"} or not command.OWN_UNIT
        for role in Role:
            if role in roles:
                authorise(command, None, person("someone", role))
                continue
            with pytest.raises(Refusal) as caught:
                authorise(command, None, person("someone", role))
            assert caught.value.rule == "role_not_allowed"

    def test_every_command_has_its_turn(self):
        offered = {name for names in rating.TURNS.values() for name in names}
        assert offered | {"receive_rating"} == set(LINES)
        assert set(LINES) == {name for name, one in COMMANDS.items() if one.OF is rating.Rating}

    @pytest.mark.parametrize("stage", ALL, ids=lambda stage: stage[0])
    @pytest.mark.parametrize(
        "asked", [CHECK, APPEAL, EXCLUDE, RECTIFY, CALL_BACK, REDO, CLOSE], ids=lambda one: one.NAME
    )
    def test_out_of_turn_says_what_is_allowed(self, stage, asked):
        given, by = at(stage), {"appeal_rating": HEAD, "rectify_rating": OFFICER}.get(asked.NAME, SECOND_SUPERVISOR)
        if asked.NAME in rating.TURNS[stage[0]]:
            return
        refusal = given.refused(asked, AT, by=by)
        assert (refusal.rule, refusal.kind) == ("out_of_turn", Kind.OUT_OF_TURN)
        assert (refusal.state, refusal.allowed) == (stage[0].value, rating.TURNS[stage[0]])


class TestARatingComesIn:
    def test_all_that_is_personal_is_sealed_under_its_own_id(self):
        [event] = the_field().when(RECEIVE, AT, by=CALLER)
        assert event == RatingReceived(
            grade=Grade.DISSATISFIED,
            way=Way.WINDOW,
            protection=Protection.NAMED,
            unit=UNIT,
            commitment=None,
            request=None,
            service="社保关系转移",
            words=Sealed(AT, "来回跑了三趟"),
            source=Source(name=Sealed(AT, "某某"), phone=Sealed(AT, "000-0000"), address=None),
            rectify_by=event.rectify_by,
            by=CALLER.person,
        )

    @pytest.mark.parametrize("grade", [Grade.DISSATISFIED, Grade.VERY_DISSATISFIED])
    def test_a_bad_one_starts_a_clock_of_15_working_days(self, grade: Grade):
        given = the_field()
        [event] = given.when(replace(RECEIVE, grade=grade), AT, by=CALLER)
        due = event.rectify_by
        # From Wednesday 2011-06-15: fifteen working days later is Wednesday 6 July, until the end of that day.
        assert (due.rule, due.due.isoformat()) == ("rating_rectify_working_days", "2011-07-06T16:00:00+00:00")
        assert len(due.skipped) == 6
        assert given.states[AT].stage is RatingStage.RECEIVED

    @pytest.mark.parametrize("grade", [Grade.VERY_SATISFIED, Grade.SATISFIED, Grade.FAIRLY_SATISFIED])
    def test_a_good_one_is_done(self, grade: Grade):
        given = the_field()
        [event] = given.when(replace(RECEIVE, grade=grade), AT, by=CALLER)
        assert event.rectify_by is None
        assert given.refused(CHECK, AT, by=SUPERVISOR).allowed == ()

    def test_not_by_a_person_of_the_rated_unit(self):
        refusal = the_field().refused(RECEIVE, AT, by=person("x", Role.CALLER, unit=UNIT))
        assert (refusal.rule, refusal.kind) == ("own_rating", Kind.FORBIDDEN)
        assert the_field().when(RECEIVE, AT, by=person("x", Role.CALLER, unit=OTHER_UNIT))

    def test_is_of_one_thing(self):
        for asked in (replace(RECEIVE, unit=None), replace(RECEIVE, request=residents.AT)):
            assert the_field().refused(asked, AT, by=CALLER).rule == "rated_thing"

    def test_a_units_service_has_a_name_and_nothing_else_has(self):
        assert the_field().refused(replace(RECEIVE, service=""), AT, by=CALLER).field == "service"
        asked = replace(RECEIVE, unit=None, commitment=MATTER)
        assert the_field().refused(asked, AT, by=CALLER).rule == "service_named"

    def test_of_nobody_anonymous_is_anything_recorded(self):
        [event] = the_field().when(ANONYMOUS, AT, by=CALLER)
        assert event.source is None
        for field in ("name", "phone"):
            refusal = the_field().refused(replace(ANONYMOUS, **{field: "某某"}), AT, by=CALLER)
            assert (refusal.rule, refusal.field) == ("source_anonymous", field)

    @pytest.mark.parametrize("protection", [Protection.NAMED, Protection.CONFIDENTIAL])
    def test_who_is_not_anonymous_has_a_name(self, protection: Protection):
        asked = replace(RECEIVE, protection=protection, name=None)
        assert the_field().refused(asked, AT, by=CALLER).rule == "source_needed"

    def test_who_asks_for_confidence_is_closed_to_the_unit(self):
        [event] = the_field().when(replace(RECEIVE, protection=Protection.CONFIDENTIAL), AT, by=CALLER)
        assert withheld_from_units(event, "source.name")
        assert not withheld_from_units(event, "words")
        assert not withheld_from_units(replace(event, protection=Protection.NAMED), "source.name")

    def test_of_a_commitment_rates_the_unit_that_leads_it(self):
        asked = replace(RECEIVE, unit=None, service="", commitment=MATTER)
        given = matter_at(Stage.IN_PROGRESS)
        [event] = given.when(asked, AT, by=CALLER)
        assert (event.unit, event.commitment, event.service) == (UNIT, MATTER, "")
        refusal = matter_at(Stage.REGISTERED).refused(asked, AT, by=CALLER)
        assert (refusal.rule, refusal.state) == ("commitment_unbegun", "registered")

    def test_of_a_request_rates_the_unit_that_answered_once(self):
        asked = replace(RECEIVE, unit=None, service="", request=residents.AT, protection=Protection.CONFIDENTIAL)
        given = residents.at(residents.ANSWERED)
        [event] = given.when(asked, AT, by=CALLER)
        assert (event.unit, event.request) == (UNIT, residents.AT)
        assert given.states[AT].claims == (f"rating of request {residents.AT}",)
        assert at(RECEIVED).states[AT].claims == ()
        assert residents.at(residents.IN_HAND).refused(asked, AT, by=CALLER).rule == "request_unanswered"

    def test_who_was_protected_stays_so(self):
        asked = replace(RECEIVE, unit=None, service="", request=residents.AT)
        assert residents.at(residents.ANSWERED).refused(asked, AT, by=CALLER).rule == "rater_protected"
        named = replace(residents.RAISE, protection=Protection.NAMED)
        assert residents.at(residents.ANSWERED, raised=named).when(asked, AT, by=CALLER)


class TestABadRatingIsChecked:
    @pytest.mark.parametrize("by", [SUPERVISOR, OFFICER, HEAD], ids=lambda by: by.person)
    def test_by_the_unit_or_by_supervision(self, by):
        assert at(RECEIVED).when(CHECK, AT, by=by) == [RatingChecked(truth=Truth.TRUE, note=CHECK.note, by=by.person)]

    def test_not_by_another_unit(self):
        assert at(RECEIVED).refused(CHECK, AT, by=OTHER_OFFICER).rule == "other_unit"

    def test_an_untrue_one_waits_for_an_appeal_all_the_same(self):
        given = at(RECEIVED)
        given.when(replace(CHECK, truth=Truth.UNTRUE), AT, by=OFFICER)
        assert given.states[AT].stage is RatingStage.CHECKED


class TestAnAppeal:
    def test_has_a_ground_and_a_limit_for_the_ruling(self):
        given = at(CHECKED)
        [event] = given.when(APPEAL, AT, by=HEAD)
        assert event == RatingAppealed(
            unit=UNIT,
            ground=AppealGround.MISTAKEN,
            reason="评价人误点",
            evidence=(),
            filed_at=given.now,
            rule_by=event.rule_by,
            by=HEAD.person,
        )
        assert (event.rule_by.rule, event.rule_by.due.isoformat()) == (
            "rating_appeal_working_days",
            "2011-06-22T16:00:00+00:00",
        )

    def test_excludes_when_somebody_else_grants_it(self):
        given = at(APPEALED)
        assert given.when(EXCLUDE, AT, by=SECOND_SUPERVISOR) == [
            RatingExcluded(ground=AppealGround.MISTAKEN, reason=EXCLUDE.reason, by=SECOND_SUPERVISOR.person)
        ]
        assert given.states[AT].stage is RatingStage.EXCLUDED

    def test_is_never_granted_by_who_appealed(self):
        moved = person(HEAD.person, Role.SUPERVISOR, unit=OTHER_UNIT)
        assert at(APPEALED).refused(EXCLUDE, AT, by=moved).rule == "same_person"

    def test_is_never_granted_by_who_checked(self):
        assert at(APPEALED).refused(EXCLUDE, AT, by=SUPERVISOR).rule == "same_person"

    def test_is_never_granted_in_the_rated_unit(self):
        refusal = at(APPEALED).refused(EXCLUDE, AT, by=person("x", Role.LEADER, unit=UNIT))
        assert (refusal.rule, refusal.kind) == ("own_rating", Kind.FORBIDDEN)

    def test_goes_back_to_the_unit_when_refused_and_is_not_made_again(self):
        given = at(APPEALED)
        assert given.when(REFUSE, AT, by=LEADER) == [RatingAppealRefused(reason=REFUSE.reason, by=LEADER.person)]
        assert given.refused(APPEAL, AT, by=OFFICER).rule == "appealed_already"
        assert given.refused(APPEAL, AT, by=OFFICER).allowed == ("rectify_rating",)
        assert given.when(RECTIFY, AT, by=OFFICER)

    def test_comes_before_the_unit_claims_to_have_put_it_right(self):
        given = rejected(1)
        given.when(REDO, AT, by=SUPERVISOR)
        assert given.refused(APPEAL, AT, by=HEAD).rule == "rectified_already"

    def test_is_of_the_rated_unit(self):
        assert at(CHECKED).refused(APPEAL, AT, by=OTHER_OFFICER).rule == "other_unit"


class TestARectification:
    def test_is_the_units_claim(self):
        given = at(CHECKED)
        assert given.when(RECTIFY, AT, by=OFFICER) == [
            RatingRectified(unit=UNIT, note=RECTIFY.note, evidence=(), filed_at=given.now, by=OFFICER.person)
        ]
        assert at(CHECKED).refused(RECTIFY, AT, by=OTHER_OFFICER).rule == "other_unit"
        assert at(CHECKED).refused(replace(RECTIFY, note=""), AT, by=OFFICER).field == "note"

    def test_is_asked_about_by_somebody_outside_the_unit(self):
        assert at(RECTIFIED).when(CALL_BACK, AT, by=CALLER) == [
            RaterCalledBack(attempt=1, answer=Answer.SOLVED, words=Sealed(AT, "这次办好了"), by=CALLER.person)
        ]
        assert at(RECTIFIED).refused(CALL_BACK, AT, by=person("x", Role.CALLER, unit=UNIT)).rule == "own_rating"
        moved = person(OFFICER.person, Role.CALLER, unit=OTHER_UNIT)
        assert at(RECTIFIED).refused(CALL_BACK, AT, by=moved).rule == "same_person"

    def test_is_asked_about_until_somebody_answers(self):
        given = at(RECTIFIED)
        given.when(UNREACHABLE, AT, by=CALLER)
        [second] = given.when(CALL_BACK, AT, by=CALLER)
        assert second.attempt == 2
        assert given.refused(CALL_BACK, AT, by=CALLER).rule == "answered_already"
        assert at(RECTIFIED, received=ANONYMOUS).refused(CALL_BACK, AT, by=CALLER).rule == "anonymous"

    def test_is_redone_when_the_rater_rejects_it(self):
        given = rejected(1)
        given.later(days=1)
        [event] = given.when(REDO, AT, by=SUPERVISOR)
        assert event == RatingRedoOrdered(redo=1, reason=REDO.reason, rectify_by=event.rectify_by, by=SUPERVISOR.person)
        # From Thursday 2011-06-16 on, the limit once more.
        assert event.rectify_by.due.date() == date(2011, 7, 7)
        assert given.states[AT].stage is RatingStage.CHECKED

    def test_is_not_redone_once_the_rater_accepted(self):
        given = at(RECTIFIED)
        given.when(CALL_BACK, AT, by=CALLER)
        assert given.refused(REDO, AT, by=SUPERVISOR).rule == "accepted_already"

    def test_a_redo_is_asked_about_anew(self):
        given = rejected(2)
        assert given.states[AT].rectified.attempts == 1

    def test_the_third_redo_escalates_once(self):
        given = rejected(3)
        assert given.when(REDO, AT, by=SUPERVISOR)[1:] == [RatingEscalated(redos=3)]
        given.when(RECTIFY, AT, by=OFFICER)
        given.when(REJECTED, AT, by=CALLER)
        assert len(given.when(REDO, AT, by=SUPERVISOR)) == 1


class TestClosing:
    def test_takes_that_the_rater_accepts(self):
        given = at(RECTIFIED)
        given.when(CALL_BACK, AT, by=CALLER)
        assert given.when(CLOSE, AT, by=SUPERVISOR) == [
            RatingClosed(unit=UNIT, accepted=True, means=Means.ANSWER, note="", by=SUPERVISOR.person)
        ]

    def test_does_not_go_over_the_raters_head(self):
        refusal = rejected(1).refused(LOOKED, AT, by=LEADER)
        assert (refusal.rule, refusal.allowed) == ("not_accepted", ("call_back_rater", "redo_rating"))

    @pytest.mark.parametrize("attempts", [0, 2])
    def test_of_who_was_not_reached_takes_three_call_backs_and_a_look(self, attempts: int):
        given = at(RECTIFIED)
        for _ in range(attempts):
            given.when(UNREACHABLE, AT, by=CALLER)
        assert given.refused(LOOKED, AT, by=SUPERVISOR).rule == "call_back_first"
        for _ in range(3 - attempts):
            given.when(UNREACHABLE, AT, by=CALLER)
        assert given.refused(CLOSE, AT, by=SUPERVISOR).field == "note"
        [closed] = given.when(LOOKED, AT, by=SUPERVISOR)
        assert (closed.accepted, closed.means) == (True, Means.SITE_CHECK)

    def test_of_an_anonymous_one_takes_a_look(self):
        given = at(RECTIFIED, received=ANONYMOUS)
        assert given.refused(CLOSE, AT, by=SUPERVISOR).field == "note"
        assert given.when(LOOKED, AT, by=SUPERVISOR)[0].means is Means.SITE_CHECK

    def test_not_in_the_unit_and_not_by_who_claimed_it(self):
        given = at(RECTIFIED, received=ANONYMOUS)
        assert given.refused(LOOKED, AT, by=person("x", Role.SUPERVISOR, unit=UNIT)).rule == "own_rating"
        moved = person(OFFICER.person, Role.SUPERVISOR, unit=OTHER_UNIT)
        assert given.refused(LOOKED, AT, by=moved).rule == "same_person"

    def test_after_the_escalation_is_for_a_leader_and_counts_as_not_put_right(self):
        given = rejected(3)
        given.when(REDO, AT, by=SUPERVISOR)
        given.when(RECTIFY, AT, by=OFFICER)
        given.when(REJECTED, AT, by=CALLER)
        refusal = given.refused(LOOKED, AT, by=SUPERVISOR)
        assert (refusal.rule, refusal.allowed) == ("leader_decides", ("leader",))
        assert given.refused(CLOSE, AT, by=LEADER).field == "note"
        [closed] = given.when(LOOKED, AT, by=LEADER)
        assert (closed.accepted, closed.means) == (False, Means.ANSWER)
