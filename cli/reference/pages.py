"""The pages of events and commands as Markdown, noun by noun in the order of the API."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from api.app import NOUNS
from api.commands import Door
from cli.reference.makers import made_by, makers
from cli.reference.shapes import appendix, chinese, prose, table
from domain.actor import Role
from domain.command import COMMANDS, Command
from domain.event import EVENTS, LIVES
from domain.opening import LedgerOpened
from domain.two_hands import NAMES

MADE = "<!-- 由 make docs 生成，请勿手改。Made by `make docs`; edit the source instead. -->"


@cache
def doors() -> Mapping[str, Door]:
    """Command → its address in the API."""
    return {door.command.NAME: door for noun in NOUNS for door in noun.doors}


@cache
def titles() -> Mapping[type[Any], str]:
    """State class → what the API calls such things. Without an address of its own: the class's own name."""
    named = {door.command.OF: noun.tag for noun in NOUNS for door in noun.doors}
    return named | {state: state.__name__ for life in LIVES.values() if (state := life.state) not in named}


EVENTS_SAY = """\
# 事件 Events

事件一经存入，名称和含义永不改变；含义变化另立新版本。每个事件外层还有信封（发生时间、办理人、渠道等），见
[ledger.md](ledger.md)。以 `Id` 结尾的类型是事项编号；密封字段只存承诺值，原文按人加密另存。

A stored event keeps its name and meaning for ever; a changed meaning is a new version. Every event lies in an envelope
(when it occurred, who acted, channel …), see [ledger.md](ledger.md). Types that end in `Id` are ids of streams. Of a
sealed field the event holds a commitment; the words are kept apart, under a person's key.
"""
COMMANDS_SAY = """\
# 命令 Commands

每条命令有自己的地址，也都可提交到 `POST /v1/commands`（单条）和 `POST /v1/commands/bulk`（批量）。请求正文即
下列字段；标头见 `/docs`。标“须带版本”的须带 `If-Match`。“不得由”以人为准，不看角色和密钥，见
[two-hands.md](two-hands.md)。

Every command has its own address, and `POST /v1/commands` (one) and `POST /v1/commands/bulk` (many) take it too. The
body holds the fields below; headers are described at `/docs`. Where it says 须带版本, `If-Match` is required. 不得由
compares persons, not roles or keys, see [two-hands.md](two-hands.md).
"""


def in_order() -> Mapping[str, type[Command]]:
    """Every command, those with an address in the order of the API."""
    return {name: COMMANDS[name] for name in dict.fromkeys([*doors(), *COMMANDS])}


def events() -> str:
    lines = [MADE, "", EVENTS_SAY, f"共 {len(EVENTS)} 种。", ""]
    for state, title in titles().items():
        lines += [f"## {title}", ""]
        for name, event in EVENTS.items():
            if LIVES[event].state is state:
                lines += _event(name, event)
    return _page([*lines, *appendix(EVENTS.values())])


def _event(name: str, event: type[Any]) -> list[str]:
    by = "、".join(f"[{_title(command)}](commands.md#{command})" for command in makers()[name])
    lines = [f"### {name}", "", f"由何命令产生 Made by: {by or _otherwise(event)}", ""]
    if words := prose(event):
        lines += [words, ""]
    return [*lines, *table(event)]


def _otherwise(event: type[Any]) -> str:
    if event is LedgerOpened:
        return "系统 the system itself"
    return "已不再产生，已入账的仍可读 no longer made; what is stored of it stays readable"


def _title(name: str) -> str:
    door = doors().get(name)
    return name if door is None else f"{door.zh} {name}"


def commands() -> str:
    lines = [MADE, "", COMMANDS_SAY, f"共 {len(COMMANDS)} 种。", ""]
    order = in_order()
    for state, title in titles().items():
        names = [name for name, one in order.items() if one.OF is state]
        if names:
            lines += [f"## {title}", ""]
        for name in names:
            lines += _command(name, order[name])
    return _page([*lines, *appendix(COMMANDS.values())])


def _command(name: str, command: type[Command]) -> list[str]:
    lines = [f"### {name}", ""]
    door = doors().get(name)
    if door is not None:
        versioned = "（须带版本 `If-Match`）" if door.versioned else ""
        lines += [f"**{door.zh}** {door.en} · `POST {door.path}`{versioned}", ""]
    lines += [prose(command), ""]
    lines += [f"- 可由 By: {'、'.join(map(role, sorted(command.BY)))}"]
    if command.OWN_UNIT:
        lines += ["- 仅限本单位的事项 Only for the own unit's"]
    if command.NOT_BY:
        barred = "、".join(f"{NAMES[relation].zh} {NAMES[relation].en}" for relation in command.NOT_BY)
        lines += [f"- 不得由 Not by: {barred}"]
    made = "、".join(f"[{event}](events.md#{event.replace('.', '')})" for event in made_by(command))
    return [*lines, f"- 产生 Makes: {made or '—'}", "", *table(command, defaults=True)]


def role(one: Role) -> str:
    return f"{chinese(Role)[one.value]} {one.value}"


def _page(lines: list[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
