"""What was stored is read for ever: one stored sample per event name and version."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.event import EVENTS
from ledger.codec import decode_event

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
STORED = sorted(path.stem for path in SAMPLES.glob("*.json"))


def test_every_event_has_its_sample():
    missing = sorted(name for name in EVENTS if not (SAMPLES / f"{name}.txt").exists())
    assert not missing, (
        f"{len(missing)} events have no stored sample. Make and commit them with:\n"
        f"    .venv/bin/python -m tests.samples.new {' '.join(missing)}"
    )


@pytest.mark.parametrize("name", STORED)
def test_the_sample_is_read_as_it_was_meant(name: str):
    meant = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n")
    assert repr(decode_event(name, (SAMPLES / f"{name}.json").read_bytes())) == meant, (
        f"{name} no longer decodes to what it meant when it was stored. Give the changed event a new version "
        "and read the old one into it; the sample stays as it is."
    )


def test_a_sample_is_never_written_again():
    files = {path: path.read_bytes() for path in SAMPLES.glob("unit_registered.1.*")}
    assert len(files) == 2
    for name in ("unit_registered.1", "no_such_event.1"):
        command = [sys.executable, "-m", "tests.samples.new", name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert name in done.stderr
    assert {path: path.read_bytes() for path in SAMPLES.glob("unit_registered.1.*")} == files
    assert not list(SAMPLES.glob("no_such_event*"))
