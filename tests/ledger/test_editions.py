"""Editions of the limits by events: what the writer decides by, and what was known at a position."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from ledgers import Ledger, opened, unit

from domain.rules import DEFAULT
from ledger.almanac import Known, almanac_of
from ledger.announced import announced
from ledger.contract import Accepted, Outcome, Submission

OPENED = datetime(2011, 1, 5, 1, tzinfo=UTC)
TODAY, TOMORROW = date(2011, 1, 5), date(2011, 1, 6)
"""In Shanghai, which is eight hours ahead."""
MIDNIGHT = datetime(2011, 1, 5, 16, tzinfo=UTC)


@pytest.fixture
def ledger(database_url: str):
    with opened(database_url, demonstration=True, at=OPENED) as one:
        one.second = one.person("system_admin", name="另一人")  # type: ignore[attr-defined]
        yield one


def asked(ledger: Ledger, version: str, since: date, minutes: int, **rest: Any) -> Submission:
    """To let occurred_at lie so far ahead."""
    body = {
        "version": version,
        "source": "示例〔2011〕3号",
        "in_force_from": since.isoformat(),
        "limits": [{"limit": "occurred_ahead_minutes", "value": minutes}],
        "reason": "时钟偏差",
    }
    return ledger.submission("issue_rule_edition", body, **rest)


def issue(ledger: Ledger, version: str = "2011-1", since: date = TODAY, minutes: int = 30) -> str:
    (outcome,) = ledger.commit(asked(ledger, version, since, minutes))
    assert isinstance(outcome, Accepted), outcome
    return outcome.stream


def confirmation(ledger: Ledger, edition: str) -> Submission:
    return ledger.submission("confirm_rule_edition", {}, person=ledger.second, stream=edition)  # type: ignore[attr-defined]


def ahead(ledger: Ledger, code: str, minutes: int, now: datetime = OPENED + timedelta(hours=1)) -> Submission:
    """Something that occurred so many minutes from now."""
    at = (now + timedelta(minutes=minutes)).isoformat()
    return ledger.submission("register_unit", unit(code), simulated_at=now.isoformat(), occurred_at=at)


def rules(outcomes: list[Outcome]) -> list[str | None]:
    """None for what is accepted."""
    return [getattr(one, "rule", None) for one in outcomes]


def test_what_is_put_in_force_counts_from_the_next_batch_on(ledger: Ledger):
    edition = issue(ledger)
    assert rules(ledger.commit(ahead(ledger, "a", 20))) == ["occurred_in_future"]
    assert rules(ledger.commit(confirmation(ledger, edition), ahead(ledger, "a", 20))) == [None, "occurred_in_future"]
    assert rules(ledger.commit(ahead(ledger, "a", 20), ahead(ledger, "b", 31))) == [None, "occurred_in_future"]


def test_what_was_decided_ahead_of_it_is_decided_by_it(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    edition = issue(ledger)
    monkeypatch.setattr("ledger.writer.SLICE", 1)
    assert rules(ledger.commit(confirmation(ledger, edition), ahead(ledger, "a", 20))) == [None, None]


def test_it_counts_from_the_midnight_of_its_day(ledger: Ledger):
    edition = issue(ledger, since=TOMORROW)
    assert rules(ledger.commit(confirmation(ledger, edition))) == [None]
    before = MIDNIGHT - timedelta(seconds=1)
    # In one batch, so that the day turns within it.
    some = [ahead(ledger, "a", 20, before), ahead(ledger, "a", 20, MIDNIGHT), ahead(ledger, "b", 31, MIDNIGHT)]
    assert rules(ledger.commit(*some)) == ["occurred_in_future", None, "occurred_in_future"]


def test_a_refusal_quotes_the_edition(ledger: Ledger):
    assert ledger.commit(confirmation(ledger, issue(ledger)))
    (outcome,) = ledger.commit(ahead(ledger, "a", 31))
    assert "30分钟" in outcome.zh  # type: ignore[union-attr]
    assert "（规则 occurred_ahead_minutes，第2011-1版）" in outcome.zh  # type: ignore[union-attr]


def test_every_writer_knows_it(ledger: Ledger):
    began_before = ledger.another_writer()
    edition = issue(ledger)
    assert rules(ledger.commit(confirmation(ledger, edition))) == [None]
    for writer, code in ((began_before, "a"), (ledger.another_writer(), "b")):
        assert rules(writer.commit([ahead(ledger, code, 20)])) == [None]


def test_what_was_known_at_a_position(ledger: Ledger):
    before = ledger.store.head().position
    first = issue(ledger, since=TOMORROW)
    issued = ledger.store.head().position
    ledger.commit(confirmation(ledger, first))
    confirmed = ledger.store.head().position
    ledger.accept("withdraw_rule_edition", {"reason": "暂缓"}, stream=first)
    withdrawn = ledger.store.head().position
    almanac = almanac_of(ledger.store, announced())
    assert almanac.editions_at(before).issued == ()
    assert [one.version for one in almanac.editions_at(issued).issued] == ["2011-1"]
    known = Known(ledger.store, announced())
    for found in (almanac, known):
        assert found.rules(issued, TOMORROW) is DEFAULT
        assert found.rules(confirmed, TODAY) is DEFAULT
        assert found.rules(confirmed, TOMORROW).version == "2011-1"
        assert found.rules(withdrawn, TOMORROW) is DEFAULT
    # What is taken in one by one is the same.
    follows = almanac_of(ledger.store, announced(), confirmed)
    assert follows.editions == almanac.editions_at(confirmed)
    assert follows.learn(ledger.store.read(0, 100))
    assert follows.editions == almanac.editions
    assert follows.newest is announced()


def test_two_at_once_are_one(ledger: Ledger):
    two = [asked(ledger, version, TOMORROW, 30) for version in ("2011-1", "2011-2")]
    assert rules(ledger.commit(*two)) == [None, "already_held"]
    first = almanac_of(ledger.store, announced()).editions.issued[0]
    assert first.version == "2011-1"
    assert rules(ledger.commit(asked(ledger, "2011-1", TOMORROW, 30))) == ["already_held"]
    second = issue(ledger, "2011-2", TOMORROW + timedelta(days=1), 40)
    third = issue(ledger, "2011-3", TOMORROW + timedelta(days=2), 50)
    both = [confirmation(ledger, one) for one in (second, third)]
    assert rules(ledger.commit(*both)) == [None, "already_held"]
    assert rules(ledger.commit(both[1])) == [None]


def test_none_follows_one_that_is_withdrawn_at_the_same_time(ledger: Ledger):
    first = issue(ledger, since=TOMORROW)
    ledger.commit(confirmation(ledger, first))
    second = issue(ledger, "2011-2", TOMORROW + timedelta(days=1), 40)
    withdrawal = ledger.submission("withdraw_rule_edition", {"reason": "暂缓"}, stream=first)
    assert rules(ledger.commit(withdrawal, confirmation(ledger, second))) == [None, "already_held"]
    assert rules(ledger.commit(confirmation(ledger, second))) == [None]


def test_many_editions_are_found_again(ledger: Ledger):
    for n in range(1, 11):
        edition = issue(ledger, f"2011-{n}", TODAY + timedelta(days=n), n + 10)
        assert rules(ledger.commit(confirmation(ledger, edition))) == [None]
    editions = almanac_of(ledger.store, announced()).editions
    assert [turn.rules.occurred_ahead_minutes for turn in editions.turns] == [5, *range(11, 21)]
    assert editions.at(TODAY + timedelta(days=3)).version == "2011-3"
