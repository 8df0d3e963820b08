"""docs/events.md, docs/commands.md and docs/two-hands.md say what the program does."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from cli.reference.forbidding import forbidden_by
from domain.command import COMMANDS
from domain.event import EVENTS
from domain.two_hands import NAMES, Relation

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `make docs` would write now. In a process of its own: tests enter events and commands of theirs."""
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, "-m", "cli.reference", folder], cwd=ROOT, check=True)
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def of_the_program(table: dict[str, type]) -> list[str]:
    return [name for name, kind in table.items() if kind.__module__.startswith("domain.")]


def headings(text: str) -> list[str]:
    return re.findall(r"^### (.+)$", text, re.MULTILINE)


def anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings(text)}


def missing(names: Iterable[str], text: str) -> list[str]:
    return [name for name in names if headings(text).count(name) != 1]


def test_every_event_and_command_has_its_place_once(made: dict[str, str]):
    assert missing(of_the_program(EVENTS), made["events.md"]) == []
    assert missing(of_the_program(COMMANDS), made["commands.md"]) == []


def test_the_files_hold_what_would_be_written_now(made: dict[str, str]):
    stale = [name for name, text in made.items() if (ROOT / "docs" / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_every_command_and_relation_stands_in_the_table(made: dict[str, str]):
    lines = made["two-hands.md"].splitlines()
    for name in of_the_program(COMMANDS):
        command = COMMANDS[name]
        rows = [line for line in lines if f"(commands.md#{name})" in line]
        beyond = sum(f"| `{rule}` |" in row for rule in forbidden_by(command) for row in rows[len(command.NOT_BY) : -1])
        assert len(rows) == 1 + len(command.NOT_BY) + beyond, name
        for relation, row in zip(command.NOT_BY, rows, strict=False):
            assert NAMES[relation].zh in row
            assert all(role in row for role in command.BY)
        assert sum("✓" in cell or "本" in cell for cell in rows[-1].split("|")[2:-2]) == len(command.BY), name


def test_every_relation_has_its_words_and_is_used():
    assert set(NAMES) == set(Relation)
    used = {relation for name in of_the_program(COMMANDS) for relation in COMMANDS[name].NOT_BY}
    assert used == set(Relation)


def test_every_link_leads_somewhere(made: dict[str, str]):
    for name, text in made.items():
        for file, anchor in re.findall(r"\]\(([\w.-]*)#([^)]*)\)", text):
            assert anchor in anchors(made[file or name]), f"{name}: {file}#{anchor}"


def test_every_event_is_made_by_a_command_or_by_the_ledger_itself(made: dict[str, str]):
    alone = re.findall(r"^### (\S+)\n\n由何命令产生 Made by: 系统", made["events.md"], re.MULTILINE)
    assert alone == ["ledger_opened.1"]
    earlier = re.findall(r"^### (\S+)\n\n由何命令产生 Made by: 已不再产生.*\n\n(.*)", made["events.md"], re.MULTILINE)
    assert {"talk_summoned.1", "urge_talk_ordered.1"} <= {name for name, _ in earlier}
    assert all(words.startswith("As it was stored before ") for _, words in earlier)


def test_fields_say_their_type_their_default_and_what_stands_beside_them(made: dict[str, str]):
    commands, events = made["commands.md"], made["events.md"]
    assert "| `hours` |" not in commands
    assert "| `unit` | `UnitId`，可为空 or null | 可不填 optional |" in commands
    assert "| `contact_phone` | 密封 sealed (文本 text)，可为空 or null |  |" in events
    assert "| `edition` | 文本 text | Version of the rules it was taken from. |" in events
    assert "取值 one of: `urgent` 紧急、`utilities` 水电气热等、`general` 一般" in events


def test_persons_a_decision_itself_refuses_are_named(made: dict[str, str]):
    assert set(forbidden_by(COMMANDS["record_visit"])) == {"other_unit"}
    assert forbidden_by(COMMANDS["register_unit"]) == {}
    assert "(commands.md#record_visit) | `other_unit` | 只能办理本单位的事项" in made["two-hands.md"]
