"""Where a writer's batches are stored: here, or in a process of its own that stores one while the next is decided.

A few events are stored sooner here than it takes to hand them over; of many, deciding takes as long as storing.
"""

import os
import subprocess
import sys
from typing import BinaryIO, Final, Protocol, cast

import msgspec

from ledger import storing_process
from ledger.contract import Batch, HeadMoved, Malformed, Store, Taken
from ledger.leaf import with_leaves
from ledger.storing_process import Answer, read_frame, write_frame


class Storing(Protocol):
    """One batch at a time."""

    def begin(self, batch: Batch) -> None:
        """The batch, whose events have no leaves yet, is on its way; whether it was stored is what `finish` says."""

    def finish(self) -> None:
        """As `Store.append` of the batch begun with its leaves: durable on return, or raises what that raises."""


class Here:
    """Stores nothing before it is asked to finish."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._begun: Batch | None = None

    def begin(self, batch: Batch) -> None:
        self._begun = batch

    def finish(self) -> None:
        begun, self._begun = self._begun, None
        assert begun is not None
        self._store.append(with_leaves(begun))


class BySize:
    """Large batches in a process of its own, small ones here. `pid` is that of the process."""

    def __init__(self, store: Store, url: str) -> None:
        self._here = Here(store)
        self._apart = Apart(url)
        self._chosen: Storing = self._here

    @property
    def apart(self) -> "Apart | None":
        """Where the batch under way is stored, unless that waits for `finish`."""
        return self._apart if self._chosen is self._apart else None

    def begin(self, batch: Batch) -> None:
        self._chosen = self._apart if len(batch.events) >= MANY else self._here
        self._chosen.begin(batch)

    def finish(self) -> None:
        self._chosen.finish()

    def close(self) -> None:
        self._apart.close()


class StorerFailed(Exception):  # noqa: N818
    """The storing process failed or died: whether the batch is stored is unknown."""


MANY: Final = 200
"""Events from which handing over pays."""
PIPE: Final = 1 << 20
"""Bytes of a pipe, which hold most batches: the writer then need not wait for the other side to read."""

_RAISED: Final = {kind.__name__: kind for kind in (HeadMoved, Taken, Malformed)}
_encode: Final = msgspec.msgpack.Encoder().encode
_answer: Final = msgspec.msgpack.Decoder(Answer).decode


class Apart:
    """A process that appends to the ledger at `url`. One that died is started again with the next batch. It ends when
    its input does, so it never outlives this process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        # The address may hold a password, so it is no argument that others could list.
        return subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", storing_process.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE,
            env={**os.environ, "LUOSHI_DATABASE": self._url},
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def begin(self, batch: Batch) -> None:
        if self._process.poll() is not None:
            self.close()
            self._process = self._started()
        try:
            write_frame(cast("BinaryIO", self._process.stdin), _encode(batch))
        except OSError:
            # `finish` finds it dead.
            self._process.kill()

    def finish(self) -> None:
        try:
            written = read_frame(cast("BinaryIO", self._process.stdout))
        except OSError as error:
            raise StorerFailed(str(error)) from error
        if written is None:
            self._process.kill()
            self._process.wait()
            raise StorerFailed("the storing process died")
        raised, why = _answer(written)
        if raised:
            raise _RAISED.get(raised, StorerFailed)(why)

    def fileno(self) -> int:
        """Becomes readable once `finish` will not wait."""
        return cast("BinaryIO", self._process.stdout).fileno()

    def close(self) -> None:
        """Lets what was begun be stored."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                cast("BinaryIO", pipe).close()
            except OSError:
                continue
        self._process.wait()
