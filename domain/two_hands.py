"""Two hands (双人复核): who may not do what, because of what they did before or where they belong.

The table of (command × role × relation) has one line a command, which stands at the command itself:

    @command(of=Commitment, by=(Role.SUPERVISOR,), not_by=(Relation.REPORTER, Relation.CHECKER))

`by` names the roles that may issue it, `not_by` the relations to the stream that bar a person all the same. Nothing
else is needed in `decide`: `authorise` holds every command against its line, before it is decided, at every door. What
the relations mean for one kind of stream is said once, by the function marked `@related(of=State)`, from the state
alone; so the events have to hold who did it (`by`). A test demands a meaning for every relation a line names.

Persons are compared, not keys and not roles. `docs/two-hands.md` shows the table (`make docs`).
"""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from domain.actor import Actor
from domain.refusal import Kind, Refusal

F = TypeVar("F", bound=Callable[..., Any])


class Relation(StrEnum):
    """How someone stands to the stream a command acts on."""

    ONESELF = "oneself"
    RECORDER = "recorder"
    PROPOSER = "proposer"
    RETURN_ASKER = "return_asker"
    EXTENSION_ASKER = "extension_asker"
    DEFERRAL_PROPOSER = "deferral_proposer"
    REPORTER = "reporter"
    CHECKER = "checker"
    VERIFIER = "verifier"
    CLOSER = "closer"
    AUTHOR = "author"
    OBJECTOR = "objector"
    RECUSED = "recused"
    FRAME_FIXER = "frame_fixer"
    TALLIER = "tallier"
    PUBLISHER = "publisher"
    HANDLING_UNIT = "handling_unit"
    CORRECTION_PROPOSER = "correction_proposer"
    INSPECTED_UNIT = "inspected_unit"
    RATING_CHECKER = "rating_checker"
    APPELLANT = "appellant"
    RATED_UNIT = "rated_unit"


class Words(NamedTuple):
    zh: str
    en: str


NAMES: Final[Mapping[Relation, Words]] = {
    Relation.ONESELF: Words("本人", "the person concerned"),
    Relation.RECORDER: Words("录入人", "the one who recorded it"),
    Relation.PROPOSER: Words("提出人", "the proposer"),
    Relation.RETURN_ASKER: Words("退单申请人", "the one who asked for the return"),
    Relation.EXTENSION_ASKER: Words("延期申请人", "the one who asked for the extension"),
    Relation.DEFERRAL_PROPOSER: Words("挂账提请人", "the one who proposed the deferral"),
    Relation.REPORTER: Words("反馈人", "the reporter"),
    Relation.CHECKER: Words("作为依据的现场核查人", "the one whose site check it rests on"),
    Relation.VERIFIER: Words("核验人", "the verifier"),
    Relation.CLOSER: Words("销号人", "the one who closed it"),
    Relation.AUTHOR: Words("参与作出督查结论的人员", "one of those who made the conclusion"),
    Relation.OBJECTOR: Words("异议提出人", "the one who objected"),
    Relation.RECUSED: Words("已回避的人员", "one who stood aside"),
    Relation.FRAME_FIXER: Words("抽样框确定人", "the one who fixed the frame"),
    Relation.TALLIER: Words("计票人", "the one who tallied it"),
    Relation.PUBLISHER: Words("公布人", "the one who published it"),
    Relation.HANDLING_UNIT: Words("承办单位的人员", "a person of a unit that handles it"),
    Relation.CORRECTION_PROPOSER: Words("更正提请人", "the one who proposed the correction"),
    Relation.INSPECTED_UNIT: Words("被督查单位的人员", "a person of an inspected unit"),
    Relation.RATING_CHECKER: Words("差评核实人", "the one who checked the rating"),
    Relation.APPELLANT: Words("差评申诉人", "the one who appealed"),
    Relation.RATED_UNIT: Words("被评价单位的人员", "a person of the rated unit"),
}

Related: TypeAlias = Mapping[Relation, Collection[str | None]]
"""Relation → the ids of those who stand in it; None where nobody does yet."""

RELATED: dict[type[Any], Callable[[Any], Related]] = {}
"""State class → who stands in which relation to it."""

UNITS: Final[Mapping[Relation, str]] = {
    Relation.HANDLING_UNIT: "own_call_back",
    Relation.INSPECTED_UNIT: "own_inspection",
    Relation.RATED_UNIT: "own_rating",
}
"""Relations of a unit, in which all its persons stand → the rule by which they are refused. All others are refused by
`same_person`."""


def related(*, of: type[Any]) -> Callable[[F], F]:
    """Marks the function that says who stands in which relation to a state."""

    def mark(who: F) -> F:
        RELATED[of] = who
        return who

    return mark


def standing(state: Any) -> Related:
    """Who stands in which relation to a state, also as one of the kinds it belongs to."""
    kinds = [RELATED[kind] for kind in type(state).__mro__ if kind in RELATED]
    return kinds[0](state) if len(kinds) == 1 else {key: who for kind in kinds for key, who in kind(state).items()}


def keep_apart(relations: tuple[Relation, ...], state: Any, actor: Actor, stream: str) -> None:
    """Refuses an actor who stands in one of the relations to this state of `stream`."""
    who = standing(state) if relations != (Relation.ONESELF,) else {}
    for relation in relations:
        if relation is Relation.ONESELF:
            if actor.person == stream:
                raise Refusal(
                    "same_person", "不能变更本人的权限", "nobody changes their own standing", kind=Kind.FORBIDDEN
                )
        elif relation in UNITS:
            if actor.unit is not None and actor.unit in who[relation]:
                if relation is Relation.INSPECTED_UNIT:
                    raise Refusal(
                        "own_inspection",
                        "被督查单位人员应当回避",
                        "a person of an inspected unit must stand aside",
                        kind=Kind.FORBIDDEN,
                    )
                if relation is Relation.RATED_UNIT:
                    raise Refusal(
                        "own_rating",
                        "被评价单位人员应当回避",
                        "a person of the rated unit must stand aside",
                        kind=Kind.FORBIDDEN,
                    )
                raise Refusal(
                    "own_call_back",
                    "责任单位不得自行回访",
                    "a unit may not call back on its own work",
                    kind=Kind.FORBIDDEN,
                )
        elif actor.person in who[relation]:
            raise Refusal(
                "same_person",
                f"须由另一人办理：您是{NAMES[relation].zh}",
                f"a second person must do this: you are {NAMES[relation].en}",
                kind=Kind.FORBIDDEN,
            )
