"""Which things are to be looked at on which days, however many they are.

It lies in a private temporary file of SQLite that goes with its connection, so that a million open matters take no
memory. Nothing in it is worth keeping: whoever fills it can read the ledger again.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final

CACHE_KIB: Final = 4_096


class Agenda:
    """Days are ordinals. For one thread at a time."""

    def __init__(self) -> None:
        # The empty name makes a file of its own, unlinked as soon as it is there.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in (f"cache_size = -{CACHE_KIB}", "temp_store = FILE", "journal_mode = OFF", "synchronous = OFF"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("CREATE TABLE agenda (day INTEGER, thing BLOB, PRIMARY KEY (day, thing)) WITHOUT ROWID")

    def put(self, day: int, things: Iterable[bytes]) -> None:
        """A thing may stand under several days; twice under one is once."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT OR IGNORE INTO agenda VALUES (?, ?)", ((day, thing) for thing in things))
        self._file.execute("COMMIT")

    def take(self, upto: int, most: int) -> list[bytes]:
        """At most so many of the things up to a day, the longest due first; they are forgotten there."""
        found = self._file.execute(
            "SELECT day, thing FROM agenda WHERE day <= ? ORDER BY day, thing LIMIT ?", (upto, most)
        ).fetchall()
        if found:
            self._file.execute("DELETE FROM agenda WHERE (day, thing) <= (?, ?)", found[-1])
        return list(dict.fromkeys(thing for _, thing in found))

    def repeat(self, since: int, day: int) -> None:
        """Whatever stands under `since` or later is to be looked at on `day` too."""
        self._file.execute("INSERT OR IGNORE INTO agenda SELECT ?, thing FROM agenda WHERE day >= ?", (day, since))

    def close(self) -> None:
        self._file.close()
