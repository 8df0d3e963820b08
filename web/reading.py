"""What a commitment's figures mean, in a sentence."""

from typing import Any

from projections.answers import CommitmentLine
from projections.asof import AsOf
from web.wording import STAGES, Language, said

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def why(line: CommitmentLine, at: AsOf, lang: Language) -> str:
    """Why the lamp shows what it shows."""
    english = lang is Language.ENGLISH
    stage = said(STAGES, line.stage, lang)
    left = line.working_days_left
    if line.lamp == "paused":
        until = line.paused_until
        return f"The clock stands ({stage}) until {until}." if english else f"{stage}，停表至 {until}。"
    if left is None:
        return f"No clock runs in this stage ({stage})." if english else f"“{stage}”环节不计时。"
    if line.lamp == "red":
        late = -left
        full = line.progress >= line.quantity
        if english:
            return f"Due on {line.due_on}; overdue by {late} working days{'; done but not reported' if full else ''}."
        return f"应于 {line.due_on} 前完成，已逾期 {late} 个工作日{'；数量已达到，尚未反馈办结' if full else ''}。"
    behind = _behind(line, at, lang) if line.lamp == "yellow" else ""
    if english:
        return f"{left} working days left until {line.due_on}{behind}."
    return f"距 {line.due_on} 还有 {left} 个工作日{behind}。"


def _behind(line: CommitmentLine, at: AsOf, lang: Language) -> str:
    planned = planned_share(line, at)
    done = 100 * line.progress / line.quantity
    if planned is None or done >= planned:
        return ""
    if lang is Language.ENGLISH:
        return f"; planned progress {planned:.0f}%, done {done:.0f}%"
    return f"；序时进度应达 {planned:.0f}%，实际 {done:.0f}%"


def planned_share(line: CommitmentLine, at: AsOf) -> float | None:
    """Per cent of the target that the straight line from start to due date asks for on D; None when no clock runs."""
    if line.working_days_left is None or line.due_on <= line.starts_on:
        return None
    gone = (at.on - line.starts_on).days / (line.due_on - line.starts_on).days
    return 100 * min(1.0, max(0.0, gone))


def lag_words(seconds: int, lang: Language) -> str:
    """How long after it happened it was recorded."""
    english = lang is Language.ENGLISH
    if seconds < MINUTE:
        return "at once" if english else "即时"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min later" if english else f"{seconds // MINUTE} 分钟后"
    if seconds < DAY:
        return f"{seconds // HOUR} h later" if english else f"{seconds // HOUR} 小时后"
    return f"{seconds // DAY} days later" if english else f"{seconds // DAY} 天后"


def holds_sealed(value: Any) -> bool:
    """Whether a field of an event, at any depth, is sealed."""
    if isinstance(value, dict):
        return value == {"sealed": True} or any(holds_sealed(part) for part in value.values())
    return isinstance(value, list | tuple) and any(holds_sealed(part) for part in value)
