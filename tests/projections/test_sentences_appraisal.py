"""Every event of a round of appraisal reads as a sentence in both languages."""

from pathlib import Path
from typing import get_args

import pytest

from domain.appraisal_draw import Frame
from domain.appraisal_events import AppraisalClosed, AppraisalEvent, AppraisalObjectionDecided, Votes
from domain.sealed import Sealed
from ledger.codec import decode_event
from projections.sentences_appraisal import sentence

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.mark.parametrize("kind", get_args(AppraisalEvent), ids=lambda kind: kind.NAME)
def test_every_event_has_its_sentence(kind):
    stored = decode_event(kind.NAME, (SAMPLES / f"{kind.NAME}.json").read_bytes())
    said = sentence(stored, lambda stream: f"<{stream[-1]}>")
    assert said.zh.isascii() is False
    assert said.en


def test_few_ballots_are_not_counted_in_words():
    votes = (Votes(frame=Frame.RESIDENTS, ballots=812), Votes(frame=Frame.ENTERPRISES, ballots=None))
    said = sentence(AppraisalClosed(votes=votes, ballots=Sealed("r", ""), digest="", by="p"), str)
    assert said.zh == "封箱：群众812票、企业不足5票，不留先后，密封入账。"
    assert said.en == "Box closed: 812 of residents, fewer than 5 of enterprises, sealed, in no voter's order."


@pytest.mark.parametrize(("upheld", "zh"), [(True, "成立，结果不予采用"), (False, "不成立")])
def test_how_an_objection_was_decided(upheld: bool, zh: str):
    said = sentence(AppraisalObjectionDecided(unit="u", upheld=upheld, reason="理由", by="p"), lambda _: "某局")
    assert said.zh == f"某局的异议{zh}：理由"
