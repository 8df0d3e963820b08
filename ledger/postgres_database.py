"""Opening a ledger in PostgreSQL. What cannot be opened is `WrongDatabase`, which never echoes the address."""

import psycopg

from ledger import postgres_schema
from ledger.contract import Reader, Store
from ledger.database import WrongDatabase
from ledger.postgres_reader import PostgresReader
from ledger.postgres_store import PostgresStore


def open_store(url: str, *, create: bool) -> Store:
    _ready(url, create=create)
    return PostgresStore(url)


def open_reader(url: str) -> Reader:
    _ready(url, create=False)
    return PostgresReader(url)


def _ready(url: str, *, create: bool) -> None:
    try:
        if create:
            postgres_schema.create(url)
        with postgres_schema.connect(url) as connection:
            found = postgres_schema.is_ledger(connection)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        raise WrongDatabase(f"连不上 PostgreSQL：{reason}", f"cannot reach PostgreSQL: {reason}") from error
    if not found:
        raise WrongDatabase("这个 PostgreSQL 数据库里没有落实的台账", "this PostgreSQL database holds no Luoshi ledger")
