"""Records and services: what each event makes count, and that signed facts say the same at every (P, D)."""

from collections import Counter
from dataclasses import fields
from datetime import date
from random import Random

import oracle
import pytest
from random_histories import PARTNERS, SERVICE, SOMEONE, UNITS, history
from sqlalchemy import func, select
from world import World, at, limit, stream

from domain.commitment_terms import Urgency
from domain.correction import EventCorrected, EventRetracted
from domain.need import NeedRaised, NeedWithdrawn
from domain.offer_events import BenefitConfirmed, BenefitDenied, OfferMade, ResourceUsed
from domain.partner import PartnerKind
from domain.problem import ProblemConfirmed, ProblemNotSolved, ProblemRaised, ProblemSolved, ProblemWithdrawn
from domain.request_events import Protection, RequestKind, RequestRaised, RequestWithdrawn, Way
from domain.resource import Resource
from domain.sealed import Sealed
from domain.visit import VisitRecorded, VisitRecorded2, VisitWithdrawn
from ledger.codec import key_of
from projections.days import moment
from projections.folding import named
from projections.follower import follow_once
from projections.generations import open_shelf
from projections.record_kinds import Came, Counts
from projections.records import RecordEvent, Tally, fold
from projections.tables import RECORD

MAY, JUNE = date(2011, 5, 10), date(2011, 6, 10)
NEED = stream(700)
NAMES = named(RecordEvent)
WORDS = Sealed(SOMEONE, commitment="00" * 32)


def told(*events: object, channel: str = "window", programme: str | None = None) -> list[Counts]:
    tally = Tally()
    for position, event in enumerate(events, 1):
        fold(tally, Came(position, key_of(stream(600)), moment(at(MAY)), event, channel, programme))
    return sorted(tally.holds(), key=lambda one: one.kind)


def visit() -> VisitRecorded:
    return VisitRecorded(
        unit=UNITS[0],
        partner=PARTNERS[0],
        partner_kind=PartnerKind.VILLAGE,
        visited_on=MAY,
        persons=5,
        purpose="走访",
        heard=None,
        commitment=None,
        problem=None,
        by=SOMEONE,
    )


def classed_visit() -> VisitRecorded2:
    told = visit()
    return VisitRecorded2(**{one.name: getattr(told, one.name) for one in fields(told)}, request=None, **SERVICE)


def offer(kind: Resource = Resource.FUNDS) -> OfferMade:
    return OfferMade(
        unit=UNITS[0],
        kind=kind,
        title="资金",
        quantity=900,
        measure="分",
        available_from=MAY,
        available_until=None,
        by=SOMEONE,
        **SERVICE,
    )


def used(quantity: int, day: date = MAY, need: str = NEED) -> ResourceUsed:
    return ResourceUsed(
        need=need,
        unit=UNITS[0],
        partner=PARTNERS[0],
        quantity=quantity,
        used_on=day,
        note="已用",
        evidence=(),
        filed_at=at(day),
        by=SOMEONE,
    )


def confirmed(quantity: int) -> BenefitConfirmed:
    return BenefitConfirmed(
        need=NEED,
        unit=UNITS[0],
        partner=PARTNERS[0],
        asked=quantity,
        quantity=quantity,
        confirmed_on=JUNE,
        words=None,
        by=SOMEONE,
    )


def denied() -> BenefitDenied:
    return BenefitDenied(
        need=NEED, unit=UNITS[0], partner=PARTNERS[0], asked=1, answered_on=JUNE, words=WORDS, by=SOMEONE
    )


def need() -> NeedRaised:
    return NeedRaised(
        partner=PARTNERS[0],
        partner_kind=PartnerKind.VILLAGE,
        kind=Resource.FUNDS,
        title="修渠",
        quantity=900,
        measure="分",
        detail=None,
        raised_on=MAY,
        by=SOMEONE,
    )


def test_a_record_carries_its_channel_and_programme():
    [one] = told(visit(), channel="visit", programme="连心桥")
    assert (one.kind, one.channel, one.programme, one.amount) == ("visit", "visit", "连心桥", 1)
    assert (one.unit, one.cohort) == (key_of(UNITS[0]), MAY.toordinal())
    assert told(visit(), VisitWithdrawn(reason="重复", by=SOMEONE)) == []


def test_a_visit_carries_its_class_since_they_are_classed():
    [old], [new] = told(visit()), told(classed_visit())
    assert (old.recurrence, old.aid) == (None, None)
    assert new == old._replace(recurrence="one_off", aid="capacity")


def test_what_the_unit_claims_stands_apart_from_what_is_confirmed():
    raised = ProblemRaised(
        partner=PARTNERS[3],
        title="用工难",
        detail=WORDS,
        contact_name=None,
        contact_phone=None,
        raised_on=MAY,
        by=SOMEONE,
    )
    solved = ProblemSolved(unit=UNITS[1], how="招聘会", solved_on=MAY, by=SOMEONE)
    yes = ProblemConfirmed(unit=UNITS[1], confirmed_on=JUNE, words=None, by=SOMEONE)
    no = ProblemNotSolved(unit=UNITS[1], answered_on=JUNE, words=WORDS, by=SOMEONE)
    assert [one.kind for one in told(raised)] == ["problem"]
    assert [one.kind for one in told(raised, solved)] == ["claimed", "problem"]
    assert [one.kind for one in told(raised, solved, yes, no)] == ["claimed", "problem"]
    claim, answer, _ = told(raised, solved, yes)
    # The answer counts in the period of the claim, so that no share exceeds one.
    assert (claim.kind, answer.kind, answer.cohort) == ("claimed", "confirmed", MAY.toordinal())
    assert answer.partner == key_of(PARTNERS[3])
    assert told(raised, solved, yes, ProblemWithdrawn(reason="重复", by=SOMEONE)) == []


def test_a_request_counts_by_the_way_it_came_in():
    raised = RequestRaised(
        kind=RequestKind.COMPLAINT,
        way=Way.HOTLINE,
        protection=Protection.CONFIDENTIAL,
        title="路灯不亮",
        detail=WORDS,
        source=None,
        partner=None,
        visit=None,
        urgency=Urgency.GENERAL,
        region="320585",
        first_receiver=UNITS[0],
        dispatch_by=limit(),
        by=SOMEONE,
    )
    [one] = told(raised, channel="system", programme="12345热线")
    assert (one.kind, one.channel, one.programme, one.unit) == ("request", "hotline", "12345热线", key_of(UNITS[0]))
    assert (one.partner, one.cohort) == (None, MAY.toordinal())
    assert told(raised, RequestWithdrawn(reason="本人撤回", by=SOMEONE)) == []


def test_funds_used_and_funds_confirmed():
    found = {one.kind: one for one in told(offer(), used(500, JUNE), used(100), confirmed(200), denied())}
    assert {kind: one.amount for kind, one in found.items()} == {
        "offer": 1,
        "use": 1,
        "benefit": 1,
        "funds_used": 600,
        "funds_confirmed": 200,
    }
    assert found["use"].subject == key_of(NEED)
    assert {found[kind].cohort for kind in ("use", "benefit", "funds_used")} == {MAY.toordinal()}
    assert (found["use"].recurrence, found["use"].aid) == ("one_off", "capacity")


def test_only_funds_are_summed():
    assert [one.kind for one in told(offer(Resource.TALENT), used(5), confirmed(2))] == ["benefit", "offer", "use"]


def test_unanswered_is_not_confirmed():
    assert [one.kind for one in told(offer(), used(5), denied())] == ["funds_used", "offer", "use"]


def test_a_withdrawn_need_counts_nowhere():
    assert [one.kind for one in told(need())] == ["need"]
    assert told(need(), NeedWithdrawn(reason="重复", by=SOMEONE)) == []


def with_resources(seed: int) -> World:
    """A random history, and offers that are used, confirmed and denied, also back-dated."""
    world, random = history(seed, 150), Random(seed)
    recorded = world.events[-1][3]
    offers = [stream(800 + n) for n in range(4)]
    for name in offers:
        world.record(name, offer(random.choice(list(Resource))), at(MAY), recorded)
    for _ in range(40):
        event = random.choice(
            [
                used(random.randrange(1, 9), random.choice([MAY, JUNE]), stream(700 + random.randrange(3))),
                confirmed(3),
                denied(),
            ]
        )
        world.record(random.choice(offers), event, at(date(2011, 5, random.randrange(1, 28))), recorded)
    visits = [stream(850 + n) for n in range(4)]
    for name in visits:
        seen = world.record(name, visit(), at(MAY), recorded)
        ruled = {"event_id": "e", "position": seen, "event": "visit_recorded.1", "reason": "误", "by": SOMEONE}
        ruled["proposed_by"] = SOMEONE
        rulings = [
            EventCorrected(field="visited_on", old="2011-05-10", new="2011-06-10", **ruled),
            EventRetracted(**ruled),
        ]
        for ruling in random.choice([rulings, rulings[:1], rulings[1:]]):
            world.record(name, ruling, at(random.choice([date(2011, 5, 1), JUNE])), recorded)
    return world


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_signed_facts_say_what_the_events_say(seed: int, database_url: str):
    world, random = with_resources(seed), Random(seed)
    upto = 0
    while upto < len(world.rows):
        upto += random.choice([1, 7, 60])
        world.store(database_url, upto)
        follow_once(database_url, batch=random.choice([1, 5, 100]))
    shelf = open_shelf(database_url)
    days = sorted({occurred.date() for _, _, occurred, _, _ in world.events})
    for _ in range(25):
        position, day = random.randrange(1, len(world.rows) + 1), random.choice(days)
        told_by_facts = shelf.read(lambda connection, p=position, d=day: summed(connection, p, d.toordinal()))
        assert told_by_facts == meant(world, position, day)
    shelf.close()


def meant(world: World, position: int, on: date) -> Counter:
    """What each stream's events say that the slow oracle lets through, folded from the first to the last."""
    found: Counter = Counter()
    for name, events in oracle.told(world, position, on).items():
        tally = Tally()
        for place, day, event in events:
            if type(event).NAME in NAMES:
                fold(tally, Came(place, key_of(name), moment(at(day)), event, "window", None))
        for one in tally.holds():
            found[one[:-1]] += one.amount
    return found


def summed(connection, position: int, day: int) -> Counter:
    columns = [RECORD.c[name] for name in Counts._fields[:-1]]
    query = (
        select(*columns, func.sum(RECORD.c.amount))
        .where(RECORD.c.position <= position, RECORD.c.outcome <= day)
        .group_by(*columns)
        .having(func.sum(RECORD.c.amount) != 0)
    )
    return Counter({tuple(row[:-1]): int(row[-1]) for row in connection.execute(query)})
