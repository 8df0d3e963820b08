"""Every text of every command keeps the limits of texts, and a refusal names the field it is about."""

from dataclasses import fields, replace
from typing import get_type_hints

import pytest
from told import told

from domain.command import COMMANDS
from domain.text import MAX_TEXT

PROGRAM = [name for name, command in COMMANDS.items() if command.__module__.startswith("domain.")]
TEXTS = [
    (name, field)
    for name in PROGRAM
    for field, hint in get_type_hints(COMMANDS[name]).items()
    if field in COMMANDS[name].__dataclass_fields__ and hint in {str, str | None}
]
MAY_BE_BLANK = {(name, field.name) for name in PROGRAM for field in fields(COMMANDS[name]) if field.default == ""} - {
    ("receive_rating", "service")  # named by a rating of a unit, as the example is
}


@pytest.mark.parametrize(("name", "field"), TEXTS)
def test_a_text_nobody_can_read_is_refused_under_its_name(name: str, field: str):
    asked = told()[name]
    for wrong in ("不\u0007可见", "长" * (MAX_TEXT + 1)):
        refusal = asked.given.refused(replace(asked.command, **{field: wrong}), asked.stream, by=asked.by)
        assert refusal.field == field


@pytest.mark.parametrize(("name", "field"), TEXTS)
def test_a_text_is_blank_only_where_it_may_be_left_out(name: str, field: str):
    asked = told()[name]
    blank = replace(asked.command, **{field: "　"})
    if (name, field) in MAY_BE_BLANK:
        asked.given.decide(blank, asked.stream, by=asked.by)
    else:
        assert asked.given.refused(blank, asked.stream, by=asked.by).field == field
