"""A talk that follows a red notice: the ladder leads to the one life a talk has."""

from dataclasses import replace
from datetime import timedelta

import pytest
from field import HEAD, LEADER, OTHER_HEAD, OTHER_UNIT, UNIT
from given import Given
from matter import DUE, MATTER, move_to, step
from test_urge import LADDER, RED_DAY, URGER, rung, running, sent, withdrawal

from domain.ids import CommitmentId, UrgeLadderId
from domain.refusal import Kind
from domain.talk import CallOffTalk, RecordTalk, SummonToTalk, TalkStage
from domain.urge import UrgeTalkOrdered
from domain.urge_rungs import Colour

TALK = "talk"
SUMMON = SummonToTalk(
    unit=UNIT,
    person=HEAD.person,
    reference="太督约〔2011〕9号",
    reason="逾期十个工作日",
    planned_on=RED_DAY,
    commitment=CommitmentId(MATTER),
    ladder=UrgeLadderId(LADDER),
)


def refused(given: Given, command: SummonToTalk = SUMMON) -> tuple[str, str | None]:
    refusal = given.refused(command, TALK, by=LEADER)
    return refusal.rule, refusal.field


def test_it_names_the_notice_it_follows():
    given = sent(Colour.RED)
    [summoned] = given.when(SUMMON, TALK, by=LEADER)
    assert (summoned.ladder, summoned.colour, summoned.due_on) == (LADDER, Colour.RED, DUE)
    assert given.states[TALK].claims == (f"talk {LADDER} {DUE} red",)
    given.when(RecordTalk(held_on=RED_DAY, minutes="说明", undertakings="月底前办结"), TALK, by=LEADER)
    assert given.states[TALK].stage is TalkStage.HELD
    assert given.states[TALK].claims


def test_one_called_off_leaves_room_for_another():
    given = sent(Colour.RED)
    given.when(SUMMON, TALK, by=LEADER)
    given.when(CallOffTalk(reason="已反馈"), TALK, by=LEADER)
    assert given.states[TALK].claims == ()


def test_no_notice_but_a_red_one_provides_for_it():
    assert refused(sent(Colour.ORANGE)) == ("no_notice_for_talk", "ladder")


def test_none_follows_a_missed_or_withdrawn_notice():
    missed = running()
    move_to(missed, RED_DAY + timedelta(days=1))
    missed.when(rung(Colour.RED), LADDER, by=URGER)
    assert refused(missed, replace(SUMMON, planned_on=missed.today))[0] == "no_notice_for_talk"
    withdrawn = sent(Colour.RED)
    withdrawn.when(withdrawal(Colour.RED, DUE), LADDER, by=URGER)
    assert refused(withdrawn)[0] == "no_notice_for_talk"


def test_none_once_it_is_reported():
    given = sent(Colour.RED)
    step(given, "report_fulfilment")
    refusal = given.refused(SUMMON, TALK, by=LEADER)
    assert (refusal.rule, refusal.kind) == ("no_notice_for_talk", Kind.OUT_OF_TURN)


def test_none_after_one_ordered_as_it_was_before():
    given = sent(Colour.RED)
    ordered = {"talk_on": RED_DAY, "instruction": "到会说明", "by": LEADER.person}
    given.happened(LADDER, UrgeTalkOrdered(colour=Colour.RED, due_on=DUE, **ordered))
    assert refused(given)[0] == "no_notice_for_talk"


@pytest.mark.parametrize("commitment", [None, "another"])
def test_the_ladder_is_that_of_the_commitment(commitment: str | None):
    given = sent(Colour.RED)
    given.states["another"] = given.states[MATTER]
    command = replace(SUMMON, commitment=commitment)
    if commitment is None:
        given.states["conclusion"] = given.states[MATTER]
        command = replace(command, conclusion="conclusion")
    assert refused(given, command) == ("ladder_of_other_matter", "ladder")


def test_the_unit_is_still_the_one_responsible():
    command = replace(SUMMON, unit=OTHER_UNIT, person=OTHER_HEAD.person)
    assert refused(sent(Colour.RED), command)[0] in {"matter_of_other_unit", "person_of_other_unit"}
