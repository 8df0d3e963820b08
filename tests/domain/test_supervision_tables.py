"""Who may ask for what in supervision, and that each table of turns offers every command of its stream."""

import pytest
from given import person

from domain import circular, conclusion, inspection, listing, rectification, talk
from domain.actor import Role
from domain.command import COMMANDS, authorise
from domain.refusal import Refusal
from domain.two_hands import Relation

SUPERVISOR, LEADER = {Role.SUPERVISOR}, {Role.LEADER}
EITHER = SUPERVISOR | LEADER
UNITS = {Role.UNIT_OFFICER, Role.UNIT_HEAD}
INSPECTED = {Relation.INSPECTED_UNIT}
PROPOSER = {Relation.PROPOSER}
LINES = {
    "plan_inspection": (SUPERVISOR, set()),
    "amend_inspection": (SUPERVISOR, INSPECTED),
    "approve_inspection": (LEADER, PROPOSER),
    "refuse_inspection": (LEADER, PROPOSER),
    "admit_second_inspection": (LEADER, set()),
    "give_inspection_notice": (SUPERVISOR, INSPECTED),
    "submit_self_check": (UNITS, set()),
    "record_inspection_visit": (SUPERVISOR, INSPECTED),
    "close_inspection": (SUPERVISOR, INSPECTED),
    "cancel_inspection": (LEADER, set()),
    "issue_conclusion": (SUPERVISOR, set()),
    "deliver_conclusion": (SUPERVISOR, INSPECTED),
    "object_to_conclusion": ({Role.UNIT_HEAD}, set()),
    "recuse_from_review": (EITHER, {Relation.RECUSED}),
    "decide_review": (EITHER, {Relation.AUTHOR, Relation.OBJECTOR, Relation.RECUSED, *INSPECTED}),
    "use_result": (LEADER, INSPECTED),
    "order_rectification": (SUPERVISOR, set()),
    "submit_rectification": (UNITS, set()),
    "verify_rectification": (SUPERVISOR, {Relation.REPORTER, *INSPECTED}),
    "reject_rectification": (SUPERVISOR, {Relation.REPORTER, *INSPECTED}),
    "withdraw_rectification": (LEADER, INSPECTED),
    "list_matter": (LEADER, set()),
    "lift_listing": (EITHER, PROPOSER | INSPECTED),
    "withdraw_listing": (LEADER, PROPOSER | INSPECTED),
    "summon_to_talk": (LEADER, set()),
    "record_talk": (EITHER, INSPECTED),
    "call_off_talk": (LEADER, INSPECTED),
    "draft_circular": (SUPERVISOR, set()),
    "issue_circular": (LEADER, PROPOSER),
    "withdraw_circular": (LEADER, set()),
}
OWN_UNIT = {"object_to_conclusion", "submit_rectification"}
TABLES = {
    inspection.Inspection: inspection.TURNS,
    conclusion.Conclusion: conclusion.TURNS,
    rectification.Rectification: rectification.TURNS,
    listing.Listing: listing.TURNS,
    talk.Talk: talk.TURNS,
    circular.Circular: circular.TURNS,
}


@pytest.mark.parametrize("name", LINES)
def test_each_role_may_what_its_line_says(name: str):
    command, (roles, relations) = COMMANDS[name], LINES[name]
    assert set(command.NOT_BY) == relations
    assert command.OWN_UNIT is (name in OWN_UNIT)
    for role in Role:
        if role in roles:
            authorise(command, None, person("someone", role))
            continue
        with pytest.raises(Refusal) as caught:
            authorise(command, None, person("someone", role))
        assert (caught.value.rule, caught.value.allowed) == ("role_not_allowed", tuple(sorted(roles)))


def test_every_command_of_supervision_has_its_line():
    assert {name for name, command in COMMANDS.items() if command.OF in TABLES} == set(LINES)


@pytest.mark.parametrize(("state", "turns"), TABLES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_each_table_of_turns_offers_every_command_of_its_stream(state, turns):
    offered = {name for names in turns.values() for name in names}
    assert offered == {name for name, command in COMMANDS.items() if command.OF is state and not command.CREATES}
