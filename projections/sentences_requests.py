"""One sentence in Chinese and in English for every event of a request. Nothing in it says who the person is."""

from typing import Final, assert_never

from domain import request_events as events
from domain.deadline import Deadline
from projections.days import ZONE
from projections.sentences import ANSWERS, FINDINGS, MEANS, Sentence, Title

KINDS: Final = {
    events.RequestKind.DIFFICULTY: Sentence("困难", "difficulty"),
    events.RequestKind.OPINION: Sentence("意见", "opinion"),
    events.RequestKind.COMPLAINT: Sentence("投诉", "complaint"),
}
WAYS: Final = {
    events.Way.WINDOW: Sentence("窗口", "at a window"),
    events.Way.HOTLINE: Sentence("热线", "by hotline"),
    events.Way.NETWORK: Sentence("网络", "over the network"),
    events.Way.STATION: Sentence("站点", "at a station"),
    events.Way.VISIT: Sentence("下基层走访", "on a visit"),
}
PROTECTIONS: Final = {
    events.Protection.NAMED: Sentence("实名", "by a named person"),
    events.Protection.CONFIDENTIAL: Sentence("要求保密", "in confidence"),
    events.Protection.ANONYMOUS: Sentence("匿名", "anonymously"),
}
RESOLUTIONS: Final = {
    events.Resolution.SOLVED: Sentence("已解决", "solved"),
    events.Resolution.EXPLAINED: Sentence("解释说明", "explained"),
    events.Resolution.NOT_POSSIBLE: Sentence("不能办理", "not possible"),
}


def _by(deadline: Deadline) -> Sentence:
    due = deadline.due.astimezone(ZONE)
    return Sentence(f"{due.year}年{due.month}月{due.day}日{due:%H:%M}前", f"by {due:%Y-%m-%d %H:%M}")


def _note(words: str) -> Sentence:
    return Sentence(f"：{words}", f": {words}") if words else Sentence("。", ".")


def sentence(happened: events.RequestEvent, title: Title) -> Sentence:  # noqa: C901, PLR0911, PLR0912 - one case an event
    """`title` gives what a unit is called."""
    one = happened
    match one:
        case events.RequestRaised():
            kind, way, kept, by = KINDS[one.kind], WAYS[one.way], PROTECTIONS[one.protection], _by(one.dispatch_by)
            first = (
                Sentence(f"，首接单位{title(one.first_receiver)}", f", first received by {title(one.first_receiver)}")
                if one.first_receiver is not None
                else Sentence("", "")
            )
            return Sentence(
                f"{way.zh}收到{kind.zh}（{kept.zh}）“{one.title}”{first.zh}，须于{by.zh}派单。",
                f"A {kind.en} raised {way.en} {kept.en}, “{one.title}”{first.en}, to be dispatched {by.en}.",
            )
        case events.RequestTakenOn():
            by = _by(one.answer_by)
            return Sentence(
                f"首接单位{title(one.unit)}直接办理，须于{by.zh}答复。",
                f"Taken on by its first receiver {title(one.unit)}, to be answered {by.en}.",
            )
        case events.RequestDispatched():
            by, note = _by(one.acknowledge_by), _note(one.instruction)
            return Sentence(
                f"第{one.hand_over}次派单，交{title(one.unit)}，须于{by.zh}签收{note.zh}",
                f"Hand-over {one.hand_over}, to {title(one.unit)}, to be acknowledged {by.en}{note.en}",
            )
        case events.RequestAcknowledged():
            by = _by(one.answer_by)
            return Sentence(
                f"{title(one.unit)}签收，须于{by.zh}答复。",
                f"Acknowledged by {title(one.unit)}, to be answered {by.en}.",
            )
        case events.RequestReturnAsked():
            return Sentence(
                f"{title(one.unit)}申请退单：{one.reason}", f"{title(one.unit)} asked to return it: {one.reason}"
            )
        case events.RequestReturnAccepted():
            by = _by(one.dispatch_by)
            return Sentence(
                f"同意{title(one.unit)}退单，须于{by.zh}重新派单：{one.reason}",
                f"Return by {title(one.unit)} accepted, to be dispatched again {by.en}: {one.reason}",
            )
        case events.RequestReturnRefused():
            by = _by(one.acknowledge_by)
            return Sentence(
                f"不同意退单，指定{title(one.unit)}办理，须于{by.zh}签收：{one.reason}",
                f"Return refused, {title(one.unit)} is designated, to acknowledge {by.en}: {one.reason}",
            )
        case events.RequestReassigned():
            by = _by(one.acknowledge_by)
            return Sentence(
                f"第{one.hand_over}次转办，改派{title(one.unit)}，须于{by.zh}签收：{one.reason}",
                f"Hand-over {one.hand_over}, reassigned to {title(one.unit)}, to be acknowledged {by.en}: {one.reason}",
            )
        case events.RequestLinked():
            return Sentence(
                f"与另一诉求为同一事项，并联办理：{one.reason}",
                f"The same matter as another request, dealt with together: {one.reason}",
            )
        case events.RequestUnlinked():
            by = _by(one.dispatch_by)
            return Sentence(
                f"不再并联，须于{by.zh}派单：{one.reason}", f"No longer linked, to be dispatched {by.en}: {one.reason}"
            )
        case events.RequestPromised():
            return Sentence(
                f"转为承诺事项办理，{one.due_on.year}年{one.due_on.month}月{one.due_on.day}日到期，办结后答复。",
                f"A commitment due {one.due_on} is promised; to be answered when it has ended.",
            )
        case events.RequestAnswered():
            said = RESOLUTIONS[one.resolution]
            through = Sentence("（并联）", ", through the main request") if one.through else Sentence("", "")
            return Sentence(
                f"{title(one.unit)}答复{through.zh}，{said.zh}：{one.note}",
                f"Answered by {title(one.unit)}{through.en}, {said.en}: {one.note}",
            )
        case events.RequestCalledBack():
            answer = ANSWERS[one.answer]
            return Sentence(f"第{one.attempt}次回访：{answer.zh}。", f"Call-back {one.attempt}: {answer.en}.")
        case events.RequestChecked():
            finding = FINDINGS[one.finding]
            return Sentence(f"核查，{finding.zh}：{one.note}", f"Checked, {finding.en}: {one.note}")
        case events.RequestRedoOrdered():
            by = _by(one.answer_by)
            return Sentence(
                f"第{one.redo}次退回重办，须于{by.zh}答复：{one.reason}",
                f"Redo {one.redo}, to be answered {by.en}: {one.reason}",
            )
        case events.RequestEscalated():
            if one.ground is events.EscalationGround.REDO:
                return Sentence(f"重办{one.count}次，提级督办。", f"Escalated after {one.count} redos.")
            return Sentence(
                f"转办{one.count}次仍无牵头单位，提级督办。", f"Escalated after {one.count} hand-overs without a lead."
            )
        case events.RequestClosed():
            said, means, note = RESOLUTIONS[one.resolution], MEANS[one.means], _note(one.note)
            sure = Sentence("已确认", "confirmed") if one.confirmed else Sentence("未确认", "not confirmed")
            return Sentence(
                f"办结，{said.zh}，{sure.zh}，依据{means.zh}{note.zh}",
                f"Closed as {said.en}, {sure.en}, on {means.en}{note.en}",
            )
        case events.RequestWithdrawn():
            return Sentence(f"撤回诉求：{one.reason}", f"Request withdrawn: {one.reason}")
        case _:
            assert_never(happened)
