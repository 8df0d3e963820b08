"""The writer is killed in the middle of concurrent appends, again and again: nothing acknowledged is lost, nothing
retried is doubled, no position is missing."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ledgers import Ledger, opened, unit
from served import Served

from ledger.codec import decode, key_of
from ledger.contract import Accepted, Outcome, Unavailable
from ledger.gate import SocketGate
from ledger.leaf import leaf_bytes

KILLS = 5
LINES = 3_000
"""A chunk takes two commits, and is answered after the second."""
CLIENTS = 24
PATIENCE = 30.0


class Hands:
    """Many clients that retry until they are answered, and what they were told."""

    def __init__(self, ledger: Ledger, gate: SocketGate, stream: str) -> None:
        self.made: list[Accepted] = []
        self.renamed: list[Accepted] = []
        self._ledger = ledger
        self._gate = gate
        self._stream = stream
        self._enough = 0
        self._reached = asyncio.Event()
        self._done = False

    @property
    def told(self) -> int:
        return len(self.made) + len(self.renamed)

    async def more(self, count: int) -> None:
        """Until so many more requests were answered."""
        self._enough = self.told + count
        self._reached.clear()
        await self._reached.wait()

    def stop(self) -> None:
        self._done = True

    async def work(self, n: int) -> None:
        turn = 0
        while not self._done:
            turn += 1
            name = f"{n}-{turn}"
            self._note(self.made, await self._answer("register_unit", unit(name), f"register {name}"))
            body = {"title": name, "reason": "改"}
            self._note(self.renamed, await self._answer("rename_unit", body, f"rename {name}", stream=self._stream))

    async def load(self, turn: int) -> None:
        """One chunk of lines, until it is answered."""
        names = [f"bulk-{turn}-{n}" for n in range(LINES)]
        outcomes: Sequence[Outcome] = ()
        while not outcomes:
            with suppress(Unavailable):
                outcomes = await self._gate.submit_many(
                    [self._ledger.submission("register_unit", unit(name), key=name) for name in names]
                )
        for outcome in outcomes:
            self._note(self.made, outcome)

    async def _answer(self, command: str, body: dict[str, str], key: str, **rest: str) -> Outcome:
        while True:
            with suppress(Unavailable):
                return await self._gate.submit(self._ledger.submission(command, body, key=key, **rest))

    def _note(self, answers: list[Accepted], answer: Outcome) -> None:
        assert isinstance(answer, Accepted), answer
        answers.append(answer)
        if self.told >= self._enough:
            self._reached.set()


async def struggle(ledger: Ledger, served: Served, stream: str) -> Hands:
    gate = SocketGate(served.socket, patience=PATIENCE)
    hands = Hands(ledger, gate, stream)
    chance = random.Random(20110301)

    async def kill(tasks: asyncio.TaskGroup) -> None:
        before = ledger.store.head().position
        for turn in range(KILLS):
            await hands.more(chance.randrange(30, 400))
            if turn % 2:
                # This kill falls where something is stored that nobody has been told of.
                tasks.create_task(hands.load(turn))
                await asyncio.to_thread(ledger.store.wait, before + hands.told + LINES // 2, PATIENCE)
            await asyncio.to_thread(served.kill)
            served.start()
        await hands.more(100)
        hands.stop()

    async with asyncio.TaskGroup() as tasks:
        for n in range(CLIENTS):
            tasks.create_task(hands.work(n))
        tasks.create_task(kill(tasks))
    await gate.close()
    return hands


def test_kill_9_in_the_middle_of_appends(database_url: str, tmp_path: Path):
    with opened(database_url) as ledger:
        stream = ledger.unit("renamed")
        before = ledger.store.head().position
        place = ledger.place
        with Served(database_url, place.keys, place.evidence, tmp_path / "writer.sock") as served:
            hands = asyncio.run(struggle(ledger, served, stream))
            assert served.stop() == 0
        made, renamed = hands.made, hands.renamed
        rows = ledger.store.read(0, 10_000_000)
        # No gap, no clock going back, every leaf as it should be.
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
        for row in rows:
            leaf = leaf_bytes(row.stream, row.version, row.recorded_at, row.name, row.state)
            assert sha256(b"\0" + leaf).digest() == row.leaf
        # Nothing acknowledged is lost.
        for answer in (*made, *renamed):
            row = rows[answer.position - 1]
            assert (decode(row).stream, row.version, row.recorded_at) == (
                answer.stream,
                answer.version,
                answer.recorded_at,
            )
        # Nothing is doubled: every request was retried until it was answered, so all there is was acknowledged.
        assert len({answer.position for answer in (*made, *renamed)}) == len(made) + len(renamed)
        assert len(rows) == before + len(made) + len(renamed)
        codes = [decode(row).event.code for row in rows if row.name == "unit_registered.1"]
        assert len(set(codes)) == len(codes)
        assert [row.version for row in ledger.store.stream(key_of(stream))] == list(range(1, len(renamed) + 2))
        assert any(answer.replayed for answer in (*made, *renamed)), "no kill fell between commit and answer"
