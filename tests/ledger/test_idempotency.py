"""The writer against a slow oracle that keeps every request and knows nothing of batches, caches or look-ups."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid5

import msgspec
from databases import fresh_database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from ledgers import Ledger, unit

from ledger.codec import decode, key_of
from ledger.contract import Accepted, Outcome, Refused, Submission

CODES = ("1", "2", "3")
TITLES = ("甲局", "乙局")
KEYS = ("", "a", "b", "c", "d", str(uuid5(UUID(int=0), "e")), str(uuid5(UUID(int=0), "f")))

asks = st.one_of(
    st.tuples(st.just("register"), st.sampled_from(KEYS), st.sampled_from(CODES), st.just(None)),
    st.tuples(st.just("rename"), st.sampled_from(KEYS), st.sampled_from(CODES), st.sampled_from((None, None, 1, 2, 3))),
)
Ask = tuple[str, str, str, int | None]


class Oracle:
    """What a patient clerk would answer, one request after the other."""

    def __init__(self) -> None:
        self.streams: dict[str, tuple[str, list[str]]] = {}  # code → stream, names in order
        self.answered: dict[str, tuple[object, Accepted]] = {}

    def expect(self, ask: Ask, title: str, stream: str) -> str:
        """The rule of the refusal, `replayed`, or `accepted`."""
        command, key, code, version = ask
        body = (command, stream, code if command == "register" else title, title)
        if key and key in self.answered:
            return "replayed" if self.answered[key][0] == body else "key_reused"
        if command == "register":
            return "already_held" if code in self.streams else "accepted"
        if code not in self.streams:
            return "unknown_stream"
        names = self.streams[code][1]
        if version is not None and version != len(names):
            return "stale_version"
        return "unchanged" if names[-1] == title else "accepted"

    def record(self, ask: Ask, title: str, stream: str, outcome: Accepted) -> None:
        command, key, code, _ = ask
        if key:
            self.answered[key] = ((command, stream, code if command == "register" else title, title), outcome)
        if command == "register":
            self.streams[code] = (outcome.stream, [title])
        else:
            self.streams[code][1].append(title)


class Retries(RuleBasedStateMachine):
    kind = "sqlite"

    @initialize()
    def begin(self) -> None:
        self.place = ExitStack()
        directory = Path(self.place.enter_context(TemporaryDirectory()))
        # Companion files of a database on PostgreSQL lie where the environment says.
        self.place.enter_context(
            patch.dict(
                os.environ,
                {"LUOSHI_KEYS": f"{directory}/luoshi.keys", "LUOSHI_EVIDENCE": f"{directory}/luoshi.evidence"},
            )
        )
        self.ledger = Ledger(self.place.enter_context(fresh_database(self.kind, directory)))
        self.other = self.ledger.another_writer()
        self.oracle = Oracle()
        self.answers: dict[str, Accepted] = {}

    @rule(batch=st.lists(st.tuples(asks, st.sampled_from(TITLES)), min_size=1, max_size=8), other=st.booleans())
    def commit(self, batch: Sequence[tuple[Ask, str]], *, other: bool) -> None:
        streams = {code: stream for code, (stream, _) in self.oracle.streams.items()}
        submissions = [self._submission(ask, title, streams) for ask, title in batch]
        writer = self.other if other else self.ledger.writer
        outcomes = writer.commit(submissions)
        for (ask, title), submission, outcome in zip(batch, submissions, outcomes, strict=True):
            self._check(ask, title, submission.stream, outcome)

    @precondition(lambda self: self.answers)
    @rule()
    def restart(self) -> None:
        self.ledger.writer = self.ledger.another_writer()

    @invariant()
    def the_ledger_is_what_was_accepted(self) -> None:
        if not hasattr(self, "ledger"):
            return
        head = self.ledger.store.head()
        rows = self.ledger.store.read(0, 10_000)
        assert [row.position for row in rows] == list(range(1, head.position + 1))
        for stream, names in self.oracle.streams.values():
            stored = [decode(row) for row in self.ledger.store.stream(key_of(stream))]
            assert [one.version for one in stored] == list(range(1, len(names) + 1))
            assert [one.event.title for one in stored] == names
        assert head.position == 4 + sum(len(names) for _, names in self.oracle.streams.values())

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            self.place.close()

    def _submission(self, ask: Ask, title: str, streams: dict[str, str]) -> Submission:
        command, key, code, version = ask
        if command == "register":
            return self.ledger.submission("register_unit", unit(code, title=title), key=key)
        # What does not exist yet is asked for by a name that never will.
        stream = streams.get(code, f"00000000-0000-7000-8000-00000000000{code}")
        body: dict[str, Any] = {"title": title, "reason": "改"}
        return self.ledger.submission("rename_unit", body, stream=stream, key=key, if_version=version)

    def _check(self, ask: Ask, title: str, stream: str, outcome: Outcome) -> None:
        known = {found for found, _ in self.oracle.streams.values()}
        asked = (ask[0], ask[1], ask[2] if ask[0] == "register" or stream in known else "none", ask[3])
        expected = self.oracle.expect(asked, title, stream)
        if isinstance(outcome, Refused):
            assert outcome.rule == expected
        elif outcome.replayed:
            assert expected == "replayed"
            assert outcome == msgspec.structs.replace(self.oracle.answered[ask[1]][1], replayed=True)
        else:
            assert expected == "accepted"
            self.answers[ask[1]] = outcome
            self.oracle.record(ask, title, stream, outcome)


class RetriesOnPostgresql(Retries):
    kind = "postgresql"


LIMITS = settings(stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
Retries.TestCase.settings = settings(LIMITS, max_examples=30)
RetriesOnPostgresql.TestCase.settings = settings(LIMITS, max_examples=4)
TestRetries = Retries.TestCase
TestRetriesOnPostgresql = RetriesOnPostgresql.TestCase
