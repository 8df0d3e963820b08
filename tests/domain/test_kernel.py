"""What every noun is made of: names taken once, sealed values that never print, one union a stream."""

from dataclasses import FrozenInstanceError

import pytest

from domain.actor import Role
from domain.command import COMMANDS, command
from domain.event import EVENTS, LIVES, event
from domain.ids import UnitId
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.unit import RegisterUnit, Unit, UnitRenamed


def test_a_stored_name_is_taken_once():
    with pytest.raises(TypeError, match=r"unit_renamed\.1"):

        @event("unit_renamed.1")
        class Renamed:
            title: str

    assert EVENTS["unit_renamed.1"] is UnitRenamed


def test_a_command_name_is_taken_once():
    first = COMMANDS["register_unit"]
    with pytest.raises(TypeError, match="register_unit"):

        @command(of=Unit, by=(Role.LEADER,))
        class RegisterUnit:
            title: str

    assert COMMANDS["register_unit"] is first


def test_commands_are_named_by_their_classes():
    assert RegisterUnit.NAME == "register_unit"
    assert all(name == cls.NAME for name, cls in COMMANDS.items())


def test_stored_names_carry_a_version_and_no_path():
    for name in EVENTS:
        word, _, version = name.rpartition(".")
        assert word.replace("_", "").isalpha(), name
        assert word.islower(), name
        assert int(version) >= 1, name


def test_every_event_folds():
    assert set(EVENTS.values()) == set(LIVES)


def test_events_never_change_and_take_names_only():
    renamed = UnitRenamed(title="甲", reason="乙")
    with pytest.raises(FrozenInstanceError):
        renamed.title = "丙"  # type: ignore[misc]
    with pytest.raises(TypeError):
        UnitRenamed("甲", "乙")  # type: ignore[misc]


def test_a_sealed_value_is_never_printed():
    sealed = Sealed("subject", "张三")
    assert "张三" not in repr(sealed)
    assert "张三" not in f"{sealed} {[sealed]}"
    assert "subject" in repr(sealed)


def test_sealed_values_compare_by_what_they_hold():
    assert Sealed("s", "a") == Sealed("s", "a")
    assert hash(Sealed("s", "a")) == hash(Sealed("s", "a"))
    for other in (Sealed("t", "a"), Sealed("s", "b"), Sealed("s", commitment="00"), "a"):
        assert Sealed("s", "a") != other


def test_a_refusal_says_which_rule_and_no_more():
    refusal = Refusal("some_rule", "不行", "no", kind=Kind.OUT_OF_TURN, state="closed", allowed=("reopen",))
    assert str(refusal) == "some_rule"
    assert (refusal.field, refusal.state, refusal.allowed) == (None, "closed", ("reopen",))
    assert Refusal("r", "不行", "no").kind is Kind.INVALID


def test_ids_are_texts():
    assert UnitId("x") == "x"
