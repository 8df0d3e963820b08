"""The keys of sealed subjects and evidence files, in a SQLite file of their own (mode 600).

It never lies in the event database or its backups: whoever destroys a key here has erased what it sealed, wherever
copies of the ciphertext are. A backup of this file is a promise to apply later erasures to it as well.
"""

import hashlib
import os
import sqlite3
import stat
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import NamedTuple

KEY_BYTES = 32
DIGEST = 16
CACHED = 50_000
"""Keys kept in memory: 50,000 take about 12 MB."""
MANY = 500

SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS key (subject TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS doomed (
    stream BLOB NOT NULL, version INTEGER NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;
"""


class KeysExposed(Exception):  # noqa: N818 - what it found
    """The key file may be read by others than its owner."""


class Doomed(NamedTuple):
    """An erasure that is being recorded as `version` of `stream`; the key goes once that event is stored."""

    stream: bytes
    version: int
    subject: str
    """Empty once the key is gone: the subject may have a new one by now."""


class Keys:
    """Opens or makes the key file. Any thread may use it; several processes may open the same file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Made with its mode, so that there is no moment in which others may read it.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                raise KeysExposed(
                    f"密钥文件 {path} 的权限为 {mode:o}，应为 600 / the key file {path} has mode {mode:o}, not 600"
                ) from None
        self._lock = Lock()
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (os.urandom(KEY_BYTES),))
        self._secret: bytes = self._db.execute("SELECT value FROM secret").fetchone()[0]
        self._begun: dict[bytes, hashlib.blake2b] = {}
        self._seen = self._data_version()

    def close(self) -> None:
        with self._lock:
            self._cache.clear()
            self._db.close()

    def digest(self, words: bytes, purpose: bytes) -> bytes:
        """A keyed digest of what a client chose (an idempotency key, a body), 16 bytes: equal words give equal digests,
        and without the secret in this file nobody can try out what the words were. `purpose` has at most 16 bytes."""
        # Copying a started hash spares its key block each time.
        begun = self._begun.get(purpose)
        if begun is None:
            begun = self._begun[purpose] = hashlib.blake2b(digest_size=DIGEST, key=self._secret, person=purpose)
        ended = begun.copy()
        ended.update(words)
        return ended.digest()

    def get_or_make(self, subjects: Iterable[str]) -> dict[str, bytes]:
        """A key for each subject. New ones are on disk before this returns."""
        with self._lock:
            self._forget_if_changed()
            wanted = set(subjects)
            held = {subject: key for subject in wanted if (key := self._cached(subject)) is not None}
            if missing := sorted(wanted - held.keys()):
                held |= self._load_or_make(missing)
            return held

    def get(self, subject: str) -> bytes | None:
        """The key, or None when there never was one or it was destroyed."""
        with self._lock:
            self._forget_if_changed()
            key = self._cached(subject)
            if key is None and (
                row := self._db.execute("SELECT value FROM key WHERE subject = ?", (subject,)).fetchone()
            ):
                key = row[0]
                self._keep({subject: key})
            return key

    def put(self, name: str, key: bytes) -> None:
        """Keeps a key made elsewhere (of an evidence file) under a name of its own."""
        with self._lock:
            self._db.execute("INSERT INTO key VALUES (?, ?)", (name, key))

    def destroy(self, subject: str) -> bool:
        """Overwrites the key with zeros in the file and empties its log; False when there was none."""
        with self._lock:
            self._cache.pop(subject, None)
            found = self._db.execute("DELETE FROM key WHERE subject = ?", (subject,)).rowcount > 0
            self._empty_log()
            return found

    def _empty_log(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # An erasure touches two databases. The mark below is made before its event is stored and taken away after the
    # key is gone, so that a crash in between is finished at the next start.

    def doom(self, marks: Iterable[Doomed]) -> None:
        with self._lock:
            self._db.executemany("INSERT OR REPLACE INTO doomed VALUES (?, ?, ?)", list(marks))

    def doomed(self) -> list[Doomed]:
        with self._lock:
            rows = self._db.execute("SELECT stream, version, subject FROM doomed").fetchall()
        return [Doomed(*row) for row in rows]

    def carry_out(self, mark: Doomed) -> None:
        """Destroys the key that a mark names, once; the mark stays and tells so. Asked again, it only makes sure that
        the log is empty."""
        with self._lock:
            self._cache.pop(mark.subject, None)
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self._db.execute(
                    "UPDATE doomed SET subject = '' WHERE stream = ? AND version = ? AND subject = ? AND subject != ''",
                    mark,
                ).rowcount:
                    self._db.execute("DELETE FROM key WHERE subject = ?", (mark.subject,))
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._empty_log()

    def undoom(self, mark: Doomed) -> None:
        with self._lock:
            self._db.execute("DELETE FROM doomed WHERE stream = ? AND version = ?", mark[:2])

    def _load_or_make(self, subjects: list[str]) -> dict[str, bytes]:
        found = self._load(subjects)
        if missing := [subject for subject in subjects if subject not in found]:
            fresh = os.urandom(KEY_BYTES * len(missing))
            made = [(name, fresh[n * KEY_BYTES : (n + 1) * KEY_BYTES]) for n, name in enumerate(missing)]
            self._db.execute("BEGIN IMMEDIATE")
            try:
                # Another process may have made one meanwhile; theirs stands.
                self._db.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", made)
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            found |= self._load(missing)
        self._keep(found)
        return found

    def _load(self, subjects: list[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for start in range(0, len(subjects), MANY):
            some = subjects[start : start + MANY]
            marks = ",".join("?" * len(some))
            found |= dict(self._db.execute(f"SELECT subject, value FROM key WHERE subject IN ({marks})", some))  # noqa: S608
        return found

    def _cached(self, subject: str) -> bytes | None:
        key = self._cache.get(subject)
        if key is not None:
            self._cache.move_to_end(subject)
        return key

    def _keep(self, keys: dict[str, bytes]) -> None:
        self._cache |= keys
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _forget_if_changed(self) -> None:
        # Another process wrote to the file: a key kept in memory may be one it destroyed.
        now = self._data_version()
        if now != self._seen:
            self._seen = now
            self._cache.clear()
