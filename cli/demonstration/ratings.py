"""Ratings (好差评) through the year: of answers to requests, of commitments kept, of what is done at a window; each bad
one with its own turn of events, some still open when the year ends."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from cli.demonstration import names
from cli.demonstration.chapter import Chapter
from cli.demonstration.script import HOTLINE, PLATFORM, SERVICE_LEDGER, Script
from cli.demonstration.worktime import day_in, days_on, office_moment
from cli.demonstration.world import World

GOOD = 24
TURNS = {
    "put_right": 8,
    "anonymous": 4,
    "excluded": 3,
    "late": 2,
    "redone": 2,
    "unreachable": 2,
    "appeal_refused": 2,
    "rejected": 1,
    "withdrawn": 1,
    "overdue": 1,
}
OPEN = ("received", "checked", "appealed", "rectified")
"""How one stands that came in December, two of each."""
FIRST, LATEST = date(2011, 3, 1), date(2011, 9, 15)
DECEMBER = date(2011, 12, 12), date(2011, 12, 20)
PROGRAMME = "政务服务好差评"
GRADES = ("very_satisfied", "very_satisfied", "satisfied", "satisfied", "fairly_satisfied")
SERVICES = (
    ("RS", "社会保险关系转移"),
    ("GA", "户口迁移登记"),
    ("MZ", "最低生活保障申请"),
    ("GS", "个体工商户登记"),
    ("GT", "农村宅基地审批"),
    ("WS", "再生育一孩审批"),
)
COMPLAINTS = ("办一件事跑了三趟还没办成。", "窗口人员态度冷淡，问一句答一句。", "等了一上午没有叫到号。")
PRAISE = ("办得又快又好，谢谢。", "讲得很清楚，一次就办成了。")
REMEDIES = ("制作一次性告知单并公示于窗口。", "增设叫号窗口，延长中午值班。", "对窗口人员批评教育并重新培训。")


class Rated(NamedTuple):
    """What is rated: the part of the command that names it, the unit's code, how far the rater is protected, and since
    when it can be rated."""

    named: dict[str, str]
    unit: str
    protected: bool
    since: date


def rate(script: Script, world: World) -> None:
    told = Chapter(script, world, "ratings")
    answers, kept = list(_answers(script, world)), list(_kept(script, world))
    told.random.shuffle(answers)
    for number in range(GOOD):
        found = (answers.pop, lambda: told.random.choice(kept), lambda: _service(told))[number % 3]()
        _Case(told, found, found.since, "named").received(told.random.choice(GRADES), PRAISE)
    for number, turn in enumerate(turn for turn, count in TURNS.items() for _ in range(count)):
        found = answers.pop() if number % 3 == 0 else _service(told)
        _life(told, found, turn)
    for stands in (*OPEN, *OPEN):
        case = _Case(told, _service(told), day_in(told.random, *DECEMBER), "named")
        case.received()
        case.goes_to(stands)


def _answers(script: Script, world: World) -> Iterator[Rated]:
    """Requests closed in time for all that may follow from a rating, by the one whose answer was final."""
    units = {who.id: who.unit for who in world.people}
    protection, answered = {}, {}
    for step in script:
        if step.command == "raise_request":
            protection[script.made(step)] = step.body["protection"]
        elif step.command == "answer_request":
            answered[step.stream] = units[step.person]
        elif step.command == "close_request" and step.at.date() <= LATEST:
            unit = answered.get(step.stream)
            if unit is not None:
                protected = protection[step.stream] != "named"
                yield Rated({"request": step.stream}, unit, protected, step.at.date())


def _kept(script: Script, world: World) -> Iterator[Rated]:
    """Commitments that were closed; rated is the unit that reported last."""
    units = {who.id: who.unit for who in world.people}
    reported: dict[str, str] = {}
    for step in script:
        if step.command == "report_fulfilment":
            unit = units[step.person]
            assert unit is not None
            reported[step.stream] = unit
        elif step.command == "close_commitment" and step.at.date() <= LATEST:
            yield Rated({"commitment": step.stream}, reported[step.stream], False, step.at.date())


def _service(told: Chapter) -> Rated:
    unit, service = told.random.choice(SERVICES)
    named = {"unit": told.world.units[unit], "service": service}
    return Rated(named, unit, False, day_in(told.random, FIRST, LATEST))


class _Case:
    """One rating on its way; every step stands on a working day of its own."""

    def __init__(self, told: Chapter, rated: Rated, day: date, protection: str) -> None:
        self.told = told
        self.random = told.random
        self.rated = rated
        self.day = day
        self.protection = "confidential" if rated.protected and protection == "named" else protection
        self.stream = ""
        self.first, self.second = told.random.sample(told.world.holding("supervisor"), 2)

    def by(self, person: str, command: str, body: dict[str, Any], *, days: int = 1, client: str = PLATFORM) -> None:
        self.day = days_on(self.day, days) or self.day
        moment = office_moment(self.random, self.day)
        self.told.script.act(moment, person, command, body, stream=self.stream, client=client, programme=PROGRAMME)

    def received(self, grade: str | None = None, words: tuple[str, ...] = COMPLAINTS) -> None:
        self.day = days_on(self.day, self.random.randint(1, 3)) or self.day
        way = self.random.choice(("window", "hotline", "network"))
        body: dict[str, Any] = {
            "grade": grade or self.random.choice(("dissatisfied", "dissatisfied", "very_dissatisfied")),
            "way": way,
            "protection": self.protection,
            **self.rated.named,
            "words": self.random.choice(words),
        }
        if self.protection != "anonymous":
            body |= {"name": names.person(self.random), "phone": names.phone(self.random)}
        self.stream = self.told.script.act(
            office_moment(self.random, self.day),
            self.told.one("caller"),
            "receive_rating",
            body,
            client=HOTLINE if way == "hotline" else PLATFORM,
            channel=way,
            programme=PROGRAMME,
        )

    def checked(self, truth: str = "true") -> None:
        note = "调取叫号和监控记录，情况属实。" if truth == "true" else "核对办件记录，与评价不符。"
        self.by(self.first, "check_rating", {"truth": truth, "note": note})

    def appealed(self) -> None:
        body = {"ground": self.random.choice(("mistaken", "not_ours")), "reason": "附办件记录，请予核对。"}
        self.by(self.told.one("unit_head", self.rated.unit), "appeal_rating", body, client=SERVICE_LEDGER)

    def ruled(self, *, granted: bool) -> None:
        reason = "核对记录，申诉理由成立。" if granted else "办件记录不能说明问题，申诉理由不成立。"
        self.by(self.second, "rule_on_rating_appeal", {"granted": granted, "reason": reason})

    def rectified(self, days: int = 3) -> None:
        body = {"note": self.random.choice(REMEDIES)}
        officer = self.told.one("unit_officer", self.rated.unit)
        self.by(officer, "rectify_rating", body, days=days, client=SERVICE_LEDGER)

    def asked(self, answer: str = "solved") -> None:
        self.by(self.told.one("caller"), "call_back_rater", {"answer": answer})

    def redone(self) -> None:
        self.asked("unsolved")
        self.by(self.first, "redo_rating", {"reason": "评价人反映问题仍在。"})

    def closed(self, note: str = "", role: str = "supervisor") -> None:
        person = self.second if role == "supervisor" else self.told.one(role)
        self.by(person, "close_rating", {"note": note})

    def goes_to(self, stands: str) -> None:
        """On from the receipt to where it stands when the year ends."""
        if stands != "received":
            self.checked()
        if stands == "appealed":
            self.appealed()
        elif stands == "rectified":
            self.rectified()


def _life(told: Chapter, rated: Rated, turn: str) -> None:
    protection = "anonymous" if turn == "anonymous" else told.random.choice(("named", "confidential"))
    case = _Case(told, rated, rated.since, protection)
    case.received()
    if turn == "withdrawn":
        retract = {"version": 1, "reason": "同一评价重复登记"}
        case.by(case.first, "propose_retraction", retract)
        case.by(told.one("leader"), "rule_on_correction", {"approved": True, "reason": "核对无误"})
        return
    case.checked("untrue" if turn == "excluded" else "true")
    match turn:
        case "excluded":
            case.appealed()
            case.ruled(granted=True)
            return
        case "overdue":
            return
        case "appeal_refused":
            case.appealed()
            case.ruled(granted=False)
    case.rectified(days=20 if turn == "late" else 3)
    for _ in range({"redone": 1, "rejected": 3}.get(turn, 0)):
        case.redone()
        case.rectified()
    _ended(case, turn)


def _ended(case: _Case, turn: str) -> None:
    match turn:
        case "anonymous":
            case.closed("到窗口查看，整改措施已落实。")
        case "unreachable":
            for _ in range(3):
                case.asked("unreachable")
            case.closed("三次回访未接通，到窗口查看，整改措施已落实。")
        case "rejected":
            case.asked("unsolved")
            case.closed("多次整改，评价人仍不认可，已当面说明。", "leader")
        case _:
            case.asked()
            case.closed()
