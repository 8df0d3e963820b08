"""The claims a ledger holds, all of them at one moment: what `verify` compares with the states."""

from contextlib import closing

from ledger import postgres_schema, sqlite_schema
from ledger.database import locate


def held_claims(url: str) -> tuple[int, dict[str, bytes]]:
    """The head position and, as of it, every claim with the stream that holds it."""
    place = locate(url)
    if place.file is not None:
        with closing(sqlite_schema.connect(place.file, writing=False)) as sqlite:
            sqlite.execute("BEGIN")
            head = sqlite.execute("SELECT position FROM head").fetchone()
            return int(head[0]), dict(sqlite.execute("SELECT name, stream FROM claim").fetchall())
    with postgres_schema.connect(url) as postgres, postgres.transaction():
        postgres.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = postgres.execute("SELECT position FROM ledger.head").fetchone()
        assert found is not None
        claims = postgres.execute("SELECT name, stream FROM ledger.claim").fetchall()
        return int(found[0]), {name: bytes(stream) for name, stream in claims}
