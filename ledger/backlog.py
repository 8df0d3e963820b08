"""What waits for the writer: single requests and bulk chunks, gathered into commits of a bounded size."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from ledger.contract import Outcome, Refused, Submission, Unavailable
from ledger.writer import Writer

SINGLES: Final = 512
LINES: Final = 2_000

Answer = Callable[[Outcome | Unavailable], None]
Answers = Callable[[list[Outcome] | Unavailable], None]


class Bulk:
    """A chunk of lines, committed in slices."""

    __slots__ = ("answer", "asked", "outcomes")

    def __init__(self, asked: Sequence[Submission | Refused], answer: Answers) -> None:
        self.asked = asked
        self.answer = answer
        self.outcomes: list[Outcome] = []


class Backlog:
    """For one thread, except that `add` and `add_bulk` may be called from any."""

    def __init__(self) -> None:
        self._singles: deque[tuple[Submission, Answer]] = deque()
        self._bulks: deque[Bulk] = deque()

    def __len__(self) -> int:
        """Single requests and chunks that wait."""
        return len(self._singles) + len(self._bulks)

    def add(self, submission: Submission, answer: Answer) -> None:
        self._singles.append((submission, answer))

    def add_bulk(self, asked: Sequence[Submission | Refused], answer: Answers) -> None:
        self._bulks.append(Bulk(asked, answer))

    def commit(self, writer: Writer) -> None:
        """One commit of what waits: single requests first, so that a long load does not hold them up."""
        singles = [self._singles.popleft() for _ in range(min(len(self._singles), SINGLES))]
        batch: list[Submission | Refused] = [submission for submission, _ in singles]
        slices: list[tuple[Bulk, int]] = []
        room = LINES
        while self._bulks and room > 0:
            bulk = self._bulks[0]
            done = len(bulk.outcomes)
            some = bulk.asked[done : done + room]
            batch += some
            slices.append((bulk, len(some)))
            room -= len(some)
            if done + len(some) < len(bulk.asked):
                break
            self._bulks.popleft()
        try:
            outcomes = writer.commit(batch)
        except Unavailable as unavailable:
            self._give_up(unavailable, singles, [bulk for bulk, _ in slices])
            return
        for (_, answer), outcome in zip(singles, outcomes, strict=False):
            answer(outcome)
        start = len(singles)
        for bulk, size in slices:
            bulk.outcomes += outcomes[start : start + size]
            start += size
            if len(bulk.outcomes) == len(bulk.asked):
                bulk.answer(bulk.outcomes)

    def _give_up(self, why: Unavailable, singles: list[tuple[Submission, Answer]], bulks: list[Bulk]) -> None:
        for _, answer in singles:
            answer(why)
        for bulk in bulks:
            if self._bulks and self._bulks[0] is bulk:
                self._bulks.popleft()
            bulk.answer(why)
