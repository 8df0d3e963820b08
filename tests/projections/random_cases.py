"""Random histories of cases: legal or not, in order or back-dated, corrected or not."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, get_args

from world import SHANGHAI, START, World, at, limit, stream, unit

from domain import appraisal_events as rounds
from domain import circular, listing, rectification, talk
from domain import conclusion_events as conclusions
from domain import inspection_events as inspections
from domain import publication as publications
from domain import request_events as r
from domain.appraisal_form import Form
from domain.commitment_terms import Answer, Finding, Mandate, Means, Urgency
from domain.conclusion_terms import ResultUse, Verdict, Wording
from domain.correction import EventCorrected, EventRetracted
from domain.deadline import Deadline
from domain.matter import MatterRecorded, MatterStage
from domain.sealed import Sealed

SOMEONE = stream(1)
UNITS = [stream(10 + n) for n in range(3)]
FIRST = date(2011, 3, 1)
WORDS = Sealed(SOMEONE, commitment="00" * 32)
HANDLERS = [stream(40 + n) for n in range(4)]


def history(seed: int, count: int) -> World:
    return _Author(Random(seed)).write(count)


class _Author:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.world = World()
        self.today = FIRST
        self.next_stream = 100
        self.streams: dict[str, list[str]] = {}

    def write(self, count: int) -> World:
        for number, name in enumerate(UNITS):
            self.world.record(name, unit(number), START)
        while len(self.world.events) < count + len(UNITS):
            if self.random.random() < 0.4:
                self.today += timedelta(days=self.random.choice([1, 1, 2, 5]))
            lives = (self.request, self.inspection, self.conclusion, self.rectification, self.listing, self.talk)
            self.random.choice([*lives, self.request, self.circular, self.round, self.publication, self.matter])()
        return self.world

    def record(self, name: str, event: Any) -> int:
        recorded = at(self.today, 8)
        back = self.random.choice([1, 3, 30]) if self.random.random() < 0.25 else 0
        return self.world.record(name, event, recorded - timedelta(days=back), recorded)

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def day(self) -> date:
        return self.today + timedelta(days=self.random.choice([0, 1, 4, 20]))

    def clock(self) -> Deadline:
        """Ends in the course of a day, or with one."""
        return limit(at(self.day(), self.pick(0, 10, 23)))

    def unit(self) -> str:
        return self.random.choice(UNITS)

    def life(self, kind: str, begin: Callable[[], Any], events: Callable[[str], Any]) -> None:
        known = self.streams.setdefault(kind, [])
        if not known or self.random.random() < 0.3:
            known.append(stream(self.next_stream))
            self.next_stream += 1
            self.record(known[-1], begin())
        else:
            name = self.random.choice(known)
            self.record(name, events(name))

    def request(self) -> None:
        told = {"reason": "按程序", "by": SOMEONE}
        self.life(
            "request",
            lambda: r.RequestRaised(
                kind=self.pick(*r.RequestKind),
                way=self.pick(*r.Way),
                protection=r.Protection.ANONYMOUS,
                title="路灯不亮",
                detail=WORDS,
                source=None,
                partner=None,
                visit=None,
                urgency=Urgency.GENERAL,
                region="320585",
                first_receiver=self.pick(None, *UNITS),
                dispatch_by=self.clock(),
                by=SOMEONE,
            ),
            lambda name: self.pick(
                r.RequestTakenOn(unit=self.unit(), answer_by=self.clock(), by=SOMEONE),
                r.RequestDispatched(
                    unit=self.unit(), instruction="", hand_over=1, acknowledge_by=self.clock(), by=SOMEONE
                ),
                r.RequestAcknowledged(unit=self.unit(), answer_by=self.clock(), by=SOMEONE),
                r.RequestReturnAsked(unit=self.unit(), **told),
                r.RequestReturnAccepted(unit=self.unit(), dispatch_by=self.clock(), **told),
                r.RequestReturnRefused(unit=self.unit(), acknowledge_by=self.clock(), **told),
                r.RequestReassigned(unit=self.unit(), hand_over=2, acknowledge_by=self.clock(), **told),
                r.RequestLinked(main=stream(99), **told),
                r.RequestUnlinked(dispatch_by=self.clock(), **told),
                r.RequestPromised(commitment=stream(96), due_on=self.day(), reply=WORDS, by=SOMEONE),
                r.RequestAnswered(
                    unit=self.unit(),
                    resolution=self.pick(*r.Resolution),
                    note="已修",
                    reply=WORDS,
                    through=None,
                    by=SOMEONE,
                ),
                r.RequestCalledBack(attempt=1, answer=Answer.SOLVED, words=None, by=SOMEONE),
                r.RequestChecked(finding=Finding.AS_REPORTED, note="", by=SOMEONE),
                r.RequestRedoOrdered(redo=1, answer_by=self.clock(), **told),
                r.RequestEscalated(ground=r.EscalationGround.REDO, count=3),
                r.RequestClosed(
                    unit=self.unit(),
                    resolution=self.pick(*r.Resolution),
                    confirmed=self.pick(True, False),
                    means=Means.ANSWER,
                    note="",
                    by=SOMEONE,
                ),
                r.RequestWithdrawn(**told),
                self.mended(name),
            ),
        )

    def mended(self, name: str) -> Any:
        """Its first event reads another title or way from now on, or some later one is retracted."""
        events = [(number, event) for number, of, _, _, event in self.world.events if of == name]
        number, first = events[0]
        told: dict[str, Any] = {"event_id": "", "reason": "笔误", "proposed_by": SOMEONE, "by": SOMEONE}
        gone = {event.position for _, event in events if isinstance(event, EventRetracted)}
        later = [one for one in events[1:] if one[0] not in gone and isinstance(one[1], get_args(r.RequestEvent))]
        if later and self.random.random() < 0.3:
            number, event = self.random.choice(later)
            return EventRetracted(position=number, event=event.NAME, **told)
        field, new = self.pick(("title", "路灯不亮多日"), ("way", "hotline"), ("kind", "opinion"))
        old = str(getattr(first, field))
        return EventCorrected(position=number, event=first.NAME, field=field, old=old, new=new, **told)

    def inspection(self) -> None:
        lodged = {"evidence": (), "filed_at": at(self.today), "by": SOMEONE}
        self.life(
            "inspection",
            lambda: inspections.InspectionPlanned(
                title="农村道路督查",
                mandate=self.pick(*Mandate),
                commitments=(),
                policies=(stream(20),),
                units=tuple(self.random.sample(UNITS, self.pick(1, 2, 3))),
                team=(SOMEONE,),
                methods=(inspections.Method.SITE_VISIT,),
                scope="道路",
                starts_on=self.today,
                ends_on=self.day(),
                beside=None,
                shared=(),
                slot=1,
                by=SOMEONE,
            ),
            lambda _: self.pick(
                inspections.InspectionApproved(reference="示督1号", note="", by=SOMEONE),
                inspections.InspectionRefused(reason="重复", by=SOMEONE),
                inspections.SecondInspectionAdmitted(reason="举报", by=SOMEONE),
                inspections.InspectionNoticeGiven(unit=self.unit(), notice="请配合", self_check_by=None, by=SOMEONE),
                inspections.SelfCheckSubmitted(unit=self.unit(), findings="已查", **lodged),
                inspections.InspectionVisitRecorded(
                    unit=self.unit(),
                    visited_on=self.today,
                    unannounced=True,
                    note="到场",
                    resident_note=None,
                    **lodged,
                ),
                inspections.InspectionClosed(conclusions=(), note="", by=SOMEONE),
                inspections.InspectionCancelled(reason="取消", by=SOMEONE),
            ),
        )

    def conclusion(self) -> None:
        def wording() -> Wording:
            return Wording(verdict=self.pick(*Verdict), facts="属实", items=("整改",))

        self.life(
            "conclusion",
            lambda: conclusions.ConclusionIssued(
                inspection=self.pick(*self.streams.get("inspection", [stream(98)])),
                unit=self.unit(),
                wording=wording(),
                authors=(SOMEONE,),
                evidence=(),
                filed_at=at(self.today),
                issued_on=self.today,
                by=SOMEONE,
            ),
            lambda _: self.pick(
                conclusions.ConclusionDelivered(received_on=self.today, object_by=self.clock(), by=SOMEONE),
                conclusions.ConclusionObjected(
                    grounds="不符", evidence=(), filed_at=at(self.today), decide_by=self.clock(), by=SOMEONE
                ),
                conclusions.ReviewerRecused(reason="回避", by=SOMEONE),
                conclusions.ConclusionUpheld(reason="属实", late=False, by=SOMEONE),
                conclusions.ConclusionAmended(wording=wording(), reason="属实", late=False, by=SOMEONE),
                conclusions.ConclusionRevoked(reason="不实", late=True, by=SOMEONE),
                conclusions.ResultUsed(use=ResultUse.ASSESSMENT, reference="1", note="", by=SOMEONE),
            ),
        )

    def rectification(self) -> None:
        lodged = {"note": "已改", "evidence": (), "filed_at": at(self.today), "by": SOMEONE}
        self.life(
            "rectification",
            lambda: rectification.RectificationOrdered(
                conclusion=stream(97), unit=self.unit(), item=1, wording="补签", due_on=self.day(), by=SOMEONE
            ),
            lambda _: self.pick(
                rectification.RectificationSubmitted(**lodged),
                rectification.RectificationVerified(**lodged),
                rectification.RectificationRejected(reason="未改", due_on=self.day(), by=SOMEONE),
                rectification.RectificationWithdrawn(reason="撤销", by=SOMEONE),
            ),
        )

    def listing(self) -> None:
        self.life(
            "listing",
            lambda: listing.MatterListed(
                commitment=stream(96),
                rectification=None,
                unit=self.unit(),
                reference="示督2号",
                reason="久拖",
                due_on=self.day(),
                by=SOMEONE,
            ),
            lambda _: self.pick(
                listing.ListingLifted(note="已办", by=SOMEONE), listing.ListingWithdrawn(reason="误挂", by=SOMEONE)
            ),
        )

    def talk(self) -> None:
        self.life(
            "talk",
            lambda: talk.TalkSummoned(
                unit=self.unit(),
                person=SOMEONE,
                commitment=None,
                conclusion=stream(97),
                reference="示督3号",
                reason="整改不力",
                planned_on=self.day(),
                summoned_on=self.today,
                by=SOMEONE,
            ),
            lambda _: self.pick(
                talk.TalkHeld(held_on=self.today, minutes="已谈", undertakings="整改", by=SOMEONE),
                talk.TalkCalledOff(reason="已改", by=SOMEONE),
            ),
        )

    def circular(self) -> None:
        self.life(
            "circular",
            lambda: circular.CircularDrafted(
                number="1",
                title="道路通报",
                tone=self.pick(*circular.Tone),
                units=tuple(self.random.sample(UNITS, self.pick(1, 2))),
                conclusions=(),
                commitments=(),
                body="通报",
                by=SOMEONE,
            ),
            lambda _: self.pick(
                circular.CircularIssued(by=SOMEONE), circular.CircularWithdrawn(reason="有误", by=SOMEONE)
            ),
        )

    def round(self) -> None:
        self.life(
            "appraisal",
            lambda: rounds.AppraisalOpened(
                title="千人评",
                year=2011,
                units=tuple(self.random.sample(UNITS, 2)),
                forms=(Form.SATISFACTION,),
                residents=1,
                enterprises=1,
                by=SOMEONE,
            ),
            lambda _: self.pick(
                rounds.AppraisalVotingOpened(until=self.day(), by=SOMEONE),
                rounds.AppraisalObjectionRaised(unit=self.unit(), ground="样本", by=SOMEONE),
                rounds.AppraisalAbandoned(reason="重来", by=SOMEONE),
            ),
        )

    def publication(self) -> None:
        self.life(
            "publication",
            lambda: publications.PublicationIssued(record=stream(20), title="公示", items=(), by=SOMEONE),
            lambda _: self.pick(
                publications.PublicationAmended(
                    title=self.pick("公示（一）", "公示（二）"), items=(), reason="补充", by=SOMEONE
                ),
                publications.PublicationWithdrawn(reason="改址", by=SOMEONE),
            ),
        )

    def matter(self) -> None:
        def step() -> MatterRecorded:
            return MatterRecorded(
                stage=self.pick(*MatterStage),
                handlers=tuple(self.random.sample(HANDLERS, 2)),
                **dict.fromkeys(("about", "words", "name", "phone", "ruling"), WORDS),
                by=SOMEONE,
            )

        self.life("matter", step, lambda _: step())


def days(world: World) -> list[date]:
    """Those on which something happened, and ones far off on both sides."""
    found = {occurred.astimezone(SHANGHAI).date() for _, _, occurred, _, _ in world.events}
    return sorted({min(found) - timedelta(days=1), *found, max(found) + timedelta(days=60)})
