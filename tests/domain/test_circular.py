"""Circulars: drafted on what is final, issued by another person, withdrawn visibly."""

from dataclasses import replace
from datetime import date

import pytest
from field import LEADER, OTHER_UNIT, SUPERVISOR, UNIT
from given import person
from inspections import CONCLUSION, UNIT_SUPERVISOR, delivered, objected, walked
from matter import MATTER, at, move_to
from test_conclusion import AMEND, REVOKE, UPHOLD

from domain.actor import Role
from domain.circular import (
    CircularDrafted,
    CircularIssued,
    CircularStage,
    CircularWithdrawn,
    DraftCircular,
    IssueCircular,
    Tone,
    WithdrawCircular,
)
from domain.commitment import Stage
from domain.ids import CommitmentId, ConclusionId
from domain.refusal import Kind

CIRCULAR = "circular"
DRAFT = DraftCircular(
    number="太督通〔2011〕1号",
    title="住房改造督查情况通报",
    tone=Tone.CRITICISM,
    units=(UNIT,),
    body="住房改造进度滞后",
    conclusions=(ConclusionId(CONCLUSION),),
)
ON_COMMITMENT = replace(DRAFT, conclusions=(), commitments=(CommitmentId(MATTER),))
WITHDRAW = WithdrawCircular(reason="数字有误")


def final():
    return walked(objected(), (UPHOLD, CONCLUSION, LEADER))


def drafted():
    return walked(final(), (DRAFT, CIRCULAR, SUPERVISOR))


def test_a_supervisor_drafts():
    given = final()
    assert given.when(DRAFT, CIRCULAR, by=SUPERVISOR) == [
        CircularDrafted(
            number=DRAFT.number,
            title=DRAFT.title,
            tone=Tone.CRITICISM,
            units=(UNIT,),
            conclusions=(ConclusionId(CONCLUSION),),
            commitments=(),
            body=DRAFT.body,
            by=SUPERVISOR.person,
        )
    ]
    state = given.states[CIRCULAR]
    assert (state.stage, state.claims) == (CircularStage.DRAFTED, ("circular number 太督通〔2011〕1号",))


def test_a_commitment_is_a_ground():
    [event] = at(Stage.IN_PROGRESS).when(ON_COMMITMENT, CIRCULAR, by=SUPERVISOR)
    assert event.commitments == (MATTER,)


@pytest.mark.parametrize(
    ("changes", "rule", "wrong"),
    [
        ({"units": ()}, "nothing_named", "units"),
        ({"units": (UNIT, UNIT)}, "named_twice", "units"),
        ({"units": (UNIT, OTHER_UNIT)}, "unit_without_ground", "units"),
        ({"units": (OTHER_UNIT,)}, "unit_without_ground", "units"),
        ({"conclusions": ()}, "unit_without_ground", "units"),
        ({"conclusions": DRAFT.conclusions * 2}, "named_twice", "conclusions"),
        ({"commitments": (MATTER, MATTER)}, "named_twice", "commitments"),
        ({"number": ""}, "text_empty", "number"),
        ({"title": ""}, "text_empty", "title"),
        ({"body": ""}, "text_empty", "body"),
    ],
)
def test_what_is_no_draft(changes, rule: str, wrong: str):
    refusal = final().refused(replace(DRAFT, **changes), CIRCULAR, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, wrong)


def test_only_final_conclusions_are_made_known():
    given = delivered()
    refusal = given.refused(DRAFT, CIRCULAR, by=SUPERVISOR)
    assert (refusal.rule, refusal.field, refusal.kind) == ("conclusion_not_final", "conclusions", Kind.OUT_OF_TURN)
    move_to(given, date(2011, 7, 16))
    given.decide(DRAFT, CIRCULAR, by=SUPERVISOR)
    assert objected().refused(DRAFT, CIRCULAR, by=SUPERVISOR).rule == "conclusion_not_final"
    walked(objected(), (AMEND, CONCLUSION, LEADER)).decide(DRAFT, CIRCULAR, by=SUPERVISOR)
    revoked = walked(objected(), (REVOKE, CONCLUSION, LEADER))
    assert revoked.refused(DRAFT, CIRCULAR, by=SUPERVISOR).rule == "conclusion_not_final"


def test_nobody_drafts_about_the_own_unit():
    assert final().refused(DRAFT, CIRCULAR, by=UNIT_SUPERVISOR).rule == "own_inspection"


def test_a_leader_issues():
    given = drafted()
    assert given.when(IssueCircular(), CIRCULAR, by=LEADER) == [CircularIssued(by=LEADER.person)]
    assert given.states[CIRCULAR].stage is CircularStage.ISSUED


def test_a_draft_is_issued_only_while_what_it_rests_on_is_final():
    given = drafted()
    revoked = walked(objected(), (REVOKE, CONCLUSION, LEADER))
    given.states[CONCLUSION] = revoked.states[CONCLUSION]
    refusal = given.refused(IssueCircular(), CIRCULAR, by=LEADER)
    assert (refusal.rule, refusal.kind) == ("conclusion_not_final", Kind.OUT_OF_TURN)


def test_nobody_issues_the_own_draft():
    both = person("supervisor", Role.SUPERVISOR, Role.LEADER)
    assert drafted().refused(IssueCircular(), CIRCULAR, by=both).rule == "same_person"


@pytest.mark.parametrize("before", [(), ((IssueCircular(), CIRCULAR, LEADER),)])
def test_a_leader_withdraws_and_the_number_stays_used(before):
    given = walked(drafted(), *before)
    assert given.when(WITHDRAW, CIRCULAR, by=LEADER) == [CircularWithdrawn(reason="数字有误", by=LEADER.person)]
    state = given.states[CIRCULAR]
    assert (state.stage, len(state.claims)) == (CircularStage.WITHDRAWN, 1)
    for command in (IssueCircular(), WITHDRAW):
        assert given.refused(command, CIRCULAR, by=LEADER).rule == "out_of_turn"


def test_it_is_issued_once():
    given = walked(drafted(), (IssueCircular(), CIRCULAR, LEADER))
    assert given.refused(IssueCircular(), CIRCULAR, by=LEADER).rule == "out_of_turn"
