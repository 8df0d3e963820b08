"""What the public will read is looked through for numbers of persons when it is typed, not only when it is shown."""

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import matter
import pytest
from field import LEADER, OFFICER, SUPERVISOR
from matter import MATTER, POLICY, PROPOSAL, SECOND_LEADER
from mistakes import AMENDMENT, PROJECT, with_events
from test_circular import CIRCULAR, DRAFT, final

import domain
from domain.commitment import Stage
from domain.correcting import ProposeCorrection, ProposeRetraction
from domain.policy import Target, WithdrawPolicy
from domain.project import CompleteProject

FOLDER = Path(domain.__file__).parent
PUBLISHED = (
    "policy",
    "circular",
    "activity",
    "project",
    "contribution",
    "commitment_registration",
    "publication",
    "appraisal_inviting",
    "appraisal_counting",
    "assessment",
    "commendation",
)
"""Files whose commands take words that are published, or shown with what is."""
DRAWN = {"seed"}
"""Not words: a number drawn in public."""
NUMBER = "联系13800000000"


def typed(file: str) -> set[str]:
    """Fields of commands whose words are taken without being looked through."""
    tree = ast.parse((FOLDER / f"{file}.py").read_text(encoding="utf-8"))
    return {
        argument.attr
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"line", "text"}
        for argument in call.args[:1]
        if isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name) and argument.value.id == "self"
    }


@pytest.mark.parametrize("file", PUBLISHED)
def test_every_word_is_looked_through(file: str):
    assert typed(file) <= DRAWN


@pytest.mark.parametrize("field", ["title", "basis", "measure"])
def test_a_promise_names_no_number_of_a_person(field: str):
    given = matter.ledger()
    refusal = given.refused(replace(PROPOSAL, **{field: NUMBER}), MATTER, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("personal_number", field)


@pytest.mark.parametrize("field", ["title", "summary", "reason"])
def test_nor_does_a_policy(field: str):
    given = matter.ledger()
    assert given.refused(replace(AMENDMENT, **{field: NUMBER}), POLICY, by=LEADER).rule == "personal_number"
    target = Target(key="housing", text=NUMBER, quantity=1000, measure="户")
    refusal = given.refused(replace(AMENDMENT, targets=(target,)), POLICY, by=LEADER)
    assert (refusal.rule, refusal.field) == ("personal_number", "targets.text")
    assert given.refused(WithdrawPolicy(reason=NUMBER), POLICY, by=SECOND_LEADER).rule == "personal_number"


@pytest.mark.parametrize("field", ["number", "title", "body"])
def test_nor_a_circular(field: str):
    refusal = final().refused(replace(DRAFT, **{field: NUMBER}), CIRCULAR, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("personal_number", field)


def test_nor_what_came_of_a_project():
    given = with_events("project", PROJECT)
    done: Any = CompleteProject(completed_on=given.today, result=NUMBER)
    assert given.refused(done, "project", by=OFFICER).rule == "personal_number"


def test_nor_why_a_record_is_mended():
    given = matter.at(Stage.PROPOSED)
    for asked in (
        ProposeCorrection(version=1, field="title", value="修路", reason=NUMBER),
        ProposeCorrection(version=1, field="title", value=NUMBER, reason="笔误"),
    ):
        assert given.refused(asked, MATTER, by=SUPERVISOR).rule == "personal_number"
    visit = with_events("project", PROJECT)
    assert visit.refused(ProposeRetraction(version=1, reason=NUMBER), "project", by=SUPERVISOR).rule == "other_way"
