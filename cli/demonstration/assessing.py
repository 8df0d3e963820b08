"""The year's assessments, and who is commended. Their figures are what the views show on an evening shortly before the
year's end, so they stand in no script: whoever tells the year asks for them and fills them in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from cli.demonstration.chapter import Chapter
from cli.demonstration.script import Script, Step
from cli.demonstration.worktime import at
from cli.demonstration.world import World

KNOWN = at(date(2011, 12, 27), 18)
YEAR = 2011
BY_FIGURES = frozenset({"assess_unit", "revise_assessment"})
"""Commands that wait for figures; until then the unit stands in their place."""


class Seen(NamedTuple):
    """What the views show as known at KNOWN."""

    position: int
    figures: Mapping[str, list[dict[str, Any]]]
    """Unit → parts of its assessment."""


def seen(position: int, units: Iterable[Mapping[str, Any]]) -> Seen:
    """`units` as `GET /v1/figures/assessment` shows them under `figures`; the appraisal's part comes from the round."""
    counted = ("part", "numerator", "denominator", "excluded")
    return Seen(
        position,
        {
            unit["unit"]: [
                {name: part[name] for name in counted}
                for part in unit["result"]["parts"]
                if part["part"] != "appraisal"
            ]
            for unit in units
        },
    )


def filled(step: Step, found: Seen) -> Step:
    return step._replace(body=step.body | {"known_at": found.position, "figures": found.figures[step.body["figures"]]})


def assess(script: Script, world: World, round_: str, appraised: Iterable[str]) -> None:
    """The appraised departments. One assessment is drawn up anew, one is taken back; of three lists one is approved,
    one refused, one approved and revoked."""
    told = Chapter(script, world, "assessing")
    drawer, proposer = world.holding("supervisor")[:2]
    leaders = world.holding("leader")
    made = []
    for minute, unit in enumerate(appraised):
        figures = {"figures_on": str(KNOWN.date()), "figures": unit, "appraisal": round_}
        body = {"unit": unit, "year": YEAR, **figures}
        made.append((script.act(at(date(2011, 12, 28), 9, minute), drawer, "assess_unit", body), figures))
    anew, figures = made[0]
    reason = {"reason": "复核后按同一口径重新拟定"}
    script.act(at(date(2011, 12, 28), 10), drawer, "revise_assessment", figures | reason, stream=anew)
    for minute, (assessment, _) in enumerate(made):
        script.act(at(date(2011, 12, 28), 15, minute), leaders[0], "publish_assessment", {}, stream=assessment)
    back, _ = made[-1]
    reason = {"reason": "该单位异议期内有新情况，待核"}
    script.act(at(date(2011, 12, 29), 9), leaders[1], "withdraw_assessment", reason, stream=back)
    _commend(told, proposer, leaders, [assessment for assessment, _ in made[:-1]])


def _commend(told: Chapter, proposer: str, leaders: list[str], published: list[str]) -> None:
    def propose(minute: int, title: str, assessments: list[str]) -> str:
        reason = "承诺按期兑现，群众评议较好。"
        nominees = [{"assessment": one, "reason": reason} for one in assessments]
        body = {"year": YEAR, "title": title, "nominees": nominees}
        return told.script.act(at(date(2011, 12, 29), 10, minute), proposer, "propose_commendation", body)

    def decide(day: int, hour: int, command: str, body: dict[str, str], stream: str) -> None:
        told.script.act(at(date(2011, 12, day), hour), leaders[0], command, body, stream=stream)

    approved = propose(0, "2011年度惠民政策落实先进单位", published)
    refused = propose(1, "2011年度督查工作创新奖", published[:1])
    revoked = propose(2, "2011年度群众满意单位", published[1:2])
    decide(30, 9, "approve_commendation", {"note": "同意，按程序公示。"}, approved)
    decide(30, 10, "refuse_commendation", {"reason": "本年度不设该奖项"}, refused)
    decide(30, 11, "approve_commendation", {"note": "同意。"}, revoked)
    decide(31, 10, "revoke_commendation", {"reason": "公示期间有异议，经核属实"}, revoked)
