"""What our recorders promise beyond the published cases: the traps known in eventsourcing 9.5.6."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version as installed
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import DataError, IntegrityError, StoredEvent, Tracking

from ledger.database import open_store
from ledger.leaf import MAX_LEAF, leaf_bytes
from ledger.recorders import Factory, LedgerRecorder, LedgerTrackingRecorder

PATIENCE = 20.0


@pytest.fixture
def store(database_url: str) -> Iterator[Any]:
    store = open_store(database_url, create=True)
    yield store
    store.close()


@pytest.fixture
def recorder(store) -> LedgerRecorder:
    return LedgerRecorder(store)


def stored(
    originator: UUID, *versions: int, topic: str = "topic", state: bytes = b"\x00opaque\xff"
) -> list[StoredEvent]:
    return [StoredEvent(originator, version, topic, state) for version in versions]


def test_the_pinned_version_is_the_one_looked_at():
    """A new version of the library: read its changes to recorders and subscriptions, then change this."""
    assert installed("eventsourcing") == "9.5.6"


def test_a_lost_acknowledgement_is_an_integrity_error_and_the_events_are_there(recorder):
    """The retry of an append that was stored. Whoever retries looks first."""
    originator = uuid4()
    recorder.insert_events(stored(originator, 1, 2))
    with pytest.raises(IntegrityError):
        recorder.insert_events(stored(originator, 1, 2))
    assert recorder.select_events(originator) == stored(originator, 1, 2)
    assert recorder.max_notification_id() == 2


@pytest.mark.parametrize("first", [0, 1])
def test_versions_go_on_from_a_streams_own_head(recorder, first):
    originator = uuid4()
    assert list(recorder.insert_events(stored(originator, first, first + 1))) == [1, 2]
    for gap in ([first + 3], [first + 2, first + 4]):
        with pytest.raises(IntegrityError):
            recorder.insert_events(stored(originator, *gap))
    with pytest.raises(IntegrityError):
        recorder.insert_events(stored(uuid4(), 2))
    assert list(recorder.insert_events(stored(originator, first + 2))) == [3]


def test_refused_events_use_up_no_position(recorder):
    originator = uuid4()
    recorder.insert_events(stored(originator, 1))
    for _ in range(5):
        with pytest.raises(IntegrityError):
            recorder.insert_events([*stored(uuid4(), 1), *stored(originator, 1)])
    assert list(recorder.insert_events(stored(originator, 2))) == [2]


def test_each_event_has_its_leaf_and_a_time_that_never_goes_back(recorder, store, monkeypatch):
    originator = uuid4()
    recorder.insert_events(stored(originator, 1))
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000)
    recorder.insert_events(stored(originator, 2))
    rows = store.read(0, 10)
    assert rows[0].recorded_at == rows[1].recorded_at > 10**15
    for r in rows:
        leaf = leaf_bytes(originator.bytes, r.version, r.recorded_at, "topic", b"\x00opaque\xff")
        assert r.leaf == sha256(b"\0" + leaf).digest()


def test_what_no_leaf_can_hold_is_refused(recorder):
    with pytest.raises(DataError):
        recorder.insert_events(stored(uuid4(), 1, state=b"x" * MAX_LEAF))
    with pytest.raises(DataError):
        recorder.insert_events(stored(uuid4(), -1))
    assert recorder.max_notification_id() is None


def test_a_subscription_with_topics_moves_past_the_others(recorder, monkeypatch):
    """The stock one reads all unwanted events again at each new one."""
    asked: list[int] = []
    select = recorder.select_notifications

    def noted(start: int, *rest: Any, **more: Any) -> Any:
        asked.append(start)
        return select(start, *rest, **more)

    monkeypatch.setattr(recorder, "select_notifications", noted)
    originator = uuid4()
    for version in range(1, 6):
        recorder.insert_events(stored(originator, version, topic="unwanted"))
    subscription = recorder.subscribe(gt=0, topics=["wanted"])
    found: list[int] = []

    def follow() -> None:
        with subscription:
            for notification in subscription:
                found.append(notification.id)
                if len(found) == 2:
                    return

    follower = threading.Thread(target=follow)
    follower.start()
    recorder.insert_events(stored(originator, 6, topic="wanted"))
    for version in range(7, 10):
        recorder.insert_events(stored(originator, version, topic="unwanted"))
    recorder.insert_events(stored(originator, 10, topic="wanted"))
    follower.join(PATIENCE)
    assert found == [6, 10]
    assert asked == sorted(set(asked)), "no stretch is read twice"


def test_a_subscription_gives_every_event_once_while_they_come_in(recorder):
    total = 1_700
    originators = [uuid4() for _ in range(4)]

    def write(originator: UUID) -> None:
        for version in range(1, total // 4 + 1, 5):
            recorder.insert_events(stored(originator, *range(version, version + 5)))

    writers = [threading.Thread(target=write, args=(originator,)) for originator in originators]
    with recorder.subscribe() as subscription:
        for writer in writers:
            writer.start()
        seen = [next(subscription).id for _ in range(total)]
    for writer in writers:
        writer.join()
    assert seen == list(range(1, total + 1))


def test_stop_ends_a_subscription_that_waits(recorder):
    subscription = recorder.subscribe()
    ended = threading.Event()

    def follow() -> None:
        with subscription:
            assert list(subscription) == []
        ended.set()

    threading.Thread(target=follow, daemon=True).start()
    subscription.stop()
    assert ended.wait(PATIENCE)


def test_a_killed_backend_stops_no_subscription(postgresql_url):
    store = open_store(postgresql_url, create=True)
    recorder = LedgerRecorder(store)
    originator = uuid4()
    recorder.insert_events(stored(originator, 1))
    with recorder.subscribe() as subscription:
        assert next(subscription).id == 1
        for version in range(2, 5):
            with psycopg.connect(postgresql_url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            writer = open_store(postgresql_url)
            LedgerRecorder(writer).insert_events(stored(originator, version))
            writer.close()
            assert next(subscription).id == version
    store.close()


def test_tracking_only_moves_on(store):
    tracking = LedgerTrackingRecorder(store)
    together = threading.Barrier(8)
    refused: list[int] = []

    def track(position: int) -> None:
        together.wait()
        try:
            tracking.insert_tracking(Tracking("view", position))
        except IntegrityError:
            refused.append(position)

    threads = [threading.Thread(target=track, args=(1 + n // 2,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tracking.max_tracking_id("view") == 4
    assert len(refused) >= 4, "each position was noted at most once"


class Kettle(Aggregate):
    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.boils = 0

    @event("Boiled")
    def boil(self) -> None:
        self.boils += 1


def test_an_application_of_the_library_runs_on_a_ledger(database_url):
    env = {"PERSISTENCE_MODULE": "ledger.recorders", "LUOSHI_DATABASE": database_url}
    application: Application[UUID] = Application(env=env)
    assert isinstance(application.factory, Factory)
    kettle = Kettle("茶壶")
    kettle.boil()
    application.save(kettle)
    found: Kettle = application.repository.get(kettle.id)
    assert (found.name, found.boils) == ("茶壶", 1)
    found.boil()
    application.save(found)
    kettle.boil()
    with pytest.raises(IntegrityError):
        application.save(kettle)
    assert [section.id for section in application.notification_log.select(start=1, limit=10)] == [1, 2, 3]
    application.close()
    again: Application[UUID] = Application(env=env)
    assert again.repository.get(kettle.id).version == 3
    again.close()


def test_what_a_ledger_does_not_keep_is_refused(database_url):
    with Factory({"LUOSHI_DATABASE": database_url}) as factory:
        assert isinstance(factory.tracking_recorder(), LedgerTrackingRecorder)
        assert isinstance(factory.aggregate_recorder(), LedgerRecorder)
        with pytest.raises(NotImplementedError):
            factory.aggregate_recorder("snapshots")
        with pytest.raises(NotImplementedError):
            factory.process_recorder()
    with pytest.raises(OSError, match="LUOSHI_DATABASE"):
        Factory({})
