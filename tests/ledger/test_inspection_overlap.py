"""On a real ledger, no second inspection of the same matter and unit without a stated reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ledgers import Ledger, opened

PLAN = {
    "title": "督查",
    "mandate": "government",
    "methods": ["unannounced"],
    "scope": "进度",
    "starts_on": "2026-01-01",
    "ends_on": "2030-01-01",
}


class Office:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.unit, self.other_unit = ledger.unit("01"), ledger.unit("02")
        self.supervisor, self.leader = ledger.person("supervisor"), ledger.person("leader")
        target = {"key": "1", "text": "修路", "quantity": 10, "measure": "公里"}
        policy = {"title": "意见", "effective_on": "2011-01-01", "summary": "修路", "targets": [target]}
        self.policy = ledger.accept(
            "issue_policy", {"number": "1号", "issuer": self.unit, **policy}, person=self.supervisor
        )

    def request(self) -> str:
        told = {"kind": "opinion", "way": "hotline", "protection": "anonymous", "title": "路灯不亮", "detail": "村口"}
        caller = self.ledger.person("caller")
        return self.ledger.accept("raise_request", {**told, "urgency": "general", "region": "320585"}, person=caller)

    def plan(self, *units: str, **more: Any) -> dict[str, object]:
        return {**PLAN, "policies": [self.policy], "units": units, "team": [self.supervisor], **more}

    def planned(self, *units: str, **more: Any) -> str:
        return self.ledger.accept("plan_inspection", self.plan(*units, **more), person=self.supervisor)

    def refused(self, *units: str, **more: Any) -> str:
        return self.ledger.refuse("plan_inspection", self.plan(*units, **more), person=self.supervisor).rule

    def led(self, command: str, stream: str) -> None:
        self.ledger.accept(command, {"reason": "上级专项督查"}, person=self.leader, stream=stream)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        yield Office(ledger)


def test_one_shared_unit_is_enough_to_be_refused(office: Office):
    office.planned(office.unit)
    assert office.refused(office.unit, office.other_unit) == "already_held"
    office.planned(office.other_unit)


def test_it_is_free_again_when_the_first_has_ended(office: Office):
    first = office.planned(office.unit)
    office.led("cancel_inspection", first)
    office.planned(office.unit)


def test_a_reason_admits_one_more_whichever_ends_first(office: Office):
    first = office.planned(office.unit)
    assert office.refused(office.unit, beside=first) == "second_not_admitted"
    office.led("admit_second_inspection", first)
    assert office.refused(office.unit) == "already_held", "it must say beside which"
    second = office.planned(office.unit, beside=first)
    assert office.refused(office.unit, beside=first) == "already_held"
    office.led("cancel_inspection", first)
    assert office.refused(office.unit) == "already_held"
    office.led("admit_second_inspection", second)
    third = office.planned(office.unit, beside=second)
    office.led("cancel_inspection", second)
    assert office.refused(office.unit) == "already_held"
    office.led("cancel_inspection", third)
    office.planned(office.unit)


def test_an_amendment_takes_and_frees_matters(office: Office):
    request = office.request()
    first = office.planned(office.unit)
    second = office.planned(office.unit, policies=[], requests=[request])
    assert office.refused(office.unit, policies=[], requests=[request]) == "already_held"
    amended = {name: value for name, value in office.plan().items() if name not in {"mandate", "units"}}
    amended["reason"] = "调整督查事项"
    both = {**amended, "requests": [request]}
    ask = {"person": office.supervisor, "stream": first}
    assert office.ledger.refuse("amend_inspection", both, **ask).rule == "already_held"
    office.led("cancel_inspection", second)
    office.ledger.accept("amend_inspection", both, **ask)
    assert office.refused(office.unit, policies=[], requests=[request]) == "already_held"
    office.ledger.accept("amend_inspection", amended, **ask)
    office.planned(office.unit, policies=[], requests=[request])
    assert office.refused(office.unit) == "already_held"
