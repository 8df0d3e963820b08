"""The file with the keys, beside the ledger and for its owner's eyes only (mode 600)."""

import json
import os
from pathlib import Path
from typing import Any

from api.settings import Settings, WrongSetting


def path_of(settings: Settings) -> Path:
    return settings.keys.with_name(f"{settings.keys.stem}.credentials.json")


def read(path: Path) -> dict[str, Any]:
    """What it holds; nothing when there is none. Raises WrongSetting on a file that is not ours."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WrongSetting(f"密钥清单 {path} 无法读取。Cannot read the credentials file {path}: {error}") from error
    if not isinstance(found, dict):
        raise WrongSetting(f"密钥清单 {path} 无法读取。Cannot read the credentials file {path}")
    return found


def write(path: Path, content: dict[str, Any]) -> None:
    """Durable, all or nothing, and never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
