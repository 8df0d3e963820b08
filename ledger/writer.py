"""The one that decides and appends: many requests in, one durable commit, each its own outcome.

Order of checks for one request: readable → retry of an accepted one → person → authorised → references → stream →
`if_version` → decision → claims → size. What is planned rests on the head as this writer last saw it; the database
refuses the commit when that was not so, and the batch is planned again.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Final

from domain.calendar import Calendar
from domain.erasure import ErasePersonalData
from domain.refusal import Refusal
from domain.rules import Rules
from ledger.asked import Asked, Intake, is_fresh
from ledger.clock import Clock, Standstill
from ledger.contract import (
    Batch,
    Head,
    HeadMoved,
    Outcome,
    Refused,
    RequestRow,
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
from ledger.outcomes import outcomes_of
from ledger.plan import Answer, Planner, RequestKey, refused, replayed
from ledger.randomness import Randomness
from ledger.sealing import boxes
from ledger.streams import Streams

ATTEMPTS: Final = 200
"""Plans of one batch; each one lost means that another writer got on."""
FOLLOWED: Final = 20_000
"""Rows of other writers read one by one; after more than that every state is forgotten."""

SLICE: Final = 1_000
"""Requests of one transaction, when a batch has more."""

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
        outcomes: list[Outcome] = []
        start = 0
        for n, one in enumerate(submissions):
            # What is sealed after an erasure must not share its commit, or its key would be destroyed as well.
            if isinstance(one, Submission) and one.command == ErasePersonalData.NAME:  # type: ignore[attr-defined]
                outcomes += self._commit(submissions[start:n])
                outcomes += self._commit(submissions[n : n + 1])
                start = n + 1
        return outcomes + self._commit(submissions[start:])

    def _read(self, submission: Submission | Refused) -> Asked | Refused:
        if isinstance(submission, Refused):
            return submission
        try:
            return self._intake.read(submission)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as error:  # noqa: BLE001 - one request must not fail the others
            return refused(fault(error, submission.command))

    def _commit(self, batch: Sequence[Submission | Refused]) -> list[Outcome]:
        if not batch:
            return []
        try:
            return self._in_slices(batch)
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
            self._forget_looks()

    def _in_slices(self, batch: Sequence[Submission | Refused]) -> list[Outcome]:
        """A large batch is stored slice by slice, so that no transaction holds other writers up for long."""
        outcomes: list[Outcome] = []
        for start in range(0, len(batch), SLICE):
            part = [self._read(one) for one in batch[start : start + SLICE]]
            outcomes += outcomes_of(self._decide_and_append(part), self._store)
            # What was looked up for a slice is older than what it stored.
            self._forget_looks()
        return outcomes

    def _decide_and_append(self, batch: Sequence[Asked | Refused]) -> list[Answer]:
        self._look_up_late(batch)
        needed = self._needed(batch)
        taken = False
        for _ in range(ATTEMPTS):
            self._streams.load(needed)
            planner = self._planner(self._head)
            answers = planner.plan(batch)
            # Names are hardly ever held by another: the database says so, and only then are they looked up. It is not
            # asked for those let go again.
            if self._clashes(planner.passed | planner.claimed.keys() if taken else planner.passed):
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
                self._look_up([one for one in batch if isinstance(one, Asked) and one.key])
            else:
                return answers
        raise Unavailable("写入竞争过于激烈，请稍后重试 / too many writers compete, try again")

    def _needed(self, batch: Sequence[Asked | Refused]) -> set[str]:
        return {name for one in batch if isinstance(one, Asked) for name in self._decider.needs(one)}

    def _planner(self, head: Head) -> Planner:
        return Planner(
            head,
            self._known,
            {name: stream for name, stream in self._held.items() if stream is not None},
            streams=self._streams,
            decider=self._decider,
            clock=self._clock,
            randomness=self._randomness,
        )

    def _append(self, planner: Planner) -> None:
        batch = self._batch(planner, self._head)
        if planner.doomed:
            self._keys.doom(planner.doomed)
        self._store.append(batch)
        self._streams.keep()
        self._settle(planner)
        if planner.doomed:
            self._erasing.finish()

    def _batch(self, planner: Planner, after: Head) -> Batch:
        sealed: list[SealedRow] = []
        if planner.closed:
            # The keys are on disk before anything that needs them.
            keys = self._keys.get_or_make({closed.subject for closed in planner.closed})
            sealed = boxes(planner.closed, keys, self._randomness)
        return Batch(
            after, planner.events, planner.requests, sealed, list(planner.claimed.items()), list(planner.freed)
        )

    def _settle(self, planner: Planner) -> None:
        """What was planned is durable."""
        self._head = planner.head
        self._clock.recorded(self._head.recorded_at)
        if self._erasing.pending:
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

    def _forget_looks(self) -> None:
        self._known.clear()
        self._looked.clear()
        self._held.clear()

    def _look_up_late(self, batch: Sequence[Asked | Refused]) -> None:
        """Looks up the keys that may belong to a retry."""
        now_ms = time.time_ns() // 1_000_000
        self._look_up([one for one in batch if isinstance(one, Asked) and one.key and not is_fresh(one.key, now_ms)])

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

    def _clashes(self, claimed: Iterable[str]) -> bool:
        """Looks up names not looked up so far; whether one is held, so that the batch must be planned again."""
        unknown = [name for name in claimed if name not in self._held]
        if not unknown:
            return False
        found = self._store.claims(unknown)
        self._held |= {name: found.get(name) for name in unknown}
        return bool(found)
