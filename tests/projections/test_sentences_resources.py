"""Every event of a need and of an offer reads as a sentence in both languages."""

from pathlib import Path
from typing import get_args

import pytest

from domain.need import NeedEvent, NeedRaised
from domain.offer_events import OfferEvent
from ledger.codec import decode_event
from projections.sentences_resources import amount, sentence

SAMPLES = Path(__file__).parents[1] / "samples"


def stored(kind):
    return decode_event(kind.NAME, (SAMPLES / f"{kind.NAME}.json").read_bytes())


@pytest.mark.parametrize("kind", [*get_args(NeedEvent), *get_args(OfferEvent)], ids=lambda kind: kind.NAME)
def test_every_event_has_its_sentence(kind):
    said = sentence(stored(kind), lambda stream: f"<{stream[-1]}>")
    assert said.zh.isascii() is False
    assert said.en
    assert "sealed" not in said.zh + said.en


def test_a_sentence_is_made_from_the_fields():
    said = sentence(stored(NeedRaised), lambda _: "示例村")
    assert said.zh == "示例村于2011年6月15日提出人才需求“title 样本”：120measure 样本。"
    assert said.en == "示例村 raised a need of talent on 2011-06-15, “title 样本”: 120measure 样本."


def test_funds_read_in_yuan():
    assert (amount(1_234_567, "分"), amount(8, "人日")) == ("12,345.67元", "8人日")
