"""The same requests in slices and in one commit: the same answers, events and claims."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import opened
from slicing import PLACE, before_append, register, rename

from domain.actor import Role
from ledger.codec import decode, members
from ledger.contract import Accepted, Submission
from ledger.sealing import open_event

CODES, TITLES = ("1", "2", "3"), ("甲", "乙", "丙")
KEYS = ("", "", "a", "b", "c", "00000000-0000-7000-8000-00000000000a")
asks = st.one_of(
    st.tuples(st.just("register"), st.sampled_from(KEYS), st.sampled_from(CODES), st.none()),
    st.tuples(
        st.just("rename"),
        st.sampled_from(KEYS),
        st.sampled_from(TITLES),
        st.tuples(st.integers(0, 1), st.sampled_from((None, None, 1, 2, 3, 4))),
    ),
    st.tuples(st.just("village"), st.sampled_from(KEYS), st.sampled_from(TITLES), st.none()),
    st.tuples(st.just("move"), st.sampled_from(KEYS), st.sampled_from(TITLES), st.tuples(st.integers(0, 1), st.none())),
    st.tuples(st.just("enrol"), st.sampled_from(KEYS), st.sampled_from(TITLES), st.none()),
)
Ask = tuple[str, str, str, Any]


def answered(asked: list[Ask], size: int, rival: int) -> tuple[list[Any], list[Any], dict[str, int]]:
    """Outcomes, stored events and claims with slices of that size, streams named by the order of their making. Another
    writer appends before the append of number `rival`."""
    with TemporaryDirectory() as place, opened(f"sqlite:///{Path(place)}/luoshi.db") as ledger:
        supervisor, other = ledger.person("supervisor"), ledger.another_writer()
        village: dict[str, Any] = PLACE | {"kind": "village"}
        partners = [
            ledger.accept("register_partner", village | {"title": title}, person=supervisor) for title in TITLES[:2]
        ]
        units = [ledger.unit("1"), ledger.unit("9")]
        first = ledger.store.head().position + 1

        def submission(ask: Ask) -> Submission:
            what, key, word, rest = ask
            match what:
                case "register":
                    return register(ledger, word, key=key)
                case "rename":
                    return rename(ledger, units[rest[0]], word, key=key, if_version=rest[1])
                case "village":
                    return ledger.submission("register_partner", village | {"title": word}, key=key, person=supervisor)
                case "move":
                    body = PLACE | {"title": word, "reason": "并"}
                    return ledger.submission(
                        "update_partner", body, key=key, person=supervisor, stream=partners[rest[0]]
                    )
            body = {"name": word, "title": "科员", "roles": ["dispatcher"]}
            return ledger.submission("enrol_person", body, key=key, person=ledger.admins[Role.SECURITY_ADMIN])

        if rival:
            # Nothing it does bears on what is asked, so outcomes stay as they are; its events are left out below.
            before_append(ledger, rival, lambda: other.commit([register(ledger, "rival")]))
        with patch("ledger.writer.SLICE", size):
            outcomes = ledger.commit(*map(submission, asked))
        rows = ledger.store.read(0, 10_000)
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        events: list[Any] = []
        named: dict[str, Any] = {}
        places: dict[int, int] = {}
        for row in rows:
            stored = decode(row)
            if getattr(stored.event, "code", "") == "rival":
                continue
            number = named.setdefault(stored.stream, len(named))
            places[row.position] = len(places) + 1
            told = dict(members(type(stored.event))(stored.event))
            boxes = ledger.store.sealed([row.position])
            unsealed = open_event(row.position, stored.event, boxes, ledger.keys)
            told |= {path: field.value for path, field in unsealed.items()}
            if row.position >= first:
                told = {
                    field: named.get(value, value) if isinstance(value, str) else value for field, value in told.items()
                }
                events.append((number, row.version, row.name, told))
        answers = [
            (named[one.stream], places[one.position], one.version, one.count, one.replayed)
            if isinstance(one, Accepted)
            else (one.rule, one.version)
            for one in outcomes
        ]
        names = [f"partner village 320585 {title}" for title in TITLES] + [f"unit {code}" for code in CODES]
        claims = {
            name: named[decode(ledger.store.stream(holder)[0]).stream]
            for name, holder in ledger.store.claims(names).items()
        }
        return answers, events, claims


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(asks, min_size=4, max_size=14), size=st.sampled_from((2, 3)), rival=st.integers(0, 4))
def test_slices_answer_as_one_commit_does(asked: list[Ask], size: int, rival: int):
    assert answered(asked, size, rival) == answered(asked, 1_000, 0)
