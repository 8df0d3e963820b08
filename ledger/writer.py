"""The one that decides and appends: many requests in, one durable commit, each its own outcome.

Deciding goes ahead of storing: while one batch is on its way into the database, the next is decided on what that one
will leave behind. Nothing is answered before it is durable; names and refused requests are looked up only when nothing
is under way; and when a batch is not stored as it was decided, what was decided on top of it is decided again.

Order of checks for one request: readable → retry of an accepted one → person → authorised → references → stream →
`if_version` → decision → claims → size. What is planned rests on the head as this writer last saw it; the database
refuses the commit when that was not so, and the batch is planned again.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from domain.calendar import Calendar
from domain.erasure import ErasePersonalData
from domain.refusal import Refusal
from domain.rules import Rules
from ledger.almanac import almanac_of
from ledger.asked import Asked, Intake
from ledger.ballot_boxes import Boxes
from ledger.clock import Clock, Standstill
from ledger.contract import (
    Batch,
    Head,
    HeadMoved,
    Outcome,
    Refused,
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
from ledger.looks import Looks
from ledger.outcomes import outcomes_of
from ledger.plan import Answer, Planner, refused
from ledger.randomness import Randomness
from ledger.sealing import boxes
from ledger.storing import Here, Storing
from ledger.streams import Streams

ATTEMPTS: Final = 200
"""Plans of one batch; each one lost means that another writer got on."""
FOLLOWED: Final = 20_000
"""Rows of other writers read one by one; after more than that every state is forgotten."""

SLICE: Final = 2_000
"""Requests of one transaction, when a batch has more, so that no transaction holds other writers up for long."""

COMPETING: Final = "写入竞争过于激烈，请稍后重试 / too many writers compete, try again"

Answers = Callable[[list[Outcome] | Unavailable], None]

log = logging.getLogger(__name__)


class Begun:
    """A batch decided, and on its way into the database."""

    __slots__ = ("answer", "answers", "asked", "planner", "taken")

    planner: Planner
    answers: list[Answer]

    def __init__(self, asked: Sequence[Asked | Refused], answer: Answers) -> None:
        self.asked = asked
        self.answer = answer
        self.taken = False
        """The database has once found something of it taken."""


class Writer:
    """For one thread at a time. Several writers may work on one database; the head decides who is first."""

    def __init__(  # noqa: PLR0917 - each of a type of its own
        self,
        store: Store,
        keys: Keys,
        rules: Rules,
        calendar: Calendar,
        clock: Clock,
        evidence: Evidence,
        *,
        boxes: Boxes,
        storing: Storing | None = None,
    ) -> None:
        self._store = store
        self._storing = storing or Here(store)
        self._keys = keys
        self._clock = clock
        self._randomness = Randomness()
        self._intake = Intake(keys)
        self._streams = Streams(store)
        self._almanac = almanac_of(store, calendar, rules=rules)
        self._boxes = boxes
        self._decider = Decider(self._streams, self._almanac.editions, self._almanac.newest, evidence, boxes)
        self._erasing = Erasing(store, keys)
        self._erasing.finish()
        self._looks = Looks(store)
        self._head = store.head()
        self._begun: Begun | None = None

    @property
    def head(self) -> Head:
        """As this writer last saw it, or as what is under way will leave it."""
        return self._head

    @property
    def busy(self) -> bool:
        """Something is under way, and `finish` may have to wait."""
        return self._begun is not None

    def commit(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """One outcome each, in order; what is Accepted is durable. Raises Unavailable when nothing can be appended:
        whether anything was stored is then unknown."""
        given: list[list[Outcome] | Unavailable] = []
        self.begin(submissions, given.append)
        self.finish()
        (outcomes,) = given
        if isinstance(outcomes, Unavailable):
            raise outcomes
        return outcomes

    def begin(self, submissions: Sequence[Submission], answer: Answers) -> None:
        """Decides, and hands over to the database what it decided once all begun before is stored. `answer` gets what
        `commit` would return or raise, now or later; at the latest in `finish`."""
        parts = list(_parts(submissions))
        if len(parts) > 1:
            answer = _joined(answer, len(parts))
        for part in parts:
            self._begin(part, answer)
        if not parts:
            answer([])

    def finish(self) -> bool:
        """Waits until what was begun is stored, and answers it. False when what was decided since must be decided
        again, because it was not stored as it was decided or changed the calendar or the limits."""
        begun, self._begun = self._begun, None
        if begun is None:
            return True
        given: list[Outcome] | Unavailable
        try:
            as_decided = self._conclude(begun)
            given = outcomes_of(begun.answers, self._store)
        except Exception as error:  # noqa: BLE001 - it is told in the answer
            # Whether the database stored it is unknown; if it did, the next batch finds the head moved.
            self._take_back(begun)
            as_decided, given = False, _unavailable(error)
        begun.answer(given)
        return as_decided

    def _begin(self, submissions: Sequence[Submission], answer: Answers) -> None:
        try:
            self._looks.forget()
            begun = Begun([self._read(one) for one in submissions], answer)
            self._looks.late(begun.asked)
            self._plan(begun)
        except Exception as error:  # noqa: BLE001 - it is told in the answer
            self._streams.drop()
            self.finish()
            answer(_unavailable(error))
            return
        planned = self.finish()
        if not planned:
            self._streams.drop()
        self._looks.outdate()
        try:
            self._decide(begun, planned=planned)
            if begun.planner.events:
                self._send(begun)
                self._begun = begun
                return
            outcomes = outcomes_of(begun.answers, self._store)
        except Exception as error:  # noqa: BLE001 - it is told in the answer
            self._streams.abandon()
            answer(_unavailable(error))
        else:
            self._streams.drop()
            answer(outcomes)

    def _read(self, submission: Submission) -> Asked | Refused:
        try:
            return self._intake.read(submission)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as error:  # noqa: BLE001 - one request must not fail the others
            return refused(fault(error, submission.command))

    def _plan(self, begun: Begun) -> None:
        self._streams.load(self._decider.needs(begun.asked))
        begun.planner = Planner(
            self._head,
            self._looks.known,
            self._looks.held,
            streams=self._streams,
            decider=self._decider,
            clock=self._clock,
            randomness=self._randomness,
        )
        begun.answers = begun.planner.plan(begun.asked)

    def _decide(self, begun: Begun, *, planned: bool) -> None:
        """Plans until the plan fits what the database and the ballot boxes hold. Nothing may be under way."""
        for _ in range(ATTEMPTS):
            if not planned:
                self._plan(begun)
            planned = False
            planner = begun.planner
            # Names are hardly ever held by another: the database says so, and only then are they looked up. It is not
            # asked for those let go again.
            if self._looks.clash(planner.passed | planner.claimed.keys() if begun.taken else planner.passed):
                self._streams.drop()
                continue
            self._looks.before_refusing(begun.asked, begun.answers)
            if not all(map(self._boxes.apply, planner.box_changes)):
                self._streams.drop()
                continue
            if planner.events or not any(isinstance(answer, Refused) for answer in begun.answers):
                return
            if self._store.head() == self._head:
                return
            # A refusal rests on the newest state, like an append.
            self._catch_up()
        raise Unavailable(COMPETING)

    def _send(self, begun: Begun) -> None:
        planner = begun.planner
        sealed: list[SealedRow] = []
        if planner.closed:
            # The keys are on disk before anything that needs them.
            keys = self._keys.get_or_make({closed.subject for closed in planner.closed})
            sealed = boxes(planner.closed, keys, self._randomness)
        if planner.doomed:
            self._keys.doom(planner.doomed)
        claimed, freed = list(planner.claimed.items()), list(planner.freed)
        self._storing.begin(Batch(planner.after, planner.events, planner.requests, sealed, claimed, freed))
        self._streams.send()
        self._head = planner.head

    def _conclude(self, begun: Begun) -> bool:
        """Until what was sent is stored, decided again as often as it takes."""
        for attempt in range(ATTEMPTS):
            try:
                self._storing.finish()
            except HeadMoved:
                self._take_back(begun)
                self._catch_up()
            except Taken:
                self._take_back(begun)
                self._looks.outdate()
                if begun.taken:
                    # It was none of the keys, so a remembered state is wrong.
                    self._streams.forget_all()
                begun.taken = True
                self._looks.requests([one for one in begun.asked if isinstance(one, Asked)])
            else:
                self._streams.keep()
                self._settle(begun.planner)
                # What an announcement changed counts for the next batch, which was decided without it.
                return not attempt and not begun.planner.announces
            self._decide(begun, planned=False)
            if not begun.planner.events:
                self._streams.drop()
                return False
            self._send(begun)
        raise Unavailable(COMPETING)

    def _settle(self, planner: Planner) -> None:
        """What was planned is durable."""
        self._clock.recorded(planner.head.recorded_at)
        if planner.announces and self._almanac.learn(planner.events):
            self._decider.know(self._almanac.newest, self._almanac.editions)
        if planner.doomed or self._erasing.pending:
            self._erasing.finish()

    def _take_back(self, begun: Begun) -> None:
        """What was sent is not stored."""
        self._streams.abandon()
        self._head = begun.planner.after

    def _catch_up(self) -> None:
        """Another writer appended: forget the streams it touched."""
        self._streams.drop()
        self._looks.outdate()
        head = self._store.head()
        if not 0 < head.position - self._head.position <= FOLLOWED:
            # Also when the head went back, because a backup was restored under our feet.
            self._streams.forget_all()
            self._almanac.read(self._store)
        else:
            others = self._store.read(self._head.position, FOLLOWED, upto=head.position)
            self._streams.forget(others)
            self._almanac.learn(others)
        self._decider.know(self._almanac.newest, self._almanac.editions)
        self._head = head


def _parts(submissions: Sequence[Submission]) -> Iterator[Sequence[Submission]]:
    """What may share a commit. What is sealed after an erasure may not share that one's, or its key would be destroyed
    as well."""
    for erases, run in groupby(submissions, _erases):
        some = list(run)
        size = 1 if erases else SLICE
        for start in range(0, len(some), size):
            yield some[start : start + size]


def _erases(one: Submission) -> bool:
    return one.command == ErasePersonalData.NAME  # type: ignore[attr-defined,no-any-return]


def _joined(answer: Answers, count: int) -> Answers:
    """One answer out of those of so many parts, which come in order."""
    given: list[list[Outcome] | Unavailable] = []

    def part(outcomes: list[Outcome] | Unavailable) -> None:
        given.append(outcomes)
        if len(given) == count:
            failed = next((one for one in given if isinstance(one, Unavailable)), None)
            answer(failed or [outcome for one in given if isinstance(one, list) for outcome in one])

    return part


def _unavailable(error: Exception) -> Unavailable:
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, Standstill):
        return Unavailable(*error.args)
    log.error("a commit failed with %s", type(error).__name__)  # the error may quote values
    return Unavailable(f"数据库写入失败（{type(error).__name__}） / the database failed ({type(error).__name__})")
