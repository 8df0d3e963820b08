"""Sentences of the events that stand in streams of every kind: corrections, and limits counted anew."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.correction import CORRECTIONS
from domain.recounting import DeadlineRecalculated
from domain.rule_book import LIMITS
from projections.days import ZONE
from projections.sentences import Sentence
from projections.sentences_corrections import sentence as of_correction


def recalculated(happened: DeadlineRecalculated) -> Sentence:
    limit, due = LIMITS.get(happened.deadline.rule.partition(".")[0]), happened.deadline.due.astimezone(ZONE)
    zh, en = ("期限", "limit") if limit is None else (limit.zh, limit.en)
    return Sentence(
        f"按公布的放假安排重算“{zh}”：须于{due.year}年{due.month}月{due.day}日{due:%H:%M}前（{happened.number}）。",
        f"Counted anew ({en}) by the announced holidays: by {due:%Y-%m-%d %H:%M} ({happened.number}).",
    )


ANYWHERE: Final[Mapping[type[Any], Callable[[Any], Sentence]]] = {
    **dict.fromkeys(CORRECTIONS, of_correction),
    DeadlineRecalculated: recalculated,
}
