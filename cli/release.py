"""The version that runs."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def release() -> str:
    """Of the installed package, or of the source tree when it runs from there."""
    try:
        return version("luoshi")
    except PackageNotFoundError:
        project = tomllib.loads(Path(__file__).parent.parent.joinpath("pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])
