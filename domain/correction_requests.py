"""Lines of the table of corrections: enterprise problems (企业难题) and requests (诉求).

What a person or an enterprise answered is corrected by those who ask, never by the unit it is about.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from domain.command import Context
from domain.commitment_terms import Answer, Finding
from domain.correction import Value
from domain.correction_lines import (
    ASKERS,
    DESK,
    FIELD,
    LEADER,
    NOT_THE_UNIT,
    SUPERVISOR,
    UNIT,
    WHOLE,
    WORK,
    Entry,
    Follow,
    OtherWay,
    choice,
    day,
    instead,
    past_with_partner,
    prose,
    same,
    title,
)
from domain.guards import happened_on
from domain.problem import (
    Problem,
    ProblemConfirmed,
    ProblemHandedBack,
    ProblemNotSolved,
    ProblemRaised,
    ProblemSolved,
    ProblemStage,
    ProblemTakenOn,
    ProblemWithdrawn,
)
from domain.request_events import (
    RequestAcknowledged,
    RequestAnswered,
    RequestCalledBack,
    RequestChecked,
    RequestClosed,
    RequestDispatched,
    RequestKind,
    RequestLinked,
    RequestRaised,
    RequestReassigned,
    RequestRedoOrdered,
    RequestTakenOn,
    RequestWithdrawn,
    Resolution,
    Way,
)
from domain.service import region_code


def _solved(value: Value, _event: Any, state: Problem, ctx: Context) -> str:
    return happened_on(day(value), FIELD, ctx, since=state.raised_on).isoformat()


def _confirmed(value: Value, _event: Any, state: Problem, ctx: Context) -> str:
    assert state.solved_on is not None
    return happened_on(day(value), FIELD, ctx, since=state.solved_on).isoformat()


def _region(value: Value, *_: Any) -> str:
    return region_code(title(value), FIELD)


def _reply(field: str, read: Any) -> Follow:
    return lambda state, _, new: replace(state, reply=replace(state.reply, **{field: read(new)}))


def problems() -> Iterable[Entry]:
    gone = (ProblemWithdrawn,)
    solved = (ProblemSolved, *gone)
    answered = (ProblemConfirmed, ProblemNotSolved, *gone)
    yield Entry(ProblemRaised, "title", DESK, SUPERVISOR, gone, title, same)
    yield Entry(
        ProblemRaised,
        "raised_on",
        DESK,
        SUPERVISOR,
        solved,
        past_with_partner,
        lambda state, _, new: replace(state, raised_on=day(new)),
    )
    yield Entry(ProblemSolved, "how", UNIT, SUPERVISOR, gone, prose, same)
    yield Entry(
        ProblemSolved,
        "solved_on",
        UNIT,
        SUPERVISOR,
        answered,
        _solved,
        lambda state, _, new: replace(state, solved_on=day(new)),
    )
    yield Entry(
        ProblemSolved,
        WHOLE,
        WORK,
        SUPERVISOR,
        answered,
        None,
        lambda state, _old, _new: replace(state, stage=ProblemStage.TAKEN_ON, solved_on=None, solved_by=None),
    )
    yield Entry(ProblemConfirmed, "confirmed_on", ASKERS, SUPERVISOR, gone, _confirmed, same, NOT_THE_UNIT)
    yield Entry(
        ProblemConfirmed,
        WHOLE,
        ASKERS,
        SUPERVISOR,
        gone,
        None,
        lambda state, _old, _new: replace(state, stage=ProblemStage.SOLVED),
        NOT_THE_UNIT,
    )


def requests() -> Iterable[Entry]:
    gone = (RequestWithdrawn,)
    yield Entry(RequestRaised, "title", DESK, SUPERVISOR, gone, title, same)
    yield Entry(RequestRaised, "way", DESK, SUPERVISOR, gone, choice(Way), same)
    yield Entry(RequestRaised, "region", DESK, SUPERVISOR, gone, _region, same)
    # The clock of the answer runs by the kind.
    in_hand = (RequestTakenOn, RequestAcknowledged, RequestClosed, *gone)
    yield Entry(
        RequestRaised,
        "kind",
        DESK,
        SUPERVISOR,
        in_hand,
        choice(RequestKind),
        lambda state, _, new: replace(state, kind=RequestKind(str(new))),
    )
    ended = (RequestRedoOrdered, RequestClosed, *gone)
    asked = (RequestCalledBack, RequestChecked, *ended)
    yield Entry(
        RequestAnswered, "resolution", UNIT, SUPERVISOR, asked, choice(Resolution), _reply("resolution", Resolution)
    )
    yield Entry(RequestAnswered, "note", UNIT, SUPERVISOR, gone, prose, same)
    yield Entry(
        RequestCalledBack, "answer", ASKERS, SUPERVISOR, asked, choice(Answer), _reply("answer", Answer), NOT_THE_UNIT
    )
    yield Entry(
        RequestChecked, "finding", SUPERVISOR, LEADER, ended, choice(Finding), _reply("finding", Finding), NOT_THE_UNIT
    )
    yield Entry(RequestChecked, "note", SUPERVISOR, LEADER, gone, prose, same, NOT_THE_UNIT)
    yield Entry(RequestClosed, "note", SUPERVISOR, LEADER, gone, prose, same, NOT_THE_UNIT)


_REDO: Final = OtherWay(
    "答复、回访或核查已被后续办理引用；事实不符的，退回重办",
    "what came later rests on it; what is not true is sent back to be done again",
    ("redo_request",),
)
WAYS: Final = {
    **instead(
        (ProblemRaised,),
        ("partner", "raised_on", WHOLE),
        OtherWay(
            "由另一人撤回，再重新登记",
            "another person withdraws it; raise it anew",
            ("withdraw_problem", "raise_problem"),
        ),
    ),
    **instead(
        (ProblemTakenOn, ProblemHandedBack),
        ("unit", WHOLE),
        OtherWay("退回后由其他单位承接", "hand it back; another takes it on", ("hand_back_problem", "take_on_problem")),
    ),
    **instead(
        (ProblemSolved, ProblemNotSolved),
        ("solved_on", "answered_on", WHOLE),
        OtherWay(
            "企业已作答；重新解决后再请企业确认",
            "the enterprise has answered; solve it and ask the enterprise again",
            ("solve_problem", "confirm_problem"),
        ),
    ),
    **instead(
        (RequestRaised,),
        ("kind", "protection", "urgency", "partner", "visit", "first_receiver", WHOLE),
        OtherWay(
            "时限和保密均由此而定，不能改动；撤回后重新登记",
            "clocks and confidence follow from it; withdraw the request and raise it anew",
            ("withdraw_request", "raise_request"),
        ),
    ),
    **instead(
        (RequestDispatched, RequestReassigned, RequestTakenOn, RequestAcknowledged),
        ("unit", WHOLE),
        OtherWay("承办单位只能改派", "another unit handles it only by reassignment", ("reassign_request",)),
    ),
    **instead(
        (RequestLinked,),
        ("main", WHOLE),
        OtherWay("解除并联后重新并联", "unlink it and link it anew", ("unlink_request", "link_request")),
    ),
    **instead(
        (RequestAnswered, RequestCalledBack, RequestChecked), ("resolution", "reply", "answer", "finding", WHOLE), _REDO
    ),
}
