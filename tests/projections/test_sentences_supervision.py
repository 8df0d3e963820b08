"""Every event of supervision reads as a sentence in both languages."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.circular import CircularDrafted, Tone
from domain.conclusion_events import ConclusionDelivered, ConclusionUpheld
from domain.inspection_events import InspectionNoticeGiven, InspectionVisitRecorded
from domain.talk import TalkSummoned, TalkSummoned2
from domain.urge_rungs import Colour
from ledger.codec import decode_event
from projections.sentences_consequences import SENTENCES

SAMPLES = Path(__file__).parents[1] / "samples"


def stored(kind):
    return decode_event(kind.NAME, (SAMPLES / f"{kind.NAME}.json").read_bytes())


def said(happened):
    return SENTENCES[type(happened)](happened, lambda _: "示例局")


@pytest.mark.parametrize("kind", SENTENCES, ids=lambda kind: kind.NAME)
def test_every_event_has_its_sentence(kind):
    one = said(stored(kind))
    assert one.zh.isascii() is False
    assert one.en[0].isupper() or one.en.startswith("示例局")
    assert "sealed" not in one.zh + one.en.lower()
    assert "5e5e" not in one.zh + one.en


def test_a_sentence_is_made_from_the_fields():
    visit = stored(InspectionVisitRecorded)
    assert said(visit).zh == "2011年6月15日暗访示例局：note 样本"
    assert said(replace(visit, unannounced=False)).en == "Visit to 示例局 on 2011-06-15: note 样本"


def test_a_self_check_is_mentioned_where_it_is_asked():
    notice = stored(InspectionNoticeGiven)
    assert said(notice).zh == "通知示例局，须于2011年6月15日前报送自查：notice 样本"
    assert said(replace(notice, self_check_by=None)).en == "示例局 told: notice 样本"


def test_a_late_review_is_called_late():
    upheld = stored(ConclusionUpheld)
    assert said(upheld) == ("复核逾期决定维持：reason 样本", "Review: late, upheld. reason 样本")
    assert said(replace(upheld, late=False)) == ("复核决定维持：reason 样本", "Review: upheld. reason 样本")


def test_the_last_day_to_object_is_named():
    delivered = stored(ConclusionDelivered)
    due = delivered.object_by.due.replace(year=2011, month=7, day=15, hour=16, minute=0, second=0, microsecond=0)
    delivered = replace(delivered, object_by=replace(delivered.object_by, due=due), received_on=date(2011, 6, 15))
    assert said(delivered).en == "Received on 2011-06-15; the unit may object up to 2011-07-15."


def test_who_is_summoned_is_named_by_post():
    summoned = stored(TalkSummoned)
    assert said(replace(summoned, reason="滞后")).zh == "定于2011年6月15日约谈示例局示例局，文号reference 样本：滞后"


def test_a_talk_says_which_notice_it_follows():
    summoned = replace(stored(TalkSummoned2), reason="滞后", colour=Colour.RED)
    assert said(summoned).zh.startswith("红色催办（期限2011年6月15日）后，定于2011年6月15日约谈示例局")
    assert "after the red notice (due 2011-06-15)" in said(summoned).en
    assert "after" not in said(replace(summoned, ladder=None, colour=None, due_on=None)).en


def test_a_circular_says_whom_it_is_about():
    drafted = replace(stored(CircularDrafted), number="1号", title="通报", body="正文")
    assert said(drafted) == (
        "起草通报表扬“通报”（1号），涉及示例局：正文",
        "Drafted 1号, “通报”, praising 示例局: 正文",
    )
    assert said(replace(drafted, tone=Tone.CRITICISM)).zh.startswith("起草通报批评")
