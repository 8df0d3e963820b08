"""A round of appraisal on a demonstration ledger, up to its vote."""

import hashlib
from collections import Counter
from typing import Any

from ledgers import Ledger

from domain.appraisal import Appraisal, evolve
from domain.appraisal_draw import Frame
from domain.ballots import code_hash
from ledger.ballot_box import Cast
from ledger.ballot_boxes import Boxes, open_boxes
from ledger.codec import decode, key_of
from ledger.contract import Outcome, Submission
from ledger.sealing import open_event

CODES = {frame: [f"{frame}-{n}" for n in range(12)] for frame in Frame}
FRAME = "".join(f"{frame},城厢,{n:03}\n" for frame in Frame for n in range(12)).encode()
OPENED, SEEDED, VOTED = "2999-03-01T10:00:00+08:00", "2999-03-02T10:00:00+08:00", "2999-03-03T10:00:00+08:00"
"""Voting lasts to the end of the day on which it opens."""


class Round:
    """`stage` is the command it has come to: `issue_codes`, `open_voting` or `close_voting` is next."""

    def __init__(self, ledger: Ledger, stage: str) -> None:
        self.ledger = ledger
        self.boxes: Boxes = open_boxes(ledger.url)
        self.supervisor, self.leader = ledger.person("supervisor"), ledger.person("leader")
        digest = ledger.evidence.lodge([FRAME], "text/csv").digest
        opening = {"title": "评议", "year": 2999, "units": [ledger.unit()], "forms": ["satisfaction"]}
        self.stream = self._done(
            "open_appraisal", {**opening, "residents": 12, "enterprises": 12}, OPENED, self.supervisor, stream=""
        )
        fixed = {"frame": digest, "seed_source": "摇奖", "seed_on": "2999-03-02"}
        self._done("fix_frame", fixed, OPENED, self.supervisor)
        self._done("give_seed", {"seed": "7"}, SEEDED, self.leader)
        self._done("draw_invitations", {}, SEEDED, self.supervisor)
        if stage == "issue_codes":
            return
        for frame in Frame:
            assert ledger.commit(self.issue(frame))
        if stage == "close_voting":
            assert ledger.commit(self.opening())

    def issue(self, frame: Frame, mark: str = "", **rest: Any) -> Submission:
        hashes = [code_hash(mark + code) for code in CODES[frame]]
        return self._ask("issue_codes", {"frame": frame, "hashes": hashes}, SEEDED, self.supervisor, **rest)

    def opening(self) -> Submission:
        return self._ask("open_voting", {"until": "2999-03-02"}, SEEDED, self.leader)

    def closing(self, **rest: Any) -> Submission:
        return self._ask("close_voting", {}, VOTED, self.supervisor, **rest)

    def tally(self) -> Outcome:
        return self.ledger.commit(self._ask("tally_appraisal", {}, VOTED, self.supervisor))[0]

    @property
    def state(self) -> Appraisal:
        state = None
        for row in self.ledger.store.stream(key_of(self.stream)):
            state = evolve(state, decode(row).event)
        assert state is not None
        return state

    def vote(self, code: str, letter: str = "A") -> Cast:
        return self.boxes.cast(self.stream, self.state.lists, code_hash(code), letter)

    def entered(self) -> Counter[str]:
        """Frame → ballots in the one event of the close, opened."""
        [row] = [row for row in self.ledger.store.stream(key_of(self.stream)) if row.name == "appraisal_closed.1"]
        sealed = self.ledger.store.sealed([row.position])
        text = open_event(row.position, decode(row).event, sealed, self.ledger.keys)["ballots"].value
        assert hashlib.sha256(text.encode()).hexdigest() == decode(row).event.digest
        lines = [line.split(" ") for line in text.splitlines()[1:]]
        return Counter({frame: len(letters) for frame, *_, letters in lines})

    def _ask(self, command: str, body: dict[str, Any], at: str, person: str, **rest: Any) -> Submission:
        rest.setdefault("stream", self.stream if command != "open_appraisal" else "")
        return self.ledger.submission(command, body, person=person, simulated_at=at, **rest)

    def _done(self, command: str, body: dict[str, Any], at: str, person: str, **rest: Any) -> str:
        return self.ledger.accept(
            command, body, person=person, simulated_at=at, **{"stream": getattr(self, "stream", "")} | rest
        )
