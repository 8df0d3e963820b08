"""Villages, communities, enterprises and households."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import (
    COMMUNITY,
    DISPATCHER,
    ENTERPRISE,
    GONE,
    HOUSEHOLD,
    OFFICER,
    SUPERVISOR,
    VILLAGE,
    the_field,
)
from given import TODAY, Given

from domain.household import RegisterHousehold, UpdateHousehold
from domain.ids import PartnerId
from domain.partner import (
    HouseholdRegistered,
    HouseholdUpdated,
    MergePartner,
    PartnerKind,
    PartnerLeft,
    PartnerMerged,
    PartnerRegistered,
    PartnerStage,
    PartnerUpdated,
    RegisterPartner,
    RemovePartner,
    UpdatePartner,
)
from domain.refusal import Kind
from domain.sealed import Sealed

CODE = "91320585MA1MABCD0U"
MILL = RegisterPartner(kind=PartnerKind.ENTERPRISE, title="某纺织有限公司", region="320585", credit_code=CODE)
FAMILY = RegisterHousehold(within=VILLAGE, name="某某", address="某组2号", phone="000-0000")
NEW_FAMILY = UpdateHousehold(within=COMMUNITY, name="某某", address="某路3号", reason="搬迁")


@pytest.fixture
def given() -> Given:
    return the_field()


def test_an_enterprise_is_registered(given: Given):
    registered = given.when(replace(MILL, credit_code=f" {CODE.lower()} "), "mill", by=OFFICER)
    assert registered == [
        PartnerRegistered(kind=PartnerKind.ENTERPRISE, title="某纺织有限公司", region="320585", credit_code=CODE)
    ]
    assert given.states["mill"].claims == ("partner enterprise 320585 某纺织有限公司", f"credit code {CODE}")


@pytest.mark.parametrize("kind", [PartnerKind.VILLAGE, PartnerKind.COMMUNITY, PartnerKind.ENTERPRISE])
def test_a_code_is_not_needed(given: Given, kind: PartnerKind):
    [registered] = given.when(replace(MILL, kind=kind, credit_code=None, title="甲"), "new", by=OFFICER)
    assert (registered.kind, registered.credit_code) == (kind, None)
    assert given.states["new"].claims == (f"partner {kind} 320585 甲",)


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"kind": PartnerKind.HOUSEHOLD}, "household_sealed", "kind"),
        ({"kind": PartnerKind.VILLAGE}, "credit_code_kind", "credit_code"),
        ({"credit_code": CODE[:-1] + "1"}, "credit_code", "credit_code"),
        ({"credit_code": ""}, "credit_code", "credit_code"),
        ({"region": "32058"}, "region_code", "region"),
        ({"region": "３２０５８５"}, "region_code", "region"),
        ({"title": "甲\n乙"}, "text_not_one_line", "title"),
    ],
)
def test_what_is_no_partner(given: Given, changes, rule: str, field: str):
    refusal = given.refused(replace(MILL, **changes), "mill", by=OFFICER)
    assert (refusal.rule, refusal.field) == (rule, field)


@pytest.mark.parametrize("region", ["320585", "320585101", "320585101201"])
def test_regions_of_county_town_and_village(given: Given, region: str):
    assert given.when(replace(MILL, region=region), "mill", by=OFFICER)


def test_an_update_moves_the_claims(given: Given):
    given.when(replace(MILL, credit_code=None), "mill", by=OFFICER)
    update = UpdatePartner(title="某织造有限公司", region="320585100", credit_code=CODE, reason="更名")
    assert given.when(update, "mill", by=OFFICER) == [
        PartnerUpdated(title="某织造有限公司", region="320585100", credit_code=CODE, reason="更名")
    ]
    assert given.states["mill"].claims == ("partner enterprise 320585100 某织造有限公司", f"credit code {CODE}")


@pytest.mark.parametrize(
    ("stream", "changes", "rule"),
    [
        (VILLAGE, {"credit_code": CODE}, "credit_code_kind"),
        (VILLAGE, {"reason": ""}, "text_empty"),
        (VILLAGE, {"region": "1"}, "region_code"),
        (VILLAGE, {"title": ""}, "text_empty"),
        (ENTERPRISE, {"credit_code": "1"}, "credit_code"),
    ],
)
def test_an_update_keeps_the_rules(given: Given, stream: str, changes, rule: str):
    update = UpdatePartner(title="乙", region="320585", reason="更名")
    refusal = given.refused(replace(update, **changes), stream, by=OFFICER)
    assert (refusal.rule, [refusal.field]) == (rule, list(changes))


def test_everything_about_a_household_is_sealed(given: Given):
    assert given.when(FAMILY, "family", by=OFFICER) == [
        HouseholdRegistered(
            within=VILLAGE,
            name=Sealed("family", "某某"),
            address=Sealed("family", "某组2号"),
            phone=Sealed("family", "000-0000"),
        )
    ]
    assert (given.states["family"].kind, given.states["family"].claims) == (PartnerKind.HOUSEHOLD, ())


def test_a_household_moves(given: Given):
    assert given.when(NEW_FAMILY, HOUSEHOLD, by=OFFICER) == [
        HouseholdUpdated(
            within=COMMUNITY,
            name=Sealed(HOUSEHOLD, "某某"),
            address=Sealed(HOUSEHOLD, "某路3号"),
            phone=None,
            reason="搬迁",
        )
    ]
    assert given.states[HOUSEHOLD].within == COMMUNITY


def test_a_household_is_known_by_where_it_is():
    given = the_field()
    given.when(FAMILY, "family", by=OFFICER)
    assert given.states["family"].within == VILLAGE
    refusal = given.refused(replace(FAMILY, within=GONE), "another", by=OFFICER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("partner_gone", Kind.CONFLICT, "left")


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"within": ENTERPRISE}, "household_within", "within"),
        ({"within": HOUSEHOLD}, "household_within", "within"),
        ({"within": GONE}, "partner_gone", "within"),
        ({"name": ""}, "text_empty", "name"),
        ({"address": ""}, "text_empty", "address"),
        ({"phone": ""}, "text_empty", "phone"),
    ],
)
def test_what_is_no_household(given: Given, changes, rule: str, field: str):
    for command, stream in ((FAMILY, "family"), (NEW_FAMILY, HOUSEHOLD)):
        refusal = given.refused(replace(command, **changes), stream, by=OFFICER)
        assert (refusal.rule, refusal.field) == (rule, field)


def test_an_update_of_a_household_has_a_reason(given: Given):
    assert given.refused(replace(NEW_FAMILY, reason=""), HOUSEHOLD, by=OFFICER).field == "reason"


@pytest.mark.parametrize(
    ("command", "stream", "offered"),
    [
        (NEW_FAMILY, VILLAGE, "update_partner"),
        (UpdatePartner(title="乙", region="320585", reason="更名"), HOUSEHOLD, "update_household"),
    ],
)
def test_each_kind_has_its_own_update(given: Given, command, stream: str, offered: str):
    refusal = given.refused(command, stream, by=OFFICER)
    assert (refusal.rule, refusal.state, refusal.allowed) == (
        "out_of_turn",
        "present",
        (offered, "remove_partner", "merge_partner"),
    )


def test_a_partner_leaves_and_frees_its_claims(given: Given):
    given.when(MILL, "mill", by=OFFICER)
    left = given.when(RemovePartner(left_on=TODAY, reason="注销"), "mill", by=SUPERVISOR)
    assert left == [PartnerLeft(left_on=TODAY, reason="注销")]
    state = given.states["mill"]
    assert (state.stage, state.last_day, state.claims) == (PartnerStage.LEFT, TODAY, ())


def test_a_partner_merges(given: Given):
    merge = MergePartner(into=VILLAGE, merged_on=date(2011, 6, 1), reason="并村")
    given.when(RegisterPartner(kind=PartnerKind.VILLAGE, title="乙村", region="320585"), "small", by=OFFICER)
    assert given.when(merge, "small", by=DISPATCHER) == [
        PartnerMerged(into=VILLAGE, merged_on=date(2011, 6, 1), reason="并村")
    ]
    state = given.states["small"]
    assert (state.stage, state.last_day, state.claims) == (PartnerStage.MERGED, date(2011, 6, 1), ())


@pytest.mark.parametrize(
    ("stream", "into", "rule"),
    [
        (VILLAGE, VILLAGE, "merge_into"),
        (VILLAGE, COMMUNITY, "merge_into"),
        (VILLAGE, GONE, "partner_gone"),
    ],
)
def test_into_whom_nobody_merges(given: Given, stream: str, into: PartnerId, rule: str):
    refusal = given.refused(MergePartner(into=into, merged_on=TODAY, reason="并村"), stream, by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, "into")


def test_two_partners_never_merge_into_each_other(given: Given):
    given.when(RegisterPartner(kind=PartnerKind.VILLAGE, title="乙村", region="320585"), "small", by=OFFICER)
    given.when(MergePartner(into=VILLAGE, merged_on=TODAY, reason="并村"), "small", by=SUPERVISOR)
    back = MergePartner(into=PartnerId("small"), merged_on=TODAY, reason="并村")
    assert given.refused(back, VILLAGE, by=SUPERVISOR).rule == "merge_into"


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (RemovePartner(left_on=TODAY + timedelta(days=1), reason="注销"), "left_on"),
        (RemovePartner(left_on=date(1999, 12, 31), reason="注销"), "left_on"),
        (RemovePartner(left_on=TODAY, reason=""), "reason"),
        (MergePartner(into=VILLAGE, merged_on=TODAY + timedelta(days=1), reason="并村"), "merged_on"),
        (MergePartner(into=VILLAGE, merged_on=date(1999, 12, 31), reason="并村"), "merged_on"),
        (MergePartner(into=PartnerId("other"), merged_on=TODAY, reason=""), "reason"),
    ],
)
def test_days_and_reasons(given: Given, command, field: str):
    given.when(RegisterPartner(kind=PartnerKind.VILLAGE, title="丙村", region="320585"), "other", by=OFFICER)
    assert given.refused(command, VILLAGE, by=SUPERVISOR).field == field


@pytest.mark.parametrize(
    "command",
    [
        UpdatePartner(title="乙", region="320585", reason="更名"),
        RemovePartner(left_on=TODAY, reason="注销"),
        MergePartner(into=VILLAGE, merged_on=TODAY, reason="并村"),
    ],
    ids=lambda command: command.NAME,
)
@pytest.mark.parametrize(
    "gone", [RemovePartner(left_on=TODAY, reason="注销"), MergePartner(into=VILLAGE, merged_on=TODAY, reason="并村")]
)
def test_nothing_after_the_end(given: Given, command, gone):
    given.when(RegisterPartner(kind=PartnerKind.VILLAGE, title="丙村", region="320585"), "other", by=OFFICER)
    given.when(gone, "other", by=SUPERVISOR)
    refusal = given.refused(command, "other", by=SUPERVISOR)
    assert (refusal.rule, refusal.kind, refusal.allowed) == ("out_of_turn", Kind.OUT_OF_TURN, ())
    assert refusal.state in {"left", "merged"}
