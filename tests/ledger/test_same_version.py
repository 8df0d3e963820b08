"""Sixty hands on one version: exactly one is accepted, whichever way they come."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ledgers import opened

from ledger.codec import key_of
from ledger.contract import Accepted, Refused
from ledger.gate import LocalGate

HANDS, ROUNDS = 60, 20


def test_through_one_gate(database_url: str):
    with opened(database_url) as ledger:
        stream = ledger.unit()
        gate = LocalGate(ledger.writer)

        async def race(turn: int) -> Any:
            return await asyncio.gather(
                *(
                    gate.submit(
                        ledger.submission(
                            "rename_unit", {"title": f"第{turn}局{n}", "reason": "改"}, stream=stream, if_version=turn
                        )
                    )
                    for n in range(HANDS)
                )
            )

        try:
            for turn in range(1, ROUNDS + 1):
                check(asyncio.run(race(turn)))
        finally:
            gate.close()
        assert len(ledger.store.stream(key_of(stream))) == ROUNDS + 1


def test_through_competing_writers(database_url: str):
    with opened(database_url) as ledger:
        stream = ledger.unit()
        writers = [ledger.another_writer() for _ in range(3)]
        with ThreadPoolExecutor(len(writers)) as pool:
            for turn in range(1, ROUNDS + 1):
                batches = [
                    [
                        ledger.submission(
                            "rename_unit",
                            {"title": f"第{turn}局{w}{n}", "reason": "改"},
                            stream=stream,
                            if_version=turn,
                        )
                        for n in range(HANDS // len(writers))
                    ]
                    for w in range(len(writers))
                ]
                outcomes = list(pool.map(lambda one: one[0].commit(one[1]), zip(writers, batches, strict=True)))
                check([outcome for some in outcomes for outcome in some])
        assert len(ledger.store.stream(key_of(stream))) == ROUNDS + 1


def check(outcomes):
    assert len(outcomes) == HANDS
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == 1
    assert {outcome.rule for outcome in outcomes if isinstance(outcome, Refused)} == {"stale_version"}
