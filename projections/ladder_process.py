"""The process of what is due by itself, the rungs of the ladder and deadlines counted anew when a year is announced:
`python -m projections.ladder_process`. It reads the ledger and submits to the writer until SIGTERM; killed or started
twice, it does no harm.

Settings come from the environment: `LUOSHI_DATABASE` and `LUOSHI_SOCKET`. Exit code 2 means a wrong setting, named in
one line. On a real ledger time is the host's; a demonstration ledger tells its own, so there nothing is recorded while
nothing is submitted.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.contract import Gate, Reader, Unavailable
from ledger.database import WrongDatabase, locate, open_reader
from ledger.gate import SocketGate
from ledger.opening import marker
from projections.days import instant
from projections.recounting import Recounting
from projections.urging import Urging

LOOK: Final = 5.0
"""Seconds after which a quiet ladder looks at the clock."""
REST: Final = 0.5
"""Seconds between two turns, so that under load one turn takes in what many commits stored."""
NICENESS: Final = 10

log = logging.getLogger(__name__)


def now(reader: Reader, *, simulated: bool) -> datetime:
    """The time of the ledger: the last one recorded where it is simulated."""
    return instant(reader.head().recorded_at) if simulated else datetime.now(UTC)


def keep(reader: Reader, gate: Gate, stop: threading.Event, runner: asyncio.Runner) -> None:
    """Turns until `stop` is set. While the writer is away, what is due waits."""
    opened = marker(reader)
    simulated = opened is not None and opened.demonstration
    recounting = Recounting(reader, gate, announced(), DEFAULT, simulated=simulated)
    urging = Urging(reader, gate, announced(), DEFAULT, simulated=simulated)
    told = False
    while not stop.is_set():
        try:
            # Days are counted before anybody is urged towards them.
            runner.run(recounting.turn(now(reader, simulated=simulated)))
            runner.run(urging.turn(now(reader, simulated=simulated)))
        except Unavailable as away:
            log.warning("what is due waits: %s", away.args[0])
        if not urging.appointed and not told:
            log.warning("无人任催办员（urger），不发催办 / nobody holds the role urger; no notice is sent")
        told = not urging.appointed
        if not stop.wait(REST):
            reader.wait(min(recounting.position, urging.position), LOOK)


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="ladder: %(message)s")
    os.nice(NICENESS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        place = locate(os.environ.get("LUOSHI_DATABASE", "sqlite:///data/luoshi.db"))
        reader = open_reader(place.url)
    except WrongDatabase as wrong:
        sys.stderr.write(f"luoshi: {wrong.zh}。{wrong.en}\n")
        return 2
    gate = SocketGate(Path(os.environ.get("LUOSHI_SOCKET") or place.keys.with_suffix(".sock")))
    with asyncio.Runner() as runner:
        try:
            keep(reader, gate, stop, runner)
        finally:
            runner.run(gate.close())
            reader.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
