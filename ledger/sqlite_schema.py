"""One SQLite file: how it is opened, and the tables in it."""

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

APPLICATION_ID = 0x6C756F73  # "luos", so that `file` and we know the file
CHECKPOINT_PAGES = (
    16_000  # 64 MB: a checkpoint holds one commit up, so it should be rare; pages written twice are saved
)
LOG_BYTES = 80 << 20
"""What the write-ahead log keeps of a greater size that a long read brought it to. It lies above the size it has
between two checkpoints: a log that is cut off and grows again each time makes appends a fifth slower (measured)."""
WRITE_CACHE_KIB = 32_768
READ_CACHE_KIB = 16_384
LOCK_PATIENCE = 30.0  # seconds another process may hold the file

SCHEMA = (
    """
    CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        position INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL
    ) STRICT
    """,
    "INSERT INTO head VALUES (1, 0, 0)",
    # `previous` makes the database itself refuse a version whose predecessor is missing: the key it refers to is in
    # the index page the insert touches anyway, so it costs nothing that could be measured.
    """
    CREATE TABLE event (
        position INTEGER PRIMARY KEY,
        stream BLOB NOT NULL CHECK (length(stream) = 16),
        version INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        name TEXT NOT NULL,
        state BLOB NOT NULL,
        leaf BLOB NOT NULL CHECK (length(leaf) = 32),
        previous INTEGER GENERATED ALWAYS AS (CASE WHEN version > 1 THEN version - 1 END) VIRTUAL,
        UNIQUE (stream, version),
        FOREIGN KEY (stream, previous) REFERENCES event (stream, version)
    ) STRICT
    """,
    """
    CREATE TABLE request (
        client TEXT NOT NULL,
        key BLOB NOT NULL,
        body_hash BLOB NOT NULL,
        position INTEGER NOT NULL,
        size INTEGER NOT NULL,
        PRIMARY KEY (client, key)
    ) STRICT, WITHOUT ROWID
    """,
    # A row is erased by zeros over its box, in place: a deleted row makes SQLite move its neighbours about and leave
    # copies of them in pages that only look empty. For the same reason it has a rowid: new rows go to the end, and no
    # full page is ever split.
    """
    CREATE TABLE sealed (
        id INTEGER PRIMARY KEY,
        position INTEGER NOT NULL,
        path TEXT NOT NULL,
        subject TEXT NOT NULL,
        erased INTEGER NOT NULL,
        box BLOB NOT NULL,
        UNIQUE (position, path)
    ) STRICT
    """,
    "CREATE INDEX sealed_subject ON sealed (subject)",
    "CREATE TABLE claim (name TEXT PRIMARY KEY, stream BLOB NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE api_key (
        id TEXT PRIMARY KEY,
        hash BLOB NOT NULL,
        client TEXT NOT NULL,
        scopes TEXT NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER,
        revoked INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE tracking (application TEXT PRIMARY KEY, notification_id INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)


def connect(path: Path, *, writing: bool) -> sqlite3.Connection:
    """A connection any thread may use, one at a time. Transactions are always spelled out."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=LOCK_PATIENCE,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    pragmas = [f"cache_size = -{WRITE_CACHE_KIB if writing else READ_CACHE_KIB}"]
    if writing:
        pragmas += [
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
            f"journal_size_limit = {LOG_BYTES}",
        ]
    else:
        pragmas.append("query_only = ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create(path: Path) -> None:
    """Makes file and tables unless they are there; any number of processes may do so at once. A new file is its
    owner's alone, as SQLite then makes the files beside it; one that holds something else is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=LOCK_PATIENCE, isolation_level=None)
    try:
        if not _is_empty(connection):
            return
        _turn_on_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    finally:
        connection.close()


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def is_ledger(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def _turn_on_wal(connection: sqlite3.Connection) -> None:
    # The change of journal mode does not honour the busy timeout, so we wait for the other creator ourselves.
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return
