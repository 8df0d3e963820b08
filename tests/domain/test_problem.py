"""Enterprise problems: raised, taken on, solved, confirmed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import (
    CALLER,
    DISPATCHER,
    ENTERPRISE,
    HEAD,
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
from domain.partner import PartnerLeft
from domain.problem import (
    ConfirmProblem,
    DenyProblem,
    HandBackProblem,
    ProblemConfirmed,
    ProblemHandedBack,
    ProblemNotSolved,
    ProblemRaised,
    ProblemSolved,
    ProblemStage,
    ProblemTakenOn,
    ProblemWithdrawn,
    RaiseProblem,
    SolveProblem,
    TakeOnProblem,
    WithdrawProblem,
)
from domain.refusal import Kind
from domain.sealed import Sealed

RAISED_ON, SOLVED_ON = date(2011, 4, 1), date(2011, 5, 1)
RAISE = RaiseProblem(
    partner=ENTERPRISE,
    title="厂区用电容量不足",
    detail="夏季拉闸，损失较大",
    contact_name="某某",
    contact_phone="000-0000",
    raised_on=RAISED_ON,
)
TAKE_ON = TakeOnProblem(unit=UNIT)
HAND_BACK = HandBackProblem(reason="不属本单位职能")
SOLVE = SolveProblem(how="新增专用变压器", solved_on=SOLVED_ON)
CONFIRM = ConfirmProblem(confirmed_on=date(2011, 5, 10), words="已解决")
DENY = DenyProblem(answered_on=date(2011, 5, 10), words="仍会跳闸")
WITHDRAW = WithdrawProblem(reason="重复登记")

RAISED = (ProblemStage.RAISED, ((RAISE, DISPATCHER),))
TAKEN_ON = (ProblemStage.TAKEN_ON, (*RAISED[1], (TAKE_ON, OFFICER)))
SOLVED = (ProblemStage.SOLVED, (*TAKEN_ON[1], (SOLVE, OFFICER)))
CONFIRMED = (ProblemStage.CONFIRMED, (*SOLVED[1], (CONFIRM, CALLER)))
WITHDRAWN = (ProblemStage.WITHDRAWN, (*RAISED[1], (WITHDRAW, SUPERVISOR)))


def at(stage) -> Given:
    given = the_field()
    for command, by in stage[1]:
        given.when(command, "problem", by=by)
    assert given.states["problem"].stage is stage[0]
    return given


def test_what_an_enterprise_says_is_sealed():
    given = the_field()
    assert given.when(RAISE, "problem", by=DISPATCHER) == [
        ProblemRaised(
            partner=ENTERPRISE,
            title="厂区用电容量不足",
            detail=Sealed("problem", "夏季拉闸，损失较大"),
            contact_name=Sealed("problem", "某某"),
            contact_phone=Sealed("problem", "000-0000"),
            raised_on=RAISED_ON,
            by=DISPATCHER.person,
        )
    ]


def test_nobody_needs_to_be_named():
    [raised] = the_field().when(replace(RAISE, contact_name=None, contact_phone=None), "problem", by=OTHER_OFFICER)
    assert (raised.contact_name, raised.contact_phone) == (None, None)


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"partner": VILLAGE}, "enterprise_only", "partner"),
        ({"raised_on": TODAY + timedelta(days=1)}, "date_in_future", "raised_on"),
        ({"raised_on": date(1999, 12, 31)}, "date_before_start", "raised_on"),
        ({"title": ""}, "text_empty", "title"),
        ({"detail": ""}, "text_empty", "detail"),
        ({"detail": "长" * 10_001}, "text_too_long", "detail"),
        ({"contact_name": ""}, "text_empty", "contact_name"),
        ({"contact_phone": "1\n2"}, "text_not_one_line", "contact_phone"),
    ],
)
def test_what_is_no_problem(changes, rule: str, field: str):
    refusal = the_field().refused(replace(RAISE, **changes), "problem", by=DISPATCHER)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_an_enterprise_that_is_gone_raises_nothing():
    given = the_field()
    given.happened(ENTERPRISE, PartnerLeft(left_on=date(2011, 3, 1), reason="注销"))
    assert given.refused(RAISE, "problem", by=DISPATCHER).rule == "partner_gone"


@pytest.mark.parametrize("by", [OFFICER, HEAD, DISPATCHER])
def test_a_unit_takes_it_on(by):
    given = at(RAISED)
    assert given.when(TAKE_ON, "problem", by=by) == [ProblemTakenOn(unit=UNIT, by=by.person)]
    assert given.states["problem"].responsible == UNIT


def test_not_for_another_unit():
    refusal = at(RAISED).refused(TakeOnProblem(unit=OTHER_UNIT), "problem", by=OFFICER)
    assert (refusal.rule, refusal.field) == ("other_unit", "unit")


def test_a_unit_hands_it_back_and_another_takes_it_on():
    given = at(TAKEN_ON)
    assert given.when(HAND_BACK, "problem", by=OFFICER) == [
        ProblemHandedBack(unit=UNIT, reason="不属本单位职能", by=OFFICER.person)
    ]
    assert given.states["problem"].responsible is None
    assert given.when(TakeOnProblem(unit=OTHER_UNIT), "problem", by=OTHER_OFFICER)


def test_a_unit_hands_it_back_with_a_reason():
    refusal = at(TAKEN_ON).refused(replace(HAND_BACK, reason=""), "problem", by=OFFICER)
    assert (refusal.rule, refusal.field) == ("text_empty", "reason")


def test_a_unit_claims_to_have_solved_it():
    assert at(TAKEN_ON).when(SOLVE, "problem", by=HEAD) == [
        ProblemSolved(unit=UNIT, how="新增专用变压器", solved_on=SOLVED_ON, by=HEAD.person)
    ]


@pytest.mark.parametrize("day", [RAISED_ON, TODAY])
def test_first_and_last_day_of_a_solution(day: date):
    assert at(TAKEN_ON).when(replace(SOLVE, solved_on=day), "problem", by=OFFICER)


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"solved_on": RAISED_ON - timedelta(days=1)}, "date_before_start", "solved_on"),
        ({"solved_on": TODAY + timedelta(days=1)}, "date_in_future", "solved_on"),
        ({"how": ""}, "text_empty", "how"),
    ],
)
def test_what_is_no_solution(changes, rule: str, field: str):
    refusal = at(TAKEN_ON).refused(replace(SOLVE, **changes), "problem", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


@pytest.mark.parametrize("command", [SOLVE, HAND_BACK], ids=lambda command: command.NAME)
def test_only_the_unit_that_took_it_on(command):
    assert at(TAKEN_ON).refused(command, "problem", by=OTHER_OFFICER).rule == "other_unit"


@pytest.mark.parametrize("by", [CALLER, SUPERVISOR])
def test_the_enterprise_confirms(by):
    assert at(SOLVED).when(CONFIRM, "problem", by=by) == [
        ProblemConfirmed(unit=UNIT, confirmed_on=date(2011, 5, 10), words=Sealed("problem", "已解决"), by=by.person)
    ]


def test_a_confirmation_needs_no_words():
    [confirmed] = at(SOLVED).when(ConfirmProblem(confirmed_on=SOLVED_ON), "problem", by=CALLER)
    assert confirmed.words is None


def test_the_enterprise_denies_and_the_unit_tries_again():
    given = at(SOLVED)
    assert given.when(DENY, "problem", by=CALLER) == [
        ProblemNotSolved(
            unit=UNIT, answered_on=date(2011, 5, 10), words=Sealed("problem", "仍会跳闸"), by=CALLER.person
        )
    ]
    state = given.states["problem"]
    assert (state.stage, state.responsible, state.solved_on) == (ProblemStage.TAKEN_ON, UNIT, None)
    given.when(replace(SOLVE, solved_on=date(2011, 6, 1)), "problem", by=OFFICER)
    refusal = given.refused(CONFIRM, "problem", by=CALLER)
    assert (refusal.rule, refusal.field) == ("date_before_start", "confirmed_on")


@pytest.mark.parametrize("command", [CONFIRM, DENY], ids=lambda command: command.NAME)
class TestTheAnswer:
    def test_is_not_taken_by_the_unit(self, command):
        caller = person("caller", Role.CALLER, unit=UNIT)
        refusal = at(SOLVED).refused(command, "problem", by=caller)
        assert (refusal.rule, refusal.kind) == ("own_call_back", Kind.FORBIDDEN)

    def test_is_taken_by_another_units_caller(self, command):
        assert at(SOLVED).when(command, "problem", by=person("caller", Role.CALLER, unit=OTHER_UNIT))

    def test_is_not_taken_by_who_solved_it(self, command):
        moved = person("officer", Role.CALLER, unit=OTHER_UNIT)
        assert at(SOLVED).refused(command, "problem", by=moved).rule == "same_person"

    @pytest.mark.parametrize(
        ("day", "rule"),
        [(SOLVED_ON - timedelta(days=1), "date_before_start"), (TODAY + timedelta(days=1), "date_in_future")],
    )
    def test_comes_after_the_claim(self, command, day: date, rule: str):
        field = "confirmed_on" if isinstance(command, ConfirmProblem) else "answered_on"
        refusal = at(SOLVED).refused(replace(command, **{field: day}), "problem", by=CALLER)
        assert (refusal.rule, refusal.field) == (rule, field)

    @pytest.mark.parametrize("day", [SOLVED_ON, TODAY])
    def test_may_come_at_once(self, command, day: date):
        field = "confirmed_on" if isinstance(command, ConfirmProblem) else "answered_on"
        assert at(SOLVED).when(replace(command, **{field: day}), "problem", by=CALLER)

    def test_is_not_empty(self, command):
        assert at(SOLVED).refused(replace(command, words=" "), "problem", by=CALLER).field == "words"


@pytest.mark.parametrize("stage", [RAISED, TAKEN_ON, SOLVED, CONFIRMED], ids=lambda stage: stage[0].value)
def test_a_second_person_withdraws_at_any_stage(stage):
    given = at(stage)
    refusal = given.refused(WITHDRAW, "problem", by=DISPATCHER)
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    assert given.refused(replace(WITHDRAW, reason=""), "problem", by=SUPERVISOR).field == "reason"
    assert given.when(WITHDRAW, "problem", by=SUPERVISOR) == [ProblemWithdrawn(reason="重复登记", by=SUPERVISOR.person)]


IN_TURN = {
    ProblemStage.RAISED: ("take_on_problem", "withdraw_problem"),
    ProblemStage.TAKEN_ON: ("hand_back_problem", "solve_problem", "withdraw_problem"),
    ProblemStage.SOLVED: ("confirm_problem", "deny_problem", "withdraw_problem"),
    ProblemStage.CONFIRMED: ("withdraw_problem",),
    ProblemStage.WITHDRAWN: (),
}


@pytest.mark.parametrize("stage", [RAISED, TAKEN_ON, SOLVED, CONFIRMED, WITHDRAWN], ids=lambda stage: stage[0].value)
@pytest.mark.parametrize(
    ("command", "by"),
    [
        (TAKE_ON, OFFICER),
        (HAND_BACK, OFFICER),
        (SOLVE, OFFICER),
        (CONFIRM, CALLER),
        (DENY, CALLER),
        (WITHDRAW, SUPERVISOR),
    ],
    ids=lambda value: getattr(value, "NAME", ""),
)
def test_out_of_turn(stage, command, by):
    given = at(stage)
    if command.NAME in IN_TURN[stage[0]]:
        assert given.decide(command, "problem", by=by)
        return
    refusal = given.refused(command, "problem", by=by)
    assert (refusal.rule, refusal.kind, refusal.state, refusal.allowed) == (
        "out_of_turn",
        Kind.OUT_OF_TURN,
        stage[0].value,
        IN_TURN[stage[0]],
    )
