"""A round of appraisal as it stood at (P, D), folded from its stream: what everybody may see of it. Results are there
once they are published, and never before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from domain.appraisal import Appraisal, AppraisalStage
from domain.appraisal_events import AppraisalOpened, Invited, Stratum, Votes
from domain.appraisal_form import LETTERS
from domain.appraisal_tally import Result, standing
from domain.refusal import Kind, Refusal
from domain.rules import Rules
from ledger.codec import name_of
from ledger.contract import Reader
from ledger.streams import fold
from projections.asof import AsOf
from projections.days import instant
from projections.history import Told, stream_at
from projections.keys import asked_key
from projections.sentences_anywhere import ANYWHERE
from projections.sentences_appraisal import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One unit, frame and question. `counts`: answer → count, `none` for ballots without one; null is fewer than
    five. `approximate` names the answer whose count takes up what is withheld. Rates are ten-thousandths."""

    unit: str
    frame: str
    form: str
    counts: dict[str, int | None]
    approximate: str | None
    score: int | None
    strict: int | None
    low: int | None
    high: int | None
    set_aside: bool
    """An objection was upheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLine:
    unit: str
    upheld: bool | None
    """None while open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event in words."""

    position: int
    event: str
    occurred_at: datetime
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalRound:
    id: str
    title: str
    year: int
    stage: str
    units: tuple[str, ...]
    forms: tuple[str, ...]
    frame: str | None
    """SHA-256 of the frame file."""
    strata: tuple[Stratum, ...]
    seed_source: str | None
    seed_on: date | None
    seed: str | None
    invited: tuple[Invited, ...]
    drawn: str | None
    """SHA-256 of the drawn list."""
    until: date | None
    votes: tuple[Votes, ...]
    results: tuple[ResultLine, ...]
    standings: dict[str, int]
    """Unit → its one figure for the yearly assessment, in ten-thousandths."""
    object_until: datetime | None
    objections: tuple[ObjectionLine, ...]
    history: tuple[Said, ...]


def appraisal_at(
    reader: Reader, round_: str, at: AsOf, title: Callable[[str], str], rules: Rules
) -> tuple[AppraisalRound, int]:
    """The round and its version. Its steps are taken in the order they were recorded, for each rests on the one
    before. Refuses with `unknown_appraisal` what did not exist at (P, D)."""
    key = asked_key(round_)
    told = sorted(stream_at(reader, key, at), key=lambda one: one.recorded.version)
    state: Appraisal | None = None
    for one in told:
        if state is not None or isinstance(one.recorded.event, AppraisalOpened):
            state = fold(state, one.recorded.event)
    if state is None:
        raise Refusal(
            "unknown_appraisal",
            "当时没有这轮评议",
            "there was no such round at that moment",
            kind=Kind.NOT_FOUND,
            field="id",
        )
    return _shown(name_of(key), state, rules, tuple(_said(one, title) for one in told)), len(
        reader.stream(key, upto=at.position)
    )


def _said(one: Told, title: Callable[[str], str]) -> Said:
    event = one.recorded.event
    words = ANYWHERE[type(event)](event) if type(event) in ANYWHERE else sentence(event, title)
    return Said(
        position=one.recorded.position,
        event=one.recorded.event.NAME,
        occurred_at=instant(one.at),
        zh=words.zh,
        en=words.en,
    )


def _shown(round_: str, state: Appraisal, rules: Rules, history: tuple[Said, ...]) -> AppraisalRound:
    published = state.stage is AppraisalStage.PUBLISHED
    standings = {unit: standing(state.counting, unit, rules) for unit in state.units}
    framed, seeded, drawn = state.framed, state.seeded, state.drawn
    return AppraisalRound(
        id=round_,
        title=state.title,
        year=state.year,
        stage=state.stage.value,
        units=tuple(state.units),
        forms=tuple(form.value for form in state.forms),
        frame=None if framed is None else framed.frame,
        strata=() if framed is None else framed.strata,
        seed_source=None if framed is None else framed.seed_source,
        seed_on=None if framed is None else framed.seed_on,
        seed=None if seeded is None else seeded.seed,
        invited=() if drawn is None else drawn.invited,
        drawn=None if drawn is None else drawn.drawn,
        until=None if state.voting is None else state.voting.until,
        votes=() if state.closed is None else state.closed.votes,
        results=tuple(_line(one, state) for one in state.results) if published else (),
        standings={unit: given for unit, given in standings.items() if given is not None},
        object_until=state.object_until,
        objections=tuple(ObjectionLine(unit=unit, upheld=upheld) for unit, upheld in state.objections.items()),
        history=history,
    )


def _line(one: Result, state: Appraisal) -> ResultLine:
    answers = (*LETTERS[one.form], "none")
    return ResultLine(
        unit=one.unit,
        frame=one.frame.value,
        form=one.form.value,
        counts={str(answer): count for answer, count in zip(answers, one.counts, strict=True)},
        approximate=None if one.approximate is None else str(answers[one.approximate]),
        score=one.score,
        strict=one.strict,
        low=one.low,
        high=one.high,
        set_aside=bool(state.objections.get(one.unit)),
    )
