"""A writer that is killed at one moment of one commit: `killed_writer.py URL MOMENT`, the submission on standard input.

`MOMENT` is `decided` (the box is as it was), `boxed` (the box has changed, the ledger has not) or `stored` (both have,
and nobody was told).
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.ballot_boxes import open_boxes
from ledger.contract import Submission
from ledger.database import locate, open_store
from ledger.evidence import Evidence
from ledger.keys import Keys
from ledger.opening import clock_of
from ledger.writer import Writer


def killed(call: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def dying(*given: Any) -> Any:
        if after:
            call(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    return dying


def main(url: str, moment: str) -> None:
    place = locate(url)
    store, boxes, keys = open_store(url), open_boxes(url), Keys(Path(place.keys))
    evidence = Evidence(Path(place.evidence), keys)
    writer = Writer(store, keys, DEFAULT, announced(), clock_of(store), evidence, boxes=boxes)
    if moment == "stored":
        store.append = killed(store.append, after=True)  # type: ignore[method-assign]
    else:
        boxes.apply = killed(boxes.apply, after=moment == "boxed")  # type: ignore[method-assign]
    writer.commit([msgspec.json.decode(sys.stdin.buffer.read(), type=Submission)])


if __name__ == "__main__":
    main(*sys.argv[1:])
