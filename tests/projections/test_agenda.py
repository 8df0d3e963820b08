"""The agenda against a plain set of (day, thing), and the memory it takes."""

import subprocess
import sys
from random import Random

import pytest

from projections.agenda import Agenda


@pytest.mark.parametrize("seed", range(20))
def test_it_does_what_a_set_would(seed: int):
    random, agenda, held = Random(seed), Agenda(), set[tuple[int, bytes]]()
    for _ in range(200):
        day, things = random.randrange(6), [bytes([random.randrange(8)]) for _ in range(random.randrange(4))]
        match random.randrange(4):
            case 0 | 1:
                agenda.put(day, things)
                held |= {(day, thing) for thing in things}
            case 2:
                most = random.randrange(1, 5)
                meant = sorted(one for one in held if one[0] <= day)[:most]
                held -= set(meant)
                assert agenda.take(day, most) == list(dict.fromkeys(thing for _, thing in meant))
            case _:
                since = random.randrange(6)
                agenda.repeat(since, day)
                held |= {(day, thing) for was, thing in held if was >= since}
    assert agenda.take(9, 100) == list(dict.fromkeys(thing for _, thing in sorted(held)))
    agenda.close()


GROWTH = """
import os
from projections.agenda import Agenda
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
agenda = Agenda()
before = resident()
for n in range(30):
    agenda.put(n, [os.urandom(16) for _ in range(10_000)])
taken = 0
while some := agenda.take(100, 1_000):
    taken += len(some)
print(taken, resident() - before)
"""


def test_many_entries_take_no_memory():
    done = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True)
    taken, grown = map(int, done.stdout.split())
    assert taken == 300_000
    assert grown < 20 << 20, "as a set and a heap it would be about 50 MB"
