"""What a site may set. Command-line values win over `LUOSHI_*` variables, and those over the defaults beside the
database. A wrong one raises `WrongSetting`, whose text is one line, Chinese then English."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.database import WrongDatabase, locate

DEFAULT_DATABASE = "sqlite:///data/luoshi.db"
MAX_PORT = 65535


class WrongSetting(Exception):  # noqa: N818 - it is an answer to the operator
    """`str()` is the one line to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Checked settings of one running system. Paths may not exist yet."""

    database: str
    """`sqlite:///path` or `postgresql://…`."""
    keys: Path
    """Keys of sealed subjects: never among the backups of the database."""
    evidence: Path
    access_log: Path
    """Hash-chained log of who opened sealed fields."""
    socket: Path
    """Unix socket of the writer."""
    host: str = "127.0.0.1"
    port: int = 8000


def settings(given: Mapping[str, str | None] | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads `database`, `keys`, `evidence`, `access_log`, `socket`, `host` and `port` from `given`, else from
    `LUOSHI_DATABASE` and so on. What is set to the empty text counts as not set."""
    given = given or {}

    def value(name: str) -> str | None:
        return given.get(name) or environ.get(f"LUOSHI_{name.upper()}")

    try:
        place = locate(value("database") or DEFAULT_DATABASE)
    except WrongDatabase as wrong:
        raise WrongSetting(f"{wrong.zh}。{wrong.en}") from wrong
    if place.file is not None and place.file.is_dir():
        raise WrongSetting(f"应为数据库文件而非目录：{place.file}。The database is a directory: {place.file}")
    return Settings(
        database=place.url,
        keys=_path(value("keys"), place.keys, directory=False),
        evidence=_path(value("evidence"), place.evidence, directory=True),
        access_log=_path(value("access_log"), place.keys.with_suffix(".access.log"), directory=False),
        socket=_path(value("socket"), place.keys.with_suffix(".sock"), directory=False),
        host=value("host") or "127.0.0.1",
        port=_port(value("port") or "8000"),
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
