"""The days on which the ladder begins, and looks again: the day of the first appointment counts, the day before does
not; what the writer refused is looked at again on the next day, and not before."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from urged import Urged, urged

from domain.refusal import Kind
from ledger.contract import Gate, Outcome, Refused, Submission

DUE = date(2011, 5, 31)
BLUE = date(2011, 5, 26)
"""A Thursday, three working days before."""
DAY = timedelta(days=1)


@pytest.fixture
def nobody(sqlite_url: str) -> Iterator[Urged]:
    """Without an urger."""
    made = Urged(sqlite_url)
    made.day(date(2011, 5, 3))
    yield made
    made.close()


@pytest.fixture
def field(sqlite_url: str) -> Iterator[Urged]:
    with urged(sqlite_url) as made:
        made.day(date(2011, 5, 3))
        yield made


@pytest.mark.parametrize(
    ("appointed", "found"),
    [
        (BLUE - DAY, [("missed", "blue", DUE, BLUE)]),
        (BLUE, [("missed", "blue", DUE, BLUE)]),
        (BLUE + DAY, []),
    ],
    ids=["before", "on the day", "after"],
)
def test_a_rung_counts_from_the_day_of_the_first_appointment(nobody: Urged, appointed: date, found: list[object]):
    commitment = nobody.promise(DUE)
    nobody.day(appointed)
    nobody.enrol("urger")
    nobody.tick(BLUE + 2 * DAY)
    assert nobody.records(commitment) == found


class Refusing:
    """A gate that refuses the first rung."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.refused = 0

    async def submit(self, submission: Submission) -> Outcome:
        return (await self.submit_many([submission]))[0]

    async def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome]:
        if self.refused or submissions[0].command != "record_rung":
            return await self._gate.submit_many(submissions)
        self.refused += 1
        return [Refused("clock_stands", "", "", Kind.OUT_OF_TURN) for _ in submissions]


def test_what_was_refused_is_looked_at_again_on_the_next_day(field: Urged):
    commitment = field.promise(DUE)
    urging = field.new_urging(Refusing(field.gate))
    field.tick(BLUE, urging)
    field.tick(BLUE, urging)
    assert field.records(commitment) == []
    field.tick(BLUE + DAY, urging)
    assert field.records(commitment) == [("missed", "blue", DUE, BLUE)]
