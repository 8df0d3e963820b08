"""Every event of a rating has its sentence in both languages, from the stored samples; none says who the rater is."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from domain.appraisal_form import Grade
from domain.commitment_terms import Answer
from domain.rating_events import AppealGround, RatingClosed, RatingEvent, RatingReceived, Truth
from ledger.codec import decode_event
from projections.sentences_ratings import ANSWERS, GRADES, GROUNDS, TRUTHS, sentence

SAMPLES = Path(__file__).parents[1] / "samples"


def title(_: str) -> str:
    return "某单位"


def sample(kind: type) -> object:
    return decode_event(kind.NAME, (SAMPLES / f"{kind.NAME}.json").read_bytes())  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", get_args(RatingEvent), ids=lambda kind: kind.NAME)
def test_every_event_says_what_happened(kind: type):
    said = sentence(sample(kind), title)  # type: ignore[arg-type]
    assert said.zh.endswith(("。", "样本"))
    assert said.en
    assert "5e5e" not in said.zh + said.en
    assert not any("\u4e00" <= character <= "\u9fff" for character in said.en.replace("某单位", "").replace("样本", ""))


def test_every_word_is_known_in_both_languages():
    assert set(GRADES) == set(Grade)
    assert set(TRUTHS) == set(Truth)
    assert set(GROUNDS) == set(AppealGround)
    assert set(ANSWERS) == set(Answer)


def test_what_differs_within_one_event_is_said():
    received, closed = sample(RatingReceived), sample(RatingClosed)
    assert isinstance(received, RatingReceived)
    assert isinstance(closed, RatingClosed)
    assert "the answer to a request" in sentence(received, title).en
    of_commitment = replace(received, request=None)
    assert "a commitment" in sentence(of_commitment, title).en
    assert "“service 样本”" in sentence(replace(of_commitment, commitment=None), title).zh
    assert "to be put right" in sentence(received, title).en
    assert "to be put right" not in sentence(replace(received, rectify_by=None), title).en
    assert "not accepted" in sentence(replace(closed, accepted=False), title).en
    assert "not accepted" not in sentence(replace(closed, accepted=True), title).en
