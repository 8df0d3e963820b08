"""One sentence in Chinese and in English for every event of supervision: inspections, conclusions, and what follows."""

from datetime import date
from typing import Final, assert_never

from domain import conclusion_events as conclusions
from domain import inspection_events as inspections
from domain.commitment_terms import Mandate
from domain.conclusion_terms import ResultUse, Verdict
from domain.deadline import Deadline
from projections.days import ZONE
from projections.sentences import Sentence, Title

MANDATES: Final = {
    Mandate.GOVERNMENT: Sentence("政府督查", "government inspection"),
    Mandate.PARTY: Sentence("党委督查", "Party committee inspection"),
    Mandate.HOTLINE: Sentence("12345督办", "12345 hotline supervision"),
    Mandate.PROMISE: Sentence("公开承诺督查", "inspection of a public promise"),
}
VERDICTS: Final = {
    Verdict.IN_PLACE: Sentence("落实到位", "in place"),
    Verdict.PARTLY: Sentence("部分落实", "partly in place"),
    Verdict.NOT_IN_PLACE: Sentence("落实不力", "not in place"),
}
USES: Final = {
    ResultUse.COMMENDATION: Sentence("表扬激励", "commendation"),
    ResultUse.ASSESSMENT: Sentence("纳入考核", "assessment"),
    ResultUse.POLICY_ADVICE: Sentence("完善政策建议", "advice on the policy"),
    ResultUse.ACCOUNTABILITY: Sentence("追责建议", "a proposal to hold someone to account"),
    ResultUse.REFERRAL: Sentence("移送线索", "referral of a clue"),
}


def day(one: date) -> str:
    return f"{one.year}年{one.month}月{one.day}日"


def last_day(deadline: Deadline) -> date:
    """The day a deadline in days ends with."""
    return date.fromordinal(deadline.due.astimezone(ZONE).toordinal() - 1)


def note(words: str) -> Sentence:
    """Official words, as they were written, at the end of a sentence."""
    return Sentence(f"：{words}", f": {words}") if words else Sentence("。", ".")


def late(is_late: bool) -> Sentence:
    return Sentence("逾期", "late, ") if is_late else Sentence("", "")


def of_inspection(happened: inspections.InspectionEvent, title: Title) -> Sentence:  # noqa: C901, PLR0911 - one case an event
    one = happened
    match one:
        case inspections.InspectionPlanned():
            mandate, units = MANDATES[one.mandate], tuple(map(title, one.units))
            return Sentence(
                f"制定督查方案“{one.title}”（{mandate.zh}），{day(one.starts_on)}至{day(one.ends_on)}"
                f"督查{'、'.join(units)}：{one.scope}",
                f"Planned “{one.title}” ({mandate.en}) of {', '.join(units)}, {one.starts_on} to {one.ends_on}: "
                f"{one.scope}",
            )
        case inspections.InspectionAmended():
            return Sentence(
                f"修订督查方案，改为“{one.title}”，{day(one.starts_on)}至{day(one.ends_on)}，{one.scope}，待重新批准："
                f"{one.reason}",
                f"Plan amended to “{one.title}”, {one.starts_on} to {one.ends_on}, {one.scope}, to be approved anew: "
                f"{one.reason}",
            )
        case inspections.InspectionApproved():
            more = note(one.note)
            return Sentence(f"批准督查方案，文号{one.reference}{more.zh}", f"Approved as {one.reference}{more.en}")
        case inspections.InspectionRefused():
            return Sentence(f"不批准督查方案：{one.reason}", f"Plan refused: {one.reason}")
        case inspections.SecondInspectionAdmitted():
            return Sentence(f"同意另行督查同一事项：{one.reason}", f"A second inspection admitted: {one.reason}")
        case inspections.InspectionNoticeGiven():
            asked = Sentence("", "")
            if one.self_check_by is not None:
                asked = Sentence(
                    f"，须于{day(one.self_check_by)}前报送自查", f", its self-check due {one.self_check_by}"
                )
            return Sentence(
                f"通知{title(one.unit)}{asked.zh}：{one.notice}", f"{title(one.unit)} told{asked.en}: {one.notice}"
            )
        case inspections.SelfCheckSubmitted():
            return Sentence(
                f"{title(one.unit)}报送自查：{one.findings}", f"Self-check of {title(one.unit)}: {one.findings}"
            )
        case inspections.InspectionVisitRecorded():
            kind = Sentence("暗访", "Unannounced visit to") if one.unannounced else Sentence("实地检查", "Visit to")
            return Sentence(
                f"{day(one.visited_on)}{kind.zh}{title(one.unit)}：{one.note}",
                f"{kind.en} {title(one.unit)} on {one.visited_on}: {one.note}",
            )
        case inspections.InspectionClosed():
            more, count = note(one.note), len(one.conclusions)
            return Sentence(
                f"督查结束，形成结论{count}份{more.zh}", f"Inspection closed, conclusions made: {count}{more.en}"
            )
        case inspections.InspectionCancelled():
            return Sentence(f"取消督查：{one.reason}", f"Inspection cancelled: {one.reason}")
        case _:
            assert_never(happened)


def of_conclusion(happened: conclusions.ConclusionEvent, title: Title) -> Sentence:  # noqa: PLR0911 - as above
    one = happened
    match one:
        case conclusions.ConclusionIssued():
            verdict = VERDICTS[one.wording.verdict]
            return Sentence(
                f"对{title(one.unit)}作出督查结论（{verdict.zh}），须整改{len(one.wording.items)}项：{one.wording.facts}",
                f"Concluded on {title(one.unit)} ({verdict.en}), to put right: {len(one.wording.items)}. "
                f"{one.wording.facts}",
            )
        case conclusions.ConclusionDelivered():
            last = last_day(one.object_by)
            return Sentence(
                f"结论于{day(one.received_on)}送达，可在{day(last)}前（含当日）提出异议。",
                f"Received on {one.received_on}; the unit may object up to {last}.",
            )
        case conclusions.ConclusionObjected():
            last = last_day(one.decide_by)
            return Sentence(
                f"提出异议，须于{day(last)}前（含当日）复核决定：{one.grounds}",
                f"Objected, to be decided up to {last}: {one.grounds}",
            )
        case conclusions.ReviewerRecused():
            return Sentence(f"回避复核：{one.reason}", f"Stood aside from the review: {one.reason}")
        case conclusions.ConclusionUpheld():
            how = late(one.late)
            return Sentence(f"复核{how.zh}决定维持：{one.reason}", f"Review: {how.en}upheld. {one.reason}")
        case conclusions.ConclusionAmended():
            how, verdict = late(one.late), VERDICTS[one.wording.verdict]
            return Sentence(
                f"复核{how.zh}决定变更为{verdict.zh}（{one.reason}）：{one.wording.facts}",
                f"Review: {how.en}amended to {verdict.en} ({one.reason}). {one.wording.facts}",
            )
        case conclusions.ConclusionRevoked():
            how = late(one.late)
            return Sentence(f"复核{how.zh}决定撤销：{one.reason}", f"Review: {how.en}revoked. {one.reason}")
        case conclusions.ResultUsed():
            use, more = USES[one.use], note(one.note)
            return Sentence(
                f"结果运用：{use.zh}，文号{one.reference}{more.zh}", f"Used for {use.en}, {one.reference}{more.en}"
            )
        case _:
            assert_never(happened)
