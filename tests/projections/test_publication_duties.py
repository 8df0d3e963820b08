"""Publications follow no correction by themselves: they are marked, and owed, until amended or withdrawn."""

from datetime import date
from typing import Any

import pytest
from test_corrections_seen import FIRST, corrected, retracted
from world import World, at, follow_up, in_progress, policy, stream, unit

from domain.policy import PolicyAmended, PolicyWithdrawn
from domain.publication import PublicationAmended, PublicationIssued, PublicationWithdrawn, Shown
from ledger.database import open_reader
from projections.case_views import CaseViews
from projections.follower import follow_once
from projections.publication_duties import Mended
from projections.publications import outstanding, publication_at
from projections.views import Views

ROAD, POLICY = stream(100), stream(11)
ON_ROAD, ON_POLICY = stream(200), stream(201)
DAY = date(2011, 3, 1)


def shown(position: int, field: str, value: Any, event: str = "follow_up_recorded.1") -> Shown:
    return Shown(position=position, event=event, field=field, value=value)


class Told:
    """A follow-up and a policy are published; then the follow-up is corrected, shown anew, and retracted."""

    def __init__(self) -> None:
        world = self.world = World()
        world.record(stream(10), unit(1), at(DAY, 8))
        self.policy = world.record(POLICY, policy(stream(10)), at(DAY, 8))
        in_progress(world, ROAD, stream(10), POLICY, day=DAY, due_on=date(2011, 4, 1))
        self.follow_up = world.record(ROAD, follow_up(90), at(date(2011, 3, 4)))
        items = (shown(self.follow_up, "note", "推进中"), shown(self.follow_up, "quantity", 90))
        self.issued = world.record(
            ON_ROAD, PublicationIssued(record=ROAD, title="进度", items=items, by=FIRST), at(date(2011, 3, 5))
        )
        title = (shown(self.policy, "title", "惠民实事", "policy_issued.1"),)
        world.record(
            ON_POLICY, PublicationIssued(record=POLICY, title="政策", items=title, by=FIRST), at(date(2011, 3, 5), 11)
        )
        mended = corrected(self.follow_up, "follow_up_recorded.1", "quantity", 90, 9)
        self.corrected = world.record(ROAD, mended, at(date(2011, 3, 7)))
        items = (items[0], shown(self.follow_up, "quantity", 9))
        again = PublicationAmended(title="进度", items=items, reason="更正", by=FIRST)
        self.amended = world.record(ON_ROAD, again, at(date(2011, 3, 8)))
        self.retracted = world.record(ROAD, retracted(self.follow_up, "follow_up_recorded.1"), at(date(2011, 3, 9)))
        self.withdrawn = world.record(
            ON_ROAD, PublicationWithdrawn(reason="记录已撤销", by=FIRST), at(date(2011, 3, 10))
        )
        # An amendment of the policy is no correction: what was published is what it said.
        world.record(
            POLICY,
            PolicyAmended(
                title="惠民实事（修订）",
                effective_on=DAY,
                expires_on=None,
                summary="……",
                targets=(),
                reason="增加",
                by=FIRST,
            ),
            at(date(2011, 3, 11)),
        )
        self.repealed = world.record(POLICY, PolicyWithdrawn(reason="废止", by=FIRST), at(date(2011, 3, 12)))


class Asked:
    def __init__(self, url: str) -> None:
        self.told = Told()
        self.told.world.store(url)
        follow_once(url)
        self.views, self.reader = Views(url), open_reader(url)

    def mended(self, position: int, on: str = "2011-12-31") -> tuple[Mended, ...]:
        return publication_at(self.reader, ON_ROAD, self.views.at(f"{position}", on))[0].mended

    def owed(self, position: int, on: str = "2011-12-31") -> list[str]:
        moment = self.views.at(f"{position}", on)
        lines = CaseViews(self.views).issued(moment)
        return [duty.publication.title for duty in outstanding(self.reader, lines, moment)]


@pytest.fixture
def asked(database_url: str) -> Asked:
    return Asked(database_url)


def test_what_is_shown_rests_on_its_record_until_that_is_corrected(asked: Asked):
    told = asked.told
    assert asked.mended(told.corrected - 1) == ()
    [mended] = asked.mended(told.corrected)
    assert mended == Mended(item=1, shown=90, now=9, retracted=False, position=told.corrected, reason="笔误")
    assert asked.owed(told.corrected - 1) == []
    assert asked.owed(told.corrected) == ["进度"]


def test_it_holds_for_every_day_once_it_is_known(asked: Asked):
    """As the correction does: known at P, true from the start."""
    assert len(asked.mended(asked.told.corrected, "2011-03-05")) == 1
    assert asked.owed(asked.told.corrected, "2011-03-04") == []


def test_what_is_shown_stays_as_it_was(asked: Asked):
    found, _ = publication_at(asked.reader, ON_ROAD, asked.views.at(f"{asked.told.corrected}", "2011-12-31"))
    assert found.shown is not None
    assert [item.value for item in found.shown.items] == ["推进中", 90]


def test_an_amendment_settles_it(asked: Asked):
    told = asked.told
    assert asked.mended(told.amended) == ()
    assert asked.owed(told.amended) == []
    assert len(asked.mended(told.amended, "2011-03-07")) == 1


def test_a_retraction_is_owed_until_it_is_withdrawn(asked: Asked):
    told = asked.told
    found = asked.mended(told.retracted)
    assert [(one.item, one.shown, one.now, one.retracted) for one in found] == [
        (0, "推进中", None, True),
        (1, 9, None, True),
    ]
    assert {one.position for one in found} == {told.retracted}
    assert asked.owed(told.retracted) == ["进度"]
    assert asked.mended(told.withdrawn) == ()
    assert asked.owed(told.withdrawn) == []


def test_a_record_that_is_withdrawn_is_owed_from_its_day_on(asked: Asked):
    told = asked.told
    assert asked.owed(told.repealed - 1) == []
    assert asked.owed(told.repealed) == ["政策"]
    assert asked.owed(told.repealed, "2011-03-11") == []
    moment = asked.views.at(f"{told.repealed}", "2011-12-31")
    [mended] = publication_at(asked.reader, ON_POLICY, moment)[0].mended
    assert (mended.item, mended.retracted, mended.position, mended.reason) == (None, True, told.repealed, "废止")
