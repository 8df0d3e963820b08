"""Bytes wait in memory, then on disk, and come out as they went in."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from api.overflow import Overflow


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.binary(min_size=1, max_size=40), st.just(None)), max_size=60))
def test_what_goes_in_comes_out_in_order(steps: list[bytes | None]):
    """None takes something out, when there is something."""

    async def work() -> tuple[bytes, bytes]:
        overflow = Overflow(memory=50)
        went_in, came_out = b"", b""
        for step in steps:
            if step is not None:
                await overflow.put(step)
                went_in += step
            elif len(came_out) < len(went_in):
                came_out += await overflow.get()
        overflow.end()
        while data := await overflow.get():
            came_out += data
        overflow.close()
        return went_in, came_out

    went_in, came_out = asyncio.run(work())
    assert came_out == went_in


def test_memory_is_bounded():
    async def work() -> tuple[int, int]:
        overflow = Overflow(memory=100)
        for _ in range(100):
            await overflow.put(b"x" * 30)
        held, waiting = overflow._held, overflow.on_disk
        overflow.close()
        return held, waiting

    held, on_disk = asyncio.run(work())
    assert held <= 100
    assert held + on_disk == 3000


def test_a_waiting_consumer_wakes():
    async def work() -> bytes:
        overflow = Overflow()
        waiting = asyncio.create_task(overflow.get())
        await asyncio.sleep(0)
        await overflow.put(b"here")
        got = await waiting
        overflow.close()
        return got

    assert asyncio.run(work()) == b"here"
