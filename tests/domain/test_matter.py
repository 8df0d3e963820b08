"""Confidential matters: what a leaf tells, who handles one, two hands at the end."""

from dataclasses import replace
from pathlib import Path

import pytest
from field import CALLER, DISPATCHER, OFFICER, OTHER_UNIT, UNIT, the_field
from given import Given, person

from domain.actor import Role
from domain.confidence import exists_for, linked_to_nothing, withheld_from_units
from domain.ids import PersonId, UnitId
from domain.matter import (
    TURNS,
    CloseMatter,
    ConcludeMatter,
    Matter,
    MatterRecorded,
    MatterStage,
    NameHandlers,
    NoteMatter,
    ReportConduct,
    ResumeMatter,
    Ruling,
    still_handles,
)
from domain.person import PersonEnrolled, PersonLeft, PersonMoved
from domain.refusal import Kind
from domain.request import Request
from domain.request_events import Protection
from domain.sealed import Sealed
from domain.written import Written
from ledger.codec import decode_event

FIRST, SECOND, THIRD = (person(name, Role.SUPERVISOR) for name in ("first", "second", "third"))
LEADER = person("the-leader", Role.LEADER)
TWO = (FIRST.person, SECOND.person)
REPORT = ReportConduct(about=UNIT, words="拖延并暗示送礼", handlers=TWO, name="某某", phone="000-0000")
NOTE = NoteMatter(words="已调取记录")
NAME = NameHandlers(handlers=(FIRST.person, LEADER.person), reason="请领导办理")
CONCLUDE = ConcludeMatter(ruling=Ruling.PARTLY, words="拖延属实")
RESUME = ResumeMatter(words="请再访谈")
CLOSE = CloseMatter(words="同意")
STEPS = {
    MatterStage.OPEN: (),
    MatterStage.CONCLUDED: ((CONCLUDE, FIRST),),
    MatterStage.CLOSED: ((CONCLUDE, FIRST), (CLOSE, SECOND)),
}


def field() -> Given:
    given = the_field()
    for actor in (FIRST, SECOND, THIRD, LEADER):
        given.happened(
            actor.person,
            PersonEnrolled(name=Sealed(actor.person, "某人"), title="某职", roles=tuple(actor.roles), unit=None),
        )
    return given


def at(stage: MatterStage) -> Given:
    given = field()
    given.when(REPORT, "matter", by=CALLER)
    for command, by in STEPS[stage]:
        given.when(command, "matter", by=by)
    return given


def test_all_that_is_said_is_sealed_under_the_matters_own_key():
    assert field().when(REPORT, "matter", by=CALLER) == [
        MatterRecorded(
            stage=MatterStage.OPEN,
            handlers=TWO,
            about=Sealed("matter", UNIT),
            words=Sealed("matter", "拖延并暗示送礼"),
            name=Sealed("matter", "某某"),
            phone=Sealed("matter", "000-0000"),
            ruling=Sealed("matter", ""),
            by=CALLER.person,
        )
    ]


def test_an_anonymous_one_looks_alike():
    [recorded] = field().when(replace(REPORT, name=None, phone=None), "matter", by=CALLER)
    assert (recorded.name, recorded.phone) == (Sealed("matter", ""), Sealed("matter", ""))


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ({"words": ""}, "text_empty", "words"),
        ({"name": ""}, "text_empty", "name"),
        ({"phone": "1\n2"}, "text_not_one_line", "phone"),
        ({"handlers": ()}, "handlers_count", "handlers"),
        ({"handlers": (FIRST.person,)}, "handlers_count", "handlers"),
        ({"handlers": (FIRST.person, FIRST.person)}, "handlers_count", "handlers"),
        ({"handlers": tuple(PersonId(f"p{n}") for n in range(6))}, "handlers_count", "handlers"),
        ({"handlers": (FIRST.person, OFFICER.person)}, "handler_unfit", "handlers"),
    ],
)
def test_what_is_no_report(changes, rule: str, where: str):
    refusal = field().refused(replace(REPORT, **changes), "matter", by=CALLER)
    assert (refusal.rule, refusal.field) == (rule, where)


def enrolled(given: Given, roles: tuple[Role, ...], unit: UnitId | None) -> PersonId:
    given.happened("x", PersonEnrolled(name=Sealed("x", "某人"), title="某职", roles=roles, unit=unit))
    return PersonId("x")


@pytest.mark.parametrize(
    ("roles", "unit"),
    [
        ((Role.SUPERVISOR,), UNIT),
        ((Role.CALLER,), None),
        ((), None),
        ((Role.SUPERVISOR, Role.UNIT_OFFICER), OTHER_UNIT),
        ((Role.LEADER, Role.UNIT_HEAD), OTHER_UNIT),
    ],
)
def test_a_handler_supervises_or_leads_and_has_nothing_to_do_with_the_unit(roles, unit):
    given = field()
    handlers = (FIRST.person, enrolled(given, roles, unit))
    assert given.refused(replace(REPORT, handlers=handlers), "matter", by=CALLER).rule == "handler_unfit"


def test_a_handler_may_belong_to_another_unit_and_bring_in_its_colleagues_only():
    given = field()
    other = enrolled(given, (Role.SUPERVISOR,), OTHER_UNIT)
    given.when(replace(REPORT, handlers=(FIRST.person, other)), "matter", by=CALLER)
    for name, unit in (("colleague", OTHER_UNIT), ("insider", UNIT)):
        given.happened(
            name, PersonEnrolled(name=Sealed(name, "某人"), title="某职", roles=(Role.SUPERVISOR,), unit=unit)
        )
    insider = replace(NAME, handlers=(FIRST.person, PersonId("insider")))
    assert given.refused(insider, "matter", by=FIRST).rule == "handler_unfit"
    assert given.when(replace(NAME, handlers=(FIRST.person, PersonId("colleague"))), "matter", by=FIRST)


def test_five_may_handle_one():
    given = field()
    five = tuple(PersonId(f"p{n}") for n in range(5))
    for name in five:
        given.happened(name, PersonEnrolled(name=Sealed(name, "某人"), title="某职", roles=(Role.LEADER,), unit=None))
    assert given.when(replace(REPORT, handlers=five), "matter", by=CALLER)


def test_nobody_of_the_unit_takes_it_in():
    refusal = field().refused(REPORT, "matter", by=person("x", Role.CALLER, unit=UNIT))
    assert (refusal.rule, refusal.kind, refusal.field) == ("own_unit_report", Kind.FORBIDDEN, "about")
    assert field().when(REPORT, "matter", by=person("x", Role.CALLER, unit=OTHER_UNIT))


@pytest.mark.parametrize(
    ("stage", "command", "becomes", "ruling"),
    [
        (MatterStage.OPEN, NOTE, MatterStage.OPEN, ""),
        (MatterStage.CONCLUDED, NOTE, MatterStage.CONCLUDED, ""),
        (MatterStage.OPEN, CONCLUDE, MatterStage.CONCLUDED, "partly"),
        (MatterStage.CONCLUDED, RESUME, MatterStage.OPEN, ""),
        (MatterStage.CONCLUDED, CLOSE, MatterStage.CLOSED, ""),
    ],
)
def test_each_step_is_one_event_of_the_same_name(stage, command, becomes, ruling):
    given = at(stage)
    [recorded] = given.when(command, "matter", by=SECOND)
    assert (recorded.NAME, recorded.stage, recorded.handlers, recorded.by) == (
        "matter_recorded.1",
        becomes,
        TWO,
        SECOND.person,
    )
    assert (recorded.words, recorded.ruling) == (Sealed("matter", command.words), Sealed("matter", ruling))
    assert {field.value for field in (recorded.about, recorded.name, recorded.phone)} == {""}
    assert given.states["matter"].stage is becomes


@pytest.mark.parametrize("command", [NOTE, CONCLUDE, RESUME, CLOSE, replace(NAME, reason="")])
def test_each_step_has_words(command):
    stage = MatterStage.CONCLUDED if isinstance(command, ResumeMatter | CloseMatter) else MatterStage.OPEN
    empty = command if isinstance(command, NameHandlers) else replace(command, words=" ")
    assert at(stage).refused(empty, "matter", by=SECOND).rule == "text_empty"


def test_handlers_change():
    given = at(MatterStage.OPEN)
    [recorded] = given.when(NAME, "matter", by=FIRST)
    assert (recorded.handlers, recorded.words) == (NAME.handlers, Sealed("matter", "请领导办理"))
    assert given.states["matter"].handlers == NAME.handlers
    turned = replace(NAME, handlers=NAME.handlers[::-1])
    refusal = given.refused(turned, "matter", by=FIRST)
    assert (refusal.rule, refusal.kind, refusal.field) == ("unchanged", Kind.CONFLICT, "handlers")
    assert given.refused(replace(NAME, handlers=(FIRST.person,)), "matter", by=FIRST).rule == "handlers_count"


@pytest.mark.parametrize("command", [RESUME, CLOSE], ids=lambda command: command.NAME)
def test_who_concluded_it_does_not_approve_it(command):
    assert at(MatterStage.CONCLUDED).refused(command, "matter", by=FIRST).rule == "same_person"


def test_who_concluded_it_is_kept_over_notes_and_forgotten_when_it_is_resumed():
    given = at(MatterStage.CONCLUDED)
    given.when(NOTE, "matter", by=SECOND)
    assert given.refused(CLOSE, "matter", by=FIRST).rule == "same_person"
    given.when(RESUME, "matter", by=SECOND)
    given.when(CONCLUDE, "matter", by=SECOND)
    assert given.refused(CLOSE, "matter", by=SECOND).rule == "same_person"
    assert given.when(CLOSE, "matter", by=FIRST)


@pytest.mark.parametrize("stage", MatterStage)
@pytest.mark.parametrize("command", [NOTE, NAME, CONCLUDE, RESUME, CLOSE], ids=lambda command: command.NAME)
def test_out_of_turn(stage: MatterStage, command):
    given = at(stage)
    if command.NAME in TURNS[stage]:
        assert given.decide(command, "matter", by=SECOND)
        return
    refusal = given.refused(command, "matter", by=SECOND)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", stage.value, TURNS[stage])


def test_it_exists_for_its_handlers_only():
    state = at(MatterStage.OPEN).states["matter"]
    written = at(MatterStage.OPEN).written
    assert [
        exists_for(state, "matter", who.person, written) for who in (FIRST, SECOND, THIRD, CALLER, OFFICER, DISPATCHER)
    ] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert exists_for(object(), "matter", OFFICER.person, written)
    assert (linked_to_nothing(Matter), linked_to_nothing(Request)) == (True, False)


ENROLLED = PersonEnrolled(name=Sealed("p", "某人"), title="某职", roles=(Role.SUPERVISOR,), unit=None)


def moved(unit: str | None) -> PersonMoved:
    return PersonMoved(unit=None if unit is None else UnitId(unit), title="某职", reason="调动")


@pytest.mark.parametrize(
    ("life", "still"),
    [
        ([(1, ENROLLED)], True),
        ([(1, ENROLLED), (4, moved("office"))], True),
        ([(1, ENROLLED), (4, moved("office")), (9, moved("office"))], True),
        ([(1, ENROLLED), (4, moved("office")), (9, moved(None))], True),
        ([(1, ENROLLED), (9, moved("office"))], False),
        ([(1, ENROLLED), (9, moved("office")), (10, moved(None))], False),
        ([(1, ENROLLED), (4, moved("office")), (9, moved("elsewhere")), (10, moved("office"))], False),
        ([(1, ENROLLED), (3, moved("office")), (4, moved("elsewhere")), (9, moved("office"))], False),
        ([(1, replace(ENROLLED, unit=UnitId("office"))), (9, moved("office"))], True),
        ([(1, ENROLLED), (9, PersonLeft(reason="离岗"))], False),
    ],
)
def test_who_moves_to_another_unit_is_a_handler_no_longer(life, still: bool):
    """They were last named at position 8, and a note was made at 11."""
    [recorded] = field().when(REPORT, "matter", by=CALLER)
    later = replace(recorded, handlers=(*TWO, THIRD.person))
    matter = [Written(position, "", one) for position, one in ((2, recorded), (8, later), (11, later))]
    assert still_handles(matter, [Written(position, "", one) for position, one in life]) is still


def test_who_has_moved_can_bring_nobody_of_the_new_unit_in():
    given = at(MatterStage.OPEN)
    given.happened(SECOND.person, moved(UNIT))
    for name in (THIRD, LEADER):
        given.happened(name.person, moved(UNIT))
    named = replace(NAME, handlers=(FIRST.person, THIRD.person))
    assert given.refused(named, "matter", by=FIRST).rule == "handler_unfit"


def test_a_unit_never_opens_who_asked_for_confidence():
    sample = Path(__file__).parents[1] / "samples" / "request_raised.1.json"
    raised = decode_event("request_raised.1", sample.read_bytes())
    kept = replace(raised, protection=Protection.CONFIDENTIAL)
    assert [withheld_from_units(kept, path) for path in ("source.name", "source.phone", "detail")] == [
        True,
        True,
        False,
    ]
    assert not withheld_from_units(replace(raised, protection=Protection.NAMED), "source.name")
