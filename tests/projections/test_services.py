"""Shares, balances and the parts of an assessment, each with the things behind it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_records import JUNE, MAY, NEED, classed_visit, confirmed, denied, need, offer, used, visit
from world import START, World, at, in_progress, policy, stream, unit

from domain import commitment_events as c
from domain.activity import ActivityHeld, ActivityKind
from domain.commitment_terms import Means, Outcome
from domain.contribution import ContributionMade, Funds
from domain.partner import PartnerKind
from domain.refusal import Refusal
from domain.service import Aid, Recurrence
from ledger.database import open_reader
from projections.follower import follow_once
from projections.service_history import served
from projections.service_views import ServiceViews
from projections.views import Views

UNIT, VILLAGE, SOMEONE = stream(10), stream(30), stream(1)
END = date(2011, 12, 30)


def activity(recurrence: Recurrence, aid: Aid) -> ActivityHeld:
    return ActivityHeld(
        pairing=stream(99),
        unit=UNIT,
        partner=VILLAGE,
        partner_kind=PartnerKind.VILLAGE,
        held_on=MAY,
        title="义诊",
        kind=ActivityKind.VOLUNTEERING,
        recurrence=recurrence,
        aid=aid,
        participants=30,
        by=SOMEONE,
    )


def contribution() -> ContributionMade:
    return ContributionMade(
        unit=UNIT,
        partner=VILLAGE,
        project=None,
        amount_fen=5_000,
        funds=Funds.UNIT,
        recurrence=Recurrence.ONE_OFF,
        aid=Aid.RELIEF,
        given_on=MAY,
        by=SOMEONE,
    )


def promised(world: World, number: int, due_on: date, reported_on: date | None, outcome: Outcome | None) -> str:
    """A commitment; without a report it is still in progress, without an outcome it was terminated."""
    name = stream(500 + number)
    in_progress(world, name, UNIT, stream(20), day=date(2011, 2, 1), due_on=due_on)
    if reported_on is None:
        return name
    if outcome is None:
        world.record(name, c.CommitmentTerminated(ground="政策调整", told_on=None, told_note=None), at(reported_on))
        return name
    moment = at(reported_on)
    steps = (
        c.FulfilmentReported(quantity=9, note="已办结", evidence=(), filed_at=moment, by=SOMEONE),
        c.CommitmentVerified(quantity=9, means=Means.ANSWER, note="", by=SOMEONE),
        c.CommitmentClosed(outcome=outcome, note="", recheck_from=reported_on, recheck_until=reported_on, by=SOMEONE),
    )
    for minute, event in enumerate(steps):
        world.record(name, event, moment + timedelta(minutes=minute))
    return name


@pytest.fixture
def asked(database_url: str):
    world = World()
    world.record(UNIT, unit(1, "示例局"), START)
    world.record(stream(20), policy(UNIT), START)
    promised(world, 1, MAY, MAY, Outcome.FULFILLED)
    promised(world, 2, MAY, JUNE, Outcome.FULFILLED)
    promised(world, 3, MAY, MAY, Outcome.PARTLY)
    promised(world, 4, MAY, None, None)
    promised(world, 5, MAY, MAY, None)
    promised(world, 6, date(2012, 1, 2), MAY, Outcome.FULFILLED)
    world.record(stream(601), visit(), at(JUNE))
    world.record(stream(606), classed_visit(), at(JUNE))
    world.record(stream(602), activity(Recurrence.STANDING, Aid.CAPACITY), at(JUNE))
    world.record(stream(603), activity(Recurrence.RECURRING, Aid.RELIEF), at(JUNE))
    world.record(stream(604), contribution(), at(JUNE))
    world.record(NEED, need(), at(JUNE))
    world.record(stream(605), offer(), at(JUNE))
    for event in (used(500), confirmed(200), used(100), denied(), used(40, JUNE, stream(701))):
        world.record(stream(605), event, at(JUNE))
    world.store(database_url)
    follow_once(database_url)
    views = Views(database_url)
    yield ServiceViews(views), views.at(on=END.isoformat())
    views.close()


def test_services_by_class(asked):
    services, moment = asked
    [one] = services.services(moment, 2011)
    assert (one.unit, one.unit_title, one.unit_class) == (UNIT, "示例局", "department")
    found = one.services
    # A visit, two activities, a contribution and two needs served from a one-off offer that builds capacity; not the
    # visit that was recorded before visits were classed.
    assert (found.services, found.one_off, found.recurring, found.standing) == (6, 4, 1, 1)
    assert (found.relief, found.capacity) == (2, 4)
    assert services.services(moment, 2010) == ()


def test_what_went_in_against_what_was_confirmed(asked):
    services, moment = asked
    [one] = services.balances(moment, 2011)
    found = one.balance
    assert (found.funds_given, found.funds_used, found.funds_confirmed) == (5_000, 640, 200)
    assert (found.use, found.benefit, found.claimed, found.confirmed) == (2, 1, 0, 0)


def test_channels(asked):
    services, moment = asked
    found = {(one.kind, one.channel, one.programme): one.records for one in services.channels(moment, 2011)}
    assert found == {
        ("commitment", "window", None): 6,
        ("visit", "window", None): 2,
        ("activity", "window", None): 2,
        ("contribution", "window", None): 1,
        ("need", "window", None): 1,
        ("offer", "window", None): 1,
    }


def test_parts_of_the_assessment(asked):
    services, moment = asked
    [one] = services.assessments(moment, 2011)
    parts = {part.part.value: (part.numerator, part.denominator, part.excluded) for part in one.result.parts}
    assert parts == {
        "fulfilment": (2, 4, 1),
        "on_time": (2, 4, 1),
        "solved": (0, 0, 0),
        "benefit": (1, 2, 0),
        "lasting": (2, 6, 0),
        "capacity": (4, 6, 0),
        "appraisal": (0, 0, 0),
    }
    assert {part.part.value for part in one.result.parts if part.rate is None} == {"solved", "appraisal"}
    assert one.result.weight == 65


@pytest.mark.parametrize("part", ["fulfilment", "on_time", "solved", "benefit", "lasting", "capacity"])
def test_every_part_opens_to_what_it_counts(asked, part: str):
    services, moment = asked
    [one] = services.assessments(moment, 2011)
    shown = next(other for other in one.result.parts if other.part.value == part)
    page = services.part(moment, 2011, UNIT, part)
    assert len(page.items) == shown.denominator
    assert sum(item.counts for item in page.items) == shown.numerator
    assert len(page.excluded) == shown.excluded
    assert all(item.position > 0 for item in page.items)


def test_nothing_is_due_before_its_day(asked):
    services, moment = asked
    early = replace(moment, on=MAY - timedelta(days=1))
    assert services.assessments(early, 2011) == ()


def test_records_page_by_page(asked):
    services, moment = asked
    first = services.records(moment, 2011, "commitment", limit=4)
    assert first.next is not None
    second = services.records(moment, 2011, "commitment", limit=4, cursor=first.next)
    assert second.next is None
    ids = [item.id for item in (*first.items, *second.items)]
    assert sorted(ids) == sorted(stream(501 + n) for n in range(6))
    assert services.records(moment, 2011, "visit", channel="hotline").items == ()
    assert services.records(moment, 2011, "visit", unit=UNIT, channel="window", programme="").items[0].amount == 1
    assert services.records(moment, 2011, "visit", programme="连心桥").items == ()
    assert services.records(moment, 2011, "visit", unit=VILLAGE).items == ()


def test_what_is_no_question(asked):
    services, moment = asked
    for rule, ask in (
        ("part_unknown", lambda: services.part(moment, 2011, UNIT, "appraisal")),
        ("id_malformed", lambda: services.part(moment, 2011, "x", "benefit")),
        ("kind_unknown", lambda: services.records(moment, 2011, "x")),
        ("limit_out_of_range", lambda: services.records(moment, 2011, "use", limit=0)),
        ("year_out_of_range", lambda: services.channels(moment, 1999)),
    ):
        with pytest.raises(Refusal) as caught:
            ask()
        assert caught.value.rule == rule


def test_the_history_of_an_offer_reads_in_sentences(asked, database_url: str):
    _, moment = asked
    reader, views = open_reader(database_url), Views(database_url)
    names = views.names(moment)
    told = served(reader, names, stream(605), moment)
    assert told.version == len(told.entries) == 6
    assert told.entries[0].zh == "示例局提供资金“资金”：9.00元，一次性，造血。"
    assert served(reader, names, stream(605), replace(moment, position=told.entries[0].position)).version == 1
    for rule, name in (("unknown_resource", stream(601)), ("id_malformed", "x")):
        with pytest.raises(Refusal) as caught:
            served(reader, names, name, moment)
        assert caught.value.rule == rule
    views.close()
    reader.close()
