"""The ladder on a real ledger, whose writer has a clock of its own: around midnight the two need not agree."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from ledgers import opened

from domain.rules import DEFAULT
from domain.urge_rungs import RUNGS, rung_day
from ledger.announced import announced
from ledger.clock import RealClock, micros_of, wall
from ledger.gate import LocalGate
from projections.days import ZONE
from projections.urging import Urging

MINUTE = timedelta(minutes=1)


def test_a_process_ahead_of_the_writer_asks_again_and_the_notice_goes_out(sqlite_url: str):
    time_is = [wall()]
    clock = RealClock(lambda: time_is[0], lambda: time_is[0])
    with opened(sqlite_url, clock=clock) as ledger:
        today = datetime.now(UTC).astimezone(ZONE).date()
        unit, leader = ledger.unit(), ledger.person("leader")
        ledger.person("urger")
        target = {"key": "1", "text": "修路", "quantity": 1, "measure": "条"}
        policy = ledger.accept(
            "issue_policy",
            {
                "number": "1号",
                "title": "惠民实事",
                "issuer": unit,
                "effective_on": today.isoformat(),
                "summary": "……",
                "targets": [target],
            },
            person=leader,
        )
        due_on = announced().add_working_days(today, 8)
        promise = {
            "title": "修路",
            "targets": [{"policy": policy, "target": "1"}],
            "lead_unit": unit,
            "quantity": 1,
            "measure": "条",
            "starts_on": today.isoformat(),
            "due_on": due_on.isoformat(),
            "basis": "1号",
            "mandate": "government",
            "urgency": "general",
            "recurrence": "one_off",
            "aid": "capacity",
            "region": "320585",
        }
        commitment = ledger.accept("propose_commitment", promise, person=ledger.person("supervisor"))
        ledger.accept("register_commitment", {"note": "同意"}, person=leader, stream=commitment)
        blue = rung_day(RUNGS[0], due_on, announced())
        midnight = datetime.combine(blue, time(), ZONE)
        gate = LocalGate(ledger.writer)
        urging = Urging(ledger.store, gate, announced(), DEFAULT, simulated=False)

        def turn(process: datetime, writer: datetime) -> int:
            time_is[0] = micros_of(writer)
            return asyncio.run(urging.turn(process))

        assert turn(midnight - MINUTE, midnight - MINUTE) == 0
        # The ladder is opened, but to the writer it is still yesterday.
        assert turn(midnight + MINUTE, midnight - MINUTE) == 1
        assert turn(midnight + MINUTE, midnight + MINUTE) == 1
        assert turn(midnight + MINUTE, midnight + MINUTE) == 0
        (row,) = [row for row in ledger.store.read(0, 100) if row.name.startswith("urge_")]
        assert row.name == "urge_sent.1"
        assert row.recorded_at == micros_of(midnight + MINUTE)
        gate.close()
