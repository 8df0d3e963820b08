"""What every committed file keeps: it installs anywhere, and names no machine and no package index."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|(?<![\w-])-[fi] +(?:https?|file):|\bfile:/{2}", re.IGNORECASE)
HOME = re.compile(r"(?<![\w.])/(?:root|home|Users)/\w|[A-Za-z]:\\Users\\")


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = {}
    for path in committed():
        data = path.read_bytes()
        if b"\0" not in data and path != Path(__file__):
            found[str(path.relative_to(ROOT))] = data.decode()
    return found


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_packaging_names_no_host(name: str):
    assert "://" not in (ROOT / name).read_text()


def test_no_file_names_an_index_or_a_home_directory(texts: dict[str, str]):
    lines = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if INDEX.search(line.replace("--no-emit-index-url", "")) or HOME.search(line)
    ]
    assert lines == []


def test_every_pin_has_a_hash():
    pins = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text().strip())
    assert len(pins) > 50
    for pin in pins:
        assert re.match(r"[A-Za-z0-9_.\[\]-]+==[\w.!+]+ ", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]


def test_the_lock_pins_what_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = set(re.findall(r"^([a-z0-9-]+)(?:\[[\w,-]+\])?==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {re.split(r"[\[<>=! ;]", name)[0].lower() for name in named} <= pinned


def test_no_page_or_sheet_asks_another_host(texts: dict[str, str]):
    for name, text in texts.items():
        if name.startswith("web/"):
            assert re.findall(r"(?:src|href|action|url|@import)\W{1,3}(?:https?:)?//", text) == [], name
