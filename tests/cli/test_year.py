"""The demonstration year folded by a real writer: everything accepted, every figure exact, the same every time."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
import orjson
import pytest

from api.ballots import Ballot, cast
from cli.demonstration.assessing import BY_FIGURES, KNOWN, YEAR, Seen, filled, seen
from cli.demonstration.mornings import Mornings
from cli.demonstration.script import Step
from cli.demonstration.units import OFFICES
from cli.demonstration.worktime import END, OPENED
from cli.demonstration.world import Founders
from cli.demonstration.year import REGION, SEED, TITLE, Year, year
from domain.actor import Role
from domain.appraisal import Appraisal, AppraisalStage
from domain.appraisal_tally import standing
from domain.assessment import Assessment, AssessmentStage
from domain.commendation import Commendation, CommendationStage
from domain.commitment import Commitment, Stage
from domain.commitment_events import DueRecalculated
from domain.event import LIVES
from domain.rating import Rating, RatingStage
from domain.rules import DEFAULT
from domain.talk import TalkSummoned2
from domain.urge import Ladder, UrgeSent
from domain.urge_rungs import Colour
from ledger.announced import announced
from ledger.ballot_boxes import open_boxes
from ledger.codec import decode
from ledger.contract import Accepted, Outcome, Submission
from ledger.database import locate, open_reader, open_store
from ledger.evidence import Evidence
from ledger.gate import LocalGate
from ledger.ids import demonstration_id
from ledger.keys import Keys
from ledger.opening import ADMINISTRATORS, TITLES, clock_of, open_ledger
from ledger.writer import Writer
from projections.follower import follow_once
from projections.rating_figures import RatingFigures
from projections.service_views import ServiceViews
from projections.views import Views

pytestmark = pytest.mark.xdist_group("year")  # one fold serves them all

FIXED = Founders("01" * 16, "02" * 16, "03" * 16)
SEALED = {"name", "address", "phone", "heard", "words", "detail", "contact_name", "contact_phone"}
SEALED |= {"comment", "resident_note", "told_note"}
BATCH = 2_000


class Folded(NamedTuple):
    url: str
    story: Year
    outcomes: list[Outcome]
    states: dict[str, Any]
    events: Counter[str]
    urged: list[Any]
    """Notices, talks and deadlines counted anew."""

    def commitments(self) -> list[Commitment]:
        return [state for state in self.states.values() if isinstance(state, Commitment)]


@pytest.fixture(scope="module")
def folded(tmp_path_factory) -> Folded:
    directory = tmp_path_factory.mktemp("year")
    url = f"sqlite:///{directory}/luoshi.db"
    store, place = open_store(url, create=True), locate(url)
    keys = Keys(place.keys)
    evidence = Evidence(directory / "evidence", keys)
    administrators = open_ledger(
        store,
        keys,
        demonstration=True,
        title=TITLE,
        region=REGION,
        administrators=dict(TITLES),
        seed=SEED,
        at=OPENED,
    )
    story = year(Founders(*(administrators[role] for role in ADMINISTRATORS)))
    for file in story.files:
        assert evidence.lodge([file.content], file.media_type).digest == file.digest
    boxes = open_boxes(url)
    writer = Writer(store, keys, DEFAULT, announced(), clock_of(store), evidence, boxes=boxes)
    outcomes: list[Outcome] = []
    gate, reader = LocalGate(writer), open_reader(url)
    with Mornings(reader, gate) as mornings:
        for day, steps in groupby(story.steps, lambda step: step.at.date()):
            mornings.begin(day, OPENED)
            today = list(steps)
            for step in today:
                if step.command == "close_voting":
                    for vote in story.votes:
                        cast(store, boxes, vote.round, Ballot(**vote.body))
            if BY_FIGURES & {step.command for step in today}:
                follow_once(url)
                today = [filled(step, figures(url)) if step.command in BY_FIGURES else step for step in today]
            outcomes += asyncio.run(gate.submit_many([submission(step) for step in today]))
        mornings.begin(END.date(), END)
    gate.close()
    reader.close()
    follow_once(url)
    states: dict[str, Any] = {}
    events: Counter[str] = Counter()
    urged: list[Any] = []
    for row in store.read(0, 10**6):
        recorded = decode(row)
        events[row.name] += 1
        if isinstance(recorded.event, UrgeSent | TalkSummoned2 | DueRecalculated):
            urged.append(recorded.event)
        evolve = LIVES[type(recorded.event)].evolve
        states[recorded.stream] = evolve(states.get(recorded.stream), recorded.event)
    store.close()
    keys.close()
    return Folded(url, story, outcomes, states, events, urged)


@pytest.fixture(scope="module")
def views(folded: Folded) -> Iterator[Views]:
    opened = Views(folded.url)
    yield opened
    opened.close()


def figures(url: str) -> Seen:
    views = Views(url)
    moment = views.at(KNOWN.isoformat(), KNOWN.date().isoformat())
    units = json.loads(orjson.dumps(ServiceViews(views).assessments(moment, YEAR)))
    views.close()
    return seen(moment.position, units)


def submission(step: Step) -> Submission:
    line = step.line()
    body = msgspec.Raw(msgspec.json.encode(line.pop("body")))
    return Submission(client=step.client, body=body, **line)


def test_every_command_is_accepted_under_the_id_foretold(folded):
    refused = [
        (step.command, step.at, outcome)
        for step, outcome in zip(folded.story.steps, folded.outcomes, strict=True)
        if not isinstance(outcome, Accepted)
    ]
    assert refused == []
    for step, outcome in zip(folded.story.steps, folded.outcomes, strict=True):
        assert outcome.stream == (step.stream or demonstration_id(step.at, step.client, step.key))


def test_the_headline_of_2011_is_exact(folded, views):
    found = views.headline(views.at(), 2011)
    assert found.field_visits == 1541
    assert found.problems_solved.at_least == 430
    assert (found.partners.village, found.partners.community, found.partners.enterprise) == (65, 52, 62)
    assert found.activities == 157
    assert found.projects == 77
    assert found.funds_fen == 181_900_000


def test_four_departments_are_appraised(folded):
    rounds = [state for state in folded.states.values() if isinstance(state, Appraisal)]
    [found] = [one for one in rounds if one.stage is not AppraisalStage.ABANDONED]
    assert [votes.ballots for votes in found.closed.votes] == [57, 57]
    assert len({one.unit for one in found.counting}) == 4
    assert all(standing(found.counting, unit, DEFAULT) for unit in found.units)


def test_what_was_taken_back_was_counted_before(folded):
    for taken_back in ("visit", "activity", "project", "pairing", "problem"):
        assert folded.events[f"{taken_back}_withdrawn.1"] >= 4
    assert folded.events["contribution_reversed.1"] >= 4


def test_mistakes_are_mended_by_two_and_policies_shown_to_the_public(folded):
    assert (folded.events["event_corrected.1"], folded.events["event_retracted.1"]) == (8, 13)
    assert folded.events["publication_issued.1"] == 8
    assert (folded.events["publication_amended.1"], folded.events["publication_withdrawn.1"]) == (3, 2)


def test_about_1500_commitments_stand_in_every_stage(folded):
    stages = Counter(commitment.stage for commitment in folded.commitments())
    assert 1400 <= sum(stages.values()) <= 1600
    assert set(stages) == set(Stage)


def test_everything_that_can_happen_to_a_commitment_happens(folded):
    happened = {name for name, count in folded.events.items() if count}
    assert happened >= {
        "commitment_published.2",
        "wording_amended.2",
        "return_accepted.1",
        "return_refused.1",
        "extension_granted.1",
        "extension_refused.1",
        "deferral_granted.1",
        "deferral_refused.1",
        "commitment_suspended.1",
        "commitment_resumed.1",
        "redo_ordered.1",
        "commitment_escalated.1",
        "call_back_recorded.1",
        "site_checked.1",
        "commitment_archived.1",
        "commitment_reopened.1",
        "commitment_continued.1",
        "commitment_reassigned.1",
        "supporting_unit_joined.1",
        "supporting_unit_left.1",
        "commitment_terminated.1",
    }
    overdue = [
        one for one in folded.commitments() if one.stage is Stage.IN_PROGRESS and one.due_on < date(2011, 12, 31)
    ]
    assert 20 <= len(overdue) <= 200


def test_the_clock_keeps_office_hours_and_ends_at_five(folded):
    moments = [step.at for step in folded.story.steps]
    assert moments == sorted(moments)
    assert moments[0] > OPENED
    assert moments[-1] == END
    assert moments[-2] < END
    for moment in moments:
        assert announced().is_working(moment.date())
        assert 8 <= moment.hour < 17 or moment == END


def test_some_things_are_entered_days_later(folded):
    late = [step for step in folded.story.steps if step.occurred_at and step.at - step.occurred_at > timedelta(days=1)]
    assert len(late) > 500
    assert any(step.command == "record_follow_up" for step in late)
    assert any(step.command == "report_fulfilment" for step in late)


def test_every_role_is_held_by_two_persons_and_every_office_by_a_head(folded):
    held = Counter(Role(who.role) for who in folded.story.people)
    held.update(ADMINISTRATORS)
    assert all(held[role] >= 2 for role in Role), held
    heads = {who.unit for who in folded.story.people if who.role == "unit_head"}
    assert len(heads) == len(OFFICES) - 1  # the supervision office leads nothing


def test_what_is_personal_is_stored_nowhere_in_the_clear(folded):
    values = {
        str(step.body[field]) for step in folded.story.steps for field in SEALED & step.body.keys() if step.body[field]
    }
    assert len(values) > 500
    place = locate(folded.url)
    assert place.file is not None
    assert place.views is not None
    files = [place.file, *place.views.rglob("*")]
    stored = b"".join(file.read_bytes() for file in files if file.is_file())
    assert "督查".encode() in stored
    assert re.search(rb"0512-0000\d{4}", stored) is None
    # Two-character names are parts of ordinary words.
    some = sorted(value for value in values if len(value) > 2 and not value.startswith("0512"))[::20]
    assert [value for value in some if value.encode() in stored] == []


def test_phones_are_nobodys(folded):
    phones = [
        step.body[field]
        for step in folded.story.steps
        for field in ("phone", "contact_phone")
        if step.command != "enrol_person" and step.body.get(field)
    ]
    assert len(phones) > 500
    assert all(re.fullmatch(r"0512-0000\d{4}", phone) for phone in phones)


def test_the_same_seed_tells_the_same_story_to_the_byte():
    def told(seed: int) -> bytes:
        story = year(FIXED, seed)
        lines = [json.dumps({"client": step.client, **step.line()}, ensure_ascii=False) for step in story.steps]
        return "\n".join(lines).encode() + b"".join(file.content for file in story.files)

    assert told(SEED) == told(SEED)


def test_figures_do_not_hang_on_the_seed():
    """Counted from the lines alone: what was taken back does not count."""
    story = year(FIXED, SEED + 1)
    taken_back = ("withdraw_", "reverse_", "propose_retraction")
    gone = {step.stream for step in story.steps if step.command.startswith(taken_back)}

    def kept(command: str) -> list[dict[str, Any]]:
        return [
            step.body
            for step in story.steps
            if step.command == command and (step.stream or demonstration_id(step.at, step.client, step.key)) not in gone
        ]

    assert sum(body["persons"] for body in kept("record_visit")) == 1541
    assert len(kept("confirm_problem")) == 430
    assert len(kept("hold_activity")) == 157
    assert len(kept("start_project")) == 77
    assert sum(body["amount_fen"] for body in kept("make_contribution")) == 181_900_000
    kinds = {
        demonstration_id(step.at, step.client, step.key): step.body["kind"]
        for step in story.steps
        if step.command == "register_partner"
    }
    paired = {body["partner"] for body in kept("agree_pairing")}
    assert Counter(kinds[partner] for partner in paired if partner in kinds) == {
        "village": 65,
        "community": 52,
        "enterprise": 62,
    }


def test_resources_are_shared_used_returned_and_asked_about(folded):
    counted = {name: folded.events[f"{name}.1"] for name in ("need_raised", "offer_made", "resource_matched")}
    assert counted == {"need_raised": 26, "offer_made": 25, "resource_matched": 25}
    assert folded.events["need_withdrawn.1"] == 1
    assert folded.events["resource_used.1"] == 25
    assert folded.events["resource_returned.1"] == 9
    assert (folded.events["benefit_confirmed.1"], folded.events["benefit_denied.1"]) == (19, 3)


def test_ratings_stand_in_every_state_and_open_to_their_events(folded, views):
    stages = Counter(state.stage for state in folded.states.values() if isinstance(state, Rating))
    assert set(stages) == set(RatingStage)
    assert sum(stages.values()) == 24 + 26 + 8
    figures, moment = RatingFigures(views), views.at()
    rates = {
        figure: (one.numerator, one.denominator, one.excluded)
        for figure, one in figures.rates(moment, 2011).all.items()
    }
    assert rates["satisfaction"] == (24, 54, 3)
    assert rates["rectification"] == (18, 30, 3)
    assert rates["call_back"] == (17, 26, 3)
    assert 0 < rates["satisfaction_strict"][0] < 24
    for figure, (numerator, denominator, _) in rates.items():
        items = figures.behind(moment, 2011, figure, limit=200).items
        assert (sum(item.counts for item in items), len(items)) == (numerator, denominator)


def test_the_ladder_is_climbed_all_the_year(folded):
    assert folded.events["urge_sent.1"] > 1_000
    assert 0 < folded.events["urge_missed.1"] < 50
    assert folded.events["urge_withdrawn.1"] > 50
    months = {happened.day.month for happened in folded.urged if isinstance(happened, UrgeSent)}
    assert months >= set(range(3, 13))
    [talk] = [one for one in folded.urged if isinstance(one, TalkSummoned2) and one.ladder is not None]
    assert isinstance(folded.states[talk.ladder], Ladder)
    assert (talk.colour, folded.states[talk.ladder].commitment) == (Colour.RED, talk.commitment)


def test_a_deadline_is_counted_anew_when_the_holidays_are_announced(folded):
    [counted] = [one for one in folded.urged if isinstance(one, DueRecalculated)]
    assert counted.due_on == date(2012, 1, 4)


def test_departments_are_assessed_by_what_the_views_show_and_commended_by_a_leader(folded):
    found = [one for one in folded.states.values() if isinstance(one, Assessment)]
    assert Counter(one.stage for one in found) == {AssessmentStage.PUBLISHED: 3, AssessmentStage.WITHDRAWN: 1}
    assert all(one.score is not None and 0 < one.score <= 10_000 for one in found)
    lists = [one.stage for one in folded.states.values() if isinstance(one, Commendation)]
    assert set(lists) == set(CommendationStage) - {CommendationStage.PROPOSED}
