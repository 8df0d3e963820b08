"""What can happen to a request (诉求), and the words it is described in.

What the person said, who they are and how to reach them is sealed under the request's own id, so that no two requests
of one person have anything in common; only a named person known as a partner has one key for all. `source` is never
opened to a unit when the person asked for confidence (`domain/confidence.py`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from domain.commitment_terms import Answer, Finding, Means, Urgency
from domain.deadline import Deadline
from domain.event import event
from domain.ids import CommitmentId, PartnerId, PersonId, RequestId, UnitId, VisitId
from domain.sealed import Sealed


class RequestKind(StrEnum):
    """A report about conduct (举报) is no request but a confidential matter (`domain/matter.py`)."""

    DIFFICULTY = "difficulty"  # 困难
    OPINION = "opinion"  # 意见
    COMPLAINT = "complaint"  # 投诉


class Way(StrEnum):
    """How a request came in (M5)."""

    WINDOW = "window"  # 窗口
    HOTLINE = "hotline"  # 热线
    NETWORK = "network"  # 网络
    STATION = "station"  # 站点
    VISIT = "visit"  # 下基层


class Protection(StrEnum):
    """What the handling unit may know of the person."""

    NAMED = "named"  # 实名
    CONFIDENTIAL = "confidential"  # 要求保密
    ANONYMOUS = "anonymous"  # 匿名


class Resolution(StrEnum):
    """What the unit says has come of it."""

    SOLVED = "solved"  # 已解决
    EXPLAINED = "explained"  # 解释说明
    NOT_POSSIBLE = "not_possible"  # 不能办理


class EscalationGround(StrEnum):
    REDO = "redo"  # 多次重办
    NO_LEAD = "no_lead"  # 多次转办无牵头单位


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The person behind a request."""

    name: Sealed[str]
    phone: Sealed[str] | None
    address: Sealed[str] | None


@event("request_raised.1")
class RequestRaised:
    """`title` is official wording without personal data. `first_receiver` is the unit of who took it in (首接负责);
    None for the hotline and other desks that belong to no unit."""

    kind: RequestKind
    way: Way
    protection: Protection
    title: str
    detail: Sealed[str]
    source: Source | None
    partner: PartnerId | None
    visit: VisitId | None
    urgency: Urgency
    region: str
    first_receiver: UnitId | None
    dispatch_by: Deadline
    by: PersonId


@event("request_taken_on.1")
class RequestTakenOn:
    """The first receiver deals with it itself; dispatch and acknowledgement in one."""

    unit: UnitId
    answer_by: Deadline
    by: PersonId


@event("request_dispatched.1")
class RequestDispatched:
    """`hand_over` counts hand-overs since a unit last led it."""

    unit: UnitId
    instruction: str
    hand_over: int
    acknowledge_by: Deadline
    by: PersonId


@event("request_acknowledged.1")
class RequestAcknowledged:
    unit: UnitId
    answer_by: Deadline
    by: PersonId


@event("request_return_asked.1")
class RequestReturnAsked:
    unit: UnitId
    reason: str
    by: PersonId


@event("request_return_accepted.1")
class RequestReturnAccepted:
    """Back to whoever dispatches; until then the first receiver answers for it."""

    unit: UnitId
    reason: str
    dispatch_by: Deadline
    by: PersonId


@event("request_return_refused.1")
class RequestReturnRefused:
    """The unit is designated and can't ask again."""

    unit: UnitId
    reason: str
    acknowledge_by: Deadline
    by: PersonId


@event("request_reassigned.1")
class RequestReassigned:
    unit: UnitId
    reason: str
    hand_over: int
    acknowledge_by: Deadline
    by: PersonId


@event("request_linked.1")
class RequestLinked:
    """The same matter as `main`, which is dealt with for both. The request stays, with its own person to be asked."""

    main: RequestId
    reason: str
    by: PersonId


@event("request_unlinked.1")
class RequestUnlinked:
    reason: str
    dispatch_by: Deadline
    by: PersonId


@event("request_answered.1")
class RequestAnswered:
    """`note` is official wording without personal data; `reply` is what the person is told. `through` is the request
    whose answer this is, where they are linked."""

    unit: UnitId
    resolution: Resolution
    note: str
    reply: Sealed[str]
    through: RequestId | None
    by: PersonId


@event("request_promised.1")
class RequestPromised:
    """What is asked for takes a commitment, which names this request (诉求转承诺) and is due on `due_on` as it stands;
    the unit answers when it has ended. `reply` is what the person is told."""

    commitment: CommitmentId
    due_on: date
    reply: Sealed[str]
    by: PersonId


@event("request_called_back.1")
class RequestCalledBack:
    attempt: int
    answer: Answer
    words: Sealed[str] | None
    by: PersonId


@event("request_checked.1")
class RequestChecked:
    """A second person looked, where nobody could be asked."""

    finding: Finding
    note: str
    by: PersonId


@event("request_redo_ordered.1")
class RequestRedoOrdered:
    redo: int
    reason: str
    answer_by: Deadline
    by: PersonId


@event("request_escalated.1")
class RequestEscalated:
    """Raised to supervision at a higher level (提级督办) after the `count`-th redo, or the `count`-th hand-over
    without a lead."""

    ground: EscalationGround
    count: int


@event("request_closed.1")
class RequestClosed:
    """`confirmed`: the person, or a check, says it is solved. What a unit claims never counts as confirmed."""

    unit: UnitId
    resolution: Resolution
    confirmed: bool
    means: Means
    note: str
    by: PersonId


@event("request_withdrawn.1")
class RequestWithdrawn:
    """Taken back by the person, or entered in error; counts nowhere any longer."""

    reason: str
    by: PersonId


RequestEvent: TypeAlias = (
    RequestRaised
    | RequestTakenOn
    | RequestDispatched
    | RequestAcknowledged
    | RequestReturnAsked
    | RequestReturnAccepted
    | RequestReturnRefused
    | RequestReassigned
    | RequestLinked
    | RequestUnlinked
    | RequestPromised
    | RequestAnswered
    | RequestCalledBack
    | RequestChecked
    | RequestRedoOrdered
    | RequestEscalated
    | RequestClosed
    | RequestWithdrawn
)
