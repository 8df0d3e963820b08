"""Box and ledger change in two transactions. Whatever happens between them, no ballot that was called taken is lost,
none is doubled, and codes vote exactly when the ledger names their list."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ledgers import Ledger, opened
from rounds import CODES, Round
from slicing import before_append, register

from domain.appraisal_draw import Frame
from domain.ballots import Contents, code_hash
from ledger.ballot_box import Cast
from ledger.contract import Accepted, Batch, Refused, Submission, Unavailable

ROOT = Path(__file__).parents[2]
RESIDENTS = CODES[Frame.RESIDENTS]
MOMENTS = ("decided", "boxed", "stored")


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    with opened(database_url, demonstration=True) as ledger:
        yield ledger


def kill(ledger: Ledger, moment: str, submission: Submission) -> None:
    """As the power cut would, at that moment of the commit."""
    program = [sys.executable, str(Path(__file__).with_name("killed_writer.py")), ledger.url, moment]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        program, input=msgspec.json.encode(submission), cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_9_at_the_close(ledger: Ledger, moment: str):
    round_ = Round(ledger, "close_voting")
    assert [round_.vote(code) for code in RESIDENTS[:7]] == [Cast.TAKEN] * 7
    closing = round_.closing(key="close")
    kill(ledger, moment, closing)
    # Whoever is let in between is counted; whoever is not is told so.
    taken = 7 + (round_.vote(RESIDENTS[7]) is Cast.TAKEN)
    assert taken == (8 if moment == "decided" else 7)
    assert round_.vote(RESIDENTS[0]) is not Cast.TAKEN
    [outcome] = ledger.another_writer().commit([closing])
    assert isinstance(outcome, Accepted)
    assert outcome.replayed == (moment == "stored")
    assert round_.entered() == Counter(residents=taken)
    assert isinstance(round_.tally(), Accepted)


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_9_when_codes_are_issued(ledger: Ledger, moment: str):
    round_ = Round(ledger, "issue_codes")
    ledger.commit(round_.issue(Frame.RESIDENTS, "earlier "), round_.issue(Frame.ENTERPRISES))
    kill(ledger, moment, round_.issue(Frame.RESIDENTS, key="issue"))
    # Nobody asks again: what the ledger says counts.
    ledger.commit(round_.opening())
    votes = round_.vote(RESIDENTS[0]), round_.vote("earlier " + RESIDENTS[0])
    assert votes == ((Cast.TAKEN, Cast.UNKNOWN) if moment == "stored" else (Cast.UNKNOWN, Cast.TAKEN))


@pytest.mark.parametrize("moment", MOMENTS)
def test_codes_asked_for_again_after_a_kill_vote(ledger: Ledger, moment: str):
    round_ = Round(ledger, "issue_codes")
    issue = round_.issue(Frame.RESIDENTS, key="issue")
    kill(ledger, moment, issue)
    writer = ledger.another_writer()
    outcomes = writer.commit([issue, round_.issue(Frame.ENTERPRISES), round_.opening()])
    assert all(isinstance(one, Accepted) for one in outcomes)
    assert [round_.vote(code) for code in RESIDENTS] == [Cast.TAKEN] * 12


def test_codes_of_a_command_that_lost_and_was_refused_do_not_vote(ledger: Ledger):
    round_ = Round(ledger, "open_voting")
    other = ledger.another_writer()
    before_append(ledger, 1, lambda: other.commit([round_.opening()]))
    [outcome] = ledger.commit(round_.issue(Frame.RESIDENTS, "late "))
    assert isinstance(outcome, Refused)
    assert outcome.rule == "out_of_turn"
    assert round_.vote("late " + RESIDENTS[0]) is Cast.UNKNOWN
    assert round_.vote(RESIDENTS[0]) is Cast.TAKEN


def test_of_two_who_issue_codes_at_once_the_last_in_the_ledger_counts(ledger: Ledger):
    round_ = Round(ledger, "open_voting")
    other = ledger.another_writer()
    before_append(ledger, 1, lambda: other.commit([round_.issue(Frame.RESIDENTS, "theirs ")]))
    assert isinstance(ledger.commit(round_.issue(Frame.RESIDENTS, "ours "))[0], Accepted)
    ledger.commit(round_.opening())
    assert [round_.vote(mark + RESIDENTS[0]) for mark in ("theirs ", "ours ", "")] == [
        Cast.UNKNOWN,
        Cast.TAKEN,
        Cast.UNKNOWN,
    ]


def test_a_close_planned_twice_enters_each_ballot_once(ledger: Ledger):
    round_ = Round(ledger, "close_voting")
    other = ledger.another_writer()
    for code in RESIDENTS[:5]:
        round_.vote(code)
    before_append(ledger, 1, lambda: other.commit([register(ledger, "99")]))
    assert isinstance(ledger.commit(round_.closing())[0], Accepted)
    assert round_.entered() == Counter(residents=5)
    assert isinstance(round_.tally(), Accepted)


def test_of_two_who_close_at_once_one_does(ledger: Ledger):
    round_ = Round(ledger, "close_voting")
    other = ledger.another_writer()
    for code in RESIDENTS[:5]:
        round_.vote(code)
    before_append(ledger, 1, lambda: other.commit([round_.closing()]))
    [outcome] = ledger.commit(round_.closing())
    assert isinstance(outcome, Refused)
    assert round_.entered() == Counter(residents=5)
    assert isinstance(round_.tally(), Accepted)


def test_a_close_that_could_not_be_stored_is_asked_for_again(ledger: Ledger):
    round_ = Round(ledger, "close_voting")
    for code in RESIDENTS[:5]:
        round_.vote(code)
    append = ledger.store.append

    def full(_batch: Batch) -> None:
        ledger.store.append = append  # type: ignore[method-assign]
        raise OSError("disk full")

    ledger.store.append = full  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        ledger.commit(round_.closing())
    assert isinstance(ledger.commit(round_.closing())[0], Accepted)
    assert round_.entered() == Counter(residents=5)


def test_a_ballot_that_comes_between_decision_and_close_is_entered(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    round_ = Round(ledger, "close_voting")
    boxes = ledger.writer._boxes
    read, late = boxes.read, iter(RESIDENTS[:3])

    def overtaken(*asked: Any) -> Contents:
        found = read(*asked)
        for code in late:
            assert round_.vote(code) is Cast.TAKEN
            break
        return found

    monkeypatch.setattr(boxes, "read", overtaken)
    assert isinstance(ledger.commit(round_.closing())[0], Accepted)
    assert round_.entered() == Counter(residents=3)


def test_of_many_who_vote_while_the_box_is_closed_those_called_taken_are_entered(ledger: Ledger):
    round_ = Round(ledger, "close_voting")
    lists = round_.state.lists
    codes = [code for frame in Frame for code in CODES[frame]]
    answers: list[Cast] = []
    started = threading.Barrier(len(codes) + 1)

    def vote(code: str) -> None:
        started.wait()
        answers.append(round_.boxes.cast(round_.stream, lists, code_hash(code), "A"))

    voters = [threading.Thread(target=vote, args=(code,)) for code in codes]
    for voter in voters:
        voter.start()
    started.wait()
    [outcome] = ledger.commit(round_.closing())
    for voter in voters:
        voter.join()
    assert isinstance(outcome, Accepted), outcome
    assert set(answers) <= {Cast.TAKEN, Cast.CLOSED}
    assert round_.entered().total() == answers.count(Cast.TAKEN)
    assert isinstance(round_.tally(), Accepted)
