"""Lines of the table of corrections: ratings (好差评).

The grade is what the rater said and is never corrected: a rating entered in error is retracted by two persons, neither
of the rated unit, and entered anew. What should not count though somebody said it is excluded on appeal.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from domain.correction import Value
from domain.correction_lines import LEADER, SUPERVISOR, WHOLE, Entry, OtherWay, instead, prose, same, title
from domain.rating import Rating, RatingStage
from domain.rating_events import (
    RaterCalledBack,
    RatingChecked,
    RatingClosed,
    RatingExcluded,
    RatingReceived,
    RatingRectified,
)
from domain.two_hands import Relation

APART: Final = (Relation.RATED_UNIT,)
SETTLED: Final = (RatingExcluded, RatingClosed)


def _withdrawn(state: Rating, _old: Value, _new: Value) -> Rating:
    return replace(state, stage=RatingStage.WITHDRAWN)


def ratings() -> Iterable[Entry]:
    yield Entry(RatingReceived, WHOLE, SUPERVISOR, LEADER, SETTLED, None, _withdrawn, APART)
    yield Entry(RatingReceived, "service", SUPERVISOR, LEADER, SETTLED, title, same, APART)
    yield Entry(RatingChecked, "note", SUPERVISOR, LEADER, SETTLED, prose, same, APART)


WAYS: Final = {
    **instead(
        (RatingReceived,),
        ("grade", "way", "protection", "unit", "commitment", "request"),
        OtherWay(
            "评价人所说不予改动；录入有误的撤销后重新登记",
            "what the rater said stands; what was entered in error is retracted and entered anew",
            ("propose_retraction", "receive_rating"),
        ),
    ),
    **instead(
        (RatingChecked,),
        ("truth", WHOLE),
        OtherWay("不属实的由单位申诉，另一人裁定", "the unit appeals and another person rules", ("appeal_rating",)),
    ),
    **instead(
        (RatingRectified, RaterCalledBack),
        ("answer", WHOLE),
        OtherWay(
            "退回重新整改后再次回访", "have it redone and ask the rater again", ("redo_rating", "call_back_rater")
        ),
    ),
}
