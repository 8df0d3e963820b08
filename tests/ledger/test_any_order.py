"""Bad input and bad order: whatever is asked for, in whatever order, of whatever kind.

Thousands of commands, lawful and not, go through the writer into a ledger on SQLite. None that is unlawful leaves a
trace; each refusal names its rule and, out of turn, what is possible instead; and the stored events, folded anew, give
what the writer holds in memory.
"""

import re
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

import msgspec
from asking import NOWHERE, Asking
from expecting import Expected, Replayed
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from ledgers import CLIENT, Ledger, unit

from domain.actor import Role
from domain.command import COMMANDS
from domain.person import OF_A_UNIT
from domain.refusal import Kind
from ledger.codec import decode, name_of
from ledger.contract import Accepted, Outcome, Refused, Submission
from ledger.held import held_claims

START = datetime(2011, 1, 5, 1, tzinfo=UTC)
SEEDS = st.integers(0, 2**32 - 1)
PROGRAM = {name: command for name, command in COMMANDS.items() if command.__module__.startswith("domain.")}
SLUG = re.compile("[a-z][a-z_]+")
ATTEMPTS = 100
EXAMPLES, STEPS = 7, 50
WAYS_OUT = "remove|withdraw|terminate|end_|erase|merge|reverse|abandon|cancel|change_roles|move_person|reassign"
ENDING = {name for name in PROGRAM if re.match(WAYS_OUT, name)}


class Way(Enum):
    """Of asking; the first more often than the others, so that lives get on."""

    LAWFULLY = 1
    RATHER_LAWFULLY = 2
    MOSTLY_LAWFULLY = 3
    WILDLY = 4
    BADLY = 5
    AGAIN = 6
    TOGETHER = 7


class AnyOrder(RuleBasedStateMachine):
    """One ledger. Every rule draws a seed, from which everything else about it follows."""

    accepted_in_all: Counter[str]
    """Command → how often it was accepted, over all ledgers."""
    refused_in_all: Counter[str]

    @initialize(seed=SEEDS)
    def open(self, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="luoshi-any-order-")
        self.ledger = Ledger(f"sqlite:///{self.folder.name}/luoshi.db", demonstration=True, at=START)
        self.file = self.ledger.evidence.lodge([b"photo"], "image/jpeg").digest
        self.now = START
        self.lived: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.ways = {
            Way.WILDLY: self._ask_anything,
            Way.BADLY: self._ask_badly,
            Way.AGAIN: self._ask_again,
            Way.TOGETHER: self._ask_many_at_once,
        }
        self.seed = seed
        self.steps = 0
        self.kept: list[tuple[Submission, Accepted]] = []
        self.now += timedelta(minutes=1)
        self.replayed = Replayed(self.ledger.store, self.ledger.evidence.content)
        self._people()
        self.replayed.follow()

    def _people(self) -> None:
        """Two units, and of each role more than one person."""
        units = [self.ledger.accept("register_unit", unit(code), simulated_at=self._time()) for code in ("甲", "乙")]
        submissions = []
        for role in Role:
            for n in range(4 if role in OF_A_UNIT else 3):
                person = {"name": f"某{role}{n}", "title": "科员", "roles": [role]}
                if role in OF_A_UNIT:
                    person["unit"] = units[n % 2]
                submissions.append(self._submission("enrol_person", person, self.ledger.admins[Role.SECURITY_ADMIN]))
        assert all(isinstance(outcome, Accepted) for outcome in self.ledger.commit(*submissions))

    # --- what is asked ---------------------------------------------------------------------------------------------

    @rule(seed=SEEDS, ways=st.lists(st.sampled_from(Way), min_size=10, max_size=20))
    def ask(self, seed: int, ways: list[Way]) -> None:
        for way in ways:
            self.steps += 1
            self.now += timedelta(minutes=7)
            self.weights = {name: self._wanted(name) for name in PROGRAM}
            asking = Asking(Random(f"{self.seed} {seed} {self.steps}"), self.replayed, self.now, self.file)
            self.ways.get(way, self._ask_what_may_be_asked)(asking)

    def _ask_what_may_be_asked(self, asking: Asking) -> None:
        """What should be accepted, rather of what was accepted seldom so far."""
        self._ask(self._found(asking))

    def _ask_anything(self, asking: Asking) -> None:
        """Any command, of anything, by anybody."""
        name = asking.random.choice(list(PROGRAM))
        command = PROGRAM[name]
        person = asking.random.choice([asking.person_for(command, None), *asking.persons()])
        stream = "" if command.CREATES else asking.stream_of(asking.random.choice([command.OF, object]))
        self._ask(self._submission(name, asking.body(command, person), person, stream))

    def _ask_badly(self, asking: Asking) -> None:
        """What could be lawful, with one thing wrong with it."""
        submission = self._found(asking)
        body = msgspec.Raw(msgspec.json.encode(asking.spoilt(msgspec.json.decode(submission.body))))
        wrong: dict[str, Any] = asking.random.choice(
            [
                {"body": body},
                {"body": body},
                {"person": asking.random.choice([NOWHERE, "张三", ""])},
                {"stream": asking.random.choice([NOWHERE, "不是编号"])},
                {"if_version": asking.random.choice([0, 1, 2, 10**6])},
            ]
        )
        self._ask(msgspec.structs.replace(submission, **wrong))

    def _ask_again(self, asking: Asking) -> None:
        """The same request gets its first answer; its key with another one is refused."""
        if not self.kept:
            return
        first, answer = asking.random.choice(self.kept)
        before = self.ledger.store.head()
        assert self.ledger.commit(first) == [msgspec.structs.replace(answer, replayed=True)]
        (other,) = self.ledger.commit(msgspec.structs.replace(first, person=self.ledger.admins[Role.AUDITOR]))
        assert isinstance(other, Refused)
        assert other.rule == "key_reused"
        assert self.ledger.store.head() == before

    def _ask_many_at_once(self, asking: Asking) -> None:
        """In one transaction, each decided on what those before it left."""
        submissions = [self._lawful(asking) for _ in range(asking.random.randrange(2, 9))]
        before = self.ledger.store.head().position
        outcomes = self.ledger.commit(*submissions)
        made = self.replayed.follow()
        for submission, outcome in zip(submissions, outcomes, strict=True):
            self._said(submission, outcome)
        assert len(made) == sum(outcome.count for outcome in outcomes if isinstance(outcome, Accepted))
        assert self.replayed.position == before + len(made)

    @rule(days=st.sampled_from([0, 1, 3, 10, 31, 60]), hours=st.integers(1, 20))
    def let_time_pass(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    def teardown(self) -> None:
        if hasattr(self, "replayed"):
            self._folds_to_the_same()
            self._two_hands_did_it()
            self.accepted_in_all.update(self.lived)
            self.refused_in_all.update(self.refused)
            self.ledger.close()
            self.folder.cleanup()

    # --- what must hold --------------------------------------------------------------------------------------------

    def _ask(self, submission: Submission) -> None:
        expected = self.replayed.expected(submission, self.file)
        before = self.ledger.store.head()
        (outcome,) = self.ledger.commit(submission)
        made = self.replayed.follow()
        self._said(submission, outcome)
        if isinstance(outcome, Refused):
            assert self.ledger.store.head() == before
            assert (expected.rule, expected.allowed) == (outcome.rule, outcome.allowed), (submission, outcome)
            return
        assert expected == Expected(events=tuple(made)), (submission, outcome)
        assert outcome.count == len(made) > 0
        assert self.ledger.store.head().position == before.position + outcome.count
        self.kept.append((submission, outcome))

    def _said(self, submission: Submission, outcome: Outcome) -> None:
        if isinstance(outcome, Accepted):
            self.lived[submission.command] += 1
            return
        self.refused[outcome.rule] += 1
        assert SLUG.fullmatch(outcome.rule)
        assert re.search("[\u4e00-\u9fff]", outcome.zh), outcome
        assert outcome.en, outcome
        assert outcome.kind is not Kind.FAULT, (submission, outcome)
        if outcome.rule == "out_of_turn":
            assert outcome.state, outcome
            assert submission.command not in outcome.allowed
            assert all(issubclass(PROGRAM[submission.command].OF, PROGRAM[name].OF) for name in outcome.allowed), (
                outcome
            )
        if outcome.kind is Kind.OUT_OF_TURN:
            assert outcome.state, outcome
            assert outcome.allowed or not self._offered(submission, outcome.state), (submission, outcome)
            assert set(outcome.allowed) <= set(PROGRAM), outcome
        if outcome.rule == "role_not_allowed":
            assert outcome.allowed
            assert set(outcome.allowed) <= PROGRAM[submission.command].BY

    @staticmethod
    def _offered(submission: Submission, stage: str) -> set[str]:
        """What else a stage offers, by the table of the thing the command is about; of a thing yet to be made, by the
        tables of all others."""
        command = PROGRAM[submission.command]
        turns = getattr(sys.modules[command.OF.__module__], "TURNS", {})
        if stage in turns and not command.CREATES:
            return set(turns[stage]) - {submission.command}
        if not command.CREATES:
            return set()
        tables = [getattr(sys.modules[one.OF.__module__], "TURNS", {}) for one in PROGRAM.values()]
        return {name for table in tables for name in table.get(stage, ())}

    def _folds_to_the_same(self) -> None:
        """What the writer holds, what one that has just started reads, and the fold of all events from the first."""
        replayed = Replayed(self.ledger.store, self.ledger.evidence.content)
        replayed.follow()
        assert replayed.states == self.replayed.states
        claims = [(claim, one) for one, state in replayed.states.items() for claim in getattr(state, "claims", ())]
        assert dict(claims) == {claim: name_of(one) for claim, one in held_claims(self.ledger.url)[1].items()}
        assert len(dict(claims)) == len(claims)
        for writer in (self.ledger.writer, self.ledger.another_writer()):
            streams = writer._streams
            streams.drop()
            for name, state in replayed.states.items():
                found = streams.find(name)
                assert found is not None
                assert (found.version, found.state) == (replayed.versions[name], state)

    def _two_hands_did_it(self) -> None:
        """Told from the envelopes alone, without asking the domain."""
        did: dict[tuple[str, str], str] = {}
        apart = {
            "commitment_registered.1": ["commitment_proposed.1"],
            "commitment_verified.1": ["fulfilment_reported.1"],
            "commitment_closed.1": ["fulfilment_reported.1", "commitment_verified.1"],
            "problem_confirmed.1": ["problem_solved.1"],
            "visit_withdrawn.1": ["visit_recorded.2"],
            "contribution_reversed.1": ["contribution_made.1"],
        }
        for row in self.ledger.store.read(0, 100_000):
            one = decode(row)
            for earlier in apart.get(row.name, ()):
                assert did[one.stream, earlier] != one.meta.actor, one
            did[one.stream, row.name] = one.meta.actor

    # --- how it is made up -----------------------------------------------------------------------------------------

    def _found(self, asking: Asking) -> Submission:
        """What should be accepted, if it is found in time. A refusal out of turn says what to try instead."""
        submission = self._lawful(asking)
        for _ in range(ATTEMPTS):
            expected = self.replayed.expected(submission, self.file)
            if expected.rule is None:
                break
            if expected.rule == "out_of_turn" and expected.allowed and asking.random.random() < 0.8:
                submission = self._of(self._rare(asking, expected.allowed), submission.stream, asking)
                assert self.replayed.expected(submission, self.file).rule != "out_of_turn", (submission, expected)
            else:
                submission = self._lawful(asking)
        return submission

    def _lawful(self, asking: Asking) -> Submission:
        """A command for something that is there, by somebody who may, rather one that was accepted seldom so far."""
        name = self._rare(asking, tuple(PROGRAM))
        command = PROGRAM[name]
        return self._of(name, "" if command.CREATES else asking.stream_of(command.OF), asking)

    def _of(self, name: str, stream: str, asking: Asking) -> Submission:
        command = PROGRAM[name]
        person = asking.person_for(command, self.replayed.states.get(stream))
        return self._submission(name, asking.body(command, person), person, stream)

    def _rare(self, asking: Asking, names: tuple[str, ...]) -> str:
        return asking.random.choices(names, [self.weights[name] or 1e-9 for name in names])[0]

    def _wanted(self, name: str) -> float:
        """What was accepted often, and what ends a life, is asked for less."""
        command = PROGRAM[name]
        if not command.CREATES and not self.replayed.kinds[command.OF]:
            return 0
        return (0.02 if name in ENDING else 1) / (1 + self.lived[name]) ** 2

    @staticmethod
    def _any_command(random: Random) -> str:
        return random.choice(list(PROGRAM))

    def _time(self) -> str:
        return self.now.isoformat()

    def _submission(self, command: str, body: Any, person: str, stream: str = "") -> Submission:
        made = self.ledger.submission(command, body, person=person, stream=stream, simulated_at=self._time())
        assert made.client == CLIENT
        return made


def test_no_order_and_no_input_does_harm():
    AnyOrder.accepted_in_all, AnyOrder.refused_in_all = Counter(), Counter()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    accepted, refused = AnyOrder.accepted_in_all, AnyOrder.refused_in_all
    assert accepted.total() > 600
    assert refused.total() > 1_400
    assert len(accepted) > len(PROGRAM) / 2, sorted(set(PROGRAM) - set(accepted))
    assert len(refused) > 50, sorted(refused)
