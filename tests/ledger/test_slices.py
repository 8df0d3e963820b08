"""A large batch stored slice by slice gives what it gives in one commit, whatever goes wrong on the way."""

import itertools
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from ledgers import Ledger, opened, unit
from slicing import PLACE, before_append, register, rename

from domain.actor import Role
from ledger.clock import RealClock, Standstill
from ledger.codec import decode, key_of
from ledger.contract import Accepted, Batch, Outcome, Submission, Unavailable
from ledger.sealing import ERASED, open_event

AT = (0, 1, 2, 3)
"""The append at which something happens; 0: never."""


@pytest.fixture
def ledger(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr("ledger.writer.SLICE", 2)
    with opened(database_url) as ledger:
        yield ledger


def short(outcomes: list[Outcome]) -> list[str]:
    """`accepted`, `replayed`, or the rule of the refusal."""
    return [("replayed" if one.replayed else "accepted") if isinstance(one, Accepted) else one.rule for one in outcomes]


def read_name(ledger: Ledger, person: str) -> object:
    (row,) = ledger.store.stream(key_of(person))
    return open_event(row.position, decode(row).event, ledger.store.sealed([row.position]), ledger.keys)["name"].value


def consistent(ledger: Ledger) -> None:
    """Nothing in the writer's memory is ahead of what is stored: every unit goes on from its stored version."""
    head = ledger.store.head().position
    rows = ledger.store.read(0, 10_000)
    assert [row.position for row in rows] == list(range(1, head + 1))
    versions = {decode(row).stream: row.version for row in rows if decode(row).event.NAME.startswith("unit_")}
    for n, (stream, version) in enumerate(versions.items()):
        (outcome,) = ledger.commit(rename(ledger, stream, f"末名{n}", if_version=version))
        assert isinstance(outcome, Accepted), outcome
        assert outcome.version == version + 1


@pytest.mark.parametrize("at", AT)
def test_a_key_of_an_earlier_slice_is_a_retry(ledger: Ledger, at: int):
    stream, other = ledger.unit("1"), ledger.another_writer()
    first = rename(ledger, stream, "甲", key="k", if_version=1)
    before_append(ledger, at, lambda: other.commit([register(ledger, "99")]))
    outcomes = ledger.commit(
        first,
        register(ledger, "2", key="r"),
        first,  # its precondition is gone by now
        rename(ledger, stream, "乙", if_version=2),
        rename(ledger, stream, "丙", key="k"),
        register(ledger, "2", key="r"),
        first,
        register(ledger, "3"),
    )
    assert short(outcomes) == [
        *("accepted", "accepted", "replayed", "accepted", "key_reused", "replayed", "replayed", "accepted")
    ]
    first_answer = outcomes[0]
    assert isinstance(first_answer, Accepted)
    assert outcomes[2] == outcomes[6] == msgspec.structs.replace(first_answer, replayed=True)
    consistent(ledger)


@pytest.mark.parametrize("at", AT)
def test_names_pass_from_hand_to_hand_across_slices(ledger: Ledger, at: int):
    supervisor, other = ledger.person("supervisor"), ledger.another_writer()

    def village(title: str) -> Submission:
        return ledger.submission("register_partner", PLACE | {"title": title, "kind": "village"}, person=supervisor)

    def renamed(stream: str, title: str) -> Submission:
        body = PLACE | {"title": title, "reason": "并村"}
        return ledger.submission("update_partner", body, stream=stream, person=supervisor)

    (held,) = ledger.commit(village("香塘村"))
    (wanderer,) = ledger.commit(village("新塘村"))
    assert isinstance(held, Accepted)
    assert isinstance(wanderer, Accepted)
    before_append(ledger, at, lambda: other.commit([register(ledger, "99")]))
    outcomes = ledger.commit(
        renamed(held.stream, "东塘村"),
        village("香塘村"),  # let go in this slice, and taken again
        renamed(wanderer.stream, "香塘村"),  # held again, if only for the moment
        renamed(wanderer.stream, "西塘村"),
        village("新塘村"),
        village("东塘村"),
        village("新塘村"),
        renamed(wanderer.stream, "新塘村"),
    )
    taken = "already_held"
    assert short(outcomes) == ["accepted", "accepted", taken, "accepted", "accepted", taken, taken, taken]
    holders = [held, outcomes[1], wanderer, outcomes[4]]
    names = [f"partner village 320585 {name}" for name in ("东塘村", "香塘村", "西塘村", "新塘村")]
    assert ledger.store.claims(names) == {
        name: key_of(one.stream) for name, one in zip(names, holders, strict=True) if isinstance(one, Accepted)
    }


@pytest.mark.parametrize("slices", [1, 2])
def test_a_name_held_for_a_moment_is_refused_when_another_holds_it(ledger: Ledger, slices: int):
    supervisor = ledger.person("supervisor")

    def renamed(stream: str, title: str) -> Submission:
        body = PLACE | {"title": title, "reason": "并村"}
        return ledger.submission("update_partner", body, stream=stream, person=supervisor)

    village = PLACE | {"kind": "village"}
    ledger.accept("register_partner", village | {"title": "香塘村"}, person=supervisor)
    stream = ledger.accept("register_partner", village | {"title": "新塘村"}, person=supervisor)
    filler = [register(ledger, str(n)) for n in range(2 * slices - 2)]
    # The database never sees that name: at the end of the commit nobody asks for it.
    outcomes = ledger.commit(*filler, renamed(stream, "香塘村"), renamed(stream, "东塘村"))
    assert short(outcomes[-2:]) == ["already_held", "accepted"]


@pytest.mark.parametrize("at", AT[1:])
def test_another_writer_between_slices_is_seen_by_those_after_it(ledger: Ledger, at: int):
    stream, other = ledger.unit("1"), ledger.another_writer()
    before_append(ledger, at, lambda: other.commit([rename(ledger, stream, "别人的", key="other")]))
    outcomes = ledger.commit(
        *(rename(ledger, stream, f"名{n}", if_version=n) for n in range(1, 7)),
        register(ledger, "1"),
        rename(ledger, stream, "名1"),
    )
    before = 2 * (at - 1)
    assert short(outcomes) == [
        *["accepted"] * before,
        "stale_version",
        *["accepted"] * (5 - before),
        "already_held",
        "accepted",
    ]
    titles = [decode(row).event.title for row in ledger.store.stream(key_of(stream))][1:]
    theirs = titles.index("别人的")
    assert theirs == before
    assert titles == [f"名{n}" if n != theirs + 1 else "别人的" for n in range(1, 7)] + ["名1"]
    consistent(ledger)


@pytest.mark.parametrize("at", AT[1:])
def test_a_name_or_key_taken_by_another_writer_between_slices(ledger: Ledger, at: int):
    other = ledger.another_writer()
    asked = [register(ledger, str(n), key=f"k{n}") for n in range(6)]
    last = asked[5]
    rivals = [register(ledger, "4"), last]
    before_append(ledger, at, lambda: other.commit(rivals))
    outcomes = ledger.commit(*asked)
    assert short(outcomes) == ["accepted"] * 4 + ["already_held", "replayed"]
    consistent(ledger)


def test_a_refusal_that_rests_on_a_lost_slice_is_given_anew(ledger: Ledger):
    stream, other = ledger.unit("1"), ledger.another_writer()
    # 乙 is not given in the end, so what was refused because of it is not either.
    before_append(ledger, 1, lambda: other.commit([rename(ledger, stream, "别人的")]))
    outcomes = ledger.commit(
        rename(ledger, stream, "乙", if_version=1),
        rename(ledger, stream, "丙", if_version=1),
        rename(ledger, stream, "乙"),
        rename(ledger, stream, "乙"),
    )
    assert short(outcomes) == ["stale_version", "stale_version", "accepted", "unchanged"]
    consistent(ledger)


def test_a_slice_that_stores_nothing_rests_on_the_newest_state(ledger: Ledger):
    stream, other = ledger.unit("1"), ledger.another_writer()
    head, looks = ledger.store.head, itertools.count(1)

    def overtaken() -> Any:
        if next(looks) == 1:
            other.commit([rename(ledger, stream, "别人的")])
        return head()

    ledger.store.head = overtaken  # type: ignore[method-assign]
    asked = [rename(ledger, stream, "甲", if_version=9), rename(ledger, stream, "市民政局")]
    outcomes = ledger.commit(register(ledger, "2"), register(ledger, "3"), *asked, *asked)
    assert short(outcomes) == ["accepted"] * 2 + ["stale_version", "accepted", "stale_version", "replayed"]
    consistent(ledger)


def slice_lost(at: int) -> list[str]:
    """The answers to a retry of three slices of which that one was not stored."""
    return [*("replayed",) * 2 * (at - 1), "accepted", "accepted", *("replayed",) * 2 * (3 - at)]


@pytest.mark.parametrize("durable", [False, True], ids=["failed", "acknowledgement lost"])
@pytest.mark.parametrize("at", AT[1:])
def test_a_failing_store_leaves_no_state_that_was_not_stored(ledger: Ledger, at: int, *, durable: bool):
    stream = ledger.unit("1")
    append, numbers = ledger.store.append, itertools.count(1)

    def failing(batch: Batch) -> None:
        if next(numbers) != at:
            append(batch)
            return
        if durable:
            append(batch)
        raise sqlite3.OperationalError("database or disk is full")

    ledger.store.append = failing  # type: ignore[method-assign]
    asked = [
        *(rename(ledger, stream, f"名{n}", key=f"k{n}") for n in range(1, 4)),
        register(ledger, "2", key="r"),
        *(rename(ledger, stream, f"名{n}", key=f"k{n}") for n in range(4, 6)),
    ]
    with pytest.raises(Unavailable):
        ledger.commit(*asked)
    again = short(ledger.commit(*asked))
    assert again == (["replayed"] * 6 if durable else slice_lost(at))
    consistent(ledger)


class Stopping(RealClock):
    """Is not believed at its start of a number, counted from when `stop_at` is set."""

    stop_at = 0

    def start(self, last: int) -> int:
        self.stop_at -= 1
        if self.stop_at == 0:
            raise Standstill("停")
        return super().start(last)


@pytest.mark.parametrize("at", AT[1:])
def test_a_clock_that_stops_in_the_middle(database_url: str, monkeypatch: pytest.MonkeyPatch, at: int):
    monkeypatch.setattr("ledger.writer.SLICE", 2)
    clock = Stopping()
    with opened(database_url, clock=clock) as ledger:
        stream = ledger.unit("1")
        asked = [rename(ledger, stream, f"名{n}") for n in range(6)]
        clock.stop_at = at
        with pytest.raises(Unavailable, match="停"):
            ledger.commit(*asked)
        assert short(ledger.commit(*asked)) == slice_lost(at)
        consistent(ledger)


@pytest.mark.parametrize("at", AT)
def test_an_erasure_inside_a_large_bulk(ledger: Ledger, at: int):
    security, other = ledger.admins[Role.SECURITY_ADMIN], ledger.another_writer()
    gone = ledger.person("dispatcher", name="甲某")

    def enrol(name: str) -> Submission:
        return ledger.submission(
            "enrol_person", {"name": name, "title": "科员", "roles": ["dispatcher"]}, person=security
        )

    erasure = {"subject": gone, "ground": "law", "basis": "x"}
    before_append(ledger, at, lambda: other.commit([register(ledger, "99")]))
    outcomes = ledger.commit(
        *(enrol(f"某{n}") for n in range(5)),
        ledger.submission("erase_personal_data", erasure, person=security),
        *(enrol(f"某{n}") for n in range(5, 10)),
    )
    assert short(outcomes) == ["accepted"] * 11
    names = [read_name(ledger, one.stream) for one in outcomes[:5] + outcomes[6:] if isinstance(one, Accepted)]
    assert names == [f"某{n}" for n in range(10)]
    assert read_name(ledger, gone) is ERASED
    assert ledger.keys.doomed() == []


@pytest.mark.parametrize("at", AT)
def test_simulated_time_across_slices(database_url: str, monkeypatch: pytest.MonkeyPatch, at: int):
    monkeypatch.setattr("ledger.writer.SLICE", 2)
    with opened(database_url, demonstration=True) as ledger:
        other = ledger.another_writer()
        moments = [f"2999-03-01T0{n}:00:00Z" for n in range(6)]
        before_append(ledger, at, lambda: other.commit([register(ledger, "99", simulated_at=moments[0])]))
        outcomes = ledger.commit(
            register(ledger, "1", simulated_at=moments[1]),
            register(ledger, "2", simulated_at=moments[4]),
            register(ledger, "3", simulated_at=moments[2]),
            register(ledger, "4", simulated_at=moments[3]),
            register(ledger, "5", simulated_at=moments[4]),
            register(ledger, "6", simulated_at=moments[5]),
        )
        back = "simulated_time_backwards"
        assert short(outcomes) == ["accepted", "accepted", back, back, "accepted", "accepted"]
        last = outcomes[-1]
        assert isinstance(last, Accepted)
        after = ledger.one("register_unit", unit("7"))
        assert isinstance(after, Accepted)
        # Time goes on from there, as fast as real time.
        assert 0 <= after.recorded_at - last.recorded_at < 60_000_000
