"""A demonstration ledger whose commitments are urged: real writer, real store, time as the test tells it."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from domain.rules import DEFAULT
from domain.urge import UrgeMissed, UrgeSent, UrgeTalkOrdered, UrgeWithdrawn
from ledger.announced import announced
from ledger.ballot_boxes import open_boxes
from ledger.clock import DemonstrationClock
from ledger.codec import decode
from ledger.contract import Accepted, Gate, Outcome, Submission, Unavailable
from ledger.database import locate, open_reader, open_store
from ledger.evidence import Evidence
from ledger.gate import LocalGate
from ledger.keys import Keys
from ledger.opening import ADMINISTRATORS, open_ledger
from ledger.writer import Writer
from projections.days import ZONE
from projections.recounting import Recounting
from projections.urging import Urging

OPENED = date(2011, 1, 4)
FILE = b"seen"


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


class Urged:
    """`now` is the ledger's time; `day` moves it on to ten in the morning."""

    def __init__(self, url: str) -> None:
        self.url = url
        place = locate(url)
        self._closing: list[Any] = []
        self.store = open_store(url, create=True)
        self.keys_path = Path(place.keys)
        self.keys = Keys(self.keys_path)
        self.evidence = Evidence(Path(place.evidence), self.keys)
        names = {role: f"管理人{n}" for n, role in enumerate(ADMINISTRATORS)}
        self.now = at(OPENED)
        self.people = {
            role.value: person
            for role, person in open_ledger(
                self.store,
                self.keys,
                demonstration=True,
                title="台账",
                region="320585",
                administrators=names,
                at=self.now,
            ).items()
        }
        self._numbers = itertools.count()
        self.gate = self.new_gate()
        self.urging = self.new_urging()
        (self._digest,) = (self.evidence.lodge([FILE], "text/plain").digest,)
        self._settle()

    def _settle(self) -> None:
        self.unit = self.say(
            "register_unit", "system_admin", code="A", title="甲局", unit_class="department", region="320585"
        )
        for role in ("supervisor", "dispatcher", "leader"):
            self.enrol(role)
        for role in ("unit_officer", "unit_head"):
            self.enrol(role, unit=self.unit)
        targets = [{"key": f"t{n}", "text": "某事", "quantity": 100, "measure": "户"} for n in range(60)]
        self.policy = self.say(
            "issue_policy",
            "leader",
            number="1号",
            title="惠民实事",
            issuer=self.unit,
            effective_on="2011-01-01",
            summary="……",
            targets=targets,
        )
        self._targets = itertools.count()

    def enrol(self, role: str, **more: Any) -> str:
        body = {"name": "某人", "title": role, "roles": [role], **more}
        self.people[role] = self.say("enrol_person", "security_admin", **body)
        return self.people[role]

    def new_gate(self) -> LocalGate:
        """A writer of its own, on connections of its own."""
        store = open_store(self.url)
        boxes = open_boxes(self.url)
        gate = LocalGate(
            Writer(store, self.keys, DEFAULT, announced(), DemonstrationClock(), self.evidence, boxes=boxes)
        )
        self._closing += [gate, store]
        return gate

    def new_urging(self, gate: Gate | None = None) -> Urging:
        reader = open_reader(self.url)
        self._closing.append(reader)
        return Urging(reader, gate or self.gate, announced(), DEFAULT, simulated=True)

    def new_recounting(self, gate: Gate | None = None) -> Recounting:
        reader = open_reader(self.url)
        self._closing.append(reader)
        return Recounting(reader, gate or self.gate, announced(), DEFAULT, simulated=True)

    def day(self, day: date, hour: int = 10) -> None:
        self.now = max(self.now, at(day, hour))

    def ask(self, command: str, by: str, stream: str = "", *, occurred: datetime | None = None, **body: Any) -> Outcome:
        submission = Submission(
            client="test",
            key=f"{next(self._numbers)}",
            person=self.people[by],
            command=command,
            stream=stream,
            body=msgspec.Raw(msgspec.json.encode(body)),
            simulated_at=self.now.isoformat(),
            occurred_at=None if occurred is None else occurred.isoformat(),
        )
        return asyncio.run(self.gate.submit(submission))

    def say(self, command: str, by: str, stream: str = "", *, occurred: datetime | None = None, **body: Any) -> str:
        """The stream of a command that is accepted."""
        outcome = self.ask(command, by, stream, occurred=occurred, **body)
        assert isinstance(outcome, Accepted), (command, outcome)
        return outcome.stream

    def promise(self, due_on: date, *, registered: bool = True) -> str:
        """A commitment registered now, due then."""
        made = self.say(
            "propose_commitment",
            "supervisor",
            title="某事",
            targets=[{"policy": self.policy, "target": f"t{next(self._targets)}"}],
            lead_unit=self.unit,
            quantity=100,
            measure="户",
            starts_on=self.now.astimezone(ZONE).date().isoformat(),
            due_on=due_on.isoformat(),
            basis="1号",
            mandate="government",
            urgency="general",
            recurrence="one_off",
            aid="capacity",
            region="320585",
        )
        if registered:
            self.say("register_commitment", "leader", made, note="同意")
        return made

    def take_up(self, commitment: str) -> None:
        self.say("assign_commitment", "dispatcher", commitment)
        self.say("acknowledge_commitment", "unit_officer", commitment)

    def report(self, commitment: str, *, occurred: datetime | None = None) -> None:
        files = [{"digest": self._digest, "captured_at": (occurred or self.now).isoformat()}]
        body = {"quantity": 100, "note": "办结", "evidence": files}
        self.say("report_fulfilment", "unit_head", commitment, occurred=occurred, **body)

    def extend(self, commitment: str, due_on: date, *, occurred: datetime | None = None) -> None:
        body = {"due_on": due_on.isoformat(), "reason": "汛期"}
        self.say("ask_extension", "unit_officer", commitment, occurred=occurred, **body)
        self.say("rule_on_extension", "supervisor", commitment, occurred=occurred, granted=True, reason="属实")

    def suspend(self, commitment: str, until: date, *, occurred: datetime | None = None) -> None:
        body = {"ground": "等待规划", "until": until.isoformat()}
        self.say("suspend_commitment", "dispatcher", commitment, occurred=occurred, **body)

    def tick(self, day: date, urging: Urging | None = None) -> int:
        """One turn, five past midnight on that day or now if that is later."""
        self.now = max(self.now, at(day, 0, 5))
        return asyncio.run((urging or self.urging).turn(self.now))

    def ticks(self, first: date, last: date, urging: Urging | None = None) -> None:
        """A turn on every day from `first` to `last`."""
        for day in every_day(first, last):
            self.tick(day, urging)

    def records(self, commitment: str | None = None) -> list[tuple[str, str, date, date]]:
        """(what, colour, due date, day) in order of position, of one commitment or all."""
        found, of = [], {}
        for row in self.store.read(0, 1_000_000):
            if row.name == "ladder_opened.1":
                recorded = decode(row)
                assert recorded.event.commitment not in of.values(), "two ladders of one commitment"
                of[recorded.stream] = recorded.event.commitment
            elif row.name.startswith("urge_"):
                recorded = decode(row)
                event = recorded.event
                assert isinstance(event, UrgeSent | UrgeMissed | UrgeWithdrawn | UrgeTalkOrdered)
                if commitment is None or of[recorded.stream] == commitment:
                    what = row.name.removeprefix("urge_").removesuffix(".1")
                    found.append((what, event.colour.value, event.due_on, getattr(event, "day", None)))
        return found

    def close(self) -> None:
        for one in self._closing:
            one.close()
        self.keys.close()
        self.store.close()


class Away:
    """A gate that is closed the first time, before or after the writer has stored what was asked."""

    def __init__(self, gate: LocalGate, *, stored: bool) -> None:
        self._gate = gate
        self._stored = stored
        self.away = True

    async def submit(self, submission: Submission) -> Outcome:
        return (await self.submit_many([submission]))[0]

    async def submit_many(self, submissions: Sequence[Submission]) -> list[Outcome]:
        outcomes = await self._gate.submit_many(submissions) if self._stored or not self.away else []
        if self.away:
            self.away = False
            raise Unavailable("away")
        return outcomes


def every_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


@contextmanager
def urged(url: str) -> Iterator[Urged]:
    """With an urger appointed."""
    made = Urged(url)
    try:
        made.enrol("urger")
        yield made
    finally:
        made.close()
