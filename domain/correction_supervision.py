"""Lines of the table of corrections: supervision (督查).

A conclusion is never corrected: it is objected to and reviewed, as the law has it (政府督查工作条例 arts. 17 and 18).
"""

from collections.abc import Iterable
from typing import Any, Final

from domain.circular import CircularDrafted, CircularIssued, CircularWithdrawn
from domain.command import Context
from domain.conclusion_events import (
    ConclusionAmended,
    ConclusionDelivered,
    ConclusionIssued,
    ConclusionRevoked,
    ConclusionUpheld,
    ResultUsed,
)
from domain.correction import Value
from domain.correction_lines import (
    FIELD,
    LEADER,
    OFFICE,
    SUPERVISOR,
    UNIT,
    WHOLE,
    Entry,
    OtherWay,
    day,
    instead,
    prose,
    same,
    title,
    wrong,
)
from domain.guards import happened_on
from domain.inspection import Inspection
from domain.inspection_events import (
    InspectionAmended,
    InspectionCancelled,
    InspectionClosed,
    InspectionPlanned,
    InspectionPlanned2,
    InspectionVisitRecorded,
)
from domain.listing import MatterListed
from domain.rectification import (
    RectificationOrdered,
    RectificationRejected,
    RectificationSubmitted,
    RectificationVerified,
    RectificationWithdrawn,
)
from domain.talk import Talk, TalkHeld, TalkSummoned, TalkSummoned2
from domain.two_hands import Relation

APART: Final = (Relation.INSPECTED_UNIT,)


def _visited(value: Value, _event: Any, state: Inspection, ctx: Context) -> str:
    visited = happened_on(day(value), FIELD, ctx, since=state.starts_on)
    if visited > state.ends_on:
        raise wrong("日期不在督查方案期限内", "the date lies after the plan's end")
    return visited.isoformat()


def _talked(value: Value, _event: Any, state: Talk, ctx: Context) -> str:
    return happened_on(day(value), FIELD, ctx, since=state.summoned_on).isoformat()


def supervision() -> Iterable[Entry]:
    over = (InspectionClosed, InspectionCancelled)
    yield Entry(InspectionVisitRecorded, "visited_on", SUPERVISOR, LEADER, over, _visited, same, APART)
    yield Entry(InspectionVisitRecorded, "note", SUPERVISOR, LEADER, over, prose, same, APART)
    yield Entry(ResultUsed, "reference", OFFICE, LEADER, (), title, same, APART)
    yield Entry(ResultUsed, "note", OFFICE, LEADER, (), prose, same, APART)
    ruled = (RectificationVerified, RectificationRejected, RectificationWithdrawn)
    yield Entry(RectificationSubmitted, "note", UNIT, SUPERVISOR, ruled, prose, same)
    yield Entry(RectificationVerified, "note", SUPERVISOR, LEADER, (), prose, same, (Relation.REPORTER, *APART))
    yield Entry(TalkHeld, "held_on", OFFICE, LEADER, (), _talked, same, APART)
    yield Entry(TalkHeld, "minutes", OFFICE, LEADER, (), prose, same, APART)
    yield Entry(TalkHeld, "undertakings", OFFICE, LEADER, (), prose, same, APART)
    issued = (CircularIssued, CircularWithdrawn)
    yield Entry(CircularDrafted, "title", SUPERVISOR, LEADER, issued, title, same)
    yield Entry(CircularDrafted, "body", SUPERVISOR, LEADER, issued, prose, same)


WAYS: Final = {
    **instead(
        (ConclusionIssued, ConclusionDelivered, ConclusionUpheld, ConclusionAmended, ConclusionRevoked),
        ("wording", "issued_on", "received_on", "object_by", "unit", "authors", "reason", WHOLE),
        OtherWay(
            "督查结论不作更正，由单位依法提出异议，复核变更或撤销",
            "a conclusion is not corrected: the unit objects, and a review amends or revokes it",
            ("object_to_conclusion", "decide_review"),
        ),
    ),
    **instead(
        (InspectionPlanned, InspectionPlanned2, InspectionAmended),
        ("title", "commitments", "policies", "requests", "team", "methods", "starts_on", "ends_on", "scope"),
        OtherWay("修订督查方案，说明理由", "amend the plan, with a reason", ("amend_inspection",)),
    ),
    **instead(
        (InspectionPlanned, InspectionPlanned2),
        ("units", "mandate", WHOLE),
        OtherWay(
            "督查方案的对象不能改动；取消后重新制定",
            "whom a plan is about is kept; cancel it and plan anew",
            ("cancel_inspection", "plan_inspection"),
        ),
    ),
    **instead(
        (InspectionVisitRecorded,),
        ("visited_on", "note", "unit", WHOLE),
        OtherWay(
            "结论可能以此次检查为依据，由单位提出异议，在复核中认定",
            "a conclusion may rest on the visit; it is judged when the conclusion is reviewed",
            ("object_to_conclusion", "decide_review"),
        ),
    ),
    **instead(
        (RectificationOrdered, RectificationRejected),
        ("due_on", "wording", "item", WHOLE),
        OtherWay(
            "整改要求由复核撤回，期限在退回整改时重新确定",
            "an order falls with its conclusion; a new due date is set when it is sent back",
            ("reject_rectification", "withdraw_rectification"),
        ),
    ),
    **instead(
        (RectificationSubmitted,),
        ("note", WHOLE),
        OtherWay("已作核验；不实的退回整改", "it has been looked at; send it back", ("reject_rectification",)),
    ),
    **instead(
        (MatterListed,),
        ("due_on", "reference", "reason", "unit", WHOLE),
        OtherWay("撤牌后重新挂牌", "take it off the list and list it anew", ("withdraw_listing", "list_matter")),
    ),
    **instead(
        (TalkSummoned, TalkSummoned2),
        ("planned_on", "person", "unit", "reference", "reason", WHOLE),
        OtherWay("取消后重新约谈", "call it off and summon anew", ("call_off_talk", "summon_to_talk")),
    ),
    **instead(
        (CircularDrafted,),
        ("number", "title", "body", "tone", "units", WHOLE),
        OtherWay(
            "通报印发后只能公开撤回，再另行起草",
            "a circular is withdrawn in sight of all and drafted anew",
            ("withdraw_circular", "draft_circular"),
        ),
    ),
}
