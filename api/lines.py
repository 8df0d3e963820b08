"""A stream of bytes into numbered lines, in bounded memory, however long a line is."""

from typing import NamedTuple

MAX_LINE = 1 << 20
MAX_LINES = 1_000
BLANK = b" \t\r"


class Line(NamedTuple):
    """`text` is None for a line over 1 MiB, whose bytes were dropped as they came."""

    number: int
    text: bytes | None


class Splitter:
    """Feed it parts; it gives back the complete lines, numbered from 1. Blank lines count but are not given back."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self._limit = limit
        self._number = 0
        self._rest = b""
        self._dropping = False

    def feed(self, part: bytes) -> list[Line]:
        pieces = part.split(b"\n")
        if len(pieces) == 1:
            self._keep(part)
            return []
        self._keep(pieces[0])
        found = self._end()
        number = self._number
        for piece in pieces[1:-1]:
            number += 1
            if len(piece) > self._limit:
                found.append(Line(number, None))
            elif piece.strip(BLANK):
                found.append(Line(number, piece))
        self._number = number
        self._keep(pieces[-1])
        return found

    def finish(self) -> list[Line]:
        """The last line, when it has no newline."""
        return self._end()

    def _keep(self, piece: bytes) -> None:
        if self._dropping:
            return
        if len(self._rest) + len(piece) > self._limit:
            self._rest = b""
            self._dropping = True
        else:
            self._rest = self._rest + piece if self._rest else piece

    def _end(self) -> list[Line]:
        rest, dropped = self._rest, self._dropping
        self._rest, self._dropping = b"", False
        self._number += 1
        if dropped:
            return [Line(self._number, None)]
        return [Line(self._number, rest)] if rest.strip(BLANK) else []


def take(lines: list[Line]) -> list[Line]:
    """Removes from the front what may go to the writer in one piece: a run of lines with text, at most 1,000 of them
    and about 1 MiB together; or the one line that has none."""
    count = size = 0
    for line in lines[:MAX_LINES]:
        if line.text is None:
            break
        size += len(line.text) + 1
        if count and size > MAX_LINE:
            break
        count += 1
    count = count or min(1, len(lines))
    taken = lines[:count]
    del lines[:count]
    return taken
