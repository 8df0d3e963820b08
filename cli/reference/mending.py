"""What may be corrected, retracted and published, as Markdown."""

from typing import Any, Final

from cli.reference.pages import MADE, role, titles
from domain.correction_lines import OtherWay
from domain.correction_table import OTHER_WAYS, TABLE
from domain.event import EVENTS, LIVES
from domain.publication import PUBLIC, open_fields
from domain.two_hands import NAMES
from projections.sentences_corrections import FIELDS

WHOLE: Final = "整条撤销 the whole event"
SAYS = """\
# 更正、撤销与公开 Corrections, retractions and publication

表中没有的，不能更正。一人提请（`propose_correction`、`propose_retraction`），另一人裁定（`rule_on_correction`）；比较的
是人。责任单位人员只能提请本单位的记录。批准后，各视图、期限和数字自更正的位置起按更正后的内容计算，此前的位置照旧
显示原样，原记录和更正都留在经过中。其后有记录以此为依据的，不能再更正（`rested_upon`）。

What is not in the table cannot be corrected. One person proposes, another rules; persons are compared. A unit's person
proposes for the own unit only. Once approved, every view, deadline and figure counts the record as corrected from the
correction's position on; earlier positions go on showing the mistake, and the history keeps both. An event a later one
rests on can no longer be corrected.

| 事件 Event | 字段 Field | 提请 Proposed by | 第二人 Second person | 须回避 Never by | 其后有则不可 Not after |
|---|---|---|---|---|---|
"""
WAYS_SAYS = """
## 另有办法的 What is put right in another way

下列内容不能更正，或过了上表的时点不能再更正；拒绝时说明原因和应走的办法（`other_way`、`rested_upon`）。

What follows is not corrected, or no longer is once the table above says so. The refusal names the reason and the way
there is.

| 事件 Event | 字段 Field | 原因 Why | 办法 Ways |
|---|---|---|---|
"""
PUBLIC_SAYS = """
## 可以公开的字段 What may be published

公示由记录的字段组成，只有下列类型明确、不含个人信息的字段可以列入；密封字段、人员、结对对象和附件因类型不可列入。

A publication is composed from these fields of the record. Sealed fields, persons, partners and files are of types that
cannot be named.

| 事件 Event | 字段 Fields |
|---|---|
"""


def mending() -> str:
    lines = [MADE, "", SAYS.rstrip("\n")]
    for (event, field), entry in TABLE.items():
        what = WHOLE if field is None else f"`{field}` {FIELDS[field].zh} {FIELDS[field].en}"
        by, second = ("、".join(map(role, sorted(roles))) for roles in (entry.by, entry.second))
        rests = "、".join(_event(later.NAME) for later in entry.rests)
        apart = "、".join(f"{NAMES[one].zh} {NAMES[one].en}" for one in entry.apart)
        lines += [f"| {_event(event.NAME)} | {what} | {by} | {second} | {apart} | {rests} |"]
    lines += [WAYS_SAYS.rstrip("\n")]
    for event, fields in _together().items():
        for way, named in fields.items():
            ways = "、".join(f"[`{one}`](commands.md#{one})" for one in way.ways)
            lines += [f"| {_event(event.NAME)} | {'、'.join(named)} | {way.zh}。{way.en} | {ways} |"]
    lines += [PUBLIC_SAYS.rstrip("\n")]
    for state in PUBLIC:
        lines += [f"| **{titles()[state]}** | |"]
        for name, event in EVENTS.items():
            if LIVES[event].state is state and open_fields(name):
                lines += [f"| {_event(name)} | {'、'.join(f'`{field}`' for field in open_fields(name))} |"]
    return "\n".join(lines) + "\n"


def _together() -> dict[type[Any], dict[OtherWay, list[str]]]:
    """Event → its other ways, each with what it is for."""
    found: dict[type[Any], dict[OtherWay, list[str]]] = {}
    for (event, field), way in OTHER_WAYS.items():
        what = WHOLE if field is None else f"`{field}`"
        found.setdefault(event, {}).setdefault(way, []).append(what)
    return found


def _event(name: str) -> str:
    return f"[{name}](events.md#{name.replace('.', '')})"
