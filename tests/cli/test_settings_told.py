"""Help that reads well, and one clear line for a wrong setting."""

import re
import socket
import sys

import pytest

from api.settings import settings
from cli import main as cli
from cli.opening import NewLedger, make_ready

COMMANDS = ("serve", "demo", "rebuild", "verify", "doctor")


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in ("DATABASE", "KEYS", "EVIDENCE", "HOST", "PORT"):
        monkeypatch.delenv(f"LUOSHI_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def luoshi(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["luoshi", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_help_lists_every_command_in_chinese_and_english(monkeypatch, capsys):
    assert luoshi(monkeypatch, "--help") == 0
    shown = capsys.readouterr().out
    assert "落实" in shown
    assert "选项 Options" in shown
    for command in COMMANDS:
        assert re.search(rf"│ {command} +[\u4e00-\u9fff]", shown), command


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(monkeypatch, capsys, command):
    assert luoshi(monkeypatch, command, "--help") == 0
    shown = capsys.readouterr().out
    assert "--database" in shown
    assert re.search(r"[\u4e00-\u9fff]", shown)
    assert re.search(r"[A-Z][a-z]+ [a-z]+", shown)
    # Whoever reads docstrings on a terminal should see no markup of another kind.
    assert "``" not in shown


def test_version(monkeypatch, capsys):
    assert luoshi(monkeypatch, "--version") == 0
    assert re.fullmatch(r"luoshi \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_nothing_asked_shows_help(monkeypatch, capsys):
    luoshi(monkeypatch)
    told = capsys.readouterr()
    assert "demo" in told.out
    assert told.err == ""


WRONG = {
    "database of another kind": (["serve", "--database", "mysql://root:secret@host/x"], "sqlite:///"),
    "database without a name": (["verify", "--database", "sqlite:///"], "sqlite:///"),
    "database is a directory": (["doctor", "--database", "sqlite:///."], "directory"),
    "database is a directory there": (["serve", "--database", "sqlite:///made"], "directory"),
    "no such database": (["verify", "--database", "sqlite:///none.db"], "no database file"),
    "no such database to rebuild": (["rebuild", "--database", "sqlite:///none.db"], "no database file"),
    "not a database": (["serve", "--database", "sqlite:///text.db", "--port", "1"], "text.db"),
    "PostgreSQL not reachable": (["verify", "--database", "postgresql://u:secret@127.0.0.1:1/x"], "PostgreSQL"),
    "port is no number": (["serve", "--port", "eighty"], "port"),
    "port out of range": (["demo", "--port", "65536"], "port"),
    "host that is nobody's": (["serve", "--host", "203.0.113.9"], "--port"),
    "keys is a directory": (["serve", "--keys", "made"], "made"),
    "evidence is a file": (["serve", "--evidence", "text.db"], "text.db"),
    "keys nowhere": (["serve", "--keys", "/proc/none/keys", "--port", "PORT"], "/proc/none"),
    "evidence nowhere": (["demo", "--data", "/proc/none", "--port", "PORT"], "/proc/none"),
    "data is a file": (["demo", "--data", "text.db"], "--data"),
    "data and database": (["demo", "--data", "a", "--database", "sqlite:///b.db"], "--data"),
    "region": (["serve", "--region", "twelve", "--port", "PORT"], "region"),
    "unknown option": (["serve", "--prot", "8000"], "--port"),
    "unknown command": (["sevre"], "sevre"),
    "extra argument": (["doctor", "more"], "more"),
    "option without its value": (["serve", "--port"], "--port"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_gets_one_line(monkeypatch, capsys, tmp_path, case):
    (tmp_path / "made").mkdir()
    (tmp_path / "text.db").write_text("no database at all, only words. " * 100)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    arguments, expected = WRONG[case]
    code = luoshi(monkeypatch, *(port if argument in {"PORT", "1"} else argument for argument in arguments))
    told = capsys.readouterr()
    assert code == 2, told.err
    assert told.err.startswith("luoshi: ")
    assert told.err.count("\n") == 1
    assert expected in told.err
    assert "secret" not in told.err
    assert "Traceback" not in told.err


def test_a_port_in_use_is_said(monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert luoshi(monkeypatch, "demo", "--port", str(port)) == 2
    told = capsys.readouterr().err
    assert str(port) in told
    assert told.count("\n") == 1


def test_settings_come_from_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("LUOSHI_DATABASE", "sqlite:///elsewhere.db")
    assert luoshi(monkeypatch, "verify") == 2
    assert "elsewhere.db" in capsys.readouterr().err
    monkeypatch.setenv("LUOSHI_PORT", "none")
    assert luoshi(monkeypatch, "serve") == 2
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize("damage", ["exposed", "missing"])
def test_a_ledger_in_use_is_not_served_without_its_keys(monkeypatch, capsys, tmp_path, damage):
    chosen = settings({"database": f"sqlite:///{tmp_path}/used.db"})
    make_ready(chosen, NewLedger("台账", "320585"))
    if damage == "exposed":
        chosen.keys.chmod(0o644)
    else:
        chosen.keys.unlink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert luoshi(monkeypatch, "serve", "--database", chosen.database, "--port", port) == 2
    told = capsys.readouterr().err
    assert "used.keys" in told
    assert told.count("\n") == 1
