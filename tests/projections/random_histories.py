"""Random histories of everything the views look at: legal or not, in order or back-dated, withdrawn or not."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from world import (
    World,
    acknowledged,
    assigned,
    at,
    follow_up,
    limit,
    partner,
    policy,
    proposed,
    registered,
    stream,
    unit,
)

from domain import commitment_events as c
from domain.activity import ActivityHeld, ActivityKind, ActivityWithdrawn
from domain.calendar import SATURDAY
from domain.calendar_year import CalendarAmended, CalendarAnnounced
from domain.commitment_terms import Answer, Means, Outcome
from domain.contribution import ContributionMade, ContributionReversed, Funds
from domain.correction import CorrectionProposed, EventCorrected, EventRetracted, plain
from domain.correction_table import TABLE
from domain.pairing import PairingAgreed, PairingEnded, PairingWithdrawn
from domain.partner import PartnerKind, PartnerMerged, PartnerUpdated
from domain.problem import (
    ProblemConfirmed,
    ProblemNotSolved,
    ProblemRaised,
    ProblemSolved,
    ProblemTakenOn,
    ProblemWithdrawn,
)
from domain.project import ProjectCompleted, ProjectStarted, ProjectWithdrawn
from domain.recounting import DeadlineRecalculated
from domain.sealed import Sealed
from domain.service import Aid, Recurrence
from domain.unit import UnitRenamed
from domain.visit import VisitRecorded2, VisitWithdrawn

SOMEONE = stream(1)
SERVICE: dict[str, Any] = {"recurrence": Recurrence.ONE_OFF, "aid": Aid.CAPACITY}
FIRST = date(2011, 11, 1)
UNITS = [stream(10 + n) for n in range(3)]
POLICY = stream(20)
PARTNERS = [stream(30 + n) for n in range(4)]
KINDS = [PartnerKind.VILLAGE, PartnerKind.VILLAGE, PartnerKind.COMMUNITY, PartnerKind.ENTERPRISE]


def history(seed: int, count: int) -> World:
    """`count` events after nine that register units, a policy and partners, over two winters."""
    return _Author(Random(seed)).write(count)


class _Author:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.world = World()
        self.today = FIRST
        self.minute = 0
        self.next_stream = 100
        self.streams: dict[str, list[str]] = {}

    def write(self, count: int) -> World:
        for number, name in enumerate(UNITS):
            self.record(name, unit(number))
        self.record(POLICY, policy(UNITS[0]))
        for name, kind in zip(PARTNERS, KINDS, strict=True):
            self.record(name, partner(kind, f"对象{name[-2:]}"))
        while len(self.world.events) < count + 9:
            if self.random.random() < 0.4:
                self.today += timedelta(days=self.random.choice([1, 1, 2, 5, 20]))
                self.minute = 0
            self.random.choice(
                [self.commitment] * 6
                + [self.visit, self.problem, self.pairing, self.activity, self.project, self.funds]
                + [self.rename, self.notice]
                + [self.mistake] * 3
            )()
        return self.world

    def record(self, name: str, event: Any) -> None:
        """Mostly as it happens; now and then about an earlier day, or about the same minute as another."""
        self.minute = min(self.minute + self.random.choice([0, 1, 7]), 600)
        recorded = at(self.today, 8) + timedelta(minutes=self.minute)
        occurred = recorded
        if self.random.random() < 0.25:
            occurred = recorded - timedelta(days=self.random.choice([0, 1, 3, 30]), minutes=self.random.choice([0, 5]))
        self.world.record(name, event, occurred, recorded)

    def mistake(self) -> None:
        """Some record is proposed to be corrected, corrected or retracted; also one that was corrected before."""
        pick = self.random.choice
        gone = {event.position for *_, event in self.world.events if isinstance(event, EventRetracted)}
        wrong = [
            (number, name, event)
            for number, name, _, _, event in self.world.events
            if type(event) in {of for of, _ in TABLE} and number not in gone
        ]
        if not wrong:
            return
        number, name, event = pick(wrong)
        field = pick([field for of, field in TABLE if of is type(event)])
        told: dict[str, Any] = {"event_id": "", "position": number, "event": event.NAME, "reason": "笔误"}
        if field is None:
            self.record(name, EventRetracted(**told, proposed_by=SOMEONE, by=SOMEONE))
            return
        values: dict[type, list[Any]] = {int: [0, 2, 60], str: ["改"], date: [self.past().isoformat()]}
        if isinstance(event, c.CommitmentProposed):
            values[int] = [2, 60]
        was = getattr(event, field)
        new = (
            pick(list(type(was))).value if isinstance(was, StrEnum) else pick(values[int if was is None else type(was)])
        )
        told |= {"field": field, "old": plain(was), "new": new}
        if self.random.random() < 0.2:
            self.record(name, CorrectionProposed(**told, by=SOMEONE))
        else:
            self.record(name, EventCorrected(**told, proposed_by=SOMEONE, by=SOMEONE))

    def day(self) -> date:
        return self.today + timedelta(days=self.random.choice([-40, -3, 0, 2, 10, 45, 90]))

    def one_of(self, kind: str, begin: Callable[[], Any]) -> str | None:
        """A stream of a kind that has begun; None when a new one was begun instead."""
        known = self.streams.setdefault(kind, [])
        if not known or self.random.random() < 0.3:
            known.append(stream(self.next_stream))
            self.next_stream += 1
            self.record(known[-1], begin())
            return None
        return self.random.choice(known)

    def commitment(self) -> None:
        pick = self.random.choice
        name = self.one_of(
            "commitment",
            lambda: proposed(
                pick(UNITS),
                POLICY,
                due_on=self.today + timedelta(days=pick([1, 4, 30, 90])),
                starts_on=self.today - timedelta(days=pick([0, 5, 10])),
                quantity=pick([1, 7, 100]),
            ),
        )
        if name is None:
            return
        events: list[Callable[[], Any]] = [
            *[lambda: follow_up(pick([None, 0, 1, 5, 50, 100]))] * 5,
            registered,
            lambda: assigned(pick(UNITS)),
            *[lambda: acknowledged(pick(UNITS))] * 3,
            lambda: pick([c.CommitmentPublished(wording="公示"), c.CommitmentPublished2(wording="公示", by=SOMEONE)]),
            lambda: c.WordingWithdrawn(reason="有误", by=SOMEONE),
            lambda: c.WordingAmended2(wording="公示", reason="更正", by=SOMEONE),
            lambda: c.ReturnAsked(reason="不属职责", by=SOMEONE),
            lambda: c.ReturnAccepted(unit=pick(UNITS), reason="同意", acknowledge_by=limit()),
            lambda: c.ReturnRefused(reason="指定", acknowledge_by=limit()),
            lambda: c.ExtensionAsked(due_on=self.day(), reason="雨季", by=SOMEONE),
            lambda: c.ExtensionGranted(due_on=self.day(), reason="同意"),
            lambda: c.ExtensionRefused(reason="不同意"),
            lambda: c.DeferralProposed(measures="分期", until=self.day(), by=SOMEONE),
            *[lambda: c.DeferralGranted(since=self.today, until=self.day(), reason="同意")] * 2,
            lambda: c.DeferralRefused(reason="不同意"),
            *[lambda: c.CommitmentSuspended(ground="诉讼", since=self.today, until=self.day())] * 2,
            *[lambda: c.CommitmentResumed(reason="", paused_days=3, due_on=self.day(), provisional=False)] * 2,
            lambda: DeadlineRecalculated(deadline=limit(), number="示例〔2011〕1号"),
            lambda: c.DueRecalculated(due_on=self.day(), provisional=False, number="示例〔2011〕1号"),
            *[
                lambda: c.FulfilmentReported(
                    quantity=pick([1, 99]), note="已办结", evidence=(), filed_at=at(self.today), by=SOMEONE
                )
            ]
            * 2,
            lambda: c.RedoOrdered(reason="不实"),
            lambda: c.CommitmentEscalated(redos=3),
            lambda: c.CallBackRecorded(attempt=1, answer=Answer.SOLVED, comment=None),
            lambda: c.CommitmentVerified(quantity=pick([1, 98]), means=Means.ANSWER, note="", by=SOMEONE),
            lambda: c.CommitmentClosed(
                outcome=pick(list(Outcome)), note="", recheck_from=self.today, recheck_until=self.today, by=SOMEONE
            ),
            lambda: c.CommitmentArchived(note="", evidence=(), filed_at=at(self.today)),
            lambda: c.CommitmentReopened(note="", evidence=(), filed_at=at(self.today), due_on=self.day()),
            lambda: c.CommitmentReassigned(unit=pick(UNITS), reason="职能调整", acknowledge_by=limit()),
            lambda: c.SupportingUnitJoined(unit=pick(UNITS), reason="协办"),
            lambda: c.SupportingUnitLeft(unit=pick(UNITS), reason="退出"),
            lambda: c.CommitmentTerminated(ground="政策调整", told_on=None, told_note=None),
        ]
        self.record(name, pick(events)())

    def past(self) -> date:
        return self.today - timedelta(days=self.random.choice([0, 0, 1, 30]))

    def whom(self) -> tuple[str, PartnerKind]:
        number = self.random.randrange(len(PARTNERS))
        return PARTNERS[number], KINDS[number]

    def visit(self) -> None:
        whom, kind = self.whom()
        name = self.one_of(
            "visit",
            lambda: VisitRecorded2(
                unit=self.random.choice(UNITS),
                partner=whom,
                partner_kind=kind,
                visited_on=self.past(),
                persons=self.random.choice([1, 3, 8]),
                purpose="走访",
                heard=None,
                commitment=None,
                problem=None,
                recurrence=Recurrence.ONE_OFF,
                aid=Aid.RELIEF,
                request=None,
                by=SOMEONE,
            ),
        )
        if name is not None:
            self.record(name, VisitWithdrawn(reason="重复", by=SOMEONE))

    def problem(self) -> None:
        lead = self.random.choice(UNITS)
        name = self.one_of(
            "problem",
            lambda: ProblemRaised(
                partner=PARTNERS[3],
                title="用工难",
                detail=Sealed(SOMEONE, commitment="00" * 32),
                contact_name=None,
                contact_phone=None,
                raised_on=self.past(),
                by=SOMEONE,
            ),
        )
        if name is not None:
            event = self.random.choice(
                [
                    ProblemTakenOn(unit=lead, by=SOMEONE),
                    ProblemSolved(unit=lead, how="招聘会", solved_on=self.past(), by=SOMEONE),
                    ProblemConfirmed(unit=lead, confirmed_on=self.past(), words=None, by=SOMEONE),
                    ProblemConfirmed(unit=lead, confirmed_on=self.past(), words=None, by=SOMEONE),
                    ProblemNotSolved(
                        unit=lead, answered_on=self.past(), words=Sealed(SOMEONE, commitment="00" * 32), by=SOMEONE
                    ),
                    ProblemWithdrawn(reason="重复", by=SOMEONE),
                ]
            )
            self.record(name, event)

    def pairing(self) -> None:
        whom, kind = self.whom()
        name = self.one_of(
            "pairing",
            lambda: PairingAgreed(
                unit=self.random.choice(UNITS),
                partner=whom,
                partner_kind=kind,
                member=None,
                programme="红色1+3",
                agreed_on=self.past(),
                by=SOMEONE,
            ),
        )
        if name is not None:
            ended = PairingEnded(ended_on=self.past(), reason="期满", by=SOMEONE)
            self.record(name, self.random.choice([ended, ended, PairingWithdrawn(reason="误录", by=SOMEONE)]))

    def activity(self) -> None:
        whom, kind = self.whom()
        name = self.one_of(
            "activity",
            lambda: ActivityHeld(
                pairing=stream(99),
                unit=self.random.choice(UNITS),
                partner=whom,
                partner_kind=kind,
                held_on=self.past(),
                title="义诊",
                kind=ActivityKind.VOLUNTEERING,
                participants=30,
                by=SOMEONE,
                **SERVICE,
            ),
        )
        if name is not None:
            self.record(name, ActivityWithdrawn(reason="未举办", by=SOMEONE))

    def project(self) -> None:
        name = self.one_of(
            "project",
            lambda: ProjectStarted(
                title="村道修缮",
                unit=self.random.choice(UNITS),
                supporting=(),
                partners=(PARTNERS[0],),
                pairing=None,
                started_on=self.past(),
                planned_fen=0,
                by=SOMEONE,
                **SERVICE,
            ),
        )
        if name is not None:
            completed = ProjectCompleted(completed_on=self.past(), result="完工", by=SOMEONE)
            self.record(name, self.random.choice([completed, ProjectWithdrawn(reason="重复", by=SOMEONE)]))

    def funds(self) -> None:
        name = self.one_of(
            "funds",
            lambda: ContributionMade(
                unit=self.random.choice(UNITS),
                partner=PARTNERS[0],
                project=None,
                amount_fen=self.random.choice([100, 5_000_000]),
                funds=Funds.UNIT,
                given_on=self.past(),
                by=SOMEONE,
                **SERVICE,
            ),
        )
        if name is not None:
            self.record(name, ContributionReversed(amount_fen=100, reason="误录", by=SOMEONE))

    def notice(self) -> None:
        """A year's holidays and make-up working days are announced, or are others than announced."""
        year = self.random.choice([2011, 2012])
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        named: dict[str, Any] = {
            "holidays": tuple(sorted(self.random.sample(days, 60))),
            "make_ups": tuple(day for day in days if day.weekday() >= SATURDAY and self.random.random() < 0.3),
            "number": "示例〔2011〕2号",
        }
        name = stream(50 + year)
        if any(known == name for _, known, *_ in self.world.events):
            self.record(name, CalendarAmended(**named, reason="调整"))
        else:
            self.record(name, CalendarAnnounced(year=year, **named))

    def rename(self) -> None:
        number = len(self.world.events)
        if self.random.random() < 0.5:
            self.record(self.random.choice(UNITS), UnitRenamed(title=f"改名{number}局", reason="机构改革"))
        elif self.random.random() < 0.5:
            event = PartnerUpdated(title=f"改名{number}村", region="320585", credit_code=None, reason="更正")
            self.record(self.random.choice(PARTNERS), event)
        else:
            event = PartnerMerged(into=PARTNERS[0], merged_on=self.past(), reason="并村")
            self.record(PARTNERS[1], event)
