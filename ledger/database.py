"""A database by its address, and the files that lie beside it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ledger import sqlite_schema
from ledger.contract import Reader, Store
from ledger.sqlite_reader import SqliteReader
from ledger.sqlite_store import SqliteStore

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql://"


class WrongDatabase(ValueError):  # noqa: N818 - what the address is
    """The address names no ledger we can open. `zh` and `en` are one sentence each, fit to be shown."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class Place(NamedTuple):
    """Where a ledger and its companions live. Nothing of it need exist."""

    url: str
    file: Path | None
    """The SQLite file; None on PostgreSQL."""
    keys: Path
    """SQLite file (mode 600) with the keys of sealed subjects."""
    evidence: Path
    """Directory of encrypted evidence files."""
    views: Path | None
    """Directory of view generations on SQLite; on PostgreSQL they are schemas."""


def locate(url: str) -> Place:
    """Takes `sqlite:///relative/path`, `sqlite:////absolute/path` or `postgresql://…`; raises WrongDatabase on
    anything else. Never echoes the address: it may hold a password."""
    if url.startswith(POSTGRESQL):
        return Place(
            url,
            None,
            Path(os.environ.get("LUOSHI_KEYS") or "data/luoshi.keys"),
            Path(os.environ.get("LUOSHI_EVIDENCE") or "data/evidence"),
            None,
        )
    name = url.removeprefix(SQLITE)
    if not url.startswith(SQLITE) or name.startswith(":") or "?" in name or "\0" in name:
        raise WrongDatabase(
            "数据库地址应为 sqlite:///路径 或 postgresql://…",
            "the database is given as sqlite:///path or postgresql://…",
        )
    if not name or name.endswith("/"):
        raise WrongDatabase("sqlite:/// 之后缺少文件名", "a file name is missing after sqlite:///")
    file = Path(name)
    stem = name.removesuffix(".db")
    return Place(url, file, Path(f"{stem}.keys"), Path(f"{stem}.evidence"), Path(f"{name}.views"))


def open_store(url: str, *, create: bool = False) -> Store:
    """For the writer. With `create`, makes file and tables when they are missing, else raises WrongDatabase."""
    place = locate(url)
    if place.file is None:
        from ledger import postgres_database  # noqa: PLC0415 - a driver that takes 6 MB, only where needed

        return postgres_database.open_store(url, create=create)
    _ready_sqlite(place.file, create=create)
    return SqliteStore(place.file)


def open_reader(url: str) -> Reader:
    """For everyone else; raises WrongDatabase when there is no ledger."""
    place = locate(url)
    if place.file is None:
        from ledger import postgres_database  # noqa: PLC0415

        return postgres_database.open_reader(url)
    _ready_sqlite(place.file, create=False)
    return SqliteReader(place.file)


def _ready_sqlite(file: Path, *, create: bool) -> None:
    try:
        if create:
            sqlite_schema.create(file)
        elif not file.exists():
            raise WrongDatabase(f"没有这个数据库文件：{file}", f"there is no database file {file}")
        with closing(sqlite_schema.connect(file, writing=False)) as connection:
            found = sqlite_schema.is_ledger(connection)
    except (sqlite3.Error, OSError) as error:
        raise WrongDatabase(
            f"打不开数据库文件 {file}：{error}", f"cannot open the database file {file}: {error}"
        ) from error
    if not found:
        raise WrongDatabase(f"{file} 不是落实的台账", f"{file} is not a Luoshi ledger")
