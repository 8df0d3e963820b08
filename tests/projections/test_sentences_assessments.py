"""Every event of an assessment and of a commendation list reads as a sentence in both languages."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from domain.assessment import AssessmentEvent, UnitAssessed
from domain.assessment_score import Figure, Part, score
from domain.commendation import CommendationEvent
from domain.rules import DEFAULT
from ledger.codec import decode_event
from projections.sentences_assessments import sentence

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.mark.parametrize("kind", [*get_args(AssessmentEvent), *get_args(CommendationEvent)], ids=lambda kind: kind.NAME)
def test_every_event_has_its_sentence(kind):
    said = sentence(decode_event(kind.NAME, (SAMPLES / f"{kind.NAME}.json").read_bytes()), lambda _: "示例局")
    assert said.zh.isascii() is False
    assert said.en


def test_a_score_says_how_much_of_the_weight_it_rests_on():
    figures = (Figure(part=Part.FULFILMENT, numerator=9, denominator=10),)
    drawn = UnitAssessed(
        unit="u",
        year=2011,
        known_at=9,
        figures_on=date(2011, 12, 31),
        result=score(figures, DEFAULT),
        edition="1",
        by="p",
    )
    said = sentence(drawn, lambda _: "示例局")
    assert said.zh == "拟定示例局2011年度考核（数据截至2011-12-31）：得分90.00，有数据的指标占权重25%。"
    assert said.en.endswith("figures of 2011-12-31: score 90.00 from parts that hold 25% of the weight.")
    empty = sentence(replace(drawn, result=score((), DEFAULT)), lambda _: "示例局")
    assert empty.zh.endswith("各项指标均无数据。")
    assert empty.en.endswith("no part has data.")
