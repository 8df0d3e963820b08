"""The table of two hands, cell by cell: every command × role × relation is allowed or refused as its line says.

Here the cells are held against the check itself; `tests/api/test_two_hands_told.py` holds them against what the people
of the examples really did.
"""

from collections.abc import Collection

import pytest
from given import person

from domain.actor import Actor, Role
from domain.command import COMMANDS, authorise
from domain.ids import PersonId, UnitId
from domain.refusal import Kind, Refusal
from domain.two_hands import NAMES, RELATED, UNITS, Relation, related

STREAM = "stream"
PROGRAM = {name: command for name, command in COMMANDS.items() if command.__module__.startswith("domain.")}
LEAST = {
    "withdraw_publication": {Relation.PUBLISHER},
    "withdraw_wording": {Relation.PUBLISHER},
    "rule_on_correction": {Relation.CORRECTION_PROPOSER},
    "verify_commitment": {Relation.REPORTER, Relation.CHECKER},
    "close_commitment": {Relation.REPORTER, Relation.VERIFIER},
    "recheck_commitment": {Relation.REPORTER, Relation.VERIFIER, Relation.CLOSER},
    "order_redo": {Relation.REPORTER},
    "record_site_check": {Relation.REPORTER},
    "record_call_back": {Relation.HANDLING_UNIT},
    "confirm_problem": {Relation.REPORTER, Relation.HANDLING_UNIT},
    "deny_problem": {Relation.REPORTER, Relation.HANDLING_UNIT},
    "register_commitment": {Relation.PROPOSER},
    "rule_on_return": {Relation.RETURN_ASKER},
    "rule_on_extension": {Relation.EXTENSION_ASKER},
    "rule_on_deferral": {Relation.DEFERRAL_PROPOSER},
    "change_roles": {Relation.ONESELF},
    "move_person": {Relation.ONESELF},
    "remove_person": {Relation.ONESELF},
    "withdraw_policy": {Relation.RECORDER},
    "confirm_rule_edition": {Relation.PROPOSER},
    "withdraw_problem": {Relation.RECORDER},
    "withdraw_visit": {Relation.RECORDER},
    "withdraw_pairing": {Relation.RECORDER},
    "withdraw_activity": {Relation.RECORDER},
    "withdraw_project": {Relation.RECORDER},
    "reverse_contribution": {Relation.RECORDER},
    "rule_on_rating_appeal": {Relation.APPELLANT, Relation.RATING_CHECKER, Relation.RATED_UNIT},
    "call_back_rater": {Relation.REPORTER, Relation.RATED_UNIT},
    "redo_rating": {Relation.REPORTER, Relation.RATED_UNIT},
    "close_rating": {Relation.REPORTER, Relation.RATED_UNIT},
}
"""What DOMAIN §3 and the noun's own rules demand, written down a second time."""
OF_UNIT = {
    Relation.HANDLING_UNIT: "own_call_back",
    Relation.INSPECTED_UNIT: "own_inspection",
    Relation.RATED_UNIT: "own_rating",
}


class Something:
    """A thing to which one person stands in each relation."""

    responsible = UnitId("own")


@related(of=Something)
def _related(state: Something) -> dict[Relation, Collection[str | None]]:
    return {relation: (None, f"unit {relation}" if relation in UNITS else f"{relation}") for relation in Relation}


def someone(role: Role, relation: Relation | None, *, own: bool) -> Actor:
    """Holds the role and stands in the relation. `own`: a person of the responsible unit."""
    unit = UnitId("own") if own else None
    if relation is None:
        return person("nobody", role, unit=unit)
    if relation in UNITS:
        return person("nobody", role, unit=f"unit {relation}")
    return Actor(
        person=PersonId(STREAM if relation is Relation.ONESELF else f"{relation}"), roles=frozenset({role}), unit=unit
    )


@pytest.mark.parametrize("name", PROGRAM)
@pytest.mark.parametrize("role", Role)
def test_each_cell_is_as_its_line_says(name: str, role: Role):
    command = PROGRAM[name]
    for relation in (None, *Relation):
        # Nobody is of two units at once, so a unit's relation is not asked about commands for the own unit only.
        if relation in UNITS and command.OWN_UNIT:
            continue
        actor = someone(role, relation, own=command.OWN_UNIT)
        if role in command.BY and relation not in command.NOT_BY:
            authorise(command, Something(), actor, STREAM)
            continue
        with pytest.raises(Refusal) as caught:
            authorise(command, Something(), actor, STREAM)
        refusal = caught.value
        assert refusal.kind is Kind.FORBIDDEN
        if role not in command.BY:
            assert (refusal.rule, refusal.allowed) == ("role_not_allowed", tuple(sorted(command.BY)))
        else:
            assert refusal.rule == OF_UNIT.get(relation, "same_person")


@pytest.mark.parametrize("name", LEAST)
def test_the_table_bars_whom_it_must(name: str):
    assert set(PROGRAM[name].NOT_BY) >= LEAST[name]


def test_no_line_names_a_relation_twice():
    assert [name for name, one in PROGRAM.items() if len(set(one.NOT_BY)) != len(one.NOT_BY)] == []


def test_nobody_stands_in_a_relation_to_what_does_not_exist_yet():
    assert [name for name, one in PROGRAM.items() if one.CREATES and one.NOT_BY] == []


def test_each_kind_of_stream_says_who_stands_in_the_relations_its_commands_name():
    silent = {one.OF.__name__ for one in PROGRAM.values() if {*one.NOT_BY} - {Relation.ONESELF}} - {
        state.__name__ for state in RELATED
    }
    assert silent == set()


def test_a_person_of_no_unit_is_of_no_handling_unit():
    authorise(PROGRAM["record_call_back"], Something(), person("caller", Role.CALLER), STREAM)


def test_a_refusal_says_in_which_relation_one_stands():
    with pytest.raises(Refusal) as caught:
        authorise(PROGRAM["close_commitment"], Something(), person("verifier", Role.LEADER), STREAM)
    assert NAMES[Relation.VERIFIER].zh in caught.value.zh
    assert NAMES[Relation.VERIFIER].en in caught.value.en
