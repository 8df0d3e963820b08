"""Units, and the ledger's own first event."""

from dataclasses import replace

import pytest
from field import SYSTEM_ADMIN, UNIT, the_field
from given import Given

from domain.opening import Ledger, LedgerOpened
from domain.refusal import Kind
from domain.unit import RegisterUnit, RenameUnit, UnitClass, UnitRegistered, UnitRenamed

REGISTER = RegisterUnit(code=" NYJ ", title="市农业局", unit_class=UnitClass.DEPARTMENT, region="320585")


@pytest.fixture
def given() -> Given:
    return the_field()


def test_a_unit_is_registered_under_its_code(given: Given):
    assert given.when(REGISTER, "new", by=SYSTEM_ADMIN) == [
        UnitRegistered(code="NYJ", title="市农业局", unit_class=UnitClass.DEPARTMENT, region="320585")
    ]
    assert given.states["new"].claims == ("unit code NYJ",)


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"region": "32058"}, "region_code", "region"),
        ({"region": "3205850"}, "region_code", "region"),
        ({"region": "32058五"}, "region_code", "region"),
        ({"region": "３２０５８５"}, "region_code", "region"),
        ({"code": ""}, "text_empty", "code"),
        ({"code": "N YJ"}, "code_blank", "code"),
        ({"title": ""}, "text_empty", "title"),
    ],
)
def test_what_is_no_unit(given: Given, changes, rule: str, field: str):
    refusal = given.refused(replace(REGISTER, **changes), "new", by=SYSTEM_ADMIN)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_a_unit_is_renamed_and_keeps_its_code(given: Given):
    renamed = given.when(RenameUnit(title="市农业委员会", reason="机构改革"), UNIT, by=SYSTEM_ADMIN)
    assert renamed == [UnitRenamed(title="市农业委员会", reason="机构改革")]
    assert (given.states[UNIT].title, given.states[UNIT].code) == ("市农业委员会", "NYJ")


def test_the_same_name_is_no_change(given: Given):
    refusal = given.refused(RenameUnit(title=" NYJ ", reason="机构改革"), UNIT, by=SYSTEM_ADMIN)
    assert (refusal.rule, refusal.kind, refusal.field) == ("unchanged", Kind.CONFLICT, "title")


@pytest.mark.parametrize("changes", [{"title": ""}, {"reason": ""}])
def test_a_new_name_and_a_reason(given: Given, changes):
    rename = replace(RenameUnit(title="市农业委员会", reason="机构改革"), **changes)
    assert given.refused(rename, UNIT, by=SYSTEM_ADMIN).rule == "text_empty"


def test_the_first_event_says_what_ledger_this_is(given: Given):
    given.happened("ledger", LedgerOpened(demonstration=True, title="太仓二〇一一", region="320585", seed=2011))
    assert given.states["ledger"] == Ledger(demonstration=True, title="太仓二〇一一", region="320585")
