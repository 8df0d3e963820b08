"""One request decided on the ledger as it stands with everything the batch has decided before it."""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.actor import Actor
from domain.ballots import BallotBoxes, WithBox
from domain.calendar import Calendar
from domain.command import Context, authorise
from domain.confidence import exists_for, linked_to_nothing
from domain.editions import Editions
from domain.event import REFERENCES
from domain.ids import PersonId
from domain.refusal import Kind, Refusal
from domain.rule_book import quoted
from domain.rules import Rules
from domain.written import Written
from ledger import slips
from ledger.asked import Asked
from ledger.contract import Refused
from ledger.evidence import Evidence
from ledger.streams import Stream, Streams

ZONE: Final = ZoneInfo("Asia/Shanghai")

_tuple: Final[Any] = tuple.__new__

log = logging.getLogger(__name__)


class Stale(Refusal):
    """The stream moved on since the client read it."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "stale_version",
            f"该事项已更新到第{version}版，请刷新后再办",
            f"this has moved on to version {version}; read it again",
            kind=Kind.STALE,
        )
        self.version = version


class Decider:
    """Holds what decisions may know beside the streams."""

    def __init__(
        self, streams: Streams, editions: Editions, calendar: Calendar, evidence: Evidence, boxes: BallotBoxes
    ) -> None:
        self._streams = streams
        self.know(calendar, editions)
        self._evidence = evidence
        self._boxes = boxes
        self._actors: dict[str, tuple[Any, Actor]] = {}

    def know(self, calendar: Calendar, editions: Editions) -> None:
        """As announced by what is stored."""
        self._calendar, self._editions = calendar, editions
        self._since = self._until = datetime.min.replace(tzinfo=UTC)
        """The limits held ready are in force from the one to the other."""

    def _turn(self, now: datetime) -> Rules:
        day = now.astimezone(ZONE).date()
        self._since, self._until = now, _midnight(self._editions.until(day))
        self._rules = self._editions.at(day)
        self._ahead = timedelta(minutes=self._rules.occurred_ahead_minutes)
        return self._rules

    def needs(self, batch: Iterable[Asked | Refused]) -> set[str]:
        """The streams decisions will ask for, so that a batch reads them together."""
        names: set[str] = set()
        for asked in batch:
            if not isinstance(asked, Asked):
                continue
            submission = asked.submission
            names.add(submission.person)
            if submission.stream:
                names.add(submission.stream)
            for reference in asked.spec.references:
                if reference.of is not None:
                    names.update(reference.named(asked.command))
        return names

    def decide(
        self, asked: Asked, name: str, now: datetime, occurred_at: datetime
    ) -> tuple[Stream | None, Sequence[Any] | WithBox]:
        """The stream `name` as it is, and what happens to it: one event or more. Raises Refusal, and whatever a faulty
        decision raises."""
        spec, submission = asked.spec, asked.submission
        kind = spec.command
        actor = self._actor(submission.person)
        if linked_to_nothing(kind.OF) and (submission.on_behalf_of or submission.correlation or submission.causation):
            raise Refusal(
                "confidential_link",
                "保密事项不得与其他人员或事项相关联",
                "a confidential matter is linked to no other person or matter",
            )
        if kind.CREATES:
            authorise(kind, None, actor)
            if spec.references:
                self._check_references(asked)
            stream = None
        else:
            stream = self._streams.find(name)
            if stream is not None and not (
                isinstance(stream.state, kind.OF) and exists_for(stream.state, name, actor.person, self._fetched)
            ):
                stream = None
            authorise(kind, None if stream is None else stream.state, actor, name)
            if spec.references:
                self._check_references(asked)
            if stream is None:
                raise Refusal(
                    "unknown_stream",
                    "没有这个编号的事项",
                    "no such thing, or not of the kind this command is for",
                    kind=Kind.NOT_FOUND,
                    field="stream",
                )
        expected = submission.if_version
        version = 0 if stream is None else stream.version
        if expected is not None and expected != version:
            raise Stale(version)
        rules = self._rules if self._since <= now < self._until else self._turn(now)
        if occurred_at is not now and occurred_at > now + self._ahead:
            raise _in_future(rules)
        # Half the time of Context(…), which one is made of for every command.
        look, file, written = self._look, self._evidence.content, self._streams.written
        calendar, boxes, editions = self._calendar, self._boxes, self._editions
        told = (actor, now, occurred_at, name, look, rules, calendar, ZONE, file, boxes, written, editions)
        return stream, self._decided(asked, None if stream is None else stream.state, _tuple(Context, told))

    def _decided(self, asked: Asked, state: Any, context: Context) -> Sequence[Any] | WithBox:
        reads = asked.spec.command.READS
        if reads is not None:
            for name in reads(asked.command, context.stream, state):
                self._streams.fetch(name)
        events = asked.command.decide(state, context)
        if not events:
            raise Refusal("unchanged", "没有任何变化", "nothing would change", kind=Kind.CONFLICT)
        return events

    def _actor(self, person: str) -> Actor:
        stream = self._streams.find(person)
        if stream is None or not isinstance(stream.state, REFERENCES[PersonId]):
            raise Refusal("unknown_person", "没有这个人员", "no such person", kind=Kind.FORBIDDEN, field="person")
        state = stream.state
        known = self._actors.get(person)
        if known is not None and known[0] is state:
            return known[1]
        if state.left:
            raise Refusal("person_left", "该人员已离岗", "this person has left", kind=Kind.FORBIDDEN, field="person")
        actor = Actor(person=PersonId(person), roles=state.roles, unit=state.unit)
        if len(self._actors) > 10_000:  # noqa: PLR2004 - far more than act in a day
            self._actors.clear()
        self._actors[person] = (state, actor)
        return actor

    def _check_references(self, asked: Asked) -> None:
        for field, of, named in asked.spec.references:
            for name in named(asked.command):
                if of is None:
                    if not self._evidence.lodged(name):
                        raise Refusal(
                            "unknown_evidence",
                            "没有收到过这份佐证材料，请先上传",
                            "no such evidence has been lodged; upload it first",
                            field=field,
                        )
                    continue
                stream = self._streams.find(name)
                if stream is None or not isinstance(stream.state, of):
                    raise Refusal(
                        "unknown_reference",
                        f"字段“{field}”所指的对象不存在或类型不符",
                        f"what “{field}” names does not exist or is of another kind",
                        field=field,
                    )

    def _fetched(self, name: str) -> Sequence[Written]:
        self._streams.fetch(name)
        return self._streams.written(name)

    def _look(self, name: str) -> Any:
        stream = self._streams.find(name)
        return None if stream is None else stream.state


def _in_future(rules: Rules) -> Refusal:
    minutes = rules.occurred_ahead_minutes
    zh, en = quoted(rules, "occurred_ahead_minutes")
    return Refusal(
        "occurred_in_future",
        f"发生时间不能晚于当前时间{minutes}分钟以上{zh}",
        f"occurred_at lies more than {minutes} minutes ahead{en}",
        field="occurred_at",
    )


def _midnight(day: date) -> datetime:
    """The beginning of a civil day; of the last one there is, the end of time."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def fault(error: Exception, command: str) -> Refusal:
    """A slip of ours."""
    log.error("command %s failed with %s", command, slips.told(error))
    return Refusal(
        "server_fault",
        "系统处理该请求时出错，未保存任何内容；已记录，请联系管理员",
        "the server failed on this request and stored nothing; it was logged, please tell the operator",
        kind=Kind.FAULT,
    )
