"""The one that decides and appends: many requests in, one durable commit, each its own outcome.

Order of checks for one request: readable → retry of an accepted one → person → authorised → references → stream →
`if_version` → decision → claims → size. What is planned rests on the head as this writer last saw it; the database
refuses the commit when that was not so, and the batch is planned again.
"""

import logging
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from domain.calendar import Calendar
from domain.refusal import Refusal
from domain.rules import Rules
from ledger.asked import Asked, Intake, is_fresh
from ledger.clock import Clock, Standstill
from ledger.codec import name_of
from ledger.contract import (
    Accepted,
    Batch,
    Head,
    HeadMoved,
    Outcome,
    Refused,
    RequestRow,
    Row,
    SealedRow,
    Store,
    Submission,
    Taken,
    Unavailable,
)
from ledger.decider import Decider, fault
from ledger.erasing import Erasing
from ledger.evidence import Evidence
from ledger.keys import Keys
from ledger.plan import Answer, Planner, Repeat, Replay, RequestKey, refused, replayed
from ledger.randomness import Randomness
from ledger.sealing import boxes
from ledger.streams import Streams

ATTEMPTS: Final = 200
"""Plans of one batch; each one lost means that another writer got on."""
FOLLOWED: Final = 20_000
"""Rows of other writers read one by one; after more than that every state is forgotten."""

NEIGHBOURS: Final = 20

log = logging.getLogger(__name__)


class Writer:
    """For one thread at a time. Several writers may work on one database; the head decides who is first."""

    def __init__(  # noqa: PLR0917 - each of a type of its own
        self, store: Store, keys: Keys, rules: Rules, calendar: Calendar, clock: Clock, evidence: Evidence
    ) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._randomness = Randomness()
        self._intake = Intake(keys)
        self._streams = Streams(store)
        self._decider = Decider(self._streams, rules, calendar, evidence.lodged)
        self._erasing = Erasing(store, keys)
        self._erasing.finish()
        self._head = store.head()
        self._known: dict[RequestKey, RequestRow] = {}
        self._looked: set[RequestKey] = set()
        self._held: dict[str, bytes | None] = {}

    @property
    def head(self) -> Head:
        """As this writer last saw it."""
        return self._head

    def commit(self, submissions: Sequence[Submission | Refused]) -> list[Outcome]:
        """One outcome each, in order; what is Accepted is durable. A Refused passes through, so that a door can keep
        the places of lines it could not read. Raises Unavailable when nothing can be appended: whether anything was
        stored is then unknown."""
        asked = [self._read(one) for one in submissions]
        outcomes: list[Outcome] = []
        start = 0
        for n, one in enumerate(asked):
            # What is sealed after an erasure must not share its commit, or its key would be destroyed as well.
            if isinstance(one, Asked) and one.spec.name == "erase_personal_data":
                outcomes += self._commit(asked[start:n])
                outcomes += self._commit(asked[n : n + 1])
                start = n + 1
        return outcomes + self._commit(asked[start:])

    def _read(self, submission: Submission | Refused) -> Asked | Refused:
        if isinstance(submission, Refused):
            return submission
        try:
            return self._intake.read(submission)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as error:  # noqa: BLE001 - one request must not fail the others
            return refused(fault(error, submission.command))

    def _commit(self, batch: Sequence[Asked | Refused]) -> list[Outcome]:
        if not batch:
            return []
        try:
            answers = self._decide_and_append(batch)
            return self._outcomes(answers)
        except Standstill as standstill:
            raise Unavailable(*standstill.args) from standstill
        except Unavailable:
            raise
        except Exception as error:
            # Whether the database stored it is unknown; if it did, the next commit finds the head moved.
            log.error("a commit failed with %s", type(error).__name__)  # noqa: TRY400 - the error may quote values
            raise Unavailable(
                f"数据库写入失败（{type(error).__name__}） / the database failed ({type(error).__name__})"
            ) from error
        finally:
            self._streams.drop()
            self._known.clear()
            self._looked.clear()
            self._held.clear()

    def _decide_and_append(self, batch: Sequence[Asked | Refused]) -> list[Answer]:
        now_ms = time.time_ns() // 1_000_000
        keyed = [one for one in batch if isinstance(one, Asked) and one.key]
        self._look_up([one for one in keyed if not is_fresh(one.key, now_ms)])
        needed = {name for one in batch if isinstance(one, Asked) for name in self._decider.needs(one)}
        taken = False
        for _ in range(ATTEMPTS):
            self._streams.load(needed)
            planner = self._planner()
            answers = planner.plan(batch)
            if self._clashes(planner.claimed):
                self._streams.drop()
                continue
            self._look_before_refusing(batch, answers)
            try:
                if planner.events:
                    self._append(planner)
                elif any(isinstance(answer, Refused) for answer in answers) and self._store.head() != self._head:
                    raise HeadMoved  # noqa: TRY301 - a refusal rests on the newest state, like an append
            except HeadMoved:
                self._catch_up()
            except Taken:
                self._streams.drop()
                self._held.clear()
                if taken:
                    # It was none of the keys, so a remembered state is wrong.
                    self._streams.forget_all()
                taken = True
                self._look_up(keyed)
            else:
                return answers
        raise Unavailable("写入竞争过于激烈，请稍后重试 / too many writers compete, try again")

    def _planner(self) -> Planner:
        return Planner(
            self._head,
            self._known,
            {name: stream for name, stream in self._held.items() if stream is not None},
            streams=self._streams,
            decider=self._decider,
            clock=self._clock,
            randomness=self._randomness,
        )

    def _append(self, planner: Planner) -> None:
        sealed: list[SealedRow] = []
        if planner.closed:
            # The keys are on disk before anything that needs them.
            keys = self._keys.get_or_make({closed.subject for closed in planner.closed})
            sealed = boxes(planner.closed, keys, self._randomness)
        if planner.doomed:
            self._keys.doom(planner.doomed)
        self._store.append(
            Batch(
                self._head,
                planner.events,
                planner.requests,
                sealed,
                list(planner.claimed.items()),
                list(planner.freed),
            )
        )
        self._head = planner.head
        self._streams.keep()
        self._clock.recorded(self._head.recorded_at)
        if planner.doomed or self._erasing.pending:
            self._erasing.finish()

    def _catch_up(self) -> None:
        """Another writer appended: forget the streams it touched."""
        self._streams.drop()
        self._held.clear()
        self._looked.clear()
        head = self._store.head()
        if not 0 < head.position - self._head.position <= FOLLOWED:
            # Also when the head went back, because a backup was restored under our feet.
            self._streams.forget_all()
        else:
            self._streams.forget(self._store.read(self._head.position, FOLLOWED, upto=head.position))
        self._head = head

    def _look_up(self, asked: Sequence[Asked]) -> None:
        keys = {(one.submission.client, one.key) for one in asked} - self._looked
        if keys:
            self._known |= self._store.requests(list(keys))
            self._looked |= keys

    def _look_before_refusing(self, batch: Sequence[Asked | Refused], answers: list[Answer]) -> None:
        """A retry may be out of turn by now; it still gets its first answer."""
        turned_down = [
            (n, one)
            for n, (one, answer) in enumerate(zip(batch, answers, strict=True))
            if isinstance(answer, Refused) and isinstance(one, Asked) and one.key
        ]
        if not turned_down:
            return
        self._look_up([one for _, one in turned_down])
        for n, one in turned_down:
            earlier = self._known.get((one.submission.client, one.key))
            if earlier is not None:
                answers[n] = replayed(one, earlier)

    def _clashes(self, claimed: dict[str, bytes]) -> bool:
        """Looks up names not looked up so far; whether one is held, so that the batch must be planned again."""
        unknown = [name for name in claimed if name not in self._held]
        if not unknown:
            return False
        found = self._store.claims(unknown)
        self._held |= {name: found.get(name) for name in unknown}
        return bool(found)

    def _outcomes(self, answers: Sequence[Answer]) -> list[Outcome]:
        retried = sorted({answer.request.position for answer in answers if isinstance(answer, Replay)})
        last_rows = self._rows_at(retried) if retried else {}
        outcomes: list[Outcome] = []
        for answer in answers:
            match answer:
                case Replay(request):
                    row = last_rows[request.position]
                    outcomes.append(
                        Accepted(
                            name_of(row.stream),
                            row.position,
                            row.version,
                            request.size,
                            row.recorded_at,
                            replayed=True,
                        )
                    )
                case Repeat(of):
                    first = outcomes[of]
                    assert isinstance(first, Accepted)
                    outcomes.append(msgspec.structs.replace(first, replayed=True))
                case _:
                    outcomes.append(answer)
        return outcomes

    def _rows_at(self, positions: Sequence[int]) -> dict[int, Row]:
        """Retries mostly come in the order they came first, so neighbours are read together. `positions` ascend."""
        rows: dict[int, Row] = {}
        first = positions[0]
        for last, following in pairwise([*positions, positions[-1] + NEIGHBOURS + 1]):
            if following - last > NEIGHBOURS:
                rows |= {row.position: row for row in self._store.read(first - 1, last - first + 1, upto=last)}
                first = following
        return rows
