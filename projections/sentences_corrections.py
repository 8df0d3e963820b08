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
    "amount_fen": Sentence("金额（分）", "amount (fen)"),
    "completed_on": Sentence("完成日期", "day of completion"),
    "due_on": Sentence("期限", "due date"),
    "given_on": Sentence("投入日期", "day it was given"),
    "note": Sentence("说明", "note"),
    "outcome": Sentence("结果", "outcome"),
    "participants": Sentence("参加人数", "number of participants"),
    "persons": Sentence("人次", "number of persons"),
    "planned_fen": Sentence("计划金额（分）", "planned amount (fen)"),
    "purpose": Sentence("事由", "purpose"),
    "quantity": Sentence("数量", "quantity"),
    "result": Sentence("成效", "result"),
    "summary": Sentence("摘要", "summary"),
    "title": Sentence("标题", "title"),
    "visited_on": Sentence("走访日期", "day of the visit"),
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
