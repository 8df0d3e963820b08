"""How a request comes in: raise (登记), link a duplicate (并联), withdraw (撤回)."""

from domain.actor import Role
from domain.command import Context, command
from domain.commitment_terms import Urgency
from domain.deadline import Deadline, in_hours
from domain.guards import in_turn, own_unit
from domain.ids import PartnerId, RequestId, VisitId
from domain.partner import partner_on
from domain.refusal import Kind, Refusal
from domain.request import TURNS, Request, RequestStage
from domain.request_events import (
    Protection,
    RequestEvent,
    RequestKind,
    RequestLinked,
    RequestRaised,
    RequestUnlinked,
    RequestWithdrawn,
    Source,
    Way,
)
from domain.sealed import Sealed
from domain.service import region_code
from domain.text import line, text
from domain.two_hands import Relation
from domain.visit import Visit, VisitStage


def dispatch_by(urgency: Urgency, ctx: Context) -> Deadline:
    """When it has to be with a unit."""
    return in_hours(ctx, f"dispatch_hours.{urgency}", ctx.rules.dispatch_hours[urgency])


@command(
    of=Request,
    by=(Role.DISPATCHER, Role.SUPERVISOR, Role.CALLER, Role.UNIT_OFFICER, Role.UNIT_HEAD),
    creates=True,
)
class RaiseRequest:
    """Takes in a difficulty, an opinion or a complaint. The unit of who takes it in is its first receiver (首接负责).

    `detail`, `name`, `phone` and `address` are sealed; `title` is not and may hold no personal data. A named person
    gives a name; one who asks for confidence too, but the handling unit can never open it, and no `partner` is
    recorded; of an anonymous one nothing is recorded. `visit` names the visit (下基层) it was raised on, by a person
    of the visiting unit. A report about conduct is none of these: it is lodged as a confidential matter.
    """

    kind: RequestKind
    way: Way
    protection: Protection
    title: str
    detail: str
    urgency: Urgency
    region: str
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    partner: PartnerId | None = None
    visit: VisitId | None = None

    def decide(self, state: None, ctx: Context) -> list[RequestEvent]:
        self._check_visit(ctx)
        if self.partner is not None:
            if self.protection is not Protection.NAMED:
                raise _kept(self.protection, "partner")
            partner_on(self.partner, ctx.today, ctx)
        return [
            RequestRaised(
                kind=self.kind,
                way=self.way,
                protection=self.protection,
                title=line(self.title, "title"),
                detail=Sealed(self.partner or ctx.stream, text(self.detail, "detail")),
                source=self._source(self.partner or ctx.stream),
                partner=self.partner,
                visit=self.visit,
                urgency=self.urgency,
                region=region_code(self.region, "region"),
                first_receiver=ctx.actor.unit,
                dispatch_by=dispatch_by(self.urgency, ctx),
                by=ctx.actor.person,
            )
        ]

    def _check_visit(self, ctx: Context) -> None:
        if (self.visit is not None) != (self.way is Way.VISIT):
            raise Refusal(
                "visit_named",
                "下基层收集的诉求须注明走访记录，其他渠道不填",
                "a request raised on a visit names the visit, and no other does",
                field="visit",
            )
        if self.visit is None:
            return
        visit: Visit = ctx.look(self.visit)
        if visit.stage is VisitStage.WITHDRAWN:
            raise Refusal(
                "visit_withdrawn", "该走访记录已撤回", "the visit is withdrawn", kind=Kind.CONFLICT, field="visit"
            )
        own_unit(visit.unit, ctx, field="visit")

    def _source(self, subject: str) -> Source | None:
        if self.protection is Protection.ANONYMOUS:
            for field in ("name", "phone", "address"):
                if getattr(self, field) is not None:
                    raise _kept(self.protection, field)
            return None
        if self.name is None:
            raise Refusal(
                "source_needed",
                "实名或要求保密的诉求须登记姓名",
                "a request that is not anonymous needs the person's name",
                field="name",
            )

        def sealed(value: str | None, field: str) -> Sealed[str] | None:
            return None if value is None else Sealed(subject, line(value, field))

        return Source(
            name=Sealed(subject, line(self.name, "name")),
            phone=sealed(self.phone, "phone"),
            address=sealed(self.address, "address"),
        )


def _kept(protection: Protection, field: str) -> Refusal:
    if protection is Protection.ANONYMOUS:
        return Refusal(
            "source_anonymous",
            "匿名诉求不登记来源",
            "nothing is recorded of the source of an anonymous request",
            field=field,
        )
    return Refusal(
        "source_confidential",
        "要求保密的诉求不得关联对象",
        "a request made in confidence is linked to no partner",
        field=field,
    )


@command(of=Request, by=(Role.DISPATCHER, Role.SUPERVISOR))
class LinkRequest:
    """Marks it as the same matter as `main`, whose answer will serve both. It stays, and its own person is asked.
    What is linked itself cannot be `main`."""

    main: RequestId
    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "link_request", TURNS)
        if self.main == ctx.stream:
            raise Refusal("linked_to_itself", "不能并联到自身", "a request is no duplicate of itself", field="main")
        main: Request = ctx.look(self.main)
        if main.stage in {RequestStage.LINKED, RequestStage.WITHDRAWN}:
            raise Refusal(
                "main_request",
                "主件已并联到其他诉求或已撤回",
                "that request is linked itself, or withdrawn",
                kind=Kind.CONFLICT,
                field="main",
                state=main.stage.value,
            )
        return [RequestLinked(main=self.main, reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Request, by=(Role.DISPATCHER, Role.SUPERVISOR))
class UnlinkRequest:
    """Not the same matter after all: it waits for a unit of its own. The clock of dispatch starts anew."""

    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "unlink_request", TURNS)
        return [
            RequestUnlinked(
                reason=text(self.reason, "reason"),
                dispatch_by=dispatch_by(state.urgency, ctx),
                by=ctx.actor.person,
            )
        ]


@command(of=Request, by=(Role.SUPERVISOR, Role.DISPATCHER), not_by=(Relation.RECORDER, Relation.HANDLING_UNIT))
class WithdrawRequest:
    """The person took it back, or it was entered in error; not by the person who entered it nor by the unit that
    handles it."""

    reason: str

    def decide(self, state: Request, ctx: Context) -> list[RequestEvent]:
        in_turn(state.stage, "withdraw_request", TURNS)
        return [RequestWithdrawn(reason=text(self.reason, "reason"), by=ctx.actor.person)]
