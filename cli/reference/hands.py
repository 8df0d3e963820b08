"""The table of two hands as Markdown: command × role × relation."""

from cli.reference.forbidding import forbidden_by
from cli.reference.pages import MADE, doors, in_order, role, titles
from cli.reference.shapes import chinese
from domain.actor import Role
from domain.command import Command
from domain.two_hands import NAMES, UNITS, Relation

SAYS = """\
# 双人复核 Two hands

谁可以办、谁不得办，只有这一张表：每条命令写在其定义处的一行（`by=`、`not_by=`），所有入口在办理前据此核对，测试
逐格验证。比较的是人，不是角色，也不是密钥。

Who may and who may not: this is the one table. Each command's line stands where it is defined (`by=`, `not_by=`); every
door holds every command against it before it is decided, and it is tested cell by cell. Persons are compared, not roles
and not keys.

## 不得办理的人 Who is barred

| 命令 Command | 可由 By | 不得由 Not by | 规则 Rule |
|---|---|---|---|
"""
BEYOND_SAYS = """
## 另由办理内容决定 Also by what the command names

此外，下列命令按其所填内容或所涉其他事项判断办理人。These also look at what the command names or at another stream.

| 命令 Command | 规则 Rule | 说明 |
|---|---|---|
"""
ROLES_SAY = """
## 各角色 By role

✓ 可办 may · 本 仅限本单位的事项 only for the own unit's · 空 不可办 may not (`role_not_allowed`) · ✕ 另有不得办理的人
somebody is barred all the same, see above
"""


def two_hands() -> str:
    lines = [MADE, "", SAYS.rstrip("\n")]
    named = {name: command for name, command in in_order().items() if command.NOT_BY}
    for name, command in named.items():
        by = "、".join(map(role, sorted(command.BY)))
        for relation in command.NOT_BY:
            barred = f"{NAMES[relation].zh} {NAMES[relation].en}"
            lines += [f"| {_link(name)} | {by} | {barred} | `{rule_of(relation)}` |"]
    lines += [BEYOND_SAYS.rstrip("\n")]
    for name, command in in_order().items():
        for rule, (zh, en) in forbidden_by(command).items():
            lines += [f"| {_link(name)} | `{rule}` | {zh} {en} |"]
    lines += [ROLES_SAY.rstrip("\n")]
    for state, title in titles().items():
        rows = {name: command for name, command in in_order().items() if command.OF is state}
        if rows:
            heads = " | ".join(chinese(Role)[one.value] for one in Role)
            lines += ["", f"### {title}", "", f"| 命令 Command | {heads} | |", "|---" * (len(Role) + 2) + "|"]
        for name, command in rows.items():
            cells = " | ".join(_cell(command, one) for one in Role)
            lines += [f"| {_link(name)} | {cells} | {'✕' if command.NOT_BY else ''} |"]
    return "\n".join(lines) + "\n"


def rule_of(relation: Relation) -> str:
    """The rule a refusal names."""
    return UNITS.get(relation, "same_person")


def _cell(command: type[Command], one: Role) -> str:
    if one not in command.BY:
        return ""
    return "本" if command.OWN_UNIT else "✓"


def _link(name: str) -> str:
    door = doors().get(name)
    return f"[{door.zh if door else ''} {name}](commands.md#{name})"
