"""What the writer promises, on both databases."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from ledgers import CLIENT, Ledger, opened, unit

from domain.actor import Role
from domain.refusal import Kind
from domain.unit import RegisterUnit
from ledger.clock import DemonstrationClock
from ledger.codec import decode, encode_meta, key_of
from ledger.contract import Accepted, Outcome, Refused, Unavailable
from ledger.ids import demonstration_id
from ledger.leaf import leaf_bytes
from ledger.opening import clock_of, marker, open_ledger


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    with opened(database_url) as ledger:
        yield ledger


def refused(outcome: Outcome) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


def accepted(outcome: Outcome) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


def test_a_command_becomes_an_event(ledger: Ledger):
    outcome = ledger.one(
        "register_unit", unit(), occurred_at="2011-03-01T09:00:00+08:00", channel="window", programme="连心桥"
    )
    (row,) = ledger.store.stream(key_of(accepted(outcome).stream))
    assert outcome == Accepted(decode(row).stream, 5, 1, 1, row.recorded_at)
    happened = decode(row)
    assert happened.event.title == "市民政局"
    meta = happened.meta
    assert (meta.actor, meta.client) == (ledger.admins[Role.SYSTEM_ADMIN], CLIENT)
    assert (meta.channel, meta.programme) == ("window", "连心桥")
    assert meta.occurred_at.isoformat() == "2011-03-01T01:00:00+00:00"


def test_the_stored_bytes_are_sorted_and_hashed_as_they_stand(ledger: Ledger):
    ledger.person("dispatcher")
    ledger.one(
        "register_unit",
        unit(),
        programme="连心桥",
        on_behalf_of="13800000000",
        correlation="call 13800000000",
        causation="00000000-0000-4000-8000-000000000000",
    )
    for row in ledger.store.read(0, 100):
        state = json.loads(row.state)
        assert json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == row.state
        leaf = leaf_bytes(row.stream, row.version, row.recorded_at, row.name, row.state)
        assert sha256(b"\0" + leaf).digest() == row.leaf
        assert encode_meta(decode(row).meta) == row.state[row.state.index(b'"meta":') + 7 : -1]
        assert b"13800000000" not in row.state


def test_a_retry_gets_its_first_answer_before_anything_else_is_looked_at(ledger: Ledger):
    submission = ledger.submission("register_unit", unit(), key="once")
    first = accepted(ledger.commit(submission)[0])
    ledger.accept("rename_unit", {"title": "民政局", "reason": "机构改革"}, stream=first.stream)
    # By now the code is taken and the person who asks may do nothing.
    again = ledger.commit(submission)[0]
    assert again == msgspec.structs.replace(first, replayed=True)
    assert ledger.another_writer().commit([submission]) == [again]
    other_body = ledger.submission("register_unit", unit(title="别的局"), key="once")
    assert refused(ledger.commit(other_body)[0]).rule == "key_reused"
    other_person = msgspec.structs.replace(submission, person=ledger.admins[Role.AUDITOR])
    assert refused(ledger.commit(other_person)[0]).kind is Kind.REUSED
    spaced = msgspec.structs.replace(submission, body=msgspec.Raw(json.dumps(unit(), indent=2).encode()))
    assert ledger.commit(spaced) == [again]
    other_client = msgspec.structs.replace(submission, client="another")
    assert refused(ledger.commit(other_client)[0]).rule == "already_held"


def test_a_fresh_time_ordered_key_is_not_looked_up_and_still_counts_once(ledger: Ledger, monkeypatch):
    key = demonstration_id(datetime.now(UTC), "x", "y")
    asked: list[int] = []
    look_up = ledger.store.requests
    monkeypatch.setattr(ledger.store, "requests", lambda keys: asked.append(len(keys)) or look_up(keys))
    person = {"name": "某某", "title": "科员", "roles": ["dispatcher"]}
    submission = ledger.submission("enrol_person", person, key=key, person=ledger.admins[Role.SECURITY_ADMIN])
    first = ledger.commit(submission)[0]
    assert asked == []
    # Nothing in the decision stands in the way of a second one: only the key does.
    again = ledger.commit(ledger.submission("register_unit", unit()), submission)
    assert again[1] == msgspec.structs.replace(accepted(first), replayed=True)
    assert isinstance(again[0], Accepted)
    # Here it does; the key is looked up before that is said.
    claiming = ledger.submission("register_unit", unit("2"), key=demonstration_id(datetime.now(UTC), "x", "z"))
    first = ledger.commit(claiming)[0]
    assert ledger.commit(claiming) == [msgspec.structs.replace(accepted(first), replayed=True)]


def test_a_refused_request_may_be_sent_again_with_its_key(ledger: Ledger):
    submission = ledger.submission(
        "rename_unit", {"title": "民政局", "reason": "改革"}, stream=ledger.unit("1"), key="k"
    )
    stale = msgspec.structs.replace(submission, if_version=7)
    assert refused(ledger.commit(stale)[0]).rule == "stale_version"
    assert isinstance(ledger.commit(submission)[0], Accepted)


def test_the_same_request_twice_in_one_batch(ledger: Ledger):
    submission = ledger.submission("register_unit", unit(), key="k")
    other = ledger.submission("register_unit", unit("2"), key="k")
    first, again, reused = ledger.commit(submission, submission, other)
    assert again == msgspec.structs.replace(accepted(first), replayed=True)
    assert refused(reused).rule == "key_reused"


def test_a_decision_sees_what_its_batch_decided_before(ledger: Ledger):
    stream = ledger.unit()
    names = ("甲局", "甲局", "乙局")
    outcomes = ledger.commit(
        *(ledger.submission("rename_unit", {"title": name, "reason": "改"}, stream=stream) for name in names)
    )
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted]
    assert [outcome.version for outcome in outcomes if isinstance(outcome, Accepted)] == [2, 3]
    assert refused(outcomes[1]).rule == "unchanged"


BAD_INPUT = [
    ("no such command", {"command": "abolish_unit"}, "unknown_command", "command"),
    ("unknown field", {"body": unit(colour="red")}, "unknown_field", "colour"),
    ("missing field", {"body": {"code": "1", "title": "局", "region": "320585"}}, "missing_field", "unit_class"),
    ("wrong type", {"body": unit(title=7)}, "wrong_type", "title"),
    ("no such choice", {"body": unit(unit_class="ministry")}, "wrong_type", "unit_class"),
    ("not an object", {"body": []}, "wrong_type", "body"),
    ("torn JSON", {"body": b'{"code":'}, "invalid_json", None),
    ("two values", {"body": msgspec.json.encode(unit()) * 2}, "invalid_json", None),
    ("too deep", {"body": b"[" * 100_000}, "invalid_json", None),
    ("invalid UTF-8", {"body": b'{"code":"\xff"}'}, "invalid_json", None),
    ("half a surrogate", {"body": b'{"code":"\\ud800"}'}, "invalid_json", None),
    ("long text", {"body": unit(title="长" * 10_001)}, "text_too_long", "title"),
    ("control character", {"body": unit(title="a\0b")}, "text_control", "title"),
    ("bad region", {"body": unit(region="太仓")}, "region_code", "region"),
    ("no offset", {"body": unit(), "occurred_at": "2011-03-01T09:00:00"}, "wrong_type", "occurred_at"),
    ("no moment", {"body": unit(), "occurred_at": "yesterday"}, "wrong_type", "occurred_at"),
    ("in the future", {"body": unit(), "occurred_at": "2999-01-01T00:00:00Z"}, "occurred_in_future", "occurred_at"),
    ("end of time", {"body": unit(), "occurred_at": "9999-12-31T23:59:59-12:00"}, "wrong_type", "occurred_at"),
    (
        "simulated",
        {"body": unit(), "simulated_at": "2011-03-01T09:00:00Z"},
        "simulated_time_not_allowed",
        "simulated_at",
    ),
    ("channel", {"body": unit(), "channel": "13800000000"}, "wrong_type", "channel"),
    ("programme", {"body": unit(), "programme": "张三13800000000"}, "wrong_type", "programme"),
    ("causation", {"body": unit(), "causation": "13800000000"}, "wrong_type", "causation"),
    ("stream on creation", {"body": unit(), "stream": "x"}, "stream_not_allowed", "stream"),
    ("unknown person", {"body": unit(), "person": "00000000-0000-7000-8000-000000000000"}, "unknown_person", "person"),
    ("person's name", {"body": unit(), "person": "张三"}, "unknown_person", "person"),
    ("key", {"body": unit(), "key": "k" * 201}, "key_too_long", "key"),
    (
        "other stream",
        {"command": "rename_unit", "body": {"title": "a", "reason": "b"}, "stream": "x"},
        "unknown_stream",
        "stream",
    ),
]


@pytest.mark.parametrize(
    ("given", "rule", "field"), [case[1:] for case in BAD_INPUT], ids=[case[0] for case in BAD_INPUT]
)
def test_bad_input_is_refused_with_a_clear_word_and_nothing_is_stored(
    sqlite_url: str, given: dict, rule: str, field: str | None
):
    with opened(sqlite_url) as ledger:
        rest = dict(given)
        refusal = ledger.refuse(rest.pop("command", "register_unit"), rest.pop("body", unit()), **rest)
    assert (refusal.rule, refusal.field) == (rule, field)
    assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
    assert refusal.en.isascii() or "“" in refusal.en
    assert "13800000000" not in str(refusal)


def test_a_body_that_makes_too_large_a_leaf_is_refused(sqlite_url: str):
    with opened(sqlite_url) as ledger:
        issuer, supervisor = ledger.unit(), ledger.person("supervisor")
        target = {"key": "1", "text": "字" * 200, "quantity": 1, "measure": "户"}
        body = {
            "number": "太政发〔2011〕1号",
            "title": "办法",
            "issuer": issuer,
            "effective_on": "2011-01-01",
            "summary": "字" * 10_000,
            "targets": [target | {"key": str(n)} for n in range(70)],
        }
        assert ledger.refuse("issue_policy", body, person=supervisor).rule == "leaf_too_large"
        # Its number was not taken.
        ledger.accept("issue_policy", body | {"summary": "短"}, person=supervisor)


def test_persons_without_the_role_and_persons_who_left(ledger: Ledger):
    dispatcher = ledger.person("dispatcher")
    refusal = ledger.refuse("register_unit", unit(), person=dispatcher)
    assert (refusal.rule, refusal.kind, refusal.allowed) == ("role_not_allowed", Kind.FORBIDDEN, ("system_admin",))
    # A unit is no person.
    assert ledger.refuse("register_unit", unit(), person=ledger.unit("9")).rule == "unknown_person"
    security = ledger.admins[Role.SECURITY_ADMIN]
    ledger.accept("remove_person", {"reason": "调离"}, person=security, stream=dispatcher)
    assert ledger.refuse("register_unit", unit(), person=dispatcher).rule == "person_left"


def test_references_must_exist_and_be_of_their_kind(ledger: Ledger):
    security = ledger.admins[Role.SECURITY_ADMIN]
    body = {"name": "某某", "title": "科员", "roles": ["unit_officer"]}
    office = ledger.unit()
    for wrong in ("00000000-0000-7000-8000-000000000000", security, office.upper(), "x", ""):
        refusal = ledger.refuse("enrol_person", body | {"unit": wrong}, person=security)
        assert (refusal.rule, refusal.field) == ("unknown_reference", "unit")
    ledger.accept("enrol_person", body | {"unit": office}, person=security)


def test_references_and_evidence_inside_lists_are_checked(ledger: Ledger):
    office, supervisor = ledger.unit(), ledger.person("supervisor")
    missing = "00000000-0000-7000-8000-000000000000"
    body = {
        "title": "修路",
        "targets": [{"policy": missing, "target": "1"}],
        "lead_unit": office,
        "quantity": 1,
        "measure": "条",
        "starts_on": "2011-01-04",
        "due_on": "2011-06-30",
        "basis": "实事工程",
        "mandate": "government",
        "urgency": "general",
        "recurrence": "one_off",
        "aid": "relief",
        "region": "320585",
    }
    refusal = ledger.one("propose_commitment", body, person=supervisor)
    assert isinstance(refusal, Refused)
    assert (refusal.rule, refusal.field) == ("unknown_reference", "targets.policy")


def test_a_stream_of_another_kind_is_not_found(ledger: Ledger):
    refusal = ledger.refuse("rename_unit", {"title": "a", "reason": "b"}, stream=ledger.admins[Role.AUDITOR])
    assert (refusal.rule, refusal.kind) == ("unknown_stream", Kind.NOT_FOUND)


def test_a_stale_version_says_which_is_current(ledger: Ledger):
    stream = ledger.unit()
    ledger.accept("rename_unit", {"title": "甲", "reason": "改"}, stream=stream, if_version=1)
    refusal = ledger.refuse("rename_unit", {"title": "乙", "reason": "改"}, stream=stream, if_version=1)
    assert (refusal.kind, refusal.version) == (Kind.STALE, 2)


def test_one_clash_among_many_refuses_that_one_alone(ledger: Ledger):
    ledger.unit("31")
    appended: list[int] = []
    append = ledger.store.append
    ledger.store.append = lambda batch: appended.append(len(batch.events)) or append(batch)  # type: ignore[method-assign]
    outcomes = ledger.commit(*(ledger.submission("register_unit", unit(str(n))) for n in range(64)))
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Refused)] == [31]
    assert refused(outcomes[31]).rule == "already_held"
    # The database says once that a name is taken; then all others go together.
    assert appended == [64, 63]


def test_one_stale_client_among_many_refuses_that_one_alone(ledger: Ledger):
    streams = [ledger.unit(str(n)) for n in range(64)]
    appended: list[int] = []
    append = ledger.store.append
    ledger.store.append = lambda batch: appended.append(len(batch.events)) or append(batch)  # type: ignore[method-assign]
    body = {"title": "新名", "reason": "改"}
    outcomes = ledger.commit(
        *(
            ledger.submission("rename_unit", body, stream=stream, if_version=9 if n == 40 else 1)
            for n, stream in enumerate(streams)
        )
    )
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Refused)] == [40]
    assert appended == [63]


def test_a_name_let_go_may_be_held_by_another_in_the_same_batch(ledger: Ledger):
    supervisor = ledger.person("supervisor")
    village = {"title": "香塘村", "region": "320585"}
    first = ledger.accept("register_partner", village | {"kind": "village"}, person=supervisor)

    def rename(stream: str, title: str) -> Any:
        body = village | {"title": title, "reason": "并村"}
        return ledger.submission("update_partner", body, stream=stream, person=supervisor)

    def register() -> Any:
        return ledger.submission("register_partner", village | {"kind": "village"}, person=supervisor)

    taken, let_go, second, third = ledger.commit(register(), rename(first, "新塘村"), register(), register())
    assert refused(taken).rule == refused(third).rule == "already_held"
    assert ledger.store.claims(["partner village 320585 香塘村", "partner village 320585 新塘村"]) == {
        "partner village 320585 香塘村": key_of(accepted(second).stream),
        "partner village 320585 新塘村": key_of(first),
    }
    # There and back again, and away, in one batch.
    stream = accepted(second).stream
    for outcome in ledger.commit(rename(stream, "甲村"), rename(stream, "香塘村"), rename(stream, "乙村"), register()):
        accepted(outcome)
    assert isinstance(let_go, Accepted)


def test_a_faulty_decision_fails_alone_and_its_words_are_not_logged(ledger: Ledger, monkeypatch, caplog):
    decide = RegisterUnit.decide

    def faulty(self, state, ctx) -> Any:
        if self.code == "bad":
            raise KeyError("13800000000")
        return decide(self, state, ctx)

    monkeypatch.setattr(RegisterUnit, "decide", faulty)
    with caplog.at_level(logging.DEBUG):
        outcomes = ledger.commit(*(ledger.submission("register_unit", unit(code)) for code in ("1", "bad", "2")))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted]
    assert refused(outcomes[1]).kind is Kind.FAULT
    assert "KeyError" in caplog.text
    assert "13800000000" not in caplog.text


def test_two_writers_compete_and_neither_decides_on_an_old_state(ledger: Ledger):
    one, other = ledger.writer, ledger.another_writer()
    stream = ledger.unit()

    def rename(title: str, **rest: Any) -> Any:
        return ledger.submission("rename_unit", {"title": title, "reason": "改"}, stream=stream, **rest)

    assert isinstance(other.commit([rename("甲")])[0], Accepted)
    # `one` holds version 1 in memory.
    assert refused(one.commit([rename("甲")])[0]).rule == "unchanged"
    assert accepted(one.commit([rename("乙", if_version=2)])[0]).version == 3
    assert accepted(other.commit([rename("甲")])[0]).version == 4
    assert refused(one.commit([rename("丙", if_version=3)])[0]).version == 4
    assert isinstance(other.commit([ledger.submission("register_unit", unit("77"))])[0], Accepted)
    assert refused(one.commit([ledger.submission("register_unit", unit("77"))])[0]).rule == "already_held"


def test_a_stream_made_by_another_writer_is_seen_at_once(ledger: Ledger):
    other = ledger.another_writer()
    made = accepted(other.commit([ledger.submission("register_unit", unit("5"))])[0])
    ledger.accept("rename_unit", {"title": "甲", "reason": "改"}, stream=made.stream)


def test_a_name_let_go_while_the_batch_was_planned_is_free(ledger: Ledger, monkeypatch):
    supervisor, other = ledger.person("supervisor"), ledger.another_writer()
    village = {"title": "香塘村", "region": "320585"}
    first = ledger.accept("register_partner", village | {"kind": "village"}, person=supervisor)
    append, rivals = ledger.store.append, [village | {"title": "新塘村", "reason": "并村"}]

    def overtaken(batch) -> None:
        while rivals:
            accepted(
                other.commit([ledger.submission("update_partner", rivals.pop(), stream=first, person=supervisor)])[0]
            )
        append(batch)

    monkeypatch.setattr(ledger.store, "append", overtaken)
    outcomes = ledger.commit(
        ledger.submission("register_partner", village | {"kind": "village"}, person=supervisor),
        ledger.submission("register_partner", village | {"kind": "community"}, person=supervisor),
    )
    assert all(isinstance(outcome, Accepted) for outcome in outcomes), outcomes


def test_a_restored_backup_is_noticed(sqlite_url: str):
    with opened(sqlite_url) as ledger:
        assert ledger.place.file is not None
        backup = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(ledger.place.file)) as source:
            source.backup(backup)
        stream = ledger.unit("1")
        with closing(sqlite3.connect(ledger.place.file)) as target:
            backup.backup(target)
        backup.close()
        # What the writer remembers of unit 1 never happened.
        gone = ledger.one("rename_unit", {"title": "甲局", "reason": "改"}, stream=stream)
        assert refused(gone).rule == "unknown_stream"
        accepted(ledger.one("register_unit", unit("1")))
        assert ledger.store.head().position == 5


def test_a_failed_commit_leaves_no_trace_in_memory(ledger: Ledger, monkeypatch):
    stream = ledger.unit()
    submission = ledger.submission("rename_unit", {"title": "甲", "reason": "改"}, stream=stream)
    append = ledger.store.append

    def lost(batch) -> Any:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(ledger.store, "append", lost)
    with pytest.raises(Unavailable):
        ledger.commit(submission)
    monkeypatch.setattr(ledger.store, "append", append)
    assert accepted(ledger.commit(submission)[0]).version == 2


def test_an_acknowledgement_lost_after_the_commit_is_found_by_the_retry(ledger: Ledger, monkeypatch):
    submission = ledger.submission("register_unit", unit())
    append = ledger.store.append

    def lost(batch) -> Any:
        append(batch)
        raise sqlite3.OperationalError("connection lost")

    monkeypatch.setattr(ledger.store, "append", lost)
    with pytest.raises(Unavailable):
        ledger.commit(submission)
    monkeypatch.setattr(ledger.store, "append", append)
    assert accepted(ledger.commit(submission)[0]).replayed
    assert ledger.store.head().position == 5


def test_opening_marks_the_ledger_and_enrols_three_administrators_once(database_url: str):
    with opened(database_url, demonstration=True) as ledger:
        opening = marker(ledger.store)
        assert opening is not None
        assert opening.demonstration
        assert isinstance(clock_of(ledger.store), DemonstrationClock)
        assert [row.name for row in ledger.store.read(0, 10)] == ["ledger_opened.1"] + ["person_enrolled.1"] * 3
        with pytest.raises(Exception, match="ledger_not_empty"):
            open_ledger(
                ledger.store,
                ledger.keys,
                demonstration=False,
                title="又一本",
                region="320585",
                administrators=dict.fromkeys(ledger.admins, "某某"),
            )


def test_ids_on_a_demonstration_ledger_follow_from_the_key(sqlite_url: str):
    with opened(sqlite_url, demonstration=True) as ledger:
        moment = "2999-03-01T09:00:00+08:00"
        made = ledger.accept("register_unit", unit(), key="first", simulated_at=moment)
        assert made == demonstration_id(datetime.fromisoformat(moment), CLIENT, "first")
