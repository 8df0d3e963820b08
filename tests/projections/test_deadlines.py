"""Why a commitment is due when it is: what its events say, line by line."""

from datetime import UTC, date, datetime, timedelta

from domain import commitment_events as events
from domain.calendar import DayOff
from domain.commitment_terms import Mandate, Urgency
from domain.deadline import Deadline, Skipped
from domain.editions import BROUGHT
from domain.ids import PersonId, UnitId
from domain.service import Aid, Recurrence
from ledger.announced import announced
from projections.deadlines import DueExplained, explained

DUE = date(2026, 1, 30)
NINE = datetime(2026, 1, 5, 1, tzinfo=UTC)
PROPOSED = events.CommitmentProposed(
    title="t",
    targets=(),
    requests=(),
    lead_unit=UnitId("u"),
    quantity=1,
    measure="个",
    starts_on=date(2026, 1, 5),
    due_on=DUE,
    basis="示政发〔2026〕1号",
    mandate=Mandate.GOVERNMENT,
    urgency=Urgency.GENERAL,
    recurrence=Recurrence.ONE_OFF,
    aid=Aid.RELIEF,
    region="320585",
    beneficiary=None,
    beneficiary_kind=None,
    by=PersonId("p"),
)
DEFERRED = events.DeferralGranted(since=date(2026, 1, 12), until=date(2026, 2, 28), reason="r")
BACK = events.CommitmentResumed(reason="", paused_days=16, due_on=date(2026, 2, 24), provisional=False)


def told(*happened: object, today: date = date(2026, 6, 1)) -> DueExplained:
    at = int(NINE.timestamp() * 1_000_000)
    given = [(position, at, event) for position, event in enumerate((PROPOSED, *happened), 1)]
    return explained(given, lambda _: announced(), announced(), BROUGHT.named)


def abouts(found: DueExplained) -> list[str]:
    return [str(line.about) for line in found.lines]


def test_what_was_promised():
    found = told()
    assert (found.due_on, found.original_due_on, found.provisional, found.clocks) == (DUE, DUE, False, ())
    assert abouts(found) == ["start", "result"]
    assert found.lines[0].zh == "承诺期限 2026-01-30（周五），依据：示政发〔2026〕1号"
    assert found.lines[0].en == "Promised by 2026-01-30 (Fri); basis: 示政发〔2026〕1号"


def test_an_extension_keeps_the_original():
    found = told(events.ExtensionGranted(due_on=date(2026, 3, 2), reason="汛期"))
    assert (found.due_on, found.original_due_on) == (date(2026, 3, 2), DUE)
    assert abouts(found) == ["start", "extension", "result"]
    assert found.lines[1].zh == "2026-01-05 准予延期：2026-01-30 改为 2026-03-02；汛期"
    assert found.lines[1].en == "Extended on 2026-01-05: from 2026-01-30 to 2026-03-02; 汛期"


def test_a_pause_moves_it_over_the_days_off():
    found = told(DEFERRED, BACK)
    assert found.due_on == date(2026, 2, 24)
    rolled = [line.day for line in found.lines if line.about == "rolled"]
    assert rolled == [date(2026, 2, 15) + timedelta(days=n) for n in range(9)]
    assert abouts(found) == ["start", "pause", "change", *["rolled"] * 9, "result"]
    assert found.lines[1].zh == "停表 2026-01-12 至 2026-01-28，挂账，16天不计"
    assert "2026-02-15" in found.lines[2].zh
    assert "16 days" in found.lines[2].en


def test_a_pause_under_way_is_told():
    found = told(DEFERRED)
    assert abouts(found) == ["start", "pause", "result"]
    suspended = events.CommitmentSuspended(ground="g", since=date(2026, 1, 12), until=date(2026, 2, 28))
    assert "中止" in told(suspended).lines[1].zh


def test_a_reopened_one_has_a_new_date():
    reopened = events.CommitmentReopened(note="反弹", evidence=(), filed_at=NINE, due_on=date(2027, 3, 1))
    found = told(reopened)
    assert (found.due_on, found.original_due_on, found.provisional) == (date(2027, 3, 1), DUE, True)
    assert abouts(found) == ["start", "change", "provisional", "result"]


def test_a_clock_tells_what_was_stored():
    late = Deadline(
        rule="acknowledge_working_days",
        edition="1",
        start=datetime(2026, 2, 14, 2, tzinfo=UTC),
        due=datetime(2026, 2, 24, 16, tzinfo=UTC),
        skipped=(Skipped(day=date(2026, 2, 15), why=DayOff.HOLIDAY),),
        provisional=True,
    )
    older = Deadline(rule="dispatch_hours.general", edition="7", start=NINE, due=NINE + timedelta(hours=9))
    found = told(
        events.CommitmentRegistered(note="", assign_by=older),
        events.CommitmentAssigned(unit=UnitId("u"), supporting=(), instruction="", acknowledge_by=late),
    )
    first, second = found.clocks
    assert (first.rule, first.edition, first.due) == ("dispatch_hours.general", "7", older.due)
    # What edition 7 said is not known here, so nothing is said of it.
    assert first.lines[0].zh == "规则 dispatch_hours.general（第7版）"
    assert first.lines[0].en == "Rule dispatch_hours.general (edition 7)"
    assert [line.day for line in second.lines if line.about == "skipped"] == [date(2026, 2, 15)]
    assert "本地默认值" in second.lines[0].zh
    assert second.lines[-1].zh == "期限 2026-02-25 00:00（暂定）"
    assert (second.provisional, first.provisional) == (True, False)
