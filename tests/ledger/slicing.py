"""What the tests of batches in slices share."""

import itertools
from collections.abc import Callable
from typing import Any

from ledgers import Ledger, unit

from ledger.contract import Batch, Submission

PLACE = {"region": "320585"}


def before_append(ledger: Ledger, number: int, happens: Callable[[], Any]) -> None:
    """Has something happen just before the writer's append of that number, counted from 1."""
    append, numbers = ledger.store.append, itertools.count(1)

    def wrapped(batch: Batch) -> None:
        if next(numbers) == number:
            happens()
        append(batch)

    ledger.store.append = wrapped  # type: ignore[method-assign]


def rename(ledger: Ledger, stream: str, title: str, **rest: Any) -> Submission:
    return ledger.submission("rename_unit", {"title": title, "reason": "改"}, stream=stream, **rest)


def register(ledger: Ledger, code: str, **rest: Any) -> Submission:
    return ledger.submission("register_unit", unit(code), **rest)
