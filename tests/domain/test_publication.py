"""Publications: composed from typed fields, amended and withdrawn in sight of all, never with personal data."""

from dataclasses import replace
from datetime import date
from typing import Any

import matter
import pytest
from field import ENTERPRISE, HEAD, HOUSEHOLD, LEADER, OFFICER, SUPERVISOR, UNIT, VILLAGE
from given import Given, person
from matter import MATTER, POLICY, PROBLEM, VETTER

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_events import CommitmentProposed
from domain.contribution import ContributionMade, ContributionReversed, Funds
from domain.correcting import ProposeCorrection, ProposeRetraction, RuleOnCorrection
from domain.event import EVENTS
from domain.policy import WithdrawPolicy
from domain.public_text import public
from domain.publication import (
    MOST_ITEMS,
    PUBLIC,
    AmendPublication,
    IssuePublication,
    PublicationAmended,
    PublicationIssued,
    PublicationWithdrawn,
    Shown,
    Source,
    WithdrawPublication,
    open_fields,
)
from domain.refusal import Kind, Refusal
from domain.service import Aid, Recurrence
from ledger.sealing import seals
from projections.sentences_publications import sentence

TITLE = Source(version=1, field="title")
DUE = Source(version=1, field="due_on")
SHOWN = IssuePublication(record=MATTER, title="承诺公示", items=(TITLE, DUE))
SECOND_VETTER = person("second-vetter", Role.VETTER)


def published(**changed: Any) -> Given:
    given = matter.at(Stage.IN_PROGRESS)
    given.when(replace(SHOWN, **changed), "publication", by=VETTER)
    return given


def refused(given: Given, **changed: Any) -> Refusal:
    return given.refused(replace(SHOWN, **changed), "another", by=VETTER)


def test_what_is_shown_is_read_from_the_record():
    given = matter.at(Stage.IN_PROGRESS)
    lead = Source(version=1, field="lead_unit")
    assert given.when(replace(SHOWN, items=(TITLE, DUE, lead)), "publication", by=VETTER) == [
        PublicationIssued(
            record=MATTER,
            title="承诺公示",
            items=(
                Shown(position=1, event="commitment_proposed.1", field="title", value="改造老旧住房一百二十户"),
                Shown(position=1, event="commitment_proposed.1", field="due_on", value="2011-09-30"),
                Shown(position=1, event="commitment_proposed.1", field="lead_unit", value=UNIT),
            ),
            by=VETTER.person,
        )
    ]
    assert given.states["publication"].claims == (f"publication {MATTER}",)


def test_a_correction_is_read_and_a_retracted_event_is_not():
    given = matter.at(Stage.IN_PROGRESS)
    matter.step(given, "record_follow_up")
    version = len(given.history[MATTER])
    quantity = Source(version=version, field="quantity")
    given.when(ProposeCorrection(version=version, field="quantity", value=3, reason="笔误"), MATTER, by=OFFICER)
    given.when(RuleOnCorrection(approved=True, reason="属实"), MATTER, by=SUPERVISOR)
    [shown] = given.when(replace(SHOWN, items=(quantity,)), "publication", by=VETTER)
    assert shown.items[0].value == 3
    given.when(ProposeRetraction(version=version, reason="误录"), MATTER, by=OFFICER)
    given.when(RuleOnCorrection(approved=True, reason="属实"), MATTER, by=SUPERVISOR)
    for gone in (quantity, Source(version=version + 1, field="reason")):
        assert refused(given, items=(gone,)).rule == "retracted_not_public"


def test_it_is_amended_in_sight_of_all():
    given = published()
    amended = AmendPublication(title="承诺公示", items=(TITLE,), reason="期限另行公示")
    assert given.when(amended, "publication", by=VETTER) == [
        PublicationAmended(
            title="承诺公示",
            items=(Shown(position=1, event="commitment_proposed.1", field="title", value="改造老旧住房一百二十户"),),
            reason="期限另行公示",
            by=VETTER.person,
        )
    ]
    assert given.refused(amended, "publication", by=VETTER).rule == "unchanged"


def test_who_amended_it_does_not_withdraw_it():
    given = published()
    given.when(AmendPublication(title="承诺公示", items=(TITLE,), reason="更正"), "publication", by=SECOND_VETTER)
    assert given.refused(WithdrawPublication(reason="有误"), "publication", by=SECOND_VETTER).rule == "same_person"
    assert given.refused(WithdrawPublication(reason="有误"), "publication", by=VETTER).rule == "same_person"
    assert given.when(WithdrawPublication(reason="有误"), "publication", by=LEADER)


def test_it_is_withdrawn_by_a_second_person_and_can_be_shown_anew():
    given = published()
    assert given.refused(WithdrawPublication(reason="有误"), "publication", by=VETTER).rule == "same_person"
    assert given.when(WithdrawPublication(reason="有误"), "publication", by=SECOND_VETTER) == [
        PublicationWithdrawn(reason="有误", by=SECOND_VETTER.person)
    ]
    assert given.states["publication"].claims == ()
    for again in (WithdrawPublication(reason="有误"), AmendPublication(title="甲", items=(DUE,), reason="更正")):
        refusal = given.refused(again, "publication", by=person("both", Role.VETTER, Role.LEADER))
        assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", "withdrawn", ())


@pytest.mark.parametrize("field", ["by", "beneficiary", "targets", "no_such_field"])
def test_a_field_that_may_hold_personal_data_is_refused_by_its_type(field: str):
    given = matter.at(Stage.IN_PROGRESS)
    refusal = refused(given, items=(TITLE, Source(version=1, field=field)))
    assert (refusal.rule, refusal.field) == ("field_not_public", "items.field")
    assert "title" in refusal.allowed
    assert field not in refusal.allowed


def test_sealed_words_are_refused_by_their_type():
    given = matter.at(Stage.IN_PROGRESS)
    matter.step(given, "record_follow_up")
    version = len(given.history[MATTER])
    for field in ("resident_note", "evidence"):
        assert refused(given, items=(Source(version=version, field=field),)).rule == "field_not_public"


def test_no_open_field_of_any_event_is_sealed_or_names_somebody():
    for name, kind in EVENTS.items():
        assert not {*open_fields(name)} & {*seals(kind)}
        assert not {*open_fields(name)} & {"by", "partner", "beneficiary", "member", "person", "household", "evidence"}
    assert open_fields(CommitmentProposed.NAME) == (
        "title",
        "lead_unit",
        "quantity",
        "measure",
        "starts_on",
        "due_on",
        "basis",
        "mandate",
        "urgency",
        "recurrence",
        "aid",
        "region",
        "beneficiary_kind",
    )


@pytest.mark.parametrize("record", [PROBLEM, HOUSEHOLD, VILLAGE, ENTERPRISE, HEAD.person, UNIT, "nothing"])
def test_records_of_residents_and_persons_are_not_published(record: Any):
    given = matter.at(Stage.IN_PROGRESS)
    refusal = refused(given, record=record)
    assert (refusal.rule, refusal.field) == ("not_publishable", "record")


def test_kinds_that_may_be_published_are_those_of_official_work():
    assert {kind.__name__ for kind in PUBLIC} == {
        "Commitment",
        "Policy",
        "Circular",
        "Activity",
        "Project",
        "Contribution",
    }


def test_a_proposal_is_not_public_yet_nor_what_is_out_of_force():
    given = matter.at(Stage.PROPOSED)
    refusal = refused(given)
    assert (refusal.rule, refusal.kind, refusal.state) == ("record_not_public", Kind.CONFLICT, "proposed")
    given.when(WithdrawPolicy(reason="废止"), POLICY, by=SUPERVISOR)
    assert refused(given, record=POLICY).rule == "record_not_public"


def test_funds_are_public_until_they_are_reversed():
    given = matter.ledger()
    made = ContributionMade(
        unit=UNIT,
        partner=VILLAGE,
        project=None,
        amount_fen=900,
        funds=Funds.UNIT,
        recurrence=Recurrence.ONE_OFF,
        aid=Aid.CAPACITY,
        given_on=date(2011, 6, 1),
        by=OFFICER.person,
    )
    given.happened("funds", made)
    items = (Source(version=1, field="amount_fen"),)
    given.decide(replace(SHOWN, record="funds", items=items), "publication", by=VETTER)
    given.happened("funds", ContributionReversed(amount_fen=900, reason="误录", by=HEAD.person))
    assert refused(given, record="funds", items=items).rule == "record_not_public"


@pytest.mark.parametrize("version", [0, 99, -1])
def test_an_event_that_is_not_there_is_not_shown(version: int):
    given = matter.at(Stage.IN_PROGRESS)
    assert refused(given, items=(Source(version=version, field="title"),)).rule == "unknown_event"


@pytest.mark.parametrize("count", [0, MOST_ITEMS + 1])
def test_it_has_as_many_items_as_one_page_holds(count: int):
    given = matter.at(Stage.IN_PROGRESS)
    assert refused(given, items=tuple(Source(version=n, field="title") for n in range(count))).rule == "items_count"


def test_it_says_nothing_twice():
    assert refused(matter.at(Stage.IN_PROGRESS), items=(TITLE, TITLE)).rule == "items_count"


@pytest.mark.parametrize(
    "words",
    [
        "联系人电话13800000000",
        "电话 138-0000-0000",
        "电话１３８００００００００",
        "+86 13800000000",
        "身份证320585190001010018",
        "身份证 320585 19000101 001X",
        "旧证320585000101001",
    ],
)
def test_numbers_of_persons_are_the_second_net(words: str):
    with pytest.raises(Refusal) as caught:
        public(words, "title")
    assert (caught.value.rule, caught.value.field) == ("personal_number", "title")
    given = published()
    assert refused(given, title=words).rule == "personal_number"
    for asked in (
        AmendPublication(title=words, items=(TITLE,), reason="更正"),
        AmendPublication(title="甲", items=(TITLE,), reason=words),
    ):
        assert given.refused(asked, "publication", by=VETTER).rule == "personal_number"
    assert given.refused(WithdrawPublication(reason=words), "publication", by=LEADER).rule == "personal_number"
    # What got into a record before, or where nobody looked, is not shown all the same.
    given = matter.at(Stage.IN_PROGRESS)
    given.history[MATTER][0] = replace(given.history[MATTER][0], title=words)
    assert refused(given).rule == "personal_number"


@pytest.mark.parametrize(
    "words",
    [
        "监督电话0512-00000000",
        "拨打12345",
        "投入1380000元",
        "太政发〔2011〕1号",
        "统一社会信用代码913205850000000000",
        "2011年9月30日前完成120户",
        "编号20110930000000000000",
    ],
)
def test_other_numbers_are_public(words: str):
    assert public(words, "title") == words


def test_every_event_is_told():
    given = published()
    [issued] = given.history["publication"]
    assert sentence(issued) == ("公示“承诺公示”，共2项。", "Published “承诺公示”, 2 items.")
    [amended] = given.when(AmendPublication(title="公示", items=(TITLE,), reason="更正"), "publication", by=VETTER)
    assert sentence(amended) == (
        "公开修改“公示”，现有1项：更正",
        "Publication amended: “公示”, now 1 items: 更正",
    )
    [withdrawn] = given.when(WithdrawPublication(reason="有误"), "publication", by=LEADER)
    assert sentence(withdrawn) == ("撤下公示：有误", "Publication withdrawn: 有误")
