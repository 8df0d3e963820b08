"""The answers of a batch, once it is stored, as the outcomes its requests get."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from ledger.codec import name_of
from ledger.contract import Accepted, Outcome, Reader, Row
from ledger.plan import Answer, Repeat, Replay

NEIGHBOURS: Final = 20
"""Rows between two wanted ones that are read along rather than asked for apart."""


def outcomes_of(answers: Sequence[Answer], reader: Reader) -> list[Outcome]:
    """One outcome each, in order; a retry gets the first answer again."""
    if not any(isinstance(answer, Replay | Repeat) for answer in answers):
        return list(answers)  # type: ignore[arg-type]
    retried = sorted({answer.request.position for answer in answers if isinstance(answer, Replay)})
    last_rows = _rows_at(retried, reader) if retried else {}
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


def _rows_at(positions: Sequence[int], reader: Reader) -> dict[int, Row]:
    """Retries mostly come in the order they came first, so neighbours are read together. `positions` ascend."""
    rows: dict[int, Row] = {}
    first = positions[0]
    for last, following in pairwise([*positions, positions[-1] + NEIGHBOURS + 1]):
        if following - last > NEIGHBOURS:
            rows |= {row.position: row for row in reader.read(first - 1, last - first + 1, upto=last)}
            first = following
    return rows
