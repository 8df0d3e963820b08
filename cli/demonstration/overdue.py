"""Three promises on which the ladder of notices and the calendar tell: one urged to the red notice and a talk, one
reported late of what was done in time, one whose clock stood and whose last day becomes a holiday."""

from datetime import date, datetime
from typing import Any

from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.mornings import foretold_ladder
from cli.demonstration.script import Script
from cli.demonstration.worktime import at
from cli.demonstration.world import World

LEAD = "GT"
DUE = date(2011, 5, 31)
"""Its rungs: 26 May blue, 1 June yellow, 8 June orange, 15 June red."""
BLUE = date(2011, 5, 26)


class _Overdue:
    def __init__(self, told: Chapter, files: Files) -> None:
        self.told = told
        self.files = files
        self.supervisors = told.world.holding("supervisor")
        self.leaders = told.world.holding("leader")
        self.officer = told.world.holding("unit_officer", LEAD)[0]
        self.head = told.world.holding("unit_head", LEAD)[0]
        self.dispatcher = told.world.holding("dispatcher")[0]
        self.vetter = told.world.holding("vetter")[0]
        self.stream = ""

    def say(self, moment: datetime, person: str, command: str, body: dict[str, Any], **rest: Any) -> str:
        return self.told.script.act(moment, person, command, body, **{"stream": self.stream} | rest)

    def paper(self) -> str:
        texts = ("补发拖欠的征地补偿款", "公开征地补偿方案", "整理废弃宅基地")
        targets = [
            {"key": str(number), "text": one, "quantity": 40, "measure": "户"} for number, one in enumerate(texts, 1)
        ]
        body = {
            "number": "太政发〔2011〕33号",
            "title": "关于集中解决征地补偿遗留问题的通知",
            "issuer": self.told.world.units[LEAD],
            "effective_on": "2011-04-01",
            "summary": "集中解决征地补偿遗留问题，限期销号。",
            "targets": targets,
        }
        return self.say(at(date(2011, 4, 6), 9), self.supervisors[0], "issue_policy", body, stream="")

    def promise(self, policy: str, target: str, title: str, starts: date, due: date) -> None:
        """Proposed, registered, assigned and acknowledged in one day."""
        body = {
            "title": title,
            "targets": [{"policy": policy, "target": target}],
            "lead_unit": self.told.world.units[LEAD],
            "quantity": 40,
            "measure": "户",
            "starts_on": str(starts),
            "due_on": str(due),
            "basis": "太政发〔2011〕33号",
            "mandate": "government",
            "urgency": "general",
            "recurrence": "one_off",
            "aid": "relief",
            "region": "320585",
        }
        self.stream = self.say(at(starts, 9), self.supervisors[0], "propose_commitment", body, stream="")
        self.say(at(starts, 10), self.leaders[0], "register_commitment", {"note": "同意立项。"})
        self.say(at(starts, 11), self.dispatcher, "assign_commitment", {"instruction": "限期办结。"})
        self.say(at(starts, 14), self.officer, "acknowledge_commitment", {})

    def report(self, moment: datetime, occurred: datetime | None = None) -> None:
        picture = self.files.picture(self.told.random, occurred or moment)
        body = {"quantity": 40, "note": "已全部办结。", "evidence": [picture]}
        self.say(moment, self.head, "report_fulfilment", body, occurred_at=occurred)

    def settle(self, first: date, second: date) -> None:
        """Checked on the site by one supervisor, verified by another, closed by a leader."""
        found = {"finding": "as_reported", "note": "抽查十户，与反馈一致。"}
        self.say(at(first, 10), self.supervisors[1], "record_site_check", found)
        self.say(at(second, 10), self.supervisors[2], "verify_commitment", {"quantity": 40, "note": "核验属实。"})
        self.say(at(second, 15), self.leaders[1], "close_commitment", {"outcome": "fulfilled", "note": "同意销号。"})


def fall_due(script: Script, world: World, files: Files) -> None:
    told = _Overdue(Chapter(script, world, "overdue"), files)
    policy = told.paper()
    _talked_over(told, policy)
    told.promise(policy, "2", "公开征地补偿方案", date(2011, 4, 12), DUE)
    told.report(at(date(2011, 6, 20), 10), at(date(2011, 5, 25), 15))
    told.settle(date(2011, 6, 22), date(2011, 6, 23))
    told.promise(policy, "3", "整理废弃宅基地", date(2011, 10, 11), date(2011, 12, 30))
    stands = {"ground": "等待规划批复", "until": "2011-11-10"}
    told.say(at(date(2011, 11, 7), 10), told.dispatcher, "suspend_commitment", stands)
    told.say(at(date(2011, 11, 10), 10), told.dispatcher, "resume_commitment", {"reason": "规划已批复"})


def _talked_over(told: _Overdue, policy: str) -> None:
    """Its public words are taken down while the unit is silent; a circular about it is taken back."""
    told.promise(policy, "1", "补发拖欠的征地补偿款", date(2011, 4, 11), DUE)
    told.say(at(date(2011, 4, 12), 9), told.vetter, "publish_commitment", {"wording": "五月底前补发征地补偿款40户。"})
    told.say(at(date(2011, 6, 13), 9), told.leaders[0], "withdraw_wording", {"reason": "逾期未办结，核实后重新公示"})
    summons = {
        "unit": told.told.world.units[LEAD],
        "person": told.head,
        "commitment": told.stream,
        "ladder": foretold_ladder(told.stream, BLUE),
        "reference": "太督约〔2011〕101号",
        "reason": "逾期十个工作日，群众反映强烈",
        "planned_on": "2011-06-17",
    }
    talk = told.say(at(date(2011, 6, 16), 9), told.leaders[0], "summon_to_talk", summons, stream="")
    said = {"held_on": "2011-06-17", "minutes": "说明拖欠原因与资金安排。", "undertakings": "六月底前补发到位。"}
    told.say(at(date(2011, 6, 17), 16), told.supervisors[0], "record_talk", said, stream=talk)
    draft = {
        "number": "太督通〔2011〕102号",
        "title": "关于征地补偿遗留问题逾期未办的通报",
        "tone": "criticism",
        "units": [told.told.world.units[LEAD]],
        "commitments": [told.stream],
        "body": "一项承诺逾期十个工作日，予以通报。",
    }
    circular = told.say(at(date(2011, 6, 16), 15), told.supervisors[0], "draft_circular", draft, stream="")
    told.say(at(date(2011, 6, 20), 9), told.leaders[0], "issue_circular", {}, stream=circular)
    wrong = {"reason": "拖欠户数有误，更正后另行通报"}
    told.say(at(date(2011, 6, 22), 9), told.leaders[1], "withdraw_circular", wrong, stream=circular)
    told.say(at(date(2011, 6, 24), 10), told.officer, "record_follow_up", {"note": "资金已拨付到镇。", "quantity": 31})
    told.report(at(date(2011, 6, 29), 10))
    told.settle(date(2011, 7, 4), date(2011, 7, 5))
