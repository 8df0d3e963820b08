"""The eventsourcing library's recorders over the ledger's own tables, on both databases.

Positions are the notification ids, gapless on either database; a topic is the stored name; state is opaque here. What
a command must bring (person, decision, sealed fields) is the writer's business, one floor up, so the hot path does
not pass through these classes. Streams may begin at version 0 or 1 and then go on without a gap.

`IntegrityError` also answers an append that was stored although its acknowledgement was lost: look the events up
before taking it for a conflict.
"""

import sqlite3
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    DataError,
    InfrastructureFactory,
    IntegrityError,
    Notification,
    OperationalError,
    PersistenceError,
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType

from domain.refusal import Refusal
from ledger.codec import key_of
from ledger.contract import Batch, Head, HeadMoved, Malformed, Row, Taken
from ledger.database import open_store
from ledger.leaf import check_size, leaf_hash
from ledger.postgres_store import PostgresStore
from ledger.sqlite_store import SqliteStore
from ledger.subscription import LedgerSubscription

AnyStore = SqliteStore | PostgresStore
NO_LIMIT = 2**31 - 1


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the drivers and of the ledger as those the library knows."""
    try:
        yield
    except (Taken, Malformed, sqlite3.IntegrityError, psycopg.IntegrityError) as error:
        raise IntegrityError(error) from error
    except (Refusal, struct.error, sqlite3.DataError, psycopg.DataError) as error:
        raise DataError(error) from error
    except (sqlite3.OperationalError, psycopg.OperationalError) as error:
        raise OperationalError(error) from error
    except (sqlite3.Error, psycopg.Error) as error:
        raise PersistenceError(error) from error


class LedgerRecorder(ApplicationRecorder):
    """Events in one gapless sequence. Safe from many threads; several processes may compete."""

    def __init__(self, store: AnyStore) -> None:
        self._store = store
        # Threads of one process take turns; without it they would only make each other plan again.
        self._turn = Lock()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """All or none; returns their positions. Raises IntegrityError on a version taken or left out."""
        if not stored_events:
            return []
        with _translated(), self._turn:
            while True:
                head = self._store.head()
                rows = _rows(stored_events, head)
                try:
                    self._store.append(Batch(head, rows), lowest=0)
                except HeadMoved:
                    continue
                return [row.position for row in rows]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        with _translated():
            rows = self._store.versions(
                _stream(originator_id),
                -1 if gt is None else gt,
                NO_LIMIT if lte is None else lte,
                NO_LIMIT if limit is None else limit,
                newest_first=desc,
            )
        return [StoredEvent(originator_id, row.version, row.name, row.state) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = (start or 0) - 1 if inclusive_of_start else start or 0
        with _translated():
            rows = self._store.read(after, limit, upto=stop, names=topics)
        return [Notification(UUID(bytes=row.stream), row.version, row.name, row.state, row.position) for row in rows]

    def max_notification_id(self) -> int | None:
        with _translated():
            return self._store.head().position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LedgerSubscription:
        return LedgerSubscription(self, gt, topics)

    def wait(self, after: int, timeout: float) -> int:
        """Blocks until there is a notification after this one or the seconds are over; returns the last id."""
        with _translated():
            return self._store.wait(after, timeout)


class LedgerTrackingRecorder(TrackingRecorder):
    """How far downstream applications have come: one row each, which only ever moves on."""

    def __init__(self, store: AnyStore) -> None:
        self._store = store

    def insert_tracking(self, tracking: Tracking) -> None:
        with _translated():
            moved = self._store.track(tracking.application_name, tracking.notification_id)
        if not moved:
            raise IntegrityError(f"{tracking.application_name} has come as far as {tracking.notification_id} already")

    def max_tracking_id(self, application_name: str) -> int | None:
        with _translated():
            return self._store.tracked(application_name)


class Factory(InfrastructureFactory[TrackingRecorder]):
    """`PERSISTENCE_MODULE=ledger.recorders` with `LUOSHI_DATABASE` runs an eventsourcing application on a ledger.
    The ledger keeps no snapshots, and its projections are not process recorders; both are refused."""

    DATABASE = "LUOSHI_DATABASE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.DATABASE)
        if not url:
            raise OSError(f"{self.DATABASE} is not set")
        self.store = cast("AnyStore", open_store(url, create=True))

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        if purpose != "events":
            raise NotImplementedError(f"the ledger keeps no {purpose}")
        return LedgerRecorder(self.store)

    def application_recorder(self) -> ApplicationRecorder:
        return LedgerRecorder(self.store)

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        if tracking_recorder_class not in {None, LedgerTrackingRecorder}:
            raise NotImplementedError("the ledger tracks positions only")
        return LedgerTrackingRecorder(self.store)

    def process_recorder(self) -> ProcessRecorder:
        raise NotImplementedError("projections follow the ledger; nothing is written to it but by commands")

    def close(self) -> None:
        self.store.close()


def _rows(stored_events: Sequence[StoredEvent], head: Head) -> list[Row]:
    # A clock behind the head is held at it: recorded_at never goes back.
    now = max(time.time_ns() // 1000, head.recorded_at)
    rows = []
    for position, event in enumerate(stored_events, head.position + 1):
        stream, version, topic, state = _stream(event.originator_id), event.originator_version, event.topic, event.state
        check_size(topic.encode(), state)
        leaf = leaf_hash(stream, version, now, topic.encode(), state)
        rows.append(Row(position, stream, version, now, topic, state, leaf))
    return rows


def _stream(originator_id: UUID | str) -> bytes:
    return originator_id.bytes if isinstance(originator_id, UUID) else key_of(originator_id)
