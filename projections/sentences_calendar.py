"""One sentence in Chinese and in English for every event of the working calendar."""

from typing import assert_never

from domain.calendar_year import CalendarAmended, CalendarAnnounced, CalendarEvent
from projections.sentences import Sentence


def sentence(happened: CalendarEvent) -> Sentence:
    one = happened
    off, worked = len(one.holidays), len(one.make_ups)
    match one:
        case CalendarAnnounced():
            return Sentence(
                f"公布{one.year}年放假安排（{one.number}）：放假{off}天，调休上班{worked}天。",
                f"Holidays of {one.year} announced ({one.number}): {off} days off, {worked} make-up working days.",
            )
        case CalendarAmended():
            return Sentence(
                f"调整放假安排（{one.number}），现放假{off}天、调休上班{worked}天：{one.reason}",
                f"Holidays amended ({one.number}), now {off} days off, {worked} make-up working days: {one.reason}",
            )
        case _:
            assert_never(one)
