"""From a proposal to the public."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from field import ENTERPRISE, GONE, HOUSEHOLD, LEADER, SUPERVISOR, UNIT, VILLAGE
from given import Given, person
from matter import MATTER, POLICY, PROBLEM, PROPOSAL, SECOND_UNIT, VETTER, at, ledger, state, step

from domain.actor import Role
from domain.commitment import Stage
from domain.commitment_events import (
    CommitmentProposed,
    CommitmentPublished,
    CommitmentPublished2,
    CommitmentRegistered,
    WordingAmended,
    WordingAmended2,
    WordingWithdrawn,
)
from domain.commitment_registration import AmendWording, PublishCommitment, RegisterCommitment, WithdrawWording
from domain.commitment_terms import PolicyTarget, Urgency
from domain.deadline import Deadline
from domain.ids import ProblemId
from domain.partner import PartnerKind
from domain.policy import PolicyWithdrawn
from domain.problem import ProblemWithdrawn
from domain.refusal import Kind

HOUSING, ROADS = PolicyTarget(policy=POLICY, target="housing"), PolicyTarget(policy=POLICY, target="roads")


@pytest.fixture
def given() -> Given:
    return ledger()


def refused(given: Given, **terms: Any) -> tuple[str, str | None]:
    refusal = given.refused(replace(PROPOSAL, **terms), MATTER, by=SUPERVISOR)
    return refusal.rule, refusal.field


def accepted(given: Given, **terms: Any) -> CommitmentProposed:
    (event,) = given.decide(replace(PROPOSAL, **terms), MATTER, by=SUPERVISOR)
    return event


def test_a_commitment_is_proposed(given: Given):
    assert given.when(PROPOSAL, MATTER, by=SUPERVISOR) == [
        CommitmentProposed(
            title=PROPOSAL.title,
            targets=PROPOSAL.targets,
            requests=(),
            lead_unit=UNIT,
            quantity=120,
            measure="户",
            starts_on=date(2011, 6, 1),
            due_on=date(2011, 9, 30),
            basis="太政发〔2011〕1号",
            mandate=PROPOSAL.mandate,
            urgency=PROPOSAL.urgency,
            recurrence=PROPOSAL.recurrence,
            aid=PROPOSAL.aid,
            region="320585",
            beneficiary=HOUSEHOLD,
            beneficiary_kind=PartnerKind.HOUSEHOLD,
            by=SUPERVISOR.person,
        )
    ]
    matter = state(given)
    assert (matter.stage, matter.responsible) == (Stage.PROPOSED, UNIT)
    assert matter.due_on == matter.terms.original_due_on == date(2011, 9, 30)
    assert matter.terms.proposed_by == SUPERVISOR.person
    assert (matter.terms.quantity, matter.terms.starts_on) == (120, date(2011, 6, 1))
    assert matter.terms.beneficiary == HOUSEHOLD


def test_words_are_stripped(given: Given):
    event = accepted(given, title=" 修路 ", measure=" 米 ", basis=" 文件 ")
    assert (event.title, event.measure, event.basis) == ("修路", "米", "文件")


@pytest.mark.parametrize(
    ("beneficiary", "kind", "individual"),
    [
        (None, None, False),
        (VILLAGE, PartnerKind.VILLAGE, False),
        (HOUSEHOLD, PartnerKind.HOUSEHOLD, True),
        (ENTERPRISE, PartnerKind.ENTERPRISE, True),
    ],
)
def test_households_and_enterprises_can_be_asked(given: Given, beneficiary, kind, individual: bool):
    (event,) = given.when(replace(PROPOSAL, beneficiary=beneficiary), MATTER, by=SUPERVISOR)
    assert event.beneficiary_kind is kind
    assert state(given).terms.individual is individual


def test_the_claim_is_the_policy_target_for_whom_by_which_unit(given: Given):
    def claims(**terms: Any) -> tuple[str, ...]:
        fresh = ledger()
        fresh.when(replace(PROPOSAL, **terms), MATTER, by=SUPERVISOR)
        return state(fresh).claims

    assert claims() == ("commitment policy policy housing household unit",)
    assert claims(beneficiary=None) == ("commitment policy policy housing - unit",)
    assert claims(lead_unit=SECOND_UNIT) == ("commitment policy policy housing household second-unit",)
    assert claims(title="别的标题", quantity=7, measure="幢") == claims()
    assert claims(targets=(HOUSING, ROADS), requests=(PROBLEM,)) == (
        "commitment policy policy housing household unit",
        "commitment policy policy roads household unit",
        "commitment request problem household unit",
    )


def test_it_serves_one_to_twenty_things(given: Given):
    many = tuple(ProblemId(f"problem-{n}") for n in range(21))
    for problem in many:
        given.states[problem] = given.states[PROBLEM]
    assert refused(given, targets=()) == ("serves_count", "targets")
    assert refused(given, targets=(), requests=many) == ("serves_count", "targets")
    assert refused(given, requests=many[:20]) == ("serves_count", "targets")
    assert accepted(given, targets=(), requests=many[:20]).requests == many[:20]
    assert accepted(given, requests=many[:19]).targets == (HOUSING,)
    assert accepted(given, targets=(HOUSING, ROADS)).targets == (HOUSING, ROADS)


def test_nothing_is_served_twice(given: Given):
    assert refused(given, targets=(HOUSING, HOUSING)) == ("served_twice", "targets")
    assert refused(given, requests=(PROBLEM, PROBLEM)) == ("served_twice", "targets")


def test_a_policy_must_be_in_force_and_have_the_target(given: Given):
    unknown = PolicyTarget(policy=POLICY, target="bridges")
    assert refused(given, targets=(HOUSING, unknown)) == ("unknown_target", "targets.target")
    given.happened(POLICY, PolicyWithdrawn(reason="废止", by=LEADER.person))
    assert refused(given) == ("policy_withdrawn", "targets.policy")
    assert given.refused(PROPOSAL, MATTER, by=SUPERVISOR).kind is Kind.CONFLICT


def test_a_withdrawn_request_is_not_served(given: Given):
    given.happened(PROBLEM, ProblemWithdrawn(reason="重复", by=LEADER.person))
    assert refused(given, requests=(PROBLEM,)) == ("request_withdrawn", "requests")
    assert given.refused(replace(PROPOSAL, requests=(PROBLEM,)), MATTER, by=SUPERVISOR).kind is Kind.CONFLICT


def test_a_target_needs_a_quantity_and_a_measure(given: Given):
    assert refused(given, quantity=0) == ("number_out_of_range", "quantity")
    assert refused(given, quantity=-1) == ("number_out_of_range", "quantity")
    assert refused(given, measure="  ") == ("text_empty", "measure")
    assert accepted(given, quantity=1).quantity == 1


def test_the_due_date_lies_between_the_start_and_ten_years(given: Given):
    start = date(2012, 2, 29)
    assert refused(given, starts_on=start, due_on=date(2012, 2, 28)) == ("date_before_start", "due_on")
    assert accepted(given, starts_on=start, due_on=start).due_on == start
    assert accepted(given, starts_on=start, due_on=date(2022, 2, 28))
    assert refused(given, starts_on=start, due_on=date(2022, 3, 1)) == ("term_too_long", "due_on")
    assert accepted(given, starts_on=date(2012, 5, 31), due_on=date(2022, 5, 31))
    assert refused(given, starts_on=date(2012, 5, 31), due_on=date(2022, 6, 1)) == ("term_too_long", "due_on")
    assert refused(given, starts_on=date(2012, 5, 31), due_on=date(2023, 1, 1)) == ("term_too_long", "due_on")


def test_the_start_is_neither_ancient_nor_far_away(given: Given):
    assert accepted(given, starts_on=date(2000, 1, 1), due_on=date(2009, 1, 1))
    assert refused(given, starts_on=date(1999, 12, 31)) == ("date_before_start", "starts_on")
    far = given.today.replace(year=2021)
    assert accepted(given, starts_on=far, due_on=far)
    beyond = far + timedelta(days=1)
    assert refused(given, starts_on=beyond, due_on=beyond) == ("term_too_long", "starts_on")


@pytest.mark.parametrize("field", ["title", "basis", "measure"])
def test_words_are_required_and_bounded(given: Given, field: str):
    assert refused(given, **{field: " "}) == ("text_empty", field)
    assert refused(given, **{field: "字" * 10_001}) == ("text_too_long", field)


def test_the_basis_may_be_long_and_the_title_may_not(given: Given):
    assert accepted(given, basis="字" * 10_000)
    assert accepted(given, title="字" * 200, measure="字" * 200)
    assert refused(given, title="字" * 201) == ("text_too_long", "title")
    assert refused(given, measure="字" * 201) == ("text_too_long", "measure")
    assert refused(given, title="一\n二") == ("text_not_one_line", "title")


def test_a_region_is_a_division_code(given: Given):
    for region in ("320585", "320585100", "320585100001"):
        assert accepted(given, region=region).region == region
    for region in ("32058", "3205851", "32058X", "３２０５８５", ""):
        assert refused(given, region=region) == ("region_code", "region")


def test_a_beneficiary_who_left_gets_no_commitment(given: Given):
    assert refused(given, beneficiary=GONE) == ("partner_gone", "beneficiary")


@pytest.mark.parametrize(("urgency", "hours"), [("urgent", 1), ("utilities", 2), ("general", 24)])
def test_registering_starts_the_clock_of_dispatch(urgency: str, hours: int):
    given = at(Stage.PROPOSED, urgency=Urgency(urgency))
    assert given.when(RegisterCommitment(note=" 同意 "), MATTER, by=LEADER) == [
        CommitmentRegistered(
            note="同意",
            assign_by=Deadline(
                rule=f"dispatch_hours.{urgency}",
                edition="1",
                start=datetime(2011, 6, 15, 4, tzinfo=UTC),
                due=datetime(2011, 6, 15, 4, tzinfo=UTC) + timedelta(hours=hours),
            ),
        )
    ]


def test_the_proposer_does_not_register():
    given = at(Stage.PROPOSED)
    both = person("supervisor", Role.SUPERVISOR, Role.LEADER)
    refusal = given.refused(RegisterCommitment(), MATTER, by=both)
    assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    assert given.when(RegisterCommitment(), MATTER, by=person("another", Role.SUPERVISOR, Role.LEADER))


def test_published_words_are_frozen_and_amended_visibly():
    given = at(Stage.REGISTERED)
    amend = AmendWording(wording=" 改为120户 ", reason=" 笔误 ")
    refusal = given.refused(amend, MATTER, by=VETTER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("not_published", Kind.OUT_OF_TURN, "registered")
    assert "publish_commitment" in refusal.allowed
    assert "amend_wording" not in refusal.allowed

    publish = PublishCommitment(wording=" 改造住房 ")
    assert given.when(publish, MATTER, by=VETTER) == [CommitmentPublished2(wording="改造住房", by=VETTER.person)]
    assert state(given).published
    assert state(given).stage is Stage.REGISTERED

    refusal = given.refused(publish, MATTER, by=VETTER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("already_published", Kind.OUT_OF_TURN, "registered")
    assert "amend_wording" in refusal.allowed
    assert "publish_commitment" not in refusal.allowed

    before = state(given)
    assert given.when(amend, MATTER, by=VETTER) == [
        WordingAmended2(wording="改为120户", reason="笔误", by=VETTER.person)
    ]
    assert state(given) == replace(before, worded_by=(VETTER.person, VETTER.person))


def test_published_words_are_withdrawn_with_a_reason_and_published_again():
    given = at(Stage.REGISTERED)
    withdraw = WithdrawWording(reason=" 数字有误 ")
    refusal = given.refused(withdraw, MATTER, by=LEADER)
    assert (refusal.rule, refusal.kind) == ("not_published", Kind.OUT_OF_TURN)
    assert "withdraw_wording" not in refusal.allowed
    given.when(PublishCommitment(wording="改造住房"), MATTER, by=VETTER)
    assert given.when(withdraw, MATTER, by=LEADER) == [WordingWithdrawn(reason="数字有误", by=LEADER.person)]
    assert not state(given).published
    given.when(PublishCommitment(wording="改造住房120户"), MATTER, by=VETTER)
    assert state(given).published


def test_words_are_not_withdrawn_by_a_person_who_published_or_amended_them():
    given = at(Stage.REGISTERED)
    second = person("second-vetter", Role.VETTER, Role.LEADER)
    third = person("third-vetter", Role.VETTER)
    given.when(PublishCommitment(wording="改造住房"), MATTER, by=VETTER)
    given.when(AmendWording(wording="改为120户", reason="笔误"), MATTER, by=second)
    for one in (VETTER, second):
        refusal = given.refused(WithdrawWording(reason="有误"), MATTER, by=one)
        assert (refusal.rule, refusal.kind) == ("same_person", Kind.FORBIDDEN)
    given.when(WithdrawWording(reason="有误"), MATTER, by=third)
    given.when(PublishCommitment(wording="改造住房"), MATTER, by=third)
    assert given.when(WithdrawWording(reason="有误"), MATTER, by=VETTER)


def test_words_stored_before_two_hands_were_asked_for_bar_nobody():
    given = at(Stage.REGISTERED)
    given.happened(MATTER, CommitmentPublished(wording="改造住房"), WordingAmended(wording="改", reason="笔误"))
    assert state(given).published
    assert given.when(WithdrawWording(reason="有误"), MATTER, by=VETTER)


@pytest.mark.parametrize(
    "words", [PublishCommitment(wording="联系13800000000"), AmendWording(wording="改", reason="联系13800000000")]
)
def test_no_number_of_a_person_is_published(words):
    given = at(Stage.REGISTERED)
    if isinstance(words, AmendWording):
        given.when(PublishCommitment(wording="改造住房"), MATTER, by=VETTER)
    assert given.refused(words, MATTER, by=VETTER).rule == "personal_number"


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (PublishCommitment(wording=" "), "wording"),
        (AmendWording(wording=" ", reason="笔误"), "wording"),
        (AmendWording(wording="改", reason=" "), "reason"),
    ],
)
def test_public_words_and_reasons_are_required(command, field: str):
    given = at(Stage.REGISTERED)
    if isinstance(command, AmendWording):
        step(given, "publish_commitment")
    refusal = given.refused(command, MATTER, by=VETTER)
    assert (refusal.rule, refusal.field) == ("text_empty", field)


def test_what_may_be_left_out_of_a_proposal(given: Given):
    defaults = {part.name: part.default for part in fields(PROPOSAL) if part.default is not MISSING}
    assert defaults == {"targets": (), "requests": (), "answers": (), "beneficiary": None}
