"""Evidence (佐证材料) enters a record as digests of lodged files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.command import Context
from domain.ids import Digest
from domain.refusal import Refusal

MAX_EVIDENCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file and when it was made (photograph taken, document issued), by the filer's word. When it was filed
    stands beside it in the event, so that the gap can be seen."""

    digest: Digest
    captured_at: datetime


def evidence(items: Sequence[Evidence], ctx: Context, *, required: bool = False) -> tuple[Evidence, ...]:
    """The items, checked: at most 50, no file twice, captured no later than now (plus the tolerance for clocks). That
    each file is lodged is checked before, as for every reference."""
    if not items:
        if required:
            raise Refusal("evidence_missing", "必须附佐证材料", "evidence is required", field="evidence")
        return ()
    if len(items) > MAX_EVIDENCE:
        raise Refusal("evidence_too_many", "一次最多50份材料", "at most 50 files at a time", field="evidence")
    if len({item.digest for item in items}) != len(items):
        raise Refusal("evidence_twice", "同一材料重复", "the same file is given twice", field="evidence")
    latest = ctx.now + timedelta(minutes=ctx.rules.occurred_ahead_minutes)
    for item in items:
        if item.captured_at > latest:
            raise Refusal("captured_later", "取证时间晚于当前", "captured after filing", field="evidence.captured_at")
    return tuple(items)
