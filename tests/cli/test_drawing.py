"""Anyone draws again what the ledger drew, and codes come without a trace of who gets which."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.examples_appraisal import FRAME
from cli.main import app
from domain.ballots import code_hash

SEED = "03 11 17 22 28 31 + 09"


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    path = tmp_path / "frame.csv"
    path.write_bytes(FRAME)
    return path


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_a_draw_is_drawn_again_and_compared(frame: Path):
    asked = ("draw", str(frame), "--seed", SEED, "--residents", "2", "--enterprises", "1")
    first = run(*asked)
    digest = hashlib.sha256(first.stdout.encode()).hexdigest()
    assert (first.exit_code, len(first.stdout.splitlines())) == (0, 3)
    assert digest in first.stderr
    assert set(first.stdout.splitlines()) < set(FRAME.decode().splitlines())
    assert run(*asked, "--expect", digest.upper()).exit_code == 0
    other = run(*asked, "--expect", "0" * 64)
    assert (other.exit_code, "与公布的摘要不符" in other.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--residents", "4", "--enterprises", "1"), "3 in the frame, 4 to be drawn"),
        (("--residents", "1", "--enterprises", "0"), "2 in the frame, 0 to be drawn"),
    ],
)
def test_more_than_there_are_cannot_be_drawn(frame: Path, words: tuple[str, ...], said: str):
    asked = run("draw", str(frame), "--seed", SEED, *words)
    assert (asked.exit_code, said in asked.stderr) == (2, True)


def test_what_is_no_frame_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "frame.csv").write_text("somebody\n")
    for name in ("frame.csv", "none.csv"):
        asked = run("draw", str(tmp_path / name), "--seed", "1", "--residents", "1", "--enterprises", "1")
        assert (asked.exit_code, asked.stdout, len(asked.stderr.splitlines())) == (2, "", 1)


def test_codes_and_their_hashes():
    made = json.loads(run("codes", "50").stdout)
    assert len(set(made["codes"])) == 50
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in made["codes"])
    assert made["hashes"] == sorted(map(code_hash, made["codes"]))
    assert made["codes"] == sorted(made["codes"])
