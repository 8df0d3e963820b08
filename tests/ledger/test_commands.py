"""Bodies to commands: every command of the domain can be read, and what cannot is answered in plain words."""

import dataclasses
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.command import COMMANDS
from domain.partner import Partner
from domain.policy import Policy
from domain.refusal import Refusal
from domain.unit import RegisterUnit, UnitClass
from ledger.commands import read, spec_of, unreadable

UNIT = b'{"code":"1","title":"a","unit_class":"town","region":"320585"}'


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    unit: str
    on: date | None = None


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Whole:
    parts: tuple[Part, ...]
    at: datetime
    colours: tuple[Colour, ...] = ()
    count: int | None = None


@pytest.fixture
def whole(monkeypatch):
    monkeypatch.setitem(COMMANDS, "whole", Whole)
    spec_of.cache_clear()
    yield
    spec_of.cache_clear()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_form_that_forbids_unknown_fields(name: str):
    spec = spec_of(name)
    assert spec is not None
    with pytest.raises(Refusal) as caught:
        read(name, b'{"no_such_field": "red"}')
    assert caught.value.rule == "unknown_field"
    assert set(caught.value.allowed) == {field.name for field in dataclasses.fields(spec.command)}


def test_what_is_read_is_the_command_itself():
    spec, form, command = read("register_unit", UNIT)
    assert command == RegisterUnit(code="1", title="a", unit_class=UnitClass.TOWN, region="320585")
    assert spec.name == "register_unit"
    assert msgspec.structs.asdict(form) == dataclasses.asdict(command)


def test_references_are_found_wherever_they_stand():
    def named(name: str) -> Any:
        spec = spec_of(name)
        assert spec is not None
        return {(reference.field, reference.of) for reference in spec.references}

    assert named("register_household") == {("within", Partner)}
    assert ("targets.policy", Policy) in named("propose_commitment")
    assert ("evidence.digest", None) in named("record_follow_up")
    items = [{"digest": digit * 64, "captured_at": "2011-03-01T09:00:00+08:00"} for digit in "01"]
    body = msgspec.json.encode({"note": "a", "evidence": items})
    spec, _, command = read("record_follow_up", body)
    (reference,) = [one for one in spec.references if one.of is None]
    assert reference.named(command) == ("0" * 64, "1" * 64)


CASES = [
    ({"parts": [{"unit": "a"}], "at": "2011-03-01T00:00:00Z", "x": 1}, "unknown_field", "x"),
    ({"parts": [{"unit": "a", "x": 1}], "at": "2011-03-01T00:00:00Z"}, "unknown_field", "parts.x"),
    ({"parts": [{}], "at": "2011-03-01T00:00:00Z"}, "missing_field", "parts.unit"),
    ({"parts": [{"unit": "a", "on": "2011-02-30"}], "at": "2011-03-01T00:00:00Z"}, "wrong_type", "parts.on"),
    ({"parts": {}, "at": "2011-03-01T00:00:00Z"}, "wrong_type", "parts"),
    ({"parts": [1], "at": "2011-03-01T00:00:00Z"}, "wrong_type", "parts"),
    ({"parts": [], "at": "2011-03-01T00:00:00"}, "wrong_type", "at"),
    ({"parts": [], "at": "2011-03-01T00:00:00Z", "colours": ["green"]}, "wrong_type", "colours"),
    ({"parts": [], "at": "2011-03-01T00:00:00Z", "count": 1.0}, "wrong_type", "count"),
    ({"parts": [], "at": "2011-03-01T00:00:00Z", "count": "1"}, "wrong_type", "count"),
    ({"parts": [], "at": "2011-03-01T00:00:00Z", "count": True}, "wrong_type", "count"),
]


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(("body", "rule", "field"), CASES)
def test_the_field_is_named_at_every_depth(body: dict, rule: str, field: str):
    with pytest.raises(Refusal) as caught:
        read("whole", msgspec.json.encode(body))
    assert (caught.value.rule, caught.value.field) == (rule, field)
    assert field.rsplit(".", maxsplit=1)[-1] in caught.value.zh
    assert "`" not in caught.value.en, "a library's own words"


@pytest.mark.usefixtures("whole")
def test_what_is_allowed_is_said():
    with pytest.raises(Refusal) as caught:
        read("whole", b'{"parts":[],"at":"2011-03-01T00:00:00Z","colours":["13800000000"]}')
    assert caught.value.allowed == ("red", "blue")
    assert "red、blue" in caught.value.zh
    assert "13800000000" not in caught.value.zh + caught.value.en


def test_an_unknown_command_is_answered_with_those_there_are():
    with pytest.raises(Refusal) as caught:
        read("abolish_unit", b"{}")
    assert caught.value.rule == "unknown_command"
    assert "register_unit" in caught.value.allowed


def rules_of(name: str, body: bytes) -> None:
    """Reads a body, or gets one of the refusals there are for what can't be read."""
    try:
        read(name, body)
    except Refusal as refusal:
        if refusal.rule not in {"invalid_json", "wrong_type", "missing_field", "unknown_field"}:
            raise


@given(st.binary(max_size=80))
def test_whatever_comes_is_read_or_refused(body: bytes):
    rules_of("register_unit", body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.usefixtures("whole")
def test_any_json_is_read_or_refused():
    names = st.sampled_from(["parts", "at", "colours", "count", "unit", "`", "x` - at `$.y"])

    @given(st.dictionaries(names, json_values))
    def run(body) -> Any:
        rules_of("whole", msgspec.json.encode(body))

    run()


def test_a_form_of_another_kind_can_be_explained_too():
    class Line(msgspec.Struct, forbid_unknown_fields=True):
        body: msgspec.Raw

    with pytest.raises(ValueError, match="missing") as caught:
        msgspec.json.decode(b"{}", type=Line)
    assert unreadable(caught.value, Line).field == "body"
