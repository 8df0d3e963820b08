"""One sentence in Chinese and in English for every event of a commitment, made from its typed fields alone."""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple, assert_never

from domain import commitment_events as events
from domain.commitment_answering import RequestsTakenUp
from domain.commitment_terms import Answer, Finding, Means, Outcome
from domain.deadline import Deadline
from projections.days import ZONE

Title = Callable[[str], str]
"""What a unit is called at the moment the page is about, by id."""


class Sentence(NamedTuple):
    zh: str
    en: str


ANSWERS: Final = {
    Answer.SOLVED: Sentence("已解决", "solved"),
    Answer.UNSOLVED: Sentence("未解决", "not solved"),
    Answer.UNREACHABLE: Sentence("未接通", "not reached"),
}
FINDINGS: Final = {
    Finding.AS_REPORTED: Sentence("情况属实", "it is as reported"),
    Finding.NOT_AS_REPORTED: Sentence("与反馈不符", "it is not as reported"),
}
MEANS: Final = {
    Means.ANSWER: Sentence("群众答复", "the beneficiary's answer"),
    Means.SITE_CHECK: Sentence("现场核查", "a site check"),
}
OUTCOMES: Final = {
    Outcome.FULFILLED: Sentence("兑现", "fulfilled"),
    Outcome.PARTLY: Sentence("部分兑现", "partly fulfilled"),
    Outcome.NOT_FULFILLED: Sentence("未兑现", "not fulfilled"),
    Outcome.OVERTAKEN: Sentence("情况变化", "overtaken by events"),
    Outcome.EXPLAINED: Sentence("解释说明", "explained"),
}


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _by(deadline: Deadline) -> Sentence:
    due = deadline.due.astimezone(ZONE)
    return Sentence(f"{_date(due.date())}{due:%H:%M}前", f"by {due:%Y-%m-%d %H:%M}")


def _note(words: str) -> Sentence:
    """Official words, as they were written, at the end of a sentence."""
    return Sentence(f"：{words}", f": {words}") if words else Sentence("。", ".")


def _units(units: tuple[str, ...], title: Title) -> Sentence:
    if not units:
        return Sentence("", "")
    return Sentence(f"，协办{'、'.join(map(title, units))}", f", supported by {', '.join(map(title, units))}")


def sentence(happened: events.CommitmentEvent, title: Title) -> Sentence:  # noqa: C901, PLR0911, PLR0912, PLR0915
    one = happened
    match one:
        case events.CommitmentProposed():
            return Sentence(
                f"提出承诺“{one.title}”：{title(one.lead_unit)}牵头，{_date(one.due_on)}前完成{one.quantity}{one.measure}。",
                f"Proposed “{one.title}”: {title(one.lead_unit)} leads, {one.quantity} {one.measure} by {one.due_on}.",
            )
        case RequestsTakenUp():
            count = len(one.requests)
            return Sentence(f"为答复{count}件诉求而承诺。", f"Promised in answer to {count} request(s).")
        case events.CommitmentRegistered():
            by, note = _by(one.assign_by), _note(one.note)
            return Sentence(f"立项，须于{by.zh}交办{note.zh}", f"Registered, to be assigned {by.en}{note.en}")
        case events.CommitmentPublished2() | events.CommitmentPublished():
            return Sentence(f"向社会公示：{one.wording}", f"Published: {one.wording}")
        case events.WordingAmended2() | events.WordingAmended():
            return Sentence(
                f"修改公示文字（{one.reason}）：{one.wording}", f"Public wording amended ({one.reason}): {one.wording}"
            )
        case events.WordingWithdrawn():
            return Sentence(f"撤下公示：{one.reason}", f"Public wording withdrawn: {one.reason}")
        case events.CommitmentAssigned():
            by, units, note = _by(one.acknowledge_by), _units(one.supporting, title), _note(one.instruction)
            return Sentence(
                f"交办{title(one.unit)}{units.zh}，须于{by.zh}签收{note.zh}",
                f"Assigned to {title(one.unit)}{units.en}, to be acknowledged {by.en}{note.en}",
            )
        case events.CommitmentAcknowledged():
            return Sentence(f"{title(one.unit)}签收。", f"Acknowledged by {title(one.unit)}.")
        case events.ReturnAsked():
            return Sentence(f"申请退单：{one.reason}", f"Asked to return it: {one.reason}")
        case events.ReturnAccepted():
            by = _by(one.acknowledge_by)
            return Sentence(
                f"同意退单，改派{title(one.unit)}，须于{by.zh}签收：{one.reason}",
                f"Return accepted, now with {title(one.unit)}, to be acknowledged {by.en}: {one.reason}",
            )
        case events.ReturnRefused():
            by = _by(one.acknowledge_by)
            return Sentence(
                f"不同意退单，指定办理，须于{by.zh}签收：{one.reason}",
                f"Return refused, the unit is designated, to acknowledge {by.en}: {one.reason}",
            )
        case events.FollowUpRecorded():
            if one.quantity is None:
                return Sentence(f"跟进：{one.note}", f"Follow-up: {one.note}")
            return Sentence(
                f"跟进，累计完成{one.quantity}：{one.note}", f"Follow-up, {one.quantity} so far: {one.note}"
            )
        case events.ExtensionAsked():
            return Sentence(
                f"申请延期至{_date(one.due_on)}：{one.reason}", f"Extension to {one.due_on} asked: {one.reason}"
            )
        case events.ExtensionGranted():
            return Sentence(
                f"同意延期至{_date(one.due_on)}：{one.reason}", f"Extension to {one.due_on} granted: {one.reason}"
            )
        case events.ExtensionRefused():
            return Sentence(f"不同意延期：{one.reason}", f"Extension refused: {one.reason}")
        case events.DeferralProposed():
            return Sentence(
                f"提出挂账至{_date(one.until)}：{one.measures}", f"Deferral until {one.until} proposed: {one.measures}"
            )
        case events.DeferralGranted():
            return Sentence(
                f"同意挂账，自{_date(one.since)}至{_date(one.until)}停表：{one.reason}",
                f"Deferred, the clock stands from {one.since} to {one.until}: {one.reason}",
            )
        case events.DeferralRefused():
            return Sentence(f"不同意挂账：{one.reason}", f"Deferral refused: {one.reason}")
        case events.CommitmentSuspended():
            return Sentence(
                f"中止，自{_date(one.since)}至{_date(one.until)}停表：{one.ground}",
                f"Suspended, the clock stands from {one.since} to {one.until}: {one.ground}",
            )
        case events.DueRecalculated():
            return Sentence(
                f"放假安排公布（{one.number}），期限重算为{_date(one.due_on)}{'（暂定）' if one.provisional else ''}。",
                f"Holidays announced ({one.number}); the due date is counted anew: {one.due_on}"
                f"{' (provisional)' if one.provisional else ''}.",
            )
        case events.CommitmentResumed():
            note = _note(one.reason)
            return Sentence(
                f"恢复办理，停表{one.paused_days}天，期限顺延至{_date(one.due_on)}{note.zh}",
                f"Resumed after {one.paused_days} days without clock, now due {one.due_on}{note.en}",
            )
        case events.FulfilmentReported():
            return Sentence(
                f"反馈已办结，完成{one.quantity}：{one.note}", f"Reported fulfilled, {one.quantity}: {one.note}"
            )
        case events.RedoOrdered():
            return Sentence(f"退回重办：{one.reason}", f"To be redone: {one.reason}")
        case events.CommitmentEscalated():
            return Sentence(f"重办{one.redos}次，提级督办。", f"Escalated after {one.redos} redos.")
        case events.CallBackRecorded():
            answer = ANSWERS[one.answer]
            return Sentence(f"第{one.attempt}次回访：{answer.zh}。", f"Call-back {one.attempt}: {answer.en}.")
        case events.SiteChecked():
            finding = FINDINGS[one.finding]
            return Sentence(f"现场核查，{finding.zh}：{one.note}", f"Site checked, {finding.en}: {one.note}")
        case events.CommitmentVerified():
            means, note = MEANS[one.means], _note(one.note)
            return Sentence(
                f"核验通过，完成{one.quantity}，依据{means.zh}{note.zh}",
                f"Verified at {one.quantity}, on {means.en}{note.en}",
            )
        case events.CommitmentClosed():
            outcome, note = OUTCOMES[one.outcome], _note(one.note)
            return Sentence(
                f"销号，结果为{outcome.zh}，{_date(one.recheck_from)}至{_date(one.recheck_until)}回头看{note.zh}",
                f"Closed as {outcome.en}, to be re-checked from {one.recheck_from} to {one.recheck_until}{note.en}",
            )
        case events.CommitmentArchived():
            note = _note(one.note)
            return Sentence(f"回头看未反弹，归档{note.zh}", f"Re-checked and kept, archived{note.en}")
        case events.CommitmentReopened():
            note = _note(one.note)
            return Sentence(
                f"回头看发现反弹，重新办理，期限{_date(one.due_on)}{note.zh}",
                f"Rebounded and reopened, now due {one.due_on}{note.en}",
            )
        case events.CommitmentContinued():
            return Sentence(
                f"回头看发现反弹，由后续承诺接续：{one.ruling}",
                f"Rebounded, continued by a newer commitment: {one.ruling}",
            )
        case events.CommitmentReassigned():
            by = _by(one.acknowledge_by)
            return Sentence(
                f"改派{title(one.unit)}，须于{by.zh}签收：{one.reason}",
                f"Reassigned to {title(one.unit)}, to be acknowledged {by.en}: {one.reason}",
            )
        case events.SupportingUnitJoined():
            return Sentence(
                f"{title(one.unit)}加入协办：{one.reason}", f"{title(one.unit)} joined in support: {one.reason}"
            )
        case events.SupportingUnitLeft():
            return Sentence(
                f"{title(one.unit)}退出协办：{one.reason}", f"{title(one.unit)} left the support: {one.reason}"
            )
        case events.CommitmentTerminated():
            if one.told_on is None:
                return Sentence(f"终止：{one.ground}", f"Terminated: {one.ground}")
            return Sentence(
                f"终止，{_date(one.told_on)}告知群众：{one.ground}",
                f"Terminated, the beneficiary told on {one.told_on}: {one.ground}",
            )
        case _:
            assert_never(happened)
