"""One sentence in Chinese and in English for every event of a round of appraisal."""

from datetime import date
from typing import Final, assert_never

from domain import appraisal_events as events
from domain.appraisal_draw import Frame
from projections.days import ZONE
from projections.sentences import Sentence, Title

FRAMES: Final = {
    Frame.RESIDENTS: Sentence("群众", "residents"),
    Frame.ENTERPRISES: Sentence("企业", "enterprises"),
}


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _votes(votes: tuple[events.Votes, ...]) -> Sentence:
    return Sentence(
        "、".join(f"{FRAMES[one.frame].zh}{'不足5' if one.ballots is None else one.ballots}票" for one in votes),
        ", ".join(
            f"{'fewer than 5' if one.ballots is None else one.ballots} of {FRAMES[one.frame].en}" for one in votes
        ),
    )


def sentence(happened: events.AppraisalEvent, title: Title) -> Sentence:  # noqa: C901, PLR0911, PLR0912
    one = happened
    match one:
        case events.AppraisalOpened():
            return Sentence(
                f"开启{one.year}年度评议“{one.title}”：评议{len(one.units)}个单位，"
                f"拟邀请群众{one.residents}名、企业{one.enterprises}家。",
                f"Opened “{one.title}” for {one.year}: {len(one.units)} units, {one.residents} residents and "
                f"{one.enterprises} enterprises to be invited.",
            )
        case events.AppraisalFrameFixed():
            members = sum(stratum.members for stratum in one.strata)
            return Sentence(
                f"确定抽样框，共{len(one.strata)}层{members}名，摘要{one.frame}；"
                f"种子取自{_date(one.seed_on)}的{one.seed_source}。",
                f"Frame fixed, {members} members in {len(one.strata)} strata, digest {one.frame}; the seed comes from "
                f"{one.seed_source} on {one.seed_on}.",
            )
        case events.AppraisalSeedGiven():
            return Sentence(f"种子为“{one.seed}”。", f"The seed is “{one.seed}”.")
        case events.AppraisalDrawn():
            invited = sum(stratum.invited for stratum in one.invited)
            return Sentence(
                f"抽取受邀者{invited}名，名单摘要{one.drawn}。", f"{invited} drawn, digest of the list {one.drawn}."
            )
        case events.AppraisalCodesIssued():
            return Sentence(
                f"制发{FRAMES[one.frame].zh}一次性码{one.codes}个。",
                f"{one.codes} one-time codes issued for {FRAMES[one.frame].en}.",
            )
        case events.AppraisalVotingOpened():
            return Sentence(f"开始投票，至{_date(one.until)}。", f"Voting opened until {one.until}.")
        case events.AppraisalClosed():
            votes = _votes(one.votes)
            return Sentence(
                f"封箱：{votes.zh}，不留先后，密封入账。", f"Box closed: {votes.en}, sealed, in no voter's order."
            )
        case events.AppraisalTallied():
            scored = sum(result.score is not None for result in one.results)
            return Sentence(
                f"计票完成，{scored}项有评分。", f"Counted, {scored} of {len(one.results)} results have a score."
            )
        case events.AppraisalPublished():
            due = one.object_by.due.astimezone(ZONE)
            return Sentence(
                f"公布结果，{_date(due.date())}{due:%H:%M}前可提出异议。",
                f"Published, objections by {due:%Y-%m-%d %H:%M}.",
            )
        case events.AppraisalObjectionRaised():
            return Sentence(f"{title(one.unit)}提出异议：{one.ground}", f"{title(one.unit)} objected: {one.ground}")
        case events.AppraisalObjectionDecided():
            ruling = Sentence("成立，结果不予采用", "upheld, its result is set aside")
            if not one.upheld:
                ruling = Sentence("不成立", "dismissed")
            return Sentence(
                f"{title(one.unit)}的异议{ruling.zh}：{one.reason}",
                f"The objection of {title(one.unit)} is {ruling.en}: {one.reason}",
            )
        case events.AppraisalAbandoned():
            return Sentence(f"终止本轮评议：{one.reason}", f"Round abandoned: {one.reason}")
        case _:
            assert_never(happened)
