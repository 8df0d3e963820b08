"""What is said of the events of the working calendar."""

from datetime import date

from domain.calendar_year import CalendarAmended, CalendarAnnounced
from projections.sentences_calendar import sentence

OFF = (date(2027, 1, 1), date(2027, 1, 4))


def test_a_year_is_announced():
    told = sentence(CalendarAnnounced(year=2027, holidays=OFF, make_ups=OFF[:1], number="示例〔2026〕9号"))
    assert told.zh == "公布2027年放假安排（示例〔2026〕9号）：放假2天，调休上班1天。"
    assert told.en == "Holidays of 2027 announced (示例〔2026〕9号): 2 days off, 1 make-up working days."


def test_a_year_is_amended():
    told = sentence(CalendarAmended(holidays=OFF, make_ups=(), number="示例〔2027〕1号", reason="延长"))
    assert told.zh == "调整放假安排（示例〔2027〕1号），现放假2天、调休上班0天：延长"
    assert told.en.endswith("now 2 days off, 0 make-up working days: 延长")
