"""What waits for the writer: single requests and bulk chunks, gathered into commits of a bounded size."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from ledger.contract import Outcome, Submission, Unavailable
from ledger.writer import Writer

SINGLES: Final = 512
LINES: Final = 2_000
"""Of one commit."""
AHEAD: Final = 250
"""Lines worth deciding while the commit before is under way. Fewer wait for it, because more may come to join them."""

Answer = Callable[[Outcome | Unavailable], None]
Answers = Callable[[list[Outcome] | Unavailable], None]


class Bulk:
    """A chunk of lines, which may take more than one commit."""

    __slots__ = ("answer", "asked", "outcomes", "taken")

    def __init__(self, asked: Sequence[Submission], answer: Answers) -> None:
        self.asked = asked
        self.answer = answer
        self.taken = 0
        """Lines of it that were begun."""
        self.outcomes: list[Outcome] = []


class Backlog:
    """For one thread, except that `add` and `add_bulk` may be called from any."""

    def __init__(self) -> None:
        self._singles: deque[tuple[Submission, Answer]] = deque()
        self._bulks: deque[Bulk] = deque()

    def __len__(self) -> int:
        """Single requests and chunks that wait."""
        return len(self._singles) + len(self._bulks)

    @property
    def full(self) -> bool:
        """Enough waits for a commit of its own."""
        waiting = 0
        for bulk in self._bulks:
            waiting += len(bulk.asked) - bulk.taken
            if waiting >= AHEAD:
                return True
        return len(self._singles) >= SINGLES

    def add(self, submission: Submission, answer: Answer) -> None:
        self._singles.append((submission, answer))

    def add_bulk(self, asked: Sequence[Submission], answer: Answers) -> None:
        self._bulks.append(Bulk(asked, answer))

    def begin(self, writer: Writer) -> None:
        """Begins a commit of what waits: single requests first, so that a long load does not hold them up."""
        singles = [self._singles.popleft() for _ in range(min(len(self._singles), SINGLES))]
        batch: list[Submission] = [submission for submission, _ in singles]
        slices: list[tuple[Bulk, int]] = []
        room = LINES
        while self._bulks and room > 0:
            bulk = self._bulks[0]
            some = bulk.asked[bulk.taken : bulk.taken + room]
            batch += some
            slices.append((bulk, len(some)))
            room -= len(some)
            bulk.taken += len(some)
            if bulk.taken == len(bulk.asked):
                self._bulks.popleft()

        def answer(outcomes: list[Outcome] | Unavailable) -> None:
            if isinstance(outcomes, Unavailable):
                self._give_up(outcomes, singles, [bulk for bulk, _ in slices])
            else:
                _hand_out(outcomes, singles, slices)

        writer.begin(batch, answer)

    def _give_up(self, why: Unavailable, singles: list[tuple[Submission, Answer]], bulks: list[Bulk]) -> None:
        for _, answer in singles:
            answer(why)
        for bulk in bulks:
            if bulk in self._bulks:
                self._bulks.remove(bulk)
            bulk.answer(why)
            bulk.answer = _nobody


def _hand_out(
    outcomes: list[Outcome], singles: list[tuple[Submission, Answer]], slices: list[tuple[Bulk, int]]
) -> None:
    for (_, answer), outcome in zip(singles, outcomes, strict=False):
        answer(outcome)
    start = len(singles)
    for bulk, size in slices:
        bulk.outcomes += outcomes[start : start + size]
        start += size
        if len(bulk.outcomes) == len(bulk.asked):
            bulk.answer(bulk.outcomes)


def _nobody(_: list[Outcome] | Unavailable) -> None:
    """A chunk is given up once, though a later part of it may still be under way."""
