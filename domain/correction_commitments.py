"""Lines of the table of corrections: commitments (承诺事项) and policies.

What was promised can be put right until a unit or the public has been told of it. From then on a promise is extended
or terminated in sight of all: a due date never moves otherwise.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from domain.command import Context
from domain.commitment import Commitment
from domain.commitment_events import (
    CallBackRecorded,
    CommitmentAssigned,
    CommitmentClosed,
    CommitmentProposed,
    CommitmentPublished,
    CommitmentPublished2,
    CommitmentRegistered,
    CommitmentReopened,
    CommitmentResumed,
    CommitmentSuspended,
    CommitmentTerminated,
    CommitmentVerified,
    DeferralGranted,
    DueRecalculated,
    ExtensionGranted,
    FollowUpRecorded,
    FulfilmentReported,
    RedoOrdered,
    SiteChecked,
    WordingAmended,
    WordingAmended2,
)
from domain.commitment_guards import within_years
from domain.commitment_terms import Answer, Finding, Mandate, Outcome, Urgency
from domain.correction import Value
from domain.correction_lines import (
    ASKERS,
    FIELD,
    LEADER,
    NOT_THE_UNIT,
    OFFICE,
    SUPERVISOR,
    UNIT,
    WHOLE,
    WORK,
    Entry,
    Follow,
    OtherWay,
    amount,
    choice,
    count,
    day,
    instead,
    number,
    prose,
    same,
    title,
    wrong,
)
from domain.guards import EARLIEST, not_before
from domain.policy import PolicyAmended, PolicyIssued, PolicyWithdrawn
from domain.refusal import Kind, Refusal
from domain.service import Aid, Recurrence, region_code
from domain.two_hands import Relation

TOLD: Final = (CommitmentAssigned, CommitmentPublished, CommitmentPublished2, CommitmentTerminated)
"""A unit works towards the promise, or the public has read it."""


def _region(value: Value, *_: Any) -> str:
    return region_code(title(value), FIELD)


def _starts(value: Value, _event: Any, state: Commitment, ctx: Context) -> str:
    starts = within_years(not_before(day(value), EARLIEST, FIELD), ctx.today, FIELD)
    if starts > state.terms.original_due_on:
        raise wrong("开始日期不能晚于期限", "the start must not lie after the due date")
    return within_years(starts, state.terms.original_due_on, FIELD).isoformat()


def _due(value: Value, _event: Any, state: Commitment, ctx: Context) -> str:
    terms = state.terms
    if ctx.today > state.due_on:
        raise Refusal(
            "due_passed",
            "期限已过，不能再更正",
            "the due date has passed; it can no longer be corrected",
            kind=Kind.OUT_OF_TURN,
            field=FIELD,
            state=state.stage.value,
            allowed=("terminate_commitment",),
        )
    return within_years(not_before(day(value), terms.starts_on, FIELD), terms.starts_on, FIELD).isoformat()


def _extended(value: Value, _event: Any, state: Commitment, _ctx: Context) -> str:
    terms = state.terms
    return within_years(not_before(day(value), terms.original_due_on, FIELD), terms.starts_on, FIELD).isoformat()


def _term(field: str, read: Any) -> Follow:
    return lambda state, _, new: replace(state, terms=replace(state.terms, **{field: read(new)}))


def _moved(state: Commitment, _old: Value, new: Value) -> Commitment:
    due = day(new)
    return replace(state, due_on=due, terms=replace(state.terms, original_due_on=due))


def _review(field: str, read: Any) -> Follow:
    return lambda state, _, new: replace(state, review=replace(state.review, **{field: read(new)}))


def commitments() -> Iterable[Entry]:
    proposed = CommitmentProposed
    yield Entry(proposed, "due_on", SUPERVISOR, LEADER, TOLD, _due, _moved)
    yield Entry(proposed, "starts_on", SUPERVISOR, LEADER, TOLD, _starts, _term("starts_on", day))
    yield Entry(proposed, "quantity", SUPERVISOR, LEADER, TOLD, count, _term("quantity", number))
    yield Entry(proposed, "measure", SUPERVISOR, LEADER, TOLD, title, same)
    yield Entry(
        proposed,
        "urgency",
        SUPERVISOR,
        LEADER,
        (CommitmentRegistered, CommitmentTerminated),
        choice(Urgency),
        _term("urgency", Urgency),
    )
    yield Entry(proposed, "title", SUPERVISOR, LEADER, (), title, same)
    yield Entry(proposed, "basis", SUPERVISOR, LEADER, (), prose, same)
    yield Entry(proposed, "mandate", SUPERVISOR, LEADER, (), choice(Mandate), same)
    yield Entry(proposed, "recurrence", SUPERVISOR, LEADER, (), choice(Recurrence), same)
    yield Entry(proposed, "aid", SUPERVISOR, LEADER, (), choice(Aid), same)
    yield Entry(proposed, "region", SUPERVISOR, LEADER, (), _region, same)

    yield Entry(FollowUpRecorded, "quantity", WORK, OFFICE, (), amount, same)
    yield Entry(FollowUpRecorded, "note", WORK, OFFICE, (), prose, same)
    yield Entry(FollowUpRecorded, WHOLE, WORK, OFFICE, (), None, same)
    yield Entry(
        ExtensionGranted,
        "due_on",
        SUPERVISOR,
        LEADER,
        (ExtensionGranted, CommitmentResumed, CommitmentReopened, DueRecalculated),
        _extended,
        lambda state, _, new: replace(state, due_on=date.fromisoformat(str(new))),
    )

    done = (CommitmentVerified, RedoOrdered)
    yield Entry(FulfilmentReported, "quantity", UNIT, SUPERVISOR, done, amount, _review("quantity", number))
    yield Entry(FulfilmentReported, "note", UNIT, SUPERVISOR, (), prose, same)
    answered = (CallBackRecorded, SiteChecked, *done)
    yield Entry(
        CallBackRecorded,
        "answer",
        ASKERS,
        SUPERVISOR,
        answered,
        choice(Answer),
        _review("answer", Answer),
        NOT_THE_UNIT,
    )
    apart = (Relation.REPORTER, Relation.HANDLING_UNIT)
    checked = (SiteChecked, *done)
    yield Entry(
        SiteChecked, "finding", SUPERVISOR, LEADER, checked, choice(Finding), _review("finding", Finding), apart
    )
    yield Entry(SiteChecked, "note", SUPERVISOR, LEADER, (), prose, same, apart)
    yield Entry(
        CommitmentVerified,
        "quantity",
        SUPERVISOR,
        LEADER,
        (CommitmentClosed,),
        amount,
        _review("quantity", number),
        apart,
    )
    yield Entry(CommitmentVerified, "note", SUPERVISOR, LEADER, (), prose, same, apart)
    yield Entry(CommitmentClosed, "outcome", OFFICE, LEADER, (), choice(Outcome), same)
    yield Entry(CommitmentClosed, "note", OFFICE, LEADER, (), prose, same)


def policies() -> Iterable[Entry]:
    replaced = (PolicyAmended, PolicyWithdrawn)
    for event in (PolicyIssued, PolicyAmended):
        yield Entry(
            event, "title", OFFICE, LEADER, replaced, title, lambda state, _, new: replace(state, title=str(new))
        )
        yield Entry(event, "summary", OFFICE, LEADER, replaced, prose, same)


_EXTEND: Final = OtherWay(
    "单位已受领或公众已知的期限不能改动，只能在到期前公开延期；确有错误的，终止后重新提出",
    "a due date a unit or the public has been told of is extended in sight of all, or the promise ended and made anew",
    ("ask_extension", "terminate_commitment", "propose_commitment"),
)
_ANEW: Final = OtherWay(
    "承诺的内容不能改动；确有错误的，终止后重新提出",
    "what was promised is not changed; end it, with the ground, and propose it anew",
    ("terminate_commitment", "propose_commitment"),
)
WAYS: Final = {
    **instead((CommitmentProposed, CommitmentReopened, ExtensionGranted, DueRecalculated), ("due_on",), _EXTEND),
    **instead(
        (CommitmentProposed,),
        ("starts_on", "quantity", "measure", "urgency", "targets", "requests", "beneficiary", WHOLE),
        _ANEW,
    ),
    **instead(
        (CommitmentProposed, CommitmentAssigned, CommitmentRegistered),
        ("lead_unit", "unit"),
        OtherWay(
            "责任单位只能公开改派", "another unit leads only by reassignment", ("ask_return", "reassign_commitment")
        ),
    ),
    **instead(
        (CommitmentPublished, CommitmentPublished2, WordingAmended, WordingAmended2),
        ("wording", "reason", WHOLE),
        OtherWay(
            "公众读过的文字只能公开修改或撤下",
            "words the public has read are amended or withdrawn in sight of all",
            ("amend_wording", "withdraw_wording"),
        ),
    ),
    **instead(
        (DeferralGranted, CommitmentSuspended),
        ("since", "until", WHOLE),
        OtherWay(
            "暂停办理的起止不能改动，恢复办理后按实际天数顺延",
            "a pause is ended, and the due date moves by the days it really took",
            ("resume_commitment",),
        ),
    ),
    **instead(
        (CommitmentResumed,),
        ("due_on", "paused_days", WHOLE),
        OtherWay("期限由暂停天数推算，只能延期", "it follows from the pause; it can be extended", ("ask_extension",)),
    ),
    **instead(
        (FulfilmentReported,),
        ("quantity", WHOLE),
        OtherWay("反馈不实的，退回重办", "a report that is not true is sent back", ("order_redo",)),
    ),
    **instead(
        (CallBackRecorded, SiteChecked, CommitmentVerified, CommitmentClosed),
        ("answer", "finding", "quantity", WHOLE),
        OtherWay(
            "核验销号已以此为依据；事实不符的，退回重办，销号后在回头看时重启",
            "the verification or the closing rests on it; send it back, or reopen it when it is checked again",
            ("order_redo", "recheck_commitment"),
        ),
    ),
    **instead(
        (PolicyIssued, PolicyAmended),
        ("title", "summary", "number", "effective_on", "expires_on", "targets", WHOLE),
        OtherWay("政策只能公开修订或废止", "a policy is amended or withdrawn", ("amend_policy", "withdraw_policy")),
    ),
}
