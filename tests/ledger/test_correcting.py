"""Corrections through the writer: decisions read the events of the stream, stored or not yet."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ledgers import Ledger, opened

from domain.correcting import ProposeCorrection
from ledger.codec import decode, key_of
from ledger.contract import Accepted, Submission


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    with opened(database_url) as ledger:
        yield ledger


class People:
    def __init__(self, ledger: Ledger) -> None:
        self.unit = ledger.unit()
        self.officer = ledger.person("unit_officer", of=self.unit)
        self.supervisor = ledger.person("supervisor")
        self.village = ledger.accept(
            "register_partner", {"kind": "village", "title": "某村", "region": "320585"}, person=self.supervisor
        )

    def visit(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "partner": self.village,
            "visited_on": "2011-03-01",
            "persons": 30,
            "purpose": "走访",
            "recurrence": "recurring",
            "aid": "relief",
        }


def steps(ledger: Ledger, people: People, visit: str) -> list[Submission]:
    asked = {"version": 1, "field": "persons", "value": 3, "reason": "多输了一个零"}
    again = {"version": 1, "field": "persons", "value": 4, "reason": "漏一人"}
    yes = {"approved": True, "reason": "与签到表一致"}
    return [
        ledger.submission("propose_correction", asked, stream=visit, person=people.officer),
        ledger.submission("rule_on_correction", yes, stream=visit, person=people.supervisor),
        ledger.submission("propose_correction", again, stream=visit, person=people.officer),
        ledger.submission("rule_on_correction", yes, stream=visit, person=people.supervisor),
    ]


def told(ledger: Ledger, visit: str) -> list[tuple[int, Any]]:
    return [(row.version, decode(row).event) for row in ledger.store.stream(key_of(visit))]


def check(ledger: Ledger, visit: str) -> None:
    (_, first), (_, asked), (_, ruled), (_, again), (_, last) = told(ledger, visit)
    recorded = decode(ledger.store.stream(key_of(visit))[0])
    position, event_id = recorded.position, recorded.meta.event_id
    assert first.persons == 30
    assert (asked.position, asked.event_id, asked.old, asked.new) == (position, event_id, 30, 3)
    assert (ruled.position, ruled.event_id, ruled.old, ruled.new) == (position, event_id, 30, 3)
    assert (again.old, again.new, last.old, last.new) == (3, 4, 3, 4)


def test_what_is_stored_is_corrected(ledger: Ledger):
    people = People(ledger)
    visit = ledger.accept("record_visit", people.visit(), person=people.officer)
    for step in steps(ledger, people, visit):
        (outcome,) = ledger.commit(step)
        assert isinstance(outcome, Accepted), outcome
    check(ledger, visit)


def test_what_the_same_batch_decided_is_corrected(ledger: Ledger):
    people = People(ledger)
    visit = ledger.accept("record_visit", people.visit(), person=people.officer)
    outcomes = ledger.commit(*steps(ledger, people, visit))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes), outcomes
    check(ledger, visit)
    refused = ledger.refuse("propose_retraction", {"version": 2, "reason": "误录"}, stream=visit, person=people.officer)
    assert refused.rule == "not_retractable"


def test_what_is_on_its_way_into_the_database_is_corrected(ledger: Ledger):
    people = People(ledger)
    visit = ledger.accept("record_visit", people.visit(), person=people.officer)
    answers: list[Any] = []
    for step in steps(ledger, people, visit):
        ledger.writer.begin([step], answers.append)
    ledger.writer.finish()
    assert all(isinstance(outcome, Accepted) for (outcome,) in answers), answers
    check(ledger, visit)


def test_the_decision_itself_reads_nothing_from_the_database(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    people = People(ledger)
    visit = ledger.accept("record_visit", people.visit(), person=people.officer)
    asked, *_ = steps(ledger, people, visit)
    deciding: list[str] = []
    read: list[str] = []

    def watched(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def reading(*given: Any, **rest: Any) -> Any:
            read.extend(name for _ in deciding)
            return call(*given, **rest)

        return reading

    decide = ProposeCorrection.decide

    def seen(*given: Any) -> Any:
        deciding.append("propose_correction")
        events = decide(*given)
        deciding.pop()
        return events

    monkeypatch.setattr(ProposeCorrection, "decide", seen)
    for name in ("head", "read", "stream", "streams", "written", "claims", "requests"):
        monkeypatch.setattr(ledger.store, name, watched(name, getattr(ledger.store, name)))
    (outcome,) = ledger.commit(asked)
    assert isinstance(outcome, Accepted), outcome
    assert read == []


def paired(ledger: Ledger, people: People) -> tuple[dict[str, Any], str]:
    """A pairing that has ended, and what it was agreed with."""
    body = {
        "unit": people.unit,
        "partner": people.village,
        "programme": "红色1+3",
        "agreed_on": "2011-01-10",
    }
    pairing = ledger.accept("agree_pairing", body, person=people.officer)
    ledger.accept("end_pairing", {"ended_on": "2011-02-10", "reason": "期满"}, stream=pairing, person=people.officer)
    return body, pairing


def test_what_a_retraction_takes_up_again_is_held_again(ledger: Ledger):
    people = People(ledger)
    body, pairing = paired(ledger, people)
    asked = {"version": 2, "reason": "并未结束"}
    ledger.accept("propose_retraction", asked, stream=pairing, person=people.officer)
    yes = {"approved": True, "reason": "属实"}
    ledger.accept("rule_on_correction", yes, stream=pairing, person=people.supervisor)
    assert ledger.refuse("agree_pairing", body, person=people.officer).rule == "already_held"


def test_what_another_holds_by_now_is_not_taken_up_again(ledger: Ledger):
    people = People(ledger)
    body, pairing = paired(ledger, people)
    ledger.accept("agree_pairing", body, person=people.officer)
    ledger.accept("propose_retraction", {"version": 2, "reason": "并未结束"}, stream=pairing, person=people.officer)
    yes = {"approved": True, "reason": "属实"}
    refused = ledger.refuse("rule_on_correction", yes, stream=pairing, person=people.supervisor)
    assert refused.rule == "already_held"
