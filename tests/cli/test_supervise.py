"""A killed child comes back, later each time; all end together; nobody outlives the parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.supervise import Child, Supervisor

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENCE = 30.0


def until(true: Callable[[], object]) -> None:
    """Returns once it is true; fails the test when that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie is dead, whoever has yet to read its exit code.
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def sleeper(tmp_path: Path, name: str, *arguments: str) -> Child:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    return Child(
        name=name, module="sleeper", arguments=(str(tmp_path / f"{name}.pid"), *arguments), environment=environment
    )


def pid_of(tmp_path: Path, name: str) -> int:
    """As the child wrote it; 0 before that."""
    file = tmp_path / f"{name}.pid"
    return int(file.read_text() or 0) if file.exists() else 0


def test_a_killed_child_comes_back_and_a_line_says_so(tmp_path):
    said: list[str] = []
    with Supervisor([sleeper(tmp_path, "one"), sleeper(tmp_path, "two")], said.append):
        until(lambda: pid_of(tmp_path, "one") and pid_of(tmp_path, "two"))
        first, other = pid_of(tmp_path, "one"), pid_of(tmp_path, "two")
        os.kill(first, signal.SIGKILL)
        until(lambda: pid_of(tmp_path, "one") not in {0, first})
        second = pid_of(tmp_path, "one")
        assert alive(second)
        assert pid_of(tmp_path, "two") == other
        assert alive(other)
        os.kill(second, signal.SIGKILL)
        until(lambda: pid_of(tmp_path, "one") not in {0, first, second})
        last = pid_of(tmp_path, "one")
    assert not alive(last)
    assert not alive(other)
    assert [line.partition(" ")[0] for line in said] == ["one", "one"]
    assert all("signal 9" in line for line in said)
    assert "0.2 s" in said[0]
    assert "0.4 s" in said[1]


def test_a_wrong_setting_is_not_tried_again(tmp_path):
    said: list[str] = []
    with Supervisor([sleeper(tmp_path, "wrong", "2")], said.append) as servers:
        servers.wait()
        assert servers.gave_up
        assert servers.pid("wrong") is None
    assert said == []


def test_any_other_end_is_tried_again(tmp_path):
    said: list[str] = []
    with Supervisor([sleeper(tmp_path, "short", "0")], said.append) as servers:
        until(lambda: len(said) >= 2)
        assert not servers.gave_up
    assert "code 0" in said[0]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_children_end_when_the_parent_does(tmp_path, how):
    program = (
        "import signal, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from test_supervise import *\n"
        "with Supervisor([sleeper(Path(sys.argv[2]), 'child')], print):\n"
        "    signal.pause()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(HERE), str(tmp_path)], cwd=ROOT)
    until(lambda: pid_of(tmp_path, "child"))
    child = pid_of(tmp_path, "child")
    parent.send_signal(how)
    parent.wait(PATIENCE)
    until(lambda: not alive(child))
