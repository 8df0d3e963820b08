"""One commitment's life, told step by step until it ends or the year does."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from cli.demonstration import wording
from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.papers import Work
from cli.demonstration.script import PLATFORM
from cli.demonstration.units import OFFICES
from cli.demonstration.worktime import END, after, from_day, office_moment
from ledger.announced import announced

TITLES = {office.code: office.title for office in OFFICES}


class YearOver(Exception):  # noqa: N818 - the story stops here
    """The next step would lie past the end of the year."""


class Promise(NamedTuple):
    """What is promised; the first lines of the life."""

    title: str
    serves: dict[str, Any]
    """`targets` or `requests` of the proposal."""
    lead: str
    """Office code."""
    quantity: int
    measure: str
    work: Work
    recurrence: str
    aid: str
    region: str
    basis: str
    mandate: str
    urgency: str
    channel: str
    programme: str | None
    beneficiary: str | None
    individual: bool
    starts: datetime
    due: date


class Plot:
    """`now` is the moment of the last step; every method takes one step further."""

    def __init__(self, told: Chapter, files: Files, promise: Promise) -> None:
        self.told = told
        self.random = told.random
        self.files = files
        self.promise = promise
        self.lead = promise.lead
        self.due = promise.due
        self.now = promise.starts
        self.reached = 0
        self._phase = -1
        """Of the work, as last told."""
        self.begun: datetime | None = None
        """When work began: nothing is dated before."""
        self.ended: datetime | None = None
        """When it was closed or terminated and frees its target."""
        self.closed = False
        """Closed, and not reopened or terminated."""
        self.stream = self._propose()

    # --- steps and moments ---

    def go(self, low: float, high: float) -> None:
        """That many office hours pass."""
        self.reach(after(self.random, self.now, low, high))

    def reach(self, moment: datetime | None) -> None:
        if moment is None or moment > END:
            raise YearOver
        self.now = max(moment, self.now + timedelta(seconds=1))

    def reach_day(self, day: date) -> None:
        """Some office hour of that day or the next working day, after the last step."""
        if day > END.date():
            raise YearOver
        moment = office_moment(self.random, from_day(day))
        if moment > self.now:
            self.reach(moment)
        else:
            self.go(0.2, 2)

    def say(self, person: str, command: str, body: dict[str, Any], *, occurred: datetime | None = None) -> None:
        self.told.script.act(
            self.now,
            person,
            command,
            body,
            stream=self.stream,
            channel=self.promise.channel,
            programme=self.promise.programme,
            occurred_at=occurred,
        )

    def one(self, role: str, *, but: str | None = None) -> str:
        """Somebody of the supervision office, or of the lead unit, other than `but`."""
        unit = self.lead if role.startswith("unit_") else None
        people = [person for person in self.told.world.holding(role, unit) if person != but]
        return self.random.choice(people)

    def holds(self, moment: datetime) -> bool:
        """Whether it holds its target, with the unit it was first promised by, at that moment."""
        return (
            self.lead == self.promise.lead
            and self.promise.starts < moment
            and (self.ended is None or moment < self.ended)
        )

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # --- from the proposal to the start ---

    def _propose(self) -> str:
        told, promise = self.told, self.promise
        self.proposer = self.one("supervisor")
        body = {
            "title": promise.title,
            **promise.serves,
            "lead_unit": told.world.units[promise.lead],
            "quantity": promise.quantity,
            "measure": promise.measure,
            "starts_on": promise.starts.date().isoformat(),
            "due_on": promise.due.isoformat(),
            "basis": promise.basis,
            "mandate": promise.mandate,
            "urgency": promise.urgency,
            "recurrence": promise.recurrence,
            "aid": promise.aid,
            "region": promise.region,
            "beneficiary": promise.beneficiary,
        }
        return told.script.act(
            self.now,
            self.proposer,
            "propose_commitment",
            body,
            client=PLATFORM,
            channel=promise.channel,
            programme=promise.programme,
        )

    def register(self) -> None:
        self.go(0.5, 9)
        self.say(self.one("leader"), "register_commitment", {"note": "同意立项。"})

    def publish(self) -> None:
        self.go(0.3, 4)
        self.say(self.one("vetter"), "publish_commitment", {"wording": self._public_words()})

    def amend(self) -> None:
        self.go(0.3, 4)
        body = {"wording": self._public_words(), "reason": wording.AMENDED}
        self.say(self.one("vetter"), "amend_wording", body)

    def _public_words(self) -> str:
        unit = TITLES[self.lead]
        due = f"{self.due.year}年{self.due.month}月{self.due.day}日"
        return wording.PUBLISHED.format(unit=unit, title=self.promise.title.removeprefix(unit), due=due)

    def assign(self, supporting: list[str]) -> None:
        low, high = {"urgent": (0.1, 0.8), "utilities": (0.2, 1.6)}.get(self.promise.urgency, (0.5, 5))
        self.go(low, high * (3 if self.chance(0.06) else 1))
        units = [self.told.world.units[code] for code in supporting]
        body = {"supporting": units, "instruction": self.random.choice(wording.INSTRUCTIONS)}
        self.say(self.one("dispatcher"), "assign_commitment", body)

    def ask_return(self) -> None:
        self.go(0.5, 4)
        self.say(self.one("unit_officer"), "ask_return", {"reason": self.random.choice(wording.RETURN_REASONS)})

    def rule_on_return(self, unit: str | None) -> None:
        """`unit`: the office that gets it now; None: it stays, designated."""
        self.go(1, 7)
        body: dict[str, Any] = {"reason": wording.RETURN_REFUSED}
        if unit is not None:
            body = {"reason": wording.RETURN_ACCEPTED, "unit": self.told.world.units[unit]}
        self.say(self.one("dispatcher"), "rule_on_return", body)
        self.lead = unit or self.lead

    def acknowledge(self) -> None:
        if self.promise.urgency == "urgent":
            self.go(0.2, 1.7)
        else:
            self.go(*((9, 26) if self.chance(0.08) else (0.5, 5.5)))
        self.say(self.one("unit_officer"), "acknowledge_commitment", {})
        self.begun = self.begun or self.now

    # --- work ---

    def follow_up(self, day: date, share: float) -> None:
        """Progress by that day, up to `share` of the target; one in six is entered days later."""
        self.reach_day(day)
        promise = self.promise
        self.reached = max(self.reached, round(promise.quantity * share))
        body: dict[str, Any] = {"note": self._progress(share), "quantity": self.reached}
        if promise.individual and self.chance(0.3):
            body["resident_note"] = self.random.choice(wording.RESIDENT_NOTES)
        if self.chance(0.03):
            body["evidence"] = [self.files.picture(self.random, self.now)]
        self.say(
            self.one("unit_officer"), "record_follow_up", body, occurred=self._earlier() if self.chance(0.17) else None
        )

    def start_over(self) -> None:
        """After a rebound."""
        self.reached = 0
        self._phase = -1

    def _progress(self, share: float) -> str:
        """How the work goes: one phase after another, and between two of them that it goes on."""
        notes = wording.PROGRESS[self.promise.work]
        phase = min(len(notes) - 1, int(share * len(notes)))
        if phase <= self._phase:
            return self.random.choice(wording.GOES_ON)
        self._phase = phase
        return notes[phase]

    def _earlier(self) -> datetime | None:
        """Some days before, but not before the work began."""
        assert self.begun is not None
        moment = office_moment(self.random, from_day((self.now - timedelta(days=self.random.randrange(1, 9))).date()))
        return moment if self.begun < moment < self.now else None

    def extend(self, days: int) -> None:
        """Asked before the due date; granted on or before it, else refused."""
        self.reach_day(self.due - timedelta(days=self.random.randrange(4, 12)))
        if self.now.date() > self.due:
            return
        later = (
            from_day(self.due + timedelta(days=days))
            if self.due + timedelta(days=days) <= END.date()
            else (announced().roll(self.due + timedelta(days=days)))
        )
        self.say(
            self.one("unit_officer"),
            "ask_extension",
            {"due_on": later.isoformat(), "reason": self.random.choice(wording.EXTENSION_REASONS)},
        )
        self.go(1, 8)
        granted = self.now.date() <= self.due and self.chance(0.85)
        reason = wording.EXTENSION_GRANTED if granted else wording.EXTENSION_REFUSED
        self.say(self.one("supervisor"), "rule_on_extension", {"granted": granted, "reason": reason})
        self.due = later if granted else self.due

    def defer(self, days: int) -> bool:
        """挂账 for some days ahead; whether it was granted."""
        until = (self.now + timedelta(days=days)).date()
        self.go(1, 6)
        body = {"measures": self.random.choice(wording.DEFERRAL_MEASURES), "until": until.isoformat()}
        self.say(self.one("dispatcher"), "propose_deferral", body)
        self.go(1, 9)
        granted = self.chance(0.9)
        reason = wording.DEFERRAL_GRANTED if granted else "现有条件可以办理，不予挂账。"
        self.say(self.one("leader"), "rule_on_deferral", {"granted": granted, "reason": reason})
        if granted:
            self._resume(until)
        return granted

    def suspend(self, days: int) -> None:
        self.go(0.5, 4)
        until = (self.now + timedelta(days=days)).date()
        body = {"ground": self.random.choice(wording.SUSPENSIONS), "until": until.isoformat()}
        self.say(self.one("dispatcher"), "suspend_commitment", body)
        self._resume(until)

    def _resume(self, until: date) -> None:
        """A few days before the date or after it: the clock stands no longer than to the date."""
        since = self.now.date()
        self.reach_day(max(since + timedelta(days=1), until + timedelta(days=self.random.randrange(-5, 6))))
        self.say(self.one("dispatcher"), "resume_commitment", {"reason": wording.RESUMED})
        paused = (min(self.now.date(), until) - since).days
        self.due = announced().roll(self.due + timedelta(days=paused)) if paused else self.due

    def reassign(self, unit: str) -> None:
        self.go(0.5, 6)
        body = {"unit": self.told.world.units[unit], "reason": self.random.choice(wording.REASSIGNED)}
        self.say(self.one("dispatcher"), "reassign_commitment", body)
        self.lead = unit
        self.acknowledge()

    def support(self, unit: str, *, leave: bool) -> None:
        self.go(0.5, 6)
        body = {"unit": self.told.world.units[unit], "reason": wording.SUPPORTING}
        self.say(self.one("dispatcher"), "add_supporting_unit", body)
        if leave:
            self.go(20, 90)
            body["reason"] = "协办任务已完成。"
            self.say(self.one("dispatcher"), "remove_supporting_unit", body)

    def terminate(self) -> None:
        self.go(2, 30)
        body: dict[str, Any] = {"ground": self.random.choice(wording.TERMINATIONS)}
        if self.promise.beneficiary is not None:
            body |= {"told_on": self.now.date().isoformat(), "told_note": wording.TOLD}
        self.say(self.one("dispatcher"), "terminate_commitment", body)
        self.ended = self.now
