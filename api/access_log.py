"""Who opened sealed fields or fetched evidence: a file of JSON lines, each holding the hash of the one before, so that
nothing can be taken out or changed without breaking the chain. Several processes may append to one file.

`hash` is the SHA-256 of the line without it (keys sorted, no blanks); `previous` is the hash of the line before, 64
zeros at first. Times are real time, even on a demonstration ledger.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson

FIRST = "0" * 64
TAIL = 1 << 16


class Entry(NamedTuple):
    """One request. `outcome` is `opened`, `downloaded` or the rule that refused it. A download names no person, for a
    key alone permits it."""

    client: str
    person: str
    reason: str
    positions: tuple[int, ...]
    outcome: str
    evidence: str = ""
    """Digest of the file that was fetched."""


class AccessLog:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, entry: Entry) -> str:
        """Returns the hash of the new line once it is durable."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            last = _last(file)
            line: dict[str, Any] = {
                **entry._asdict(),
                "number": (last["number"] if last else 0) + 1,
                "at": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
                "previous": last["hash"] if last else FIRST,
            }
            line["hash"] = _hash(line)
            written = orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
            # A line torn by a power cut is closed off, so that it stays visible and alone.
            os.write(file, written if _whole(file) else b"\n" + written)
            os.fsync(file)
        finally:
            os.close(file)
        return str(line["hash"])

    def check(self) -> Iterator[str]:
        """What is wrong with the chain, a sentence each; nothing when it holds."""
        if not self._path.exists():
            return
        previous, number = FIRST, 0
        with self._path.open("rb") as file:
            for place, written in enumerate(file, 1):
                try:
                    line = orjson.loads(written)
                    claimed = line.pop("hash")
                except (orjson.JSONDecodeError, KeyError, AttributeError):
                    yield f"line {place} is torn"
                    continue
                if claimed != (found := _hash(line)):
                    yield f"line {place} was changed"
                if line.get("previous") != previous or line.get("number") != number + 1:
                    yield f"line {place} does not follow the one before it"
                previous, number = found, line.get("number", number + 1)


def _hash(line: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(line, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _whole(file: int) -> bool:
    size = os.fstat(file).st_size
    return not size or os.pread(file, 1, size - 1) == b"\n"


def _last(file: int) -> dict[str, Any] | None:
    """The last whole line. A torn one, left by a power cut, ends without a newline and is passed over."""
    size = os.fstat(file).st_size
    reach = TAIL
    while size:
        end = os.pread(file, reach, max(0, size - reach))
        lines = end.split(b"\n")[:-1] if reach >= size else end.split(b"\n")[1:-1]
        if lines:
            return dict(orjson.loads(lines[-1]))
        if reach >= size:
            break
        reach *= 4
    return None
