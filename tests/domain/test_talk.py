"""Summons for talk: ordered by a leader, held or called off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from field import HEAD, LEADER, OTHER_HEAD, OTHER_UNIT, SUPERVISOR, UNIT
from given import TODAY
from inspections import CONCLUSION, UNIT_LEADER, delivered, walked
from matter import MATTER, at

from domain.commitment import Stage
from domain.ids import CommitmentId, ConclusionId
from domain.talk import CallOffTalk, RecordTalk, SummonToTalk, TalkCalledOff, TalkHeld, TalkStage, TalkSummoned2

TALK = "talk"
SUMMON = SummonToTalk(
    unit=UNIT,
    person=HEAD.person,
    reference="太督约〔2011〕1号",
    reason="连续两月进度滞后",
    planned_on=TODAY + timedelta(days=2),
    commitment=CommitmentId(MATTER),
)
HELD = RecordTalk(held_on=TODAY, minutes="说明滞后原因", undertakings="七月底前赶上进度")
CALL_OFF = CallOffTalk(reason="进度已赶上")


def summoned():
    return walked(at(Stage.IN_PROGRESS), (SUMMON, TALK, LEADER))


def test_a_leader_summons():
    given = at(Stage.IN_PROGRESS)
    assert given.when(SUMMON, TALK, by=LEADER) == [
        TalkSummoned2(
            unit=UNIT,
            person=HEAD.person,
            commitment=CommitmentId(MATTER),
            conclusion=None,
            ladder=None,
            colour=None,
            due_on=None,
            reference="太督约〔2011〕1号",
            reason="连续两月进度滞后",
            planned_on=TODAY + timedelta(days=2),
            summoned_on=TODAY,
            by=LEADER.person,
        )
    ]
    assert given.states[TALK].stage is TalkStage.SUMMONED


def test_a_conclusion_is_a_ground_too():
    command = replace(SUMMON, commitment=None, conclusion=ConclusionId(CONCLUSION))
    [event] = delivered().when(command, TALK, by=LEADER)
    assert (event.commitment, event.conclusion) == (None, CONCLUSION)


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"person": OTHER_HEAD.person}, "person_of_other_unit", "person"),
        ({"commitment": None}, "nothing_named", "commitment"),
        ({"unit": OTHER_UNIT, "person": OTHER_HEAD.person}, "matter_of_other_unit", "commitment"),
        ({"reference": ""}, "text_empty", "reference"),
        ({"reason": ""}, "text_empty", "reason"),
        ({"planned_on": TODAY - timedelta(days=1)}, "not_ahead", "planned_on"),
    ],
)
def test_what_is_no_summons(changes, rule: str, wrong: str):
    refusal = at(Stage.IN_PROGRESS).refused(replace(SUMMON, **changes), TALK, by=LEADER)
    assert (refusal.rule, refusal.field) == (rule, wrong)


def test_another_units_conclusion_is_no_ground():
    command = replace(
        SUMMON, unit=OTHER_UNIT, person=OTHER_HEAD.person, commitment=None, conclusion=ConclusionId(CONCLUSION)
    )
    assert delivered().refused(command, TALK, by=LEADER).field == "conclusion"


@pytest.mark.parametrize("by", [SUPERVISOR, LEADER])
def test_the_talk_is_recorded(by):
    given = summoned()
    given.later(days=2)
    held_on = given.today
    assert given.when(replace(HELD, held_on=held_on), TALK, by=by) == [
        TalkHeld(held_on=held_on, minutes="说明滞后原因", undertakings="七月底前赶上进度", by=by.person)
    ]
    assert given.states[TALK].stage is TalkStage.HELD


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"held_on": TODAY - timedelta(days=1)}, "date_before_start"),
        ({"held_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ({"minutes": ""}, "text_empty"),
        ({"undertakings": ""}, "text_empty"),
    ],
)
def test_what_is_no_record(changes, rule: str):
    assert summoned().refused(replace(HELD, **changes), TALK, by=SUPERVISOR).rule == rule


def test_a_leader_calls_it_off():
    given = summoned()
    assert given.when(CALL_OFF, TALK, by=LEADER) == [TalkCalledOff(reason="进度已赶上", by=LEADER.person)]
    assert given.states[TALK].stage is TalkStage.CALLED_OFF


@pytest.mark.parametrize("command", [HELD, CALL_OFF])
def test_the_unit_neither_records_nor_calls_off(command):
    assert summoned().refused(command, TALK, by=UNIT_LEADER).rule == "own_inspection"


@pytest.mark.parametrize("end", [HELD, CALL_OFF])
def test_it_ends_once(end):
    given = walked(summoned(), (end, TALK, LEADER))
    for command in (HELD, CALL_OFF):
        assert given.refused(command, TALK, by=LEADER).rule == "out_of_turn"
