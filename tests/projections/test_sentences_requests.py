"""Every event of a request has its sentence in both languages, from the stored samples; none says who the person is."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from domain.matter import MatterRecorded, MatterStage
from domain.request_events import (
    EscalationGround,
    Protection,
    RequestAnswered,
    RequestClosed,
    RequestEscalated,
    RequestEvent,
    RequestKind,
    RequestRaised,
    Resolution,
    Way,
)
from ledger.codec import decode_event
from projections import sentences_matters
from projections.sentences_requests import KINDS, PROTECTIONS, RESOLUTIONS, WAYS, sentence

SAMPLES = Path(__file__).parents[1] / "samples"


def title(_: str) -> str:
    return "某单位"


def sample(kind: type) -> object:
    return decode_event(kind.NAME, (SAMPLES / f"{kind.NAME}.json").read_bytes())  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", get_args(RequestEvent), ids=lambda kind: kind.NAME)
def test_every_event_says_what_happened(kind: type):
    said = sentence(sample(kind), title)  # type: ignore[arg-type]
    assert said.zh.endswith(("。", "样本"))
    assert said.en
    assert "5e5e" not in said.zh + said.en
    assert not any("\u4e00" <= character <= "\u9fff" for character in said.en.replace("某单位", "").replace("样本", ""))


def test_every_word_is_known_in_both_languages():
    assert set(KINDS) == set(RequestKind)
    assert set(WAYS) == set(Way)
    assert set(PROTECTIONS) == set(Protection)
    assert set(RESOLUTIONS) == set(Resolution)


def test_what_differs_within_one_event_is_said():
    escalated = sample(RequestEscalated)
    assert isinstance(escalated, RequestEscalated)
    redo = sentence(replace(escalated, ground=EscalationGround.REDO), title).en
    no_lead = sentence(replace(escalated, ground=EscalationGround.NO_LEAD), title).en
    assert ("redos" in redo, "hand-overs" in no_lead) == (True, True)
    closed, answered, raised = sample(RequestClosed), sample(RequestAnswered), sample(RequestRaised)
    assert isinstance(closed, RequestClosed)
    assert "not confirmed" in sentence(replace(closed, confirmed=False), title).en
    assert "not confirmed" not in sentence(replace(closed, confirmed=True), title).en
    assert isinstance(answered, RequestAnswered)
    assert "main request" not in sentence(replace(answered, through=None), title).en
    assert isinstance(raised, RequestRaised)
    assert "first received" in sentence(raised, title).en
    assert "first received" not in sentence(replace(raised, first_receiver=None), title).en


def test_a_step_of_a_confidential_matter_says_its_stage_and_no_more():
    recorded = sample(MatterRecorded)
    assert isinstance(recorded, MatterRecorded)
    said = [sentences_matters.sentence(replace(recorded, stage=stage)) for stage in MatterStage]
    assert len(set(said)) == len(MatterStage)
    assert said[0] == ("保密事项登记一步，办理中。", "A step of a confidential matter, in hand.")
