"""One sentence in Chinese and in English for every event that mends another."""

from typing import Final, assert_never

from domain.correction import (
    CorrectionEvent,
    CorrectionProposed,
    CorrectionRefused,
    EventCorrected,
    EventRetracted,
    RetractionProposed,
    Value,
)
from projections.sentences import Sentence

FIELDS: Final = {
    "agreed_on": Sentence("结对日期", "day of the agreement"),
    "aid": Sentence("输血或造血", "relief or capacity"),
    "amount_fen": Sentence("金额（分）", "amount (fen)"),
    "answer": Sentence("回访答复", "answer when called back"),
    "basis": Sentence("依据", "basis"),
    "body": Sentence("正文", "body"),
    "completed_on": Sentence("完成日期", "day of completion"),
    "confirmed_on": Sentence("确认日期", "day of the confirmation"),
    "due_on": Sentence("期限", "due date"),
    "ended_on": Sentence("结束日期", "last day"),
    "finding": Sentence("核查结果", "finding"),
    "given_on": Sentence("投入日期", "day it was given"),
    "held_on": Sentence("举行日期", "day it was held"),
    "how": Sentence("解决办法", "how it was solved"),
    "kind": Sentence("类别", "kind"),
    "mandate": Sentence("督查依据类别", "mandate"),
    "measure": Sentence("计量单位", "measure"),
    "minutes": Sentence("约谈记录", "minutes"),
    "note": Sentence("说明", "note"),
    "outcome": Sentence("结果", "outcome"),
    "participants": Sentence("参加人数", "number of participants"),
    "persons": Sentence("人次", "number of persons"),
    "planned_fen": Sentence("计划金额（分）", "planned amount (fen)"),
    "programme": Sentence("服务载体", "programme"),
    "purpose": Sentence("事由", "purpose"),
    "quantity": Sentence("数量", "quantity"),
    "raised_on": Sentence("提出日期", "day it was raised"),
    "recurrence": Sentence("频次", "recurrence"),
    "reference": Sentence("文号", "reference"),
    "region": Sentence("区划", "region"),
    "resolution": Sentence("办理结果", "resolution"),
    "result": Sentence("成效", "result"),
    "service": Sentence("服务事项", "service"),
    "solved_on": Sentence("解决日期", "day it was solved"),
    "starts_on": Sentence("开始日期", "start"),
    "summary": Sentence("摘要", "summary"),
    "title": Sentence("标题", "title"),
    "undertakings": Sentence("承诺整改", "undertakings"),
    "urgency": Sentence("紧急程度", "urgency"),
    "used_on": Sentence("使用日期", "day of use"),
    "visited_on": Sentence("走访日期", "day of the visit"),
    "way": Sentence("来源渠道", "way it came"),
}
"""What the fields that may be corrected are called."""


def _change(field: str, old: Value, new: Value) -> Sentence:
    name = FIELDS.get(field, Sentence(field, field))
    was, is_ = ("未填", "nothing") if old is None else (old, old)
    return Sentence(f"{name.zh}由“{was}”改为“{new}”", f"{name.en} from “{is_}” to “{new}”")


def sentence(happened: CorrectionEvent) -> Sentence:
    one = happened
    match one:
        case CorrectionProposed():
            what = _change(one.field, one.old, one.new)
            return Sentence(
                f"提请更正第{one.position}号记录，{what.zh}：{one.reason}",
                f"Correction of record {one.position} proposed, {what.en}: {one.reason}",
            )
        case RetractionProposed():
            return Sentence(
                f"提请撤销第{one.position}号记录：{one.reason}",
                f"Retraction of record {one.position} proposed: {one.reason}",
            )
        case EventCorrected():
            what = _change(one.field, one.old, one.new)
            return Sentence(
                f"更正第{one.position}号记录，{what.zh}：{one.reason}",
                f"Record {one.position} corrected, {what.en}: {one.reason}",
            )
        case EventRetracted():
            return Sentence(
                f"撤销第{one.position}号记录：{one.reason}", f"Record {one.position} retracted: {one.reason}"
            )
        case CorrectionRefused():
            return Sentence(f"不同意更正：{one.reason}", f"Correction refused: {one.reason}")
        case _:
            assert_never(happened)
