"""What a site may set. Command-line values win over `LUOSHI_*` variables, and those over the defaults beside the
database. A wrong one raises `WrongSetting`, whose text is one line, Chinese then English."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_DATABASE = "sqlite:///data/luoshi.db"
SQLITE = "sqlite:///"
MAX_PORT = 65535


class WrongSetting(Exception):  # noqa: N818 - it is an answer to the operator
    """`str()` is the one line to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Checked settings of one running system. Paths may not exist yet."""

    database: str
    """`sqlite:///path` or `postgresql://…`."""
    keys: Path
    """Keys of sealed subjects: never beside the backups of the database."""
    evidence: Path
    access_log: Path
    """Hash-chained log of who opened sealed fields."""
    socket: Path
    """Unix socket of the writer."""
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def sqlite(self) -> Path | None:
        """The database file, when it is SQLite."""
        return Path(self.database.removeprefix(SQLITE)) if self.database.startswith(SQLITE) else None


def settings(given: Mapping[str, str | None] | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads `database`, `keys`, `evidence`, `access_log`, `socket`, `host` and `port` from `given`, else from
    `LUOSHI_DATABASE` and so on."""
    given = given or {}

    def value(name: str) -> str | None:
        found = given.get(name)
        return found if found is not None else environ.get(f"LUOSHI_{name.upper()}")

    database = _database(value("database") or DEFAULT_DATABASE)
    file = Path(database.removeprefix(SQLITE)) if database.startswith(SQLITE) else Path("data/luoshi.db")
    return Settings(
        database=database,
        keys=_path(value("keys"), file.with_suffix(".keys"), directory=False),
        evidence=_path(value("evidence"), file.with_suffix(".evidence"), directory=True),
        access_log=_path(value("access_log"), file.with_suffix(".access.log"), directory=False),
        socket=_path(value("socket"), file.with_suffix(".sock"), directory=False),
        host=value("host") or "127.0.0.1",
        port=_port(value("port") or "8000"),
    )


def _database(url: str) -> str:
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE))
        if not path.name or path.is_dir():
            raise WrongSetting(f"数据库地址没有文件名：{url}。The database URL names no file: {url}")
        return url
    parts = urlsplit(url)
    if parts.scheme in {"postgresql", "postgres"}:
        if not parts.path.strip("/"):
            raise WrongSetting("PostgreSQL 地址没有数据库名。The PostgreSQL URL names no database")
        return url
    scheme = parts.scheme or "?"
    raise WrongSetting(
        f"数据库须为 sqlite:///路径 或 postgresql://…（不支持 {scheme}）。"
        f"The database must be sqlite:///path or postgresql://… (not {scheme})"
    )


def _path(given: str | None, default: Path, *, directory: bool) -> Path:
    path = Path(given) if given else default
    if directory and path.exists() and not path.is_dir():
        raise WrongSetting(f"应为目录：{path}。Not a directory: {path}")
    if not directory and path.is_dir():
        raise WrongSetting(f"应为文件而非目录：{path}。A file is wanted, not a directory: {path}")
    return path


def _port(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MAX_PORT):
        raise WrongSetting(f"端口须为 1–65535 的整数：{given}。The port must be a number from 1 to 65535: {given}")
    return int(given)
