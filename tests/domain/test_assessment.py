"""The yearly assessment: what a score is made of, and who draws it up and who publishes it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from field import LEADER, SECOND_SUPERVISOR, SUPERVISOR, UNIT, the_field
from given import TODAY, Given, person
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.actor import Role
from domain.appraisal import AppraisalStage
from domain.appraisal import evolve as appraisal_evolve
from domain.appraisal_draw import Frame
from domain.appraisal_events import AppraisalOpened
from domain.appraisal_form import Form
from domain.appraisal_tally import Result
from domain.assessment import (
    AssessmentPublished,
    AssessmentRevised,
    AssessmentStage,
    AssessmentWithdrawn,
    AssessUnit,
    PublishAssessment,
    ReviseAssessment,
    UnitAssessed,
    WithdrawAssessment,
)
from domain.assessment_score import Figure, Part, score, share
from domain.refusal import Kind
from domain.rules import DEFAULT

FULFILLED = Figure(part=Part.FULFILMENT, numerator=9, denominator=10, excluded=1)
BENEFIT = Figure(part=Part.BENEFIT, numerator=1, denominator=3)
ASSESS = AssessUnit(unit=UNIT, year=2011, known_at=90, figures_on=TODAY, figures=(FULFILLED, BENEFIT))
REVISE = ReviseAssessment(known_at=91, figures_on=TODAY, figures=(FULFILLED,), reason="更正")
PUBLISH = PublishAssessment()
WITHDRAW = WithdrawAssessment(reason="须复核")

WEIGHTS = DEFAULT.assessment_weights | {"appraisal": DEFAULT.appraisal_weight_percent}
DRAWN_UP = ((ASSESS, SUPERVISOR),)
PUBLISHED = (*DRAWN_UP, (PUBLISH, LEADER))
WITHDRAWN = (*PUBLISHED, (WITHDRAW, SECOND_SUPERVISOR))


def after(steps) -> Given:
    given = the_field()
    for command, by in steps:
        given.when(command, "assessment", by=by)
    return given


def test_the_weights_are_a_whole_and_name_every_part():
    assert sum(WEIGHTS.values()) == 100
    assert set(WEIGHTS) == set(Part)


def test_parts_without_data_count_as_nothing():
    result = score((FULFILLED, BENEFIT, Figure(part=Part.SOLVED, numerator=0, denominator=0)), DEFAULT)
    assert [one.part for one in result.parts] == list(map(Part, WEIGHTS))
    rates = {one.part: one.rate for one in result.parts}
    assert rates == dict.fromkeys(Part) | {Part.FULFILMENT: 9_000, Part.BENEFIT: 3_333}
    assert (result.weight, result.score) == (35, 7_381)
    assert result.parts[0].excluded == 1


def test_nothing_gives_no_score():
    result = score((), DEFAULT)
    assert (result.weight, result.score) == (0, None)
    assert {one.rate for one in result.parts} == {None}


def test_a_zero_is_data():
    result = score((Figure(part=Part.SOLVED, numerator=0, denominator=4),), DEFAULT)
    assert (result.weight, result.score) == (15, 0)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(0, 0, None), (0, 7, 0), (7, 7, 10_000), (1, 3, 3_333), (2, 3, 6_667), (1, 20_000, 1), (1, 20_001, 0)],
)
def test_a_share_is_rounded_half_up(numerator: int, denominator: int, expected):
    assert share(numerator, denominator) == expected


@settings(max_examples=60, deadline=None)
@for_all(st.dictionaries(st.sampled_from(list(Part)), st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_a_score_is_the_weighted_mean_of_what_is_known(counted):
    figures = [Figure(part=part, numerator=min(pair), denominator=max(pair)) for part, pair in counted.items()]
    weighed = [(WEIGHTS[one.part], Fraction(one.numerator, one.denominator)) for one in figures if one.denominator]
    result = score(figures, DEFAULT)
    assert result.weight == sum(weight for weight, _ in weighed)
    if not weighed:
        assert result.score is None
        return
    mean = sum(weight * rate for weight, rate in weighed) / result.weight
    assert abs(Fraction(result.score, 10_000) - mean) <= Fraction(1, 10_000)


def test_it_is_drawn_up_from_figures_of_a_moment():
    assert the_field().when(ASSESS, "assessment", by=SUPERVISOR) == [
        UnitAssessed(
            unit=UNIT,
            year=2011,
            known_at=90,
            figures_on=TODAY,
            result=score((FULFILLED, BENEFIT), DEFAULT),
            edition=DEFAULT.version,
            by=SUPERVISOR.person,
        )
    ]


def test_one_of_a_unit_and_year_at_a_time():
    assert after(DRAWN_UP).states["assessment"].claims == ("assessment 2011 unit",)
    assert after(PUBLISHED).states["assessment"].claims == ("assessment 2011 unit",)
    assert after(WITHDRAWN).states["assessment"].claims == ()


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"year": 2012}, "year_out_of_range", "year"),
        ({"year": 1999}, "year_out_of_range", "year"),
        ({"known_at": 0}, "number_out_of_range", "known_at"),
        ({"figures_on": TODAY + timedelta(days=1)}, "date_in_future", "figures_on"),
        ({"figures_on": date(2010, 12, 31)}, "date_before_start", "figures_on"),
        ({"figures": (FULFILLED, FULFILLED)}, "part_twice", "figures"),
        ({"figures": (replace(FULFILLED, numerator=11),)}, "part_above_whole", "figures.numerator"),
        ({"figures": (replace(FULFILLED, numerator=-1),)}, "number_out_of_range", "figures.numerator"),
        ({"figures": (replace(FULFILLED, denominator=-1, numerator=0),)}, "number_out_of_range", "figures.denominator"),
        ({"figures": (replace(FULFILLED, excluded=-1),)}, "number_out_of_range", "figures.excluded"),
        ({"figures": (replace(FULFILLED, part=Part.APPRAISAL),)}, "appraisal_not_sent", "figures"),
    ],
)
def test_what_is_no_assessment(changes, rule: str, field: str):
    refusal = the_field().refused(replace(ASSESS, **changes), "assessment", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_a_part_of_which_there_was_nothing_to_count_is_drawn_up():
    nothing = replace(FULFILLED, numerator=0, denominator=0, excluded=0)
    [event] = the_field().when(replace(ASSESS, figures=(nothing,)), "assessment", by=SUPERVISOR)
    by_part = {one.part: one for one in event.result.parts}
    assert set(by_part) == set(Part)
    assert all((one.numerator, one.denominator, one.rate) == (0, 0, None) for one in by_part.values())


def test_an_earlier_year_can_be_assessed_late():
    [drawn] = the_field().when(replace(ASSESS, year=2010, figures_on=date(2010, 1, 1)), "assessment", by=SUPERVISOR)
    assert drawn.year == 2010


def appraised(
    given: Given, *, year: int = 2011, units=(UNIT,), results=(), published: bool = True, upheld=None
) -> None:
    """A round as it stands after its publication; how it gets there is told in its own tests."""
    opened = AppraisalOpened(
        title="评机关", year=year, units=units, forms=(Form.SATISFACTION,), residents=1, enterprises=1, by="x"
    )
    state = appraisal_evolve(None, opened)
    given.states["round"] = replace(
        state,
        stage=AppraisalStage.PUBLISHED if published else AppraisalStage.TALLIED,
        results=tuple(results),
        objections={} if upheld is None else {UNIT: upheld},
    )


def result(frame: Frame, points: int) -> Result:
    return Result(
        unit=UNIT,
        frame=frame,
        form=Form.SATISFACTION,
        counts=(30,),
        approximate=None,
        score=points,
        strict=None,
        low=None,
        high=None,
    )


BOTH = (result(Frame.RESIDENTS, 9_000), result(Frame.ENTERPRISES, 8_000))
APPRAISED = replace(ASSESS, appraisal="round")


def standing_in(given: Given, command=APPRAISED):
    [drawn] = given.decide(command, "assessment", by=SUPERVISOR)
    assert drawn.appraisal == "round"
    return drawn.result.parts[-1]


def test_a_published_appraisal_enters_with_its_weight():
    given = the_field()
    appraised(given, results=BOTH)
    part = standing_in(given)
    assert (part.part, part.weight, part.rate) == (Part.APPRAISAL, 20, 8_500)


@pytest.mark.parametrize(("upheld", "rate"), [(True, None), (False, 8_500)])
def test_a_standing_that_was_set_aside_is_no_data(upheld: bool, rate):
    given = the_field()
    appraised(given, results=BOTH, upheld=upheld)
    assert standing_in(given).rate == rate


def test_a_round_that_gives_no_standing_is_no_data():
    given = the_field()
    appraised(given, results=BOTH[:1])
    part = standing_in(given)
    assert (part.rate, part.denominator) == (None, 0)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"published": False}, "appraisal_not_published"),
        ({"year": 2010}, "appraisal_of_another"),
        ({"units": ("other-unit",)}, "appraisal_of_another"),
    ],
)
def test_only_a_published_round_of_the_year_and_unit(changes, rule: str):
    given = the_field()
    appraised(given, results=BOTH, **changes)
    refusal = given.refused(APPRAISED, "assessment", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, "appraisal")
    published = rule != "appraisal_not_published"
    assert refusal.kind is (Kind.INVALID if published else Kind.CONFLICT)
    assert refusal.state == (None if published else "tallied")


def test_a_revision_takes_the_standing_too():
    given = after(DRAWN_UP)
    appraised(given, results=BOTH)
    assert standing_in(given, replace(REVISE, appraisal="round")).rate == 8_500
    appraised(given, results=BOTH, published=False)
    refusal = given.refused(replace(REVISE, appraisal="round"), "assessment", by=SUPERVISOR)
    assert refusal.rule == "appraisal_not_published"


def test_it_is_drawn_up_anew_with_a_reason():
    given = after(DRAWN_UP)
    assert given.when(REVISE, "assessment", by=SECOND_SUPERVISOR) == [
        AssessmentRevised(
            known_at=91,
            figures_on=TODAY,
            result=score((FULFILLED,), DEFAULT),
            edition=DEFAULT.version,
            reason="更正",
            by=SECOND_SUPERVISOR.person,
        )
    ]
    assert given.states["assessment"].score == 9_000


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"reason": ""}, "text_empty", "reason"),
        ({"known_at": 0}, "number_out_of_range", "known_at"),
        ({"figures_on": date(2010, 12, 31)}, "date_before_start", "figures_on"),
        ({"figures": (FULFILLED, FULFILLED)}, "part_twice", "figures"),
    ],
)
def test_what_is_no_revision(changes, rule: str, field: str):
    refusal = after(DRAWN_UP).refused(replace(REVISE, **changes), "assessment", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_a_second_person_publishes_it():
    given = after((*DRAWN_UP, (REVISE, SECOND_SUPERVISOR)))
    for one in (SUPERVISOR, SECOND_SUPERVISOR):
        for command in (PUBLISH, WITHDRAW):
            refusal = given.refused(command, "assessment", by=one)
            assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    assert given.when(PUBLISH, "assessment", by=LEADER) == [AssessmentPublished(by=LEADER.person)]


def test_nobody_assesses_the_own_unit():
    of_the_unit = person("someone", Role.SUPERVISOR, Role.LEADER, unit=UNIT)
    refusal = the_field().refused(ASSESS, "assessment", by=of_the_unit)
    assert (refusal.rule, refusal.kind) == ("own_assessment", Kind.FORBIDDEN)
    for command in (REVISE, PUBLISH, WITHDRAW):
        assert after(DRAWN_UP).refused(command, "assessment", by=of_the_unit).rule == "own_assessment"


def test_it_is_withdrawn_with_a_reason():
    given = after(PUBLISHED)
    assert given.refused(replace(WITHDRAW, reason=""), "assessment", by=LEADER).field == "reason"
    assert given.when(WITHDRAW, "assessment", by=LEADER) == [AssessmentWithdrawn(reason="须复核", by=LEADER.person)]


IN_TURN = {
    AssessmentStage.DRAWN_UP: ("revise_assessment", "publish_assessment", "withdraw_assessment"),
    AssessmentStage.PUBLISHED: ("withdraw_assessment",),
    AssessmentStage.WITHDRAWN: (),
}


@pytest.mark.parametrize("steps", [DRAWN_UP, PUBLISHED, WITHDRAWN], ids=len)
@pytest.mark.parametrize("command", [REVISE, PUBLISH, WITHDRAW], ids=lambda command: command.NAME)
def test_out_of_turn(steps, command):
    given = after(steps)
    stage = given.states["assessment"].stage
    by = person("third-supervisor", Role.SUPERVISOR)
    if command.NAME in IN_TURN[stage]:
        assert given.decide(command, "assessment", by=by)
        return
    refusal = given.refused(command, "assessment", by=by)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", stage.value, IN_TURN[stage])
