"""What the views answer before and after a correction, at the days before it and after it."""

from datetime import date
from typing import Any

import pytest
from world import World, at, follow_up, in_progress, partner, policy, stream, unit

from domain.commitment_events import ExtensionGranted
from domain.correction import CorrectionEvent, CorrectionProposed, CorrectionRefused, EventCorrected, EventRetracted
from domain.correction import RetractionProposed as Proposed
from domain.correction_table import TABLE
from domain.partner import PartnerKind
from domain.visit import VisitRecorded
from projections.answers import Amendment
from projections.follower import follow_once
from projections.sentences_corrections import FIELDS, sentence
from projections.verify import verify
from projections.views import Views

DAY, LATER = date(2011, 3, 1), date(2011, 3, 9)
ROAD, VISIT = stream(100), stream(200)
FIRST, SECOND = stream(1), stream(2)


def corrected(position: int, name: str, field: str, old: Any, new: Any) -> EventCorrected:
    return EventCorrected(
        event_id="x",
        position=position,
        event=name,
        field=field,
        old=old,
        new=new,
        reason="笔误",
        proposed_by=FIRST,
        by=SECOND,
    )


def retracted(position: int, name: str) -> EventRetracted:
    return EventRetracted(event_id="x", position=position, event=name, reason="误录", proposed_by=FIRST, by=SECOND)


class Told:
    def __init__(self) -> None:
        world = self.world = World()
        world.record(stream(10), unit(1), at(DAY, 8))
        world.record(stream(11), policy(stream(10)), at(DAY, 8))
        world.record(stream(12), partner(PartnerKind.VILLAGE, "某村"), at(DAY, 8))
        in_progress(world, ROAD, stream(10), stream(11), day=DAY, due_on=date(2011, 4, 1))
        self.follow_up = world.record(ROAD, follow_up(90), at(date(2011, 3, 4)))
        extended = ExtensionGranted(due_on=date(2012, 5, 31), reason="雨季")
        self.extension = world.record(ROAD, extended, at(date(2011, 3, 5)))
        self.visit = world.record(
            VISIT,
            VisitRecorded(
                unit=stream(10),
                partner=stream(12),
                partner_kind=PartnerKind.VILLAGE,
                visited_on=date(2011, 3, 6),
                persons=30,
                purpose="走访",
                heard=None,
                commitment=None,
                problem=None,
                by=FIRST,
            ),
            at(date(2011, 3, 6)),
        )
        self.before = len(world.rows)
        world.record(ROAD, corrected(self.follow_up, "follow_up_recorded.1", "quantity", 90, 9), at(LATER, 9))
        due = corrected(self.extension, "extension_granted.1", "due_on", "2012-05-31", "2011-05-31")
        world.record(ROAD, due, at(LATER, 10))
        world.record(VISIT, corrected(self.visit, "visit_recorded.1", "persons", 30, 3), at(LATER, 11))
        self.mended = len(world.rows)
        world.record(VISIT, retracted(self.visit, "visit_recorded.1"), at(LATER, 12))
        world.record(ROAD, retracted(self.follow_up, "follow_up_recorded.1"), at(LATER, 13))


@pytest.fixture
def told(sqlite_url: str) -> Told:
    told = Told()
    told.world.store(sqlite_url, told.before)
    follow_once(sqlite_url)
    told.world.store(sqlite_url)
    follow_once(sqlite_url)
    return told


@pytest.fixture
def views(sqlite_url: str, told: Told) -> Views:
    return Views(sqlite_url)


@pytest.mark.parametrize("on", ["2011-03-06", "2011-03-09"])
def test_progress_deadline_and_figure_follow_on_every_day_once_it_is_known(views: Views, told: Told, on: str):
    def seen(position: int) -> tuple[int, date, int]:
        moment = views.at(f"{position}", on)
        line = views.commitment(moment, ROAD).line
        return line.progress, line.due_on, views.headline(moment, 2011).field_visits

    assert seen(told.before) == (90, date(2012, 5, 31), 30)
    assert seen(told.mended) == (9, date(2011, 5, 31), 3)
    assert seen(len(told.world.rows)) == (0, date(2011, 5, 31), 0)


def test_lamps_follow_the_deadline(views: Views, told: Told):
    """On 1 June 2011 the extension as first entered had a year to go."""
    lamps = [
        views.commitment(views.at(f"{position}", "2011-06-01"), ROAD).line.lamp
        for position in (told.before, told.mended)
    ]
    assert lamps == ["green", "red"]


def test_the_deadline_says_that_it_was_corrected(views: Views, told: Told):
    before = views.deadline(views.at(f"{told.before}", "2011-03-31"), ROAD)
    after = views.deadline(views.at(f"{told.mended}", "2011-03-31"), ROAD)
    assert (before.due_on, after.due_on) == (date(2012, 5, 31), date(2011, 5, 31))
    assert before.original_due_on == after.original_due_on == date(2011, 4, 1)
    assert not [line for line in before.lines if "更正" in line.zh]
    assert [line.zh for line in after.lines if "更正" in line.zh] == [
        f"2011-03-09 更正第{told.extension}号记录：期限原录入为 2012-05-31，实为 2011-05-31；笔误"
    ]


def test_what_was_promised_follows_and_the_original_due_date_with_it(database_url: str):
    told = Told()
    told.world.record(ROAD, corrected(4, "commitment_proposed.1", "due_on", "2011-04-01", "2011-04-08"), at(LATER, 14))
    told.world.record(ROAD, corrected(4, "commitment_proposed.1", "title", "承诺", "修路"), at(LATER, 15))
    told.world.store(database_url)
    follow_once(database_url)
    views, last = Views(database_url), len(told.world.rows)

    def seen(position: int) -> tuple[str, date]:
        line = views.commitment(views.at(f"{position}", "2011-03-02"), ROAD).line
        return line.title, line.original_due_on

    assert told.world.events[3][4].NAME == "commitment_proposed.1"
    assert seen(last - 2) == ("承诺", date(2011, 4, 1))
    assert seen(last - 1) == ("承诺", date(2011, 4, 8))
    assert seen(last) == ("修路", date(2011, 4, 8))
    moments = [views.at(f"{position}", "2011-03-02") for position in (last - 1, last)]
    assert [views.commitments(moment, q="修路").total for moment in moments] == [0, 1]
    assert all(view.sound for view in verify(database_url).views)


def test_the_mistake_stays_in_the_history(views: Views, told: Told):
    entries = {entry.position: entry for entry in views.history(views.at(f"{told.mended}"), ROAD).entries}
    mistaken = entries[told.follow_up]
    assert (mistaken.before_zh, mistaken.zh) == ("跟进，累计完成90：推进中", "跟进，累计完成9：推进中")
    assert (mistaken.before_en, mistaken.en) == ("Follow-up, 90 so far: 推进中", "Follow-up, 9 so far: 推进中")
    assert mistaken.data["quantity"] == 90
    assert not mistaken.retracted
    assert [(change.before, change.after) for change in mistaken.changes] == [(0, 9)]
    ruling = entries[told.before + 1]
    assert mistaken.amendments == (
        Amendment(
            position=ruling.position,
            field="quantity",
            before=90,
            after=9,
            reason="笔误",
            proposed_by=FIRST,
            approved_by=SECOND,
        ),
    )
    assert ruling.zh == f"更正第{told.follow_up}号记录，数量由“90”改为“9”：笔误"
    assert (ruling.changes, ruling.amendments, ruling.retracted, ruling.before_zh) == ((), (), False, None)


def test_what_was_retracted_stays_in_the_history_and_changes_nothing(views: Views, told: Told):
    entries = {entry.position: entry for entry in views.history(views.at(), ROAD).entries}
    gone = entries[told.follow_up]
    assert gone.retracted
    assert gone.changes == ()
    assert gone.zh == "跟进，累计完成90：推进中"
    assert [(one.field, one.reason) for one in gone.amendments] == [("quantity", "笔误"), (None, "误录")]
    assert not entries[max(entries)].retracted


def test_before_it_was_known_nothing_is_said_of_it(views: Views, told: Told):
    for entry in views.history(views.at(f"{told.before}", "2011-03-31"), ROAD).entries:
        assert (entry.amendments, entry.before_zh, entry.retracted) == ((), None, False)


def test_on_a_day_before_the_correction_it_holds_already(views: Views, told: Told):
    """What is known is put right first, what occurred by then is kept next."""
    entries = views.history(views.at(f"{told.mended}", "2011-03-05"), ROAD).entries
    assert [entry.position for entry in entries][-2:] == [told.follow_up, told.extension]
    assert entries[-2].zh == "跟进，累计完成9：推进中"


def test_a_correction_makes_nothing_odd(views: Views, told: Told):
    assert not views.commitment(views.at(), ROAD).line.odd
    assert not any(entry.odd for entry in views.history(views.at(), ROAD).entries)


def test_the_rebuilt_views_are_the_same(sqlite_url: str, told: Told):
    assert all(view.sound for view in verify(sqlite_url).views)


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        (
            CorrectionProposed(
                event_id="x", position=7, event="e.1", field="note", old=None, new="新", reason="漏填", by=FIRST
            ),
            "提请更正第7号记录，说明由“未填”改为“新”：漏填",
            "Correction of record 7 proposed, note from “nothing” to “新”: 漏填",
        ),
        (
            Proposed(event_id="x", position=7, event="e.1", reason="误录", by=FIRST),
            "提请撤销第7号记录：误录",
            "Retraction of record 7 proposed: 误录",
        ),
        (
            corrected(7, "e.1", "quantity", 90, 9),
            "更正第7号记录，数量由“90”改为“9”：笔误",
            "Record 7 corrected, quantity from “90” to “9”: 笔误",
        ),
        (retracted(7, "e.1"), "撤销第7号记录：误录", "Record 7 retracted: 误录"),
        (CorrectionRefused(reason="属实", by=FIRST), "不同意更正：属实", "Correction refused: 属实"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_every_correction_is_told(event: CorrectionEvent, zh: str, en: str):
    assert sentence(event) == (zh, en)


def test_every_field_of_the_table_has_its_word():
    assert {field for _, field in TABLE if field is not None} <= set(FIELDS)
