"""How a rating comes in: receive (登记), check whether a bad one is true (核实)."""

from domain.actor import Role
from domain.appraisal_form import Grade
from domain.command import Context, command
from domain.commitment import Commitment, Stage
from domain.deadline import Deadline, in_working_days
from domain.guards import in_turn, own_unit
from domain.ids import CommitmentId, RequestId, UnitId
from domain.rating import TURNS, Rating
from domain.rating_events import BAD, RatingChecked, RatingEvent, RatingReceived, Truth
from domain.refusal import Kind, Refusal
from domain.request import Request, RequestStage
from domain.request_events import Protection, Source, Way
from domain.sealed import Sealed
from domain.text import line, text

UNBEGUN = frozenset({Stage.PROPOSED, Stage.REGISTERED})
REPLIED = frozenset({RequestStage.ANSWERED, RequestStage.CLOSED})
SUPERVISION = frozenset({Role.SUPERVISOR})


def rectify_by(ctx: Context) -> Deadline:
    return in_working_days(ctx, "rating_rectify_working_days", ctx.rules.rating_rectify_working_days)


@command(of=Rating, by=(Role.CALLER, Role.DISPATCHER, Role.SUPERVISOR), creates=True)
class ReceiveRating:
    """Enters what somebody thinks of one thing: a commitment, the answer to their request, or a unit's `service`. Not
    by a person of the rated unit. A bad rating (差评) starts the clock of its rectification.

    `words`, `name` and `phone` are sealed; `service` is not and may hold no personal data. A named rater gives a name;
    one who asks for confidence too, but the rated unit can never open it; of an anonymous one nothing is recorded.
    Whoever raised a request in confidence or anonymously does not rate it by name, and a request is rated once.
    """

    grade: Grade
    way: Way
    protection: Protection
    commitment: CommitmentId | None = None
    request: RequestId | None = None
    unit: UnitId | None = None
    service: str = ""
    words: str | None = None
    name: str | None = None
    phone: str | None = None

    def decide(self, state: None, ctx: Context) -> list[RatingEvent]:
        unit = self._rated(ctx)
        if ctx.actor.unit == unit:
            raise Refusal(
                "own_rating",
                "被评价单位人员应当回避",
                "a person of the rated unit must stand aside",
                kind=Kind.FORBIDDEN,
            )
        return [
            RatingReceived(
                grade=self.grade,
                way=self.way,
                protection=self.protection,
                unit=unit,
                commitment=self.commitment,
                request=self.request,
                service="" if self.unit is None else line(self.service, "service"),
                words=None if self.words is None else Sealed(ctx.stream, text(self.words, "words")),
                source=self._source(ctx.stream),
                rectify_by=rectify_by(ctx) if self.grade in BAD else None,
                by=ctx.actor.person,
            )
        ]

    def _rated(self, ctx: Context) -> UnitId:
        """The unit whose work is rated."""
        if sum(one is not None for one in (self.commitment, self.request, self.unit)) != 1:
            raise Refusal(
                "rated_thing",
                "评价对象须为一项承诺、一件诉求或一个单位的服务，且只能是其中之一",
                "a rating is of one commitment, one request or one unit's service",
                field="unit",
            )
        if self.service and self.unit is None:
            raise Refusal(
                "service_named",
                "只有评价单位服务时填写服务名称",
                "only a rating of a unit's service names one",
                field="service",
            )
        if self.request is not None:
            return self._of_request(ctx.look(self.request))
        if self.commitment is not None:
            return self._of_commitment(ctx.look(self.commitment))
        assert self.unit is not None
        return self.unit

    def _of_request(self, request: Request) -> UnitId:
        if request.stage not in REPLIED or request.responsible is None:
            raise Refusal(
                "request_unanswered",
                "诉求尚未答复，不能评价",
                "a request is rated once it is answered",
                kind=Kind.CONFLICT,
                field="request",
                state=request.stage.value,
            )
        if self.protection is Protection.NAMED and request.protection is not Protection.NAMED:
            raise Refusal(
                "rater_protected",
                "诉求人要求保密或匿名，评价不得实名",
                "who raised it in confidence or anonymously is not rated as by name",
                field="protection",
            )
        return request.responsible

    def _of_commitment(self, commitment: Commitment) -> UnitId:
        if commitment.stage in UNBEGUN:
            raise Refusal(
                "commitment_unbegun",
                "承诺事项尚未交办，不能评价",
                "a commitment is rated once a unit has it",
                kind=Kind.CONFLICT,
                field="commitment",
                state=commitment.stage.value,
            )
        return commitment.responsible

    def _source(self, subject: str) -> Source | None:
        if self.protection is Protection.ANONYMOUS:
            for field in ("name", "phone"):
                if getattr(self, field) is not None:
                    raise Refusal(
                        "source_anonymous",
                        "匿名评价不登记来源",
                        "nothing is recorded of the source of an anonymous rating",
                        field=field,
                    )
            return None
        if self.name is None:
            raise Refusal(
                "source_needed",
                "实名或要求保密的评价须登记姓名",
                "a rating that is not anonymous needs the person's name",
                field="name",
            )
        phone = None if self.phone is None else Sealed(subject, line(self.phone, "phone"))
        return Source(name=Sealed(subject, line(self.name, "name")), phone=phone, address=None)


@command(of=Rating, by=(Role.SUPERVISOR, Role.UNIT_OFFICER, Role.UNIT_HEAD))
class CheckRating:
    """The rated unit (谁办理、谁负责) or supervision finds out whether a bad rating is true. An untrue one counts all
    the same until somebody else excludes it on appeal."""

    truth: Truth
    note: str

    def decide(self, state: Rating, ctx: Context) -> list[RatingEvent]:
        in_turn(state.stage, "check_rating", TURNS)
        own_unit(state.responsible, ctx, unless=SUPERVISION)
        return [RatingChecked(truth=self.truth, note=text(self.note, "note"), by=ctx.actor.person)]
