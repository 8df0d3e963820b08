"""The tours of both READMEs, run as they stand against a served demonstration."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from demo_server import Demo

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```(sh|text)\n(.*?)\n```", re.DOTALL)
READMES = ("README.md", "README.zh-CN.md")


def fenced(name: str) -> list[tuple[str, str]]:
    """(language, content), a block of text being what the shell block before it prints."""
    return BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))


def run(script: str, demo: Demo) -> str:
    for written, meant in (
        ("http://127.0.0.1:8000", demo.url),
        ("DATA=data", f"DATA='{demo.data}'"),
        (".venv/bin/python", sys.executable),
        (".venv/bin/luoshi", f"{sys.executable} -m cli"),
    ):
        assert written in script, f"the tour no longer says {written}"
        script = script.replace(written, meant)
    done = subprocess.run(["sh", "-eu"], input=script, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", READMES)
def test_tour(name: str, demo: Demo):
    assert shutil.which("curl"), "the tour needs curl"
    found = fenced(name)
    mark = "== end of block =="
    script = "\n".join(f"{content}\necho '{mark}'" for language, content in found if language == "sh")
    printed = run(script, demo).split(f"{mark}\n")
    shell = -1
    for language, content in found:
        if language == "sh":
            shell += 1
        else:
            assert content in printed[shell]
    assert sum(language == "text" for language, _ in found) >= 5


def test_both_tours_run_the_same():
    english, chinese = ([content for language, content in fenced(name) if language == "sh"] for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("path", [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/ledger.md", "docs/adr/README.md"])
def test_links_lead_somewhere(path: str):
    links = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / path).read_text(encoding="utf-8"))
    for link in links:
        assert ((ROOT / path).parent / link).exists(), link


def test_the_example_of_an_event_type_is_the_real_one():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = ("domain/unit.py", "projections/names.py", "api/routes_units.py")
    real = {
        line.strip().rstrip(",") for name in files for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    }
    shown = [
        line.strip() for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    assert len(shown) > 20
    for line in filter(None, shown):
        assert line.removesuffix(" ...") in real, line
